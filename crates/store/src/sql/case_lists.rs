//! Pages, worklists and counts over the rows of cases, for whoever looks.

use super::{
    Db, DbRow, Pool,
    admission::{admitted, known_to},
    case_rows::parse,
    dialect,
    read::Read,
    tolerant::passed,
    whole::Whole,
};
use crate::{
    CasePage, CaseProjection, CaseQuery, CaseRow, Counts, SOON, StoreError, Viewer, Waiting, search,
};

/// A text search counts so far and no further.
const COUNT_MAX: i64 = 200;

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
    known_to(sql, "r.rank", &q.viewer);
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
    known_to(&mut sql, "rank", viewer);
    sql.push(" ORDER BY keep_until, rank LIMIT ")
        .push_bind(i64::from(limit));
    let all: Vec<String> = sql.build().column(pool).await?;
    all.iter().map(|t| parse(t).map(|p| p.row)).collect()
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
        known_to(&mut sql, "rank", viewer);
    } else {
        sql.push("rank IN (");
        for (n, (procedure, role)) in roles.iter().enumerate() {
            sql.push(if n > 0 { " UNION " } else { "" });
            sql.push("SELECT * FROM (SELECT rank FROM waiting WHERE procedure = ")
                .push_bind(procedure.clone());
            sql.push(" AND role = ").push_bind(role.clone());
            known_to(&mut sql, "rank", viewer);
            sql.push(" ORDER BY due_order LIMIT ")
                .push_bind(i64::from(limit));
            sql.push(") AS one");
        }
        sql.push(")");
    }
    sql.push(" ORDER BY due_order LIMIT ")
        .push_bind(i64::from(limit));
    let all: Vec<String> = sql.build().column(pool).await?;
    all.iter().map(|text| waiting(text)).collect()
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
    known_to(&mut sql, "rank", viewer);
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
    let all: Vec<String> = sql.build().column(pool).await?;
    all.iter().map(|text| waiting(text)).collect()
}

/// Every case that is there for whoever looks, in order of registration.
pub async fn all(pool: &Pool, viewer: &Viewer) -> Result<Vec<Waiting>, StoreError> {
    let mut sql = sqlx::QueryBuilder::<Db>::new("SELECT projection FROM case_row WHERE 1 = 1");
    known_to(&mut sql, "rank", viewer);
    sql.push(" ORDER BY rank");
    let all: Vec<String> = sql.build().column(pool).await?;
    all.iter().map(|text| waiting(text)).collect()
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
        known_to(&mut sql, "rank", viewer);
        *slot = sql.build_query_scalar().fetch_one(pool).await?;
    }
    let [received, open, late] = found;
    Ok(Counts {
        received,
        open,
        late,
    })
}

fn waiting(text: &str) -> Result<Waiting, StoreError> {
    let p: CaseProjection = parse(text)?;
    Ok((p.row, p.clocks, p.tasks))
}
