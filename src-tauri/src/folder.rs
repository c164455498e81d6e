//! Where this window's data lies, and what was said when it was started.

use redress_desk::{ApiError, Keys, Keystore, Office};
use std::path::PathBuf;
use tauri::{AppHandle, Manager};
use zeroize::Zeroizing;

/// What follows an option, or stands in the environment.
fn said(option: &str, variable: &str) -> Option<std::ffi::OsString> {
    let mut args = std::env::args_os().skip(1);
    let named = args.find(|a| a == option).and_then(|_| args.next());
    named.or_else(|| std::env::var_os(variable))
}

/// `--data DIR`, else `REDRESS_DATA`; none: the program's own data folder.
fn named() -> Option<PathBuf> {
    said("--data", "REDRESS_DATA").map(PathBuf::from)
}

/// The data folder of this window.
pub(crate) fn data(app: &AppHandle) -> PathBuf {
    named().unwrap_or_else(|| {
        let own = app.path().app_data_dir();
        own.unwrap_or_else(|_| PathBuf::from("redress-data"))
            .join("office")
    })
}

/// From where the key of an encrypted folder comes; `REDRESS_KEYSTORE=none` keeps the window from the system's keystore.
pub(crate) fn keys(phrase: Option<Zeroizing<String>>) -> Keys {
    let none = std::env::var_os("REDRESS_KEYSTORE").is_some_and(|v| v == "none");
    Keys {
        keystore: if none {
            Keystore::None
        } else {
            Keystore::System
        },
        file: std::env::var_os("REDRESS_KEY_FILE").map(PathBuf::from),
        phrase,
    }
}

/// One window per data folder: a second start on the same folder finds the first by this name.
pub(crate) fn identity(program: &str) -> String {
    let Some(folder) = named() else {
        return program.to_owned();
    };
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    let hash = redress_desk::content_hash(folder.to_string_lossy().as_bytes());
    format!("{program}.f{}", &hash[..12])
}

/// `--at TIME`, else `REDRESS_AT`: the clock of a training folder; any other folder refuses it.
pub(crate) async fn set_clock(office: &Office) -> Result<(), ApiError> {
    let Some(at) = said("--at", "REDRESS_AT") else {
        return Ok(());
    };
    let text = at.to_string_lossy();
    let bad = || ApiError::new("time_not_understood");
    office.set_clock(text.parse().map_err(|_| bad())?).await
}
