//! What one person alone may not do: access that others confirm, the backup key, the disposal of records.
//!
//! Each module folds the events of its matter and says whether the next approval is one of a second person. This room
//! never carries out what was approved.

pub mod backup_key;
pub mod confirm;
pub mod disposal;
