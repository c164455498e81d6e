//! Somebody with the data folder who changes it behind the program's back.

use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

/// Changes the closed office below a folder.
///
/// # Errors
/// What SQLite refuses, and a statement that touched nothing.
pub async fn change(folder: &TempDir, sql: &[&'static str]) -> anyhow::Result<()> {
    let file = folder.path().join("office/redress.db");
    // Whoever tampers does not keep the rules.
    let options = SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(false);
    let pool = SqlitePool::connect_with(options).await?;
    for one in sql {
        let done = sqlx::query(*one).execute(&pool).await?;
        anyhow::ensure!(done.rows_affected() > 0, "{one} touched nothing");
    }
    pool.close().await;
    Ok(())
}
