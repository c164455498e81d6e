//! The store of this house, whichever it is.

use crate::{
    AccessRow, Append, AttachmentRow, Backup, CasePage, CaseProjection, CaseQuery, CaseRow, Counts,
    Credential, Draft, EventFilter, Listener, PostgresStore, Prints, Problem, Progress, Recorded,
    Report, Seal, SecondFactor, Sent, SqliteStore, Store, StoreError, Viewer, Waiting,
};
use redress_domain::{
    event::Event,
    id::{AttachmentId, CaseId, DocumentId, PersonId},
};
use std::{collections::BTreeMap, io::Write};

/// One of the stores.
#[derive(Debug)]
pub enum AnyStore {
    /// In a folder.
    Sqlite(Box<SqliteStore>),
    /// On a server.
    Postgres(PostgresStore),
}

impl AnyStore {
    /// The store in a folder, for what only that has.
    pub fn in_folder(&self) -> Option<&SqliteStore> {
        match self {
            Self::Sqlite(s) => Some(s),
            Self::Postgres(_) => None,
        }
    }

    /// Closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(s) => s.close().await,
            Self::Postgres(s) => s.close().await,
        }
    }
}

type Answer<T> = Result<T, StoreError>;

/// Each question goes to the store that there is. What looks like damage is looked into: it stays, or the question is
/// asked once more.
macro_rules! hand_on {
    (
        once { $(fn $act:ident(&self $(, $given:ident: $kind:ty)*) -> $done:ty;)* }
        again { $(fn $name:ident(&self $(, $arg:ident: $ty:ty)*) -> $answer:ty;)* }
    ) => {
        impl Store for AnyStore {
            fn changes(&self) -> Listener {
                match self {
                    Self::Sqlite(s) => s.changes(),
                    Self::Postgres(s) => s.changes(),
                }
            }

            fn safety_copies(&self) -> Vec<String> {
                match self {
                    Self::Sqlite(s) => s.safety_copies(),
                    Self::Postgres(s) => s.safety_copies(),
                }
            }

            $(async fn $act(&self $(, $given: $kind)*) -> $done {
                match self {
                    Self::Sqlite(s) => match s.$act($($given),*).await {
                        Err(e) => Err(s.judge_at_last(e).await),
                        done => done,
                    },
                    Self::Postgres(s) => s.$act($($given),*).await,
                }
            })*

            $(async fn $name(&self $(, $arg: $ty)*) -> $answer {
                match self {
                    Self::Sqlite(s) => match s.$name($($arg),*).await {
                        Err(e) => {
                            s.judge(e).await?;
                            match s.$name($($arg),*).await {
                                Err(e) => Err(s.judge_again(e).await),
                                answer => answer,
                            }
                        }
                        answer => answer,
                    },
                    Self::Postgres(s) => s.$name($($arg),*).await,
                }
            })*
        }
    };
}

hand_on! {
    once {
        fn writable(&self) -> Answer<()>;
        fn append(&self, all: Vec<Append>) -> Answer<()>;
        fn announce(&self, note: &str) -> Answer<()>;
        fn replace_projections(&self, all: Vec<CaseProjection>, progress: &Progress) -> Answer<()>;
        fn second_factor_used(&self, person: PersonId, step: i64, newest: i64) -> Answer<bool>;
        fn attempt_failed(&self, name: &str, at_us: i64, since_us: i64) -> Answer<()>;
        fn attempts_not_after(&self, now_us: i64) -> Answer<()>;
        fn attempts_forgive(&self, name: &str) -> Answer<()>;
        fn draft_put(&self, person: PersonId, key: &str, json: &str, at: &str) -> Answer<()>;
        fn draft_delete(&self, person: PersonId, key: &str) -> Answer<()>;
        fn compare(&self, cases: &[CaseProjection], kept: &mut Prints) -> Answer<Vec<Problem>>;
        fn backup(&self, seal: &Seal, out: Box<dyn Write + Send>) -> Answer<Backup>;
    }
    again {
        fn clock_limit(&self) -> Answer<(i64, String)>;
        fn sent(&self, key: &str) -> Answer<Option<Sent>>;
        fn house_version(&self) -> Answer<i64>;
        fn stream_seq(&self, stream: &str) -> Answer<i64>;
        fn last_number(&self, procedure: &str, year: i32) -> Answer<i64>;
        fn case_events(&self, case: CaseId) -> Answer<Vec<Event>>;
        fn stream_events(&self, stream: &str) -> Answer<Vec<Event>>;
        fn events_below(&self, prefix: &str) -> Answer<Vec<Event>>;
        fn events(&self, filter: &EventFilter) -> Answer<Vec<Recorded>>;
        fn accesses(&self, before: Option<i64>, what: Option<&str>, limit: u32) -> Answer<Vec<AccessRow>>;
        fn first_pos(&self, case: CaseId) -> Answer<i64>;
        fn case_id_by_number(&self, number: &str) -> Answer<Option<CaseId>>;
        fn case_row(&self, case: CaseId) -> Answer<Option<CaseRow>>;
        fn case_row_by(&self, which: &str) -> Answer<Option<CaseRow>>;
        fn has_cases(&self, procedure: Option<&str>) -> Answer<bool>;
        fn case_rows(&self, query: &CaseQuery) -> Answer<CasePage>;
        fn kept_until(&self, day: &str, limit: u32, viewer: &Viewer) -> Answer<Vec<CaseRow>>;
        fn worklist_rows(&self, roles: &[(String, String)], limit: u32, viewer: &Viewer) -> Answer<Vec<Waiting>>;
        fn open_rows(&self, procedures: &[String], roles: &[(String, String)], limit: u32, viewer: &Viewer) -> Answer<Vec<Waiting>>;
        fn knows(&self, pos: i64, hash: &str) -> Answer<bool>;
        fn all_rows(&self, viewer: &Viewer) -> Answer<Vec<Waiting>>;
        fn counts(&self, since: i64, now: i64, viewer: &Viewer) -> Answer<Counts>;
        fn all_case_ids(&self) -> Answer<Vec<CaseId>>;
        fn projections_stale(&self) -> Answer<bool>;
        fn document(&self, id: DocumentId) -> Answer<Option<Vec<u8>>>;
        fn case_of_document(&self, id: DocumentId) -> Answer<Option<CaseId>>;
        fn case_of_attachment(&self, id: AttachmentId) -> Answer<Option<CaseId>>;
        fn attachment(&self, id: AttachmentId) -> Answer<Option<(AttachmentRow, Vec<u8>)>>;
        fn attachments(&self, case: CaseId) -> Answer<Vec<AttachmentRow>>;
        fn edition(&self, hash: &str) -> Answer<Option<String>>;
        fn credential(&self, login: &str) -> Answer<Option<Credential>>;
        fn second_factor(&self, person: PersonId) -> Answer<Option<SecondFactor>>;
        fn attempts(&self, name: &str) -> Answer<(i64, i64)>;
        fn signed(&self, stream: &str) -> Answer<BTreeMap<i64, String>>;
        fn draft_list(&self, person: PersonId) -> Answer<Vec<Draft>>;
        fn tail(&self) -> Answer<(i64, String)>;
        fn verify(&self, progress: &Progress) -> Answer<Report>;
        fn search_prints(&self) -> Answer<Prints>;
        fn strays(&self, rest: &Prints) -> Answer<Vec<Problem>>;
    }
}
