//! Walks the whole log: chain, sequence, signatures, values, documents, files, passwords.
//!
//! A change that does not recompute the chain is always found. A recomputed or truncated history is
//! found only against an anchor kept elsewhere (backups carry one).

mod attached;
mod disposals;
mod factors;
mod keys;

use super::{
    Connection, DbRow, dialect,
    read::Read,
    schema,
    tolerant::{BATCH, Walk, passed},
    whole::Whole,
};
use crate::{Problem, Progress, Report, StoreError};
use attached::Attached;
use disposals::Disposals;
use keys::Keys;
use redress_domain::chain::{Sealed, link};
use serde_json::Value;
use std::{collections::BTreeMap, sync::atomic::Ordering};

/// One event as it stands in the table.
pub struct Line {
    pub pos: i64,
    pub stream: String,
    pub seq: i64,
    pub kind: String,
    pub version: i64,
    pub actor: String,
    pub at: String,
    pub at_us: i64,
    pub body: String,
    pub prev: String,
    pub alg: String,
    pub hash: String,
    pub key: Option<String>,
    pub signature: Option<String>,
}

impl Line {
    pub fn of(r: &DbRow) -> Result<Self, StoreError> {
        Ok(Self {
            pos: r.read(0)?,
            stream: r.read(1)?,
            seq: r.read(2)?,
            kind: r.read(3)?,
            version: r.read(4)?,
            actor: r.read(5)?,
            at: r.read(6)?,
            body: r.read(7)?,
            prev: r.read(8)?,
            alg: r.read(9)?,
            hash: r.read(10)?,
            key: r.read(11)?,
            signature: r.read(12)?,
            at_us: r.read(13)?,
        })
    }

    /// The body; null where it is no JSON, so that nothing is found in it. That the event is not understood is told by
    /// whoever reads it as one.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    pub fn seal(&self) -> String {
        let sealed = Sealed {
            pos: self.pos,
            stream: &self.stream,
            seq: self.seq,
            kind: &self.kind,
            version: self.version,
            actor: &self.actor,
            at: &self.at,
            body: &self.body,
            prev: &self.prev,
            alg: &self.alg,
        };
        sealed.hash()
    }
}

/// What was found so far; sorted by position at the end.
#[derive(Default)]
struct Found(Vec<(i64, Problem)>);

impl Found {
    fn at(&mut self, line: &Line, code: &str, about: &str) {
        let problem = Problem {
            code: code.to_owned(),
            stream: line.stream.clone(),
            seq: line.seq,
            about: about.to_owned(),
        };
        self.0.push((line.pos, problem));
    }

    /// An event that cannot be read.
    fn unreadable(&mut self, pos: i64) {
        let problem = Problem {
            code: "event_unreadable".to_owned(),
            stream: String::new(),
            seq: 0,
            about: pos.to_string(),
        };
        self.0.push((pos, problem));
    }

    /// What the database says of its own file; none where it cannot even look.
    fn file(&mut self, faults: Option<Vec<String>>) {
        for about in faults.unwrap_or_else(|| vec!["integrity_check".to_owned()]) {
            let problem = Problem {
                code: "file_damaged".to_owned(),
                stream: String::new(),
                seq: 0,
                about,
            };
            self.0.push((0, problem));
        }
    }

    /// Something that belongs to no event.
    fn stray(&mut self, code: &str, about: &str) {
        let problem = Problem {
            code: code.to_owned(),
            stream: String::new(),
            seq: 0,
            about: about.to_owned(),
        };
        self.0.push((i64::MAX, problem));
    }
}

/// The time that an event says of itself, as it stands beside it where order matters.
fn micros(at: &str) -> Option<i64> {
    let at = chrono::DateTime::parse_from_rfc3339(at).ok()?;
    Some(at.timestamp_micros())
}

pub const SQL: &str = "SELECT pos, stream, seq, kind, version, actor, at, body, prev, alg, hash, key_id, signature, at_us \
     FROM event WHERE pos > $1 ORDER BY pos LIMIT $2";
pub const ONE: &str = "SELECT pos, stream, seq, kind, version, actor, at, body, prev, alg, hash, key_id, signature, at_us \
     FROM event WHERE pos = $1";

/// The chain as far as it was walked.
#[derive(Default)]
struct Chain {
    /// What the next event refers to; none after one that could not be read.
    prev: Option<String>,
    seqs: BTreeMap<String, i64>,
    pos: i64,
    /// Positions that a salvage says it could not bring out.
    gaps: Vec<(i64, i64)>,
    /// Events were passed over that could not be read: theirs are the numbers that are missing.
    passed: bool,
}

impl Chain {
    fn pass(&mut self, pos: i64, found: &mut Found) {
        found.unreadable(pos);
        (self.prev, self.pos, self.passed) = (None, pos, true);
    }

    fn hold(&mut self, line: &Line, found: &mut Found) {
        if line.pos != self.pos + 1 {
            let (from, to) = (self.pos + 1, line.pos - 1);
            if self.gaps.iter().any(|(a, b)| *a <= from && to <= *b) {
                (self.prev, self.passed) = (None, true);
            } else {
                found.at(line, "pos_gap", &line.pos.to_string());
            }
        }
        self.pos = line.pos;
        let last = self.seqs.entry(line.stream.clone()).or_default();
        *last += 1;
        if line.seq != *last && !(self.passed && line.seq > *last) {
            found.at(line, "seq_gap", &line.kind);
        } else {
            *last = line.seq;
        }
        if self.prev.as_ref().is_some_and(|prev| *prev != line.prev) {
            found.at(line, "link_broken", &line.kind);
        }
        if line.seal() != line.hash {
            found.at(line, "hash_differs", &line.kind);
        }
        if micros(&line.at) != Some(line.at_us) {
            found.at(line, "time_differs", &line.kind);
        }
        self.prev = Some(link(&line.hash, line.signature.as_deref()));
    }
}

/// Everything wrong, in order of position. The connection shows one moment, whatever is written meanwhile. What cannot
/// be read is named and passed over.
pub async fn walk(c: &mut Connection, progress: &Progress) -> Result<Report, StoreError> {
    let total = sqlx::query_scalar("SELECT count(*) FROM event");
    let total: Option<i64> = passed(total.fetch_one(&mut *c).await.map_err(StoreError::from))?;
    progress
        .total
        .fetch_add(total.unwrap_or_default(), Ordering::Relaxed);
    let mut report = Report::default();
    let mut found = Found::default();
    for object in passed(schema::differences(&mut *c).await)?.unwrap_or_default() {
        found.stray(crate::SCHEMA_DIFFERS, &object);
    }
    found.file(passed(dialect::faults(&mut *c).await)?);
    let mut chain = Chain {
        prev: Some(String::new()),
        ..Chain::default()
    };
    chain.gaps = passed(declared_gaps(&mut *c).await)?.unwrap_or_default();
    let (mut keys, mut attached, mut disposals) =
        (Keys::default(), Attached::default(), Disposals::default());
    let mut events = Walk::new(SQL, ONE);
    while let Some(batch) = events.next(&mut *c).await? {
        let mut unreadable = batch.unreadable.iter().copied().peekable();
        for row in &batch.rows {
            let pos: i64 = row.read(0)?;
            while let Some(before) = unreadable.next_if(|p| *p < pos) {
                chain.pass(before, &mut found);
            }
            report.events += 1;
            let Some(line) = passed(Line::of(row))? else {
                chain.pass(pos, &mut found);
                continue;
            };
            chain.hold(&line, &mut found);
            let body = line.json();
            if let Some(code) = keys.judge(&line, &body) {
                found.at(&line, code, body["action"].as_str().unwrap_or(&line.kind));
            }
            if let Some(code) = disposals.judge(&line, &body) {
                found.at(&line, code, &line.kind);
            }
            let looked = attached.look(&mut *c, &line, &body, &mut found).await;
            if passed(looked)?.is_none() {
                found.at(&line, "beside_unreadable", &line.kind);
            }
            report.anchor_pos = line.pos;
            report.anchor_hash = line.hash;
        }
        for rest in unreadable {
            chain.pass(rest, &mut found);
        }
        progress.step(i64::try_from(batch.rows.len()).unwrap_or(BATCH))?;
    }
    attached.finish(&mut *c, &disposals, &mut found).await?;
    report.gaps = chain.gaps;
    found.0.sort_by_key(|(pos, _)| *pos);
    report.problems = found.0.into_iter().map(|(_, p)| p).collect();
    Ok(report)
}

/// What events of a salvage say is missing.
async fn declared_gaps(c: &mut Connection) -> Result<Vec<(i64, i64)>, StoreError> {
    let sql = "SELECT body FROM event WHERE stream = 'office' AND kind = 'salvaged'";
    let all: Vec<String> = sqlx::query(sql).column(c).await?;
    let gaps = all.iter().filter_map(|body| {
        let body: Value = serde_json::from_str(body).ok()?;
        serde_json::from_value::<Vec<(i64, i64)>>(body["gaps"].clone()).ok()
    });
    Ok(gaps.flatten().collect())
}
