//! Rows of the record's tables as they are carried to another database.

use super::read::Read;
use super::{Connection, Db, DbRow, verify, whole::Whole, written};
use crate::{
    Progress, Report, StoreError,
    tables::{Cell, Kind, Shelf, Table},
};
use sqlx::QueryBuilder;

fn names(table: &Table, columns: usize) -> String {
    let all: Vec<&str> = table.columns[..columns].iter().map(|(n, _)| *n).collect();
    all.join(", ")
}

fn cells(r: &DbRow, table: &Table) -> Result<Vec<Cell>, StoreError> {
    let one = |(n, (_, kind)): (usize, &(&str, Kind))| {
        Ok(match kind {
            Kind::Int => Cell::Int(r.read(n)?),
            Kind::Text => Cell::Text(r.read(n)?),
            Kind::Bytes => Cell::Bytes(r.read(n)?),
        })
    };
    table.columns.iter().enumerate().map(one).collect()
}

impl Shelf for Connection {
    async fn count(&mut self, table: &Table) -> Result<i64, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {}", table.name));
        Ok(sqlx::query_scalar(sql).fetch_one(self).await?)
    }

    async fn take(
        &mut self,
        table: &Table,
        after: Option<&[Cell]>,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        let (all, key) = (names(table, table.columns.len()), names(table, table.key));
        let mut sql = QueryBuilder::<Db>::new("SELECT ");
        sql.push(all).push(" FROM ").push(table.name);
        if let Some(after) = after {
            sql.push(format!(" WHERE ({key}) > ("));
            let mut list = sql.separated(", ");
            for cell in after {
                match cell {
                    Cell::Int(v) => list.push_bind(*v),
                    Cell::Text(v) => list.push_bind(v.clone()),
                    Cell::Bytes(v) => list.push_bind(v.clone()),
                };
            }
            sql.push(")");
        }
        sql.push(format!(" ORDER BY {key} LIMIT "))
            .push_bind(table.batch);
        let rows = sql.build().rows(self).await?;
        rows.iter().map(|r| cells(r, table)).collect()
    }

    async fn put(&mut self, table: &Table, rows: Vec<Vec<Cell>>) -> Result<(), StoreError> {
        let all = names(table, table.columns.len());
        let wanted = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let mut sql = QueryBuilder::<Db>::new("INSERT INTO ");
        sql.push(table.name).push(format!(" ({all}) "));
        sql.push_values(rows, |mut list, row| {
            for cell in row {
                match cell {
                    Cell::Int(v) => list.push_bind(v),
                    Cell::Text(v) => list.push_bind(v),
                    Cell::Bytes(v) => list.push_bind(v),
                };
            }
        });
        let done = sql.build().execute(self).await?;
        written::exactly(&done, wanted, table.name)
    }

    async fn verify(&mut self, progress: &Progress) -> Result<Report, StoreError> {
        verify::walk(self, progress).await
    }
}
