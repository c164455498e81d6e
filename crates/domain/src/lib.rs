//! The rules of complaint handling, as pure functions over data.
//!
//! A procedure is data ([`procedure`]); a case is a list of events ([`event`], [`case`]);
//! [`decide`] answers an action with new events or a refusal. No clock, no randomness, no files,
//! no SQL, no async: whatever comes from outside comes in as an argument.

pub mod condition;
pub mod form;
pub mod value;
