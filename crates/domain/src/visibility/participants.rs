//! Who has part in a confidential case.

use crate::{
    case::Case,
    id::PersonId,
    procedure::{Edition, Effect},
    rules::{Actor, offers},
    value::{FieldKind, people_in},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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

/// Who has part in a confidential case. Lists keep it as it stands here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participants {
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

/// Who has part in a confidential case; none where the case is not confidential.
pub fn participants(edition: &Edition, case: &Case) -> Option<Participants> {
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
    Some(Participants {
        reasons: rules.iter().map(|r| r.title.clone()).collect(),
        people,
        roles: turn.flat_map(|o| o.action.by.clone()).collect(),
        hidden_from,
    })
}

impl Participants {
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
