//! What lists and searches read of cases: derived, never the record.

use super::read::Read;
use super::{Connection, Db, DbRow, Pool, dialect, tolerant::passed, whole::Whole, written};
use crate::{
    CasePage, CaseProjection, CaseQuery, CaseRow, Counts, Progress, SOON, StoreError, TaskRow,
    Viewer, Waiting, search,
};
use redress_domain::{id::CaseId, number};
use std::collections::BTreeSet;

/// A text search counts so far and no further.
const COUNT_MAX: i64 = 200;

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

/// A page of the list, newest first.
pub async fn page(pool: &Pool, q: &CaseQuery) -> Result<CasePage, StoreError> {
    let words = match &q.text {
        None => None,
        Some(text) => match search::wanted(text) {
            None => return Ok(CasePage::default()),
            some => some,
        },
    };
    // Ranks first, from indexes alone; then the rows of one page.
    let mut sql = sqlx::QueryBuilder::<Db>::new(
        "SELECT rank, projection FROM case_row WHERE rank IN (SELECT r.rank FROM ",
    );
    from_where(&mut sql, q, words.as_deref());
    let rank = if words.is_some() {
        dialect::FOUND_RANK
    } else {
        "r.rank"
    };
    if let Some(before) = q.cursor.as_ref().and_then(|c| c.parse::<i64>().ok()) {
        sql.push(" AND ").push(rank).push(" < ").push_bind(before);
    }
    sql.push(" ORDER BY ").push(rank).push(" DESC LIMIT ");
    sql.push_bind(i64::from(q.limit) + 1);
    sql.push(") ORDER BY rank DESC");
    let mut rows = sql.build().rows(pool).await?;
    let more = rows.len() > q.limit as usize;
    rows.truncate(q.limit as usize);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|r| r.read::<i64>(0))
        .transpose()?
        .map(|rank| rank.to_string());
    let read = rows.len();
    let sound = |r: &DbRow| passed(Read::read::<String>(r, 1).and_then(|text| parse(&text)));
    let mut whole = Vec::with_capacity(read);
    for row in &rows {
        whole.extend(sound(row)?.map(|p| p.row));
    }
    let unreadable = read - whole.len();
    let mut count = sqlx::QueryBuilder::<Db>::new("SELECT count(*) FROM (SELECT 1 FROM ");
    from_where(&mut count, q, words.as_deref());
    if words.is_some() {
        count.push(" LIMIT ").push_bind(COUNT_MAX);
    }
    count.push(") AS one");
    let total = count.build().fetch_one(pool).await?.read(0)?;
    Ok(CasePage {
        rows: whole,
        next,
        total,
        unreadable,
    })
}

fn from_where(sql: &mut sqlx::QueryBuilder<Db>, q: &CaseQuery, words: Option<&[search::Wanted]>) {
    match words {
        Some(words) => {
            dialect::find(sql, words, &q.viewer.names_in);
            admitted(sql, &q.viewer);
        }
        None => {
            sql.push("case_row r WHERE 1 = 1");
        }
    }
    there(sql, "r.rank", &q.viewer);
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
        sql.push(" AND ")
            .push(dialect::REGISTERED_BY)
            .push(" = ")
            .push_bind(person.to_string());
        // Who registered a confidential case is told to those alone who have part in it.
        if words.is_none() {
            admitted(sql, &q.viewer);
        }
    }
}

/// A confidential case is not there for whom it is about, in no list and in no number.
fn there(sql: &mut sqlx::QueryBuilder<Db>, rank: &'static str, viewer: &Viewer) {
    if viewer.people.is_empty() {
        return;
    }
    sql.push(" AND ").push(rank);
    sql.push(" NOT IN (SELECT h.rank FROM hidden_case h WHERE h.person IN (");
    let mut all = sql.separated(", ");
    for person in &viewer.people {
        all.push_bind(person.to_string());
    }
    sql.push("))");
}

/// A confidential case is found by what is covered of it only for those who have part in it: [`Viewer::admitted`].
fn admitted(sql: &mut sqlx::QueryBuilder<Db>, viewer: &Viewer) {
    if viewer.untrusted {
        sql.push(" AND ").push(dialect::CIRCLE).push(" IS NULL");
        return;
    }
    let people: Vec<String> = viewer.people.iter().map(ToString::to_string).collect();
    sql.push(" AND (")
        .push(dialect::CIRCLE)
        .push(" IS NULL OR ((");
    dialect::in_circle(sql, "people", &people);
    for (procedure, role) in &viewer.roles {
        sql.push(" OR (r.procedure = ")
            .push_bind(procedure.clone())
            .push(" AND ");
        dialect::in_circle(sql, "roles", std::slice::from_ref(role));
        sql.push(")");
    }
    sql.push(") AND NOT ");
    dialect::in_circle(sql, "hidden_from", &people);
    sql.push("))");
}

/// Archived cases whose retention ends on or before a day, the oldest first.
pub async fn kept_until(
    pool: &Pool,
    day: &str,
    limit: u32,
    viewer: &Viewer,
) -> Result<Vec<CaseRow>, StoreError> {
    let mut sql =
        sqlx::QueryBuilder::<Db>::new("SELECT projection FROM case_row WHERE keep_until <= ");
    sql.push_bind(day.to_owned());
    there(&mut sql, "rank", viewer);
    sql.push(" ORDER BY keep_until, rank LIMIT ")
        .push_bind(i64::from(limit));
    let all: Vec<String> = sql.build().column(pool).await?;
    all.iter().map(|t| parse(t).map(|p| p.row)).collect()
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

/// Open cases that wait for one of the roles (of any, where none is named), the nearest due time first.
pub async fn worklist(
    pool: &Pool,
    roles: &[(String, String)],
    limit: u32,
    viewer: &Viewer,
) -> Result<Vec<Waiting>, StoreError> {
    let mut sql = sqlx::QueryBuilder::<Db>::new("SELECT projection FROM case_row WHERE ");
    if roles.is_empty() {
        sql.push("status = 'open'");
        there(&mut sql, "rank", viewer);
    } else {
        sql.push("rank IN (");
        for (n, (procedure, role)) in roles.iter().enumerate() {
            sql.push(if n > 0 { " UNION " } else { "" });
            sql.push("SELECT * FROM (SELECT rank FROM waiting WHERE procedure = ")
                .push_bind(procedure.clone());
            sql.push(" AND role = ").push_bind(role.clone());
            there(&mut sql, "rank", viewer);
            sql.push(" ORDER BY due_order LIMIT ")
                .push_bind(i64::from(limit));
            sql.push(") AS one");
        }
        sql.push(")");
    }
    sql.push(" ORDER BY due_order LIMIT ")
        .push_bind(i64::from(limit));
    let all: Vec<String> = sql.build().column(pool).await?;
    all.iter()
        .map(|t| parse(t).map(|p| (p.row, p.clocks, p.tasks)))
        .collect()
}

/// Open cases of these procedures that wait for none of these roles, the nearest due time first.
pub async fn open_of(
    pool: &Pool,
    procedures: &[String],
    roles: &[(String, String)],
    limit: u32,
    viewer: &Viewer,
) -> Result<Vec<Waiting>, StoreError> {
    if procedures.is_empty() {
        return Ok(vec![]);
    }
    let mut sql = sqlx::QueryBuilder::<Db>::new(
        "SELECT projection FROM case_row WHERE status = 'open' AND procedure IN (",
    );
    let mut all = sql.separated(", ");
    for procedure in procedures {
        all.push_bind(procedure.clone());
    }
    sql.push(")");
    there(&mut sql, "rank", viewer);
    if !roles.is_empty() {
        sql.push(" AND rank NOT IN (");
        for (n, (procedure, role)) in roles.iter().enumerate() {
            sql.push(if n > 0 { " UNION ALL " } else { "" });
            sql.push("SELECT rank FROM waiting WHERE procedure = ")
                .push_bind(procedure.clone());
            sql.push(" AND role = ").push_bind(role.clone());
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

/// Every case that is there for whoever looks, in order of registration.
pub async fn all(pool: &Pool, viewer: &Viewer) -> Result<Vec<Waiting>, StoreError> {
    let mut sql = sqlx::QueryBuilder::<Db>::new("SELECT projection FROM case_row WHERE 1 = 1");
    there(&mut sql, "rank", viewer);
    sql.push(" ORDER BY rank");
    let all: Vec<String> = sql.build().column(pool).await?;
    all.iter()
        .map(|t| parse(t).map(|p| (p.row, p.clocks, p.tasks)))
        .collect()
}

/// Figures of the desk.
pub async fn counts(
    pool: &Pool,
    since: i64,
    now: i64,
    viewer: &Viewer,
) -> Result<Counts, StoreError> {
    let mut found = [0; 3];
    let conditions = [
        ("received >= ", Some(since)),
        ("status = 'open'", None),
        ("status = 'open' AND due_order < ", Some(now)),
    ];
    for (slot, (condition, bound)) in found.iter_mut().zip(conditions) {
        let mut sql = sqlx::QueryBuilder::<Db>::new("SELECT count(*) FROM case_row WHERE ");
        sql.push(condition);
        if let Some(bound) = bound {
            sql.push_bind(bound);
        }
        there(&mut sql, "rank", viewer);
        *slot = sql.build_query_scalar().fetch_one(pool).await?;
    }
    let [received, open, late] = found;
    Ok(Counts {
        received,
        open,
        late,
    })
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
