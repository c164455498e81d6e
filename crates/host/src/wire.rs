//! What goes over the wire: headers, cookies, a request that was understood, an answer.

use crate::{
    envelope::{BYTES, Reply},
    host::Host,
    origin::Origin,
};
use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, header},
};
use redress_desk::{ApiError, Lang};
use std::pin::Pin;

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
    pub(crate) speaks: String,
    pub(crate) origin: Origin,
}

impl Asked {
    /// What a request asks; none where it is neither of our own page nor of a program that sends JSON.
    pub(crate) fn read(host: &Host, name: String, request: &Request) -> Option<Self> {
        let headers = request.headers();
        let beside = request.uri().path().starts_with("/file/");
        // Only our own page sends JSON, or bytes: another site's form cannot without asking first.
        let sends = match text(headers, header::CONTENT_TYPE) {
            kind if kind.starts_with("application/json") => Sends::Json,
            kind if beside && kind.starts_with(BYTES) => Sends::File,
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

/// Work by its kind and not by its own type: every command is in there, and a release build would lay all of them out
/// within one another, deeper than the compiler goes.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
