//! What lasts: the check of the log, disposal, backups, encryption, salvage.
//! It reads every room below; it never decides anything about a case.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod backup_key;
pub(crate) mod check;
pub(crate) mod commands;
pub(crate) mod disposal;
pub(crate) mod encryption;
mod safe_page;
pub(crate) mod salvage;
