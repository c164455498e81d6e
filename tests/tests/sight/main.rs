//! Confidential cases (G11): for whom they are hidden, and who comes to see them.

mod hidden;
mod two_people;
