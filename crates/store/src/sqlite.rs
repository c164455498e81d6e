//! The store on SQLite: one folder, one owner, WAL and full synchronisation.

mod backup;
mod connections;
mod convert;
mod damaged;
mod dialect;
mod envelope;
mod folder;
mod making;
mod past;
mod restored;
mod room;
mod salvage;
mod schema;
#[path = "sql/mod.rs"]
mod sql;

use crate::{
    Append, Backup, DataKey, Marker, Phrase, Restored, Store, StoreError,
    apart::Apart,
    at_rest::keyed,
    notice::{Change, Notice, Teller},
    private,
    sparse::Lists,
    walked::Walked,
};
use connections::Failures;
use damaged::Verdict;
use schema::Stands;
use sql::whole::Whole;
use sqlx::{
    Connection as _, Sqlite, SqliteConnection as Connection, SqlitePool as Pool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow as DbRow, SqliteSynchronous},
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
pub use envelope::{BackupKey, Opening, Seal};
pub(crate) use making::Making;
pub use past::Past;
pub use restored::RestoredMark;
pub use salvage::{Rescue, Salvaged, salvage};

type Db = Sqlite;
type Own = SqliteStore;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations/sqlite");

/// Marks a database file as ours ("RDRS").
const APPLICATION: i64 = 0x5244_5253;
const READERS: u32 = 4;

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

fn options(dir: &Path, key: Option<&DataKey>) -> SqliteConnectOptions {
    schema::wary(keyed(SqliteConnectOptions::new(), key))
        .filename(dir.join(folder::DATABASE))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What is erased is overwritten, not only unlinked (G10).
        .pragma("secure_delete", "ON")
        .pragma("cache_size", "-32768")
        .busy_timeout(std::time::Duration::from_secs(10))
}

/// Connections that read, and read on where a file is shorter than it says or a part of its table of contents is not
/// understood. SQLite has one word for that, which also lets one write there; these cannot write at all.
fn past_damage(dir: &Path, key: Option<&DataKey>) -> SqliteConnectOptions {
    // Nothing is asked of the file before that.
    schema::wary(keyed(SqliteConnectOptions::new(), key))
        .filename(dir.join(folder::DATABASE))
        .pragma("writable_schema", "ON")
        .read_only(true)
        .busy_timeout(std::time::Duration::from_secs(10))
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

    /// Makes a new folder with its first events.
    ///
    /// # Errors
    /// `FolderNotEmpty`, `NetworkShare`, `FolderInUse`, `DiskFull`. A folder that could not be finished is left as it was.
    pub async fn create(dir: &Path, owner: &str, genesis: Vec<Append>) -> Result<Self, StoreError> {
        Self::create_with(dir, owner, genesis, None).await
    }

    /// The same, encrypted where a key and its marker are given.
    ///
    /// # Errors
    /// Those of [`SqliteStore::create`].
    pub async fn create_with(
        dir: &Path,
        owner: &str,
        genesis: Vec<Append>,
        sealed: Option<(DataKey, Marker)>,
    ) -> Result<Self, StoreError> {
        let made = async {
            let making = Making::begin(dir, owner, sealed).await?;
            match making.store().append(genesis).await {
                Ok(()) => {
                    let mut store = making.done().await?;
                    store.training = store.read_training().await?;
                    Ok(store)
                }
                Err(e) => {
                    making.give_up().await;
                    Err(e)
                }
            }
        };
        made.await.map_err(|e| room::explain(dir, e))
    }

    /// A new folder into which a house is copied; what is derived is then written when it is opened.
    pub(crate) async fn blank(
        dir: &Path,
        owner: &str,
        sealed: Option<(DataKey, Marker)>,
    ) -> Result<Making, StoreError> {
        let making = Making::begin(dir, owner, sealed).await?;
        let marked = async { dialect::mark(&mut *making.store().writer.acquire().await?, 0).await };
        match marked.await {
            Ok(()) => Ok(making),
            Err(e) => {
                making.give_up().await;
                Err(room::explain(dir, e))
            }
        }
    }

    /// Takes away a database that could not be finished.
    pub(crate) fn remove(dir: &Path) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(dir.join(format!("{}{suffix}", folder::DATABASE)));
        }
        Marker::remove(dir);
    }

    /// Opens a folder that is not encrypted.
    ///
    /// # Errors
    /// `ForeignFolder`, `DamagedFolder`, `NewerVersion`, `NetworkShare`, `FolderInUse`, `KeyNeeded`.
    pub async fn open(dir: &Path, owner: &str) -> Result<Self, StoreError> {
        Self::open_with(dir, owner, None).await
    }

    /// Opens a folder; the key counts where it is encrypted.
    ///
    /// # Errors
    /// Those of [`SqliteStore::open`], and `KeyUnfit`.
    pub async fn open_with(
        dir: &Path,
        owner: &str,
        key: Option<&DataKey>,
    ) -> Result<Self, StoreError> {
        if !Self::exists(dir) {
            return Err(StoreError::ForeignFolder);
        }
        let opened = async {
            let lock = folder::lock(dir, owner)?;
            private::mend_and_say(dir);
            convert::clear(dir);
            making::clear(dir);
            folder::clear_leftovers(dir);
            let sealed = match (folder::marker(dir)?, key) {
                (None, _) => None,
                (Some(_), None) => return Err(StoreError::KeyNeeded),
                (Some(marker), Some(key)) if marker.fits(key) => Some((key.clone(), marker)),
                (Some(_), Some(_)) => return Err(StoreError::KeyUnfit),
            };
            let mut store = Self::open_as_far(dir, Arc::new(lock), sealed).await?;
            store.finish_converting().await;
            store.training = store.read_training().await?;
            Ok(store)
        };
        opened.await.map_err(|e| room::explain(dir, e))
    }

    async fn connect(
        dir: &Path,
        lock: Arc<folder::Lock>,
        new: bool,
        sealed: Option<(DataKey, Marker)>,
    ) -> Result<Self, StoreError> {
        let key = sealed.as_ref().map(|(key, _)| key);
        let failures = Failures::default();
        let ours = options(dir, key).create_if_missing(new);
        // What the last one left to be recovered takes as long as the disk takes: a pool gives up after half a minute, and
        // whoever only waited for a slow disk was told that another program holds the file.
        let first = Connection::connect_with(&ours).await?;
        // The writer is kept: with the last connection the file of shared memory would go, and one that can only be read
        // for want of file handles stays so.
        let writer = connections::pool(ours, 1, Failures::default()).await;
        // It wrote nothing, and the next one has the file open.
        let _ = first.close().await;
        let writer = writer?;
        let ready = async {
            let stands = Self::prepare(&writer, dir, new).await?;
            let schema = schema::count(&mut *writer.acquire().await?).await?;
            let ours = options(dir, key).read_only(true);
            let readers = connections::pool(ours, READERS, failures.clone()).await?;
            Ok((readers, schema, stands))
        };
        let (readers, schema, stands) = match ready.await {
            Ok(both) => both,
            Err(e) => {
                // One that ends later might take away the files of whoever comes next.
                writer.close().await;
                return Err(e);
            }
        };
        let apart = Apart::default();
        match stands {
            Stands::Whole => {}
            Stands::Differs => apart.mark(),
            // A disk that fails, or memory that is short, looks the same for a moment.
            Stands::Unread => match damaged::look(dir, key).await {
                Verdict::Damaged => apart.mark(),
                other => {
                    readers.close().await;
                    writer.close().await;
                    return Err(other.refusal());
                }
            },
        }
        Ok(Self {
            dir: dir.to_owned(),
            readers,
            writer,
            training: true,
            schema,
            house: AtomicI64::new(0),
            teller: Teller::default(),
            cramped: AtomicBool::new(false),
            failures,
            apart,
            walked: Walked::default(),
            sealed,
            lock,
        })
    }

    /// Opens a database also where some of it is damaged, for reading.
    async fn open_as_far(
        dir: &Path,
        lock: Arc<folder::Lock>,
        sealed: Option<(DataKey, Marker)>,
    ) -> Result<Self, StoreError> {
        let again = Arc::clone(&lock);
        match Self::connect(dir, lock, false, sealed.clone()).await {
            Err(StoreError::DamagedFolder) => {
                let key = sealed.as_ref().map(|(key, _)| key);
                match damaged::look(dir, key).await {
                    Verdict::Damaged => Self::read_past(dir, again, sealed).await,
                    other => Err(other.refusal()),
                }
            }
            opened => opened,
        }
    }

    /// Opens a file that SQLite does not take as it is, e.g. because it was cut off: by connections that only read.
    async fn read_past(
        dir: &Path,
        lock: Arc<folder::Lock>,
        sealed: Option<(DataKey, Marker)>,
    ) -> Result<Self, StoreError> {
        let key = sealed.as_ref().map(|(key, _)| key);
        let failures = Failures::default();
        let readers = connections::pool(past_damage(dir, key), READERS, failures.clone()).await?;
        let stands = async {
            let id: i64 = sqlx::query_scalar("PRAGMA application_id")
                .fetch_one(&readers)
                .await?;
            schema::stands(&readers, id == APPLICATION).await
        };
        if let Err(e) = stands.await {
            readers.close().await;
            return Err(e);
        }
        let apart = Apart::default();
        apart.mark();
        Ok(Self {
            dir: dir.to_owned(),
            writer: connections::pool(past_damage(dir, key), 1, Failures::default()).await?,
            readers,
            training: true,
            schema: 0,
            house: AtomicI64::new(0),
            teller: Teller::default(),
            cramped: AtomicBool::new(false),
            failures,
            apart,
            walked: Walked::default(),
            sealed,
            lock,
        })
    }

    /// Brings the tables to this version; a damaged file stays as it is.
    async fn prepare(writer: &Pool, dir: &Path, new: bool) -> Result<Stands, StoreError> {
        if new {
            sqlx::query("PRAGMA application_id = 1380209235")
                .execute(writer)
                .await?;
            dialect::mark(&mut *writer.acquire().await?, sql::PROJECTIONS).await?;
        } else {
            let id: i64 = sqlx::query_scalar("PRAGMA application_id")
                .fetch_one(writer)
                .await?;
            match schema::stands(writer, id == APPLICATION).await? {
                Stands::Whole => Self::before_migrating(writer, dir).await?,
                damaged => return Ok(damaged),
            }
        }
        let migrated = MIGRATIONS.run(writer).await;
        migrated.map_err(|e| match e {
            sqlx::migrate::MigrateError::VersionMissing(_) => StoreError::NewerVersion,
            sqlx::migrate::MigrateError::Execute(e) => e.into(),
            other => StoreError::Internal(other.to_string()),
        })?;
        Ok(Stands::Whole)
    }

    /// A copy is kept before a migration touches the file.
    async fn before_migrating(writer: &Pool, dir: &Path) -> Result<(), StoreError> {
        let done: i64 =
            sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations")
                .fetch_one(writer)
                .await?;
        let newest = MIGRATIONS
            .iter()
            .map(|m| m.version)
            .max()
            .unwrap_or_default();
        if done < newest {
            let copy = dir.join(format!("before-migration-{newest}.db"));
            // Half a copy, also of a start that was cut off, is none and stands in nobody's way.
            let half = dir.join(folder::BEFORE_MIGRATING);
            folder::empty(&half)?;
            let copied = sqlx::query("VACUUM INTO $1")
                .bind(half.to_string_lossy().into_owned())
                .execute(writer)
                .await;
            let whole = match copied {
                Ok(_) => std::fs::File::open(&half)
                    .and_then(|file| file.sync_all())
                    .and_then(|()| std::fs::rename(&half, &copy))
                    .map_err(StoreError::from),
                Err(e) => Err(e.into()),
            };
            if whole.is_err() {
                let _ = std::fs::remove_file(&half);
            }
            whole?;
        }
        Ok(())
    }

    async fn read_training(&self) -> Result<bool, StoreError> {
        let body = sqlx::query("SELECT body FROM event WHERE pos = 1 AND kind = 'genesis'");
        let body = body.maybe_value::<String, _>(&self.readers).await;
        let body = match body.map_err(StoreError::from) {
            Err(e) if sql::tolerant::damage(&e) => None,
            read => read?,
        };
        // An office whose first event is lost is a real one.
        let body: serde_json::Value = body
            .and_then(|b| serde_json::from_str(&b).ok())
            .unwrap_or_default();
        Ok(body["training"].as_bool().unwrap_or(false))
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
