//! A procedure's files, before they are installed.

use crate::{procedure_folder, stop::Stop};
use clap::Args;
use redress_desk::{ApiError, Lang};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Say what is wrong with a procedure's files
#[derive(Args)]
pub(crate) struct Check {
    /// Folder with procedure.toml
    folder: PathBuf,
}

impl Check {
    pub(crate) fn run(self, lang: Lang) -> Result<Value, Stop> {
        let files = procedure_folder::read(&self.folder)?;
        let problems = redress_desk::check_procedure(files, lang);
        let Some(first) = problems.first() else {
            return Ok(json!({ "problems": [] }));
        };
        Err(ApiError::new("procedure_unsound")
            .with("file", first.file.as_str())
            .with("line", first.line)
            .with("about", first.about.as_str())
            .with("problems", serde_json::to_value(&problems)?)
            .into())
    }
}
