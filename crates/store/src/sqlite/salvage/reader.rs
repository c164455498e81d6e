//! Reading a damaged database row by row: by the tables themselves and not by their indexes.

use super::{super::sql, passed};
use crate::{
    Progress, StoreError,
    copy::{Cell, Kind, TABLES, Table},
};
use redress_domain::{
    chain::{hex, kept_hash, sha256, value_hash},
    check,
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

/// Where a table's end cannot be read, it ends so many row numbers after the last row that can.
const BEYOND: i64 = 16 * PIECE;

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
    /// Editions that can be read, and those that the program has itself: hash and files.
    pub editions: BTreeMap<String, String>,
    /// How people sign in, as it is kept: a hash over each.
    kept: BTreeMap<String, BTreeSet<String>>,
}

impl Reader {
    pub async fn read(c: &mut Connection) -> Result<Self, StoreError> {
        let mut reader = Self {
            lines: BTreeMap::new(),
            unreadable: BTreeSet::new(),
            ends: BTreeMap::new(),
            rows: BTreeMap::new(),
            owners: BTreeMap::new(),
            editions: BTreeMap::new(),
            kept: BTreeMap::new(),
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

    /// Reads the editions; `known` stand in for those that cannot be read and that the log names.
    pub async fn read_editions(
        &mut self,
        c: &mut Connection,
        known: BTreeMap<String, String>,
    ) -> Result<(), StoreError> {
        let Some(table) = TABLES.iter().find(|t| t.name == "edition") else {
            return Ok(());
        };
        let named: BTreeSet<String> = self.lines.values().filter_map(edition_of).collect();
        for row in whole_table(&mut *c, table).await?.0 {
            if let [Cell::Text(Some(hash)), Cell::Text(Some(files))] = row.as_slice()
                && named.contains(hash)
                && is_edition(hash, files)
            {
                self.editions.insert(hash.clone(), files.clone());
            }
        }
        for (hash, files) in known {
            if named.contains(&hash) {
                self.editions.entry(hash).or_insert(files);
            }
        }
        self.read_kept(c).await
    }

    /// Reads what is kept of passwords, PINs and second factors, as the log would hash it.
    async fn read_kept(&mut self, c: &mut Connection) -> Result<(), StoreError> {
        let tables = TABLES
            .iter()
            .filter(|t| ["credential", "second_factor"].contains(&t.name));
        for table in tables {
            for row in whole_table(&mut *c, table).await?.0 {
                let (person, hashes) = match row.as_slice() {
                    [
                        Cell::Text(Some(login)),
                        Cell::Text(Some(person)),
                        Cell::Text(Some(hash)),
                        Cell::Bytes(sealed),
                        Cell::Text(pin),
                    ] => {
                        let sealed = sealed.as_deref().unwrap_or_default();
                        let own = kept_hash(&[login.as_bytes(), hash.as_bytes(), sealed]);
                        let pin = pin.as_ref().map(|p| kept_hash(&[p.as_bytes()]));
                        (person, vec![Some(own), pin])
                    }
                    [
                        Cell::Text(Some(person)),
                        Cell::Bytes(Some(sealed)),
                        Cell::Text(Some(codes)),
                        _,
                    ] => {
                        let own = kept_hash(&[person.as_bytes(), sealed, codes.as_bytes()]);
                        (person, vec![Some(own)])
                    }
                    _ => continue,
                };
                let all = self.kept.entry(person.clone()).or_default();
                all.extend(hashes.into_iter().flatten());
            }
        }
        Ok(())
    }

    /// Cases of which the beginning can be read.
    pub fn registered(&self) -> usize {
        let lines = self.lines.values();
        lines.filter(|l| l.kind == "registered").count()
    }

    /// Numbers that were given: those that are noted, and as many as there are cases.
    pub fn numbers(&self, noted: &[Vec<Cell>]) -> BTreeSet<(String, i64, i64)> {
        let mut last: BTreeMap<(String, i64), i64> = BTreeMap::new();
        for line in self.lines.values().filter(|l| l.kind == "registered") {
            let body: Value = serde_json::from_str(&line.body).unwrap_or_default();
            let year = line.at.get(..4).and_then(|y| y.parse().ok());
            let procedure = body["procedure"].as_str().unwrap_or_default().to_owned();
            *last
                .entry((procedure, year.unwrap_or_default()))
                .or_default() += 1;
        }
        for row in noted {
            if let [Cell::Text(Some(procedure)), Cell::Int(year), Cell::Int(seq)] = row.as_slice() {
                let last = last.entry((procedure.clone(), *year)).or_default();
                *last = (*last).max(*seq);
            }
        }
        let all = last.into_iter();
        all.flat_map(|((procedure, year), last)| {
            (1..=last).map(move |seq| (procedure.clone(), year, seq))
        })
        .collect()
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
        for (stream, why) in self.unkept() {
            let case = all.entry(stream).or_default();
            case.why = case.why.take().or(Some(why.to_owned()));
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

    /// People of whom it is not kept what the log says: newest password, PIN or second factor.
    fn unkept(&self) -> Vec<(String, &'static str)> {
        let mut newest: BTreeMap<(String, &str), Option<String>> = BTreeMap::new();
        for line in self.lines.values() {
            let body: Value = serde_json::from_str(&line.body).unwrap_or_default();
            let (Some(person), kept) = (body["person"].as_str(), body["kept"].as_str()) else {
                continue;
            };
            let kept = kept.map(str::to_owned);
            let person = person.to_owned();
            match line.kind.as_str() {
                "password_set" => {
                    newest.remove(&(person.clone(), "pin"));
                    newest.insert((person, "credential_lost"), kept);
                }
                "pin_set" => drop(newest.insert((person, "pin"), kept)),
                "second_factor_set" => drop(newest.insert((person, "second_factor_lost"), kept)),
                "second_factor_off" | "second_factor_reset_confirmed" => {
                    newest.remove(&(person, "second_factor_lost"));
                }
                _ => {}
            }
        }
        let there = |person: &str, kept: &String| {
            let all = self.kept.get(person);
            all.is_some_and(|all| all.contains(kept))
        };
        let mut lost = Vec::new();
        for ((person, what), kept) in newest {
            if kept.is_some_and(|kept| !there(&person, &kept)) {
                let why = if what == "pin" {
                    "credential_lost"
                } else {
                    what
                };
                lost.push((format!("person:{person}"), why));
            }
        }
        lost
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
        if edition_of(line).is_some_and(|hash| !self.editions.contains_key(&hash)) {
            return Ok(Some("edition_lost"));
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

/// The edition that an event names, and that must be there for it.
pub fn edition_of(line: &Line) -> Option<String> {
    let key = match line.kind.as_str() {
        "registered" => "edition_hash",
        "edition_installed" => "hash",
        _ => return None,
    };
    let body: Value = serde_json::from_str(&line.body).ok()?;
    body[key].as_str().map(str::to_owned)
}

/// Whether files are those of an edition's hash, in the form in which they are kept.
fn is_edition(hash: &str, files: &str) -> bool {
    let read: Result<Vec<(String, String)>, _> = serde_json::from_str(files);
    read.is_ok_and(|f| {
        check::hash(&f) == hash && serde_json::to_string(&f).is_ok_and(|t| t == files)
    })
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
