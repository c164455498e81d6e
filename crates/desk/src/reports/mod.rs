//! Reports over a period or a shift, books over cases, and the case list as a spreadsheet.
//! Reports are tables; paper and spreadsheet draw the same ones. Nothing here changes a case.

mod book;
pub(crate) mod commands;
mod export;
mod kinds;
pub(crate) mod owed;
mod period;
mod summary;
mod table;
