//! What verifying, a backup or a restore found.

use std::collections::BTreeSet;

/// What verifying found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Events walked.
    pub events: i64,
    /// Everything wrong, in order.
    pub problems: Vec<Problem>,
    /// First and last position of what a salvage could not bring out of a damaged office.
    pub gaps: Vec<(i64, i64)>,
    /// Position of the newest event.
    pub anchor_pos: i64,
    /// Its hash.
    pub anchor_hash: String,
}

impl Report {
    /// Whether something below the records could not be read or is not in order.
    pub fn of_file(&self) -> bool {
        let mut all = self.problems.iter();
        all.any(|p| p.code == "file_damaged" || p.code.ends_with("_unreadable"))
    }

    /// The objects of the schema that are not the program's.
    pub fn schema(&self) -> BTreeSet<String> {
        let all = self.problems.iter().filter(|p| p.code == SCHEMA_DIFFERS);
        all.map(|p| p.about.clone()).collect()
    }
}

/// The code of a table, trigger, view or rule that the program did not make.
pub(crate) const SCHEMA_DIFFERS: &str = "schema_differs";

/// Something wrong in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `hash_differs`, `link_broken`, `seq_gap`, `value_differs`, `document_differs`, `derived_differs` …
    pub code: String,
    /// Where.
    pub stream: String,
    /// Where in the stream.
    pub seq: i64,
    /// Field, document or attachment.
    pub about: String,
}

/// A backup that was made.
#[derive(Debug, Clone, Default)]
pub struct Backup {
    /// `POS:HASH` of the newest event in it.
    pub anchor: String,
    /// What is damaged in it, as it was in the office.
    pub problems: Vec<Problem>,
}

/// A backup that was restored.
#[derive(Debug, Clone, Default)]
pub struct Restored {
    /// What is damaged in it, as it was when the backup was made.
    pub problems: Vec<Problem>,
}
