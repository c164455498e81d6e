//! What SQLite says in its own words: JSON paths, the search table, what settles after erasing.

use super::sql::{read::Read, whole::Whole, written};
use super::{Connection, Db, Pool};
use crate::{
    CaseProjection, StoreError,
    prints::{self, ByRank},
    search::{self, Terms, Wanted},
};

/// A statement that failed lets the next one read on.
pub const READS_ON: bool = true;
/// What was done, of an event in the access stream.
pub const WHAT: &str = "body ->> '$.what'";
/// Who registered a case.
pub const REGISTERED_BY: &str = "r.projection ->> '$.row.registered_by'";
/// Who has part in a case; null where everybody has.
pub const CIRCLE: &str = "r.projection ->> '$.row.circle'";
/// The rank of a case that was found by its words: the search table's own, which lets FTS5 stop early.
pub const FOUND_RANK: &str = "s.rowid";
/// Erases why somebody looked at a case or its documents.
pub const ERASE_LOOKS: &str = "DELETE FROM value WHERE pos IN (SELECT pos FROM event WHERE stream = 'access' \
     AND (body ->> '$.case' = $1 OR body ->> '$.document' IN (SELECT id FROM document WHERE case_id = $1)))";

/// Whether one of the ids stands in a list of a case's circle.
pub fn in_circle(sql: &mut sqlx::QueryBuilder<Db>, list: &'static str, ids: &[String]) {
    sql.push("EXISTS (SELECT 1 FROM json_each(r.projection, '$.row.circle.")
        .push(list)
        .push("') WHERE value IN (");
    let mut all = sql.separated(", ");
    for id in ids {
        all.push_bind(id.clone());
    }
    sql.push("))");
}

/// Begins a query at the cases that have the words; personal ones count in the named procedures.
pub fn find(sql: &mut sqlx::QueryBuilder<Db>, wanted: &[Wanted], names_in: &[String]) {
    sql.push("case_search s JOIN case_row r ON r.rank = s.rowid WHERE case_search MATCH ")
        .push_bind(query(wanted, names_in));
}

fn query(wanted: &[Wanted], names_in: &[String]) -> String {
    let all = |phrases: &str, singles: &str| -> String {
        let part = |one: &Wanted| match one {
            Wanted::Single(one) => format!("{{{singles}}} : \"{one}\""),
            Wanted::Phrase(all) => format!("{{{phrases}}} : \"{}\"", all.join(" ")),
        };
        let parts: Vec<String> = wanted.iter().map(part).collect();
        format!("({})", parts.join(" AND "))
    };
    let open = all("grams", "singles");
    if names_in.is_empty() {
        return open;
    }
    let whole = all("grams own_grams", "singles own_singles");
    let here: Vec<String> = names_in
        .iter()
        .map(|p| format!("procedure : \"{}\"", p.replace('"', "")))
        .collect();
    format!("{open} OR ({whole} AND ({}))", here.join(" OR "))
}

/// A stop between phrases, so that none crosses it: a single character, which no phrase has.
const STOP: &str = "\u{4E00}";

fn columns(terms: &Terms) -> (String, String) {
    let mut all: Vec<&str> = Vec::new();
    for phrase in &terms.phrases {
        all.extend(phrase.iter().map(String::as_str));
        all.push(STOP);
    }
    let singles: Vec<&str> = terms.singles.iter().map(String::as_str).collect();
    (all.join(" "), singles.join(" "))
}

/// Puts a case's words into the search table.
pub async fn index(c: &mut Connection, rank: i64, p: &CaseProjection) -> Result<(), StoreError> {
    index_into(c, "case_search", rank, p).await
}

async fn index_into(
    c: &mut Connection,
    table: &str,
    rank: i64,
    p: &CaseProjection,
) -> Result<(), StoreError> {
    let words = search::indexed(p);
    let ((pairs, singles), (own_pairs, own_singles)) = (columns(&words.open), columns(&words.own));
    let sql = format!(
        "INSERT INTO {table} (rowid, grams, singles, own_grams, own_singles, procedure) VALUES ($1, $2, $3, $4, $5, $6)"
    );
    let done = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(rank)
        .bind(pairs)
        .bind(singles)
        .bind(own_pairs)
        .bind(own_singles)
        .bind(&p.row.procedure)
        .execute(c)
        .await?;
    written::exactly(&done, 1, "case_search")
}

/// Takes a case's words out of the search table.
pub async fn unindex(c: &mut Connection, rank: i64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM case_search WHERE rowid = $1")
        .bind(rank)
        .execute(c)
        .await?;
    Ok(())
}

/// The prints of the index as it is kept.
pub async fn kept_prints(c: &mut Connection) -> Result<ByRank, StoreError> {
    sqlx::query("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, case_search, instance)")
        .execute(&mut *c)
        .await?;
    let read = vocabulary(&mut *c).await;
    sqlx::query("DROP TABLE temp.words")
        .execute(&mut *c)
        .await?;
    read
}

async fn vocabulary(c: &mut Connection) -> Result<ByRank, StoreError> {
    let mut all = ByRank::new();
    let rows = sqlx::query("SELECT doc, term, col, offset FROM temp.words")
        .rows(c)
        .await?;
    for r in &rows {
        let entry: (String, String, i64) = (r.read(1)?, r.read(2)?, r.read(3)?);
        prints::add(&mut all, r.read(0)?, entry);
    }
    Ok(all)
}

/// The prints that these cases would have, indexed anew beside the database.
pub async fn fresh_prints(
    c: &mut Connection,
    cases: &[(i64, &CaseProjection)],
) -> Result<ByRank, StoreError> {
    sqlx::query(
        "CREATE VIRTUAL TABLE temp.anew USING fts5 (grams, singles, own_grams, own_singles, procedure, content = '')",
    )
    .execute(&mut *c)
    .await?;
    sqlx::query("CREATE VIRTUAL TABLE temp.words USING fts5vocab(temp, anew, instance)")
        .execute(&mut *c)
        .await?;
    for (rank, p) in cases {
        index_into(&mut *c, "temp.anew", *rank, p).await?;
    }
    let read = vocabulary(&mut *c).await;
    for sql in ["DROP TABLE temp.words", "DROP TABLE temp.anew"] {
        sqlx::query(sql).execute(&mut *c).await?;
    }
    read
}

/// Faults of the file that are named.
const FAULTS: i64 = 20;

/// What the database finds wrong with its own file: pages, and indexes beside their tables.
pub async fn faults(c: &mut Connection) -> Result<Vec<String>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("PRAGMA integrity_check({FAULTS})"));
    let mut all: Vec<String> = sqlx::query(sql).column(c).await?;
    all.retain(|line| line != "ok");
    Ok(all)
}

/// Merges the search index, so that what was taken out of it leaves the file as well.
pub async fn forget(c: &mut Connection) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO case_search (case_search) VALUES ('optimize')")
        .execute(c)
        .await?;
    Ok(())
}

/// Empties the write-ahead file, which still holds pages as they were before.
pub async fn settle(pool: &Pool) -> Result<(), StoreError> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(pool)
        .await?;
    Ok(())
}

/// Notes by which version the derived tables were written.
pub async fn mark(c: &mut Connection, projections: i64) -> Result<(), StoreError> {
    let sql = format!("PRAGMA user_version = {projections}");
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(c).await?;
    Ok(())
}
