//! Backup and restore: one encrypted file with the database and its anchor.

use crate::{
    error::ApiError,
    open::{Config, Office},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use redress_domain::{event::EventBody, id::PersonId, value::Values};
use redress_store::{SqliteStore, Store};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What locks the file.
#[derive(Debug, Deserialize, TS)]
pub struct BackupRequest {
    /// At least eight characters; without it nobody can restore.
    pub passphrase: String,
}

/// A backup.
#[derive(Debug, Serialize, TS)]
pub struct BackupResponse {
    /// A name for the file, free of personal values.
    pub name: String,
    /// Base64.
    pub bytes: String,
}

impl Office {
    /// Makes a backup; written into the access stream.
    pub(crate) async fn backup_create(
        &self,
        person: PersonId,
        r: BackupRequest,
    ) -> Result<BackupResponse, ApiError> {
        let bytes = self.backup(&r.passphrase).await?;
        let desk = self.desk().await?;
        let body = EventBody::Accessed {
            what: "backup".to_owned(),
            case: None,
        };
        self.note_access(&desk, person, body, Values::new()).await?;
        let name = format!("redress-{}.backup", self.now().format("%Y%m%d-%H%M%S"));
        Ok(BackupResponse {
            name,
            bytes: STANDARD.encode(bytes),
        })
    }

    /// The bytes of a backup.
    ///
    /// # Errors
    /// `password_too_short`, or the store's.
    pub async fn backup(&self, passphrase: &str) -> Result<Vec<u8>, ApiError> {
        if passphrase.chars().count() < crate::people::PASSWORD_MIN {
            return Err(
                ApiError::new("password_too_short").with("min", crate::people::PASSWORD_MIN)
            );
        }
        Ok(self.desk().await?.store.backup(passphrase).await?)
    }
}

/// Restores a backup into the folder of `config`: verified first, with a safety copy of what was there.
///
/// # Errors
/// `wrong_passphrase`, `not_a_backup`, `folder_in_use`, and what verifying finds.
pub async fn restore(config: &Config, bytes: &[u8], passphrase: &str) -> Result<(), ApiError> {
    Ok(SqliteStore::restore(bytes, passphrase, &config.data).await?)
}
