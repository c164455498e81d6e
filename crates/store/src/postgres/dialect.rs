//! What PostgreSQL says in its own words: JSON in text, the search table, who folded what.

use super::sql::{read::Read, written};
use super::{Connection, Db};
use crate::{
    CaseProjection, StoreError,
    prints::{self, ByRank},
    search::{self, Wanted},
};

mod words;

/// A statement that failed ends its transaction.
pub const READS_ON: bool = false;
/// What was done, of an event in the access stream.
pub const WHAT: &str = "body::json ->> 'what'";
/// Who registered a case.
pub const REGISTERED_BY: &str = "r.projection::json -> 'row' ->> 'registered_by'";
/// Who has part in a case; null where everybody has.
pub const CIRCLE: &str = "r.projection::json -> 'row' ->> 'circle'";
/// The rank of a case that was found by its words.
pub const FOUND_RANK: &str = "r.rank";
/// Erases why somebody looked at a case or its documents.
pub const ERASE_LOOKS: &str = "DELETE FROM value WHERE pos IN (SELECT pos FROM event WHERE stream = 'access' \
     AND (body::json ->> 'case' = $1 OR body::json ->> 'document' IN (SELECT id FROM document WHERE case_id = $1)))";

/// Whether one of the ids stands in a list of a case's circle.
pub fn in_circle(sql: &mut sqlx::QueryBuilder<Db>, list: &'static str, ids: &[String]) {
    sql.push("EXISTS (SELECT 1 FROM json_array_elements_text(r.projection::json -> 'row' -> 'circle' -> '")
        .push(list)
        .push("') AS one (id) WHERE one.id = ANY(")
        .push_bind(ids.to_vec())
        .push("))");
}

/// Begins a query at the cases that have the words; personal ones count in the named procedures.
pub fn find(sql: &mut sqlx::QueryBuilder<Db>, wanted: &[Wanted], names_in: &[String]) {
    sql.push("case_row r WHERE true");
    for one in wanted {
        sql.push(" AND r.rank IN (SELECT s.rank FROM case_search s WHERE s.words @@ ")
            .push_bind(words::query(one))
            .push("::tsquery AND (NOT s.own OR s.procedure = ANY(")
            .push_bind(names_in.to_vec())
            .push(")))");
    }
}

/// Puts a case's words into the search table.
pub async fn index(c: &mut Connection, rank: i64, p: &CaseProjection) -> Result<(), StoreError> {
    for (part, (own, words)) in (0_i64..).zip(words::parts(&search::indexed(p))) {
        let done = sqlx::query(
            "INSERT INTO case_search (rank, part, own, procedure, words) VALUES ($1, $2, $3, $4, $5::tsvector)",
        )
        .bind(rank)
        .bind(part)
        .bind(own)
        .bind(&p.row.procedure)
        .bind(words)
        .execute(&mut *c)
        .await?;
        written::exactly(&done, 1, "case_search")?;
    }
    Ok(())
}

/// Takes a case's words out of the search table.
pub async fn unindex(c: &mut Connection, rank: i64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM case_search WHERE rank = $1")
        .bind(rank)
        .execute(c)
        .await?;
    Ok(())
}

/// The prints of the index as it is kept.
pub async fn kept_prints(c: &mut Connection) -> Result<ByRank, StoreError> {
    let rows = sqlx::query(
        "SELECT rank, part, own, procedure, sha256(convert_to(words::text, 'UTF8')) FROM case_search",
    )
    .fetch_all(c)
    .await?;
    let mut all = ByRank::new();
    for r in &rows {
        let entry: (i64, bool, String, Vec<u8>) = (r.read(1)?, r.read(2)?, r.read(3)?, r.read(4)?);
        prints::add(&mut all, r.read(0)?, entry);
    }
    Ok(all)
}

/// The prints that these cases would have, indexed anew without keeping anything.
pub async fn fresh_prints(
    c: &mut Connection,
    cases: &[(i64, &CaseProjection)],
) -> Result<ByRank, StoreError> {
    let mut all = ByRank::new();
    for (rank, p) in cases {
        let parts = words::parts(&search::indexed(p));
        let (own, words): (Vec<bool>, Vec<String>) = parts.into_iter().unzip();
        let hashes: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT sha256(convert_to(t.words::tsvector::text, 'UTF8')) FROM unnest($1::text[]) WITH ORDINALITY \
             AS t (words, n) ORDER BY t.n",
        )
        .bind(words)
        .fetch_all(&mut *c)
        .await?;
        for (part, (own, hash)) in (0_i64..).zip(own.into_iter().zip(hashes)) {
            let entry: (i64, bool, String, Vec<u8>) = (part, own, p.row.procedure.clone(), hash);
            prints::add(&mut all, *rank, entry);
        }
    }
    Ok(all)
}

/// The server looks after its own files.
pub async fn faults(_: &mut Connection) -> Result<Vec<String>, StoreError> {
    Ok(vec![])
}

/// Notes by which version the derived tables were written.
pub async fn mark(c: &mut Connection, projections: i64) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE meta SET value = $1 WHERE key = 'projections'")
        .bind(projections)
        .execute(c)
        .await?;
    written::exactly(&done, 1, "meta")
}

/// Lets every host fold the house again before its next command.
pub async fn house_changed(c: &mut Connection) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE meta SET value = value + 1 WHERE key = 'house'")
        .execute(c)
        .await?;
    written::exactly(&done, 1, "meta")
}
