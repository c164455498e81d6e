//! Reading a damaged database row by row: by the tables themselves and not by their indexes.

use super::{super::sql, passed};
use crate::{
    Progress, StoreError,
    copy::{Cell, Kind, TABLES, Table},
};
use redress_domain::{
    chain::{hex, sha256, value_hash},
    event::EventBody,
};
use serde_json::Value;
use sql::{
    read::Read,
    tolerant::{self, Walk},
    verify::{Line, ONE, SQL},
    whole::Whole,
};
use sqlx::{SqliteConnection as Connection, sqlite::SqliteRow};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of a table by what they are looked for by.
type ByKey = BTreeMap<String, Vec<i64>>;

/// Row numbers that are read at a time while a table is looked through.
const PIECE: i64 = 1024;
/// Where a table's end cannot be read, it is looked through this far.
const ROWS_MOST: i64 = 4_000_000;

/// So many pieces that cannot be read before the first that can are taken for a table of which nothing is left.
const FAILED_MOST: u32 = 5_000;

/// What is known of one stream.
#[derive(Debug, Default)]
pub struct Case {
    /// Why it is not whole; none where it is.
    pub why: Option<String>,
    /// Of a case.
    pub number: Option<String>,
}

/// What can be read of a damaged database.
pub struct Reader {
    pub lines: BTreeMap<i64, Line>,
    unreadable: BTreeSet<i64>,
    /// The newest position in each stream, as far as an index or a list row still tells.
    ends: BTreeMap<String, i64>,
    rows: BTreeMap<&'static str, ByKey>,
    owners: BTreeMap<(&'static str, String), String>,
}

impl Reader {
    pub async fn read(c: &mut Connection) -> Result<Self, StoreError> {
        let mut reader = Self {
            lines: BTreeMap::new(),
            unreadable: BTreeSet::new(),
            ends: BTreeMap::new(),
            rows: BTreeMap::new(),
            owners: BTreeMap::new(),
        };
        let mut walk = Walk::new(SQL, ONE);
        while let Some(batch) = walk.next(&mut *c).await? {
            reader.unreadable.extend(batch.unreadable);
            for row in &batch.rows {
                match tolerant::passed(Line::of(row))? {
                    Some(line) => drop(reader.lines.insert(line.pos, line)),
                    None => drop(reader.unreadable.insert(row.read(0)?)),
                }
            }
        }
        for (table, key) in [("value", "pos"), ("document", "id"), ("attachment", "id")] {
            let rows = keys(&mut *c, table, key).await?;
            reader.rows.insert(table, rows);
        }
        reader.read_ends(c).await?;
        Ok(reader)
    }

    /// How long each stream is, told by the index beside the log and by the rows of the lists.
    async fn read_ends(&mut self, c: &mut Connection) -> Result<(), StoreError> {
        let streams: BTreeSet<String> = self.lines.values().map(|l| l.stream.clone()).collect();
        for stream in streams {
            let sql = "SELECT max(seq) FROM event WHERE stream = $1";
            let end = sqlx::query_scalar(sql).bind(&stream).fetch_one(&mut *c);
            let mut known: Option<i64> = passed(end.await)?.flatten();
            if let Some(id) = stream.strip_prefix("case:") {
                let sql = "SELECT projection ->> '$.row.seq' FROM case_row WHERE id = $1";
                let row = sqlx::query(sql).bind(id).maybe_value(&mut *c);
                let listed: Option<i64> = passed(row.await)?.flatten();
                known = known.max(listed);
            }
            if let Some(known) = known {
                self.ends.insert(stream, known);
            }
        }
        Ok(())
    }

    pub fn last_pos(&self) -> i64 {
        self.lines.keys().next_back().copied().unwrap_or_default()
    }

    pub fn rowids(&self, table: &str) -> impl Iterator<Item = (&String, &Vec<i64>)> {
        self.rows.get(table).into_iter().flatten()
    }

    /// The stream whose event gave out a document or kept a file.
    pub fn owner(&self, table: &str, id: &str) -> Option<String> {
        let all = self.owners.iter();
        let mut own = all.filter(|((t, one), _)| *t == table && one == id);
        own.next().map(|(_, stream)| stream.clone())
    }

    /// The values of an event, and how many of them cannot be read.
    pub async fn values(
        &self,
        c: &mut Connection,
        pos: i64,
    ) -> Result<(Vec<Vec<Cell>>, usize), StoreError> {
        let rowids = self.rows.get("value").and_then(|r| r.get(&pos.to_string()));
        let (mut rows, mut unreadable) = (vec![], 0);
        for rowid in rowids.into_iter().flatten() {
            match row(&mut *c, &TABLES[1], *rowid).await? {
                Some(row) => rows.push(row),
                None => unreadable += 1,
            }
        }
        Ok((rows, unreadable))
    }

    /// Whether a value is the one of which its event holds the hash.
    pub fn fits(&self, line: &Line, row: &[Cell]) -> bool {
        let body: Value = serde_json::from_str(&line.body).unwrap_or_default();
        match field(row) {
            Some((name, hash)) => body["values"][&name] == *hash,
            None => false,
        }
    }

    /// Which streams are whole.
    pub async fn judge(
        &mut self,
        c: &mut Connection,
        progress: &Progress,
    ) -> Result<BTreeMap<String, Case>, StoreError> {
        let mut all: BTreeMap<String, Case> = BTreeMap::new();
        let mut seqs: BTreeMap<String, i64> = BTreeMap::new();
        let disposed: BTreeSet<String> = self
            .lines
            .values()
            .filter(|l| l.kind == "disposed")
            .map(|l| l.stream.clone())
            .collect();
        let mut owners = BTreeMap::new();
        for line in self.lines.values() {
            progress.step(1)?;
            let body: Value = serde_json::from_str(&line.body).unwrap_or_default();
            let case = all.entry(line.stream.clone()).or_default();
            if line.kind == "registered" {
                case.number = body["number"].as_str().map(str::to_owned);
            }
            let seq = seqs.entry(line.stream.clone()).or_default();
            *seq += 1;
            let gap = line.seq != *seq;
            *seq = line.seq;
            for (kind, table) in [("issued", "document"), ("attached", "attachment")] {
                let id = body[table].as_str().filter(|_| line.kind == kind);
                if let Some(id) = id {
                    owners.insert((table, id.to_owned()), line.stream.clone());
                }
            }
            if case.why.is_some() {
                continue;
            }
            let why = if line.seal() != line.hash {
                Some("hash_differs")
            } else if gap {
                Some("seq_gap")
            } else {
                self.beside(&mut *c, line, &body, disposed.contains(&line.stream))
                    .await?
            };
            case.why = why.map(str::to_owned);
        }
        self.owners = owners;
        for (stream, case) in &mut all {
            let last = seqs.get(stream).copied().unwrap_or_default();
            let end = match self.ends.get(stream) {
                Some(end) if *end > last => Some("end_lost"),
                // Of an index that is damaged elsewhere nobody knows; then no event may be missing after this one.
                None if !self.unreadable.is_empty() => Some("end_unknown"),
                _ => None,
            };
            case.why = case.why.take().or(end.map(str::to_owned));
        }
        Ok(all)
    }

    /// What is wrong beside an event.
    async fn beside(
        &self,
        c: &mut Connection,
        line: &Line,
        body: &Value,
        disposed: bool,
    ) -> Result<Option<&'static str>, StoreError> {
        let mut bare = body.clone();
        let hashes = bare.as_object_mut().and_then(|map| map.remove("values"));
        if EventBody::join(&line.kind, bare).is_err() {
            return Ok(Some("event_not_understood"));
        }
        if disposed {
            return Ok(None);
        }
        let (rows, unreadable) = self.values(&mut *c, line.pos).await?;
        if unreadable > 0 {
            return Ok(Some("value_unreadable"));
        }
        if !rows.iter().all(|row| self.fits(line, row)) {
            return Ok(Some("value_differs"));
        }
        let hashes = hashes.and_then(|h| h.as_object().map(serde_json::Map::len));
        // Why somebody looked is erased with the case that was looked at.
        if rows.len() < hashes.unwrap_or_default() && line.stream != "access" {
            return Ok(Some("value_lost"));
        }
        for (kind, table, column, code) in [
            ("issued", "document", 2, "document_differs"),
            ("attached", "attachment", 6, "attachment_differs"),
        ] {
            if line.kind == kind && !self.bytes_fit(&mut *c, table, column, body).await? {
                return Ok(Some(code));
            }
        }
        Ok(None)
    }

    async fn bytes_fit(
        &self,
        c: &mut Connection,
        table: &str,
        column: usize,
        body: &Value,
    ) -> Result<bool, StoreError> {
        let id = body[table].as_str().unwrap_or_default();
        let rowid = self.rows.get(table).and_then(|r| r.get(id)?.first());
        let (Some(rowid), Some(shape)) = (rowid, TABLES.iter().find(|t| t.name == table)) else {
            return Ok(false);
        };
        let row = row(c, shape, *rowid).await?;
        Ok(match row.as_ref().and_then(|r| r.get(column)) {
            Some(Cell::Bytes(Some(bytes))) => body["content"] == *hex(&sha256(bytes)),
            _ => false,
        })
    }
}

/// Name of a value's field, and the hash that its salt and content make.
fn field(row: &[Cell]) -> Option<(String, String)> {
    let [
        _,
        Cell::Text(Some(name)),
        Cell::Bytes(Some(salt)),
        Cell::Text(Some(text)),
    ] = row
    else {
        return None;
    };
    let salt: [u8; 16] = salt.as_slice().try_into().ok()?;
    let value: Value = serde_json::from_str(text).ok()?;
    Some((name.clone(), value_hash(&salt, name, &value)))
}

/// An event as its table holds it.
pub fn event_row(line: &Line) -> Result<Vec<Cell>, StoreError> {
    let text = |t: &str| Cell::Text(Some(t.to_owned()));
    let at = chrono::DateTime::parse_from_rfc3339(&line.at);
    let at = at.map_err(|e| StoreError::Internal(e.to_string()))?;
    Ok(vec![
        Cell::Int(line.pos),
        text(&line.stream),
        Cell::Int(line.seq),
        text(&line.kind),
        Cell::Int(line.version),
        text(&line.actor),
        text(&line.at),
        Cell::Int(at.timestamp_micros()),
        text(&line.body),
        text(&line.prev),
        text(&line.alg),
        text(&line.hash),
        Cell::Text(line.key.clone()),
        Cell::Text(line.signature.clone()),
    ])
}

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
    let end: Option<i64> = passed(end.fetch_one(&mut *c).await)?;
    let end = end.unwrap_or(ROWS_MOST);
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
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql.clone()))
            .bind(from)
            .bind(to)
            .rows(&mut *c);
        match passed(rows.await)? {
            Some(rows) => {
                for r in &rows {
                    let read = tolerant::passed(r.read::<String>(1))?;
                    let key = read.unwrap_or_default();
                    found.entry(key).or_default().push(r.read(0)?);
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
