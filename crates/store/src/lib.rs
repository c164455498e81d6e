//! Events in, events out. What lists and searches read is derived in the same transaction.
//!
//! [`Store`] is what the desk needs of a database: [`SqliteStore`] keeps it in one folder, [`PostgresStore`] on a
//! server that several hosts share. Both pass the same contract tests, and [`copy`] carries a house between them.

mod any;
mod apart;
mod at_rest;
mod copy;
mod error;
mod notice;
mod place;
mod postgres;
mod prints;
pub mod private;
mod progress;
mod search;
mod sparse;
#[expect(
    clippy::duplicate_mod,
    reason = "sql/ is compiled for each database: docs/decisions/0005"
)]
mod sqlite;
mod walked;

pub use any::AnyStore;
pub use at_rest::{DataKey, Marker, Phrase};
pub use copy::copy;
pub use error::StoreError;
pub use notice::{Change, Listener, Notice};
pub use place::Place;
pub use postgres::{Address, PostgresStore};
pub use prints::Prints;
pub use progress::Progress;
pub use search::normal;
pub use sqlite::{
    BackupKey, Opening, Past, Rescue, RestoredMark, Salvaged, Seal, SqliteStore, Step, salvage,
};

pub use redress_domain::{eligible::Eligible as Door, sight::Circle};
use redress_domain::{
    event::Event,
    id::{AttachmentId, CaseId, DocumentId, PersonId},
    sight::Part,
    signature::Signer,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, future::Future, io::Write};

/// An event with one salt for each of its values, in the order of the values (128 bits each, made outside).
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// What happened.
    pub event: Event,
    /// Salts.
    pub salts: Vec<[u8; 16]>,
}

/// How somebody signs in, and the sealed key with which they sign.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// Sign-in name.
    pub login: String,
    /// Whose.
    pub person: PersonId,
    /// argon2id, as a PHC string.
    pub password_hash: String,
    /// The signing key's seed, sealed by the password.
    pub sealed_key: Vec<u8>,
}

/// Events for one stream, and what goes with them into the same transaction.
#[derive(Debug, Clone, Default)]
pub struct Append {
    /// `case:ID`, `person:ID`, `party:ID`, `office` or `access`.
    pub stream: String,
    /// Events in the stream before: the optimistic lock.
    pub expected_seq: i64,
    /// The events.
    pub events: Vec<NewEvent>,
    /// What lists and searches then know of the case.
    pub projection: Option<CaseProjection>,
    /// The PDF of a document given out.
    pub document: Option<(DocumentId, Vec<u8>)>,
    /// A file.
    pub attachment: Option<NewAttachment>,
    /// Hash and files of the edition, kept once.
    pub edition: Option<(String, String)>,
    /// The case number that is taken (G12).
    pub number: Option<NumberClaim>,
    /// The password that is set.
    pub credential: Option<NewCredential>,
    /// The PIN that is set: sign-in name and hash. A new password takes it away.
    pub pin: Option<(String, String)>,
    /// The second factor that is set, or taken away.
    pub second_factor: Option<SecondFactorChange>,
    /// Signs the acts among the events that are signatures.
    pub signer: Option<Signer>,
    /// The request that does this: a second append with the same key is refused as `Changed`.
    pub sent: Option<SentKey>,
}

/// A request that may be sent again, in hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentKey {
    /// Tells it from every other.
    pub key: String,
    /// What it asks for: the same key with other content is not the same request.
    pub content: String,
}

/// What a request did that was sent before: events of one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The stream.
    pub stream: String,
    /// Its first event there.
    pub first: i64,
    /// Its last.
    pub last: i64,
    /// What was asked for.
    pub content: String,
}

/// A number of the gapless sequence per procedure and year (G12).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumberClaim {
    /// Procedure id.
    pub procedure: String,
    /// Year of entry.
    pub year: i32,
    /// The number.
    pub seq: i64,
}

/// A file to keep.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    /// Id.
    pub id: AttachmentId,
    /// File name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Content.
    pub bytes: Vec<u8>,
}

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

/// Whoever looks at lists, and what of them the person's roles need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The person and those for whom the person acts today.
    pub people: Vec<PersonId>,
    /// Their roles that count where a case is confidential, by procedure.
    pub roles: Vec<(String, String)>,
    /// Procedures in which they need names.
    pub names_in: Vec<String>,
    /// The password was reset and nobody has confirmed it yet: no confidential case opens.
    pub untrusted: bool,
}

impl Viewer {
    /// What the person has to do with a confidential case of a procedure.
    pub fn part(&self, procedure: &str, circle: &Circle) -> Part {
        let holds = |role: &str| self.roles.iter().any(|(p, r)| p == procedure && r == role);
        circle.part(&self.people, holds, !self.untrusted)
    }

    /// Whether the person has part in a case; in one that is not confidential everybody has.
    pub fn admitted(&self, row: &CaseRow) -> bool {
        let mut circle = row.circle.iter();
        circle.all(|c| self.part(&row.procedure, c) == Part::Whole)
    }

    /// Whether the case is there for the person at all: a confidential one about them is not.
    pub fn knows(&self, row: &CaseRow) -> bool {
        let mut circle = row.circle.iter();
        circle.all(|c| self.part(&row.procedure, c) != Part::Subject)
    }
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
    pub circle: Option<Circle>,
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
    pub doors: Vec<Door>,
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

/// A sign-in name with its password hash; no event ever holds one.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Whose.
    pub person: PersonId,
    /// argon2id, PHC string.
    pub password_hash: String,
    /// The signing key, sealed by the password.
    pub sealed_key: Vec<u8>,
    /// argon2id of the PIN, where one is set.
    pub pin_hash: Option<String>,
}

/// What a second factor is checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The shared secret, sealed by the password.
    pub sealed: Vec<u8>,
    /// Hashes of the recovery codes that are left, as a JSON list.
    pub codes: String,
    /// The step of the code that was used last: no code is taken twice.
    pub last_step: i64,
}

/// What becomes of somebody's second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondFactorChange {
    /// It is set, or replaced; the last used step only grows.
    Set(PersonId, SecondFactor),
    /// It is taken away.
    Off(PersonId),
}

/// A draft.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Where it belongs.
    pub key: String,
    /// What was typed.
    pub json: String,
    /// When.
    pub at: String,
}

/// A file's line.
#[derive(Debug, Clone)]
pub struct AttachmentRow {
    /// Id.
    pub id: AttachmentId,
    /// Whose.
    pub case: CaseId,
    /// File name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Bytes.
    pub size: i64,
    /// When.
    pub at: String,
}

/// Seconds from now that count as soon.
pub(crate) const SOON: i64 = 2 * 24 * 3600;

/// Which events.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// One stream.
    pub stream: Option<String>,
    /// After this position.
    pub after: i64,
    /// At most so many.
    pub limit: u32,
}

/// An envelope as stored, without values.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "the envelope's own names, explained in the architecture"
)]
pub struct Recorded {
    pub pos: i64,
    pub stream: String,
    pub seq: i64,
    pub kind: String,
    pub version: i64,
    pub actor: String,
    pub at: String,
    pub body: String,
    pub hash: String,
}

/// One line of the access stream, with what was said about it.
#[derive(Debug, Clone)]
pub struct AccessRow {
    /// Position in the whole log.
    pub pos: i64,
    /// Event.
    pub event: Event,
}

/// What verifying found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Events walked.
    pub events: i64,
    /// Everything wrong, in order.
    pub problems: Vec<Problem>,
    /// First and last position of what a salvage could not bring out of a damaged office.
    pub gaps: Vec<(i64, i64)>,
    /// Position of the newest event.
    pub anchor_pos: i64,
    /// Its hash.
    pub anchor_hash: String,
}

impl Report {
    /// Whether something below the records could not be read or is not in order.
    pub fn of_file(&self) -> bool {
        let mut all = self.problems.iter();
        all.any(|p| p.code == "file_damaged" || p.code.ends_with("_unreadable"))
    }

    /// The objects of the schema that are not the program's.
    pub fn schema(&self) -> BTreeSet<String> {
        let all = self.problems.iter().filter(|p| p.code == SCHEMA_DIFFERS);
        all.map(|p| p.about.clone()).collect()
    }
}

/// The code of a table, trigger, view or rule that the program did not make.
pub(crate) const SCHEMA_DIFFERS: &str = "schema_differs";
/// A backup that was made.
#[derive(Debug, Clone, Default)]
pub struct Backup {
    /// `POS:HASH` of the newest event in it.
    pub anchor: String,
    /// What is damaged in it, as it was in the office.
    pub problems: Vec<Problem>,
}

/// A backup that was restored.
#[derive(Debug, Clone, Default)]
pub struct Restored {
    /// What is damaged in it, as it was when the backup was made.
    pub problems: Vec<Problem>,
}

/// Something wrong in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `hash_differs`, `link_broken`, `seq_gap`, `value_differs`, `document_differs`, `derived_differs` …
    pub code: String,
    /// Where.
    pub stream: String,
    /// Where in the stream.
    pub seq: i64,
    /// Field, document or attachment.
    pub about: String,
}

/// An open case with its limits and tasks.
pub type Waiting = (CaseRow, Vec<ClockRow>, Vec<TaskRow>);

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
