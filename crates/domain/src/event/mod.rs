//! What happened, in every stream: of a case, of the office, of its people and of access.
//!
//! Bodies hold ids, kinds and times; every typed word stands beside them as a value. This room never says what follows
//! from an event: cases and lists are folded elsewhere.

mod body;
mod kinds;

pub use body::{Event, EventBody};
pub use kinds::{
    Account, CopyOut, Ending, FactorChange, FactorRule, Lost, MoveCause, PartySort, RoleGrant,
    Skipped, SkippedDocuments,
};
