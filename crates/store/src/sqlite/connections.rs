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

/// What a connection holds beside the file that it was opened with.
const LEFT: &str = "SELECT (SELECT count(*) FROM temp.sqlite_schema) \
     + (SELECT count(*) FROM pragma_database_list WHERE name NOT IN ('main', 'temp'))";

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
/// temporary stays where its removal failed or was never come to, and so does a file that was attached: once it is
/// gone from the disk, nothing works in that connection. One that cannot even be asked is closed.
async fn clean(c: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // A roll-back that was begun stands in line before this question.
    let left = sqlx::query_scalar(LEFT).fetch_one(&mut *c);
    // What is asked of a thread that is just ending is answered never.
    let left: i64 = match tokio::time::timeout(ANSWERS, left).await {
        Ok(left) => left?,
        Err(_) => return Err(sqlx::Error::WorkerCrashed),
    };
    Ok(left == 0 && !c.is_in_transaction())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    /// What a piece of work leaves in its connection when it is cut off, and how one sees it there.
    const LEAVES: [(&str, &str, &str); 2] = [
        (
            "a file that was attached",
            "ATTACH DATABASE 'PLACE/copy.db' AS copied",
            "SELECT count(*) FROM pragma_database_list WHERE name = 'copied'",
        ),
        (
            "a table that was to be temporary",
            "CREATE TEMP TABLE list (id INTEGER)",
            "SELECT count(*) FROM temp.sqlite_schema",
        ),
    ];

    #[tokio::test]
    async fn nothing_is_left_over_for_the_next() -> Result<(), StoreError> {
        for (what, leaves, seen) in LEAVES {
            let folder = TempDir::new()?;
            let options = SqliteConnectOptions::new()
                .filename(folder.path().join("office.db"))
                .create_if_missing(true);
            let pool = pool(options, 1, Failures::default()).await?;
            let leaves = leaves.replace("PLACE", &folder.path().to_string_lossy());
            let mut c = pool.acquire().await?;
            sqlx::raw_sql(sqlx::AssertSqlSafe(leaves))
                .execute(&mut *c)
                .await?;
            let there: i64 = sqlx::query_scalar(seen).fetch_one(&mut *c).await?;
            assert_eq!(there, 1, "{what}");
            drop(c);
            let there: i64 = sqlx::query_scalar(seen).fetch_one(&pool).await?;
            assert_eq!(there, 0, "{what} is still there");
            pool.close().await;
        }
        Ok(())
    }
}
