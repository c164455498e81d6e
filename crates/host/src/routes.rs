//! The ways into a host, the page that browsers get, and what every response says to them.

use crate::{call::call, change_feed, health, host::Host};
use axum::{
    Router,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::Value;
use std::{path::PathBuf, sync::Arc};
use tower_http::services::ServeDir;

/// A page's file: bytes and media type; none where there is no such file.
type Kept = dyn Fn(&str) -> Option<(Vec<u8>, String)> + Send + Sync;

/// Where the page comes from that browsers get.
pub enum Pages {
    /// A built folder.
    Folder(PathBuf),
    /// The program itself.
    Kept(Arc<Kept>),
}

/// `/call/NAME`, `/file/NAME`, `/told`, `/health`, and the page.
///
/// # Errors
/// Where the window's policy is not readable.
pub fn routes(host: Arc<Host>, ui: Option<Pages>) -> std::io::Result<Router> {
    let headers = headers()?;
    let mut app = Router::new()
        .route("/call/{name}", post(call))
        .route("/file/{name}", post(call))
        .route("/told", get(change_feed::listen))
        .route("/health", get(health::health))
        .with_state(host);
    match ui {
        Some(Pages::Folder(folder)) => app = app.fallback_service(ServeDir::new(folder)),
        Some(Pages::Kept(kept)) => {
            app = app.fallback(move |uri: Uri| {
                let answer = page(&*kept, uri.path());
                async { answer }
            });
        }
        None => {}
    }
    Ok(app.layer(map_response(move |mut response: Response| {
        let headers = headers.clone();
        async move {
            response.headers_mut().extend(headers);
            response
        }
    })))
}

fn page(kept: &Kept, path: &str) -> Response {
    let path = if path == "/" { "/index.html" } else { path };
    match kept(path) {
        Some((bytes, media)) => ([(header::CONTENT_TYPE, media)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use redress_desk::{Config, Office};
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
            database: None,
            fonts: Vec::new(),
            owner: "test".to_owned(),
            procedures: vec![],
            keys: redress_desk::Keys::default(),
        };
        let office = Office::open(config).await.map_err(std::io::Error::other)?;
        let host = Arc::new(Host::new(Arc::new(office), false));
        let app = routes(host, Some(Pages::Folder(folder.path().to_owned())))?;
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
        // Only whoever is signed in sends much.
        let body = format!("{{\"x\":\"{}\"}}", "x".repeat(3_000_000));
        let large = format!(
            "POST /call/session.state HTTP/1.1\r\n{end}{json}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let missing = format!("GET /missing HTTP/1.1\r\n{end}\r\n");
        for (status, request) in [
            ("200", &call),
            ("415", &refused),
            ("413", &large),
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
