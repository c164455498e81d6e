//! What ended a run early, and how a script is told.

use redress_desk::{ApiError, Lang, error::INTERNAL};
use std::process::ExitCode;

/// A refusal or a fault; wrong usage has been answered before.
pub(crate) struct Stop(pub(crate) ApiError);

impl From<ApiError> for Stop {
    fn from(e: ApiError) -> Self {
        Self(e)
    }
}

/// Of what nobody named: the program's own channels and signals. What somebody named goes through [`crate::files`].
impl From<std::io::Error> for Stop {
    fn from(e: std::io::Error) -> Self {
        Self(ApiError::internal(e))
    }
}

impl From<serde_json::Error> for Stop {
    fn from(e: serde_json::Error) -> Self {
        Self(e.into())
    }
}

impl Stop {
    /// Says it on standard error as one JSON object; answers how the program ends.
    pub(crate) fn report(&self, lang: Lang) -> ExitCode {
        eprintln!("{}", self.0.to_door(lang));
        ExitCode::from(if self.0.code == INTERNAL { 3 } else { 1 })
    }
}
