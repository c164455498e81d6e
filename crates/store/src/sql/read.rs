//! Reading a row: what does not decode is named by table and column, and never ends the process.

use super::{Db, DbRow};
use crate::StoreError;
use sqlx::{Column, ColumnOrigin, Decode, Row, Type};

/// Columns of a row, by their place in the query.
pub trait Read {
    /// One column.
    ///
    /// # Errors
    /// `RecordDamaged` where it holds something else than it should.
    fn read<'r, T: Decode<'r, Db> + Type<Db>>(&'r self, n: usize) -> Result<T, StoreError>;
}

impl Read for DbRow {
    fn read<'r, T: Decode<'r, Db> + Type<Db>>(&'r self, n: usize) -> Result<T, StoreError> {
        self.try_get(n).map_err(|_| StoreError::RecordDamaged {
            about: place(self, n),
        })
    }
}

fn place(row: &DbRow, n: usize) -> String {
    let Some(column) = row.columns().get(n) else {
        return n.to_string();
    };
    match column.origin() {
        ColumnOrigin::Table(t) => format!("{}.{}", t.table, t.name),
        _ => column.name().to_owned(),
    }
}
