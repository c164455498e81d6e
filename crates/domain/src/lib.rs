//! The rules of complaint handling, as pure functions over data.
//!
//! A procedure is data ([`procedure`], held sound by [`check`]); a case is a list of events
//! ([`event`], [`case`]); [`rules`] answer an action with new events or a refusal. No clock, no
//! randomness, no files, no SQL, no async: whatever comes from outside comes in as an argument.
//!
//! Rooms, in the order in which to read them; each knows only those before it. Leaves: [`id`], [`text`], [`refusal`],
//! [`amount`], [`number`], [`chain`], [`signature`]. Then [`time`], [`value`], [`event`], [`case`], [`form`],
//! [`procedure`], [`rules`], [`approval`], [`visibility`]. A test over the source holds this.

pub mod amount;
pub mod approval;
pub mod case;
pub mod chain;
pub mod event;
pub mod form;
pub mod id;
pub mod number;
pub mod procedure;
pub mod refusal;
pub mod rules;
pub mod signature;
pub mod text;
pub mod time;
pub mod value;
pub mod visibility;

pub use approval::{backup_key, confirm, disposal};
pub use procedure::{check, difference, limits};
pub use rules::{
    self as decide, closing, compare, correction, effect, eligible, impartial, merge, recalculate,
    record,
};
pub use time::{calendar, clock, year};
pub use value::{condition, range};

/// Giving documents out (G18), and what a registration would start.
pub mod issue {
    pub use crate::rules::{
        issue::{Issue, issue},
        preview,
    };
}

/// [`visibility`] under its earlier names.
pub mod sight {
    pub use crate::visibility::{
        Part, Participants as Circle, Visibility as Sight, needs, needs_lists, opens, oversees,
        oversees_confidential, participants as circle, visibility as sight, widens,
    };
}
