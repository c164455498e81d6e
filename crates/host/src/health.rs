//! Whether the office works: it answers, and it can write.

use crate::host::Host;
use axum::{
    Json,
    extract::State,
    http::{Extensions, HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use redress_desk::{ApiError, Lang, Office, Session};
use serde_json::json;
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
    async fn works(&self, office: &Arc<Office>) -> Result<(), ApiError> {
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

/// Whether the office answers and can write, and in which version; if not, why, where that is known.
pub(crate) async fn health(
    State(host): State<Arc<Host>>,
    headers: HeaderMap,
    extensions: Extensions,
) -> Response {
    if !host.admits_stranger(&extensions, &headers) {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let tag = headers.get(header::ACCEPT_LANGUAGE);
    let lang = Lang::from_tag(tag.and_then(|v| v.to_str().ok()).unwrap_or_default());
    let nobody = Session::new();
    let state = host.office.call(&nobody, "session.state", json!({}), lang);
    let state = match state.await {
        Ok(state) => host.writing.works(&host.office).await.map(|()| state),
        Err(e) => Err(e),
    };
    match state {
        Ok(state) => {
            let commands = redress_desk::commands::VERSION;
            let version = &state["version"];
            Json(json!({ "ok": true, "version": version, "commands": commands })).into_response()
        }
        Err(e) => {
            let mut why = e.to_door(lang);
            why["ok"] = json!(false);
            (StatusCode::SERVICE_UNAVAILABLE, Json(why)).into_response()
        }
    }
}
