//! What listeners are told of a store: that something was appended, or what another process says.

use serde::{Deserialize, Serialize};

/// One append, after it was committed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its streams.
    pub streams: Vec<String>,
    /// Position of its newest event.
    pub pos: i64,
}

/// What a listener gets, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Something was appended.
    Changed(Change),
    /// Somebody said something to all listeners; it is kept nowhere.
    Said(String),
    /// Something may have passed unheard: read everything again.
    Missed,
}

/// Notices that wait for a slow listener; one that is further behind gets [`Notice::Missed`].
pub(crate) const WAITING: usize = 256;
