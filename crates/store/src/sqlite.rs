//! The store on SQLite: one folder, one owner, WAL and full synchronisation.

mod backup;
mod dialect;
mod folder;
mod schema;
#[path = "sql/mod.rs"]
mod sql;

use crate::{
    Append, Store, StoreError,
    notice::{Change, Notice, Teller},
};
use sqlx::{
    Sqlite, SqliteConnection as Connection, SqlitePool as Pool, Transaction,
    migrate::Migrator,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow as DbRow,
        SqliteSynchronous,
    },
};
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicI64, Ordering},
};

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
    _lock: folder::Lock,
}

fn options(dir: &Path) -> SqliteConnectOptions {
    schema::wary(SqliteConnectOptions::new())
        .filename(dir.join(folder::DATABASE))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What is erased is overwritten, not only unlinked (G10).
        .pragma("secure_delete", "ON")
        .pragma("cache_size", "-32768")
        .busy_timeout(std::time::Duration::from_secs(10))
}

impl SqliteStore {
    /// Whether a folder holds a store.
    pub fn exists(dir: &Path) -> bool {
        dir.join(folder::DATABASE).exists()
    }

    /// Makes a new folder with its first events.
    ///
    /// # Errors
    /// `FolderNotEmpty`, `NetworkShare`, `FolderInUse`, `DiskFull`. A folder that could not be finished is left as it was.
    pub async fn create(dir: &Path, owner: &str, genesis: Vec<Append>) -> Result<Self, StoreError> {
        let made = async {
            let store = Self::fresh(dir, owner).await?;
            store.append(genesis).await?;
            Ok(store)
        };
        match made.await {
            Ok(mut store) => {
                store.training = store.read_training().await?;
                Ok(store)
            }
            // What was there already is somebody's.
            Err(e @ (StoreError::FolderNotEmpty | StoreError::FolderInUse { .. })) => Err(e),
            Err(e) => {
                Self::remove(dir);
                Err(e)
            }
        }
    }

    /// A new folder into which a house is copied; what is derived is then written when it is opened.
    pub(crate) async fn blank(dir: &Path, owner: &str) -> Result<Self, StoreError> {
        let store = Self::fresh(dir, owner).await?;
        dialect::mark(&mut *store.writer.acquire().await?, 0).await?;
        Ok(store)
    }

    async fn fresh(dir: &Path, owner: &str) -> Result<Self, StoreError> {
        std::fs::create_dir_all(dir)?;
        // A host that waits for its first run keeps its certificate here already.
        let ours = |name: &str| name.starts_with("redress.") || name == "host";
        let foreign = std::fs::read_dir(dir)?
            .filter_map(Result::ok)
            .any(|e| !ours(&e.file_name().to_string_lossy()));
        if foreign || Self::exists(dir) {
            return Err(StoreError::FolderNotEmpty);
        }
        let lock = folder::lock(dir, owner)?;
        Self::connect(dir, lock, true).await
    }

    /// Takes away a database that could not be finished.
    pub(crate) fn remove(dir: &Path) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(dir.join(format!("{}{suffix}", folder::DATABASE)));
        }
    }

    /// Opens a folder.
    ///
    /// # Errors
    /// `ForeignFolder`, `DamagedFolder`, `NewerVersion`, `NetworkShare`, `FolderInUse`.
    pub async fn open(dir: &Path, owner: &str) -> Result<Self, StoreError> {
        if !Self::exists(dir) {
            return Err(StoreError::ForeignFolder);
        }
        let lock = folder::lock(dir, owner)?;
        folder::check_header(dir)?;
        let mut store = Self::connect(dir, lock, false).await?;
        store.training = store.read_training().await?;
        Ok(store)
    }

    async fn connect(dir: &Path, lock: folder::Lock, new: bool) -> Result<Self, StoreError> {
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options(dir).create_if_missing(new))
            .await?;
        if new {
            sqlx::query("PRAGMA application_id = 1380209235")
                .execute(&writer)
                .await?;
            dialect::mark(&mut *writer.acquire().await?, sql::PROJECTIONS).await?;
        } else {
            let id: i64 = sqlx::query_scalar("PRAGMA application_id")
                .fetch_one(&writer)
                .await?;
            if id != APPLICATION {
                return Err(StoreError::ForeignFolder);
            }
            schema::check(&writer).await?;
            Self::before_migrating(&writer, dir).await?;
        }
        MIGRATIONS.run(&writer).await.map_err(|e| match e {
            sqlx::migrate::MigrateError::VersionMissing(_) => StoreError::NewerVersion,
            sqlx::migrate::MigrateError::Execute(e) => e.into(),
            other => StoreError::Internal(other.to_string()),
        })?;
        let schema = schema::count(&mut *writer.acquire().await?).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options(dir).read_only(true))
            .await?;
        Ok(Self {
            dir: dir.to_owned(),
            readers,
            writer,
            training: true,
            schema,
            house: AtomicI64::new(0),
            teller: Teller::default(),
            _lock: lock,
        })
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
            sqlx::query("VACUUM INTO $1")
                .bind(copy.to_string_lossy().into_owned())
                .execute(writer)
                .await?;
        }
        Ok(())
    }

    async fn read_training(&self) -> Result<bool, StoreError> {
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM event WHERE pos = 1 AND kind = 'genesis'")
                .fetch_optional(&self.readers)
                .await?;
        let body = body.ok_or(StoreError::DamagedFolder)?;
        let body: serde_json::Value = serde_json::from_str(&body)?;
        Ok(body["training"].as_bool().unwrap_or(false))
    }

    /// Begins writing; there is one writer.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Db>, StoreError> {
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
        tx.commit().await?;
        if change.of_house() {
            self.house.fetch_add(1, Ordering::Relaxed);
        }
        self.teller.tell(Notice::Changed(change));
        if erased {
            dialect::settle(&self.writer).await?;
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

    async fn pack(&self, passphrase: &str) -> Result<(Vec<u8>, String), StoreError> {
        backup::create(&self.writer, &self.dir, passphrase).await
    }

    fn copies_beside(&self) -> Vec<String> {
        folder::safety_copies(&self.dir)
    }

    fn readers(&self) -> &Pool {
        &self.readers
    }

    fn writer(&self) -> &Pool {
        &self.writer
    }

    fn training(&self) -> bool {
        self.training
    }

    fn teller(&self) -> &Teller {
        &self.teller
    }

    /// Closes every connection; the folder can then be opened by another.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Restores a backup into a folder.
    ///
    /// # Errors
    /// `NotABackup`, `WrongPassphrase`, `BackupDamaged`, `FolderInUse`.
    pub async fn restore(bytes: &[u8], passphrase: &str, dir: &Path) -> Result<(), StoreError> {
        backup::restore(bytes, passphrase, dir).await
    }
}
