//! Rows of a damaged database, by their numbers.

use super::{super::sql, passed};
use crate::{
    StoreError,
    tables::{Cell, Kind, Table},
};
use sql::{read::Read, tolerant, whole::Whole};
use sqlx::{SqliteConnection as Connection, sqlite::SqliteRow};
use std::collections::BTreeMap;

/// Rows of a table by what they are looked for by.
pub type ByKey = BTreeMap<String, Vec<i64>>;

/// Row numbers that are read at a time while a table is looked through.
const PIECE: i64 = 1024;

/// Where a table's end cannot be read, it is looked through this far.
const ROWS_MOST: i64 = 4_000_000;

/// So many pieces that cannot be read before the first that can are taken for a table of which nothing is left.
const FAILED_MOST: u32 = 5_000;

/// Where a table's end cannot be read, it ends so many row numbers after the last row that can.
const BEYOND: i64 = 16 * PIECE;

fn cells(r: &SqliteRow, table: &Table) -> Result<Vec<Cell>, StoreError> {
    let one = |(n, (_, kind)): (usize, &(&str, Kind))| {
        Ok(match kind {
            Kind::Int => Cell::Int(r.read(n)?),
            Kind::Text => Cell::Text(r.read(n)?),
            Kind::Bytes => Cell::Bytes(r.read(n)?),
        })
    };
    table.columns.iter().enumerate().map(one).collect()
}

/// One row by its number; none where it cannot be read.
pub async fn row(
    c: &mut Connection,
    table: &Table,
    rowid: i64,
) -> Result<Option<Vec<Cell>>, StoreError> {
    let names: Vec<&str> = table.columns.iter().map(|(n, _)| *n).collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE rowid = $1",
        names.join(", "),
        table.name
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(rowid).maybe(c);
    match passed(row.await)?.flatten() {
        Some(row) => tolerant::passed(cells(&row, table)),
        None => Ok(None),
    }
}

/// Every row of a small table that can be read, and how many cannot.
pub async fn whole_table(
    c: &mut Connection,
    table: &Table,
) -> Result<(Vec<Vec<Cell>>, usize), StoreError> {
    let found = keys(&mut *c, table.name, "rowid").await?;
    let (mut rows, mut unreadable) = (vec![], 0);
    for rowid in found.values().flatten() {
        match row(&mut *c, table, *rowid).await? {
            Some(row) => rows.push(row),
            None => unreadable += 1,
        }
    }
    Ok((rows, unreadable))
}

/// The numbers of every row of a table that can be found, by a column; pages that cannot be read are passed over by
/// halving what is asked for.
pub async fn keys(c: &mut Connection, table: &str, key: &str) -> Result<ByKey, StoreError> {
    let mut found = ByKey::new();
    let end = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT coalesce(max(rowid), 0) FROM {table}"
    )));
    let known: Option<i64> = passed(end.fetch_one(&mut *c).await)?;
    let end = known.unwrap_or(ROWS_MOST);
    let mut newest = 0;
    let sql = format!(
        "SELECT rowid, CAST({key} AS TEXT) FROM {table} NOT INDEXED WHERE rowid BETWEEN $1 AND $2 ORDER BY rowid"
    );
    let mut ask: Vec<(i64, i64)> = (0..=end / PIECE)
        .map(|n| (n * PIECE, ((n + 1) * PIECE - 1).min(end)))
        .rev()
        .collect();
    let mut failed = 0;
    while let Some((from, to)) = ask.pop() {
        // A table that is not there, or whose first page cannot be read.
        if found.is_empty() && failed > FAILED_MOST {
            break;
        }
        if known.is_none() && !found.is_empty() && from > newest + BEYOND {
            break;
        }
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql.clone()))
            .bind(from)
            .bind(to)
            .rows(&mut *c);
        match passed(rows.await)? {
            Some(rows) => {
                for r in &rows {
                    let read = tolerant::passed(r.read::<String>(1))?;
                    // A row whose key cannot be read is still found by its number.
                    let key = read.unwrap_or_default();
                    newest = r.read(0)?;
                    found.entry(key).or_default().push(newest);
                }
            }
            None if from < to => {
                failed += 1;
                let middle = from + (to - from) / 2;
                ask.push((middle + 1, to));
                ask.push((from, middle));
            }
            None => failed += 1,
        }
    }
    Ok(found)
}
