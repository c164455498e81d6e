//! The institution and its people, folded from the office and person streams.

pub(crate) mod anchor_folders;
pub(crate) mod editions;
pub(crate) mod organisation;
pub(crate) mod parties;
pub(crate) mod person;
pub(crate) mod reports;
pub(crate) mod restores;

use crate::{
    office::{
        session::Session,
        state::{
            editions::Installed,
            organisation::{Organisation, about, organisation_of},
            parties::Party,
            person::{Asked, Person, TERMINAL, VOUCH, Waiting, account_grant, role_grant},
            reports::{ReportMade, made},
            restores::Restores,
        },
    },
    secrets::passwords::guessable::About,
    text::error::ApiError,
};
use chrono::NaiveDate;
use redress_domain::{
    backup_key::BackupKeys,
    calendar::{Calendar, Hours, YearFile},
    clock::Moment,
    confirm::Confirmers,
    decide::{Actor, ClockConfirmed, Ctx, Targets},
    disposal::{self, Disposal},
    event::{Account, Event, EventBody, FactorRule},
    id::{PartyId, PersonId},
    procedure::Edition,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The desk locks after so many idle minutes where nobody has set another number.
pub const IDLE_MINUTES: u32 = 10;
/// Idle minutes that can be set.
pub const IDLE_RANGE: std::ops::RangeInclusive<u32> = 1..=120;

/// What the house knows of itself.
#[derive(Debug, Clone, Default)]
pub struct OfficeState {
    /// 演练.
    pub training: bool,
    /// Institution.
    pub organisation: Organisation,
    /// Opening hours and holidays.
    pub calendar: Calendar,
    /// Everyone.
    pub people: BTreeMap<PersonId, Person>,
    /// Who may confirm a reset.
    pub confirmers: Confirmers,
    /// Who needs a second factor.
    pub factor_rule: FactorRule,
    /// The institution's backup keys.
    pub backup_keys: BackupKeys,
    /// First and last day on which somebody (second) acts for another (first).
    pub deputies: BTreeMap<(PersonId, PersonId), (NaiveDate, NaiveDate)>,
    /// Delegations that wait for a second person; until then they do nothing.
    pub asked: BTreeMap<(PersonId, PersonId), Asked>,
    /// Events about people so far.
    turns: u32,
    /// Lists of cases for disposal, in order (G10).
    pub disposals: Vec<Disposal>,
    /// The desk locks after so many idle minutes.
    pub idle_minutes: u32,
    /// First and last position of what a salvage could not bring out of a damaged office.
    pub gaps: Vec<(i64, i64)>,
    /// Backups that were restored, and the numbers that are skipped since.
    pub restores: Restores,
    /// Folders in which anchors are left.
    pub anchor_folders: Vec<String>,
    /// The clock that was confirmed last (T8).
    pub confirmed: Option<ClockConfirmed>,
    /// Procedures under which complaints are taken in; empty: all.
    pub in_use: BTreeSet<String>,
    /// The institution's own limits (T6).
    pub targets: Targets,
    /// The register of people, organisations and products (G16).
    pub parties: BTreeMap<PartyId, Party>,
    /// Editions that were installed, in order.
    pub installed: Vec<Installed>,
    /// Reports that were owed and made.
    pub reports: Vec<ReportMade>,
    /// Events in the office stream.
    pub seq: i64,
    /// Streams that a salvage carried as far as they could be read.
    pub lost: BTreeSet<String>,
    /// Something is missing of what the log says of the institution, editions among it.
    pub unsure: bool,
}

impl OfficeState {
    /// The house from its three kinds of streams.
    pub fn fold(office: &[Event], people: &[Event], parties: &[Event]) -> Self {
        let mut house = Self {
            idle_minutes: IDLE_MINUTES,
            ..Self::default()
        };
        let mut hours = Hours::default();
        let mut years: Vec<YearFile> = Vec::new();
        let mut doubts: BTreeMap<PersonId, Moment> = BTreeMap::new();
        for e in office {
            house.seq += 1;
            if house.restores.fold(e) {
                continue;
            }
            match &e.body {
                EventBody::Salvaged { lost, gaps } => {
                    house.gaps.extend(gaps);
                    house.lost.extend(lost.iter().map(|l| l.stream.clone()));
                    let people = lost.iter().filter_map(|l| l.stream.strip_prefix("person:"));
                    let people = people.filter_map(|id| id.parse::<PersonId>().ok());
                    doubts.extend(people.map(|p| (p, e.at)));
                }
                EventBody::Genesis { training } => house.training = *training,
                EventBody::OrganisationSet {} => house.organisation = organisation_of(&e.values),
                EventBody::HoursSet { hours: h } => hours.clone_from(h),
                EventBody::IdleLockSet { minutes } => house.idle_minutes = *minutes,
                EventBody::AnchorFoldersSet { folders } => {
                    house.anchor_folders = anchor_folders::named(folders, &e.values);
                }
                EventBody::SecondFactorRuleSet { rule } => house.factor_rule = *rule,
                EventBody::ClockConfirmed { before } => {
                    house.confirmed = Some(ClockConfirmed {
                        at: e.at,
                        before: *before,
                    });
                }
                EventBody::ProceduresChosen { procedures } => {
                    house.in_use = procedures.iter().cloned().collect();
                }
                EventBody::CalendarImported { year } => {
                    years.retain(|y| y.year != year.year);
                    years.push(year.clone());
                }
                EventBody::TargetSet {
                    procedure,
                    clock,
                    limit,
                } => {
                    let key = format!("{procedure}/{clock}");
                    match limit {
                        Some(limit) => house.targets.insert(key, *limit),
                        None => house.targets.remove(&key),
                    };
                }
                EventBody::EditionInstalled { .. }
                | EventBody::EditionConfirmed { .. }
                | EventBody::EditionRefused { .. } => editions::fold(&mut house.installed, e),
                EventBody::BackupKeyAsked { .. }
                | EventBody::BackupKeyMade { .. }
                | EventBody::BackupKeyRefused {} => house.backup_keys.apply(e),
                EventBody::ReportMade { .. } => house.reports.extend(made(e)),
                _ => disposal::fold(&mut house.disposals, e, house.seq),
            }
        }
        house.calendar = Calendar::new(hours, years);
        for e in people {
            house.apply_person(e);
            // An administrator looked at what is left of the account, and said what it is.
            if let EventBody::PersonUpdated { person, .. } = &e.body
                && doubts.get(person).is_some_and(|since| e.at > *since)
            {
                doubts.remove(person);
            }
        }
        house.doubt(doubts.into_keys().collect());
        for e in parties {
            parties::fold(&mut house.parties, e);
        }
        house
    }

    /// People of whom a salvage could not carry everything stay out until an administrator has looked at them; where
    /// none is left, the administrators among them look after the house.
    fn doubt(&mut self, doubts: BTreeSet<PersonId>) {
        let mut sure = self.people.values().filter(|p| !doubts.contains(&p.id));
        let kept = sure.any(Person::administers);
        for p in self.people.values_mut().filter(|p| doubts.contains(&p.id)) {
            p.unsure = kept || !p.administers();
        }
    }

    /// Marks what is not whole of a damaged office.
    pub(crate) fn not_whole<'s>(&mut self, streams: impl Iterator<Item = &'s String>) {
        let mut unsure = BTreeSet::new();
        for stream in streams {
            self.unsure |= stream == "office";
            let person = stream.strip_prefix("person:");
            unsure.extend(person.and_then(|id| id.parse::<PersonId>().ok()));
        }
        for p in self.people.values_mut() {
            p.unsure |= unsure.contains(&p.id);
        }
        // That a deputy's time was ended may be what is missing.
        let pair = |(principal, deputy): &(PersonId, PersonId)| {
            !unsure.contains(principal) && !unsure.contains(deputy)
        };
        self.deputies.retain(|both, _| pair(both));
        self.asked.retain(|both, _| pair(both));
    }

    /// Where a stream ends that is not whole.
    pub(crate) fn stands_at(&mut self, stream: &str, seq: i64) {
        let (kind, id) = stream.split_once(':').unwrap_or((stream, ""));
        match kind {
            "office" => self.seq = seq,
            "person" => {
                let person = id.parse().ok().and_then(|id| self.people.get_mut(&id));
                person.into_iter().for_each(|p| p.seq = seq);
            }
            "party" => {
                let party = id.parse().ok().and_then(|id| self.parties.get_mut(&id));
                party.into_iter().for_each(|p| p.seq = seq);
            }
            _ => {}
        }
    }

    fn apply_person(&mut self, e: &Event) {
        self.confirmers.apply(e.actor, &e.body);
        let text = |k: &str| e.values.get(k).and_then(Value::as_str).map(str::to_owned);
        self.turns += 1;
        let since = self.turns;
        let waiting = |before: Account| Waiting {
            by: e.actor,
            at: e.at,
            since,
            before,
        };
        match &e.body {
            EventBody::PersonAdded {
                person,
                account,
                roles,
                waits,
            } => {
                let all = waits.iter().map(|w| (w.clone(), waiting(Account::Member)));
                let p = Person {
                    added: since,
                    waiting: all.collect(),
                    id: *person,
                    name: text("name").unwrap_or_default(),
                    login: text("login").unwrap_or_default(),
                    account: *account,
                    roles: roles.clone(),
                    closed: false,
                    seq: 1,
                    key: String::new(),
                    key_waits_for: None,
                    must_change: false,
                    passwords: 0,
                    second_factor: false,
                    kept: None,
                    kept_pin: None,
                    unsure: false,
                };
                self.people.insert(*person, p);
            }
            EventBody::PersonUpdated {
                person,
                account,
                roles,
                closed,
                waits,
            } => {
                if let Some(p) = self.people.get_mut(person) {
                    let before = p.account;
                    let kept: BTreeSet<String> = roles
                        .iter()
                        .map(|r| role_grant(&r.procedure, &r.role))
                        .chain(account_grant(*account).map(str::to_owned))
                        .chain([VOUCH.to_owned()])
                        .collect();
                    // What was taken away does not wait any more; what waited still does, by whoever gave it.
                    p.waiting.retain(|grant, _| kept.contains(grant));
                    for grant in waits {
                        p.waiting.insert(grant.clone(), waiting(before));
                    }
                    if let Some(name) = text("name") {
                        p.name = name;
                    }
                    p.account = *account;
                    p.roles.clone_from(roles);
                    p.closed = *closed;
                    p.seq += 1;
                }
            }
            EventBody::SecondFactorSet { person, .. }
            | EventBody::SecondFactorOff { person }
            | EventBody::SecondFactorReset { person }
            | EventBody::SecondFactorResetConfirmed { person } => {
                if let Some(p) = self.people.get_mut(person) {
                    p.seq += 1;
                    match &e.body {
                        EventBody::SecondFactorSet { .. } => p.second_factor = true,
                        EventBody::SecondFactorReset { .. } => {}
                        _ => p.second_factor = false,
                    }
                }
            }
            EventBody::PinSet { person, kept } => {
                if let Some(p) = self.people.get_mut(person) {
                    p.seq += 1;
                    p.kept_pin = Some(kept.clone());
                }
            }
            EventBody::PasswordSet { person, kept } => {
                if let Some(p) = self.people.get_mut(person) {
                    p.seq += 1;
                    p.kept.clone_from(kept);
                    p.kept_pin = None;
                    p.must_change &= e.actor != *person;
                    p.passwords += 1;
                }
            }
            EventBody::KeyAdded {
                person,
                key,
                reset_by,
                ..
            } => {
                if let Some(p) = self.people.get_mut(person) {
                    p.seq += 1;
                    p.key.clone_from(key);
                    p.key_waits_for = *reset_by;
                    p.must_change = reset_by.is_some();
                }
            }
            EventBody::DelegateSet {
                principal,
                deputy,
                from,
                until,
                waits,
            } => {
                let pair = (*principal, *deputy);
                if *waits {
                    let asked = Asked {
                        from: *from,
                        until: *until,
                        waiting: waiting(Account::Member),
                    };
                    self.asked.insert(pair, asked);
                } else {
                    self.deputies.insert(pair, (*from, *until));
                    self.asked.remove(&pair);
                }
                if let Some(p) = self.people.get_mut(principal) {
                    p.seq += 1;
                }
            }
            EventBody::GrantConfirmed { person, grant } => self.judged(*person, grant, true),
            EventBody::GrantRefused { person, grant } => self.judged(*person, grant, false),
            EventBody::KeyConfirmed { person, key } => {
                if let Some(p) = self.people.get_mut(person) {
                    p.seq += 1;
                    if p.key == *key {
                        p.key_waits_for = None;
                    }
                }
            }
            _ => {}
        }
    }

    /// What becomes of a grant once a second person has said so.
    fn judged(&mut self, person: PersonId, grant: &str, confirmed: bool) {
        let deputy = grant.strip_prefix("deputy:").and_then(|d| d.parse().ok());
        if let Some(deputy) = deputy {
            let asked = self.asked.remove(&(person, deputy));
            if let Some(a) = asked.filter(|_| confirmed) {
                self.deputies.insert((person, deputy), (a.from, a.until));
            }
        }
        let Some(p) = self.people.get_mut(&person) else {
            return;
        };
        p.seq += 1;
        let waited = p.waiting.remove(grant);
        // Whoever confirms what somebody is given knows them.
        if confirmed && deputy.is_none() {
            p.waiting.remove(VOUCH);
        }
        let Some(waited) = waited.filter(|_| !confirmed) else {
            return;
        };
        if grant.starts_with("account:") {
            p.account = waited.before;
        } else {
            p.roles
                .retain(|r| role_grant(&r.procedure, &r.role) != grant);
        }
    }

    /// Whether somebody's password is their own: one that was reset opens no confidential case until somebody else
    /// has confirmed it, as it does not sign until then.
    pub fn trusts(&self, person: PersonId) -> bool {
        let p = self.people.get(&person);
        p.is_none_or(|p| p.key_waits_for.is_none())
    }

    /// Whether the office has never had another account than this one that can sign in.
    pub fn alone(&self, me: PersonId) -> bool {
        let mut others = self.people.values().filter(|p| p.id != me);
        others.all(|p| p.login.is_empty())
    }

    /// Whether there is, and was, at most one account that can sign in.
    pub fn of_one(&self) -> bool {
        let accounts = self.people.values().filter(|p| !p.login.is_empty());
        accounts.count() <= 1
    }

    /// Events about people so far.
    pub fn people_events(&self) -> u32 {
        self.turns
    }

    /// Who is signed in: a closed account, or one whose password was set since, is not.
    pub fn signed_in(&self, session: &Session) -> Option<&Person> {
        let (person, passwords) = session.signed_in()?;
        let person = self.people.get(&person)?;
        let open = !person.closed && !person.unsure;
        (open && person.passwords == passwords).then_some(person)
    }

    /// What a decision may look at besides the case.
    pub fn ctx<'a>(&'a self, edition: &'a Edition, now: Moment) -> Ctx<'a> {
        Ctx {
            edition,
            calendar: &self.calendar,
            now,
            training: self.training,
            targets: &self.targets,
            confirmed: self.confirmed,
        }
    }

    /// What a new password is held against; in a training folder nothing, whose passwords the handbook prints.
    pub(crate) fn about(&self, name: &str, login: &str) -> Option<About> {
        (!self.training).then(|| about(&self.organisation, name, login))
    }

    /// Whether the institution takes complaints in under a procedure.
    pub fn uses(&self, procedure: &str) -> bool {
        self.in_use.is_empty() || self.in_use.contains(procedure)
    }

    /// A person's name, or the id where nobody is known.
    pub fn name(&self, id: PersonId) -> String {
        if id == TERMINAL {
            return "终端".to_owned();
        }
        self.people
            .get(&id)
            .map_or_else(|| id.to_string(), |p| p.name.clone())
    }

    /// The roles of a person in a procedure.
    pub fn roles(&self, id: PersonId, procedure: &str) -> BTreeSet<String> {
        let person = self.people.get(&id).filter(|p| !p.closed);
        person
            .into_iter()
            .flat_map(|p| &p.roles)
            .filter(|r| r.procedure == procedure)
            .map(|r| r.role.clone())
            .collect()
    }

    /// The roles of a person that a second person has not confirmed yet.
    fn unconfirmed(&self, id: PersonId, procedure: &str) -> BTreeSet<String> {
        let held = self.roles(id, procedure);
        let waits = |r: &String| !self.people.get(&id).is_some_and(|p| p.holds(procedure, r));
        held.into_iter().filter(waits).collect()
    }

    /// A person by the id that a door sends.
    ///
    /// # Errors
    /// `unknown_person`.
    pub fn person(&self, id: &str) -> Result<&Person, ApiError> {
        let known = id.parse().ok().and_then(|p: PersonId| self.people.get(&p));
        let short: String = id.chars().take(40).collect();
        known.ok_or_else(|| ApiError::new("unknown_person").with("person", short))
    }

    /// For whom a person acts on a day; closed people neither act nor are acted for.
    pub fn principals(&self, deputy: PersonId, day: NaiveDate) -> Vec<PersonId> {
        let open = |p: &PersonId| self.people.get(p).is_some_and(|p| !p.closed);
        self.deputies
            .iter()
            .filter(|((_, d), (from, until))| *d == deputy && *from <= day && day <= *until)
            .map(|((principal, _), _)| *principal)
            .filter(open)
            .collect()
    }

    /// Who acts in a procedure, by the own roles and as whose deputy.
    pub fn actor(&self, person: PersonId, procedure: &str, day: NaiveDate) -> Actor {
        let as_ = |roles_of: PersonId| Actor {
            departments: self.departments(roles_of, procedure),
            unconfirmed: self.unconfirmed(roles_of, procedure),
            trusted: self.trusts(person),
            ..Actor::new(person, self.roles(roles_of, procedure))
        };
        let principal = |p: PersonId| Actor {
            acts_for: Some(p),
            ..as_(p)
        };
        let principals = self.principals(person, day);
        Actor {
            principals: principals.into_iter().map(principal).collect(),
            ..as_(person)
        }
    }

    /// Departments of the roles that a person has for departments only.
    pub fn departments(&self, id: PersonId, procedure: &str) -> BTreeMap<String, BTreeSet<String>> {
        let person = self.people.get(&id).filter(|p| !p.closed);
        let grants = person.into_iter().flat_map(|p| &p.roles);
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for r in grants.filter(|r| r.procedure == procedure) {
            let department = r.department.trim().to_owned();
            all.entry(r.role.clone()).or_default().insert(department);
        }
        // One grant without a department is for any.
        all.retain(|_, departments| !departments.contains(""));
        all
    }
}
