//! A mark beside the database: it was restored, and its log does not say so yet.
//!
//! It is laid down before the restored database takes its place, so that no restore goes unnoticed, however it ends; one
//! that was cut off before leaves a mark that fits no database, and it is taken away.

use crate::{StoreError, private};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The file's name.
const FILE: &str = "restored.json";

/// Up to where a restored database knew, and who restored it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredMark {
    /// Position of its newest event.
    pub pos: i64,
    /// The hash of that event.
    pub hash: String,
    /// User and machine.
    pub by: String,
}

/// Lays the mark down.
pub fn mark(dir: &Path, mark: &RestoredMark) -> Result<(), StoreError> {
    let text = serde_json::to_vec(mark)?;
    Ok(private::write(&dir.join(FILE), &text)?)
}

/// The mark that lies there.
pub fn read(dir: &Path) -> Option<RestoredMark> {
    let text = std::fs::read(dir.join(FILE)).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Takes it away.
pub fn clear(dir: &Path) {
    // What stays is noted once: it is held against the log.
    let _ = std::fs::remove_file(dir.join(FILE));
}
