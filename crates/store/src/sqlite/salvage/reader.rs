//! Reading a damaged database row by row: by the tables themselves and not by their indexes.

use super::{
    super::sql,
    passed,
    rows::{ByKey, keys, row, whole_table},
};
use crate::{
    StoreError,
    tables::{Cell, TABLES},
};
use redress_domain::{
    chain::{kept_hash, value_hash},
    check,
};
use serde_json::Value;
use sql::{
    read::Read,
    tolerant::{self, Walk},
    verify::{Line, ONE, SQL},
    whole::Whole,
};
use sqlx::SqliteConnection as Connection;
use std::collections::{BTreeMap, BTreeSet};

/// What can be read of a damaged database.
pub struct Reader {
    pub lines: BTreeMap<i64, Line>,
    pub(super) unreadable: BTreeSet<i64>,
    /// The newest position in each stream, as far as an index or a list row still tells.
    pub(super) ends: BTreeMap<String, i64>,
    pub(super) rows: BTreeMap<&'static str, ByKey>,
    pub(super) owners: BTreeMap<(&'static str, String), String>,
    /// Editions that can be read, and those that the program has itself: hash and files.
    pub editions: BTreeMap<String, String>,
    /// How people sign in, as it is kept: a hash over each.
    pub(super) kept: BTreeMap<String, BTreeSet<String>>,
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
                let listed: Option<i64> = tolerant::passed(row.await)?.flatten();
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
            let body = line.json();
            // A line is carried where its hash holds: a time that is none was never written.
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
        let body = line.json();
        match field(row) {
            Some((name, hash)) => body["values"][&name] == *hash,
            None => false,
        }
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
