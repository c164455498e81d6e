//! A command: what the list says of it, who may, and how it is called. Each room has a table of its own
//! ([`commands!`]); `commands` joins them.

use super::{
    handle::Office,
    session::{Eyes, Session},
};
use crate::text::error::{ApiError, Lang};
use redress_domain::{event::Account, id::PersonId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::pin::Pin;
use ts_rs::TS;

/// Whose a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Nobody needs to be signed in.
    Anyone,
    /// Everyone who is signed in, auditors included: reading.
    Reader,
    /// Members and administrators: acting on cases, as far as their roles go.
    Worker,
    /// Administrators: people, institution, calendars, backups.
    Administrator,
    /// Administrators and auditors.
    Auditor,
}

impl Who {
    /// The first permission table: command × kind of account.
    pub fn admits(self, account: Account) -> bool {
        use Account::{Administrator, Auditor, Member, Named};
        match self {
            Self::Anyone => true,
            Self::Reader => account != Named,
            Self::Worker => matches!(account, Member | Administrator),
            Self::Administrator => account == Administrator,
            Self::Auditor => matches!(account, Auditor | Administrator),
        }
    }
}

/// What an answer depends on, as far as the page has to know to read it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// The own session: who is signed in, and the own second factor.
    Session,
    /// People, roles, deputies, and what waits for a second person.
    People,
    /// Institution, opening hours, holidays, numbers, limits of its own.
    Institution,
    /// Procedures and their editions.
    Procedures,
    /// The register of people, organisations and products.
    Parties,
    /// One case with its papers and files.
    Case,
    /// Lists of cases, the desk among them.
    Cases,
    /// What is being typed.
    Drafts,
    /// Reports that were made.
    Reports,
    /// The log, backups, disposal, keys.
    Records,
}

/// A request without content.
#[derive(Debug, Default, Deserialize, TS)]
pub struct Nothing {}

/// What a command is called with: the office, who calls, and in which language.
pub(crate) struct Cx<'a> {
    pub(crate) office: &'a Office,
    pub(crate) session: &'a Session,
    pub(crate) person: Option<PersonId>,
    pub(crate) lang: Lang,
}

impl Cx<'_> {
    /// Who calls.
    ///
    /// # Errors
    /// `sign_in_first`.
    pub(crate) fn me(&self) -> Result<PersonId, ApiError> {
        self.person.ok_or_else(|| ApiError::new("sign_in_first"))
    }

    /// Who looks, through a session that keeps what a reason has opened.
    ///
    /// # Errors
    /// `sign_in_first`.
    pub(crate) fn eyes(&self) -> Result<Eyes<'_>, ApiError> {
        Ok(Eyes {
            person: self.me()?,
            session: self.session,
        })
    }
}

/// A command's work on the heap: side by side in one frame they would outgrow a thread's stack.
pub(crate) type Work<'a> = Pin<Box<dyn Future<Output = Result<Value, ApiError>> + Send + 'a>>;

/// One line of a room's table.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) who: Who,
    pub(crate) reads: &'static [Topic],
    pub(crate) stale: &'static [Topic],
    pub(crate) request: fn() -> String,
    pub(crate) response: fn() -> String,
    pub(crate) run: for<'a> fn(&'a Cx<'a>, Value) -> Work<'a>,
}

/// The TypeScript name of a type.
pub(crate) fn name_of<T: TS>() -> String {
    T::name(&ts_rs::Config::default())
}

/// A request as it came; nothing at all is an empty one.
///
/// # Errors
/// `request_not_understood` …
pub(crate) fn request<T: DeserializeOwned>(payload: Value) -> Result<T, ApiError> {
    let payload = if payload.is_null() {
        serde_json::json!({})
    } else {
        payload
    };
    Ok(serde_json::from_value(payload)?)
}

/// A room's table: `"name", "purpose", Who(reads A | B), Request => Response, |cx, request| answer;`, where `reads` says
/// on what the answer depends, and `stale` in its place what somebody must read again after it.
macro_rules! commands {
    ($($name:literal, $purpose:literal, $who:ident $(($(reads $($reads:ident)|+)? $(stale $($stale:ident)|+)?))?, $request:ty => $response:ty, |$c:ident, $r:ident| $body:expr;)+) => {
        /// Every command of this room.
        pub(crate) const COMMANDS: &[$crate::office::command::Command] = &[$($crate::office::command::Command {
            name: $name,
            purpose: $purpose,
            who: $crate::office::command::Who::$who,
            reads: &[$($($($crate::office::command::Topic::$reads),+)?)?],
            stale: &[$($($($crate::office::command::Topic::$stale),+)?)?],
            request: $crate::office::command::name_of::<$request>,
            response: $crate::office::command::name_of::<$response>,
            run: |$c, payload| Box::pin(async move {
                let $r: $request = $crate::office::command::request(payload)?;
                let _ = (&$r, $c.lang);
                let answer: $response = $body;
                Ok(serde_json::to_value(answer)?)
            }),
        }),+];

        /// Visits every request and response type, for generating TypeScript.
        pub(crate) fn visit_types(v: &mut impl ts_rs::TypeVisitor) {
            $(v.visit::<$request>(); v.visit::<$response>();)+
        }
    };
}
pub(crate) use commands;
