//! What the desk needs of a database.

use super::{
    append::{Append, Sent},
    cases::{CasePage, CaseProjection, CaseQuery, CaseRow, Counts, Waiting},
    credentials::{Credential, SecondFactor},
    log::{AccessRow, AttachmentRow, Draft, EventFilter, Recorded},
    report::{Backup, Problem, Report},
    viewer::Viewer,
};
use crate::{
    envelope::Seal, error::StoreError, notice::Listener, prints::Prints, progress::Progress,
};
use redress_domain::{
    event::Event,
    id::{AttachmentId, CaseId, DocumentId, PersonId},
};
use std::{future::Future, io::Write};

type Answer<T> = Result<T, StoreError>;

/// What the desk needs of a database.
#[expect(
    missing_docs,
    reason = "each method is named for what it answers; shapes are documented on the types"
)]
pub trait Store: Send + Sync {
    /// Appends to several streams in one transaction, with everything derived.
    fn append(&self, all: Vec<Append>) -> impl Future<Output = Answer<()>> + Send;
    /// Whether something can be written, tried for real with something that leaves no trace. Waits for its turn.
    fn writable(&self) -> impl Future<Output = Answer<()>> + Send;
    /// The earliest time that a next event may have (µs), and that of the newest record until now (T8).
    fn clock_limit(&self) -> impl Future<Output = Answer<(i64, String)>> + Send;
    /// What a request with this (hashed) key did; none where it did nothing.
    fn sent(&self, key: &str) -> impl Future<Output = Answer<Option<Sent>>> + Send;
    /// Hears what is appended from now on, by this process or by another host.
    fn changes(&self) -> Listener;
    /// Says a short text (4 KB at most) to everybody who listens, at every host; it is not kept.
    fn announce(&self, note: &str) -> impl Future<Output = Answer<()>> + Send;
    /// Changes with every append to the streams `office`, `person:*` and `party:*`, whichever host made it.
    fn house_version(&self) -> impl Future<Output = Answer<i64>> + Send;
    fn stream_seq(&self, stream: &str) -> impl Future<Output = Answer<i64>> + Send;
    fn last_number(&self, procedure: &str, year: i32) -> impl Future<Output = Answer<i64>> + Send;
    fn case_events(&self, case: CaseId) -> impl Future<Output = Answer<Vec<Event>>> + Send;
    fn stream_events(&self, stream: &str) -> impl Future<Output = Answer<Vec<Event>>> + Send;
    fn events_below(&self, prefix: &str) -> impl Future<Output = Answer<Vec<Event>>> + Send;
    fn events(&self, filter: &EventFilter) -> impl Future<Output = Answer<Vec<Recorded>>> + Send;
    /// The newest lines of the access stream, before a position where one is given; of one kind where one is named.
    fn accesses(
        &self,
        before: Option<i64>,
        what: Option<&str>,
        limit: u32,
    ) -> impl Future<Output = Answer<Vec<AccessRow>>> + Send;
    /// Position of a case's first event.
    fn first_pos(&self, case: CaseId) -> impl Future<Output = Answer<i64>> + Send;
    fn case_id_by_number(
        &self,
        number: &str,
    ) -> impl Future<Output = Answer<Option<CaseId>>> + Send;
    fn case_row(&self, case: CaseId) -> impl Future<Output = Answer<Option<CaseRow>>> + Send;
    /// A case's row by its id or its number.
    fn case_row_by(&self, which: &str) -> impl Future<Output = Answer<Option<CaseRow>>> + Send;
    /// Whether a case was ever registered; under one procedure, where one is named.
    fn has_cases(&self, procedure: Option<&str>) -> impl Future<Output = Answer<bool>> + Send;
    fn case_rows(&self, query: &CaseQuery) -> impl Future<Output = Answer<CasePage>> + Send;
    /// Archived cases whose retention ends on or before a day, the oldest first.
    fn kept_until(
        &self,
        day: &str,
        limit: u32,
        viewer: &Viewer,
    ) -> impl Future<Output = Answer<Vec<CaseRow>>> + Send;
    /// Open cases of these procedures that wait for none of these roles (procedure, role), the nearest due time first.
    fn open_rows(
        &self,
        procedures: &[String],
        roles: &[(String, String)],
        limit: u32,
        viewer: &Viewer,
    ) -> impl Future<Output = Answer<Vec<Waiting>>> + Send;
    /// Open cases that wait for one of these roles (procedure, role), the nearest due time first; no role: any.
    fn worklist_rows(
        &self,
        roles: &[(String, String)],
        limit: u32,
        viewer: &Viewer,
    ) -> impl Future<Output = Answer<Vec<Waiting>>> + Send;
    /// Every case that is there for whoever looks, with its limits and tasks, in order of registration.
    fn all_rows(&self, viewer: &Viewer) -> impl Future<Output = Answer<Vec<Waiting>>> + Send;
    fn counts(
        &self,
        since: i64,
        now: i64,
        viewer: &Viewer,
    ) -> impl Future<Output = Answer<Counts>> + Send;
    fn all_case_ids(&self) -> impl Future<Output = Answer<Vec<CaseId>>> + Send;
    /// Whether what is derived was written by an older version, and wants writing anew.
    fn projections_stale(&self) -> impl Future<Output = Answer<bool>> + Send;
    /// Drops everything derived and writes it anew, a step for each case.
    fn replace_projections(
        &self,
        all: Vec<CaseProjection>,
        progress: &Progress,
    ) -> impl Future<Output = Answer<()>> + Send;
    fn document(&self, id: DocumentId) -> impl Future<Output = Answer<Option<Vec<u8>>>> + Send;
    fn case_of_document(
        &self,
        id: DocumentId,
    ) -> impl Future<Output = Answer<Option<CaseId>>> + Send;
    fn case_of_attachment(
        &self,
        id: AttachmentId,
    ) -> impl Future<Output = Answer<Option<CaseId>>> + Send;
    fn attachment(
        &self,
        id: AttachmentId,
    ) -> impl Future<Output = Answer<Option<(AttachmentRow, Vec<u8>)>>> + Send;
    fn attachments(&self, case: CaseId) -> impl Future<Output = Answer<Vec<AttachmentRow>>> + Send;
    fn edition(&self, hash: &str) -> impl Future<Output = Answer<Option<String>>> + Send;
    fn credential(&self, login: &str) -> impl Future<Output = Answer<Option<Credential>>> + Send;
    /// Somebody's second factor, where one is on.
    fn second_factor(
        &self,
        person: PersonId,
    ) -> impl Future<Output = Answer<Option<SecondFactor>>> + Send;
    /// Notes that the code of a step was used; answers whether it was the first time. A step later than `newest`
    /// comes from a clock that had run ahead, and bars nothing.
    fn second_factor_used(
        &self,
        person: PersonId,
        step: i64,
        newest: i64,
    ) -> impl Future<Output = Answer<bool>> + Send;
    /// Wrong passwords in a row for a (hashed) name, and when the last was.
    fn attempts(&self, name: &str) -> impl Future<Output = Answer<(i64, i64)>> + Send;
    /// Counts one more; where the last was before `since_us`, one begins anew. What is a day older is forgotten.
    fn attempt_failed(
        &self,
        name: &str,
        at_us: i64,
        since_us: i64,
    ) -> impl Future<Output = Answer<()>> + Send;
    /// What was counted later than now, by a clock that had run ahead, was counted now.
    fn attempts_not_after(&self, now_us: i64) -> impl Future<Output = Answer<()>> + Send;
    /// Forgets them.
    fn attempts_forgive(&self, name: &str) -> impl Future<Output = Answer<()>> + Send;
    /// Hashes of the signed events of a stream, by position in the stream.
    fn signed(
        &self,
        stream: &str,
    ) -> impl Future<Output = Answer<std::collections::BTreeMap<i64, String>>> + Send;
    fn draft_put(
        &self,
        person: PersonId,
        key: &str,
        json: &str,
        at: &str,
    ) -> impl Future<Output = Answer<()>> + Send;
    fn draft_list(&self, person: PersonId) -> impl Future<Output = Answer<Vec<Draft>>> + Send;
    fn draft_delete(&self, person: PersonId, key: &str) -> impl Future<Output = Answer<()>> + Send;
    /// Whether the event at a position has this hash.
    fn knows(&self, pos: i64, hash: &str) -> impl Future<Output = Answer<bool>> + Send;
    /// Position and hash of the newest event: the anchor.
    fn tail(&self) -> impl Future<Output = Answer<(i64, String)>> + Send;
    /// Walks chain, values, documents, attachments and passwords; stops where the progress says so.
    fn verify(&self, progress: &Progress) -> impl Future<Output = Answer<Report>> + Send;
    /// A print of the search index, by case.
    fn search_prints(&self) -> impl Future<Output = Answer<Prints>> + Send;
    /// What stands in the derived tables and does not follow from these cases; takes their prints out of `kept`.
    fn compare(
        &self,
        cases: &[CaseProjection],
        kept: &mut Prints,
    ) -> impl Future<Output = Answer<Vec<Problem>>> + Send;
    /// Rows of the derived tables that belong to no case; `rest` is what comparing left of the prints.
    fn strays(&self, rest: &Prints) -> impl Future<Output = Answer<Vec<Problem>>> + Send;
    /// Files beside the database that hold something of it: made before migrating, restoring or converting, or left.
    fn safety_copies(&self) -> Vec<String>;
    /// Writes one sealed file with database and anchor, a piece at a time.
    fn backup(
        &self,
        seal: &Seal,
        out: Box<dyn Write + Send>,
    ) -> impl Future<Output = Answer<Backup>> + Send;
}
