//! The store on SQLite: one folder, one owner, WAL and full synchronisation.

use crate::{
    AccessRow, Append, AttachmentRow, CasePage, CaseProjection, CaseQuery, CaseRow, Change, Counts,
    Credential, Draft, EventFilter, Notice, Prints, Problem, Progress, Recorded, Report, Sent,
    Store, StoreError, Waiting, backup, case_rows, derived, erase, event_log, folder, kept, notice,
    verify,
};
use redress_domain::{
    event::{Event, EventBody},
    id::{AttachmentId, CaseId, DocumentId, PersonId},
};
use sqlx::{
    Row, SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::path::{Path, PathBuf};
use tokio::sync::broadcast;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Marks a database file as ours ("RDRS").
const APPLICATION: i64 = 0x5244_5253;
const READERS: u32 = 4;
/// Raised whenever the derived tables are written differently: older folders are then rebuilt when opened.
const PROJECTIONS: i64 = 3;

fn mark() -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("PRAGMA user_version = {PROJECTIONS}"))
}

/// A store in one folder.
#[derive(Debug)]
pub struct SqliteStore {
    dir: PathBuf,
    readers: SqlitePool,
    writer: SqlitePool,
    training: bool,
    told: broadcast::Sender<Notice>,
    _lock: folder::Lock,
}

fn options(dir: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
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
        std::fs::create_dir_all(dir)?;
        let foreign = std::fs::read_dir(dir)?
            .filter_map(Result::ok)
            .any(|e| !e.file_name().to_string_lossy().starts_with("redress."));
        if foreign || Self::exists(dir) {
            return Err(StoreError::FolderNotEmpty);
        }
        let lock = folder::lock(dir, owner)?;
        let made = async {
            let store = Self::connect(dir, lock, true).await?;
            store.append(genesis).await?;
            Ok(store)
        };
        match made.await {
            Ok(mut store) => {
                store.training = store.read_training().await?;
                Ok(store)
            }
            Err(e) => {
                for suffix in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(dir.join(format!("{}{suffix}", folder::DATABASE)));
                }
                Err(e)
            }
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
            sqlx::query(mark()).execute(&writer).await?;
        } else {
            let id: i64 = sqlx::query_scalar("PRAGMA application_id")
                .fetch_one(&writer)
                .await?;
            if id != APPLICATION {
                return Err(StoreError::ForeignFolder);
            }
            Self::before_migrating(&writer, dir).await?;
        }
        MIGRATIONS.run(&writer).await.map_err(|e| match e {
            sqlx::migrate::MigrateError::VersionMissing(_) => StoreError::NewerVersion,
            sqlx::migrate::MigrateError::Execute(e) => e.into(),
            other => StoreError::Internal(other.to_string()),
        })?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options(dir).read_only(true))
            .await?;
        Ok(Self {
            dir: dir.to_owned(),
            readers,
            writer,
            training: true,
            told: broadcast::channel(notice::WAITING).0,
            _lock: lock,
        })
    }

    /// A copy is kept before a migration touches the file.
    async fn before_migrating(writer: &SqlitePool, dir: &Path) -> Result<(), StoreError> {
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

type Answer<T> = Result<T, StoreError>;

impl Store for SqliteStore {
    async fn append(&self, all: Vec<Append>) -> Answer<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut erased = false;
        let mut change = Change::default();
        for one in &all {
            let first = event_log::write(&mut tx, one, self.training).await?;
            change.streams.push(one.stream.clone());
            change.pos = first - 1 + i64::try_from(one.events.len()).unwrap_or_default();
            kept::write(&mut tx, one).await?;
            if let Some(p) = &one.projection {
                case_rows::write(&mut tx, p).await?;
            }
            let disposed = |e: &crate::NewEvent| matches!(e.event.body, EventBody::Disposed { .. });
            if let Some(id) = one.stream.strip_prefix("case:")
                && one.events.iter().any(disposed)
            {
                erase::case(&mut tx, id).await?;
                erased = true;
            }
        }
        if erased {
            erase::search(&mut tx).await?;
        }
        tx.commit().await?;
        // Nobody may be listening.
        let _ = self.told.send(Notice::Changed(change));
        if erased {
            erase::settle(&self.writer).await?;
        }
        Ok(())
    }

    async fn sent(&self, key: &str) -> Answer<Option<Sent>> {
        kept::sent(&self.readers, key).await
    }

    fn notices(&self) -> broadcast::Receiver<Notice> {
        self.told.subscribe()
    }

    async fn announce(&self, said: &str) -> Answer<()> {
        let _ = self.told.send(Notice::Said(said.to_owned()));
        Ok(())
    }

    async fn stream_seq(&self, stream: &str) -> Answer<i64> {
        let sql = "SELECT coalesce(max(seq), 0) FROM event WHERE stream = $1";
        Ok(sqlx::query_scalar(sql)
            .bind(stream)
            .fetch_one(&self.readers)
            .await?)
    }

    async fn last_number(&self, procedure: &str, year: i32) -> Answer<i64> {
        kept::last_number(&self.readers, procedure, year).await
    }

    async fn case_events(&self, case: CaseId) -> Answer<Vec<Event>> {
        event_log::read(&self.readers, &format!("case:{case}")).await
    }

    async fn stream_events(&self, stream: &str) -> Answer<Vec<Event>> {
        event_log::read(&self.readers, stream).await
    }

    async fn events_below(&self, prefix: &str) -> Answer<Vec<Event>> {
        event_log::read_below(&self.readers, prefix).await
    }

    async fn events(&self, filter: &EventFilter) -> Answer<Vec<Recorded>> {
        event_log::list(&self.readers, filter).await
    }

    async fn case_id_by_number(&self, number: &str) -> Answer<Option<CaseId>> {
        case_rows::by_number(&self.readers, number).await
    }

    async fn case_row(&self, case: CaseId) -> Answer<Option<CaseRow>> {
        case_rows::one(&self.readers, case).await
    }

    async fn case_rows(&self, query: &CaseQuery) -> Answer<CasePage> {
        case_rows::page(&self.readers, query).await
    }

    async fn worklist_rows(&self, roles: &[(String, String)], limit: u32) -> Answer<Vec<Waiting>> {
        case_rows::worklist(&self.readers, roles, limit).await
    }

    async fn all_rows(&self) -> Answer<Vec<Waiting>> {
        case_rows::all(&self.readers).await
    }

    async fn counts(&self, since: i64, now: i64) -> Answer<Counts> {
        case_rows::counts(&self.readers, since, now).await
    }

    async fn all_case_ids(&self) -> Answer<Vec<CaseId>> {
        case_rows::all_ids(&self.readers).await
    }

    async fn projections_stale(&self) -> Answer<bool> {
        let written: i64 = sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&self.readers)
            .await?;
        Ok(written != PROJECTIONS)
    }

    async fn replace_projections(&self, all: Vec<CaseProjection>) -> Answer<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        case_rows::replace(&mut tx, &all).await?;
        sqlx::query(mark()).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    async fn document(&self, id: DocumentId) -> Answer<Option<Vec<u8>>> {
        kept::document(&self.readers, id).await
    }

    async fn case_of_document(&self, id: DocumentId) -> Answer<Option<CaseId>> {
        kept::case_of_document(&self.readers, id).await
    }

    async fn attachment(&self, id: AttachmentId) -> Answer<Option<(AttachmentRow, Vec<u8>)>> {
        kept::attachment(&self.readers, id).await
    }

    async fn attachments(&self, case: CaseId) -> Answer<Vec<AttachmentRow>> {
        kept::attachments(&self.readers, case).await
    }

    async fn edition(&self, hash: &str) -> Answer<Option<String>> {
        kept::edition(&self.readers, hash).await
    }

    async fn credential(&self, login: &str) -> Answer<Option<Credential>> {
        kept::credential(&self.readers, login).await
    }

    async fn attempts(&self, name: &str) -> Answer<(i64, i64)> {
        kept::attempts(&self.readers, name).await
    }

    async fn set_attempts(&self, name: &str, failures: i64, last_us: i64) -> Answer<()> {
        kept::set_attempts(&self.writer, name, failures, last_us).await
    }

    async fn signed(&self, stream: &str) -> Answer<std::collections::BTreeMap<i64, String>> {
        event_log::signed(&self.readers, stream).await
    }

    async fn draft_put(&self, person: PersonId, key: &str, json: &str, at: &str) -> Answer<()> {
        kept::draft_put(&self.writer, person, key, json, at).await
    }

    async fn draft_list(&self, person: PersonId) -> Answer<Vec<Draft>> {
        kept::draft_list(&self.readers, person).await
    }

    async fn draft_delete(&self, person: PersonId, key: &str) -> Answer<()> {
        kept::draft_delete(&self.writer, person, key).await
    }

    async fn accesses(
        &self,
        before: Option<i64>,
        what: Option<&str>,
        limit: u32,
    ) -> Answer<Vec<AccessRow>> {
        event_log::accesses(&self.readers, before, what, limit).await
    }

    async fn first_pos(&self, case: CaseId) -> Answer<i64> {
        case_rows::rank(&mut *self.readers.acquire().await?, case).await
    }

    async fn kept_until(&self, day: &str, limit: u32) -> Answer<Vec<CaseRow>> {
        case_rows::kept_until(&self.readers, day, limit).await
    }

    async fn tail(&self) -> Answer<(i64, String)> {
        let row = sqlx::query("SELECT pos, hash FROM event ORDER BY pos DESC LIMIT 1")
            .fetch_one(&self.readers)
            .await?;
        Ok((row.get(0), row.get(1)))
    }

    async fn verify(&self, progress: &Progress) -> Answer<Report> {
        verify::walk(&self.readers, progress).await
    }

    async fn search_prints(&self) -> Answer<Prints> {
        derived::kept(&self.readers).await
    }

    async fn compare(&self, cases: &[CaseProjection], kept: &mut Prints) -> Answer<Vec<Problem>> {
        derived::compare(&self.readers, cases, kept).await
    }

    async fn strays(&self, rest: &Prints) -> Answer<Vec<Problem>> {
        derived::strays(&self.readers, rest).await
    }

    fn safety_copies(&self) -> Vec<String> {
        folder::safety_copies(&self.dir)
    }

    async fn backup(&self, passphrase: &str) -> Answer<(Vec<u8>, String)> {
        backup::create(&self.writer, &self.dir, passphrase).await
    }
}
