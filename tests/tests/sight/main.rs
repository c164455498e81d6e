//! Who sees and may do what: rights, confidential cases (G11), what is covered, and what is written nowhere.

mod backup_key;
mod deputies;
mod hidden;
mod permissions;
mod planted;
mod privacy;
mod second_factor;
mod two_people;
