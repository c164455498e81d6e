//! Events as they were written: each is held against its hash when it is read, and so is each value beside it.
//!
//! A page that a disk wrote over may still decode, to something else. What is read is what was written, or an error.

use super::{Connection, DbRow, read::Read, verify::Line, whole::Whole};
use crate::StoreError;
use redress_domain::{
    calendar::here,
    chain::value_hash,
    event::{Event, EventBody},
    id::PersonId,
    value::Values,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The events of one stream.
pub const STREAM: &str = "SELECT pos, stream, seq, kind, version, actor, at, body, prev, alg, hash, key_id, signature, at_us \
     FROM event WHERE stream = $1 ORDER BY seq";
/// The events of every stream whose name begins so, by the index beside the log.
pub const BELOW: &str = "SELECT pos, stream, seq, kind, version, actor, at, body, prev, alg, hash, key_id, signature, at_us \
     FROM event WHERE stream >= $1 AND stream < $2 ORDER BY pos";
/// The same by walking the whole log, as long as it is: what the index lost is found all the same.
pub const BELOW_WALKED: &str = "SELECT pos, stream, seq, kind, version, actor, at, body, prev, alg, hash, key_id, signature, at_us \
     FROM event WHERE stream LIKE $1 || '%' ORDER BY pos";

/// Comes after every stream whose name begins so.
pub fn after(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// One value beside an event.
#[derive(Debug, Clone)]
pub struct StoredValue {
    pub field: String,
    pub salt: Vec<u8>,
    pub value: String,
}

fn damaged(pos: i64, what: &str) -> StoreError {
    StoreError::RecordDamaged {
        about: format!("event {pos}: {what}"),
    }
}

/// Streams that a salvage carried as far as they could be read: what is missing of them is said by the log itself.
pub async fn declared(c: &mut Connection) -> Result<BTreeSet<String>, StoreError> {
    let sql = "SELECT body FROM event WHERE stream = 'office' AND kind = 'salvaged'";
    let all: Vec<String> = sqlx::query(sql).column(c).await?;
    Ok(all.iter().flat_map(|body| lost_of(body)).collect())
}

/// The streams that a salvage's event names.
pub fn lost_of(body: &str) -> Vec<String> {
    // A body that is no JSON names no stream; whoever reads the event tells that it is damaged.
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let lost = body["lost"].as_array().into_iter().flatten();
    lost.filter_map(|l| l["stream"].as_str().map(str::to_owned))
        .collect()
}

/// An event that is what was written; values that are missing are so where `erased` says that they may be.
pub fn event(line: &Line, values: Vec<StoredValue>, erased: bool) -> Result<Event, StoreError> {
    let bad = |what: &str| damaged(line.pos, what);
    if line.seal() != line.hash {
        return Err(bad("hash"));
    }
    let mut body: Value = serde_json::from_str(&line.body).map_err(|_| bad("body"))?;
    let hashes = body.as_object_mut().and_then(|map| map.remove("values"));
    let hash = |field: &str| hashes.as_ref().and_then(|h| h[field].as_str());
    let mut all = Values::new();
    for v in values {
        let value: Value =
            serde_json::from_str(&v.value).map_err(|_| bad(&format!("value {}", v.field)))?;
        let salt: [u8; 16] = (v.salt.try_into()).map_err(|_| bad(&format!("value {}", v.field)))?;
        if hash(&v.field) != Some(value_hash(&salt, &v.field, &value).as_str()) {
            return Err(bad(&format!("value {}", v.field)));
        }
        all.insert(v.field, value);
    }
    let written = hashes.as_ref().and_then(Value::as_object);
    if !erased && written.map_or(0, serde_json::Map::len) != all.len() {
        return Err(bad("values"));
    }
    Ok(Event {
        actor: line.actor.parse::<PersonId>().map_err(|_| bad("actor"))?,
        at: here(&chrono::DateTime::parse_from_rfc3339(&line.at).map_err(|_| bad("time"))?),
        body: EventBody::join(&line.kind, body).map_err(|_| bad("body"))?,
        values: all,
    })
}

fn values_by_event(rows: &[DbRow]) -> Result<BTreeMap<i64, Vec<StoredValue>>, StoreError> {
    let mut all: BTreeMap<i64, Vec<StoredValue>> = BTreeMap::new();
    for v in rows {
        let one = StoredValue {
            field: v.read(1)?,
            salt: v.read(2)?,
            value: v.read(3)?,
        };
        all.entry(v.read(0)?).or_default().push(one);
    }
    Ok(all)
}

/// Whole streams, in the order in which they were read; `lost` names those of which the log says that they are not.
pub fn events(
    rows: &[DbRow],
    values: &[DbRow],
    lost: &BTreeSet<String>,
) -> Result<Vec<Event>, StoreError> {
    let lines: Vec<Line> = rows.iter().map(Line::of).collect::<Result<_, _>>()?;
    let mut values = values_by_event(values)?;
    let disposed: BTreeSet<&str> = lines
        .iter()
        .filter(|l| l.kind == "disposed")
        .map(|l| l.stream.as_str())
        .collect();
    let mut seqs: BTreeMap<&str, i64> = BTreeMap::new();
    let mut all = Vec::with_capacity(lines.len());
    for line in &lines {
        let last = seqs.entry(&line.stream).or_default();
        let declared = lost.contains(&line.stream);
        if line.seq != *last + 1 && !declared {
            return Err(damaged(line.pos, "order"));
        }
        *last = line.seq;
        let erased = declared || line.stream == "access" || disposed.contains(line.stream.as_str());
        let own = values.remove(&line.pos).unwrap_or_default();
        all.push(event(line, own, erased)?);
    }
    Ok(all)
}

/// One line of the access stream, of which the reason may have been erased with its case.
pub fn looked(row: &DbRow, values: &[DbRow]) -> Result<Event, StoreError> {
    let line = Line::of(row)?;
    let own = values_by_event(values)?
        .remove(&line.pos)
        .unwrap_or_default();
    event(&line, own, true)
}

/// How long each stream is, told by the index beside the log.
const ENDS: &str =
    "SELECT stream, max(seq) FROM event WHERE stream >= $1 AND stream < $2 GROUP BY stream";

/// Holds the ends of streams against the index beside the log, at the same moment: a table that lost its last rows
/// does not tell.
pub async fn ends(
    c: &mut Connection,
    prefix: &str,
    rows: &[DbRow],
    lost: &BTreeSet<String>,
) -> Result<(), StoreError> {
    let mut read: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows {
        read.insert(row.read(1)?, row.read(2)?);
    }
    let known = sqlx::query(ENDS)
        .bind(prefix)
        .bind(after(prefix))
        .rows(c)
        .await?;
    for row in &known {
        let (stream, end): (String, i64) = (row.read(0)?, row.read(1)?);
        if read.get(&stream).copied().unwrap_or_default() < end && !lost.contains(&stream) {
            return Err(StoreError::RecordDamaged {
                about: format!("{stream}: end"),
            });
        }
    }
    Ok(())
}
