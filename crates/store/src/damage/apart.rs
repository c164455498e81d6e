//! What a damaged office keeps in memory instead of its file: nothing more is written there, so that nothing is made
//! worse, and guesses of passwords are counted all the same.

use super::lists::Lists;
use crate::{CaseProjection, StoreError};
use redress_domain::id::PersonId;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

/// Wrong passwords in a row, and when the last was (µs).
type Attempts = (i64, i64);

/// Of more names than these, those of yesterday are forgotten.
const NAMES_MOST: usize = 10_000;
const DAY_US: i64 = 24 * 3600 * 1_000_000;

/// Whether a store may be written, and what stands beside it while it may not.
#[derive(Debug, Default)]
pub(crate) struct Apart {
    damaged: AtomicBool,
    attempts: Mutex<BTreeMap<String, Attempts>>,
    steps: Mutex<BTreeMap<PersonId, i64>>,
    lists: RwLock<Option<Arc<Lists>>>,
    /// One looks at the file, whoever saw damage meanwhile waits for the verdict.
    pub(crate) looking: tokio::sync::Mutex<()>,
}

fn open<T>(all: &Mutex<T>) -> MutexGuard<'_, T> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Apart {
    pub(crate) fn damaged(&self) -> bool {
        self.damaged.load(Ordering::Acquire)
    }

    /// From now on nothing is written.
    pub(crate) fn mark(&self) {
        self.damaged.store(true, Ordering::Release);
    }

    /// The file was found whole: it is written again.
    pub(crate) fn clear(&self) {
        self.damaged.store(false, Ordering::Release);
        self.set_lists(None);
    }

    /// # Errors
    /// `DamagedReadOnly`.
    pub(crate) fn may_write(&self) -> Result<(), StoreError> {
        match self.damaged() {
            true => Err(StoreError::DamagedReadOnly),
            false => Ok(()),
        }
    }

    pub(crate) fn set_lists(&self, cases: Option<(Vec<(i64, CaseProjection)>, usize)>) {
        let fresh = cases.map(|(rows, unreadable)| Arc::new(Lists::new(rows, unreadable)));
        *self.lists.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    /// What lists read of a damaged office; none while they read the file.
    pub(crate) fn lists(&self) -> Option<Arc<Lists>> {
        let lists = self.lists.read();
        lists.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Wrong passwords so far; `kept` is what the file still tells.
    pub(crate) fn attempts(&self, name: &str, kept: Attempts) -> Attempts {
        open(&self.attempts).get(name).copied().unwrap_or(kept)
    }

    pub(crate) fn attempt_failed(&self, name: &str, kept: Attempts, at_us: i64, since_us: i64) {
        let mut all = open(&self.attempts);
        let (failures, last) = all.get(name).copied().unwrap_or(kept);
        let before = if last < since_us { 0 } else { failures };
        if all.len() > NAMES_MOST {
            all.retain(|_, (_, last)| *last > at_us - DAY_US);
        }
        all.insert(name.to_owned(), (before + 1, at_us));
    }

    pub(crate) fn attempts_not_after(&self, now_us: i64) {
        for (_, last) in open(&self.attempts).values_mut() {
            *last = (*last).min(now_us);
        }
    }

    pub(crate) fn attempts_forgive(&self, name: &str) {
        open(&self.attempts).insert(name.to_owned(), (0, 0));
    }

    /// Whether a code is taken for the first time; `kept` is the step that the file tells of.
    pub(crate) fn step_used(&self, person: PersonId, kept: i64, step: i64, newest: i64) -> bool {
        let mut all = open(&self.steps);
        let last = all.get(&person).copied().unwrap_or(kept);
        let first = last < step || last > newest;
        if first {
            all.insert(person, step);
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn guesses_count_on_and_no_code_is_taken_twice() {
        let apart = Apart::default();
        assert_eq!(apart.attempts("a", (4, 7)), (4, 7), "what the file tells");
        apart.attempt_failed("a", (4, 7), 9, i64::MIN);
        assert_eq!(apart.attempts("a", (0, 0)), (5, 9));
        apart.attempt_failed("a", (0, 0), 20, 10);
        assert_eq!(apart.attempts("a", (0, 0)), (1, 20), "long ago begins anew");
        apart.attempts_forgive("a");
        assert_eq!(apart.attempts("a", (4, 7)), (0, 0));
        let one = PersonId(Uuid::from_u128(1));
        assert!(!apart.step_used(one, 5, 5, 9), "used before the damage");
        assert!(apart.step_used(one, 5, 6, 9));
        assert!(!apart.step_used(one, 5, 6, 9));
        assert!(apart.step_used(one, 50, 7, 9));
    }

    #[test]
    fn nothing_is_written_until_it_is_found_whole() {
        let apart = Apart::default();
        assert!(apart.may_write().is_ok());
        apart.mark();
        assert_eq!(
            apart.may_write().err().map(|e| e.code()),
            Some("damaged_read_only")
        );
        apart.clear();
        assert!(apart.may_write().is_ok());
    }
}
