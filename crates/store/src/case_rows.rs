//! What lists and searches read of cases: derived, never the record.

use crate::{CasePage, CaseProjection, CaseQuery, CaseRow, Counts, StoreError, Waiting, search};
use redress_domain::id::CaseId;
use sqlx::{Row, Sqlite, SqliteConnection, SqlitePool};
use std::collections::BTreeSet;

/// A text search counts so far and no further.
const COUNT_MAX: i64 = 200;
/// Seconds from now that count as soon.
const SOON: i64 = 2 * 24 * 3600;

/// Writes what is known of a case; `rank` is the position of its first event.
pub async fn write(c: &mut SqliteConnection, p: &CaseProjection) -> Result<(), StoreError> {
    let id = p.row.id.to_string();
    let rank: i64 = sqlx::query_scalar("SELECT pos FROM event WHERE stream = $1 AND seq = 1")
        .bind(format!("case:{id}"))
        .fetch_one(&mut *c)
        .await?;
    let received = chrono::DateTime::parse_from_rfc3339(&p.row.received_at)
        .map_err(|e| StoreError::Internal(e.to_string()))?
        .timestamp();
    sqlx::query(
        "INSERT INTO case_row (rank, id, number, procedure, status, received, due_order, projection) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (rank) DO UPDATE SET \
         status = excluded.status, due_order = excluded.due_order, projection = excluded.projection",
    )
    .bind(rank)
    .bind(&id)
    .bind(&p.row.number)
    .bind(&p.row.procedure)
    .bind(&p.row.status)
    .bind(received)
    .bind(p.row.next_due.unwrap_or(i64::MAX))
    .bind(serde_json::to_string(p)?)
    .execute(&mut *c)
    .await?;
    sqlx::query("DELETE FROM waiting WHERE rank = $1")
        .bind(rank)
        .execute(&mut *c)
        .await?;
    let open = p.tasks.iter().filter(|t| !t.done);
    let roles: BTreeSet<&String> = open.flat_map(|t| &t.roles).collect();
    for role in roles {
        sqlx::query(
            "INSERT INTO waiting (procedure, role, due_order, rank) VALUES ($1, $2, $3, $4)",
        )
        .bind(&p.row.procedure)
        .bind(role)
        .bind(p.row.next_due.unwrap_or(i64::MAX))
        .bind(rank)
        .execute(&mut *c)
        .await?;
    }
    let (grams, singles) = search::grams(&p.words, &p.names);
    sqlx::query("INSERT OR REPLACE INTO case_search (rowid, grams, singles) VALUES ($1, $2, $3)")
        .bind(rank)
        .bind(grams)
        .bind(singles)
        .execute(&mut *c)
        .await?;
    Ok(())
}

fn parse(text: &str) -> Result<CaseProjection, StoreError> {
    Ok(serde_json::from_str(text)?)
}

/// A page of the list, newest first.
pub async fn page(pool: &SqlitePool, q: &CaseQuery) -> Result<CasePage, StoreError> {
    let words = match &q.text {
        None => None,
        Some(text) => match search::query(text) {
            None => return Ok(CasePage::default()),
            some => some,
        },
    };
    // Ranks first, from indexes alone; then the rows of one page.
    let mut sql = sqlx::QueryBuilder::<Sqlite>::new(
        "SELECT rank, projection FROM case_row WHERE rank IN (SELECT r.rank FROM ",
    );
    from_where(&mut sql, q, words.as_deref());
    if let Some(before) = q.cursor.as_ref().and_then(|c| c.parse::<i64>().ok()) {
        // The search table's own rowid lets FTS5 stop early.
        sql.push(if words.is_some() {
            " AND s.rowid < "
        } else {
            " AND r.rank < "
        })
        .push_bind(before);
    }
    sql.push(if words.is_some() {
        " ORDER BY s.rowid DESC LIMIT "
    } else {
        " ORDER BY r.rank DESC LIMIT "
    })
    .push_bind(i64::from(q.limit) + 1);
    sql.push(") ORDER BY rank DESC");
    let mut rows = sql.build().fetch_all(pool).await?;
    let more = rows.len() > q.limit as usize;
    rows.truncate(q.limit as usize);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|r| r.get::<i64, _>(0).to_string());
    let rows = rows
        .iter()
        .map(|r| parse(r.get(1)).map(|p| p.row))
        .collect::<Result<Vec<_>, _>>()?;
    let mut count = sqlx::QueryBuilder::<Sqlite>::new("SELECT count(*) FROM (SELECT 1 FROM ");
    from_where(&mut count, q, words.as_deref());
    if words.is_some() {
        count.push(" LIMIT ").push_bind(COUNT_MAX);
    }
    count.push(")");
    let total = count.build().fetch_one(pool).await?.get(0);
    Ok(CasePage { rows, next, total })
}

fn from_where(sql: &mut sqlx::QueryBuilder<Sqlite>, q: &CaseQuery, words: Option<&str>) {
    match words {
        Some(words) => {
            sql.push("case_search s JOIN case_row r ON r.rank = s.rowid WHERE case_search MATCH ")
                .push_bind(words.to_owned());
        }
        None => {
            sql.push("case_row r WHERE 1 = 1");
        }
    }
    for (column, value) in [
        (" AND r.procedure = ", &q.procedure),
        (" AND r.status = ", &q.status),
    ] {
        if let Some(v) = value {
            sql.push(column).push_bind(v.clone());
        }
    }
    match q.clock.as_deref() {
        Some("late") => {
            sql.push(" AND r.status = 'open' AND r.due_order < ")
                .push_bind(q.now);
        }
        Some("soon") => {
            sql.push(" AND r.status = 'open' AND r.due_order >= ")
                .push_bind(q.now);
            sql.push(" AND r.due_order < ").push_bind(q.now + SOON);
        }
        _ => {}
    }
    if let Some(from) = q.from {
        sql.push(" AND r.received >= ").push_bind(from);
    }
    if let Some(to) = q.to {
        sql.push(" AND r.received < ").push_bind(to);
    }
    if let Some(person) = q.person {
        sql.push(" AND r.projection ->> '$.row.registered_by' = ")
            .push_bind(person.to_string());
    }
}

/// One case's row.
pub async fn one(pool: &SqlitePool, case: CaseId) -> Result<Option<CaseRow>, StoreError> {
    let text: Option<String> = sqlx::query_scalar("SELECT projection FROM case_row WHERE id = $1")
        .bind(case.to_string())
        .fetch_optional(pool)
        .await?;
    text.map(|t| parse(&t).map(|p| p.row)).transpose()
}

/// Open cases that wait for one of the roles (of any, where none is named), the nearest due time first.
pub async fn worklist(
    pool: &SqlitePool,
    roles: &[(String, String)],
    limit: u32,
) -> Result<Vec<Waiting>, StoreError> {
    let mut sql = sqlx::QueryBuilder::<Sqlite>::new("SELECT projection FROM case_row WHERE ");
    if roles.is_empty() {
        sql.push("status = 'open'");
    } else {
        sql.push("rank IN (");
        for (n, (procedure, role)) in roles.iter().enumerate() {
            sql.push(if n > 0 { " UNION " } else { "" });
            sql.push("SELECT * FROM (SELECT rank FROM waiting WHERE procedure = ")
                .push_bind(procedure.clone());
            sql.push(" AND role = ").push_bind(role.clone());
            sql.push(" ORDER BY due_order LIMIT ")
                .push_bind(i64::from(limit));
            sql.push(") AS one");
        }
        sql.push(")");
    }
    sql.push(" ORDER BY due_order LIMIT ")
        .push_bind(i64::from(limit));
    let all: Vec<String> = sql.build_query_scalar().fetch_all(pool).await?;
    all.iter()
        .map(|t| parse(t).map(|p| (p.row, p.clocks, p.tasks)))
        .collect()
}

/// Figures of the desk.
pub async fn counts(pool: &SqlitePool, since: i64, now: i64) -> Result<Counts, StoreError> {
    let received =
        sqlx::query_scalar("SELECT count(*) FROM case_row WHERE received >= $1").bind(since);
    let open = sqlx::query_scalar("SELECT count(*) FROM case_row WHERE status = 'open'");
    let late = sqlx::query_scalar(
        "SELECT count(*) FROM case_row WHERE status = 'open' AND due_order < $1",
    )
    .bind(now);
    Ok(Counts {
        received: received.fetch_one(pool).await?,
        open: open.fetch_one(pool).await?,
        late: late.fetch_one(pool).await?,
    })
}

/// A case's id by its number.
pub async fn by_number(pool: &SqlitePool, number: &str) -> Result<Option<CaseId>, StoreError> {
    let id: Option<String> = sqlx::query_scalar("SELECT id FROM case_row WHERE number = $1")
        .bind(number)
        .fetch_optional(pool)
        .await?;
    Ok(id.and_then(|i| i.parse().ok()))
}

/// Every case that was ever registered, from the record.
pub async fn all_ids(pool: &SqlitePool) -> Result<Vec<CaseId>, StoreError> {
    let all: Vec<String> = sqlx::query_scalar(
        "SELECT stream FROM event WHERE seq = 1 AND stream LIKE 'case:%' ORDER BY pos",
    )
    .fetch_all(pool)
    .await?;
    Ok(all
        .iter()
        .filter_map(|s| s.strip_prefix("case:")?.parse().ok())
        .collect())
}

/// Drops what is derived and writes it anew.
pub async fn replace(c: &mut SqliteConnection, all: &[CaseProjection]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM case_row").execute(&mut *c).await?;
    sqlx::query("DELETE FROM waiting").execute(&mut *c).await?;
    sqlx::query("DELETE FROM case_search")
        .execute(&mut *c)
        .await?;
    for p in all {
        write(&mut *c, p).await?;
    }
    Ok(())
}
