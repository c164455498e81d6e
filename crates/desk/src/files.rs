//! Files that a command takes or gives: beside the JSON where a door can, inside it as base64 where it cannot.
//!
//! A file of fifty megabytes as text inside JSON is parsed, copied and held several times. A door that calls
//! [`Office::call_with_file`] hands the bytes over as they are and gets them back as they are.

use crate::{
    attachments::may_attach,
    attachments::{ATTACHMENT_MAX, AttachmentAdd, unfit_size},
    commands::admitted,
    commands::call,
    error::{ApiError, Lang},
    open::{Office, Session, content_hash},
    sent::send,
    sight::Eyes,
    text_in,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::cell::RefCell;

/// Characters of a file in base64 inside JSON: whatever is larger is sent as a file.
pub(crate) const INSIDE: usize = 1_400_000;

/// Bytes of the largest file that any command takes.
pub const FILE_MAX: usize = ATTACHMENT_MAX;

#[derive(Default)]
struct Beside {
    taken: Option<Bytes>,
    given: Option<Bytes>,
}

tokio::task_local! {
    /// What came with the request that is being carried out, and what goes with its answer.
    static BESIDE: RefCell<Beside>;
}

/// A file that a command gives.
#[derive(Debug, Clone)]
pub struct FileOut(Bytes);

/// A file that a command takes.
#[derive(Debug, Default)]
pub struct FileIn(Option<String>);

impl From<Vec<u8>> for FileOut {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl Serialize for FileOut {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let beside = BESIDE.try_with(|b| b.borrow_mut().given = Some(self.0.clone()));
        match beside {
            Ok(()) => serializer.serialize_none(),
            Err(_) => serializer.serialize_str(&STANDARD.encode(&self.0)),
        }
    }
}

impl<'de> Deserialize<'de> for FileIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(deserializer)?))
    }
}

impl FileIn {
    /// The bytes, whichever way they came.
    ///
    /// # Errors
    /// `bytes_not_understood`.
    pub(crate) fn bytes(self) -> Result<Vec<u8>, ApiError> {
        let beside = BESIDE.try_with(|b| b.borrow_mut().taken.take());
        if let Ok(Some(bytes)) = beside {
            // Nobody else holds them: nothing is copied.
            return Ok(bytes.into());
        }
        let text = self.0.unwrap_or_default();
        STANDARD
            .decode(text)
            .map_err(|_| ApiError::new("bytes_not_understood"))
    }
}

/// The hash of the file that came with a request; empty where none did.
pub(crate) fn taken_hash() -> String {
    let hash = BESIDE.try_with(|b| b.borrow().taken.as_deref().map(content_hash));
    hash.ok().flatten().unwrap_or_default()
}

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
pub async fn call_with_file(
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
    let work = Box::pin(async {
        let value = if key.is_empty() {
            Box::pin(call(office, session, name, payload, lang)).await?
        } else {
            Box::pin(send(office, session, key, name, payload, lang)).await?
        };
        let file = BESIDE.with(|b| b.borrow_mut().given.take());
        Ok(Answer { value, file })
    });
    let beside = Beside {
        taken: file,
        given: None,
    };
    BESIDE.scope(RefCell::new(beside), work).await
}

/// Whether a file would be taken, before any of it is read: who may, what it is for, and how large it says it is.
///
/// # Errors
/// Those of the command itself, `attachment_size`, `command_takes_no_file`.
pub async fn admits_file(
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
    let asked = AttachmentAdd::deserialize(text_in::taken(payload.clone())?)?;
    may_attach(office, Eyes { person, session }, &asked).await?;
    Ok(())
}
