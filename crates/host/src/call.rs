//! One command over HTTP: whose session it is, whether it is admitted, and what is logged.

use crate::{act::Later, file, host::Host, limits::Whose, origin::Origin};
use axum::{
    Json,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use redress_desk::{
    ApiError, Lang,
    commands::{for_anyone, known},
};
use std::{sync::Arc, time::Instant};

pub(crate) const SESSION: &str = "redress";
pub(crate) const DEVICE: &str = "redress-device";

/// The key of a request that may be sent again.
pub(crate) const KEY: &str = "idempotency-key";
/// The version of the command list that a window speaks.
pub(crate) const SPEAKS: &str = "redress-commands";

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

/// `/call/NAME` and `/file/NAME`.
pub(crate) async fn call(
    State(host): State<Arc<Host>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let begun = Instant::now();
    let Some(asked) = Asked::read(&host, name, &request) else {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    };
    let address = asked.origin.address;
    let found = host
        .sessions
        .find(&asked.token, &asked.device, address, begun);
    if found.stolen {
        let command = known(&asked.name).unwrap_or("?");
        tracing::warn!(command, "a session's token came from another device");
    }
    let whose = Whose::of(&found.session, address);
    let acted = match host.admits(&asked, &whose, found.known) {
        Ok(()) => {
            let acting: Later<'_, Acted> = Box::pin(host.act(&asked, &whose, request, found));
            acting.await
        }
        Err((status, e)) => {
            if e.code == STRANGER {
                // What a session that ended meanwhile sends is sent again once it lasts.
                file::drain(&mut request.into_body().into_data_stream()).await;
            }
            (status, Err(e), vec![])
        }
    };
    log(&asked.name, &acted, begun);
    respond(acted, asked.lang)
}

/// The refusal of whoever has no session.
const STRANGER: &str = "sign_in_first";

impl Host {
    /// Whether a request is taken up, before its size is looked at.
    fn admits(
        &self,
        asked: &Asked,
        whose: &Whose,
        signed_in: bool,
    ) -> Result<(), (StatusCode, ApiError)> {
        let name = asked.name.as_str();
        let refused = |status, code| Err((status, ApiError::new(code)));
        if !self.rate.admits(whose) {
            return refused(StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
        }
        understood(&asked.speaks, name).map_err(|e| (StatusCode::CONFLICT, e))?;
        if !signed_in && (!for_anyone(name) || asked.sends == Sends::File) {
            return refused(StatusCode::UNPROCESSABLE_ENTITY, STRANGER);
        }
        match name {
            // Whoever comes first would be the administrator.
            "office.setup" if !asked.origin.here => {
                refused(StatusCode::FORBIDDEN, "setup_only_here")
            }
            // It writes to a folder of this machine.
            "salvage.run" if !asked.origin.here => {
                refused(StatusCode::FORBIDDEN, "salvage_only_here")
            }
            _ => Ok(()),
        }
    }
}

/// Which command, how it ended, how long it took: nothing that was typed, and nobody's name.
fn log(name: &str, (status, answer, _): &Acted, begun: Instant) {
    let code = answer.as_ref().err().map_or("", |e| e.code.as_str());
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let command = known(name).unwrap_or("?");
    if *status == StatusCode::TOO_MANY_REQUESTS {
        // Whoever floods the host does not fill its disk.
        tracing::debug!(command, status = status.as_u16(), code, ms);
    } else {
        tracing::info!(command, status = status.as_u16(), code, ms);
    }
}

fn respond((status, answer, cookies): Acted, lang: Lang) -> Response {
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
    pub(crate) token: String,
    pub(crate) device: String,
    pub(crate) key: String,
    pub(crate) lang: Lang,
    /// A file of the answer is taken beside its JSON.
    pub(crate) beside: bool,
    pub(crate) sends: Sends,
    /// The version of the command list that the window speaks, as it says.
    speaks: String,
    origin: Origin,
}

impl Asked {
    /// What a request asks; none where it is neither of our own page nor of a program that sends JSON.
    fn read(host: &Host, name: String, request: &Request) -> Option<Self> {
        let headers = request.headers();
        let beside = request.uri().path().starts_with("/file/");
        // Only our own page sends JSON, or bytes: another site's form cannot without asking first.
        let sends = match text(headers, header::CONTENT_TYPE) {
            kind if kind.starts_with("application/json") => Sends::Json,
            kind if beside && kind.starts_with(file::BYTES) => Sends::File,
            _ => return None,
        };
        Some(Self {
            token: cookie(headers, SESSION).to_owned(),
            device: cookie(headers, DEVICE).to_owned(),
            key: text(headers, KEY).to_owned(),
            name,
            lang: Lang::from_tag(text(headers, header::ACCEPT_LANGUAGE)),
            beside,
            sends,
            speaks: text(headers, SPEAKS).to_owned(),
            origin: host.proxies.origin(request.extensions(), headers),
        })
    }
}

/// An answer on its way.
pub(crate) struct Reply {
    /// Its JSON as text: written where the work was done, not on the threads that answer.
    pub(crate) json: Vec<u8>,
    pub(crate) file: Option<Bytes>,
}

/// Status, answer, and the cookies that go with it.
pub(crate) type Acted = (StatusCode, Result<Reply, ApiError>, Vec<String>);

/// The status of a refusal.
pub(crate) fn status_of(e: &ApiError) -> StatusCode {
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
