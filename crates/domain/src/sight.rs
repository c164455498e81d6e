//! Who sees what of a case (G11): classes of values, and confidential cases.

use crate::{
    case::Case,
    decide::{Actor, offers},
    id::PersonId,
    procedure::{Edition, Effect},
    value::{Class, FieldKind, people_in},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What somebody sees of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// A confidential case about the person: for them it is not there.
    Absent,
    /// A confidential case in which the person has no part: number and state alone.
    Hidden,
    /// Values up to this class; higher ones are masked until they are revealed.
    UpTo(Class),
}

impl Sight {
    /// Everything that was entered.
    pub const FULL: Self = Self::UpTo(Class::Sensitive);

    /// Whether a value of the class is seen as it was entered.
    pub fn shows(self, class: Class) -> bool {
        matches!(self, Self::UpTo(c) if c >= class)
    }
}

/// What somebody has to do with a confidential case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It is about the person, or about somebody for whom the person acts: nothing tells them that it is there.
    Subject,
    /// Number, step and times alone.
    None,
    /// Works on it, and sees it whole.
    Whole,
}

/// A confidential case: who has part in it. Lists keep it as it stands here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circle {
    /// Why, in words.
    #[serde(skip)]
    pub reasons: Vec<String>,
    /// Whoever registered, acted, or was named to do something.
    pub people: BTreeSet<PersonId>,
    /// The roles whose turn it is.
    pub roles: BTreeSet<String>,
    /// Whom it is about, unless somebody gave them something to do.
    pub hidden_from: BTreeSet<PersonId>,
}

/// The circle of a confidential case; none where the case is not confidential.
pub fn circle(edition: &Edition, case: &Case) -> Option<Circle> {
    let p = &edition.procedure;
    let look = |f: &str| case.values.get(f);
    let rules: Vec<_> = p
        .confidential
        .iter()
        .filter(|c| c.when.holds(look))
        .collect();
    if rules.is_empty() {
        return None;
    }
    let about =
        |id: &str| rules.iter().any(|r| r.about == id) || p.bars.iter().any(|b| b.field == id);
    let mut people: BTreeSet<PersonId> = case.acts.iter().flat_map(|a| a.hands()).collect();
    let mut named = BTreeSet::new();
    for (key, value) in &case.values {
        let id = key.rsplit('/').next().unwrap_or(key);
        let staff = edition
            .field(key)
            .is_some_and(|f| f.kind == FieldKind::Staff);
        if staff && !about(id) {
            named.extend(people_in(value));
        }
    }
    let subjects = rules
        .iter()
        .filter_map(|r| case.values.get(&r.about))
        .flat_map(people_in);
    let hidden_from: BTreeSet<PersonId> = subjects.filter(|p| !named.contains(p)).collect();
    people.extend(named);
    people.retain(|p| !hidden_from.contains(p));
    let always = |id: &str| p.always.iter().any(|a| a.id == id);
    let turn = offers(edition, case);
    let turn = turn.iter().filter(|o| {
        !always(&o.action.id) || matches!(o.action.effect, Effect::Archive | Effect::Reopen)
    });
    Some(Circle {
        reasons: rules.iter().map(|r| r.title.clone()).collect(),
        people,
        roles: turn.flat_map(|o| o.action.by.clone()).collect(),
        hidden_from,
    })
}

impl Circle {
    /// The part of somebody: `hands` are the person and those for whom the person acts, `holds` tells which roles
    /// count, and `trusted` whether the password is the person's own (a reset one opens nothing until a second
    /// person has confirmed it).
    pub fn part(&self, hands: &[PersonId], holds: impl Fn(&str) -> bool, trusted: bool) -> Part {
        if hands.iter().any(|p| self.hidden_from.contains(p)) {
            return Part::Subject;
        }
        let named = hands.iter().any(|p| self.people.contains(p));
        if trusted && (named || self.roles.iter().any(|r| holds(r))) {
            Part::Whole
        } else {
            Part::None
        }
    }

    /// The part of somebody who would act in the case's procedure.
    pub fn part_of(&self, actor: &Actor) -> Part {
        let own = || std::iter::once(actor).chain(&actor.principals);
        let hands: Vec<PersonId> = own().flat_map(Actor::hands).collect();
        self.part(&hands, |r| own().any(|a| a.sees_by(r)), actor.trusted)
    }
}

/// What somebody sees of a case: as much as the roles in its procedure need, and everything of a case
/// in which the person acted.
pub fn sight(edition: &Edition, case: &Case, actor: &Actor) -> Sight {
    let circle = circle(edition, case);
    match circle.map(|c| c.part_of(actor)) {
        Some(Part::Subject) => Sight::Absent,
        Some(Part::None) => Sight::Hidden,
        Some(Part::Whole) => Sight::FULL,
        None if case.acts.iter().any(|a| a.actor == actor.person) => Sight::FULL,
        None => Sight::UpTo(needs(edition, actor)),
    }
}

/// The highest class that the roles need.
pub fn needs(edition: &Edition, actor: &Actor) -> Class {
    let hands = std::iter::once(actor).chain(&actor.principals);
    let held = hands.flat_map(|a| &a.roles);
    held.filter_map(|id| edition.procedure.roles.iter().find(|r| &r.id == id))
        .map(|r| r.sees)
        .max()
        .unwrap_or_default()
}

/// Whether the roles need names in lists and searches.
pub fn needs_lists(edition: &Edition, actor: &Actor) -> bool {
    let hands = std::iter::once(actor).chain(&actor.principals);
    let mut held = hands.flat_map(|a| &a.roles);
    held.any(|id| {
        edition
            .procedure
            .roles
            .iter()
            .any(|r| &r.id == id && r.lists)
    })
}

/// Whether one of the person's own roles answers for the procedure.
pub fn oversees(edition: &Edition, actor: &Actor) -> bool {
    let roles = &edition.procedure.roles;
    roles
        .iter()
        .any(|r| r.oversees && actor.roles.contains(&r.id))
}

/// The same, by a role that also counts where a case is confidential.
pub fn oversees_confidential(edition: &Edition, actor: &Actor) -> bool {
    let roles = &edition.procedure.roles;
    let mut all = roles.iter().filter(|r| r.oversees);
    actor.trusted && all.any(|r| actor.sees_by(&r.id))
}

/// Whether somebody with the role sees confidential cases or personal values of the procedure by it.
pub fn opens(edition: &Edition, role: &str) -> bool {
    let p = &edition.procedure;
    let known = p.roles.iter().find(|r| r.id == role);
    known.is_some_and(|r| !p.confidential.is_empty() || r.oversees || r.sees > Class::Open)
}

/// Whether somebody sees more in cases under the newer edition than under the older one: a role that sees more,
/// lists names, answers for the procedure or has a turn that it had not, or a confidential rule that is gone or
/// says something else.
pub fn widens(old: &Edition, new: &Edition) -> bool {
    let (a, b) = (&old.procedure, &new.procedure);
    let rules_kept = a.confidential.iter().all(|r| b.confidential.contains(r));
    let turns = |e: &Edition, role: &str| {
        let steps = e.procedure.steps.iter().flat_map(|s| &s.actions);
        let tasks = e.procedure.tasks.iter().flat_map(|t| &t.steps);
        let mut all = steps.chain(tasks.flat_map(|s| &s.actions));
        all.any(|x| x.by.iter().any(|r| r == role))
    };
    let more = |role: &crate::procedure::Role| {
        let before = a.roles.iter().find(|r| r.id == role.id);
        // Nobody holds a role that is new, and giving it has a rule of its own.
        before.is_some_and(|r| {
            role.sees > r.sees
                || role.lists && !r.lists
                || role.oversees && !r.oversees
                || turns(new, &role.id) && !turns(old, &role.id)
        })
    };
    !rules_kept || b.roles.iter().any(more)
}
