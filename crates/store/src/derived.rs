//! Whether what lists and searches read still follows from the log.
//!
//! The search index keeps no text that could be compared, so prints of its entries are: every entry of a case
//! hashed and added up, once as it is kept and once as the case would be indexed anew.

use crate::{CaseProjection, Problem, StoreError, case_rows};
use sqlx::{Row, SqliteConnection, SqlitePool};
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
};

/// Prints of the search index by a case's rank.
#[derive(Debug, Clone, Default)]
pub struct Prints {
    by_rank: BTreeMap<i64, u64>,
    /// Position of the newest event when the index was read.
    upto: i64,
}

const VOCABULARY: &str = "SELECT doc, term, col, offset FROM temp.words";

/// The prints of the index as it is kept.
pub async fn kept(pool: &SqlitePool) -> Result<Prints, StoreError> {
    let mut c = pool.acquire().await?;
    let upto = sqlx::query_scalar("SELECT coalesce(max(pos), 0) FROM event")
        .fetch_one(&mut *c)
        .await?;
    sqlx::query("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, case_search, instance)")
        .execute(&mut *c)
        .await?;
    let read = prints(&mut c).await;
    sqlx::query("DROP TABLE temp.words")
        .execute(&mut *c)
        .await?;
    Ok(Prints {
        by_rank: read?,
        upto,
    })
}

async fn prints(c: &mut SqliteConnection) -> Result<BTreeMap<i64, u64>, StoreError> {
    let mut all: BTreeMap<i64, u64> = BTreeMap::new();
    let rows = sqlx::query(VOCABULARY).fetch_all(c).await?;
    for r in &rows {
        let (term, col, offset): (String, String, i64) = (r.get(1), r.get(2), r.get(3));
        let mut h = DefaultHasher::new();
        (term, col, offset).hash(&mut h);
        let sum = all.entry(r.get(0)).or_default();
        *sum = sum.wrapping_add(h.finish());
    }
    Ok(all)
}

/// The prints that these cases would have, indexed anew beside the database.
async fn fresh(
    c: &mut SqliteConnection,
    cases: &[(i64, &CaseProjection)],
) -> Result<BTreeMap<i64, u64>, StoreError> {
    sqlx::query(
        "CREATE VIRTUAL TABLE temp.anew USING fts5 (grams, singles, own_grams, own_singles, procedure, content = '')",
    )
    .execute(&mut *c)
    .await?;
    sqlx::query("CREATE VIRTUAL TABLE temp.words USING fts5vocab(temp, anew, instance)")
        .execute(&mut *c)
        .await?;
    for (rank, p) in cases {
        case_rows::index(&mut *c, "temp.anew", *rank, p).await?;
    }
    let read = prints(&mut *c).await;
    for sql in ["DROP TABLE temp.words", "DROP TABLE temp.anew"] {
        sqlx::query(sql).execute(&mut *c).await?;
    }
    read
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
    pool: &SqlitePool,
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
    let fresh = fresh(&mut c, &ranked).await?;
    let mut found = Vec::new();
    for (rank, p) in ranked {
        let columns = case_rows::Columns::of(p)?;
        if case_rows::Columns::kept(&mut c, rank).await?.as_ref() != Some(&columns) {
            found.push(differs(p, "case_row"));
        }
        let waiting: BTreeSet<(String, String, i64)> =
            sqlx::query("SELECT procedure, role, due_order FROM waiting WHERE rank = $1")
                .bind(rank)
                .fetch_all(&mut *c)
                .await?
                .iter()
                .map(|r| (r.get(0), r.get(1), r.get(2)))
                .collect();
        if waiting != case_rows::waiting(p) {
            found.push(differs(p, "waiting"));
        }
        if kept.by_rank.remove(&rank) != fresh.get(&rank).copied() {
            found.push(differs(p, "case_search"));
        }
    }
    Ok(found)
}

/// Rows that belong to no case.
pub async fn strays(pool: &SqlitePool, rest: &Prints) -> Result<Vec<Problem>, StoreError> {
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
