//! How far a long check or copy has come.

use crate::StoreError;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// How far a check has come; whoever shares it can stop it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Steps done: events, then whatever the caller adds.
    pub done: AtomicI64,
    /// Steps in all, as far as is known.
    pub total: AtomicI64,
    /// Stops the check at the next step.
    pub stop: AtomicBool,
}

impl Progress {
    /// Counts steps.
    ///
    /// # Errors
    /// `Stopped`.
    pub fn step(&self, steps: i64) -> Result<(), StoreError> {
        self.done.fetch_add(steps, Ordering::Relaxed);
        if self.stop.load(Ordering::Relaxed) {
            return Err(StoreError::Stopped);
        }
        Ok(())
    }
}

/// A length as the database and a progress count it: no list is longer than an `i64` says.
pub(crate) fn counted(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
