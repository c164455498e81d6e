//! The store on PostgreSQL: several hosts side by side on one database.
//!
//! What keeps them together is the database: one of them appends at a time (an advisory lock), so that the chain has
//! one order, and each tells the others of it (LISTEN and NOTIFY).

mod address;
mod dialect;
mod listen;
mod prepare;
mod schema;
#[path = "sql/mod.rs"]
mod sql;

use crate::{
    Append, Backup, DataKey, Marker, Progress, Seal, SqliteStore, Store, StoreError,
    damage::{Apart, Lists},
    notice::{Change, Notice, Teller},
    tables,
    walked::Walked,
};
pub use address::Address;

use sqlx::{
    PgConnection as Connection, PgPool as Pool, Postgres, Transaction,
    postgres::{PgPoolOptions, PgRow as DbRow},
};
use std::{io::Write, sync::Arc, time::Duration};
use tokio::task::JoinHandle;

type Db = Postgres;
type Own = PostgresStore;

/// Connections of one host for reading side by side, and one that listens.
const CONNECTIONS: u32 = 9;
/// Connections of one host for appending: one whose turn it is, one that is ready. Whoever waits for a turn takes none
/// from those who read.
const APPENDING: u32 = 2;
/// A turn is waited for no longer.
const TURN_PATIENCE: Duration = Duration::from_secs(30);
/// A server that does not answer for so long is said to be away.
const PATIENCE: Duration = Duration::from_secs(5);
/// Whoever holds this lock appends ("RDRS").
const TURN: i64 = 0x5244_5253;

/// A store in a database that other hosts may share.
#[derive(Debug)]
pub struct PostgresStore {
    pool: Pool,
    appending: Pool,
    training: bool,
    teller: Teller,
    listening: JoinHandle<()>,
    walked: Walked,
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl PostgresStore {
    /// Makes or brings up to date the tables as their owner, and grants the host's role what it needs and no more.
    ///
    /// # Errors
    /// `DatabaseAway`, `DatabaseRefused`, `DatabaseAddress`, `DatabaseRoleUnknown`, `NewerVersion`.
    pub async fn prepare(owner: &Address, role: &str) -> Result<(), StoreError> {
        prepare::run(owner, role).await
    }

    /// Writes the first events into a prepared database that holds none.
    ///
    /// # Errors
    /// `DatabaseNotEmpty`, `DatabaseUnprepared`, `DatabaseAway`, `DatabaseRefused`.
    pub async fn create(at: &Address, genesis: Vec<Append>) -> Result<Self, StoreError> {
        let mut store = Self::connect(at).await?;
        if store.begun().await? {
            return Err(StoreError::DatabaseNotEmpty);
        }
        match store.append(genesis).await {
            // Another host was set up at the same moment.
            Err(StoreError::Changed) => return Err(StoreError::DatabaseNotEmpty),
            done => done?,
        }
        dialect::mark(&mut *store.pool.acquire().await?, sql::PROJECTIONS).await?;
        store.training = store.read_training().await?;
        Ok(store)
    }

    /// Opens a database that holds a house. It is never changed by opening: `prepare` does that.
    ///
    /// # Errors
    /// `DatabaseUnprepared`, `NewerVersion`, `DatabaseAway`, `DatabaseRefused`, `DatabaseAddress`.
    pub async fn open(at: &Address) -> Result<Self, StoreError> {
        let mut store = Self::connect(at).await?;
        store.training = store.read_training().await?;
        Ok(store)
    }

    /// Opens a prepared database where it holds a house.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn find(at: &Address) -> Result<Option<Self>, StoreError> {
        let mut store = Self::connect(at).await?;
        if !store.begun().await? {
            store.close().await;
            return Ok(None);
        }
        store.training = store.read_training().await?;
        Ok(Some(store))
    }

    /// Connects to a prepared database, whatever it holds.
    pub(crate) async fn connect(at: &Address) -> Result<Self, StoreError> {
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(at.options()?)
            .await?;
        prepare::check(&pool).await?;
        let appending = PgPoolOptions::new()
            .max_connections(APPENDING)
            .acquire_timeout(TURN_PATIENCE)
            .connect_lazy_with(at.options()?);
        let teller = Teller::default();
        let listening = listen::start(&pool, teller.clone()).await?;
        Ok(Self {
            pool,
            appending,
            training: true,
            teller,
            listening,
            walked: Walked::known(),
        })
    }

    async fn begun(&self) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM event)";
        Ok(sqlx::query_scalar(sql).fetch_one(&self.pool).await?)
    }

    async fn read_training(&self) -> Result<bool, StoreError> {
        let sql = "SELECT body FROM event WHERE pos = 1 AND kind = 'genesis'";
        let body: Option<String> = sqlx::query_scalar(sql).fetch_optional(&self.pool).await?;
        let body = body.ok_or(StoreError::DamagedFolder)?;
        let body: serde_json::Value = serde_json::from_str(&body)?;
        Ok(body["training"].as_bool().unwrap_or(false))
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.listening.abort();
        self.appending.close().await;
        self.pool.close().await;
    }

    /// Begins writing: waits for its turn among all hosts.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Db>, StoreError> {
        let mut tx = self.appending.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(TURN)
            .execute(&mut *tx)
            .await?;
        Ok(tx)
    }

    /// One moment of the database, whatever is written meanwhile.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, Db>, StoreError> {
        let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Ok(self.pool.begin_with(sql).await?)
    }

    /// Ends a copy: other hosts read the house, and whoever opens it writes anew what is derived.
    pub(crate) async fn settle_in(
        &self,
        mut tx: Transaction<'static, Db>,
    ) -> Result<(), StoreError> {
        dialect::mark(&mut tx, 0).await?;
        dialect::house_changed(&mut tx).await?;
        listen::notify(&mut tx, &Notice::Missed).await?;
        Ok(tx.commit().await?)
    }

    async fn finish(
        &self,
        mut tx: Transaction<'static, Db>,
        change: Change,
        _erased: bool,
    ) -> Result<(), StoreError> {
        if change.of_house() {
            dialect::house_changed(&mut tx).await?;
        }
        listen::notify(&mut tx, &Notice::Changed(change)).await?;
        Ok(tx.commit().await?)
    }

    /// Writes a number that stands there already.
    async fn try_writing(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE meta SET value = value WHERE key = 'projections'")
            .execute(&self.appending)
            .await?;
        Ok(())
    }

    async fn say(&self, note: &str) -> Result<(), StoreError> {
        let said = Notice::said(note)?;
        listen::notify(&mut *self.pool.acquire().await?, &said).await
    }

    async fn read_house_version(&self) -> Result<i64, StoreError> {
        let sql = "SELECT value FROM meta WHERE key = 'house'";
        Ok(sqlx::query_scalar(sql).fetch_one(&self.pool).await?)
    }

    async fn projections(&self) -> Result<i64, StoreError> {
        let sql = "SELECT value FROM meta WHERE key = 'projections'";
        Ok(sqlx::query_scalar(sql).fetch_one(&self.pool).await?)
    }

    /// A backup is one format, whichever the database: a folder is made for it and packed.
    async fn pack(&self, seal: &Seal, out: Box<dyn Write + Send>) -> Result<Backup, StoreError> {
        let room = Room::new()?;
        let folder = room.0.join("office");
        // What lies on this disk meanwhile is encrypted by a key that nobody keeps.
        let key = DataKey::random()?;
        let sealed = Some((key.clone(), Marker::new(&key)));
        let done = async {
            let store = SqliteStore::blank(&folder, "backup", sealed).await?;
            let packed = self.pack_into(store.store(), seal, out).await;
            // On Windows an open file stays, and with it the folder and all that is in it.
            store.give_up().await;
            packed
        };
        done.await
    }

    async fn pack_into(
        &self,
        store: &SqliteStore,
        seal: &Seal,
        out: Box<dyn Write + Send>,
    ) -> Result<Backup, StoreError> {
        let mut from = self.snapshot().await?;
        let mut to = store.begin().await?;
        tables::carry(&mut *from, &mut *to, &Progress::default()).await?;
        to.commit().await?;
        store.backup(seal, out).await
    }

    fn copies_beside(&self) -> Vec<String> {
        vec![]
    }

    fn readers(&self) -> &Pool {
        &self.pool
    }

    /// A server looks after its own indexes.
    fn walked(&self) -> &Walked {
        &self.walked
    }

    fn writer(&self) -> &Pool {
        &self.pool
    }

    /// The server looks after its own disk: a database is never only read.
    fn apart(&self) -> Option<&Apart> {
        None
    }

    fn lists(&self) -> Option<Arc<Lists>> {
        None
    }

    fn may_write(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn training(&self) -> bool {
        self.training
    }

    fn teller(&self) -> &Teller {
        &self.teller
    }
}

/// A folder that nobody else may read, gone when it is let go of.
struct Room(std::path::PathBuf);

impl Room {
    fn new() -> Result<Self, StoreError> {
        let path = std::env::temp_dir().join(format!("redress-{}", uuid::Uuid::now_v7()));
        let builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        let builder = {
            let mut own = builder;
            std::os::unix::fs::DirBuilderExt::mode(&mut own, 0o700);
            own
        };
        builder.create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
