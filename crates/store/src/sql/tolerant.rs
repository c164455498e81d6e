//! Reading the log past what cannot be read of it.

use super::{Connection, DbRow, dialect, read::Read, whole::Whole};
use crate::StoreError;

/// Positions that are read at a time.
pub const BATCH: i64 = 500;
/// Where the end of the log cannot be read, so many positions without an event are taken for it.
const EMPTY_MOST: i64 = 20_000;

/// Some events in order, and the positions between them that cannot be read.
#[derive(Default)]
pub struct Batch {
    pub rows: Vec<DbRow>,
    pub unreadable: Vec<i64>,
}

/// The log, from its beginning to its end.
pub struct Walk {
    sql: &'static str,
    one: &'static str,
    after: i64,
    end: Option<i64>,
    empty: i64,
}

/// Whether an error comes from what lies in the file, so that the rest may still be read.
pub fn damage(e: &StoreError) -> bool {
    let of_file = matches!(
        e,
        StoreError::DamagedFolder
            | StoreError::RecordDamaged { .. }
            | StoreError::DiskFailed { .. }
            | StoreError::Internal(_)
    );
    // A statement that failed ends a transaction on PostgreSQL; a value that does not decode does not.
    of_file && (dialect::READS_ON || matches!(e, StoreError::RecordDamaged { .. }))
}

/// What was read, or nothing where the file is damaged there.
pub fn passed<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(e) if damage(&e) => Ok(None),
        Err(e) => Err(e),
    }
}

impl Walk {
    /// `sql` reads events after $1, $2 at most, in order, their position first; `one` reads that at $1.
    pub fn new(sql: &'static str, one: &'static str) -> Self {
        Self {
            sql,
            one,
            after: i64::MIN,
            end: None,
            empty: 0,
        }
    }

    /// The next events; none at the end.
    pub async fn next(&mut self, c: &mut Connection) -> Result<Option<Batch>, StoreError> {
        let rows = sqlx::query(self.sql)
            .bind(self.after)
            .bind(BATCH)
            .rows(&mut *c)
            .await;
        if let Some(rows) = passed(rows.map_err(StoreError::from))? {
            let Some(last) = rows.last() else {
                return Ok(None);
            };
            self.after = last.read(0)?;
            self.empty = 0;
            return Ok(Some(Batch {
                rows,
                unreadable: vec![],
            }));
        }
        self.one_by_one(c).await
    }

    async fn one_by_one(&mut self, c: &mut Connection) -> Result<Option<Batch>, StoreError> {
        if self.end.is_none() {
            let end = sqlx::query_scalar("SELECT coalesce(max(pos), 0) FROM event");
            let end = end.fetch_one(&mut *c).await;
            self.end = passed(end.map_err(StoreError::from))?;
        }
        let most = self.end.unwrap_or(i64::MAX);
        if self.after.max(0) >= most || self.empty > EMPTY_MOST {
            return Ok(None);
        }
        // No event of ours stands before the first.
        self.after = self.after.max(0);
        let upto = self.after.saturating_add(BATCH).min(most);
        let mut batch = Batch::default();
        for pos in self.after + 1..=upto {
            let row = sqlx::query(self.one).bind(pos).maybe(&mut *c).await;
            match passed(row.map_err(StoreError::from))? {
                Some(row) => batch.rows.extend(row),
                None => batch.unreadable.push(pos),
            }
        }
        self.after = upto;
        if batch.rows.is_empty() {
            self.empty += BATCH;
        } else {
            self.empty = 0;
        }
        if self.end.is_none() && batch.rows.is_empty() {
            // Beyond the last event that can be read nobody knows whether there was one.
            batch.unreadable.truncate(1);
        }
        Ok(Some(batch))
    }
}
