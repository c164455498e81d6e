//! The institution and its people, folded from the office and person streams.

mod actors;
pub(crate) mod anchor_folders;
pub(crate) mod editions;
pub(crate) mod organisation;
pub(crate) mod parties;
mod people;
pub(crate) mod person;
pub(crate) mod reports;
pub(crate) mod restores;
mod salvage;

use crate::{
    office::{
        session::Session,
        state::{
            editions::Installed,
            organisation::{Organisation, about, organisation_of},
            parties::Party,
            person::{Asked, Person, TERMINAL},
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
    decide::{ClockConfirmed, Ctx, Targets},
    disposal::{self, Disposal},
    event::{Event, EventBody, FactorRule},
    id::{PartyId, PersonId},
    procedure::Edition,
};
use std::collections::{BTreeMap, BTreeSet};

/// The desk locks after so many idle minutes where nobody has set another number.
pub const IDLE_MINUTES: u32 = 10;
/// Idle minutes that can be set.
pub const IDLE_RANGE: std::ops::RangeInclusive<u32> = 1..=120;

/// What the office knows of itself.
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
    /// The office from its three kinds of streams.
    pub fn fold(office: &[Event], people: &[Event], parties: &[Event]) -> Self {
        let mut state = Self {
            idle_minutes: IDLE_MINUTES,
            ..Self::default()
        };
        let mut hours = Hours::default();
        let mut years: Vec<YearFile> = Vec::new();
        for e in office {
            state.seq += 1;
            match &e.body {
                EventBody::HoursSet { hours: h } => hours.clone_from(h),
                EventBody::CalendarImported { year } => {
                    years.retain(|y| y.year != year.year);
                    years.push(year.clone());
                }
                _ => state.apply_office(e),
            }
        }
        state.calendar = Calendar::new(hours, years);
        for e in people {
            state.apply_person(e);
        }
        state.doubt(salvage::doubted(office, people));
        for e in parties {
            parties::fold(&mut state.parties, e);
        }
        state
    }

    /// One event of the office stream; opening hours and holidays are folded together beside it.
    fn apply_office(&mut self, e: &Event) {
        if self.restores.fold(e) {
            return;
        }
        match &e.body {
            EventBody::Salvaged { lost, gaps } => {
                self.gaps.extend(gaps);
                self.lost.extend(lost.iter().map(|l| l.stream.clone()));
            }
            EventBody::Genesis { training } => self.training = *training,
            EventBody::OrganisationSet {} => self.organisation = organisation_of(&e.values),
            EventBody::IdleLockSet { minutes } => self.idle_minutes = *minutes,
            EventBody::AnchorFoldersSet { folders } => {
                self.anchor_folders = anchor_folders::named(folders, &e.values);
            }
            EventBody::SecondFactorRuleSet { rule } => self.factor_rule = *rule,
            EventBody::ClockConfirmed { before } => {
                self.confirmed = Some(ClockConfirmed {
                    at: e.at,
                    before: *before,
                });
            }
            EventBody::ProceduresChosen { procedures } => {
                self.in_use = procedures.iter().cloned().collect();
            }
            EventBody::TargetSet {
                procedure,
                clock,
                limit,
            } => {
                let key = format!("{procedure}/{clock}");
                match limit {
                    Some(limit) => self.targets.insert(key, *limit),
                    None => self.targets.remove(&key),
                };
            }
            EventBody::EditionInstalled { .. }
            | EventBody::EditionConfirmed { .. }
            | EventBody::EditionRefused { .. } => editions::fold(&mut self.installed, e),
            EventBody::BackupKeyAsked { .. }
            | EventBody::BackupKeyMade { .. }
            | EventBody::BackupKeyRefused {} => self.backup_keys.apply(e),
            EventBody::ReportMade { .. } => self.reports.extend(made(e)),
            _ => disposal::fold(&mut self.disposals, e, self.seq),
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

    /// A person by the id that a door sends.
    ///
    /// # Errors
    /// `unknown_person`.
    pub fn person(&self, id: &str) -> Result<&Person, ApiError> {
        let known = id.parse().ok().and_then(|p: PersonId| self.people.get(&p));
        let short: String = id.chars().take(40).collect();
        known.ok_or_else(|| ApiError::new("unknown_person").with("person", short))
    }
}
