//! Answers that are whole, or an error.
//!
//! The thread that reads a SQLite file ends where memory runs out amid an answer, and the stream of rows then simply
//! stops. So an answer counts only once the database has said that there is no more.

use super::{Db, DbRow, read::Read};
use crate::StoreError;
use futures_util::TryStreamExt;
use sqlx::{Decode, Either, Execute, Executor, Type};
use std::future::Future;

type Answer<T> = Result<T, sqlx::Error>;

/// A query of which the whole answer is wanted.
pub trait Whole<'q>: Execute<'q, Db> + Sized + Send + 'q {
    /// Every row.
    fn rows<'e, E>(self, from: E) -> impl Future<Output = Answer<Vec<DbRow>>> + Send
    where
        'q: 'e,
        E: Executor<'e, Database = Db> + 'e,
    {
        async move {
            let mut answer = from.fetch_many(self);
            let (mut rows, mut ended) = (vec![], false);
            while let Some(one) = answer.try_next().await? {
                match one {
                    Either::Left(_) => ended = true,
                    Either::Right(row) => rows.push(row),
                }
            }
            match ended {
                true => Ok(rows),
                false => Err(sqlx::Error::WorkerCrashed),
            }
        }
    }

    /// The first row; none where the database says that there is none.
    fn maybe<'e, E>(self, from: E) -> impl Future<Output = Answer<Option<DbRow>>> + Send
    where
        'q: 'e,
        E: Executor<'e, Database = Db> + 'e,
    {
        async move {
            let mut answer = from.fetch_many(self);
            match answer.try_next().await? {
                Some(Either::Right(row)) => Ok(Some(row)),
                Some(Either::Left(_)) => Ok(None),
                None => Err(sqlx::Error::WorkerCrashed),
            }
        }
    }

    /// The first column of every row.
    fn column<'e, T, E>(self, from: E) -> impl Future<Output = Result<Vec<T>, StoreError>> + Send
    where
        'q: 'e,
        E: Executor<'e, Database = Db> + 'e,
        T: for<'r> Decode<'r, Db> + Type<Db> + Send,
    {
        async move {
            let rows = self.rows(from).await?;
            rows.iter().map(|row| row.read(0)).collect()
        }
    }

    /// The first column of the first row; none where there is none.
    fn maybe_value<'e, T, E>(
        self,
        from: E,
    ) -> impl Future<Output = Result<Option<T>, StoreError>> + Send
    where
        'q: 'e,
        E: Executor<'e, Database = Db> + 'e,
        T: for<'r> Decode<'r, Db> + Type<Db> + Send,
    {
        async move {
            let row = self.maybe(from).await?;
            row.map(|row| row.read(0)).transpose()
        }
    }
}

impl<'q, Q: Execute<'q, Db> + Sized + Send + 'q> Whole<'q> for Q {}
