//! A practice office in a folder of its own, for stories and refusals.

pub mod damage;
#[cfg(target_os = "linux")]
pub mod database;
pub mod dice;
#[cfg(target_os = "linux")]
pub mod display;
pub mod full;
#[cfg(target_os = "linux")]
pub mod injected;
pub mod killed;
pub mod load;
pub mod malformed;
pub mod older;
#[cfg(target_os = "linux")]
pub mod outlasts;
pub mod pages;
pub mod process;
pub mod served;
#[cfg(target_os = "linux")]
#[path = "../../crates/store/tests/contract/server.rs"]
pub mod server;
pub mod tampering;

use redress_desk::{
    ApiError, Config,
    demo::{PASSWORD, Practice},
    font_dirs,
};
use tempfile::TempDir;

/// An office that vanishes with its folder.
pub struct House {
    /// The office and its people.
    pub practice: Practice,
    /// Its folder.
    pub folder: TempDir,
}

/// The configuration of an office below a folder.
pub fn config(folder: &TempDir) -> Config {
    config_at(&folder.path().join("office"))
}

/// The configuration of an office in a folder.
pub fn config_at(data: &std::path::Path) -> Config {
    Config {
        data: data.to_owned(),
        database: None,
        fonts: font_dirs(),
        owner: "test".to_owned(),
        procedures: vec![],
        keys: redress_desk::Keys::default(),
    }
}

/// Makes an office on 2026-09-28.
///
/// # Errors
/// What the commands refuse.
pub async fn house() -> Result<House, ApiError> {
    let folder = TempDir::new().map_err(ApiError::internal)?;
    let start = chrono::DateTime::parse_from_rfc3339("2026-09-28T08:00:00+08:00")
        .map_err(ApiError::internal)?;
    let practice = Practice::create(config(&folder), PASSWORD, start).await?;
    Ok(House { practice, folder })
}

/// The code of a refusal; what was not refused panics with what came instead.
pub fn code<T: std::fmt::Debug>(answer: Result<T, ApiError>) -> String {
    match answer {
        Err(e) => e.code,
        Ok(v) => panic!("should have been refused, but gave {v:?}"),
    }
}
