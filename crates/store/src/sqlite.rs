//! The store on SQLite: one folder, one owner, WAL and full synchronisation.

mod backup;
mod connections;
mod convert;
mod damaged;
mod dialect;
mod folder;
mod making;
mod opening;
mod past;
mod restored;
mod room;
mod salvage;
mod schema;
#[path = "sql/mod.rs"]
mod sql;

use crate::{
    Backup, DataKey, Marker, Opening, Phrase, Restored, Seal, StoreError,
    damage::{Apart, Lists},
    notice::{Change, Notice, Teller},
    walked::Walked,
};
use connections::Failures;
use sqlx::{
    Sqlite, SqliteConnection as Connection, SqlitePool as Pool, Transaction, migrate::Migrator,
    sqlite::SqliteRow as DbRow,
};
use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

pub use convert::Step;
pub(crate) use making::Making;
pub use past::Past;
pub use restored::RestoredMark;
pub use salvage::{Rescue, Salvaged, salvage};

type Db = Sqlite;
type Own = SqliteStore;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations/sqlite");

/// Marks a database file as ours ("RDRS").
const APPLICATION: i64 = 0x5244_5253;
/// A store in one folder.
#[derive(Debug)]
pub struct SqliteStore {
    dir: PathBuf,
    readers: Pool,
    writer: Pool,
    training: bool,
    /// The schema as it was when the folder was opened; see [`schema::count`].
    schema: i64,
    /// Appends to the streams of the house so far; whoever folded them looks here whether there are more.
    house: AtomicI64,
    teller: Teller,
    /// The disk was full, and nobody has seen room there since.
    cramped: AtomicBool,
    /// When something failed below SQLite: readers of before are thrown away.
    failures: Failures,
    /// Whether damage was seen, and what is kept in memory since.
    apart: Apart,
    /// What the log was walked for.
    walked: Walked,
    /// What the folder is encrypted with.
    sealed: Option<(DataKey, Marker)>,
    lock: Arc<folder::Lock>,
}

/// A commit of which it is not known how it ended, because it failed or nobody waited for its end: when it is dropped
/// before it is `known`, whoever keeps something in memory reads it again.
struct Unsure<'a> {
    store: &'a SqliteStore,
    known: bool,
}

impl Drop for Unsure<'_> {
    fn drop(&mut self) {
        if !self.known {
            self.store.house.fetch_add(1, Ordering::Relaxed);
            self.store.teller.tell(Notice::Missed);
        }
    }
}

impl SqliteStore {
    /// Whether a folder holds a store.
    pub fn exists(dir: &Path) -> bool {
        dir.join(folder::DATABASE).exists()
    }

    /// The marker of an encrypted folder; none where there is no database or a plain one.
    ///
    /// # Errors
    /// `DamagedFolder`, `DamagedKeyFile`, `NewerVersion`.
    pub fn marker(dir: &Path) -> Result<Option<Marker>, StoreError> {
        match Self::exists(dir) {
            true => folder::marker(dir),
            false => Ok(None),
        }
    }

    /// What a folder was encrypted with, also where its database is damaged or missing: what is restored there, or
    /// brought out of it, is encrypted as well.
    pub fn marker_as_it_was(dir: &Path) -> Option<Marker> {
        match Self::exists(dir) {
            true => folder::marker(dir).ok().flatten(),
            false => Marker::read(dir).ok().flatten(),
        }
    }

    /// Begins writing; there is one writer.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Db>, StoreError> {
        self.apart.may_write()?;
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        // Somebody changed the schema while the folder is open.
        if schema::count(&mut tx).await? != self.schema {
            StoreError::schema_differs(&schema::differences(&mut tx).await?)?;
        }
        Ok(tx)
    }

    /// One moment of the database, whatever is written meanwhile.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, Db>, StoreError> {
        Ok(self.readers.begin().await?)
    }

    async fn finish(
        &self,
        mut tx: Transaction<'static, Db>,
        change: Change,
        erased: bool,
    ) -> Result<(), StoreError> {
        if erased {
            dialect::forget(&mut tx).await?;
        }
        let mut unsure = Unsure {
            store: self,
            known: false,
        };
        tx.commit().await?;
        unsure.known = true;
        if change.of_house() {
            self.house.fetch_add(1, Ordering::Relaxed);
        }
        self.teller.tell(Notice::Changed(change));
        if erased {
            dialect::settle(&self.writer).await?;
        }
        Ok(())
    }

    /// The same failure with what this store knows of its disk, which it remembers to have been full.
    pub(crate) fn explain(&self, e: StoreError) -> StoreError {
        let e = room::explain(&self.dir, e);
        if matches!(e, StoreError::DiskFull { .. }) {
            self.cramped.store(true, Ordering::Relaxed);
        }
        let below = matches!(
            e,
            StoreError::DiskFull { .. } | StoreError::DiskFailed { .. } | StoreError::OutOfMemory
        );
        if below {
            self.failures.note();
        }
        e
    }

    /// Writes the number that stands there already: a page in the log file, synced like any other.
    async fn try_writing(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let same: i64 = sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&mut *tx)
            .await?;
        dialect::mark(&mut tx, same).await?;
        tx.commit().await?;
        // That page may fit into a file that has its size already.
        if self.cramped.load(Ordering::Relaxed) {
            room::trial(&self.dir)?;
            self.cramped.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    async fn say(&self, note: &str) -> Result<(), StoreError> {
        self.teller.tell(Notice::said(note)?);
        Ok(())
    }

    async fn read_house_version(&self) -> Result<i64, StoreError> {
        Ok(self.house.load(Ordering::Relaxed))
    }

    async fn projections(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&self.readers)
            .await?)
    }

    async fn pack(&self, seal: &Seal, out: Box<dyn Write + Send>) -> Result<Backup, StoreError> {
        backup::create(&self.writer, &self.dir, self.key(), seal.clone(), out).await
    }

    fn copies_beside(&self) -> Vec<String> {
        folder::copies(&self.dir)
    }

    /// Removes the older copies beside the database, which hold what is to be erased; answers those that could not be.
    pub fn remove_safety_copies(&self) -> Vec<String> {
        folder::remove_safety_copies(&self.dir)
    }

    fn readers(&self) -> &Pool {
        &self.readers
    }

    fn writer(&self) -> &Pool {
        &self.writer
    }

    fn walked(&self) -> &Walked {
        &self.walked
    }

    /// What is kept in memory; none while the file is written.
    fn apart(&self) -> Option<&Apart> {
        Some(&self.apart).filter(|a| a.damaged())
    }

    fn lists(&self) -> Option<Arc<Lists>> {
        self.apart()?.lists()
    }

    fn may_write(&self) -> Result<(), StoreError> {
        self.apart.may_write()
    }

    fn training(&self) -> bool {
        self.training
    }

    fn teller(&self) -> &Teller {
        &self.teller
    }

    /// The key of an encrypted folder.
    pub fn key(&self) -> Option<&DataKey> {
        self.sealed.as_ref().map(|(key, _)| key)
    }

    /// Whether the folder is encrypted, and whether a recovery phrase was made.
    pub fn at_rest(&self) -> (bool, bool) {
        let Some((_, opened)) = &self.sealed else {
            return (false, false);
        };
        let kept = Marker::read(&self.dir).ok().flatten();
        (true, kept.as_ref().unwrap_or(opened).has_phrase())
    }

    /// Seals the key by another recovery phrase; the one before opens the folder no longer. Takes some tenths of a second.
    ///
    /// # Errors
    /// `KeyNeeded` where the folder is not encrypted.
    pub fn reseal(&self, phrase: &Phrase) -> Result<(), StoreError> {
        let (key, marker) = self.sealed.as_ref().ok_or(StoreError::KeyNeeded)?;
        marker.sealed(key, phrase)?.keep(&self.dir)
    }

    /// Closes every connection; the folder can then be opened by another.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Restores a backup into a folder; an encrypted one stays so, by the same key.
    ///
    /// # Errors
    /// `NotABackup`, `WrongPassphrase`, `BackupKeyNeeded`, `BackupDamaged`, `FolderInUse`, `KeyNeeded`, `KeyUnfit`.
    pub async fn restore(
        sealed: impl Read + Send + 'static,
        opening: Opening,
        dir: &Path,
        key: Option<&DataKey>,
    ) -> Result<Restored, StoreError> {
        Self::restore_by(sealed, opening, dir, key, "").await
    }

    /// The same, and keeps who did: user and machine.
    ///
    /// # Errors
    /// Those of [`SqliteStore::restore`].
    pub async fn restore_by(
        sealed: impl Read + Send + 'static,
        opening: Opening,
        dir: &Path,
        key: Option<&DataKey>,
        by: &str,
    ) -> Result<Restored, StoreError> {
        let done = backup::restore(Box::new(sealed), opening, dir, key, by).await;
        done.map_err(|e| room::explain(dir, e))
    }

    /// The folder was restored, and its log does not say so yet.
    pub fn restored(&self) -> Option<RestoredMark> {
        restored::read(&self.dir)
    }

    /// The log says so now, or never will.
    pub fn restored_noted(&self) {
        restored::clear(&self.dir);
    }
}
