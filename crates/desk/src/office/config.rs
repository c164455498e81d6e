//! What an office is opened with.

use crate::secrets::keystore::Keys;
use redress_store::Address;
use std::path::PathBuf;

/// What an office is opened with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder; it need not exist yet.
    pub data: PathBuf,
    /// A database that several hosts share; the house is then kept there and not in the folder.
    pub database: Option<Address>,
    /// Folders in which the paper's fonts are looked for.
    pub fonts: Vec<PathBuf>,
    /// Who opens it, for the lock's message: user and machine.
    pub owner: String,
    /// Files of procedures instead of those that ship, for whoever writes a procedure: one list for each.
    pub procedures: Vec<Vec<(String, String)>>,
    /// From where the key of an encrypted folder comes.
    pub keys: Keys,
}

/// User and machine, for the lock's message.
pub fn owner() -> String {
    let first = |names: &[&str]| {
        names
            .iter()
            .find_map(|n| std::env::var(n).ok())
            .unwrap_or_else(|| "?".to_owned())
    };
    format!(
        "{}@{}",
        first(&["USER", "USERNAME"]),
        first(&["HOSTNAME", "COMPUTERNAME"])
    )
}
