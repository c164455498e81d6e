//! Second factors: a secret that the password seals, recovery codes in hashes, and the step that was used last.

use super::read::Read;
use super::{Connection, Pool, whole::Whole, written};
use crate::{SecondFactor, SecondFactorChange, StoreError};
use redress_domain::id::PersonId;

pub async fn read(pool: &Pool, person: PersonId) -> Result<Option<SecondFactor>, StoreError> {
    let sql = "SELECT sealed, codes, last_step FROM second_factor WHERE person = $1";
    let row = sqlx::query(sql)
        .bind(person.to_string())
        .maybe(pool)
        .await?;
    row.map(|r| {
        Ok(SecondFactor {
            sealed: r.read(0)?,
            codes: r.read(1)?,
            last_step: r.read(2)?,
        })
    })
    .transpose()
}

/// Writes what goes with an append.
pub async fn write(c: &mut Connection, change: &SecondFactorChange) -> Result<(), StoreError> {
    match change {
        SecondFactorChange::Set(person, new) => {
            let done = sqlx::query(
                "INSERT INTO second_factor (person, sealed, codes, last_step) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, codes = excluded.codes, \
                 last_step = CASE WHEN excluded.last_step > second_factor.last_step THEN excluded.last_step \
                 ELSE second_factor.last_step END",
            )
            .bind(person.to_string())
            .bind(&new.sealed)
            .bind(&new.codes)
            .bind(new.last_step)
            .execute(c)
            .await?;
            written::exactly(&done, 1, "second_factor")?;
        }
        SecondFactorChange::Off(person) => {
            // One that was taken away behind the program's back is not there to be deleted; verify has named it.
            sqlx::query("DELETE FROM second_factor WHERE person = $1")
                .bind(person.to_string())
                .execute(c)
                .await?;
        }
    }
    Ok(())
}

/// One statement, so that of two hosts that are shown the same code only one takes it.
pub async fn used(
    pool: &Pool,
    person: PersonId,
    step: i64,
    newest: i64,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE second_factor SET last_step = $2 WHERE person = $1 AND (last_step < $2 OR last_step > $3)",
    )
    .bind(person.to_string())
    .bind(step)
    .bind(newest)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}
