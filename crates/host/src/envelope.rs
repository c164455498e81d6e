//! A file beside its JSON on the wire: JSON in a header, the bytes as the body.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use redress_desk::{ApiError, request};
use serde_json::Value;

/// An answer on its way.
pub(crate) struct Reply {
    /// Its JSON as text: written where the work was done, not on the threads that answer.
    pub(crate) json: Vec<u8>,
    pub(crate) file: Option<Bytes>,
}

/// The media type of a file on its way; no form of another site can send it without asking first.
pub(crate) const BYTES: &str = "application/octet-stream";

/// The JSON of a request that brings a file, percent-encoded.
pub(crate) const REQUEST: &str = "redress-request";

/// The JSON of an answer that brings a file, percent-encoded.
pub(crate) const ANSWER: &str = "redress-answer";

/// Bytes of such a header.
const HEADER: usize = 8 * 1024;

/// The same from the page of this very window, which crosses no wire.
const OWN_HEADER: usize = 512 * 1024;

/// JSON for a header.
pub(crate) fn encoded(json: &[u8]) -> String {
    utf8_percent_encode(&String::from_utf8_lossy(json), NON_ALPHANUMERIC).to_string()
}

/// The JSON of a header.
///
/// # Errors
/// `request_too_large`, `request_not_understood`.
pub(crate) fn decoded(headers: &HeaderMap, name: &str) -> Result<Value, ApiError> {
    within(headers, name, HEADER)
}

fn within(headers: &HeaderMap, name: &str, max: usize) -> Result<Value, ApiError> {
    let text = headers.get(name).and_then(|v| v.to_str().ok());
    let text = text.unwrap_or_default();
    if text.len() > max {
        return Err(ApiError::new("request_too_large")
            .with("what", "header")
            .with("max", max));
    }
    let json: Vec<u8> = percent_decode_str(text).collect();
    request::read(&json)
}

impl Reply {
    /// As a response: JSON, or the file with the JSON in a header.
    pub(crate) fn respond(self, status: StatusCode) -> Response {
        let Some(file) = self.file else {
            return (
                status,
                [(header::CONTENT_TYPE, "application/json")],
                self.json,
            )
                .into_response();
        };
        let mut response =
            (status, [(header::CONTENT_TYPE, BYTES)], Body::from(file)).into_response();
        if let Ok(answer) = HeaderValue::from_str(&encoded(&self.json)) {
            response.headers_mut().insert(ANSWER, answer);
        }
        response
    }
}

/// JSON and a file as one run of bytes, for a window that hands on nothing else: the length of the JSON in four bytes,
/// the JSON, the file.
pub fn packed(json: &Value, file: Option<&[u8]>) -> Vec<u8> {
    let json = json.to_string().into_bytes();
    let length = u32::try_from(json.len()).unwrap_or(u32::MAX);
    let mut all = Vec::with_capacity(4 + json.len() + file.map_or(0, <[u8]>::len));
    all.extend(length.to_be_bytes());
    all.extend(json);
    all.extend(file.unwrap_or_default());
    all
}

/// The JSON of a header of a window's own request.
///
/// # Errors
/// As for a request to a host.
pub fn unpacked(headers: &HeaderMap) -> Result<Value, ApiError> {
    within(headers, REQUEST, OWN_HEADER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_stands_in_a_header_is_read_back() -> Result<(), ApiError> {
        let said = json!({ "name": "检测报告 (1)\r\n\u{1F600}.pdf", "case": "TS-2026-0001" });
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_str(&encoded(said.to_string().as_bytes()));
        headers.insert(REQUEST, value.map_err(ApiError::internal)?);
        assert_eq!(decoded(&headers, REQUEST)?, said);
        assert!(decoded(&headers, ANSWER).is_err(), "nothing is no request");
        let long = HeaderValue::from_str(&"x".repeat(HEADER + 1)).map_err(ApiError::internal)?;
        headers.insert(REQUEST, long);
        let refused = decoded(&headers, REQUEST).err().map(|e| e.code);
        assert_eq!(refused.as_deref(), Some("request_too_large"));
        Ok(())
    }
}
