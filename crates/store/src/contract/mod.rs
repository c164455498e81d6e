//! What the desk needs of a database: [`Store`], and the plain data in which it is asked and answers.
//!
//! Both databases keep this contract and pass the same tests. This room never knows which of them answers, and holds no
//! SQL.

mod append;
mod cases;
mod credentials;
mod log;
mod report;
mod store;
mod viewer;

pub use append::{Append, NewAttachment, NewEvent, NumberClaim, Sent, SentKey};
pub use cases::{CasePage, CaseProjection, CaseQuery, CaseRow, ClockRow, Counts, TaskRow, Waiting};
pub use credentials::{Credential, NewCredential, SecondFactor, SecondFactorChange};
pub use log::{AccessRow, AttachmentRow, Draft, EventFilter, Recorded};
pub use report::{Backup, Problem, Report, Restored};
pub use store::Store;
pub use viewer::Viewer;

pub(crate) use cases::SOON;
pub(crate) use report::SCHEMA_DIFFERS;
