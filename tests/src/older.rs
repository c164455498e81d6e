//! A folder as an older version left it.

use anyhow::Result;
use std::path::Path;

/// What the third migration left: no index of personal words, no retention in the rows, no hash of passwords.
const BEFORE: [&str; 14] = [
    "DROP TABLE case_search",
    "CREATE VIRTUAL TABLE case_search USING fts5 (grams, singles, content = '', contentless_delete = 1)",
    "DROP INDEX case_row_keep",
    "DROP INDEX case_row_capital",
    "ALTER TABLE case_row DROP COLUMN keep_until",
    "UPDATE case_row SET projection = json_remove(projection, '$.row.masked', '$.row.open_headline', '$.row.circle', '$.row.disposed')",
    "UPDATE case_row SET projection = json_remove(json_set(projection, '$.tasks[0].roles', json_array()), '$.tasks[0].doors')",
    "DROP TABLE sent",
    "DROP TABLE hidden_case",
    "DROP TABLE second_factor",
    "DELETE FROM _sqlx_migrations WHERE version > 3",
    "PRAGMA user_version = 2",
    "DELETE FROM waiting",
    "PRAGMA wal_checkpoint(TRUNCATE)",
];

/// Takes out of a closed folder what newer migrations made.
///
/// # Errors
/// Where its database cannot be changed.
pub async fn make_older(data: &Path) -> Result<()> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(data.join("redress.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await?;
    for sql in BEFORE {
        sqlx::query(sql).execute(&pool).await?;
    }
    pool.close().await;
    Ok(())
}
