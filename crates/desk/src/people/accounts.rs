//! People with passwords and roles; signing in and out.

use crate::{
    office::{
        events::{append, event, new_id},
        handle::{Office, OpenOffice},
        state::{OfficeState, person::Person},
    },
    people::{
        second_person::{Given, waits},
        signing_keys::NewPassword,
    },
    text::{error::ApiError, limits},
};
use redress_domain::{
    confirm::Matter,
    event::{Account, EventBody, RoleGrant},
    id::PersonId,
    value::Values,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// A role in a procedure.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RoleLine {
    /// Procedure id.
    pub procedure: String,
    /// Role id.
    pub role: String,
    /// Department; empty: any.
    #[serde(default)]
    pub department: String,
}

/// Somebody to add.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct PersonAdd {
    /// Name.
    pub name: String,
    /// Sign-in name; none for people who are only named.
    #[serde(default)]
    pub login: Option<String>,
    /// First password.
    #[serde(default)]
    pub password: Option<String>,
    /// `administrator`, `member`, `auditor` or `named`.
    pub account: String,
    /// Roles.
    #[serde(default)]
    pub roles: Vec<RoleLine>,
}

/// What changes on a person.
#[derive(Debug, Deserialize, TS)]
pub struct PersonUpdate {
    /// Who.
    pub id: String,
    /// New name.
    #[serde(default)]
    pub name: Option<String>,
    /// New kind of account.
    #[serde(default)]
    pub account: Option<String>,
    /// New roles.
    #[serde(default)]
    pub roles: Option<Vec<RoleLine>>,
    /// Left, or back.
    #[serde(default)]
    pub closed: Option<bool>,
    /// New password.
    #[serde(default)]
    pub password: Option<String>,
    /// The `seq` that was looked at.
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub seq: Option<i64>,
}

/// A person in the list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PersonView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub login: String,
    /// Kind of account.
    pub account: String,
    /// Left.
    pub closed: bool,
    /// Roles.
    pub roles: Vec<RoleLine>,
    /// Those that a second person has not confirmed yet: they do not open confidential cases.
    pub unconfirmed: Vec<RoleLine>,
    /// The key of a password reset waits for someone else to confirm it.
    pub key_unconfirmed: bool,
    /// Signing in asks for a second factor.
    pub second_factor: bool,
    /// An administrator asked that it be taken away; a third person is to confirm.
    pub second_factor_reset: bool,
    /// Something of what the log says of the person was lost to damage: they do not sign in until an administrator has
    /// looked at the account and saved it.
    pub unsure: bool,
    /// Changes with everything that is changed on the person.
    #[ts(type = "number")]
    pub seq: i64,
}

/// Which person.
#[derive(Debug, Serialize, TS)]
pub struct PersonRef {
    /// Id.
    pub id: String,
}

/// Kind of account from the wire.
pub(crate) fn account(text: &str) -> Result<Account, ApiError> {
    serde_json::from_value(Value::from(text)).map_err(|_| {
        ApiError::new("value_unknown_choice")
            .with("title", "账户类别")
            .with("choice", text)
    })
}

/// The same for the wire.
pub(crate) fn account_word(a: Account) -> String {
    let word = match a {
        Account::Administrator => "administrator",
        Account::Member => "member",
        Account::Auditor => "auditor",
        Account::Named => "named",
    };
    word.to_owned()
}

fn grants(roles: &[RoleLine]) -> Vec<RoleGrant> {
    let grant = |r: &RoleLine| RoleGrant {
        procedure: r.procedure.clone(),
        role: r.role.clone(),
        department: r.department.clone(),
    };
    roles.iter().map(grant).collect()
}

impl From<&RoleGrant> for RoleLine {
    fn from(r: &RoleGrant) -> Self {
        Self {
            procedure: r.procedure.clone(),
            role: r.role.clone(),
            department: r.department.clone(),
        }
    }
}

impl From<&Person> for PersonView {
    fn from(p: &Person) -> Self {
        let waits = |r: &&RoleGrant| !p.holds(&r.procedure, &r.role);
        Self {
            id: p.id.to_string(),
            name: p.name.clone(),
            login: p.login.clone(),
            account: account_word(p.account),
            closed: p.closed,
            roles: p.roles.iter().map(RoleLine::from).collect(),
            unconfirmed: p.roles.iter().filter(waits).map(RoleLine::from).collect(),
            key_unconfirmed: p.key_waits_for.is_some(),
            second_factor: p.second_factor,
            second_factor_reset: false,
            unsure: p.unsure,
            seq: p.seq,
        }
    }
}

/// A person's name that can stand in a list and on a form.
pub(crate) fn check_name(name: &str) -> Result<(), ApiError> {
    if name.trim().is_empty() || limits::beyond(name, limits::PERSON) {
        return Err(ApiError::new("person_unnamed").with("max", limits::PERSON));
    }
    Ok(())
}

/// Everyone.
pub(crate) async fn person_list(office: &Office) -> Result<Vec<PersonView>, ApiError> {
    let state = office.open_office().await?.state().await;
    let view = |p: &Person| PersonView {
        second_factor_reset: state.confirmers.waits(p.id, Matter::Factor),
        ..PersonView::from(p)
    };
    let mut all: Vec<PersonView> = state.people.values().map(view).collect();
    all.sort_by(|a, b| (a.closed, &a.name).cmp(&(b.closed, &b.name)));
    Ok(all)
}

/// Adds somebody.
pub(crate) async fn person_add(
    office: &Office,
    by: PersonId,
    r: PersonAdd,
) -> Result<PersonRef, ApiError> {
    let open = office.open_office().await?;
    let id = add_person(office, &open, by, r).await?;
    Ok(PersonRef { id: id.to_string() })
}

pub(crate) async fn add_person(
    office: &Office,
    open: &OpenOffice,
    by: PersonId,
    r: PersonAdd,
) -> Result<PersonId, ApiError> {
    check_name(&r.name)?;
    let account = account(&r.account)?;
    check_roles(open, &r.roles)?;
    let login = r
        .login
        .as_deref()
        .map(str::trim)
        .unwrap_or_default()
        .to_owned();
    limits::text("用户名", &login, limits::LOGIN)?;
    let state = open.state().await;
    let password = match (account, r.password) {
        (Account::Named, _) => None,
        (_, Some(password)) if !login.is_empty() => {
            let about = state.about(&r.name, &login);
            Some(NewPassword::make(password, about).await?)
        }
        _ => return Err(ApiError::new("login_needed")),
    };
    if state.people.len() >= limits::PEOPLE {
        return Err(ApiError::new("people_too_many").with("max", limits::PEOPLE));
    }
    if !login.is_empty() && state.people.values().any(|p| p.login == login) {
        return Err(ApiError::new("login_taken").with("login", login));
    }
    let id = PersonId(new_id());
    let values = Values::from([
        ("name".to_owned(), Value::from(r.name.trim())),
        ("login".to_owned(), Value::from(login.as_str())),
    ]);
    let given = Given {
        before: None,
        account,
        roles: &r.roles,
    };
    let waits = waits(open, &state, by, given).await?;
    let body = EventBody::PersonAdded {
        waits,
        person: id,
        account,
        roles: grants(&r.roles),
    };
    let mut events = vec![event(by, office.now(), body, values)];
    if let Some(new) = &password {
        events.extend(new.events(by, office.now(), id, &login, false));
    }
    let mut one = append(&format!("person:{id}"), 0, events)?;
    one.credential = password.map(|new| new.credential(&login, id));
    open.keep(vec![one]).await?;
    open.refold().await?;
    Ok(id)
}

fn check_roles(open: &OpenOffice, roles: &[RoleLine]) -> Result<(), ApiError> {
    if roles.len() > limits::ROLES {
        return Err(ApiError::new("roles_too_many").with("max", limits::ROLES));
    }
    for r in roles {
        limits::text("部门", &r.department, limits::DEPARTMENT)?;
        let edition = open.newest(&r.procedure)?;
        if edition.procedure.roles.iter().all(|x| x.id != r.role) {
            return Err(ApiError::new("unknown_role").with("role", r.role.as_str()));
        }
    }
    Ok(())
}

/// Changes somebody; people are closed, never deleted.
pub(crate) async fn person_update(
    office: &Office,
    by: PersonId,
    r: PersonUpdate,
) -> Result<PersonRef, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let p = state.person(&r.id)?;
    let id = p.id;
    if r.seq.is_some_and(|s| s != p.seq) {
        return Err(ApiError::new("changed_by_others"));
    }
    let account = match &r.account {
        Some(a) => account(a)?,
        None => p.account,
    };
    if let Some(roles) = &r.roles {
        check_roles(&open, roles)?;
    }
    let closed = r.closed.unwrap_or(p.closed);
    let gives_up = closed || account != Account::Administrator;
    if gives_up && p.account == Account::Administrator && !others_administer(&state, id) {
        return Err(ApiError::new("last_administrator"));
    }
    let mut values = Values::new();
    if let Some(name) = r.name.as_deref().map(str::trim).filter(|n| !n.is_empty()) {
        check_name(name)?;
        values.insert("name".to_owned(), Value::from(name));
    }
    let roles = r
        .roles
        .as_ref()
        .map_or_else(|| p.roles.clone(), |x| grants(x));
    let lines: Vec<RoleLine> = roles.iter().map(RoleLine::from).collect();
    let given = Given {
        // Whoever comes back is given everything anew.
        before: Some(p).filter(|p| closed || !p.closed),
        account,
        roles: &lines,
    };
    let waits = waits(&open, &state, by, given).await?;
    let body = EventBody::PersonUpdated {
        waits,
        person: id,
        account,
        roles,
        closed,
    };
    let mut events = vec![event(by, office.now(), body, values)];
    let mut credential = None;
    if let Some(password) = r.password {
        let new = password_for(&state, by, p, password).await?;
        events.extend(new.events(by, office.now(), id, &p.login, true));
        credential = Some(new.credential(&p.login, id));
    }
    let mut one = append(&format!("person:{id}"), p.seq, events)?;
    one.credential = credential;
    open.keep(vec![one]).await?;
    open.refold().await?;
    Ok(PersonRef { id: id.to_string() })
}

/// Whether somebody else still keeps the office.
fn others_administer(state: &OfficeState, id: PersonId) -> bool {
    let mut others = state.people.values().filter(|x| x.id != id && !x.closed);
    others.any(Person::administers)
}

/// A password that somebody gives to somebody else.
///
/// # Errors
/// `login_needed`, `change_own_password`, and what is wrong with the password.
async fn password_for(
    state: &OfficeState,
    by: PersonId,
    p: &Person,
    password: String,
) -> Result<NewPassword, ApiError> {
    if p.login.is_empty() {
        return Err(ApiError::new("login_needed"));
    }
    if by == p.id {
        return Err(ApiError::new("change_own_password"));
    }
    NewPassword::make(password, state.about(&p.name, &p.login)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_account_is_read_as_it_is_written() {
        for kind in [
            Account::Administrator,
            Account::Member,
            Account::Auditor,
            Account::Named,
        ] {
            assert_eq!(account(&account_word(kind)).ok(), Some(kind));
        }
    }
}
