//! 回避 (G1): who is excluded from an action, and why.

use crate::{
    case::Case,
    id::PersonId,
    procedure::{Action, Edition},
    rules::actor::Actor,
    value::{Values, people_in},
};

/// A person excluded by the case, and the relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Who.
    pub person: PersonId,
    /// The bar's id.
    pub bar: String,
    /// Its words.
    pub title: String,
}

impl Exclusion {
    /// Whether an exception was recorded for this person and this bar.
    pub fn excepted(&self, case: &Case) -> bool {
        case.exceptions
            .iter()
            .any(|e| e.lifts(self.person, &self.bar))
    }
}

/// Everyone whom an action's bars keep from it, by exceptions or without: those for whom none was recorded.
pub fn barred(edition: &Edition, case: &Case, action: &Action) -> Vec<PersonId> {
    excluded(edition, case)
        .into_iter()
        .filter(|x| action.bars.contains(&x.bar) && !x.excepted(case))
        .map(|x| x.person)
        .collect()
}

/// Everyone whom the case excludes from something, in the order of the procedure's bars.
pub fn excluded(edition: &Edition, case: &Case) -> Vec<Exclusion> {
    let mut all = Vec::new();
    for bar in &edition.procedure.bars {
        let named = case
            .values
            .get(&bar.field)
            .map(people_in)
            .unwrap_or_default();
        let acted = case
            .acts
            .iter()
            .filter(|a| bar.actors_of.contains(&a.action))
            .flat_map(|a| a.hands());
        for person in named.into_iter().chain(acted) {
            let new = Exclusion {
                person,
                bar: bar.id.clone(),
                title: bar.title.clone(),
            };
            if !all.contains(&new) {
                all.push(new);
            }
        }
    }
    all
}

/// How a bar stands in the way of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Free to act.
    Free,
    /// Excluded, but an exception was recorded: printed on the report.
    Excepted,
    /// Excluded.
    Barred(Exclusion),
}

/// Whether the action's bars exclude the person, or the one for whom the person acts: each hand is asked, and each of
/// its bars, for an exception lifts one bar of one person. `given`: values that come with the act, so that naming
/// oneself and acting in one breath is found too.
pub fn standing(
    edition: &Edition,
    case: &Case,
    given: &Values,
    action: &Action,
    actor: &Actor,
) -> Standing {
    let mut found = Standing::Free;
    for bar in edition
        .procedure
        .bars
        .iter()
        .filter(|b| action.bars.contains(&b.id))
    {
        for person in actor.hands() {
            let named =
                |v: Option<&serde_json::Value>| v.is_some_and(|v| people_in(v).contains(&person));
            let acted = case
                .acts
                .iter()
                .any(|a| bar.actors_of.contains(&a.action) && a.hands().any(|h| h == person));
            if !(acted || named(case.values.get(&bar.field)) || named(given.get(&bar.field))) {
                continue;
            }
            let x = Exclusion {
                person,
                bar: bar.id.clone(),
                title: bar.title.clone(),
            };
            if !x.excepted(case) {
                return Standing::Barred(x);
            }
            found = Standing::Excepted;
        }
    }
    found
}
