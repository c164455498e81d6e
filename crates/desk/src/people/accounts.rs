//! People with passwords and roles; signing in and out.

use crate::{
    access::log::note_access,
    office::damage::{READ_ONLY, of_damage},
    office::events::{append, event, new_id},
    office::handle::{Office, OpenOffice},
    office::session::Session,
    office::state::OfficeState,
    office::state::organisation::Organisation,
    office::state::person::Person,
    people::grants::{Given, waits},
    people::second_factor::second_step,
    people::signing_keys::NewPassword,
    people::throttle::Guess,
    people::{second_factor, signing_keys},
    secrets::passwords::{PIN, hash_secret, is_pin, password_fits},
    text::error::ApiError,
    text::limits,
};
use redress_domain::{
    chain::kept_hash,
    confirm::Matter,
    event::{Account, EventBody, RoleGrant},
    id::PersonId,
    value::Values,
};
use redress_store::{Credential, Store};
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

/// Name and password.
#[derive(Debug, Deserialize, TS)]
pub struct SignInRequest {
    /// Sign-in name.
    pub login: String,
    /// Password.
    pub password: String,
    /// The code of the second factor, or a recovery code; empty where none is on.
    #[serde(default)]
    #[ts(optional, as = "Option<String>")]
    pub code: String,
}

/// A PIN, with the password that allows it.
#[derive(Debug, Deserialize, TS)]
pub struct PinRequest {
    /// The password.
    pub password: String,
    /// Four to eight digits.
    pub pin: String,
}

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

/// Kind of account from the wire.
pub(crate) fn account(text: &str) -> Result<Account, ApiError> {
    serde_json::from_value(Value::from(text)).map_err(|_| {
        ApiError::new("value_unknown_choice")
            .with("title", "账户类别")
            .with("choice", text)
    })
}

fn account_word(a: Account) -> String {
    serde_json::to_value(a)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
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

/// How somebody signs in. In a damaged office what is kept counts only where it is what the log says.
async fn credential(
    desk: &OpenOffice,
    house: &OfficeState,
    login: &str,
) -> Result<Option<Credential>, ApiError> {
    let kept = match desk.store.credential(login).await {
        Ok(kept) => kept,
        Err(e) => {
            let e = ApiError::from(e);
            desk.face_damage().await?;
            if desk.read_only().is_some() && of_damage(&e) {
                return Ok(None);
            }
            return Err(e);
        }
    };
    if desk.read_only().is_none() {
        return Ok(kept);
    }
    let Some(mut c) = kept else {
        return Ok(None);
    };
    let Some(p) = house.people.get(&c.person) else {
        return Ok(None);
    };
    let own = signing_keys::kept(&p.login, &c.password_hash, &c.sealed_key);
    if p.login != login || p.kept.as_ref().is_some_and(|kept| *kept != own) {
        return Ok(None);
    }
    let pin = c.pin_hash.as_ref().map(|h| kept_hash(&[h.as_bytes()]));
    if pin != p.kept_pin {
        c.pin_hash = None;
    }
    Ok(Some(c))
}

/// What a door needs to know first.
pub async fn session_state(office: &Office, session: &Session) -> Result<SessionState, ApiError> {
    let now = office.now().to_rfc3339();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let Ok(desk) = office.desk().await else {
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
    let house = desk.house().await;
    let person = house.signed_in(session);
    let current = desk.current();
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
        must_set_second_factor: !p.second_factor
            && second_factor::needed(house.factor_rule, p, &current),
    });
    Ok(SessionState {
        first_run: false,
        training: house.training,
        organisation: house.organisation.clone(),
        user,
        now,
        version,
        idle_minutes: house.idle_minutes,
        damaged: desk.read_only().is_some(),
    })
}

/// Signs in with name and password, or with the PIN that one has set for oneself.
///
/// # Errors
/// `second_factor_needed` and why a code does not fit. `sign_in_failed`, `try_later`, `pin_asleep`: the same for an unknown name and a wrong password. `clock_set_back` for
/// everyone but an administrator (T8).
pub async fn sign_in(
    office: &Office,
    session: &Session,
    r: SignInRequest,
) -> Result<SessionState, ApiError> {
    let desk = office.desk().await?;
    let turn = office.signing_in.lock().await;
    let now = office.now();
    let house = desk.house().await;
    let named = house.people.values().find(|p| p.login == r.login.trim());
    let guess = Guess::at_the_door(&r.login, session.origin(), named);
    guess.check(&desk.store, now).await?;
    let pin = is_pin(&r.password);
    if pin && !guess.takes_pin(&desk.store).await? {
        return Err(ApiError::new("pin_asleep"));
    }
    // Nobody has a longer name: it fails like any other that nobody has.
    let known = if limits::beyond(&r.login, limits::LOGIN) {
        None
    } else {
        credential(&desk, &house, &r.login).await?
    };
    let hash = known.as_ref().map(|c| c.password_hash.clone());
    let pin_hash = known.as_ref().and_then(|c| c.pin_hash.clone());
    // No password looks like a PIN.
    let password = r.password.clone();
    let fits = password_fits(if pin { pin_hash } else { hash }, password).await?;
    let person = known
        .filter(|_| fits)
        .and_then(|c| house.people.get(&c.person).cloned())
        .filter(|p| !p.closed && !p.unsure && p.account != Account::Named);
    if let Some(p) = &person {
        // Before the password counts as right: whoever guesses codes is not forgiven by it each time.
        let given = (r.password.as_str(), r.code.as_str(), pin);
        second_step(office, &desk, p, session.origin(), given, now).await?;
    }
    guess.note(&desk.store, now, fits, pin).await?;
    drop(turn);
    let Some(person) = person else {
        let damaged = desk.read_only().is_some();
        return Err(ApiError::new(match damaged {
            true => "sign_in_damaged",
            false => "sign_in_failed",
        }));
    };
    let noted = note_access(
        office,
        &desk,
        person.id,
        EventBody::SignedIn {},
        Values::new(),
    )
    .await;
    match noted {
        // Whoever confirms the clock has to come in first; confirming keeps who it was (T8).
        Err(e) if e.code == "clock_set_back" && person.account == Account::Administrator => {}
        // A damaged office is read; that somebody came in cannot be written down.
        Err(e) if e.code == READ_ONLY => {}
        other => other?,
    }
    session.set(Some((person.id, person.passwords)));
    session_state(office, session).await
}

/// Sets one's own PIN: it opens the desk at a shared PC, and never a signing key.
pub(crate) async fn set_pin(
    office: &Office,
    me: PersonId,
    r: PinRequest,
) -> Result<PersonRef, ApiError> {
    let desk = office.desk().await?;
    let house = desk.house().await;
    let p = house
        .people
        .get(&me)
        .ok_or_else(|| ApiError::new("sign_in_first"))?;
    let login = p.login.as_str();
    if !is_pin(&r.pin) {
        return Err(ApiError::new("pin_unfit")
            .with("min", *PIN.start())
            .with("max", *PIN.end()));
    }
    let now = office.now();
    let turn = desk.proving.lock().await;
    let guess = Guess::inside(p);
    guess.check(&desk.store, now).await?;
    let known = desk.store.credential(login).await?;
    let fits = password_fits(known.map(|c| c.password_hash), r.password).await?;
    guess.note(&desk.store, now, fits, false).await?;
    drop(turn);
    if !fits {
        return Err(ApiError::new("signature_password_wrong"));
    }
    let hash = hash_secret(r.pin).await?;
    let body = EventBody::PinSet {
        person: me,
        kept: kept_hash(&[hash.as_bytes()]),
    };
    let set = event(me, now, body, Values::new());
    let mut one = append(&format!("person:{me}"), p.seq, vec![set])?;
    one.pin = Some((login.to_owned(), hash));
    desk.keep(vec![one]).await?;
    desk.refold().await?;
    Ok(PersonRef { id: me.to_string() })
}

/// Everyone.
pub(crate) async fn person_list(office: &Office) -> Result<Vec<PersonView>, ApiError> {
    let house = office.desk().await?.house().await;
    let view = |p: &Person| PersonView {
        second_factor_reset: house.confirmers.waits(p.id, Matter::Factor),
        ..PersonView::from(p)
    };
    let mut all: Vec<PersonView> = house.people.values().map(view).collect();
    all.sort_by(|a, b| (a.closed, &a.name).cmp(&(b.closed, &b.name)));
    Ok(all)
}

/// Adds somebody.
pub(crate) async fn person_add(
    office: &Office,
    by: PersonId,
    r: PersonAdd,
) -> Result<PersonRef, ApiError> {
    let desk = office.desk().await?;
    let id = add_person(office, &desk, by, r).await?;
    Ok(PersonRef { id: id.to_string() })
}

pub(crate) async fn add_person(
    office: &Office,
    desk: &OpenOffice,
    by: PersonId,
    r: PersonAdd,
) -> Result<PersonId, ApiError> {
    check_name(&r.name)?;
    let account = account(&r.account)?;
    check_roles(desk, &r.roles)?;
    let login = r
        .login
        .as_deref()
        .map(str::trim)
        .unwrap_or_default()
        .to_owned();
    limits::text("用户名", &login, limits::LOGIN)?;
    let house = desk.house().await;
    let password = match (account, r.password) {
        (Account::Named, _) => None,
        (_, Some(password)) if !login.is_empty() => {
            let about = house.about(&r.name, &login);
            Some(NewPassword::make(password, about).await?)
        }
        _ => return Err(ApiError::new("login_needed")),
    };
    if house.people.len() >= limits::PEOPLE {
        return Err(ApiError::new("people_too_many").with("max", limits::PEOPLE));
    }
    if !login.is_empty() && house.people.values().any(|p| p.login == login) {
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
    let waits = waits(desk, &house, by, given).await?;
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
    desk.keep(vec![one]).await?;
    desk.refold().await?;
    Ok(id)
}

fn check_roles(desk: &OpenOffice, roles: &[RoleLine]) -> Result<(), ApiError> {
    if roles.len() > limits::ROLES {
        return Err(ApiError::new("roles_too_many").with("max", limits::ROLES));
    }
    for r in roles {
        limits::text("部门", &r.department, limits::DEPARTMENT)?;
        let edition = desk.newest(&r.procedure)?;
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
    let desk = office.desk().await?;
    let house = desk.house().await;
    let p = house.person(&r.id)?;
    let id = p.id;
    if r.seq.is_some_and(|s| s != p.seq) {
        return Err(ApiError::new("changed_by_others"));
    }
    let account = match &r.account {
        Some(a) => account(a)?,
        None => p.account,
    };
    if let Some(roles) = &r.roles {
        check_roles(&desk, roles)?;
    }
    let closed = r.closed.unwrap_or(p.closed);
    let keeps_office = house
        .people
        .values()
        .any(|x| x.id != id && !x.closed && x.administers());
    if (closed || account != Account::Administrator)
        && p.account == Account::Administrator
        && !keeps_office
    {
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
    let waits = waits(&desk, &house, by, given).await?;
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
        if p.login.is_empty() {
            return Err(ApiError::new("login_needed"));
        }
        if by == id {
            return Err(ApiError::new("change_own_password"));
        }
        let new = NewPassword::make(password, house.about(&p.name, &p.login)).await?;
        events.extend(new.events(by, office.now(), id, &p.login, true));
        credential = Some(new.credential(&p.login, id));
    }
    let mut one = append(&format!("person:{id}"), p.seq, events)?;
    one.credential = credential;
    desk.keep(vec![one]).await?;
    desk.refold().await?;
    Ok(PersonRef { id: id.to_string() })
}
