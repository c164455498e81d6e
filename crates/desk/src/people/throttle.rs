//! Wrong passwords: after the third each one makes the next wait twice as long, from the tenth on an hour.
//!
//! They are counted for the name at the place that they come from, so that a stranger at another PC does not lock
//! anybody out; and for the place alone, so that one PC does not try every name. The same for a name that nobody
//! has: waiting tells nothing. A PIN is short: its wrong tries are counted wherever they come from.

use crate::{office::state::person::Person, text::error::ApiError};
use chrono::TimeDelta;
use redress_domain::{
    chain::{hex, sha256},
    clock::Moment,
};
use redress_store::Store;

/// Wrong passwords for a name before one has to wait.
const FREE: i64 = 3;
/// Wrong passwords for a name that lock.
pub const LOCK: i64 = 10;
/// Wrong passwords for any names that lock a place.
const PLACE: i64 = 100;
/// Wrong PINs in a row after which only the password opens.
const PINS: i64 = 5;
/// For so long what is locked is locked.
const LOCKED: TimeDelta = TimeDelta::hours(1);

fn wait(failures: i64) -> TimeDelta {
    match failures {
        n if n < FREE => TimeDelta::zero(),
        n if n < LOCK => TimeDelta::seconds(1 << (n - FREE)),
        _ => LOCKED,
    }
}

fn wait_of_place(failures: i64) -> TimeDelta {
    if failures < PLACE {
        TimeDelta::zero()
    } else {
        LOCKED
    }
}

fn name(parts: &[&str]) -> String {
    hex(&sha256(parts.join("\n").as_bytes()))
}

/// Whose password is tried, from where.
pub(crate) struct Guess {
    /// The count that a right password forgets.
    own: String,
    /// The counts of those who have not signed in.
    stranger: Option<Stranger>,
}

struct Stranger {
    place: String,
    pins: String,
}

impl Guess {
    /// Somebody who has not signed in. A password that was set anew begins anew.
    pub(crate) fn at_the_door(login: &str, origin: &str, named: Option<&Person>) -> Self {
        let login = login.trim();
        let set = named.map_or(0, |p| p.passwords).to_string();
        Self {
            own: name(&["door", login, origin, &set]),
            stranger: Some(Stranger {
                place: name(&["place", origin]),
                pins: name(&["pin", login, &set]),
            }),
        }
    }

    /// Somebody who has signed in and gives the password again.
    pub(crate) fn inside(person: &Person) -> Self {
        let set = person.passwords.to_string();
        Self {
            own: name(&["inside", &person.id.to_string(), &set]),
            stranger: None,
        }
    }

    /// Somebody who gives a code after the password: wherever from, for a code is short.
    pub(crate) fn code(person: &Person) -> Self {
        let set = person.passwords.to_string();
        Self {
            own: name(&["code", &person.id.to_string(), &set]),
            stranger: None,
        }
    }

    /// Refuses while one has to wait.
    ///
    /// # Errors
    /// `try_later` with the seconds.
    pub(crate) async fn check(&self, store: &impl Store, now: Moment) -> Result<(), ApiError> {
        let mut left = left(store, &self.own, wait, now).await?;
        if let Some(s) = &self.stranger {
            left = left.max(self::left(store, &s.place, wait_of_place, now).await?);
        }
        if left > TimeDelta::zero() {
            return Err(ApiError::new("try_later").with("seconds", left.num_seconds() + 1));
        }
        Ok(())
    }

    /// Whether a PIN may be tried at all.
    pub(crate) async fn takes_pin(&self, store: &impl Store) -> Result<bool, ApiError> {
        match &self.stranger {
            Some(s) => Ok(store.attempts(&s.pins).await?.0 < PINS),
            None => Ok(false),
        }
    }

    /// Counts a wrong password or PIN, or forgets the count after a right one.
    pub(crate) async fn note(
        &self,
        store: &impl Store,
        now: Moment,
        right: bool,
        pin: bool,
    ) -> Result<(), ApiError> {
        let pins = self.stranger.as_ref().map(|s| &s.pins);
        if right {
            for name in [Some(&self.own), pins].into_iter().flatten() {
                if store.attempts(name).await?.0 > 0 {
                    store.attempts_forgive(name).await?;
                }
            }
            return Ok(());
        }
        let now_us = now.timestamp_micros();
        store.attempt_failed(&self.own, now_us, i64::MIN).await?;
        if let Some(s) = &self.stranger {
            // A place is not locked by what went wrong over many days.
            let since = (now - LOCKED).timestamp_micros();
            store.attempt_failed(&s.place, now_us, since).await?;
        }
        if let Some(pins) = pins.filter(|_| pin) {
            store.attempt_failed(pins, now_us, i64::MIN).await?;
        }
        Ok(())
    }
}

async fn left(
    store: &impl Store,
    name: &str,
    wait: impl Fn(i64) -> TimeDelta,
    now: Moment,
) -> Result<TimeDelta, ApiError> {
    let now_us = now.timestamp_micros();
    let (failures, mut last_us) = store.attempts(name).await?;
    if last_us > now_us {
        // Counted while the clock had run ahead. Written down as of now, or the wait would never begin to pass.
        store.attempts_not_after(now_us).await?;
        last_us = now_us;
    }
    let since = TimeDelta::microseconds(now_us.saturating_sub(last_us));
    Ok(wait(failures) - since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_then_locks() {
        let waits: Vec<i64> = (0..=12).map(|n| wait(n).num_seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 3600, 3600, 3600]);
        let waits = [99, 100].map(|n| wait_of_place(n).num_seconds());
        assert_eq!(waits, [0, 3600]);
    }
}
