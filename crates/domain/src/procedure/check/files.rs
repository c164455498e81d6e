//! The files of an edition: names, sizes, and the hash over them.

use crate::{
    chain::{hex, sha256},
    procedure::{check::problem::Problem, limits},
};

/// A procedure's file, its building blocks and its forms, each with its name and text.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// `procedure.toml`.
    pub procedure: (String, String),
    /// Building blocks by name.
    pub shared: Vec<(String, String)>,
    /// Form files.
    pub forms: Vec<(String, String)>,
}

/// What is wrong with the files all in all, before any is read.
pub(super) fn bundle(files: &Files) -> Option<Problem> {
    let all = || {
        std::iter::once(&files.procedure)
            .chain(&files.shared)
            .chain(&files.forms)
    };
    let (count, bytes) = (
        all().count(),
        all().map(|(_, text)| text.len()).sum::<usize>(),
    );
    let over = |about: String| Problem::whole(&files.procedure.0, "file_over_limit", &about);
    if count > limits::FILES {
        return Some(over(format!("{count} > {}", limits::FILES)));
    }
    let most = limits::BUNDLE_BYTES / 1024;
    (bytes > limits::BUNDLE_BYTES).then(|| over(format!("{} KB > {most} KB", bytes / 1024)))
}

/// Names of the files within a kept edition.
pub mod files_name {
    /// The procedure itself.
    pub const PROCEDURE: &str = "procedure.toml";
    /// Prefix of building blocks.
    pub const SHARED: &str = "shared/";
    /// Prefix of form files.
    pub const FORMS: &str = "forms/";
}

/// SHA-256 over the files of an edition, sound or not.
pub fn hash(kept: &[(String, String)]) -> String {
    let all: String = kept
        .iter()
        .map(|(name, text)| format!("{name}\0{}\0{text}\0", text.len()))
        .collect();
    hex(&sha256(all.as_bytes()))
}
