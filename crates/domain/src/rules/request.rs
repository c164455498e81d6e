//! What is asked for: a registration, or an action on a case.

use crate::{id::CaseId, time::clock::Moment, value::Values};
use std::collections::BTreeSet;

/// A registration as entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// Made outside.
    pub case: CaseId,
    /// Given at registration (G12).
    pub number: String,
    /// Channel id.
    pub channel: String,
    /// T1.
    pub received_at: Moment,
    /// What was entered.
    pub values: Values,
    /// Keys of what was asked about and is meant ([`crate::value::range::Question`]).
    pub confirmed: BTreeSet<String>,
}

/// One action as asked for. `action` may name a task: `return_copy@retract_copy-1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Request<'a> {
    /// Action id, with its task.
    pub action: &'a str,
    /// What was entered.
    pub values: Values,
    /// Keys of what was asked about and is meant ([`crate::value::range::Question`]).
    pub confirmed: BTreeSet<String>,
    /// The case that this one goes into, where it is merged.
    pub into: Option<CaseId>,
}
