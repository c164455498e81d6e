//! A file that a command takes or gives: beside the JSON where a door can, inside it as base64 where it cannot.

use crate::text::error::ApiError;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cell::RefCell;
use ts_rs::TS;

/// Characters of a file in base64 inside JSON: whatever is larger is sent as a file.
pub(crate) const INSIDE: usize = 1_400_000;

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

/// Runs a request that a file came with; answers as well what goes beside the answer.
pub(crate) async fn with_file<F: Future>(
    taken: Option<Bytes>,
    request: F,
) -> (F::Output, Option<Bytes>) {
    let beside = Beside { taken, given: None };
    let work = async {
        let answer = request.await;
        (answer, BESIDE.with(|b| b.borrow_mut().given.take()))
    };
    BESIDE.scope(RefCell::new(beside), work).await
}

/// A file.
#[derive(Debug, Serialize, TS)]
pub struct FileResponse {
    /// A name for it, free of personal values.
    pub name: String,
    /// Its bytes.
    #[ts(type = "Blob")]
    pub bytes: FileOut,
}

/// SHA-256 in hexadecimal, e.g. to name a folder by its path.
pub fn content_hash(bytes: &[u8]) -> String {
    redress_domain::chain::hex(&redress_domain::chain::sha256(bytes))
}
