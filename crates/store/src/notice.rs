//! What a store tells whoever works on it at the same time: something was added, or somebody says something.

use crate::StoreError;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

/// Notices that a slow listener may lag behind before it has to read everything again.
const KEPT: usize = 256;
/// Bytes that may be said at once.
const NOTE: usize = 4096;

/// What one append changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The streams that grew.
    pub streams: Vec<String>,
    /// Position of the newest event.
    pub pos: i64,
}

impl Change {
    /// Whether people, offices or editions changed.
    pub(crate) fn of_house(&self) -> bool {
        let mut streams = self.streams.iter();
        streams.any(|s| s == "office" || s.starts_with("person:") || s.starts_with("party:"))
    }
}

/// What listeners hear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Events were added.
    Changed(Change),
    /// A short text from one of the hosts; it is not kept.
    Said(String),
    /// Something may have been missed: whoever listens reads everything again.
    Missed,
}

impl Notice {
    /// A text as it is handed on.
    pub(crate) fn said(note: &str) -> Result<Self, StoreError> {
        if note.len() > NOTE {
            return Err(StoreError::Internal(format!(
                "a note of {} bytes",
                note.len()
            )));
        }
        Ok(Self::Said(note.to_owned()))
    }
}

/// Tells the listeners of this process.
#[derive(Debug, Clone)]
pub(crate) struct Teller(broadcast::Sender<Notice>);

impl Default for Teller {
    fn default() -> Self {
        Self(broadcast::Sender::new(KEPT))
    }
}

impl Teller {
    /// Hands a notice on; nobody listening is no error.
    pub(crate) fn tell(&self, notice: Notice) {
        let _ = self.0.send(notice);
    }

    /// A new listener.
    pub(crate) fn listen(&self) -> Listener {
        Listener(self.0.subscribe())
    }
}

/// Hears every [`Notice`] from the moment on at which it was made.
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<Notice>);

impl Listener {
    /// The next notice; none once the store is closed. One that lagged behind hears [`Notice::Missed`].
    pub async fn next(&mut self) -> Option<Notice> {
        match self.0.recv().await {
            Ok(notice) => Some(notice),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Notice::Missed),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}
