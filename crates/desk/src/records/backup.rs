//! Backup and restore: one encrypted file with the database and its anchor. Moving to another database and back.

use crate::{
    access::log::{WHY, note, note_access},
    institution::opening::{close, open},
    office::{
        config::Config,
        damage::READ_ONLY,
        handle::{Office, OpenOffice},
        state::person::TERMINAL,
    },
    records::backup_key::{PASSPHRASE, seal_word, sealing},
    text::{error::ApiError, file::FileOut},
};
use redress_domain::{
    backup_key::Sealing,
    event::{Event, EventBody},
    id::PersonId,
    value::Values,
};
use redress_store::{Address, Opening, PostgresStore, Progress, SqliteStore, Store, copy};
use serde::{Deserialize, Serialize};
use std::{
    io::{Read, Write},
    sync::{Arc, Mutex},
};
use ts_rs::TS;

/// What locks the file.
#[derive(Debug, Deserialize, TS)]
pub struct BackupRequest {
    /// At least eight characters; without it nobody can restore. None where the institution has a backup key.
    #[serde(default)]
    #[ts(optional)]
    pub passphrase: Option<String>,
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
    /// Who keeps what opens it, where it is sealed to the institution's backup key.
    pub keeper: Option<String>,
}

/// A backup that was written.
#[derive(Debug, Serialize)]
pub struct Backed {
    /// `POS:HASH` of the newest event in it.
    pub anchor: String,
    /// What is damaged in it, as it is in the office.
    pub damaged: usize,
    /// `passphrase`, or the backup key (`age1…`).
    pub sealed_to: String,
}

/// Bytes that are written by another thread.
#[derive(Clone, Default)]
struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Bytes {
    fn take(&self) -> Result<Vec<u8>, ApiError> {
        let mut all = self.0.lock().map_err(ApiError::internal)?;
        Ok(std::mem::take(&mut *all))
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

/// A damaged office is backed up all the same, although that cannot be written down in it.
fn unless_read_only(noted: Result<(), ApiError>) -> Result<(), ApiError> {
    match noted {
        Err(e) if e.code == READ_ONLY => Ok(()),
        noted => noted,
    }
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
    /// Sealed by a `passphrase`, to a `key`; empty where an older version did not write it down.
    pub sealed: String,
    /// Who keeps what opens it, where it is sealed to a key of the institution.
    pub keeper: Option<String>,
    /// That key was made by one person alone.
    pub alone: bool,
}

/// What the access stream calls a backup.
const WHAT: &str = "backup";
/// The same of an office that came from elsewhere, whole.
const MOVED: &str = "move";
/// The same of one that was brought out of a damaged folder, or into a new one.
pub(crate) const SALVAGED: &str = "salvage";
/// Backups that are listed, the newest.
const LISTED: usize = 500;
/// Lines of the access stream that are read at a time.
const PAGE: u32 = 500;

/// Makes a backup; written into the access stream.
///
/// # Errors
/// Those of [`sealing`], or the store's.
pub(crate) async fn backup_create(
    office: &Office,
    person: PersonId,
    r: BackupRequest,
) -> Result<BackupResponse, ApiError> {
    let open = office.open_office().await?;
    let name = format!("redress-{}.backup", office.now().format("%Y%m%d-%H%M%S"));
    let bytes = Bytes::default();
    let own = r.passphrase.as_deref();
    let made = sealed(&open, own, Box::new(bytes.clone())).await?;
    unless_read_only(note_backup(office, &open, person, &made, &name, "").await)?;
    let state = open.state().await;
    let key = state.backup_keys.of(&made.sealed_to);
    Ok(BackupResponse {
        name,
        bytes: bytes.take()?.into(),
        anchor: made.anchor,
        damaged: made.damaged,
        keeper: key.map(|k| state.name(k.keeper)),
    })
}

/// The institution's backup key, to which every backup is sealed; none where a passphrase does.
///
/// # Errors
/// `backup_key_missing`, `backup_key_alone`.
pub(crate) async fn backup_recipient(office: &Office) -> Result<Option<String>, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let cases = open.store.has_cases(None).await?;
    Ok(match state.backup_keys.sealing(state.of_one(), cases)? {
        Sealing::Key(key) => Some(key.recipient.clone()),
        Sealing::Own => None,
    })
}

/// The bytes of a backup that the terminal writes under a name, and its anchor.
///
/// # Errors
/// Those of [`Office::backup_to`].
pub(crate) async fn backup(
    office: &Office,
    own: Option<&str>,
    name: &str,
) -> Result<(Vec<u8>, String), ApiError> {
    let bytes = Bytes::default();
    let made = backup_to(office, own, name, Box::new(bytes.clone())).await?;
    Ok((bytes.take()?, made.anchor))
}

/// Writes a backup a piece at a time, sealed to the institution's backup key; where it has none and needs none, to a
/// passphrase or a key (`age1…`) of one's own.
///
/// # Errors
/// `backup_key_missing`, `backup_key_alone`, `backup_sealed_to_key`, `password_too_short`, `backup_recipient_unfit`, or
/// the store's. What was written then is not to be kept.
pub(crate) async fn backup_to(
    office: &Office,
    own: Option<&str>,
    name: &str,
    out: Box<dyn Write + Send>,
) -> Result<Backed, ApiError> {
    let open = office.open_office().await?;
    let made = sealed(&open, own, out).await?;
    let noted = note_backup(office, &open, TERMINAL, &made, name, &office.config.owner);
    unless_read_only(noted.await)?;
    Ok(made)
}

async fn sealed(
    open: &OpenOffice,
    own: Option<&str>,
    out: Box<dyn Write + Send>,
) -> Result<Backed, ApiError> {
    let seal = sealing(open, own).await?;
    let made = open.store.backup(&seal, out).await?;
    // The first case may have come while it was made.
    open.keep_up().await?;
    sealing(open, own).await?;
    Ok(Backed {
        anchor: made.anchor,
        damaged: made.problems.len(),
        sealed_to: seal_word(&seal),
    })
}

async fn note_backup(
    office: &Office,
    open: &OpenOffice,
    by: PersonId,
    made: &Backed,
    name: &str,
    why: &str,
) -> Result<(), ApiError> {
    let body = EventBody::Accessed {
        what: WHAT.to_owned(),
        case: None,
        about: Some(name.to_owned()),
        sealed_to: Some(made.sealed_to.clone()),
    };
    let mut values = Values::new();
    if !why.is_empty() {
        values.insert(WHY.to_owned(), why.into());
    }
    note_access(office, open, by, body, values).await
}

/// The backups that were made, the newest first.
pub(crate) async fn backup_list(office: &Office) -> Result<Vec<BackupLine>, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let all = backups(&open).await?;
    let line = |(_, name, event): (i64, String, Event)| {
        let sealed_to = match &event.body {
            EventBody::Accessed { sealed_to, .. } => sealed_to.as_deref(),
            _ => None,
        };
        let key = sealed_to.and_then(|s| state.backup_keys.of(s));
        let sealed = match sealed_to {
            Some(PASSPHRASE) => PASSPHRASE,
            Some(_) => "key",
            None => "",
        };
        BackupLine {
            name,
            at: event.at.to_rfc3339(),
            by: state.name(event.actor),
            sealed: sealed.to_owned(),
            keeper: key.map(|k| state.name(k.keeper)),
            alone: key.is_some_and(|k| k.alone),
        }
    };
    Ok(all.into_iter().take(LISTED).map(line).collect())
}

/// Every backup that was made, the newest first: position in the log, name, event.
pub(crate) async fn backups(open: &OpenOffice) -> Result<Vec<(i64, String, Event)>, ApiError> {
    left_behind(open, WHAT).await
}

/// Folders and databases that this office was moved or salvaged from or to: each still holds what it held then.
pub(crate) async fn other_places(open: &OpenOffice) -> Result<Vec<(i64, String, Event)>, ApiError> {
    let mut all = left_behind(open, MOVED).await?;
    all.extend(left_behind(open, SALVAGED).await?);
    Ok(all)
}

async fn left_behind(open: &OpenOffice, what: &str) -> Result<Vec<(i64, String, Event)>, ApiError> {
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let rows = open.store.accesses(before, Some(what), PAGE).await?;
        before = rows.last().map(|row| row.pos);
        let last = rows.len() < PAGE as usize;
        all.extend(rows.into_iter().filter_map(|row| match &row.event.body {
            EventBody::Accessed { about, .. } => {
                let name = about.clone().unwrap_or_else(|| what.to_owned());
                Some((row.pos, name, row.event))
            }
            _ => None,
        }));
        if last {
            return Ok(all);
        }
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
/// `wrong_passphrase`, `backup_key_needed`, `backup_key_mistyped`, `backup_key_wrong`, `backup_passphrase_needed`, `not_a_backup`,
/// `folder_in_use`, and what verifying finds.
pub async fn restore_from(
    config: &Config,
    sealed: impl Read + Send + 'static,
    opening: &str,
) -> Result<usize, ApiError> {
    // A damaged folder is restored as well: only one that is known to be encrypted needs its key.
    let marker = SqliteStore::marker_as_it_was(&config.data);
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

/// An office that was moved.
#[derive(Debug, Serialize)]
pub struct Moved {
    /// Events.
    pub events: i64,
    /// `POS:HASH` of the newest event, the same in both places.
    pub anchor: String,
}

/// Copies the office of one place into another that is empty, verifies it there and derives what lists read. The
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
    let office = open(to.clone(), &Progress::default()).await?;
    // The first place still holds everything: who disposes of a case later reads so.
    let left = match &from.database {
        Some(at) => at.to_string(),
        None => from.data.to_string_lossy().into_owned(),
    };
    let open = office.open_office().await?;
    let noted = note(
        &office,
        &open,
        TERMINAL,
        MOVED,
        None,
        Some(&left),
        &from.owner,
    );
    noted.await?;
    close(&office).await;
    Ok(Moved {
        events: report.events,
        anchor: format!("{}:{}", report.anchor_pos, report.anchor_hash),
    })
}
