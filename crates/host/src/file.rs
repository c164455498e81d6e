//! Files on the wire: bytes as they are, with the JSON of the request or of the answer beside them in a header.

use crate::{
    envelope::{REQUEST, decoded},
    host::Host,
    wire::{Asked, Later},
};
use axum::{
    body::BodyDataStream,
    extract::Request,
    http::{HeaderMap, header},
};
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::StreamExt;
use redress_desk::{ApiError, FILE_MAX, Session};
use serde_json::Value;
use std::time::Duration;

/// A file that takes longer than this is given up, and one of which nothing comes for so long.
const WHOLE: Duration = Duration::from_secs(15 * 60);
const SILENT: Duration = Duration::from_secs(20);
/// What is refused may still come for so long, and is cut off where nothing comes.
const DRAIN: Duration = Duration::from_secs(30);
const REST: Duration = Duration::from_secs(2);
/// Room that is made at once, whatever a request says of its length.
const ROOM: usize = 1024 * 1024;

/// What a request with a file says and brings. Whether it may is asked before any byte of the file is read; how
/// long it is, is counted, whatever it says.
///
/// # Errors
/// Those of the command, `attachment_size`, `request_too_slow`, `upload_too_large`.
pub(crate) async fn file(
    host: &Host,
    asked: &Asked,
    session: &Session,
    request: Request,
) -> Result<(Value, Bytes), ApiError> {
    let (head, body) = request.into_parts();
    let mut body = body.into_data_stream();
    let admitted = admitted(host, asked, session, &head.headers).await;
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
    host: &Host,
    asked: &Asked,
    session: &Session,
    headers: &HeaderMap,
) -> Result<(Value, Option<u64>), ApiError> {
    let payload = decoded(headers, REQUEST)?;
    let declared = headers.get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|v| v.to_str().ok()?.parse().ok());
    let may = host
        .office
        .admits_file(session, &asked.name, &payload, declared);
    let may: Later<'_, Result<(), ApiError>> = Box::pin(may);
    may.await?;
    Ok((payload, declared))
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

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
