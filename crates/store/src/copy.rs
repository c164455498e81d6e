//! Carrying the record from one database to another: everything above the line that the migrations draw.
//!
//! What is derived is not carried; the office that opens the target writes it anew.

use crate::{
    AnyStore, DataKey, Marker, Place, PostgresStore, Progress, Report, SqliteStore, Store,
    StoreError,
};
use std::{future::Future, path::Path, sync::atomic::Ordering};

/// What a column holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Int,
    Text,
    Bytes,
}
use Kind::{Bytes, Int, Text};

/// One value of a row.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Int(i64),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// A table to carry.
#[derive(Debug)]
pub(crate) struct Table {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Kind)],
    /// So many columns, the first ones, tell one row from another.
    pub key: usize,
    /// Rows that are carried at a time.
    pub batch: i64,
}

/// Every table of the record, each after those that it refers to.
pub(crate) const TABLES: [Table; 11] = [
    Table {
        name: "event",
        columns: &[
            ("pos", Int),
            ("stream", Text),
            ("seq", Int),
            ("kind", Text),
            ("version", Int),
            ("actor", Text),
            ("at", Text),
            ("at_us", Int),
            ("body", Text),
            ("prev", Text),
            ("alg", Text),
            ("hash", Text),
            ("key_id", Text),
            ("signature", Text),
        ],
        key: 1,
        batch: 500,
    },
    Table {
        name: "value",
        columns: &[
            ("pos", Int),
            ("field", Text),
            ("salt", Bytes),
            ("value", Text),
        ],
        key: 2,
        batch: 500,
    },
    Table {
        name: "document",
        columns: &[("id", Text), ("case_id", Text), ("pdf", Bytes)],
        key: 1,
        batch: 8,
    },
    Table {
        name: "attachment",
        columns: &[
            ("id", Text),
            ("case_id", Text),
            ("name", Text),
            ("kind", Text),
            ("size", Int),
            ("at", Text),
            ("bytes", Bytes),
        ],
        key: 1,
        batch: 1,
    },
    Table {
        name: "edition",
        columns: &[("hash", Text), ("files", Text)],
        key: 1,
        batch: 8,
    },
    Table {
        name: "number_claim",
        columns: &[("procedure", Text), ("year", Int), ("seq", Int)],
        key: 3,
        batch: 500,
    },
    Table {
        name: "credential",
        columns: &[
            ("login", Text),
            ("person", Text),
            ("password_hash", Text),
            ("sealed_key", Bytes),
            ("pin_hash", Text),
        ],
        key: 1,
        batch: 100,
    },
    Table {
        name: "second_factor",
        columns: &[
            ("person", Text),
            ("sealed", Bytes),
            ("codes", Text),
            ("last_step", Int),
        ],
        key: 1,
        batch: 100,
    },
    Table {
        name: "attempt",
        columns: &[("name", Text), ("failures", Int), ("last_us", Int)],
        key: 1,
        batch: 100,
    },
    Table {
        name: "draft",
        columns: &[
            ("person", Text),
            ("key", Text),
            ("json", Text),
            ("at", Text),
        ],
        key: 2,
        batch: 8,
    },
    Table {
        name: "sent",
        columns: &[
            ("key", Text),
            ("stream", Text),
            ("first", Int),
            ("last", Int),
            ("at_us", Int),
            ("content", Text),
        ],
        key: 1,
        batch: 500,
    },
];

type Answer<T> = Result<T, StoreError>;

/// An open transaction from which rows are taken or into which they are put.
pub(crate) trait Shelf: Send {
    fn count(&mut self, table: &Table) -> impl Future<Output = Answer<i64>> + Send;
    /// The next rows after a key, in the key's order.
    fn take(
        &mut self,
        table: &Table,
        after: Option<&[Cell]>,
    ) -> impl Future<Output = Answer<Vec<Vec<Cell>>>> + Send;
    fn put(
        &mut self,
        table: &Table,
        rows: Vec<Vec<Cell>>,
    ) -> impl Future<Output = Answer<()>> + Send;
    fn verify(&mut self, progress: &Progress) -> impl Future<Output = Answer<Report>> + Send;
}

/// Carries every row into an empty shelf and checks there that the log is whole.
pub(crate) async fn carry(
    from: &mut impl Shelf,
    to: &mut impl Shelf,
    progress: &Progress,
) -> Answer<Report> {
    for table in &TABLES {
        if to.count(table).await? > 0 {
            return Err(StoreError::DatabaseNotEmpty);
        }
        let rows = from.count(table).await?;
        progress.total.fetch_add(rows, Ordering::Relaxed);
    }
    for table in &TABLES {
        let mut after: Option<Vec<Cell>> = None;
        loop {
            let rows = from.take(table, after.as_deref()).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last[..table.key].to_vec());
            let steps = i64::try_from(rows.len()).unwrap_or_default();
            to.put(table, rows).await?;
            progress.step(steps)?;
        }
    }
    let report = to.verify(progress).await?;
    match report.problems.first() {
        None => Ok(report),
        Some(p) => Err(StoreError::CopyUnsound {
            about: format!("{} {} {} {}", p.code, p.stream, p.seq, p.about),
        }),
    }
}

/// Copies a house into an empty place, all or nothing; the copy is verified before it counts.
///
/// # Errors
/// `FolderNotEmpty`, `DatabaseNotEmpty`, `CopyUnsound` where the copy is not whole or the source went on meanwhile.
pub async fn copy(from: &AnyStore, to: &Place, owner: &str, progress: &Progress) -> Answer<Report> {
    match from {
        AnyStore::Sqlite(s) => put_down(&mut *s.snapshot().await?, from, to, owner, progress).await,
        AnyStore::Postgres(s) => {
            put_down(&mut *s.snapshot().await?, from, to, owner, progress).await
        }
    }
}

async fn put_down(
    taken: &mut impl Shelf,
    from: &AnyStore,
    to: &Place,
    owner: &str,
    progress: &Progress,
) -> Answer<Report> {
    match to {
        Place::Folder(dir) => put_into_folder(taken, from, dir, None, owner, progress).await,
        Place::Encrypted { dir, key, marker } => {
            let sealed = Some((key.clone(), marker.clone()));
            put_into_folder(taken, from, dir, sealed, owner, progress).await
        }
        Place::Database(at) => {
            let store = PostgresStore::connect(at).await?;
            let mut tx = store.begin().await?;
            let report = carry(taken, &mut *tx, progress).await?;
            stood_still(from, &report).await?;
            store.settle_in(tx).await?;
            store.close().await;
            Ok(report)
        }
    }
}

async fn put_into_folder(
    taken: &mut impl Shelf,
    from: &AnyStore,
    dir: &Path,
    sealed: Option<(DataKey, Marker)>,
    owner: &str,
    progress: &Progress,
) -> Answer<Report> {
    let making = SqliteStore::blank(dir, owner, sealed).await?;
    let done = async {
        let mut tx = making.store().begin().await?;
        let report = carry(taken, &mut *tx, progress).await?;
        stood_still(from, &report).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(report)
    };
    match done.await {
        Ok(report) => {
            making.done().await?.close().await;
            Ok(report)
        }
        Err(e) => {
            let e = making.store().explain(e);
            making.give_up().await;
            Err(e)
        }
    }
}

/// The source ends where the copy ends.
async fn stood_still(from: &AnyStore, copy: &Report) -> Answer<()> {
    let (pos, hash) = from.tail().await?;
    if (pos, &hash) == (copy.anchor_pos, &copy.anchor_hash) {
        return Ok(());
    }
    Err(StoreError::CopyUnsound {
        about: format!("source {pos}:{hash}"),
    })
}
