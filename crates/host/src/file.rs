//! Files on the wire: bytes as they are, with the JSON of the request or of the answer beside them in a header.

use crate::call::{Asked, Host, Reply};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::StreamExt;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use redress_desk::{ApiError, FILE_MAX, Session, request};
use serde_json::Value;
use std::time::Duration;

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
/// A file that takes longer than this is given up, and one of which nothing comes for so long.
const WHOLE: Duration = Duration::from_secs(15 * 60);
const SILENT: Duration = Duration::from_secs(20);
/// Room that is made at once, whatever a request says of its length.
const ROOM: usize = 1024 * 1024;

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

impl Host {
    /// What a request with a file says and brings. Whether it may is asked before any byte of the file is read; how
    /// long it is, is counted, whatever it says.
    ///
    /// # Errors
    /// Those of the command, `attachment_size`, `request_too_slow`, `upload_too_large`.
    pub(crate) async fn file(
        &self,
        asked: &Asked,
        session: &Session,
        request: Request,
    ) -> Result<(Value, Bytes), ApiError> {
        let payload = decoded(request.headers(), REQUEST)?;
        let declared = request.headers().get(header::CONTENT_LENGTH);
        let declared = declared.and_then(|v| v.to_str().ok()?.parse().ok());
        self.office
            .admits_file(session, &asked.name, &payload, declared)
            .await?;
        let declared = declared.and_then(|n: u64| usize::try_from(n).ok());
        let reading = collect(request.into_body(), declared.unwrap_or(ROOM).min(ROOM));
        let slow = |_| ApiError::new("request_too_slow");
        let file = tokio::time::timeout(WHOLE, reading).await.map_err(slow)??;
        Ok((payload, file))
    }
}

async fn collect(body: Body, room: usize) -> Result<Bytes, ApiError> {
    let mut stream = body.into_data_stream();
    let mut file = BytesMut::with_capacity(room);
    loop {
        let next = tokio::time::timeout(SILENT, stream.next()).await;
        match next.map_err(|_| ApiError::new("request_too_slow"))? {
            None => return Ok(file.freeze()),
            // Whoever hung up half way sends it again.
            Some(Err(_)) => return Err(ApiError::new("request_too_slow")),
            Some(Ok(chunk)) if file.len() + chunk.len() > FILE_MAX => {
                return Err(ApiError::new("attachment_size").with("max_mb", FILE_MAX / 1024 / 1024));
            }
            Some(Ok(chunk)) => file.put(chunk),
        }
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

    #[tokio::test]
    async fn a_file_is_counted_whatever_it_says_of_itself() {
        let chunk = Bytes::from(vec![b'x'; 1024 * 1024]);
        let endless =
            futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone()));
        let refused = collect(Body::from_stream(endless), ROOM).await;
        assert_eq!(
            refused.err().map(|e| e.code).as_deref(),
            Some("attachment_size")
        );
        let whole = collect(Body::from("abc"), 0).await;
        assert_eq!(whole.ok().as_deref(), Some(&b"abc"[..]));
    }
}
