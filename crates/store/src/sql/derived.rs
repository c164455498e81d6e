//! Whether what lists and searches read still follows from the log.
//!
//! The search index keeps no text that could be compared, so prints of its entries are: every entry of a case
//! hashed and added up, once as it is kept and once as the case would be indexed anew.

use super::read::Read;
use super::{Pool, case_rows, dialect, whole::Whole};
use crate::{CaseProjection, Prints, Problem, StoreError};
use std::collections::BTreeSet;

/// The prints of the index as it is kept.
pub async fn kept(pool: &Pool) -> Result<Prints, StoreError> {
    let mut c = pool.acquire().await?;
    let upto = sqlx::query_scalar("SELECT coalesce(max(pos), 0) FROM event")
        .fetch_one(&mut *c)
        .await?;
    let by_rank = dialect::kept_prints(&mut c).await?;
    Ok(Prints { by_rank, upto })
}

fn differs(p: &CaseProjection, table: &str) -> Problem {
    Problem {
        code: "projection_differs".to_owned(),
        stream: format!("case:{}", p.row.id),
        seq: p.row.seq,
        about: table.to_owned(),
    }
}

/// What does not follow from these cases.
pub async fn compare(
    pool: &Pool,
    cases: &[CaseProjection],
    kept: &mut Prints,
) -> Result<Vec<Problem>, StoreError> {
    let mut c = pool.acquire().await?;
    let mut ranked = Vec::with_capacity(cases.len());
    for p in cases {
        let rank = case_rows::rank(&mut c, p.row.id).await?;
        let newest: i64 = sqlx::query_scalar("SELECT max(pos) FROM event WHERE stream = $1")
            .bind(format!("case:{}", p.row.id))
            .fetch_one(&mut *c)
            .await?;
        if newest > kept.upto {
            // Somebody works on it while the check runs.
            kept.by_rank.remove(&rank);
        } else {
            ranked.push((rank, p));
        }
    }
    let fresh = dialect::fresh_prints(&mut c, &ranked).await?;
    let mut found = Vec::new();
    for (rank, p) in ranked {
        let columns = case_rows::Columns::of(p)?;
        if case_rows::Columns::kept(&mut c, rank).await?.as_ref() != Some(&columns) {
            found.push(differs(p, "case_row"));
        }
        let waiting = sqlx::query("SELECT procedure, role, due_order FROM waiting WHERE rank = $1")
            .bind(rank)
            .rows(&mut *c)
            .await?;
        let waiting = waiting
            .iter()
            .map(|r| Ok((r.read(0)?, r.read(1)?, r.read(2)?)))
            .collect::<Result<BTreeSet<(String, String, i64)>, StoreError>>()?;
        if waiting != case_rows::waiting(p) {
            found.push(differs(p, "waiting"));
        }
        let hidden: Vec<String> = sqlx::query("SELECT person FROM hidden_case WHERE rank = $1")
            .bind(rank)
            .column(&mut *c)
            .await?;
        if hidden.into_iter().collect::<BTreeSet<_>>() != case_rows::hidden_from(p) {
            found.push(differs(p, "hidden_case"));
        }
        if kept.by_rank.remove(&rank) != fresh.get(&rank).copied() {
            found.push(differs(p, "case_search"));
        }
    }
    Ok(found)
}

/// Rows that belong to no case.
pub async fn strays(pool: &Pool, rest: &Prints) -> Result<Vec<Problem>, StoreError> {
    let mut tables = BTreeSet::new();
    if !rest.by_rank.is_empty() {
        tables.insert("case_search");
    }
    for (table, sql) in [
        (
            "case_row",
            "SELECT count(*) FROM case_row WHERE rank NOT IN (SELECT pos FROM event WHERE kind = 'registered')",
        ),
        (
            "waiting",
            "SELECT count(*) FROM waiting WHERE rank NOT IN (SELECT pos FROM event WHERE kind = 'registered')",
        ),
        (
            "hidden_case",
            "SELECT count(*) FROM hidden_case WHERE rank NOT IN (SELECT pos FROM event WHERE kind = 'registered')",
        ),
    ] {
        let count: i64 = sqlx::query_scalar(sql).fetch_one(pool).await?;
        if count > 0 {
            tables.insert(table);
        }
    }
    let stray = |table: &str| Problem {
        code: "projection_stray".to_owned(),
        stream: String::new(),
        seq: 0,
        about: table.to_owned(),
    };
    Ok(tables.into_iter().map(stray).collect())
}
