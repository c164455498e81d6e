//! Whether what people do can be kept, tried for real now and then.

use redress_desk::{ApiError, Office};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::Mutex, task::JoinHandle};

/// So long what was found out holds, so that asking does not wear the disk.
const HOLDS: Duration = Duration::from_secs(1);

/// A writing that takes longer waits behind another one, e.g. a backup: the office works.
const WAITS: Duration = Duration::from_secs(2);

/// What is known of the office's writing.
#[derive(Default)]
pub(crate) struct Writing(Mutex<Known>);

struct Known {
    outcome: Result<(), ApiError>,
    at: Option<Instant>,
    trial: Option<(Instant, JoinHandle<Result<(), ApiError>>)>,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            outcome: Ok(()),
            at: None,
            trial: None,
        }
    }
}

impl Writing {
    /// How the newest trial ended; one is made where the last was long ago.
    ///
    /// The lock is held over the trial, two seconds at most: whoever asks meanwhile waits for the same one.
    pub(crate) async fn works(&self, office: &Arc<Office>) -> Result<(), ApiError> {
        let mut known = self.0.lock().await;
        if known.trial.is_none() && known.at.is_none_or(|at| at.elapsed() >= HOLDS) {
            let office = office.clone();
            let trial = tokio::spawn(async move { office.writable().await });
            known.trial = Some((Instant::now(), trial));
        }
        if let Some((begun, trial)) = &mut known.trial {
            let left = WAITS.saturating_sub(begun.elapsed());
            if let Ok(ended) = tokio::time::timeout(left, trial).await {
                known.outcome = ended.map_err(ApiError::internal).flatten();
                known.at = Some(Instant::now());
                known.trial = None;
            }
        }
        known.outcome.clone()
    }
}
