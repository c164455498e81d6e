//! The chained log: append and read.

use super::read::Read;
use super::{Connection, Db, DbRow, Pool, dialect, sound, whole::Whole, written};
use crate::{AccessRow, Append, EventFilter, NewEvent, Recorded, StoreError};
use redress_domain::{
    chain::{ALG, Sealed, link, value_hash},
    decide::ABREAST,
    event::{Event, EventBody},
    signature::Signer,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Version of every event body of today.
const VERSION: i64 = 1;

/// Events among which the newest time is looked for, so that many small steps back do not add up.
const LATE: i64 = 100;
/// The event by which an administrator says that the clock is right.
const CLOCK_CONFIRMED: &str = "clock_confirmed";

/// The end of the log: position and the `prev` of what comes next.
async fn tail(c: &mut Connection) -> Result<(i64, String), StoreError> {
    let row = sqlx::query("SELECT pos, hash, signature FROM event ORDER BY pos DESC LIMIT 1")
        .maybe(c)
        .await?;
    let Some(r) = row else {
        return Ok((0, String::new()));
    };
    let signature: Option<String> = r.read(2)?;
    Ok((r.read(0)?, link(r.read(1)?, signature.as_deref())))
}

/// The earliest time that the next event may have, and the time that it would stand before (T8).
pub async fn limit(c: &mut Connection) -> Result<(i64, String), StoreError> {
    let rows = sqlx::query("SELECT at_us, at, kind FROM event ORDER BY pos DESC LIMIT $1")
        .bind(LATE)
        .rows(c)
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for r in &rows {
        let (at_us, at, kind): (i64, String, String) = (r.read(0)?, r.read(1)?, r.read(2)?);
        all.push((at_us, at));
        // What stands before a clock that was confirmed was written by one that had run ahead.
        if kind == CLOCK_CONFIRMED {
            break;
        }
    }
    let newest = all.into_iter().max_by_key(|(at_us, _)| *at_us);
    Ok(newest.map_or((i64::MIN, String::new()), |(at_us, at)| {
        // Some seconds are a number of microseconds.
        let abreast = ABREAST.num_microseconds().unwrap_or_default();
        (at_us.saturating_sub(abreast), at)
    }))
}

/// Writes the events of one append; answers the position of its first event.
pub async fn write(c: &mut Connection, one: &Append, training: bool) -> Result<i64, StoreError> {
    let have: i64 = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM event WHERE stream = $1")
        .bind(&one.stream)
        .fetch_one(&mut *c)
        .await?;
    if have != one.expected_seq {
        return Err(StoreError::Changed);
    }
    let (mut pos, mut prev) = tail(c).await?;
    let (limit_us, limit) = if training {
        own_newest(c, &one.stream).await?
    } else {
        limit(c).await?
    };
    let first = pos + 1;
    for (NewEvent { event, salts }, seq) in one.events.iter().zip(one.expected_seq + 1..) {
        pos += 1;
        let confirms = matches!(event.body, EventBody::ClockConfirmed { .. });
        if event.at.timestamp_micros() < limit_us && !confirms {
            return Err(StoreError::ClockSetBack { newest: limit });
        }
        let at = Place {
            pos,
            stream: &one.stream,
            seq,
            prev: &prev,
        };
        let signer = one.signer.as_ref().filter(|_| event.body.signs().is_some());
        let next = write_event(&mut *c, &at, event, salts, signer).await?;
        write_values(&mut *c, pos, event, salts).await?;
        prev = next;
    }
    Ok(first)
}

/// Where an event stands: in the log, in its stream, and after what.
struct Place<'a> {
    pos: i64,
    stream: &'a str,
    seq: i64,
    prev: &'a str,
}

/// Writes one envelope; answers what the next one is linked to.
async fn write_event(
    c: &mut Connection,
    place: &Place<'_>,
    event: &Event,
    salts: &[[u8; 16]],
    signer: Option<&Signer>,
) -> Result<String, StoreError> {
    let (kind, body) = body_with_hashes(event, salts)?;
    let (actor, at) = (event.actor.to_string(), event.at.to_rfc3339());
    let sealed = Sealed {
        pos: place.pos,
        stream: place.stream,
        seq: place.seq,
        kind: &kind,
        version: VERSION,
        actor: &actor,
        at: &at,
        body: &body,
        prev: place.prev,
        alg: ALG,
    };
    let hash = sealed.hash();
    let signature = signer.map(|s| s.sign(&hash));
    let done = sqlx::query(
        "INSERT INTO event (pos, stream, seq, kind, version, actor, at, at_us, body, prev, alg, hash, key_id, signature) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(place.pos)
    .bind(place.stream)
    .bind(place.seq)
    .bind(&kind)
    .bind(VERSION)
    .bind(&actor)
    .bind(&at)
    .bind(event.at.timestamp_micros())
    .bind(&body)
    .bind(place.prev)
    .bind(ALG)
    .bind(&hash)
    .bind(signer.map(Signer::key_id))
    .bind(&signature)
    .execute(c)
    .await?;
    written::exactly(&done, 1, "event")?;
    Ok(link(&hash, signature.as_deref()))
}

/// Kind and body of an event, with the salted hash of each value that stands beside it.
fn body_with_hashes(event: &Event, salts: &[[u8; 16]]) -> Result<(String, String), StoreError> {
    let (kind, mut body) = event.body.split()?;
    let values = event.values.iter().zip(salts);
    let hashes: serde_json::Map<String, Value> = values
        .map(|((field, v), salt)| (field.clone(), Value::from(value_hash(salt, field, v))))
        .collect();
    if !hashes.is_empty()
        && let Some(map) = body.as_object_mut()
    {
        map.insert("values".to_owned(), Value::Object(hashes));
    }
    Ok((kind, body.to_string()))
}

async fn write_values(
    c: &mut Connection,
    pos: i64,
    event: &Event,
    salts: &[[u8; 16]],
) -> Result<(), StoreError> {
    for ((field, v), salt) in event.values.iter().zip(salts) {
        let done =
            sqlx::query("INSERT INTO value (pos, field, salt, value) VALUES ($1, $2, $3, $4)")
                .bind(pos)
                .bind(field)
                .bind(&salt[..])
                .bind(v.to_string())
                .execute(&mut *c)
                .await?;
        written::exactly(&done, 1, "value")?;
    }
    Ok(())
}

/// In a training folder time need only move forward within each case (T8).
async fn own_newest(c: &mut Connection, stream: &str) -> Result<(i64, String), StoreError> {
    if !stream.starts_with("case:") {
        return Ok((i64::MIN, String::new()));
    }
    let row =
        sqlx::query("SELECT at_us, at FROM event WHERE stream = $1 ORDER BY seq DESC LIMIT 1")
            .bind(stream)
            .maybe(c)
            .await?;
    match row {
        Some(r) => Ok((r.read(0)?, r.read(1)?)),
        None => Ok((i64::MIN, String::new())),
    }
}

/// The events of a stream, values joined; values that were erased are simply absent. The connection shows one moment.
///
/// # Errors
/// `RecordDamaged` where an event or a value is not the one that was written, or one between is missing.
pub async fn read(c: &mut Connection, stream: &str) -> Result<Vec<Event>, StoreError> {
    let rows = sqlx::query(sound::STREAM)
        .bind(stream)
        .rows(&mut *c)
        .await?;
    let values = sqlx::query(
        "SELECT v.pos, v.field, v.salt, v.value FROM event e JOIN value v ON v.pos = e.pos WHERE e.stream = $1",
    )
    .bind(stream)
    .rows(&mut *c)
    .await?;
    let lost = match stream.strip_prefix("case:") {
        // A case is carried whole out of a damaged office, or not at all.
        Some(_) => BTreeSet::new(),
        None => sound::declared(&mut *c).await?,
    };
    sound::events(&rows, &values, &lost)
}

/// Hashes of the signed events of a stream, by position in the stream.
pub async fn signed(pool: &Pool, stream: &str) -> Result<BTreeMap<i64, String>, StoreError> {
    let sql = "SELECT seq, hash FROM event WHERE stream = $1 AND signature IS NOT NULL";
    let rows = sqlx::query(sql).bind(stream).rows(pool).await?;
    rows.iter().map(|r| Ok((r.read(0)?, r.read(1)?))).collect()
}

/// The events of every stream whose name begins so, e.g. `person:`, in the order of the log; `walked`: found without the
/// index, in a time that grows with the log. As [`read`].
///
/// # Errors
/// `RecordDamaged` where an event or a value is not the one that was written, or one is missing.
pub async fn read_below(
    c: &mut Connection,
    prefix: &str,
    walked: bool,
) -> Result<Vec<Event>, StoreError> {
    let rows = if walked {
        sqlx::query(sound::BELOW_WALKED).bind(prefix)
    } else {
        sqlx::query(sound::BELOW)
            .bind(prefix)
            .bind(sound::after(prefix))
    };
    let rows = rows.rows(&mut *c).await?;
    // A value that the index does not lead to is missed: its event says how many it has.
    let values = sqlx::query(
        "SELECT v.pos, v.field, v.salt, v.value FROM event e JOIN value v ON v.pos = e.pos \
         WHERE e.stream >= $1 AND e.stream < $2",
    )
    .bind(prefix)
    .bind(sound::after(prefix))
    .rows(&mut *c)
    .await?;
    let lost = sound::declared(&mut *c).await?;
    let all = sound::events(&rows, &values, &lost)?;
    if dialect::READS_ON {
        sound::ends(&mut *c, prefix, &rows, &lost).await?;
    }
    Ok(all)
}

/// The newest lines of the access stream, with what was said about each.
pub async fn accesses(
    pool: &Pool,
    before: Option<i64>,
    what: Option<&str>,
    limit: u32,
) -> Result<Vec<AccessRow>, StoreError> {
    let mut sql = sqlx::QueryBuilder::<Db>::new(
        "SELECT pos, stream, seq, kind, version, actor, at, body, prev, alg, hash, key_id, signature, at_us FROM event WHERE stream = 'access'",
    );
    if let Some(before) = before {
        sql.push(" AND pos < ").push_bind(before);
    }
    if let Some(what) = what {
        sql.push(" AND ")
            .push(dialect::WHAT)
            .push(" = ")
            .push_bind(what.to_owned());
    }
    sql.push(" ORDER BY pos DESC LIMIT ")
        .push_bind(i64::from(limit));
    let rows = sql.build().rows(pool).await?;
    let mut all = Vec::with_capacity(rows.len());
    for r in rows {
        let pos: i64 = r.read(0)?;
        let values = sqlx::query("SELECT pos, field, salt, value FROM value WHERE pos = $1")
            .bind(pos)
            .rows(pool)
            .await?;
        let event = sound::looked(&r, &values)?;
        all.push(AccessRow { pos, event });
    }
    Ok(all)
}

/// Envelopes in order of position.
pub async fn list(pool: &Pool, filter: &EventFilter) -> Result<Vec<Recorded>, StoreError> {
    let mut sql = sqlx::QueryBuilder::<Db>::new(
        "SELECT pos, stream, seq, kind, version, actor, at, body, hash FROM event WHERE pos > ",
    );
    sql.push_bind(filter.after);
    if let Some(stream) = &filter.stream {
        sql.push(" AND stream = ").push_bind(stream.clone());
    }
    sql.push(" ORDER BY pos LIMIT ")
        .push_bind(i64::from(filter.limit));
    let rows = sql.build().rows(pool).await?;
    let one = |r: &DbRow| {
        Ok(Recorded {
            pos: r.read(0)?,
            stream: r.read(1)?,
            seq: r.read(2)?,
            kind: r.read(3)?,
            version: r.read(4)?,
            actor: r.read(5)?,
            at: r.read(6)?,
            body: r.read(7)?,
            hash: r.read(8)?,
        })
    };
    rows.iter().map(one).collect()
}
