//! Files that a command takes or gives: beside the JSON where a door can, inside it as base64 where it cannot.
//!
//! A file of fifty megabytes as text inside JSON is parsed, copied and held several times. A door that calls
//! [`Office::call_with_file`] hands the bytes over as they are and gets them back as they are.

use crate::{
    cases::attachments::{AttachmentAdd, may_attach},
    commands::{admitted, call, idempotency::send},
    office::{
        handle::Office,
        session::{Eyes, Session},
    },
    text::{
        error::{ApiError, Lang},
        file::with_file,
        incoming,
        limits::{FILE_MAX, unfit_size},
    },
};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;
use std::pin::Pin;

type Pending<'a> = Pin<Box<dyn Future<Output = Result<Value, ApiError>> + Send + 'a>>;

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    /// Its JSON; where a file goes beside it, null stands in its place.
    pub value: Value,
    /// The file.
    pub file: Option<Bytes>,
}

/// Whether a command takes a file.
pub fn takes_file(name: &str) -> bool {
    name == "attachment.add"
}

/// Runs a command as [`Office::send`] does, or without a key as [`Office::call`] does, with files beside the JSON.
///
/// # Errors
/// Those of [`Office::send`], and `command_takes_no_file`.
pub(crate) async fn call_with_file(
    office: &Office,
    session: &Session,
    key: &str,
    name: &str,
    payload: Value,
    file: Option<Bytes>,
    lang: Lang,
) -> Result<Answer, ApiError> {
    if file.is_some() && !takes_file(name) {
        return Err(ApiError::new("command_takes_no_file").with("command", name));
    }
    // Every command is in there: on the heap, or it would fill a thread's stack.
    let work = if key.is_empty() {
        Box::pin(call(office, session, name, payload, lang)) as Pending<'_>
    } else {
        Box::pin(send(office, session, key, name, payload, lang))
    };
    let (value, file) = with_file(file, work).await;
    Ok(Answer {
        value: value?,
        file,
    })
}

/// Whether a file would be taken, before any of it is read: who may, what it is for, and how large it says it is.
///
/// # Errors
/// Those of the command itself, `attachment_size`, `command_takes_no_file`.
pub(crate) async fn admits_file(
    office: &Office,
    session: &Session,
    name: &str,
    payload: &Value,
    declared: Option<u64>,
) -> Result<(), ApiError> {
    if !takes_file(name) {
        return Err(ApiError::new("command_takes_no_file").with("command", name));
    }
    let person = admitted(office, session, name, payload).await?;
    let person = person.ok_or_else(|| ApiError::new("sign_in_first"))?;
    if declared.is_some_and(|bytes| bytes > FILE_MAX as u64) {
        return Err(unfit_size());
    }
    let asked = AttachmentAdd::deserialize(incoming::taken(payload.clone())?)?;
    may_attach(office, Eyes { person, session }, &asked).await?;
    Ok(())
}
