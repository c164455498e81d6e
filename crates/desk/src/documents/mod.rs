//! Papers: a form is filled, drawn, given out, reprinted, and bound into the file of its case.
//! It never decides whether something may be done; the rules of the domain do.

mod about;
pub(crate) mod case_file;
pub(crate) mod commands;
pub(crate) mod description;
pub(crate) mod filling;
pub(crate) mod given_out;
pub(crate) mod issue;
pub(crate) mod preview;
