//! SQL that both databases understand, written once and compiled for each (docs/decisions/0005).
//!
//! `sqlite.rs` and `postgres.rs` include these files and give them `Own` (the store), `Db`, `Connection`, `Pool`,
//! `DbRow`, and `dialect` for the few words in which the two differ.

mod admission;
mod case_lists;
pub(super) mod case_rows;
pub(super) mod copy;
pub(super) mod derived;
mod erase;
mod event_log;
mod kept;
pub(super) mod read;
mod second_factor;
pub(super) mod sound;
mod store;
pub(super) mod tolerant;
pub(super) mod verify;
pub(super) mod whole;
pub(super) mod written;

pub(super) use store::PROJECTIONS;

use super::{Connection, Db, DbRow, Own, Pool, dialect, schema};
