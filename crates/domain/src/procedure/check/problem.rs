//! What is wrong in a file, and where.

use serde::{Deserialize, Serialize};

/// What is wrong in a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// File name within the procedure's folder.
    pub file: String,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// Stable code; its sentence says what to do.
    pub code: String,
    /// What it is about.
    pub about: String,
}

impl Problem {
    /// A problem of a file as a whole.
    pub(super) fn whole(file: &str, code: &str, about: &str) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            code: code.to_owned(),
            about: about.to_owned(),
        }
    }
}

/// The problem with the line that first names what it is about.
pub(in crate::procedure) fn found(file: &(String, String), code: &str, about: &str) -> Problem {
    let quoted = format!("\"{about}\"");
    let line = file
        .1
        .lines()
        .position(|l| l.contains(&quoted))
        .or_else(|| file.1.lines().position(|l| l.contains(about)))
        .map_or(0, |n| n + 1);
    Problem {
        file: file.0.clone(),
        line,
        code: code.to_owned(),
        about: about.to_owned(),
    }
}
