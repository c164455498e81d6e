//! How many events of people and parties are known, so that the whole log is walked for them once and not with each change.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// What was found, by the beginning of the streams' names.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    known: Mutex<BTreeMap<String, usize>>,
    /// Nothing is ever walked.
    never: bool,
}

impl Walked {
    /// Where the index is believed.
    pub(crate) fn known() -> Self {
        Self {
            never: true,
            ..Self::default()
        }
    }

    /// How many were there; none where the log is to be walked.
    pub(crate) fn of(&self, prefix: &str) -> Option<usize> {
        if self.never {
            return Some(0);
        }
        let all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(prefix).copied()
    }

    /// So many are there.
    pub(crate) fn note(&self, prefix: &str, events: usize) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(prefix.to_owned(), events);
    }
}
