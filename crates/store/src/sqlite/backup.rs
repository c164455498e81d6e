//! One sealed file with everything: database and anchor. What lies on the disk meanwhile is encrypted by a key that
//! stands in the sealed file alone.

use super::{
    Connection, SqliteStore,
    convert::{copy_into, export},
    folder,
    restored::{self, RestoredMark},
    schema,
    sql::{tolerant::damage, verify},
};
use crate::{
    Backup, DataKey, Problem, Report, Restored, StoreError,
    at_rest::keyed,
    envelope::{self, Head, Opening, Seal},
    private,
};
use redress_domain::calendar::here;
use sqlx::{Connection as _, Sqlite, SqlitePool, Transaction, sqlite::SqliteConnectOptions};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

fn failed(e: impl std::fmt::Display) -> StoreError {
    StoreError::Internal(e.to_string())
}

/// A file that goes however its making ends; a process that is killed leaves it to the next start.
struct Gone(PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.0.clone().into_os_string();
            name.push(suffix);
            let _ = std::fs::remove_file(name);
        }
    }
}

/// Makes a backup of an open folder, and writes it a piece at a time. One with damaged records is made with them.
pub async fn create(
    pool: &SqlitePool,
    dir: &Path,
    own: Option<&DataKey>,
    seal: Seal,
    out: Box<dyn Write + Send>,
) -> Result<Backup, StoreError> {
    let temp = Gone(dir.join(format!("redress-{}.tmp", uuid::Uuid::now_v7())));
    let key = DataKey::random()?;
    let mut c = pool.acquire().await?;
    match copy_into(&mut c, &temp.0, Some(&key)).await {
        Ok(()) => {
            drop(c);
            // The anchor is that of the copy, whatever was written since.
            let report = walk_file(&temp.0, Some(&key)).await?;
            let head = head(&report, Some(&key));
            send(seal, head, temp.0.clone(), out).await?;
            Ok(made(&report))
        }
        // Pages that cannot be read cannot be copied by their content: then the file as it is, while nobody writes.
        Err(e) if damage(&e) => {
            let held = hold(&mut c).await;
            let database = dir.join(folder::DATABASE);
            let made = async {
                let report = unless_damaged(walk_file(&database, own).await)?;
                send(seal, head(&report, own), database, out).await?;
                Ok(made(&report))
            };
            let made = made.await;
            // Where the roll-back fails, the pool closes the connection.
            if let Ok(held) = held {
                let _ = held.rollback().await;
            }
            made
        }
        Err(e) => Err(e),
    }
}

/// Nobody writes, and what was written stands in the database file.
async fn hold(c: &mut Connection) -> Result<Transaction<'_, Sqlite>, StoreError> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut *c)
        .await?;
    Ok(c.begin_with("BEGIN IMMEDIATE").await?)
}

/// A file that cannot be opened at all has at least one problem.
fn unless_damaged(read: Result<Report, StoreError>) -> Result<Report, StoreError> {
    match read {
        Err(e) if damage(&e) => Ok(Report {
            problems: vec![Problem {
                code: "file_damaged".to_owned(),
                stream: String::new(),
                seq: 0,
                about: e.to_string(),
            }],
            ..Report::default()
        }),
        read => read,
    }
}

fn head(report: &Report, key: Option<&DataKey>) -> Head {
    Head {
        pos: report.anchor_pos,
        hash: report.anchor_hash.clone(),
        key: key.map(|k| k.to_hex().to_string()),
        problems: report.problems.len(),
    }
}

fn made(report: &Report) -> Backup {
    Backup {
        anchor: format!("{}:{}", report.anchor_pos, report.anchor_hash),
        problems: report.problems.clone(),
    }
}

async fn send(
    seal: Seal,
    head: Head,
    database: PathBuf,
    mut out: Box<dyn Write + Send>,
) -> Result<(), StoreError> {
    let work = move || envelope::seal(&seal, &head, &mut File::open(database)?, &mut out);
    tokio::task::spawn_blocking(work).await.map_err(failed)?
}

/// Restores into a folder: opened, decrypted and verified beside it first; what was there is kept as a safety copy. An
/// encrypted folder stays one, by the same key.
pub async fn restore(
    sealed: Box<dyn Read + Send>,
    opening: Opening,
    dir: &Path,
    key: Option<&DataKey>,
    by: &str,
) -> Result<Restored, StoreError> {
    private::folder(dir)?;
    let lock = folder::lock(dir, "restore")?;
    let key = own_key(dir, key)?;
    folder::clear_leftovers(dir);
    let fresh = restoring(dir);
    let head = unseal(sealed, opening, &fresh.0).await?;
    let inner = match &head.key {
        None => None,
        Some(hex) => Some(DataKey::from_hex(hex).ok_or(StoreError::NotABackup)?),
    };
    let report = unless_damaged(walk_file(&fresh.0, inner.as_ref()).await)?;
    as_promised(&head, &report)?;
    let last = restoring(dir);
    let source = if inner.as_ref() == key {
        &fresh
    } else {
        match export((&fresh.0, inner.as_ref()), (&last.0, key)).await {
            Ok(()) => &last,
            // Too damaged to be copied: the file as it is, where it is plain already.
            Err(e) if head.problems > 0 && damage(&e) && inner.is_none() => &fresh,
            Err(e) => return Err(e),
        }
    };
    let whole = source.0.clone();
    on_disk(move || File::open(whole)?.sync_all()).await?;
    // First: whoever opens the folder afterwards writes into the log that it was restored.
    restored::mark(
        dir,
        &RestoredMark {
            pos: report.anchor_pos,
            hash: report.anchor_hash.clone(),
            by: by.to_owned(),
        },
    )?;
    put_in_place(&source.0, dir, key).await?;
    drop(lock);
    Ok(Restored {
        problems: report.problems,
    })
}

/// The key by which a folder that is encrypted already goes on being so.
fn own_key<'a>(dir: &Path, key: Option<&'a DataKey>) -> Result<Option<&'a DataKey>, StoreError> {
    match (SqliteStore::marker_as_it_was(dir), key) {
        (None, _) => Ok(None),
        (Some(_), None) => Err(StoreError::KeyNeeded),
        (Some(marker), Some(key)) if !marker.fits(key) => Err(StoreError::KeyUnfit),
        (Some(_), key) => Ok(key),
    }
}

/// A file beside the database that goes unless it takes its place.
fn restoring(dir: &Path) -> Gone {
    Gone(dir.join(format!("redress-{}.restoring", uuid::Uuid::now_v7())))
}

/// Opens a backup into a file, and brings that to the disk.
async fn unseal(
    sealed: Box<dyn Read + Send>,
    opening: Opening,
    into: &Path,
) -> Result<Head, StoreError> {
    let file = private::create_new(into)?;
    let work = move || {
        let mut file = BufWriter::new(file);
        let head = envelope::open(&opening, BufReader::new(sealed), &mut file)?;
        file.into_inner()
            .map_err(|e| StoreError::from(e.into_error()))?
            .sync_all()?;
        Ok(head)
    };
    tokio::task::spawn_blocking(work).await.map_err(failed)?
}

/// A backup is what it was when it was made: whole, or damaged as its head says.
fn as_promised(head: &Head, report: &Report) -> Result<(), StoreError> {
    StoreError::schema_differs(&report.schema())?;
    let same = report.anchor_pos == head.pos && report.anchor_hash == head.hash;
    let sound = report.problems.is_empty() && same;
    if head.problems > 0 || sound {
        return Ok(());
    }
    Err(StoreError::BackupDamaged {
        pos: report.anchor_pos,
    })
}

/// Work on a whole database file, apart from the threads that answer.
async fn on_disk(
    work: impl FnOnce() -> std::io::Result<()> + Send + 'static,
) -> Result<(), StoreError> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(failed)??)
}

/// The old database is kept under another name until the new one has its place: at every moment there is one whole.
async fn put_in_place(fresh: &Path, dir: &Path, key: Option<&DataKey>) -> Result<(), StoreError> {
    let target = dir.join(folder::DATABASE);
    if target.exists() {
        // A journal would be read into the new file; what cannot be brought into the old one is kept beside it.
        let _ = settle(&target, key).await;
        let stamp = here(&chrono::Utc::now()).format("%Y%m%d-%H%M%S");
        let old = dir.join(format!("before-restore-{stamp}.db"));
        if std::fs::hard_link(&target, &old).is_err() {
            let target = target.clone();
            on_disk(move || std::fs::copy(target, old).map(drop)).await?;
        }
        for suffix in ["-wal", "-shm"] {
            let beside = dir.join(format!("{}{suffix}", folder::DATABASE));
            if beside.exists() {
                std::fs::rename(
                    &beside,
                    dir.join(format!("before-restore-{stamp}.db{suffix}")),
                )?;
            }
        }
    }
    std::fs::rename(fresh, &target)?;
    private::settle(dir);
    Ok(())
}

async fn settle(file: &Path, key: Option<&DataKey>) -> Result<(), StoreError> {
    let options = schema::wary(keyed(SqliteConnectOptions::new().filename(file), key));
    let mut c = Connection::connect_with(&options).await?;
    let done = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut c)
        .await;
    c.close().await?;
    done?;
    Ok(())
}

async fn walk_file(file: &Path, key: Option<&DataKey>) -> Result<Report, StoreError> {
    let options = schema::wary(keyed(SqliteConnectOptions::new().filename(file), key));
    let mut c = Connection::connect_with(&options.read_only(true)).await?;
    let report = verify::walk(&mut c, &crate::Progress::default()).await;
    c.close().await?;
    report
}
