//! A host for the browser tests: the same command list on 127.0.0.1, one session per cookie.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use redress_desk::{ApiError, Lang, Office, Session};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex},
};
use tower_http::services::ServeDir;

struct Host {
    office: Office,
    sessions: Mutex<HashMap<String, Arc<Session>>>,
}

/// Serves until the process is ended; says its address on standard output.
pub(crate) async fn serve(office: Office, ui: Option<PathBuf>) -> std::io::Result<()> {
    let host = Arc::new(Host {
        office,
        sessions: Mutex::default(),
    });
    let mut app = Router::new()
        .route("/call/{name}", post(call))
        .with_state(host);
    if let Some(ui) = ui {
        app = app.fallback_service(ServeDir::new(ui));
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!(
        "{}",
        json!({ "listening": format!("http://{}", listener.local_addr()?) })
    );
    axum::serve(listener, app).await
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers
        .get(name)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
}

async fn call(
    State(host): State<Arc<Host>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let lang = Lang::from_tag(text(&headers, header::ACCEPT_LANGUAGE));
    // Only our own page sends JSON: another site's form cannot without asking first.
    if !text(&headers, header::CONTENT_TYPE).starts_with("application/json") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let cookie = text(&headers, header::COOKIE)
        .split("; ")
        .find_map(|c| c.strip_prefix("redress="));
    let (id, session) = host.session(cookie);
    let payload: Result<Value, ApiError> = serde_json::from_slice(&body).map_err(ApiError::from);
    let answer = match payload {
        Ok(p) => host.office.call(&session, &name, p, lang).await,
        Err(e) => Err(e),
    };
    let (status, body) = match answer {
        Ok(v) => (StatusCode::OK, v),
        Err(e) => (StatusCode::UNPROCESSABLE_ENTITY, e.to_door(lang)),
    };
    let mut response = (status, body.to_string()).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    if let Ok(v) =
        HeaderValue::from_str(&format!("redress={id}; Path=/; HttpOnly; SameSite=Strict"))
    {
        response.headers_mut().insert(header::SET_COOKIE, v);
    }
    response
}

impl Host {
    fn session(&self, cookie: Option<&str>) -> (String, Arc<Session>) {
        let Ok(mut all) = self.sessions.lock() else {
            return (String::new(), Arc::default());
        };
        if let Some((id, s)) = cookie.and_then(|c| all.get_key_value(c)) {
            return (id.clone(), s.clone());
        }
        let id = redress_desk::session_id();
        let fresh = Arc::new(Session::new());
        all.insert(id.clone(), fresh.clone());
        (id, fresh)
    }
}
