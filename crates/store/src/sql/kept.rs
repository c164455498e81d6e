//! What is kept beside the log: documents, files, editions, passwords, drafts.

use super::read::Read;
use super::{Connection, DbRow, Pool, second_factor, whole::Whole, written};
use crate::{
    Append, AttachmentRow, Credential, Draft, NewAttachment, NewCredential, NumberClaim, Sent,
    SentKey, StoreError, progress::counted,
};
use redress_domain::id::{AttachmentId, CaseId, DocumentId, PersonId};

/// Writes what goes with an append.
pub async fn write(c: &mut Connection, one: &Append) -> Result<(), StoreError> {
    if let Some((hash, files)) = &one.edition {
        sqlx::query(
            "INSERT INTO edition (hash, files) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
        )
        .bind(hash)
        .bind(files)
        .execute(&mut *c)
        .await?;
        // Kept now or by a case before.
        let sql = "SELECT EXISTS (SELECT 1 FROM edition WHERE hash = $1)";
        let there: bool = sqlx::query_scalar(sql)
            .bind(hash)
            .fetch_one(&mut *c)
            .await?;
        written::there(there, "edition")?;
    }
    if let Some(new) = &one.credential {
        set_credential(c, new).await?;
    }
    if let Some((login, hash)) = &one.pin {
        set_pin(c, login, hash).await?;
    }
    if let Some(change) = &one.second_factor {
        second_factor::write(c, change).await?;
    }
    if let Some(n) = &one.number {
        claim_number(c, n).await?;
    }
    if let Some(request) = &one.sent {
        set_sent(c, request, one).await?;
    }
    if let Some((id, pdf)) = &one.document {
        let done = sqlx::query("INSERT INTO document (id, case_id, pdf) VALUES ($1, $2, $3)")
            .bind(id.to_string())
            .bind(case_of(one)?)
            .bind(pdf)
            .execute(&mut *c)
            .await?;
        written::exactly(&done, 1, "document")?;
    }
    if let Some(file) = &one.attachment {
        put_attachment(c, one, file).await?;
    }
    Ok(())
}

/// The case whose stream is appended to; documents and files belong to no other.
fn case_of(one: &Append) -> Result<&str, StoreError> {
    let case = one.stream.strip_prefix("case:");
    case.ok_or_else(|| StoreError::Internal(format!("a paper or file of {}", one.stream)))
}

async fn claim_number(c: &mut Connection, n: &NumberClaim) -> Result<(), StoreError> {
    let sql = "INSERT INTO number_claim (procedure, year, seq) VALUES ($1, $2, $3)";
    let done = sqlx::query(sql)
        .bind(&n.procedure)
        .bind(n.year)
        .bind(n.seq)
        .execute(c)
        .await?;
    written::exactly(&done, 1, "number_claim")
}

async fn put_attachment(
    c: &mut Connection,
    one: &Append,
    file: &NewAttachment,
) -> Result<(), StoreError> {
    let said = one.events.first();
    let said = said.ok_or_else(|| StoreError::Internal("a file without its event".to_owned()))?;
    let done = sqlx::query("INSERT INTO attachment (id, case_id, name, kind, size, at, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(file.id.to_string())
        .bind(case_of(one)?)
        .bind(&file.name)
        .bind(&file.kind)
        .bind(counted(file.bytes.len()))
        .bind(said.event.at.to_rfc3339())
        .bind(&file.bytes)
        .execute(c)
        .await?;
    written::exactly(&done, 1, "attachment")
}

/// A request is sent again within minutes, or not at all.
const REMEMBERED_US: i64 = 7 * 24 * 3600 * 1_000_000;

async fn set_sent(c: &mut Connection, request: &SentKey, one: &Append) -> Result<(), StoreError> {
    let at_us = one
        .events
        .last()
        .map_or(0, |e| e.event.at.timestamp_micros());
    let last = one.expected_seq + counted(one.events.len());
    sqlx::query("DELETE FROM sent WHERE at_us < $1")
        .bind(at_us - REMEMBERED_US)
        .execute(&mut *c)
        .await?;
    // What a clock that had run ahead left behind would stay for years; nobody is still waiting for it.
    sqlx::query("DELETE FROM sent WHERE at_us > $1")
        .bind(at_us + REMEMBERED_US)
        .execute(&mut *c)
        .await?;
    let done = sqlx::query(
        "INSERT INTO sent (key, stream, first, last, at_us, content) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&request.key)
    .bind(&one.stream)
    .bind(one.expected_seq + 1)
    .bind(last)
    .bind(at_us)
    .bind(&request.content)
    .execute(c)
    .await?;
    written::exactly(&done, 1, "sent")?;
    Ok(())
}

pub async fn sent(pool: &Pool, key: &str) -> Result<Option<Sent>, StoreError> {
    let row = sqlx::query("SELECT stream, first, last, content FROM sent WHERE key = $1")
        .bind(key)
        .maybe(pool)
        .await?;
    row.map(|r| {
        Ok(Sent {
            stream: r.read(0)?,
            first: r.read(1)?,
            last: r.read(2)?,
            content: r.read(3)?,
        })
    })
    .transpose()
}

pub async fn last_number(pool: &Pool, procedure: &str, year: i32) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce(max(seq), 0) FROM number_claim WHERE procedure = $1 AND year = $2";
    Ok(sqlx::query_scalar(sql)
        .bind(procedure)
        .bind(year)
        .fetch_one(pool)
        .await?)
}

pub async fn document(pool: &Pool, id: DocumentId) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT pdf FROM document WHERE id = $1";
    sqlx::query(sql)
        .bind(id.to_string())
        .maybe_value(pool)
        .await
}

pub async fn case_of_document(pool: &Pool, id: DocumentId) -> Result<Option<CaseId>, StoreError> {
    let sql = "SELECT case_id FROM document WHERE id = $1";
    let case: Option<String> = sqlx::query(sql)
        .bind(id.to_string())
        .maybe_value(pool)
        .await?;
    Ok(case.and_then(|c| c.parse().ok()))
}

pub async fn case_of_attachment(
    pool: &Pool,
    id: AttachmentId,
) -> Result<Option<CaseId>, StoreError> {
    let sql = "SELECT case_id FROM attachment WHERE id = $1";
    let case: Option<String> = sqlx::query(sql)
        .bind(id.to_string())
        .maybe_value(pool)
        .await?;
    Ok(case.and_then(|c| c.parse().ok()))
}

fn row(r: &DbRow) -> Result<AttachmentRow, StoreError> {
    let id: String = r.read(0)?;
    let id = id
        .parse::<AttachmentId>()
        .map_err(|_| StoreError::Internal(format!("attachment {id}")))?;
    let case: String = r.read(5)?;
    let case = case
        .parse()
        .map_err(|_| StoreError::Internal("attachment without a case".to_owned()))?;
    Ok(AttachmentRow {
        id,
        case,
        name: r.read(1)?,
        kind: r.read(2)?,
        size: r.read(3)?,
        at: r.read(4)?,
    })
}

pub async fn attachment(
    pool: &Pool,
    id: AttachmentId,
) -> Result<Option<(AttachmentRow, Vec<u8>)>, StoreError> {
    let sql = "SELECT id, name, kind, size, at, case_id, bytes FROM attachment WHERE id = $1";
    let found = sqlx::query(sql).bind(id.to_string()).maybe(pool).await?;
    found.map(|r| Ok((row(&r)?, r.read(6)?))).transpose()
}

pub async fn attachments(pool: &Pool, case: CaseId) -> Result<Vec<AttachmentRow>, StoreError> {
    let sql = "SELECT id, name, kind, size, at, case_id FROM attachment WHERE case_id = $1 ORDER BY at, id";
    let all = sqlx::query(sql).bind(case.to_string()).rows(pool).await?;
    all.iter().map(row).collect()
}

pub async fn edition(pool: &Pool, hash: &str) -> Result<Option<String>, StoreError> {
    sqlx::query("SELECT files FROM edition WHERE hash = $1")
        .bind(hash)
        .maybe_value(pool)
        .await
}

pub async fn credential(pool: &Pool, login: &str) -> Result<Option<Credential>, StoreError> {
    let sql = "SELECT person, password_hash, sealed_key, pin_hash FROM credential WHERE login = $1";
    let found = sqlx::query(sql).bind(login).maybe(pool).await?;
    let Some(r) = found else { return Ok(None) };
    let person: String = r.read(0)?;
    let person = person
        .parse()
        .map_err(|_| StoreError::Internal("credential without a person".to_owned()))?;
    Ok(Some(Credential {
        person,
        password_hash: r.read(1)?,
        sealed_key: r.read::<Option<Vec<u8>>>(2)?.unwrap_or_default(),
        pin_hash: r.read(3)?,
    }))
}

async fn set_credential(c: &mut Connection, new: &NewCredential) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO credential (login, person, password_hash, sealed_key) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (login) DO UPDATE SET password_hash = excluded.password_hash, sealed_key = excluded.sealed_key, pin_hash = NULL \
         WHERE credential.person = excluded.person",
    )
    .bind(&new.login)
    .bind(new.person.to_string())
    .bind(&new.password_hash)
    .bind(&new.sealed_key)
    .execute(c)
    .await?;
    // Two administrators may have thought of the same name at the same moment.
    if done.rows_affected() == 0 {
        return Err(StoreError::LoginTaken {
            login: new.login.clone(),
        });
    }
    Ok(())
}

async fn set_pin(c: &mut Connection, login: &str, hash: &str) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE credential SET pin_hash = $2 WHERE login = $1")
        .bind(login)
        .bind(hash)
        .execute(c)
        .await?;
    written::exactly(&done, 1, "credential")?;
    Ok(())
}

pub async fn attempts(pool: &Pool, name: &str) -> Result<(i64, i64), StoreError> {
    let row = sqlx::query("SELECT failures, last_us FROM attempt WHERE name = $1")
        .bind(name)
        .maybe(pool)
        .await?;
    match row {
        Some(r) => Ok((r.read(0)?, r.read(1)?)),
        None => Ok((0, 0)),
    }
}

/// Wrong passwords of yesterday tell nothing, and names that nobody has would only pile up.
const ATTEMPTS_US: i64 = 24 * 3600 * 1_000_000;

pub async fn attempt_failed(
    pool: &Pool,
    name: &str,
    at_us: i64,
    since_us: i64,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM attempt WHERE last_us < $1")
        .bind(at_us - ATTEMPTS_US)
        .execute(pool)
        .await?;
    // Counted by the database, so that two hosts that count at once lose none.
    let done = sqlx::query(
        "INSERT INTO attempt (name, failures, last_us) VALUES ($1, 1, $2) ON CONFLICT (name) DO UPDATE SET \
         failures = CASE WHEN attempt.last_us < $3 THEN 1 ELSE attempt.failures + 1 END, last_us = excluded.last_us",
    )
    .bind(name)
    .bind(at_us)
    .bind(since_us)
    .execute(pool)
    .await?;
    written::exactly(&done, 1, "attempt")?;
    Ok(())
}

/// What was counted by a clock that had run ahead was counted now at the latest.
pub async fn attempts_not_after(pool: &Pool, now_us: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE attempt SET last_us = $1 WHERE last_us > $1")
        .bind(now_us)
        .execute(pool)
        .await?;
    Ok(())
}

pub async fn attempts_forgive(pool: &Pool, name: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM attempt WHERE name = $1")
        .bind(name)
        .execute(pool)
        .await?;
    Ok(())
}

pub async fn draft_put(
    pool: &Pool,
    person: PersonId,
    key: &str,
    json: &str,
    at: &str,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO draft (person, key, json, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (person, key) DO UPDATE SET json = excluded.json, at = excluded.at",
    )
    .bind(person.to_string())
    .bind(key)
    .bind(json)
    .bind(at)
    .execute(pool)
    .await?;
    written::exactly(&done, 1, "draft")?;
    Ok(())
}

pub async fn draft_list(pool: &Pool, person: PersonId) -> Result<Vec<Draft>, StoreError> {
    let sql = "SELECT key, json, at FROM draft WHERE person = $1 ORDER BY key";
    let all = sqlx::query(sql).bind(person.to_string()).rows(pool).await?;
    let one = |r: &DbRow| {
        Ok(Draft {
            key: r.read(0)?,
            json: r.read(1)?,
            at: r.read(2)?,
        })
    };
    all.iter().map(one).collect()
}

pub async fn draft_delete(pool: &Pool, person: PersonId, key: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM draft WHERE person = $1 AND key = $2")
        .bind(person.to_string())
        .bind(key)
        .execute(pool)
        .await?;
    Ok(())
}
