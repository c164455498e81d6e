//! Walks the whole log: chain, sequence, signatures, values, documents, files, passwords.
//!
//! A change that does not recompute the chain is always found. A recomputed or truncated history is
//! found only against an anchor kept elsewhere (backups carry one).

mod beside;
mod disposals;
mod factors;
mod keys;

use super::{Connection, DbRow, schema};
use crate::{Problem, Progress, Report, StoreError};
use beside::Beside;
use disposals::Disposals;
use keys::Keys;
use redress_domain::chain::{Sealed, link};
use serde_json::Value;
use sqlx::Row;
use std::{collections::BTreeMap, sync::atomic::Ordering};

/// Events that are read at a time.
const BATCH: i64 = 500;

/// One event as it stands in the table.
struct Line {
    pos: i64,
    stream: String,
    seq: i64,
    kind: String,
    version: i64,
    actor: String,
    at: String,
    at_us: i64,
    body: String,
    prev: String,
    alg: String,
    hash: String,
    key: Option<String>,
    signature: Option<String>,
}

impl Line {
    fn of(r: &DbRow) -> Self {
        Self {
            pos: r.get(0),
            stream: r.get(1),
            seq: r.get(2),
            kind: r.get(3),
            version: r.get(4),
            actor: r.get(5),
            at: r.get(6),
            body: r.get(7),
            prev: r.get(8),
            alg: r.get(9),
            hash: r.get(10),
            key: r.get(11),
            signature: r.get(12),
            at_us: r.get(13),
        }
    }

    fn seal(&self) -> String {
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

/// Everything wrong, in order of position. The connection shows one moment, whatever is written meanwhile.
pub async fn walk(c: &mut Connection, progress: &Progress) -> Result<Report, StoreError> {
    let total: i64 = sqlx::query_scalar("SELECT count(*) FROM event")
        .fetch_one(&mut *c)
        .await?;
    progress.total.fetch_add(total, Ordering::Relaxed);
    let mut report = Report::default();
    let mut found = Found::default();
    for object in schema::differences(&mut *c).await? {
        found.stray(crate::SCHEMA_DIFFERS, &object);
    }
    let mut prev = String::new();
    let mut seqs: BTreeMap<String, i64> = BTreeMap::new();
    let (mut keys, mut beside, mut disposals) =
        (Keys::default(), Beside::default(), Disposals::default());
    let mut after = i64::MIN;
    loop {
        let rows = sqlx::query(
            "SELECT pos, stream, seq, kind, version, actor, at, body, prev, alg, hash, key_id, signature, at_us \
             FROM event WHERE pos > $1 ORDER BY pos LIMIT $2",
        )
        .bind(after)
        .bind(BATCH)
        .fetch_all(&mut *c)
        .await?;
        let Some(last) = rows.last() else { break };
        after = last.get(0);
        for line in rows.iter().map(Line::of) {
            report.events += 1;
            if line.pos != report.events {
                found.at(&line, "pos_gap", &line.pos.to_string());
            }
            let last = seqs.entry(line.stream.clone()).or_default();
            *last += 1;
            if line.seq != *last {
                found.at(&line, "seq_gap", &line.kind);
            }
            if line.prev != prev {
                found.at(&line, "link_broken", &line.kind);
            }
            if line.seal() != line.hash {
                found.at(&line, "hash_differs", &line.kind);
            }
            if micros(&line.at) != Some(line.at_us) {
                found.at(&line, "time_differs", &line.kind);
            }
            let body: Value = serde_json::from_str(&line.body).unwrap_or_default();
            if let Some(code) = keys.judge(&line, &body) {
                found.at(&line, code, body["action"].as_str().unwrap_or(&line.kind));
            }
            if let Some(code) = disposals.judge(&line, &body) {
                found.at(&line, code, &line.kind);
            }
            beside.look(&mut *c, &line, &body, &mut found).await?;
            prev = link(&line.hash, line.signature.as_deref());
            report.anchor_pos = line.pos;
            report.anchor_hash = line.hash;
        }
        progress.step(i64::try_from(rows.len()).unwrap_or(BATCH))?;
    }
    beside.finish(&mut *c, &disposals, &mut found).await?;
    found.0.sort_by_key(|(pos, _)| *pos);
    report.problems = found.0.into_iter().map(|(_, p)| p).collect();
    Ok(report)
}
