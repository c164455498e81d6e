//! The rules of complaint handling, as pure functions over data.
//!
//! A procedure is data ([`procedure`], held sound by [`check`]); a case is a list of events
//! ([`event`], [`case`]); [`decide`] answers an action with new events or a refusal. No clock, no
//! randomness, no files, no SQL, no async: whatever comes from outside comes in as an argument.
//!
//! Reading order: [`id`], [`text`], [`value`], [`range`], [`condition`], [`amount`], [`calendar`], [`year`], [`clock`], [`form`],
//! [`procedure`], [`check`], [`event`], [`case`], [`impartial`], [`sight`], [`compare`], [`record`], [`closing`], [`decide`],
//! [`confirm`], [`issue`], [`recalculate`], [`disposal`], [`difference`], [`chain`].

mod alias;
pub mod amount;
pub mod backup_key;
mod blocks;
pub mod calendar;
pub mod case;
pub mod chain;
pub mod check;
mod clause;
pub mod clock;
pub mod closing;
pub mod compare;
pub mod condition;
pub mod confirm;
pub mod correction;
pub mod decide;
pub mod difference;
pub mod disposal;
pub mod effect;
pub mod eligible;
pub mod event;
pub mod form;
pub mod id;
pub mod impartial;
pub mod issue;
pub mod limits;
pub mod merge;
pub mod number;
pub mod procedure;
pub mod range;
pub mod recalculate;
pub mod record;
pub mod refusal;
mod run;
mod shows;
pub mod sight;
pub mod signature;
pub mod text;
pub mod value;
pub mod year;
