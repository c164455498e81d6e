//! The institution: first run, opening hours, holidays, limits, numbers, editions of procedures.
//! It never changes a case, but for limits that a newly known year touches.

pub(crate) mod calendars;
pub(crate) mod clock;
pub(crate) mod commands;
pub(crate) mod editions;
pub(crate) mod numbers;
pub(crate) mod opening;
mod procedure_shapes;
pub(crate) mod procedures;
pub(crate) mod setup;
pub(crate) mod targets;
