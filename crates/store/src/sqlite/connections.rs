//! Connections that are thrown away once something of their last work is left over in them.

use super::Pool;
use crate::StoreError;
use sqlx::{
    Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::time::Duration;

/// A connection answers sooner, or is given up.
const ANSWERS: Duration = Duration::from_secs(2);

/// Connections of which none is lent out again before it was looked at.
pub async fn pool(options: SqliteConnectOptions, connections: u32) -> Result<Pool, StoreError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        .after_release(|c, _| Box::pin(clean(c)))
        .connect_with(options)
        .await?;
    Ok(pool)
}

/// Whether nothing is left: SQLite rolls back by itself where the disk is full, memory runs out or a read fails, and
/// sqlx, whose own roll-back is then refused, would count one transaction too many for ever. A table that was to be
/// temporary stays where its removal failed or was never come to. A connection that cannot even be asked is closed.
async fn clean(c: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // A roll-back that was begun stands in line before this question.
    let left = sqlx::query_scalar("SELECT count(*) FROM temp.sqlite_schema").fetch_one(&mut *c);
    // What is asked of a thread that is just ending is answered never.
    let left: i64 = match tokio::time::timeout(ANSWERS, left).await {
        Ok(left) => left?,
        Err(_) => return Err(sqlx::Error::WorkerCrashed),
    };
    Ok(left == 0 && !c.is_in_transaction())
}
