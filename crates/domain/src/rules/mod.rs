//! The rules: an action on a case becomes new events, or a refusal with its reason.
//!
//! Everything here is a pure function of edition, case, person and now. It never changes a case in place and never
//! writes: events go out, and [`crate::case`] folds them.

mod actor;
mod clocks;
pub mod closing;
pub mod compare;
mod context;
pub mod correction;
mod decide;
pub mod effect;
pub mod eligible;
mod entry;
pub mod impartial;
pub mod issue;
mod lookup;
pub mod merge;
mod offer;
mod permit;
pub mod recalculate;
pub mod record;
mod register;
mod request;
mod requirements;
mod run;
mod ways;

pub use crate::{case::key, procedure::LATE};
pub use actor::{Actor, Permit};
pub use context::{ABREAST, ClockConfirmed, Ctx, Targets, target};
pub use decide::decide;
pub use lookup::{look_over, look_up};
pub use offer::{Offer, offers};
pub use permit::permitted;
pub use register::{LATE_ENTRY, RECEIVED_AT, preview, register};
pub use request::{Registration, Request};
