//! A host for the browser tests: the same command list on 127.0.0.1, one session per cookie.
//!
//! The page runs under the window's own Content-Security-Policy, so that the browser tests hold for both.

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::map_response,
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

/// Bytes of a request: the largest attachment in base64, and room.
const BODY: usize = 80_000_000;

/// Serves until the process is ended; says its address on standard output.
pub(crate) async fn serve(office: Office, ui: Option<PathBuf>) -> std::io::Result<()> {
    let app = app(office, ui)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!(
        "{}",
        json!({ "listening": format!("http://{}", listener.local_addr()?) })
    );
    axum::serve(listener, app).await
}

fn app(office: Office, ui: Option<PathBuf>) -> std::io::Result<Router> {
    let host = Arc::new(Host {
        office,
        sessions: Mutex::default(),
    });
    let headers = headers()?;
    let mut app = Router::new()
        .route("/call/{name}", post(call))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(host);
    if let Some(ui) = ui {
        app = app.fallback_service(ServeDir::new(ui));
    }
    Ok(app.layer(map_response(move |mut response: Response| {
        let headers = headers.clone();
        async move {
            response.headers_mut().extend(headers);
            response
        }
    })))
}

/// What every response says to the browser.
fn headers() -> std::io::Result<HeaderMap> {
    let policy = HeaderValue::from_str(&window_policy()?).map_err(std::io::Error::other)?;
    Ok(HeaderMap::from_iter([
        (header::CONTENT_SECURITY_POLICY, policy),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ]))
}

/// The Content-Security-Policy of the window: it stands in one place only.
fn window_policy() -> std::io::Result<String> {
    let window: Value = serde_json::from_str(include_str!("../../../src-tauri/tauri.conf.json"))?;
    let policy = window["app"]["security"]["csp"].as_str();
    policy
        .map(str::to_owned)
        .ok_or_else(|| std::io::Error::other("the window has no policy"))
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
    // Names and complaints stay out of the browser's cache.
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
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

#[cfg(test)]
mod tests {
    use super::*;
    use redress_desk::Config;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    /// The answer to one request, whole.
    async fn answer(address: std::net::SocketAddr, request: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut text = String::new();
        let read = stream.read_to_string(&mut text);
        tokio::time::timeout(std::time::Duration::from_secs(30), read).await??;
        Ok(text.to_ascii_lowercase())
    }

    #[tokio::test]
    async fn every_response_runs_under_the_windows_policy() -> std::io::Result<()> {
        let folder = tempfile::TempDir::new()?;
        let config = Config {
            data: folder.path().join("office"),
            fonts: Vec::new(),
            owner: "test".to_owned(),
            procedures: vec![],
        };
        let office = Office::open(config).await.map_err(std::io::Error::other)?;
        let app = app(office, Some(folder.path().to_owned()))?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let served = tokio::spawn(async move { axum::serve(listener, app).await });
        let policy = format!("content-security-policy: {}\r\n", window_policy()?);
        let end = "host: x\r\nconnection: close\r\n";
        let json = "content-type: application/json\r\n";
        let call = format!(
            "POST /call/session.state HTTP/1.1\r\n{end}{json}content-length: 2\r\n\r\n{{}}"
        );
        let refused = format!("POST /call/nothing HTTP/1.1\r\n{end}content-length: 0\r\n\r\n");
        // More than axum takes unasked: an attachment comes through.
        let body = format!("{{\"x\":\"{}\"}}", "x".repeat(3_000_000));
        let large = format!(
            "POST /call/session.state HTTP/1.1\r\n{end}{json}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let missing = format!("GET /missing HTTP/1.1\r\n{end}\r\n");
        for (status, request) in [
            ("200", &call),
            ("415", &refused),
            ("422", &large),
            ("404", &missing),
        ] {
            let text = answer(address, request).await?;
            assert!(text.starts_with(&format!("http/1.1 {status} ")), "{text}");
            for header in [
                policy.to_ascii_lowercase().as_str(),
                "x-content-type-options: nosniff\r\n",
                "referrer-policy: no-referrer\r\n",
                "x-frame-options: deny\r\n",
            ] {
                assert!(text.contains(header), "{header} in {text}");
            }
        }
        let text = answer(address, &call).await?;
        assert!(text.contains("cache-control: no-store\r\n"), "{text}");
        served.abort();
        Ok(())
    }
}
