//! Erasing what stood beside a case's events after its retention (G10): values with their salts, documents,
//! files and drafts. The events stay, and with them the chain.

use super::{Connection, dialect};
use crate::StoreError;

/// Erases what belongs to a case; also why somebody looked at it, which stands in the access stream.
pub async fn case(c: &mut Connection, id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM value WHERE pos IN (SELECT pos FROM event WHERE stream = $1)")
        .bind(format!("case:{id}"))
        .execute(&mut *c)
        .await?;
    for sql in [
        dialect::ERASE_LOOKS,
        "DELETE FROM document WHERE case_id = $1",
        "DELETE FROM attachment WHERE case_id = $1",
        "DELETE FROM draft WHERE key LIKE '%' || $1 || '%'",
    ] {
        sqlx::query(sql).bind(id).execute(&mut *c).await?;
    }
    Ok(())
}
