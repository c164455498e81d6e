//! Confidential cases (G11): for whom they are hidden, and who comes to see them.

mod backup_key;
mod hidden;
mod two_people;
