//! The tables of the record, and carrying their rows from one database to another.

use crate::{Progress, Report, StoreError, progress::counted};
use std::{future::Future, sync::atomic::Ordering};

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
            let steps = counted(rows.len());
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
