//! Backup and restore: one encrypted file with the database and its anchor. Moving to another database and back.

use crate::{
    error::ApiError,
    files::FileOut,
    office::TERMINAL,
    open::{Config, Desk, Office},
};
use redress_domain::{
    event::{Event, EventBody},
    id::PersonId,
};
use redress_store::{Address, Opening, PostgresStore, Progress, Seal, SqliteStore, Store, copy};
use serde::{Deserialize, Serialize};
use std::{
    io::{Read, Write},
    sync::{Arc, Mutex},
};
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
    /// Its bytes.
    #[ts(type = "Blob")]
    pub bytes: FileOut,
    /// `POS:HASH` of the newest event in it; noted elsewhere, it proves later that nothing before it changed.
    pub anchor: String,
    /// What is damaged in the office and therefore in its backup as well; 0 where it is whole.
    pub damaged: usize,
}

/// A backup that was written.
#[derive(Debug, Serialize)]
pub struct Backed {
    /// `POS:HASH` of the newest event in it.
    pub anchor: String,
    /// What is damaged in it, as it is in the office.
    pub damaged: usize,
}

/// Bytes that are written by another thread.
#[derive(Clone, Default)]
struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Bytes {
    fn take(&self) -> Vec<u8> {
        self.0
            .lock()
            .map(|mut b| std::mem::take(&mut *b))
            .unwrap_or_default()
    }
}

impl Write for Bytes {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        let mut all = self
            .0
            .lock()
            .map_err(|e| std::io::Error::other(e.to_string()))?;
        all.write(piece)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A passphrase that is long enough.
fn words(passphrase: &str) -> Result<Seal, ApiError> {
    let min = crate::passwords::PASSWORD_MIN;
    if passphrase.chars().count() < min {
        return Err(ApiError::new("password_too_short").with("min", min));
    }
    Ok(Seal::Passphrase(passphrase.to_owned()))
}

/// A backup that was made.
#[derive(Debug, Serialize, TS)]
pub struct BackupLine {
    /// The name that it was given.
    pub name: String,
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
}

/// What the access stream calls a backup.
const WHAT: &str = "backup";
/// Backups that are listed, the newest.
const LISTED: u32 = 500;

impl Office {
    /// Makes a backup; written into the access stream.
    pub(crate) async fn backup_create(
        &self,
        person: PersonId,
        r: BackupRequest,
    ) -> Result<BackupResponse, ApiError> {
        let desk = self.desk().await?;
        let name = format!("redress-{}.backup", self.now().format("%Y%m%d-%H%M%S"));
        let bytes = Bytes::default();
        let made = self
            .sealed(&desk, words(&r.passphrase)?, Box::new(bytes.clone()))
            .await?;
        self.note(&desk, person, WHAT, None, Some(&name), "")
            .await?;
        Ok(BackupResponse {
            name,
            bytes: bytes.take().into(),
            anchor: made.anchor,
            damaged: made.damaged,
        })
    }

    /// The bytes of a backup that the terminal writes under a name, and its anchor.
    ///
    /// # Errors
    /// `password_too_short`, or the store's.
    pub async fn backup(
        &self,
        passphrase: &str,
        name: &str,
    ) -> Result<(Vec<u8>, String), ApiError> {
        let bytes = Bytes::default();
        let made = self
            .backup_into(words(passphrase)?, name, Box::new(bytes.clone()))
            .await?;
        Ok((bytes.take(), made.anchor))
    }

    /// Writes a backup a piece at a time, sealed to a passphrase or to a backup key (`age1…`) of which another person
    /// keeps the secret half.
    ///
    /// # Errors
    /// `password_too_short`, or the store's.
    pub async fn backup_to(
        &self,
        sealed_to: &str,
        name: &str,
        out: Box<dyn Write + Send>,
    ) -> Result<Backed, ApiError> {
        let seal = match sealed_to.starts_with("age1") {
            true => Seal::Recipient(sealed_to.to_owned()),
            false => words(sealed_to)?,
        };
        self.backup_into(seal, name, out).await
    }

    async fn backup_into(
        &self,
        seal: Seal,
        name: &str,
        out: Box<dyn Write + Send>,
    ) -> Result<Backed, ApiError> {
        let desk = self.desk().await?;
        let made = self.sealed(&desk, seal, out).await?;
        self.note(&desk, TERMINAL, WHAT, None, Some(name), &self.config.owner)
            .await?;
        Ok(made)
    }

    async fn sealed(
        &self,
        desk: &Desk,
        seal: Seal,
        out: Box<dyn Write + Send>,
    ) -> Result<Backed, ApiError> {
        let made = desk.store.backup(&seal, out).await?;
        Ok(Backed {
            anchor: made.anchor,
            damaged: made.problems.len(),
        })
    }

    /// The backups that were made, the newest first.
    pub(crate) async fn backup_list(&self) -> Result<Vec<BackupLine>, ApiError> {
        let desk = self.desk().await?;
        let house = desk.house().await;
        let all = desk.backups().await?;
        let line = |(_, name, event): (i64, String, Event)| BackupLine {
            name,
            at: event.at.to_rfc3339(),
            by: house.name(event.actor),
        };
        Ok(all.into_iter().map(line).collect())
    }
}

impl Desk {
    /// The backups that were made, the newest first: position in the log, name, event.
    pub(crate) async fn backups(&self) -> Result<Vec<(i64, String, Event)>, ApiError> {
        let rows = self.store.accesses(None, Some(WHAT), LISTED).await?;
        let named = |row: redress_store::AccessRow| match &row.event.body {
            EventBody::Accessed { about, .. } => {
                let name = about.clone().unwrap_or_else(|| WHAT.to_owned());
                Some((row.pos, name, row.event))
            }
            _ => None,
        };
        Ok(rows.into_iter().filter_map(named).collect())
    }
}

/// Restores a backup into the folder of `config`: verified first, with a safety copy of what was there.
///
/// # Errors
/// `wrong_passphrase`, `not_a_backup`, `folder_in_use`, and what verifying finds.
pub async fn restore(config: &Config, bytes: &[u8], passphrase: &str) -> Result<(), ApiError> {
    let sealed = std::io::Cursor::new(bytes.to_vec());
    restore_from(config, sealed, passphrase).await.map(drop)
}

/// The same, read a piece at a time; a passphrase opens it, or the secret half of a backup key. Answers how much in it
/// is damaged, as it was when the backup was made.
///
/// # Errors
/// `wrong_passphrase`, `backup_key_needed`, `not_a_backup`, `folder_in_use`, and what verifying finds.
pub async fn restore_from(
    config: &Config,
    sealed: impl Read + Send + 'static,
    opening: &str,
) -> Result<usize, ApiError> {
    // A damaged folder is restored as well: only one that is known to be encrypted needs its key.
    let marker = SqliteStore::marker(&config.data).ok().flatten();
    let key = match &marker {
        Some(marker) => Some(config.keys.find(marker).await?),
        None => None,
    };
    let opening = Opening::typed(opening);
    let restored =
        SqliteStore::restore_by(sealed, opening, &config.data, key.as_ref(), &config.owner).await?;
    Ok(restored.problems.len())
}

/// Makes the tables of a database as its owner, and gives the host's role the rights that it needs and no more.
///
/// # Errors
/// `database_away`, `database_refused`, `database_address`, `database_role_unknown`, `newer_version`.
pub async fn prepare(owner: &Address, role: &str) -> Result<(), ApiError> {
    Ok(PostgresStore::prepare(owner, role).await?)
}

/// A house that was moved.
#[derive(Debug, Serialize)]
pub struct Moved {
    /// Events.
    pub events: i64,
    /// `POS:HASH` of the newest event, the same in both places.
    pub anchor: String,
}

/// Copies the house of one place into another that is empty, verifies it there and derives what lists read. The
/// first place stays as it was.
///
/// # Errors
/// `first_run` where there is nothing to move, `folder_not_empty`, `database_not_empty`, `copy_unsound`.
pub async fn move_house(from: &Config, to: &Config) -> Result<Moved, ApiError> {
    let source = from.place().await?.find(&from.owner).await?;
    let source = source.ok_or_else(|| ApiError::new("first_run"))?;
    let target = to.place().await?;
    let report = copy(&source, &target, &to.owner, &Progress::default()).await?;
    source.close().await;
    let office = Office::open(to.clone()).await?;
    office.close().await;
    Ok(Moved {
        events: report.events,
        anchor: format!("{}:{}", report.anchor_pos, report.anchor_hash),
    })
}
