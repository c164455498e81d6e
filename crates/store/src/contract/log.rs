//! What is read of the log, of files and of drafts.

use redress_domain::{
    event::Event,
    id::{AttachmentId, CaseId},
};

/// Which events.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// One stream.
    pub stream: Option<String>,
    /// After this position.
    pub after: i64,
    /// At most so many.
    pub limit: u32,
}

/// An envelope as stored, without values.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "the envelope's own names, explained in the architecture"
)]
pub struct Recorded {
    pub pos: i64,
    pub stream: String,
    pub seq: i64,
    pub kind: String,
    pub version: i64,
    pub actor: String,
    pub at: String,
    pub body: String,
    pub hash: String,
}

/// One line of the access stream, with what was said about it.
#[derive(Debug, Clone)]
pub struct AccessRow {
    /// Position in the whole log.
    pub pos: i64,
    /// Event.
    pub event: Event,
}

/// A draft.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Where it belongs.
    pub key: String,
    /// What was typed.
    pub json: String,
    /// When.
    pub at: String,
}

/// A file's line.
#[derive(Debug, Clone)]
pub struct AttachmentRow {
    /// Id.
    pub id: AttachmentId,
    /// Whose.
    pub case: CaseId,
    /// File name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Bytes.
    pub size: i64,
    /// When.
    pub at: String,
}
