//! What a door needs to know first.

use crate::{
    office::{handle::Office, session::Session, state::organisation::Organisation},
    people::{accounts::account_word, second_factor::rule::needed},
    text::error::ApiError,
};
use redress_domain::event::RoleGrant;
use serde::Serialize;
use ts_rs::TS;

/// A role with its words.
#[derive(Debug, Serialize, TS)]
pub struct RoleView {
    /// Procedure id.
    pub procedure: String,
    /// Role id.
    pub role: String,
    /// Its words.
    pub title: String,
    /// Department.
    pub department: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, TS)]
pub struct UserView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub login: String,
    /// Kind of account.
    pub account: String,
    /// Roles.
    pub roles: Vec<RoleView>,
    /// The password was reset: it is changed before anything else.
    pub must_change_password: bool,
    /// The institution asks for a second factor: it is set up before anything else.
    pub must_set_second_factor: bool,
}

/// What a door needs to know first.
#[derive(Debug, Serialize, TS)]
pub struct SessionState {
    /// There is no office yet.
    pub first_run: bool,
    /// 演练.
    pub training: bool,
    /// Institution.
    pub organisation: Organisation,
    /// Who is signed in.
    pub user: Option<UserView>,
    /// Now.
    pub now: String,
    /// Version of the program.
    pub version: String,
    /// The desk locks after so many idle minutes.
    pub idle_minutes: u32,
    /// Damage was seen in the office: it is read as far as it goes, and nothing is written.
    pub damaged: bool,
}

/// What a door needs to know first.
pub async fn session_state(office: &Office, session: &Session) -> Result<SessionState, ApiError> {
    let now = office.now().to_rfc3339();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let Ok(open) = office.open_office().await else {
        return Ok(SessionState {
            first_run: true,
            training: false,
            organisation: Organisation::default(),
            user: None,
            now,
            version,
            idle_minutes: crate::office::state::IDLE_MINUTES,
            damaged: false,
        });
    };
    let state = open.state().await;
    let person = state.signed_in(session);
    let current = open.current();
    let role = |r: &RoleGrant| RoleView {
        procedure: r.procedure.clone(),
        role: r.role.clone(),
        title: current
            .get(&r.procedure)
            .map_or_else(|| r.role.clone(), |e| e.role_title(&r.role).to_owned()),
        department: r.department.clone(),
    };
    let user = person.map(|p| UserView {
        id: p.id.to_string(),
        name: p.name.clone(),
        login: p.login.clone(),
        account: account_word(p.account),
        roles: p.roles.iter().map(role).collect(),
        must_change_password: p.must_change,
        must_set_second_factor: !p.second_factor && needed(state.factor_rule, p, &current),
    });
    Ok(SessionState {
        first_run: false,
        training: state.training,
        organisation: state.organisation.clone(),
        user,
        now,
        version,
        idle_minutes: state.idle_minutes,
        damaged: open.read_only().is_some(),
    })
}
