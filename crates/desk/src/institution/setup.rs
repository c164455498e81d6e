//! The first run: institution, opening hours, the first administrator.

use crate::{
    anchors::anchor_folders,
    office::{
        events::{append, event, new_id},
        handle::{Office, OpenOffice},
        session::Session,
        state::{
            IDLE_RANGE,
            anchor_folders::setting,
            organisation::{Organisation, about, check_organisation, organisation_values},
        },
    },
    people::{
        accounts::check_name,
        second_factor::rule::rule_word,
        session_state::{SessionState, session_state},
        signing_keys::NewPassword,
    },
    shipped,
    text::{error::ApiError, limits},
};
use redress_domain::{
    calendar::Hours,
    clock::Moment,
    event::{Account, Event, EventBody, FactorRule},
    id::PersonId,
    value::Values,
};
use redress_store::{Append, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use ts_rs::TS;

/// The first administrator.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct FirstAdmin {
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub login: String,
    /// Password.
    pub password: String,
}

/// What the first run asks.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SetupRequest {
    /// Institution.
    pub organisation: Organisation,
    /// Opening hours; the usual ones where none are given.
    #[serde(default)]
    #[ts(type = "{ weekdays: boolean[], periods: { from: string, to: string }[] } | null")]
    pub hours: Option<Hours>,
    /// The first administrator.
    pub admin: FirstAdmin,
    /// A training folder for ever.
    #[serde(default)]
    pub training: bool,
    /// Whether the folder is encrypted; by itself it is where a key can be kept, and a training folder is not.
    #[serde(default)]
    #[ts(optional)]
    pub encrypt: Option<bool>,
}

/// Institution, opening hours and calendars.
#[derive(Debug, Serialize, TS)]
pub struct OfficeView {
    /// Institution.
    pub organisation: Organisation,
    /// Opening hours.
    #[ts(type = "{ weekdays: boolean[], periods: { from: string, to: string }[] }")]
    pub hours: Hours,
    /// Years with data.
    pub years: Vec<i32>,
    /// 演练.
    pub training: bool,
    /// The desk locks after so many idle minutes.
    pub idle_minutes: u32,
    /// Who needs a second factor: `off`, `optional`, `administrators`, `signatories`.
    pub second_factor: String,
    /// Folders, as the host sees them, in which anchors of the log are left.
    pub anchor_folders: Vec<String>,
    /// Changes with everything that is changed on the institution.
    #[ts(type = "number")]
    pub seq: i64,
}

/// What changes on the institution.
#[derive(Debug, Deserialize, TS)]
pub struct OfficeSet {
    /// Institution.
    #[serde(default)]
    #[ts(optional)]
    pub organisation: Option<Organisation>,
    /// Opening hours.
    #[serde(default)]
    #[ts(
        optional,
        type = "{ weekdays: boolean[], periods: { from: string, to: string }[] }"
    )]
    pub hours: Option<Hours>,
    /// The desk locks after so many idle minutes, 1 to 120.
    #[serde(default)]
    #[ts(optional)]
    pub idle_minutes: Option<u32>,
    /// Procedures under which complaints are taken in; an empty list: all.
    #[serde(default)]
    #[ts(optional)]
    pub procedures: Option<Vec<String>>,
    /// Who needs a second factor: `off`, `optional`, `administrators`, `signatories`.
    #[serde(default)]
    #[ts(optional)]
    pub second_factor: Option<String>,
    /// Folders, as the host sees them, in which anchors of the log are left; an empty list: nowhere.
    #[serde(default)]
    #[ts(optional)]
    pub anchor_folders: Option<Vec<String>>,
    /// The `seq` that was looked at.
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub seq: Option<i64>,
}

/// Makes the data folder and signs the administrator in.
///
/// # Errors
/// `already_set_up`, or what is wrong with the entries; then no folder is made.
pub async fn setup(
    office: &Office,
    session: &Session,
    r: SetupRequest,
) -> Result<SessionState, ApiError> {
    // Held until the office is made: whoever clicks twice makes one.
    let mut slot = office.open.write().await;
    if slot.is_some() {
        return Err(ApiError::new("already_set_up"));
    }
    check_organisation(&r.organisation)?;
    let hours = r.hours.clone().unwrap_or_default().in_order();
    if !hours.sound() {
        return Err(ApiError::new("hours_unsound"));
    }
    if r.admin.name.trim().is_empty() || r.admin.login.trim().is_empty() {
        return Err(ApiError::new("login_needed"));
    }
    check_name(&r.admin.name)?;
    limits::text("用户名", r.admin.login.trim(), limits::LOGIN)?;
    let about = (!r.training).then(|| about(&r.organisation, &r.admin.name, &r.admin.login));
    let password = NewPassword::make(r.admin.password.clone(), about).await?;
    let admin = PersonId(new_id());
    let now = office.now();
    let genesis = vec![
        append("office", 0, institution(&r, hours, admin, now)?)?,
        first_person(&r.admin, password, admin, now)?,
    ];
    let place = office.config.new_place(r.encrypt, r.training).await?;
    let made = place.create(&office.config.owner, genesis).await;
    if made.is_err() {
        office.config.forget(&place).await;
    }
    let store = match made {
        // Another host was quicker.
        Err(StoreError::DatabaseNotEmpty) => return Err(ApiError::new("already_set_up")),
        made => made?,
    };
    *slot = Some(Arc::new(
        OpenOffice::load(
            store,
            crate::shipped::shipped(&office.config.procedures)?,
            &office.config,
            &office.told,
        )
        .await?,
    ));
    drop(slot);
    session.set(Some((admin, 1)));
    session_state(office, session).await
}

/// The first events of the office.
fn institution(
    r: &SetupRequest,
    hours: Hours,
    admin: PersonId,
    now: Moment,
) -> Result<Vec<Event>, ApiError> {
    let one = |body, values| event(admin, now, body, values);
    let genesis = EventBody::Genesis {
        training: r.training,
    };
    let named = organisation_values(&r.organisation);
    let mut all = vec![
        one(genesis, Values::new()),
        one(EventBody::OrganisationSet {}, named),
        one(EventBody::HoursSet { hours }, Values::new()),
    ];
    for year in shipped::calendars()? {
        all.push(one(EventBody::CalendarImported { year }, Values::new()));
    }
    Ok(all)
}

/// The first administrator, with a password.
fn first_person(
    r: &FirstAdmin,
    password: NewPassword,
    admin: PersonId,
    now: Moment,
) -> Result<Append, ApiError> {
    let login = r.login.trim();
    let names = Values::from([
        ("name".to_owned(), Value::from(r.name.trim())),
        ("login".to_owned(), Value::from(login)),
    ]);
    let added = EventBody::PersonAdded {
        person: admin,
        account: Account::Administrator,
        roles: vec![],
        // Whoever sets the office up is the first of all.
        waits: vec![],
    };
    let mut events = vec![event(admin, now, added, names)];
    events.extend(password.events(admin, now, admin, login, false));
    let mut first = append(&format!("person:{admin}"), 0, events)?;
    first.credential = Some(password.credential(login, admin));
    Ok(first)
}

/// Institution, opening hours and calendars.
pub(crate) async fn office_get(office: &Office) -> Result<OfficeView, ApiError> {
    let state = office.open_office().await?.state().await;
    Ok(OfficeView {
        organisation: state.organisation.clone(),
        hours: state.calendar.hours.clone(),
        years: state.calendar.years.keys().copied().collect(),
        training: state.training,
        idle_minutes: state.idle_minutes,
        second_factor: rule_word(state.factor_rule),
        anchor_folders: state.anchor_folders.clone(),
        seq: state.seq,
    })
}

/// Changes institution or opening hours; running clocks keep their due times (T5).
pub(crate) async fn office_set(
    office: &Office,
    by: PersonId,
    r: OfficeSet,
) -> Result<OfficeView, ApiError> {
    let open = office.open_office().await?;
    let before = open.state().await.seq;
    if r.seq.is_some_and(|s| s != before) {
        return Err(ApiError::new("changed_by_others"));
    }
    let changes = changes(office, &open, r).await?;
    let now = office.now();
    let changed = changes
        .into_iter()
        .map(|(body, values)| event(by, now, body, values));
    let events: Vec<Event> = changed.collect();
    if !events.is_empty() {
        open.keep(vec![append("office", before, events)?]).await?;
        open.refold().await?;
    }
    office_get(office).await
}

/// What is asked to change, held against what may be.
async fn changes(
    office: &Office,
    open: &OpenOffice,
    r: OfficeSet,
) -> Result<Vec<(EventBody, Values)>, ApiError> {
    let mut all = Vec::new();
    if let Some(o) = r.organisation {
        check_organisation(&o)?;
        all.push((EventBody::OrganisationSet {}, organisation_values(&o)));
    }
    if let Some(hours) = r.hours.map(Hours::in_order) {
        if !hours.sound() {
            return Err(ApiError::new("hours_unsound"));
        }
        all.push((EventBody::HoursSet { hours }, Values::new()));
    }
    if let Some(minutes) = r.idle_minutes {
        if !IDLE_RANGE.contains(&minutes) {
            return Err(ApiError::new("idle_minutes_unfit")
                .with("min", *IDLE_RANGE.start())
                .with("max", *IDLE_RANGE.end()));
        }
        all.push((EventBody::IdleLockSet { minutes }, Values::new()));
    }
    if let Some(word) = r.second_factor {
        let rule = factor_rule(&word)?;
        all.push((EventBody::SecondFactorRuleSet { rule }, Values::new()));
    }
    if let Some(procedures) = r.procedures {
        for id in &procedures {
            open.newest(id)?;
        }
        all.push((EventBody::ProceduresChosen { procedures }, Values::new()));
    }
    if let Some(folders) = r.anchor_folders {
        all.push(setting(anchor_folders(office, open, folders).await?));
    }
    Ok(all)
}

/// Who needs a second factor, from the wire.
fn factor_rule(word: &str) -> Result<FactorRule, ApiError> {
    serde_json::from_value(Value::from(word)).map_err(|_| {
        let word: String = word.chars().take(40).collect();
        ApiError::new("value_unknown_choice")
            .with("title", "两步登录")
            .with("choice", word)
    })
}
