//! The row of a case, which lists and searches read: derived, never the record.

use super::read::Read;
use super::{Connection, Pool, dialect, whole::Whole, written};
use crate::{CaseProjection, CaseRow, Progress, StoreError, TaskRow};
use redress_domain::{id::CaseId, number};
use std::collections::BTreeSet;

/// The row of a case, as its columns say it.
#[derive(Debug, PartialEq, Eq)]
pub struct Columns {
    id: String,
    number: String,
    procedure: String,
    status: String,
    received: i64,
    due_order: i64,
    keep_until: Option<String>,
    projection: String,
}

impl Columns {
    /// What a projection writes.
    pub fn of(p: &CaseProjection) -> Result<Self, StoreError> {
        let received = chrono::DateTime::parse_from_rfc3339(&p.row.received_at)
            .map_err(|e| StoreError::Internal(e.to_string()))?
            .timestamp();
        Ok(Self {
            id: p.row.id.to_string(),
            number: p.row.number.clone(),
            procedure: p.row.procedure.clone(),
            status: p.row.status.clone(),
            received,
            due_order: due_order(p),
            keep_until: p.row.keep_until.clone(),
            projection: serde_json::to_string(p)?,
        })
    }

    /// What stands in the table.
    pub async fn kept(c: &mut Connection, rank: i64) -> Result<Option<Self>, StoreError> {
        let sql = "SELECT id, number, procedure, status, received, due_order, keep_until, projection FROM case_row WHERE rank = $1";
        let row = sqlx::query(sql).bind(rank).maybe(c).await?;
        row.map(|r| {
            Ok(Self {
                id: r.read(0)?,
                number: r.read(1)?,
                procedure: r.read(2)?,
                status: r.read(3)?,
                received: r.read(4)?,
                due_order: r.read(5)?,
                keep_until: r.read(6)?,
                projection: r.read(7)?,
            })
        })
        .transpose()
    }
}

fn due_order(p: &CaseProjection) -> i64 {
    p.row.next_due.unwrap_or(i64::MAX)
}

/// For whom a case waits: procedure, role and order.
pub fn waiting(p: &CaseProjection) -> BTreeSet<(String, String, i64)> {
    let open = p.tasks.iter().filter(|t| !t.done);
    open.flat_map(TaskRow::roles)
        .map(|role| (p.row.procedure.clone(), role.to_owned(), due_order(p)))
        .collect()
}

/// For whom a case is not there.
pub fn hidden_from(p: &CaseProjection) -> BTreeSet<String> {
    let circle = p.row.circle.iter();
    let all = circle.flat_map(|c| &c.hidden_from);
    all.map(ToString::to_string).collect()
}

/// The position of a case's first event: its place in every derived table.
pub async fn rank(c: &mut Connection, case: CaseId) -> Result<i64, StoreError> {
    let sql = "SELECT pos FROM event WHERE stream = $1 AND seq = 1";
    Ok(sqlx::query_scalar(sql)
        .bind(format!("case:{case}"))
        .fetch_one(c)
        .await?)
}

/// Writes what is known of a case.
pub async fn write(c: &mut Connection, p: &CaseProjection) -> Result<(), StoreError> {
    let rank = rank(&mut *c, p.row.id).await?;
    let row = Columns::of(p)?;
    let done = sqlx::query(
        "INSERT INTO case_row (rank, id, number, procedure, status, received, due_order, keep_until, projection) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (rank) DO UPDATE SET status = excluded.status, \
         due_order = excluded.due_order, keep_until = excluded.keep_until, projection = excluded.projection",
    )
    .bind(rank)
    .bind(row.id)
    .bind(row.number)
    .bind(row.procedure)
    .bind(row.status)
    .bind(row.received)
    .bind(row.due_order)
    .bind(row.keep_until)
    .bind(row.projection)
    .execute(&mut *c)
    .await?;
    written::exactly(&done, 1, "case_row")?;
    sqlx::query("DELETE FROM waiting WHERE rank = $1")
        .bind(rank)
        .execute(&mut *c)
        .await?;
    for (procedure, role, due) in waiting(p) {
        let done = sqlx::query(
            "INSERT INTO waiting (procedure, role, due_order, rank) VALUES ($1, $2, $3, $4)",
        )
        .bind(procedure)
        .bind(role)
        .bind(due)
        .bind(rank)
        .execute(&mut *c)
        .await?;
        written::exactly(&done, 1, "waiting")?;
    }
    sqlx::query("DELETE FROM hidden_case WHERE rank = $1")
        .bind(rank)
        .execute(&mut *c)
        .await?;
    for person in hidden_from(p) {
        sqlx::query("INSERT INTO hidden_case (person, rank) VALUES ($1, $2)")
            .bind(person)
            .bind(rank)
            .execute(&mut *c)
            .await?;
    }
    dialect::unindex(&mut *c, rank).await?;
    dialect::index(c, rank, p).await
}

/// What a row holds: a damaged one says so.
pub fn parse(text: &str) -> Result<CaseProjection, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::RecordDamaged {
        about: "case_row.projection".to_owned(),
    })
}

/// One case's row.
pub async fn one(pool: &Pool, case: CaseId) -> Result<Option<CaseRow>, StoreError> {
    let text: Option<String> = sqlx::query("SELECT projection FROM case_row WHERE id = $1")
        .bind(case.to_string())
        .maybe_value(pool)
        .await?;
    text.map(|t| parse(&t).map(|p| p.row)).transpose()
}

/// One case's row by its id or its number, in whatever form either is written.
pub async fn one_by(pool: &Pool, which: &str) -> Result<Option<CaseRow>, StoreError> {
    if let Ok(id) = which.trim().parse::<CaseId>() {
        return one(pool, id).await;
    }
    let forms = number::forms(which);
    for form in &forms {
        let sql = "SELECT projection FROM case_row WHERE number = $1";
        let text: Option<String> = sqlx::query(sql).bind(form).maybe_value(pool).await?;
        if let Some(text) = text {
            return Ok(Some(parse(&text)?.row));
        }
    }
    // A house whose numbers have small letters of their own. A number has digits: most words are none.
    let digits = |f: &&String| f.bytes().any(|b| b.is_ascii_digit());
    let Some(capital) = forms.last().filter(digits) else {
        return Ok(None);
    };
    let sql = "SELECT projection FROM case_row WHERE upper(number) = $1 ORDER BY rank LIMIT 1";
    let text: Option<String> = sqlx::query(sql).bind(capital).maybe_value(pool).await?;
    text.map(|t| parse(&t).map(|p| p.row)).transpose()
}

/// Whether there is any case, or one of a procedure.
pub async fn any(pool: &Pool, procedure: Option<&str>) -> Result<bool, StoreError> {
    let sql = "SELECT rank FROM case_row WHERE ($1 = '' OR procedure = $1) LIMIT 1";
    let one: Option<i64> = sqlx::query(sql)
        .bind(procedure.unwrap_or_default())
        .maybe_value(pool)
        .await?;
    Ok(one.is_some())
}

/// A case's id by its number.
pub async fn by_number(pool: &Pool, number: &str) -> Result<Option<CaseId>, StoreError> {
    let id: Option<String> = sqlx::query("SELECT id FROM case_row WHERE number = $1")
        .bind(number)
        .maybe_value(pool)
        .await?;
    Ok(id.and_then(|i| i.parse().ok()))
}

/// Every case that was ever registered, from the record.
pub async fn all_ids(pool: &Pool) -> Result<Vec<CaseId>, StoreError> {
    let all: Vec<String> =
        sqlx::query("SELECT stream FROM event WHERE seq = 1 AND stream LIKE 'case:%' ORDER BY pos")
            .column(pool)
            .await?;
    Ok(all
        .iter()
        .filter_map(|s| s.strip_prefix("case:")?.parse().ok())
        .collect())
}

/// Drops what is derived and writes it anew, unless a case went on since it was folded.
pub async fn replace(
    c: &mut Connection,
    all: &[CaseProjection],
    progress: &Progress,
) -> Result<(), StoreError> {
    let now = sqlx::query(
        "SELECT stream, max(seq) FROM event WHERE stream LIKE 'case:%' GROUP BY stream",
    )
    .rows(&mut *c)
    .await?;
    let now = now.iter().map(|r| Ok((r.read(0)?, r.read(1)?)));
    let now = now.collect::<Result<BTreeSet<(String, i64)>, StoreError>>()?;
    let folded = all
        .iter()
        .map(|p| (format!("case:{}", p.row.id), p.row.seq));
    if now != folded.collect() {
        return Err(StoreError::Changed);
    }
    sqlx::query("DELETE FROM case_row").execute(&mut *c).await?;
    sqlx::query("DELETE FROM waiting").execute(&mut *c).await?;
    sqlx::query("DELETE FROM hidden_case")
        .execute(&mut *c)
        .await?;
    sqlx::query("DELETE FROM case_search")
        .execute(&mut *c)
        .await?;
    for p in all {
        write(&mut *c, p).await?;
        progress.step(1)?;
    }
    Ok(())
}
