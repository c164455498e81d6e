//! A command that was admitted: its request is read, its work done, and its session begun, renewed or ended.

use crate::{
    envelope::Reply,
    file,
    host::Host,
    limits::{SIGNED_IN, STRANGER, Whose},
    sessions::Found,
    wire::{Acted, Asked, DEVICE, Later, SESSION, Sends, status_of},
    work,
    work::{Weight, weight},
};
use axum::{body::Body, extract::Request, http::StatusCode};
use bytes::Bytes;
use redress_desk::{Answer, ApiError, Session, request, session_id};
use serde_json::Value;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Commands with which a session begins.
const BEGINS: [&str; 2] = ["session.sign_in", "office.setup"];
/// The command after which the session goes on under another token.
const RENEWS: &str = "session.change_password";

/// A request that is sent slower than this is given up.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of JSON that are read at once, in less time than a turn elsewhere takes.
const SHORT: usize = 16 * 1024;
fn cookie(host: &Host, name: &str, value: &str, more: &str) -> String {
    let secure = if host.secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{more}")
}

/// Does what is asked. Whoever hangs up does not stop it half way: what was begun is finished.
async fn carry_out(
    host: &Host,
    asked: &Asked,
    whose: &Whose,
    payload: Value,
    file: Option<Bytes>,
    session: Arc<Session>,
) -> Result<Reply, ApiError> {
    let (office, lang) = (host.office.clone(), asked.lang);
    let (name, key, beside) = (asked.name.clone(), asked.key.clone(), asked.beside);
    let weight = weight(&name);
    let turn = host.work.turn(whose, weight).await?;
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
async fn payload(host: &Host, known: bool, whose: &Whose, body: Body) -> Result<Value, ApiError> {
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
    let _turn = host.work.turn(whose, Weight::Drawn).await?;
    work::carry_out(Weight::Drawn, async move { request::read(&bytes) }).await
}

async fn read(
    host: &Host,
    asked: &Asked,
    whose: &Whose,
    found: &Found,
    request: Request,
) -> Result<Reply, ApiError> {
    let _place = host.work.place(whose).await?;
    let session = found.session.clone();
    match asked.sends {
        Sends::Json => {
            let payload = payload(host, found.known, whose, request.into_body()).await?;
            carry_out(host, asked, whose, payload, None, session).await
        }
        Sends::File => {
            let _file = host.work.file(whose).await?;
            let (payload, file) = file::file(host, asked, &session, request).await?;
            carry_out(host, asked, whose, payload, Some(file), session).await
        }
    }
}

/// Answers a command. Signing in always makes a new session and token, and the earlier token is dead, also for
/// the same person; a changed password makes a new token; a session that was signed out ends.
pub(crate) async fn act(
    host: &Host,
    asked: &Asked,
    whose: &Whose,
    request: Request,
    mut found: Found,
) -> Acted {
    let begins = BEGINS.contains(&asked.name.as_str());
    // Whoever signs in begins a session of its own: what the token until now stood for never becomes the new one.
    if begins {
        found.session = Arc::new(found.session.anew());
    }
    let answer = read(host, asked, whose, &found, request).await;
    let Found { session, known, .. } = found;
    let after = session.person();
    let mut cookies = Vec::new();
    if after.is_none() && known && !begins {
        host.sessions.end(&asked.token);
        // Any other answer may come after somebody has signed in again.
        if asked.name == "session.sign_out" {
            cookies.push(cookie(host, SESSION, "", "; Max-Age=0"));
        }
    } else if after.is_some() && (begins || (answer.is_ok() && asked.name == RENEWS)) {
        let fresh = session_id();
        let device = match asked.device.as_str() {
            "" => &fresh,
            known => known,
        };
        let token = host
            .sessions
            .keep(&asked.token, device, session, Instant::now());
        cookies.push(cookie(host, SESSION, &token, ""));
        cookies.push(cookie(host, DEVICE, device, "; Max-Age=31536000"));
    }
    let status = answer.as_ref().err().map_or(StatusCode::OK, status_of);
    (status, answer, cookies)
}
