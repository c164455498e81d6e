//! What lists and searches know of cases, and what they are asked.

use super::viewer::Viewer;
use redress_domain::{
    id::{CaseId, PersonId},
    rules::eligible::Eligible,
    visibility::Participants,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What lists and searches know of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseProjection {
    /// Its row.
    pub row: CaseRow,
    /// Its limits.
    pub clocks: Vec<ClockRow>,
    /// Its tasks; the case's own step is the one without an id.
    pub tasks: Vec<TaskRow>,
    /// Text that everybody who works here finds, a line per value.
    #[serde(skip)]
    pub words: String,
    /// Personal and sensitive text, found by those whose roles need it.
    #[serde(skip)]
    pub own_words: String,
    /// Names, for pinyin initials; found as personal text is.
    #[serde(skip)]
    pub names: Vec<String>,
}

/// One row of the case list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the wire's; desk documents them")]
pub struct CaseRow {
    pub id: CaseId,
    pub number: String,
    pub procedure: String,
    pub edition: String,
    pub status: String,
    pub archived: bool,
    pub step: String,
    pub step_title: String,
    pub headline: String,
    /// As entered, for those whose roles need it.
    pub complainant: String,
    /// Masked, for everybody else (G11).
    pub masked: String,
    /// What tells the case from its like, without anything personal.
    pub open_headline: String,
    /// Who has part in it; none where it is not confidential.
    pub circle: Option<Participants>,
    pub channel: String,
    pub received_at: String,
    pub entered_at: String,
    pub last_at: String,
    pub ended_at: Option<String>,
    /// First day on which it may be disposed of (G10), `YYYY-MM-DD`; none while it is open or not archived.
    pub keep_until: Option<String>,
    /// Its values were erased.
    pub disposed: bool,
    /// Unix seconds.
    pub next_due: Option<i64>,
    pub seq: i64,
    pub registered_by: PersonId,
    pub people: Vec<PersonId>,
}

/// One limit; times in unix seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the wire's; desk documents them")]
pub struct ClockRow {
    pub case: CaseId,
    pub id: String,
    pub rule: String,
    /// The task that it belongs to.
    pub task: Option<String>,
    pub title: String,
    /// 立即, 及时 …: a limit without a number (T6); else empty.
    pub word: String,
    pub started_at: i64,
    pub due_at: Option<i64>,
    pub opens_at: Option<i64>,
    pub stopped_at: Option<i64>,
    pub provisional: bool,
}

/// One task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the wire's; desk documents them")]
pub struct TaskRow {
    pub case: CaseId,
    pub id: String,
    pub kind: String,
    pub title: String,
    pub step: String,
    pub done: bool,
    /// What can be done now, by whom; of each way once.
    pub doors: Vec<Eligible>,
}

impl TaskRow {
    /// Roles that can act now.
    pub fn roles(&self) -> BTreeSet<&str> {
        let all = self.doors.iter().flat_map(|d| &d.roles);
        all.map(String::as_str).collect()
    }
}

/// A search or filter.
#[derive(Debug, Clone, Default)]
pub struct CaseQuery {
    /// Words.
    pub text: Option<String>,
    /// Procedure id.
    pub procedure: Option<String>,
    /// Status.
    pub status: Option<String>,
    /// `late` or `soon`.
    pub clock: Option<String>,
    /// Who registered it.
    pub person: Option<PersonId>,
    /// Received from, unix seconds.
    pub from: Option<i64>,
    /// Received before, unix seconds.
    pub to: Option<i64>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows.
    pub limit: u32,
    /// Now, unix seconds.
    pub now: i64,
    /// Whoever asks: what the person may not see is not found either.
    pub viewer: Viewer,
}

/// A page of rows.
#[derive(Debug, Clone, Default)]
pub struct CasePage {
    /// Newest first.
    pub rows: Vec<CaseRow>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// All that match; a text search counts to [`case_rows::COUNT_MAX`](CasePage) at most.
    pub total: i64,
    /// Rows of this page that are damaged and therefore not in it; of a damaged office, all that cannot be read.
    pub unreadable: usize,
}

/// Figures of the desk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Received since a moment.
    pub received: i64,
    /// Open now.
    pub open: i64,
    /// Open and past due now.
    pub late: i64,
}

/// Seconds from now that count as soon.
pub(crate) const SOON: i64 = 2 * 24 * 3600;

/// An open case with its limits and tasks.
pub type Waiting = (CaseRow, Vec<ClockRow>, Vec<TaskRow>);
