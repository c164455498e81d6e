//! What lists, searches and the desk know of a case: a pure projection.
//! It never reads the store.

pub(crate) mod case_row;
