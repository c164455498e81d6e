//! What an office is opened with.

use crate::{secrets::keystore::Keys, text::error::ApiError};
use redress_store::{Address, Place, SqliteStore};
use std::path::PathBuf;

/// What an office is opened with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder; it need not exist yet.
    pub data: PathBuf,
    /// A database that several hosts share; the office is then kept there and not in the folder.
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

impl Config {
    /// Where the office is kept, with the key where it is encrypted.
    pub(crate) async fn place(&self) -> Result<Place, ApiError> {
        if let Some(at) = &self.database {
            return Ok(Place::Database(at.clone()));
        }
        let dir = self.data.clone();
        Ok(match SqliteStore::marker(&dir)? {
            None => Place::Folder(dir),
            Some(marker) => Place::Encrypted {
                key: self.keys.find(&marker).await?,
                dir,
                marker,
            },
        })
    }

    /// Where a new office is made; encrypted where a key can be kept, unless it is said or a training folder.
    pub(crate) async fn new_place(
        &self,
        encrypt: Option<bool>,
        training: bool,
    ) -> Result<Place, ApiError> {
        if let Some(at) = &self.database {
            return match encrypt {
                Some(true) => Err(ApiError::new("encryption_not_here")),
                _ => Ok(Place::Database(at.clone())),
            };
        }
        let dir = self.data.clone();
        let wanted = encrypt.unwrap_or(!training && self.keys.work().await);
        // What is there already is refused before a key is kept for it.
        if !wanted || SqliteStore::exists(&dir) {
            return Ok(Place::Folder(dir));
        }
        match self.keys.fresh().await {
            Ok((key, marker)) => Ok(Place::Encrypted { dir, key, marker }),
            // A keystore that keeps nothing after all is as none; a key file that was named is not.
            Err(e) if encrypt.is_none() && e.code == "keystore_away" => Ok(Place::Folder(dir)),
            Err(e) => Err(e),
        }
    }

    /// Forgets the key of an office that could not be made.
    pub(crate) async fn forget(&self, place: &Place) {
        if let Place::Encrypted { marker, .. } = place {
            self.keys.forget(marker).await;
        }
    }
}
