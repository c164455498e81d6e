//! The institution's time: working days, opening hours, due times and why (T2–T7).
//!
//! Pure arithmetic over yearly data. This room never asks what time it is: now is an argument.

pub mod calendar;
pub mod clock;
mod limit;
pub mod year;

pub use limit::Limit;
