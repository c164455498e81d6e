//! A procedure: one controlled document in one edition, as data, with its forms.
//!
//! This room holds what a procedure's file may say, reads it and checks that it is sound. It never looks at a case and
//! never decides anything.

mod alias;
mod blocks;
pub mod check;
mod clauses;
mod clock_rule;
pub mod difference;
mod document;
mod edition;
mod head;
pub mod limits;
mod report;
mod requirement;
mod shows;
mod step;

pub use crate::time::Limit;
pub use clock_rule::{ClassLimit, ClockRule};
pub use document::Procedure;
pub use edition::Edition;
pub use head::{Bar, Channel, Confidential, Head, Role};
pub use report::{Book, Every, Listing, ReportDuty, Tally};
pub use requirement::{Closing, Comparison, Requirement};
pub(crate) use shows::Shown;
pub use step::{ACTOR, Action, Effect, LATE, Start, Step, TaskKind, Way};
