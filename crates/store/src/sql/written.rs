//! Whether a write touched the rows that it had to.

use super::Db;
use crate::StoreError;

/// Holds a write against the number of rows that it must have touched: a database that ignores one (a trigger, a
/// rule) says so by touching none, and the whole append is then given up.
///
/// # Errors
/// `WriteIgnored` with the table's name.
pub fn exactly(
    done: &<Db as sqlx::Database>::QueryResult,
    rows: u64,
    table: &str,
) -> Result<(), StoreError> {
    if done.rows_affected() == rows {
        return Ok(());
    }
    Err(StoreError::WriteIgnored {
        about: table.to_owned(),
    })
}

/// Holds a write that may find its row there already against the row being there.
///
/// # Errors
/// `WriteIgnored` with the table's name.
pub fn there(there: bool, table: &str) -> Result<(), StoreError> {
    if there {
        return Ok(());
    }
    Err(StoreError::WriteIgnored {
        about: table.to_owned(),
    })
}
