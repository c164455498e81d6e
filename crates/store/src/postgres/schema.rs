//! Whether the database holds exactly what the migrations made: a trigger, a rule, a policy or a view of somebody
//! else can make an act vanish or hide it.
//!
//! A host may not make tables, so it cannot make the expectation anew; it is a listing beside the migrations, and a
//! contract test holds it against a database that they have just made.

use super::{Connection, Pool, prepare};
use crate::StoreError;
use sqlx::Row;
use std::collections::BTreeSet;

/// Lists what is there.
const LISTING: &str = include_str!("schema.sql");
/// What the migrations make, as the listing tells it.
const MADE: &str = include_str!("../../migrations/postgres/schema.txt");

/// Every line of the listing, as the database says it now.
pub async fn listing(c: &mut Connection) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(LISTING).fetch_all(c).await?)
}

/// What is there and was not made, or was made and is not there; migrations whose words are others than this program's.
pub async fn differences(c: &mut Connection) -> Result<BTreeSet<String>, StoreError> {
    let kept: BTreeSet<String> = listing(&mut *c).await?.into_iter().collect();
    let made: BTreeSet<String> = MADE.lines().map(str::to_owned).collect();
    let mut found: BTreeSet<String> = kept.symmetric_difference(&made).cloned().collect();
    let rows = sqlx::query("SELECT version, checksum FROM _sqlx_migrations")
        .fetch_all(c)
        .await?;
    for r in &rows {
        let (version, checksum): (i64, Vec<u8>) = (r.try_get(0)?, r.try_get(1)?);
        if !prepare::made_by(version, &checksum) {
            found.insert(format!("_sqlx_migrations {version}"));
        }
    }
    Ok(found)
}

/// Refuses a database that holds something else than the program made.
///
/// # Errors
/// `SchemaDiffers`.
pub async fn check(pool: &Pool) -> Result<(), StoreError> {
    let found = differences(&mut *pool.acquire().await?).await?;
    StoreError::schema_differs(&found)
}
