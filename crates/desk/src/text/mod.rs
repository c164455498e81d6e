//! Words, errors, limits, files, numbers and times as they come in and go out.
//! It knows no office and no case.

pub mod error;
pub(crate) mod file;
pub(crate) mod incoming;
pub mod json;
pub(crate) mod limits;
pub(crate) mod number;
pub(crate) mod spreadsheet;
pub(crate) mod time;
pub(crate) mod words;
