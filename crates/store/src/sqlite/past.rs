//! Reading a damaged office as far as it goes: people and institution from the log itself, and the rows of lists.

use super::{
    Connection, SqliteStore,
    salvage::rows::keys,
    sql::{
        case_rows,
        read::Read,
        sound::{self, StoredValue},
        tolerant::{self, Walk},
        verify::{Line, ONE, SQL},
        whole::Whole,
    },
};
use crate::{CaseProjection, StoreError};
use redress_domain::{event::Event, id::CaseId};
use std::collections::{BTreeMap, BTreeSet};

/// What can be read of the streams of people and of the institution.
#[derive(Debug, Default)]
pub struct Past {
    /// Of the institution.
    pub office: Vec<Event>,
    /// Of people, in the order of the log.
    pub people: Vec<Event>,
    /// Of the register.
    pub parties: Vec<Event>,
    /// Streams of these of which something is missing or not what was written, and why.
    pub broken: BTreeMap<String, String>,
    /// Position and id of every case whose first event can be read.
    pub cases: Vec<(i64, CaseId)>,
    /// Events of which nobody knows what they were.
    pub unreadable: usize,
}

const HOUSE: [&str; 3] = ["office", "person:", "party:"];

fn of_house(stream: &str) -> bool {
    stream == HOUSE[0] || HOUSE[1..].iter().any(|prefix| stream.starts_with(prefix))
}

/// What was read, or nothing where it is damaged; a disk that fails for a moment is an error.
fn passed<T>(read: Result<T, sqlx::Error>) -> Result<Option<T>, StoreError> {
    firm(read.map_err(StoreError::from))
}

fn firm<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Err(e @ StoreError::DiskFailed { .. }) => Err(e),
        read => tolerant::passed(read),
    }
}

impl SqliteStore {
    /// Reads people and institution past what cannot be read.
    ///
    /// # Errors
    /// `DiskFailed`, `OutOfMemory`: what passes.
    pub async fn past(&self) -> Result<Past, StoreError> {
        let mut c = self.readers.acquire().await?;
        let read = past(&mut c).await;
        read.map_err(|e| self.explain(e))
    }

    /// The rows of lists that can be read, each with its position.
    ///
    /// # Errors
    /// As [`SqliteStore::past`].
    pub async fn rows_past(&self) -> Result<Vec<(i64, CaseProjection)>, StoreError> {
        let mut c = self.readers.acquire().await?;
        let read = rows(&mut c).await;
        read.map_err(|e| self.explain(e))
    }
}

async fn past(c: &mut Connection) -> Result<Past, StoreError> {
    let mut past = Past::default();
    let mut lines = Vec::new();
    let mut walk = Walk::new(SQL, ONE);
    while let Some(batch) = walk.next(&mut *c).await? {
        past.unreadable += batch.unreadable.len();
        for row in &batch.rows {
            let Some(line) = firm(Line::of(row))? else {
                past.unreadable += 1;
                continue;
            };
            match line.stream.strip_prefix("case:") {
                Some(id) if line.seq == 1 => {
                    past.cases.extend(id.parse().ok().map(|id| (line.pos, id)));
                }
                _ if of_house(&line.stream) => lines.push(line),
                _ => {}
            }
        }
    }
    let declared: BTreeSet<String> = lines
        .iter()
        .filter(|l| l.kind == "salvaged" && l.seal() == l.hash)
        .flat_map(|l| sound::lost_of(&l.body))
        .collect();
    let mut values = Values::default();
    let mut seqs: BTreeMap<String, i64> = BTreeMap::new();
    for line in &lines {
        let declared = declared.contains(&line.stream);
        let last = seqs.entry(line.stream.clone()).or_default();
        let follows = line.seq == *last + 1 || declared;
        *last = line.seq;
        let own = values.of(&mut *c, line, declared).await?;
        let event = match firm(sound::event(line, own, declared))? {
            Some(event) if follows => event,
            read => {
                let why = if follows {
                    "event_unreadable"
                } else {
                    "seq_gap"
                };
                past.broken
                    .entry(line.stream.clone())
                    .or_insert_with(|| why.to_owned());
                let Some(event) = read else { continue };
                event
            }
        };
        match line.stream.as_str() {
            "office" => past.office.push(event),
            stream if stream.starts_with(HOUSE[1]) => past.people.push(event),
            _ => past.parties.push(event),
        }
    }
    ends(c, &seqs, &declared, &mut past).await?;
    Ok(past)
}

/// Streams that should be longer, told by the index beside the log; where it cannot be read either, any may be.
async fn ends(
    c: &mut Connection,
    seqs: &BTreeMap<String, i64>,
    declared: &BTreeSet<String>,
    past: &mut Past,
) -> Result<(), StoreError> {
    let sql =
        "SELECT stream, max(seq) FROM event WHERE stream >= $1 AND stream < $2 GROUP BY stream";
    let mut known: BTreeMap<String, i64> = BTreeMap::new();
    let mut whole = true;
    for prefix in HOUSE {
        let all = sqlx::query(sql)
            .bind(prefix)
            .bind(format!("{prefix}\u{10FFFF}"))
            .rows(&mut *c)
            .await;
        match passed(all)? {
            Some(rows) => {
                for row in &rows {
                    let one = row.read::<String>(0).and_then(|s| Ok((s, row.read(1)?)));
                    match firm(one)? {
                        Some((stream, end)) => drop(known.insert(stream, end)),
                        None => whole = false,
                    }
                }
            }
            None => whole = false,
        }
    }
    let mut say = |stream: &str, why: &str| {
        past.broken
            .entry(stream.to_owned())
            .or_insert_with(|| why.to_owned());
    };
    for (stream, end) in &known {
        let read = seqs.get(stream).copied().unwrap_or_default();
        if read < *end && !declared.contains(stream) && of_house(stream) {
            say(stream, "end_lost");
        }
    }
    // Of an index that is damaged elsewhere nobody knows; then no event may be missing anywhere.
    let sure = whole || past.unreadable == 0;
    for stream in seqs.keys().filter(|s| !known.contains_key(*s)) {
        if !sure || whole {
            say(stream, "end_unknown");
        }
    }
    Ok(())
}

/// The values beside events: by the index where that does, else by the table itself.
#[derive(Default)]
struct Values {
    rowids: Option<BTreeMap<String, Vec<i64>>>,
}

impl Values {
    async fn of(
        &mut self,
        c: &mut Connection,
        line: &Line,
        erased: bool,
    ) -> Result<Vec<StoredValue>, StoreError> {
        let sql = "SELECT field, salt, value FROM value WHERE pos = $1";
        let rows = sqlx::query(sql).bind(line.pos).rows(&mut *c).await;
        if let Some(rows) = passed(rows)? {
            let all: Result<Vec<StoredValue>, StoreError> = rows
                .iter()
                .map(|r| {
                    Ok(StoredValue {
                        field: r.read(0)?,
                        salt: r.read(1)?,
                        value: r.read(2)?,
                    })
                })
                .collect();
            if let Some(all) = firm(all)?
                && sound::event(line, all.clone(), erased).is_ok()
            {
                return Ok(all);
            }
        }
        if self.rowids.is_none() {
            self.rowids = Some(keys(&mut *c, "value", "pos").await?);
        }
        let mut all = Vec::new();
        let rowids = self
            .rowids
            .as_ref()
            .and_then(|r| r.get(&line.pos.to_string()));
        for rowid in rowids.into_iter().flatten() {
            let sql = "SELECT field, salt, value FROM value WHERE rowid = $1";
            let row = sqlx::query(sql).bind(rowid).maybe(&mut *c).await;
            let Some(r) = passed(row)?.flatten() else {
                continue;
            };
            let one = (|| {
                Ok(StoredValue {
                    field: r.read(0)?,
                    salt: r.read(1)?,
                    value: r.read(2)?,
                })
            })();
            all.extend(firm(one)?);
        }
        Ok(all)
    }
}

async fn rows(c: &mut Connection) -> Result<Vec<(i64, CaseProjection)>, StoreError> {
    let found = keys(&mut *c, "case_row", "rowid").await?;
    let mut all = Vec::new();
    for rowid in found.values().flatten() {
        let sql = "SELECT rank, projection FROM case_row WHERE rowid = $1";
        let row = sqlx::query(sql).bind(rowid).maybe(&mut *c).await;
        let Some(r) = passed(row)?.flatten() else {
            continue;
        };
        let one = (|| {
            let text: String = r.read(1)?;
            Ok((r.read(0)?, case_rows::parse(&text)?))
        })();
        all.extend(firm(one)?);
    }
    Ok(all)
}
