//! Who sees what of a case (G11): classes of values, and confidential cases.

use crate::{
    case::Case,
    decide::{Actor, offers},
    id::PersonId,
    procedure::{Edition, Effect},
    value::{Class, FieldKind, people_in},
};
use std::collections::BTreeSet;

/// What somebody sees of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
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

/// A confidential case: who has part in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circle {
    /// Why, in words.
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
    /// Whether somebody has part in the case. Whoever stands for a person whom the case is about has none.
    pub fn admits(&self, actor: &Actor) -> bool {
        let own = std::iter::once(actor).chain(&actor.principals);
        let hands: Vec<PersonId> = own
            .clone()
            .flat_map(|a| a.acts_for.or(Some(a.person)))
            .collect();
        let hidden = std::iter::once(&actor.person)
            .chain(&hands)
            .any(|p| self.hidden_from.contains(p));
        let named = hands.iter().any(|p| self.people.contains(p));
        let turn = own
            .clone()
            .any(|a| a.roles.iter().any(|r| self.roles.contains(r)));
        !hidden && (named || turn)
    }
}

/// What somebody sees of a case: as much as the roles in its procedure need, and everything of a case
/// in which the person acted.
pub fn sight(edition: &Edition, case: &Case, actor: &Actor) -> Sight {
    let circle = circle(edition, case);
    match &circle {
        Some(c) if !c.admits(actor) => Sight::Hidden,
        Some(_) => Sight::FULL,
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

/// Whether a confidential case is about the person, or about somebody for whom the person acts.
pub fn is_subject(edition: &Edition, case: &Case, actor: &Actor) -> bool {
    let hands = std::iter::once(actor).chain(&actor.principals);
    let mut hands = hands.flat_map(Actor::hands);
    circle(edition, case).is_some_and(|c| hands.any(|p| c.hidden_from.contains(&p)))
}

/// Whether one of the person's own roles answers for the procedure.
pub fn oversees(edition: &Edition, actor: &Actor) -> bool {
    let roles = &edition.procedure.roles;
    roles
        .iter()
        .any(|r| r.oversees && actor.roles.contains(&r.id))
}
