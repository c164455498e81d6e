//! Making and opening a folder: connections, migrations, and reading past damage.

use super::{
    APPLICATION, Connection, MIGRATIONS, Making, Pool, SqliteStore,
    connections::{self, Failures},
    convert,
    damaged::{self, Verdict},
    dialect, folder, making, room,
    schema::{self, Stands},
    sql::{self, whole::Whole},
};
use crate::{
    Append, DataKey, Marker, Store, StoreError, at_rest::keyed, damage::Apart, notice::Teller,
    private, walked::Walked,
};
use sqlx::{
    Connection as _,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64},
    },
};

const READERS: u32 = 4;

pub(super) fn options(dir: &Path, key: Option<&DataKey>) -> SqliteConnectOptions {
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
pub(super) fn past_damage(dir: &Path, key: Option<&DataKey>) -> SqliteConnectOptions {
    // Nothing is asked of the file before that.
    schema::wary(keyed(SqliteConnectOptions::new(), key))
        .filename(dir.join(folder::DATABASE))
        .pragma("writable_schema", "ON")
        .read_only(true)
        .busy_timeout(std::time::Duration::from_secs(10))
}

impl SqliteStore {
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

    pub(super) async fn connect(
        dir: &Path,
        lock: Arc<folder::Lock>,
        new: bool,
        sealed: Option<(DataKey, Marker)>,
    ) -> Result<Self, StoreError> {
        let key = sealed.as_ref().map(|(key, _)| key);
        let failures = Failures::default();
        let writer = Self::writing(options(dir, key).create_if_missing(new)).await?;
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
        match Self::believed(stands, dir, key).await {
            Ok(true) => {}
            Ok(false) => apart.mark(),
            Err(e) => {
                readers.close().await;
                writer.close().await;
                return Err(e);
            }
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

    /// The one connection that writes.
    async fn writing(ours: SqliteConnectOptions) -> Result<Pool, StoreError> {
        // What the last one left to be recovered takes as long as the disk takes: a pool gives up after half a minute, and
        // whoever only waited for a slow disk was told that another program holds the file.
        let first = Connection::connect_with(&ours).await?;
        // The writer is kept: with the last connection the file of shared memory would go, and one that can only be read
        // for want of file handles stays so.
        let writer = connections::pool(ours, 1, Failures::default()).await;
        // It wrote nothing, and the next one has the file open.
        let _ = first.close().await;
        writer
    }

    /// Whether a file as it stands may be written; one that is damaged is only read.
    async fn believed(
        stands: Stands,
        dir: &Path,
        key: Option<&DataKey>,
    ) -> Result<bool, StoreError> {
        match stands {
            Stands::Whole => Ok(true),
            Stands::Differs => Ok(false),
            // A disk that fails, or memory that is short, looks the same for a moment.
            Stands::Unread => match damaged::look(dir, key).await {
                Verdict::Damaged => Ok(false),
                other => Err(other.refusal()),
            },
        }
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
        // There is a first one, at least.
        let newest = MIGRATIONS.iter().map(|m| m.version).max();
        let newest = newest.unwrap_or_default();
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
        let body = match body {
            Err(e) if sql::tolerant::damage(&e) => None,
            read => read?,
        };
        // An office whose first event is lost, or no JSON, is a real one.
        let body: serde_json::Value = body
            .and_then(|b| serde_json::from_str(&b).ok())
            .unwrap_or_default();
        Ok(body["training"].as_bool().unwrap_or(false))
    }
}
