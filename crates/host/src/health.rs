//! Whether the office works: it answers, and it can write.

use crate::host::Host;
use axum::{
    Json,
    extract::State,
    http::{Extensions, HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use redress_desk::{Lang, Session};
use serde_json::json;
use std::sync::Arc;

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
