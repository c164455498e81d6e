//! Files on the wire: bytes as they are, with the JSON of the request or of the answer beside them in a header.

use crate::{
    act::Later,
    call::{Asked, Reply},
    host::Host,
};
use axum::{
    body::{Body, BodyDataStream},
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
/// What is refused may still come for so long, and is cut off where nothing comes.
const DRAIN: Duration = Duration::from_secs(30);
const REST: Duration = Duration::from_secs(2);
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
        let (head, body) = request.into_parts();
        let mut body = body.into_data_stream();
        let admitted = self.admitted(asked, session, &head.headers).await;
        let (payload, declared) = match admitted {
            Ok(admitted) => admitted,
            Err(e) => {
                drain(&mut body).await;
                return Err(e);
            }
        };
        let room = declared.and_then(|n| usize::try_from(n).ok());
        let reading = collect(&mut body, room.unwrap_or(ROOM).min(ROOM), FILE_MAX);
        let slow = |_| ApiError::new("request_too_slow");
        match tokio::time::timeout(WHOLE, reading).await.map_err(slow)?? {
            Some(file) => Ok((payload, file)),
            None => {
                drain(&mut body).await;
                Err(ApiError::new("attachment_size").with("max_mb", FILE_MAX / 1024 / 1024))
            }
        }
    }

    /// What a request with a file says, where the file may come, and how long it says it is.
    async fn admitted(
        &self,
        asked: &Asked,
        session: &Session,
        headers: &HeaderMap,
    ) -> Result<(Value, Option<u64>), ApiError> {
        let payload = decoded(headers, REQUEST)?;
        let declared = headers.get(header::CONTENT_LENGTH);
        let declared = declared.and_then(|v| v.to_str().ok()?.parse().ok());
        let may = self
            .office
            .admits_file(session, &asked.name, &payload, declared);
        let may: Later<'_, Result<(), ApiError>> = Box::pin(may);
        may.await?;
        Ok((payload, declared))
    }
}

/// Everything that comes, or none where it is more than is taken.
///
/// # Errors
/// `request_too_slow`.
pub(crate) async fn collect(
    body: &mut BodyDataStream,
    room: usize,
    max: usize,
) -> Result<Option<Bytes>, ApiError> {
    let mut file = BytesMut::with_capacity(room);
    loop {
        let next = tokio::time::timeout(SILENT, body.next()).await;
        match next.map_err(|_| ApiError::new("request_too_slow"))? {
            None => return Ok(Some(file.freeze())),
            // Whoever hung up half way sends it again.
            Some(Err(_)) => return Err(ApiError::new("request_too_slow")),
            Some(Ok(chunk)) if file.len() + chunk.len() > max => return Ok(None),
            Some(Ok(chunk)) => file.put(chunk),
        }
    }
}

/// Lets pass what is refused already and still comes: whoever is cut off while sending hears no answer, and would
/// take the host for away.
pub(crate) async fn drain(body: &mut BodyDataStream) {
    let passing = async {
        let mut passed = 0;
        while let Ok(Some(Ok(chunk))) = tokio::time::timeout(REST, body.next()).await {
            passed += chunk.len();
            if passed > 2 * FILE_MAX {
                return;
            }
        }
    };
    // Whoever needs longer is cut off.
    let _ = tokio::time::timeout(DRAIN, passing).await;
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
        let mut endless = Body::from_stream(endless).into_data_stream();
        assert_eq!(collect(&mut endless, ROOM, FILE_MAX).await, Ok(None));
        drain(&mut endless).await;
        let mut short = Body::from("abc").into_data_stream();
        let whole = collect(&mut short, 0, 3).await;
        assert_eq!(whole, Ok(Some(Bytes::from("abc"))));
    }
}
