//! The command list: each command once, with who may, its request and its response. It joins the tables of the rooms,
//! admits whoever may, and runs. It decides nothing about cases.
//!
//! Doors are made from this list; TypeScript is generated from it into `ui/src/generated/`. To add a command, write its
//! function in its room and one line in the table there.

pub(crate) mod doors;
pub(crate) mod files;
pub(crate) mod idempotency;

pub use crate::office::command::{Nothing, Topic, Who};

use crate::{
    anchors::leave_anchors_now_and_then,
    cases, documents, institution,
    office::{
        change_feed::Told,
        command::{Command, Cx},
        damage::{READ_ONLY, of_damage},
        handle::Office,
        session::Session,
    },
    people::{self, second_factor::rule::gate},
    records, reports,
    text::{
        error::{ApiError, Lang},
        incoming, limits,
    },
};
use redress_domain::id::PersonId;
use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

/// Protocol version. Raise it when older doors could not understand a reply.
pub const VERSION: u32 = 1;
/// The oldest version whose doors are still understood.
pub const OLDEST: u32 = 1;

/// One line of the list.
#[derive(Debug, Serialize, TS)]
pub struct CommandLine {
    /// Name.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Who may.
    pub who: Who,
    /// On what its answer depends.
    pub reads: &'static [Topic],
    /// What is to be read again after it.
    pub stale: &'static [Topic],
    /// Type of the request.
    pub request: String,
    /// Type of the response.
    pub response: String,
}

/// The rooms that have commands, one line each.
macro_rules! rooms {
    ($($room:ident),+) => {
        const TABLES: &[&[Command]] = &[$($room::commands::COMMANDS),+];

        /// Visits every request and response type, for generating TypeScript.
        pub fn visit_types(v: &mut impl ts_rs::TypeVisitor) {
            $($room::commands::visit_types(v);)+
            v.visit::<ApiError>();
            v.visit::<Told>();
            v.visit::<Topic>();
        }
    };
}

rooms!(people, institution, cases, documents, reports, records);

fn all() -> impl Iterator<Item = &'static Command> {
    TABLES.iter().copied().flatten()
}

fn find(name: &str) -> Option<&'static Command> {
    all().find(|c| c.name == name)
}

/// Every command.
pub fn list() -> Vec<CommandLine> {
    all()
        .map(|c| CommandLine {
            name: c.name,
            purpose: c.purpose,
            who: c.who,
            reads: c.reads,
            stale: c.stale,
            request: (c.request)(),
            response: (c.response)(),
        })
        .collect()
}

/// A command's name, where there is such a command.
pub fn known(name: &str) -> Option<&'static str> {
    find(name).map(|c| c.name)
}

/// Whether nobody needs to be signed in for a command; one that is not known is nobody's.
pub fn for_anyone(name: &str) -> bool {
    find(name).is_some_and(|c| c.who == Who::Anyone)
}

fn unknown(name: &str) -> ApiError {
    ApiError::new("unknown_command").with("command", name)
}

/// Runs a command for a session: the only way in for every door.
///
/// # Errors
/// `request_too_large`, `value_bad_characters`, `unknown_command`, `sign_in_first`, `account_may_not`, and what the command refuses.
pub(crate) async fn call(
    office: &Office,
    session: &Session,
    name: &str,
    payload: Value,
    lang: Lang,
) -> Result<Value, ApiError> {
    let person = admitted(office, session, name, &payload).await?;
    let payload = incoming::taken(payload)?;
    let command = find(name).ok_or_else(|| unknown(name))?;
    let cx = Cx {
        office,
        session,
        person,
        lang,
    };
    let reads = matches!(command.who, Who::Anyone | Who::Reader | Who::Auditor);
    let again = reads.then(|| payload.clone());
    let answer = (command.run)(&cx, payload).await;
    let answer = match (answer, again) {
        // Damage was seen just now: what only reads is read again, past it.
        (Err(e), Some(payload)) if of_damage(&e) && office.turned_read_only().await? => {
            (command.run)(&cx, payload).await
        }
        // What it would have written is refused in any case; whatever it read before that says less of what to do.
        (Err(e), None) if e.code == "damaged_folder" && office.read_only().await => {
            Err(ApiError::new(READ_ONLY))
        }
        (answer, _) => answer,
    };
    leave_anchors_now_and_then(office).await;
    answer
}

/// Who calls, where they may; none where nobody needs to be signed in.
pub(crate) async fn admitted(
    office: &Office,
    session: &Session,
    name: &str,
    payload: &Value,
) -> Result<Option<PersonId>, ApiError> {
    limits::guard(name, payload)?;
    let who = find(name).ok_or_else(|| unknown(name))?.who;
    office.keep_up().await?;
    let mut person = None;
    if who != Who::Anyone {
        let open = office.open_office().await?;
        let state = open.state().await;
        let me = state.signed_in(session);
        let me = me.ok_or_else(|| ApiError::new("sign_in_first"))?;
        if !who.admits(me.account) {
            return Err(ApiError::new("account_may_not").with("command", name));
        }
        if me.must_change && name != "session.change_password" {
            return Err(ApiError::new("password_change_needed"));
        }
        gate(&open, &state, me, name)?;
        person = Some(me.id);
    }
    Ok(person)
}
