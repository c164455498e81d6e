//! One command over HTTP: whose session it is, what may be sent, and what is logged.

use crate::{
    file,
    health::{self, Writing},
    limits::{Rate, SIGNED_IN, STRANGER, Whose},
    origin::{Origin, Proxies},
    sessions::{Found, Sessions},
    told,
    work::{self, Weight, Work, weight},
};
use axum::{
    Json, Router,
    body::Body,
    extract::{Path, Request, State},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, Uri, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use redress_desk::{
    Answer, ApiError, Lang, Office, Session,
    commands::{for_anyone, known},
    request, session_id,
};
use serde_json::Value;
use std::{
    path::PathBuf,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::watch;
use tower_http::services::ServeDir;

/// What every request of a host shares.
pub struct Host {
    pub(crate) office: Arc<Office>,
    pub(crate) sessions: Sessions,
    pub(crate) rate: Rate,
    pub(crate) writing: Writing,
    pub(crate) work: Work,
    pub(crate) proxies: Proxies,
    /// Cookies travel over TLS alone.
    secure: bool,
    /// Nothing new is taken: whoever listens is sent away.
    pub(crate) closing: watch::Sender<bool>,
}

impl Host {
    /// A host for an office; `secure` where it is reached over TLS.
    pub fn new(office: Arc<Office>, secure: bool) -> Self {
        Self {
            office,
            sessions: Sessions::default(),
            rate: Rate::new(),
            writing: Writing::default(),
            work: Work::new(),
            proxies: Proxies::default(),
            secure,
            closing: watch::channel(false).0,
        }
    }

    /// Whether somebody who shows no session may ask once more.
    pub(crate) fn admits_stranger(&self, from: &Extensions, headers: &HeaderMap) -> bool {
        let Origin { address, .. } = self.proxies.origin(from, headers);
        self.rate.admits(&Whose::Address(address))
    }

    /// The same behind these proxies.
    #[must_use]
    pub fn behind(mut self, proxies: Proxies) -> Self {
        self.proxies = proxies;
        self
    }

    /// Ends what lasts: windows that listen are sent away, and come back to whoever serves then.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }
}

/// Commands with which a session begins.
const BEGINS: [&str; 2] = ["session.sign_in", "office.setup"];
/// The command after which the session goes on under another token.
const RENEWS: &str = "session.change_password";

/// A request that is sent slower than this is given up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of JSON that are read at once, in less time than a turn elsewhere takes.
const SHORT: usize = 16 * 1024;
pub(crate) const SESSION: &str = "redress";
pub(crate) const DEVICE: &str = "redress-device";

/// The key of a request that may be sent again.
pub(crate) const KEY: &str = "idempotency-key";
/// The version of the command list that a window speaks.
pub(crate) const SPEAKS: &str = "redress-commands";

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
        .route("/told", get(told::told))
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

fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> &str {
    headers
        .get(name)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
}

/// A cookie by name. HTTP/2 sends each in a header of its own.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let lines = headers.get_all(header::COOKIE).iter();
    let mut all = lines
        .filter_map(|v| v.to_str().ok())
        .flat_map(|line| line.split("; "))
        .filter_map(|c| c.split_once('='));
    all.find(|(k, _)| *k == name).map_or("", |(_, v)| v)
}

async fn call(
    State(host): State<Arc<Host>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let begun = Instant::now();
    let headers = request.headers();
    let lang = Lang::from_tag(text(headers, header::ACCEPT_LANGUAGE));
    let beside = request.uri().path().starts_with("/file/");
    // Only our own page sends JSON, or bytes: another site's form cannot without asking first.
    let sends = match text(headers, header::CONTENT_TYPE) {
        kind if kind.starts_with("application/json") => Sends::Json,
        kind if beside && kind.starts_with(file::BYTES) => Sends::File,
        _ => return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response(),
    };
    let Origin { address, here } = host.proxies.origin(request.extensions(), headers);
    let asked = Asked {
        token: cookie(headers, SESSION).to_owned(),
        device: cookie(headers, DEVICE).to_owned(),
        key: text(headers, KEY).to_owned(),
        name,
        lang,
        beside,
        sends,
    };
    let name = &asked.name;
    let found = host
        .sessions
        .find(&asked.token, &asked.device, address, begun);
    if found.stolen {
        let command = known(name).unwrap_or("?");
        tracing::warn!(command, "a session's token came from another device");
    }
    let whose = Whose::of(&found.session, address);
    let (status, answer, cookies) = if !host.rate.admits(&whose) {
        let e = ApiError::new("too_many_requests");
        (StatusCode::TOO_MANY_REQUESTS, Err(e), vec![])
    } else if let Err(e) = understood(text(headers, SPEAKS), name) {
        (StatusCode::CONFLICT, Err(e), vec![])
    } else if !found.known && (!for_anyone(name) || asked.sends == Sends::File) {
        // Before its size is looked at: what a session that ended meanwhile sends is sent again once it lasts.
        file::drain(&mut request.into_body().into_data_stream()).await;
        let e = ApiError::new("sign_in_first");
        (StatusCode::UNPROCESSABLE_ENTITY, Err(e), vec![])
    } else if name == "office.setup" && !here {
        // Whoever comes first would be the administrator.
        let e = ApiError::new("setup_only_here");
        (StatusCode::FORBIDDEN, Err(e), vec![])
    } else if name == "salvage.run" && !here {
        // It writes to a folder of this machine.
        let e = ApiError::new("salvage_only_here");
        (StatusCode::FORBIDDEN, Err(e), vec![])
    } else {
        let acting: Later<'_, Acted> = Box::pin(host.act(&asked, &whose, request, found));
        acting.await
    };
    let code = answer.as_ref().err().map_or("", |e| e.code.as_str());
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    // Which command, how it ended, how long it took: nothing that was typed, and nobody's name.
    let command = known(name).unwrap_or("?");
    if status == StatusCode::TOO_MANY_REQUESTS {
        // Whoever floods the host does not fill its disk.
        tracing::debug!(command, status = status.as_u16(), code, ms);
    } else {
        tracing::info!(command, status = status.as_u16(), code, ms);
    }
    let mut response = match answer {
        Ok(reply) => reply.respond(status),
        Err(e) => (status, Json(e.to_door(lang))).into_response(),
    };
    // Names and complaints stay out of the browser's cache.
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for c in cookies {
        if let Ok(v) = HeaderValue::from_str(&c) {
            headers.append(header::SET_COOKIE, v);
        }
    }
    response
}

/// Whether a window speaks this host's command list. What was typed is taken in any version, so that nothing is
/// lost while it is brought up to date.
fn understood(speaks: &str, name: &str) -> Result<(), ApiError> {
    use redress_desk::commands::{OLDEST, VERSION};
    let Ok(speaks) = speaks.parse::<u32>() else {
        // Scripts say nothing and answer for themselves.
        return Ok(());
    };
    let code = match speaks {
        _ if name.starts_with("draft.") || name.starts_with("session.") => return Ok(()),
        n if n < OLDEST => "window_too_old",
        n if n > VERSION => "window_too_new",
        _ => return Ok(()),
    };
    Err(ApiError::new(code)
        .with("window", speaks)
        .with("host", VERSION))
}

/// What a request brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sends {
    /// JSON alone.
    Json,
    /// A file, and its JSON in a header.
    File,
}

/// Who asks for what, and by which key it may be asked again.
pub(crate) struct Asked {
    pub(crate) name: String,
    token: String,
    device: String,
    key: String,
    pub(crate) lang: Lang,
    /// A file of the answer is taken beside its JSON.
    beside: bool,
    pub(crate) sends: Sends,
}

/// An answer on its way.
pub(crate) struct Reply {
    /// Its JSON as text: written where the work was done, not on the threads that answer.
    pub(crate) json: Vec<u8>,
    pub(crate) file: Option<Bytes>,
}

type Acted = (StatusCode, Result<Reply, ApiError>, Vec<String>);

/// The status of a refusal.
fn status_of(e: &ApiError) -> StatusCode {
    if e.passes() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    match e.code.as_str() {
        "too_many_requests" => StatusCode::TOO_MANY_REQUESTS,
        "request_too_slow" => StatusCode::REQUEST_TIMEOUT,
        "upload_too_large" | "attachment_size" => StatusCode::PAYLOAD_TOO_LARGE,
        "damaged_read_only" => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Work by its kind and not by its own type: every command is in there, and a release build would lay all of them out
/// within one another, deeper than the compiler goes.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl Host {
    fn cookie(&self, name: &str, value: &str, more: &str) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{more}")
    }

    /// Does what is asked. Whoever hangs up does not stop it half way: what was begun is finished.
    async fn carry_out(
        &self,
        asked: &Asked,
        whose: &Whose,
        payload: Value,
        file: Option<Bytes>,
        session: Arc<Session>,
    ) -> Result<Reply, ApiError> {
        let (office, lang) = (self.office.clone(), asked.lang);
        let (name, key, beside) = (asked.name.clone(), asked.key.clone(), asked.beside);
        let weight = weight(&name);
        let turn = self.work.turn(whose, weight).await?;
        let work: Later<'static, Result<Reply, ApiError>> = Box::pin(async move {
            let _turn = turn;
            let answer = if beside {
                office
                    .call_with_file(&session, &key, &name, payload, file, lang)
                    .await?
            } else {
                let value = if key.is_empty() {
                    office.call(&session, &name, payload, lang).await?
                } else {
                    office.send(&session, &key, &name, payload, lang).await?
                };
                Answer { value, file: None }
            };
            Ok(Reply {
                json: serde_json::to_vec(&answer.value)?,
                file: answer.file,
            })
        });
        work::carry_out(weight, work).await
    }

    /// The JSON of a request. What is long is read apart from the threads that answer.
    async fn payload(&self, known: bool, whose: &Whose, body: Body) -> Result<Value, ApiError> {
        let limit = if known { SIGNED_IN } else { STRANGER };
        let mut body = body.into_data_stream();
        let reading = file::collect(&mut body, 0, limit);
        let slow = |_| ApiError::new("request_too_slow");
        let read = tokio::time::timeout(PATIENCE, reading)
            .await
            .map_err(slow)??;
        let Some(bytes) = read else {
            file::drain(&mut body).await;
            let e = ApiError::new("upload_too_large");
            return Err(e.with("max", format!("{} KB", limit / 1000)));
        };
        if bytes.len() <= SHORT {
            return request::read(&bytes);
        }
        // One at a time of each person: six of two megabytes at once would be felt by everybody.
        let _turn = self.work.turn(whose, Weight::Drawn).await?;
        work::carry_out(Weight::Drawn, async move { request::read(&bytes) }).await
    }

    async fn read(
        &self,
        asked: &Asked,
        whose: &Whose,
        found: &Found,
        request: Request,
    ) -> Result<Reply, ApiError> {
        let _place = self.work.place(whose).await?;
        let session = found.session.clone();
        match asked.sends {
            Sends::Json => {
                let payload = self
                    .payload(found.known, whose, request.into_body())
                    .await?;
                self.carry_out(asked, whose, payload, None, session).await
            }
            Sends::File => {
                let _file = self.work.file(whose).await?;
                let (payload, file) = self.file(asked, &session, request).await?;
                self.carry_out(asked, whose, payload, Some(file), session)
                    .await
            }
        }
    }

    /// Answers a command. Signing in always makes a new session and token, and the earlier token is dead, also for
    /// the same person; a changed password makes a new token; a session that was signed out ends.
    async fn act(&self, asked: &Asked, whose: &Whose, request: Request, mut found: Found) -> Acted {
        let begins = BEGINS.contains(&asked.name.as_str());
        // Whoever signs in begins a session of its own: what the token until now stood for never becomes the new one.
        if begins {
            found.session = Arc::new(found.session.anew());
        }
        let answer = self.read(asked, whose, &found, request).await;
        let Found { session, known, .. } = found;
        let after = session.person();
        let mut cookies = Vec::new();
        if after.is_none() && known && !begins {
            self.sessions.end(&asked.token);
            // Any other answer may come after somebody has signed in again.
            if asked.name == "session.sign_out" {
                cookies.push(self.cookie(SESSION, "", "; Max-Age=0"));
            }
        } else if after.is_some() && (begins || (answer.is_ok() && asked.name == RENEWS)) {
            let fresh = session_id();
            let device = match asked.device.as_str() {
                "" => &fresh,
                known => known,
            };
            let token = self
                .sessions
                .keep(&asked.token, device, session, Instant::now());
            cookies.push(self.cookie(SESSION, &token, ""));
            cookies.push(self.cookie(DEVICE, device, "; Max-Age=31536000"));
        }
        let status = answer.as_ref().err().map_or(StatusCode::OK, status_of);
        (status, answer, cookies)
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
