//! Wrong passwords: after the third each one makes the next wait twice as long, from the tenth on an hour.
//!
//! The same for a name that nobody has, so that waiting tells nothing.

use crate::error::ApiError;
use chrono::TimeDelta;
use redress_domain::{
    chain::{hex, sha256},
    clock::Moment,
};
use redress_store::Store;

/// Wrong passwords before one has to wait.
const FREE: i64 = 3;
/// Wrong passwords that lock.
pub const LOCK: i64 = 10;

fn wait(failures: i64) -> TimeDelta {
    match failures {
        n if n < FREE => TimeDelta::zero(),
        n if n < LOCK => TimeDelta::seconds(1 << (n - FREE)),
        _ => TimeDelta::hours(1),
    }
}

fn name(login: &str) -> String {
    hex(&sha256(login.trim().as_bytes()))
}

/// Refuses while the name has to wait.
///
/// # Errors
/// `try_later` with the seconds.
pub(crate) async fn check(store: &impl Store, login: &str, now: Moment) -> Result<(), ApiError> {
    let (failures, last_us) = store.attempts(&name(login)).await?;
    let since = TimeDelta::microseconds(now.timestamp_micros().saturating_sub(last_us).max(0));
    let left = wait(failures) - since;
    if left > TimeDelta::zero() {
        return Err(ApiError::new("try_later").with("seconds", left.num_seconds() + 1));
    }
    Ok(())
}

/// Counts a wrong password, or forgets the count after a right one.
pub(crate) async fn note(
    store: &impl Store,
    login: &str,
    now: Moment,
    right: bool,
) -> Result<(), ApiError> {
    let name = name(login);
    let (failures, _) = store.attempts(&name).await?;
    if right && failures == 0 {
        return Ok(());
    }
    let failures = if right { 0 } else { failures + 1 };
    Ok(store
        .set_attempts(&name, failures, now.timestamp_micros())
        .await?)
}

/// An administrator's reset lets the name in again at once.
pub(crate) async fn forget(store: &impl Store, login: &str) -> Result<(), ApiError> {
    Ok(store.set_attempts(&name(login), 0, 0).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_then_locks() {
        let waits: Vec<i64> = (0..=12).map(|n| wait(n).num_seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 3600, 3600, 3600]);
    }
}
