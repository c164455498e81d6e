//! Prints of the search index, by which it is compared with the log.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

/// Sums of hashed index entries by a case's rank.
pub(crate) type ByRank = BTreeMap<i64, u64>;

/// Prints of the search index by a case's rank.
#[derive(Debug, Clone, Default)]
pub struct Prints {
    pub(crate) by_rank: ByRank,
    /// Position of the newest event when the index was read.
    pub(crate) upto: i64,
}

/// Adds one entry of the index to the print of its case; the order of the entries does not matter.
pub(crate) fn add(all: &mut ByRank, rank: i64, entry: impl Hash) {
    let mut h = DefaultHasher::new();
    entry.hash(&mut h);
    let sum = all.entry(rank).or_default();
    *sum = sum.wrapping_add(h.finish());
}
