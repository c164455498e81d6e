//! Events in, events out. What lists and searches read is derived in the same transaction.
//!
//! [`Store`] is what the desk needs of a database: [`SqliteStore`] keeps it in one folder, [`PostgresStore`] on a
//! server that several hosts share. Both pass the same contract tests, and [`copy`] carries an office between them.
//!
//! Rooms from the bottom: `error`, `progress`, `prints`, `notice`, [`private`], `at_rest`, `envelope` (sealed backups);
//! `contract`, the data and the trait; `tables`, `search`, `damage`; `sql`, written once for both databases
//! (docs/decisions/0005); `sqlite`, `postgres`; then `house`, which knows both.

mod at_rest;
mod contract;
mod damage;
mod envelope;
mod error;
mod house;
mod notice;
mod postgres;
mod prints;
pub mod private;
mod progress;
mod search;
#[expect(
    clippy::duplicate_mod,
    reason = "sql/ is compiled for each database: docs/decisions/0005"
)]
mod sqlite;
mod tables;
mod walked;

pub use at_rest::{DataKey, Marker, Phrase};
pub use contract::{
    AccessRow, Append, AttachmentRow, Backup, CasePage, CaseProjection, CaseQuery, CaseRow,
    ClockRow, Counts, Credential, Draft, EventFilter, NewAttachment, NewCredential, NewEvent,
    NumberClaim, Problem, Recorded, Report, Restored, SecondFactor, SecondFactorChange, Sent,
    SentKey, Store, TaskRow, Viewer, Waiting,
};
pub use envelope::{BackupKey, Opening, Seal};
pub use error::StoreError;
pub use house::{AnyStore, Place, copy};
pub use notice::{Change, Listener, Notice};
pub use postgres::{Address, PostgresStore};
pub use prints::Prints;
pub use progress::Progress;
pub use redress_domain::{rules::eligible::Eligible as Door, visibility::Participants as Circle};
pub use search::normal;
pub use sqlite::{Past, Rescue, RestoredMark, Salvaged, SqliteStore, Step, salvage};

pub(crate) use contract::{SCHEMA_DIFFERS, SOON};
