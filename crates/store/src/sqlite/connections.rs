//! Connections that are thrown away once something of their last work is left over in them.

use super::Pool;
use crate::StoreError;
use sqlx::{
    Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A connection answers sooner, or is given up.
const ANSWERS: Duration = Duration::from_secs(2);

/// When something failed below SQLite for the last time: what a connection of before keeps in memory, e.g. of the search
/// index, may not be what stands in the file.
#[derive(Debug, Clone, Default)]
pub struct Failures(Arc<Mutex<Option<Instant>>>);

impl Failures {
    /// Something failed just now.
    pub fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether there was none since a connection was opened.
    fn none_in(&self, age: Duration) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_none_or(|last| last.elapsed() > age)
    }
}

/// Connections of which none is lent out again before it was looked at, and none that was there when something failed.
pub async fn pool(
    options: SqliteConnectOptions,
    connections: u32,
    failures: Failures,
) -> Result<Pool, StoreError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        .before_acquire(move |_, meta| {
            let fresh = failures.none_in(meta.age);
            Box::pin(async move { Ok(fresh) })
        })
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
