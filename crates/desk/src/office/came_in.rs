//! Who came in with both factors, where and when.

use redress_domain::id::PersonId;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// For so long a PIN opens at a place where its person came in with both.
const SHIFT: Duration = Duration::from_secs(12 * 60 * 60);

/// Who came in with both, where and when.
#[derive(Debug, Default)]
pub(crate) struct CameIn(Mutex<BTreeMap<(PersonId, String), Instant>>);

impl CameIn {
    pub(crate) fn note(&self, person: PersonId, origin: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, at| at.elapsed() <= SHIFT);
        all.insert((person, origin.to_owned()), Instant::now());
    }

    /// Whether a PIN is enough: at this PC itself, or where both were given within the shift.
    pub(crate) fn lately(&self, person: PersonId, origin: &str) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.get(&(person, origin.to_owned()));
        origin.is_empty() || at.is_some_and(|at| at.elapsed() <= SHIFT)
    }
}
