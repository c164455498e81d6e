//! Erasing what stood beside a case's events after its retention (G10): values with their salts, documents,
//! files and drafts. The events stay, and with them the chain.

use crate::StoreError;
use sqlx::{SqliteConnection, SqlitePool};

/// Erases what belongs to a case; also why somebody looked at it, which stands in the access stream.
pub async fn case(c: &mut SqliteConnection, id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM value WHERE pos IN (SELECT pos FROM event WHERE stream = $1)")
        .bind(format!("case:{id}"))
        .execute(&mut *c)
        .await?;
    sqlx::query(
        "DELETE FROM value WHERE pos IN (SELECT pos FROM event WHERE stream = 'access' AND (body ->> '$.case' = $1 \
         OR body ->> '$.document' IN (SELECT id FROM document WHERE case_id = $1)))",
    )
    .bind(id)
    .execute(&mut *c)
    .await?;
    for sql in [
        "DELETE FROM document WHERE case_id = $1",
        "DELETE FROM attachment WHERE case_id = $1",
        "DELETE FROM draft WHERE instr(key, $1) > 0",
    ] {
        sqlx::query(sql).bind(id).execute(&mut *c).await?;
    }
    Ok(())
}

/// Merges the search index, so that what was taken out of it leaves the file as well.
pub async fn search(c: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO case_search (case_search) VALUES ('optimize')")
        .execute(c)
        .await?;
    Ok(())
}

/// Empties the write-ahead file, which still holds pages as they were before.
pub async fn settle(pool: &SqlitePool) -> Result<(), StoreError> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(pool)
        .await?;
    Ok(())
}
