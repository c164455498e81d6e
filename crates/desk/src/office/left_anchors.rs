//! When anchors were last left.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

/// Between two anchors while people work.
const EVERY: Duration = Duration::from_mins(10);

/// When the last anchors were left.
#[derive(Debug, Default)]
pub(crate) struct Left(Mutex<Option<Instant>>);

impl Left {
    /// Whether it is time again; then the time begins anew.
    pub(crate) fn due(&self) -> bool {
        let Ok(mut last) = self.0.lock() else {
            return false;
        };
        let due = last.is_none_or(|at| at.elapsed() >= EVERY);
        if due {
            *last = Some(Instant::now());
        }
        due
    }

    pub(crate) fn now(&self) {
        if let Ok(mut last) = self.0.lock() {
            *last = Some(Instant::now());
        }
    }
}
