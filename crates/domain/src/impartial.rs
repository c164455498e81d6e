//! 回避 (G1): who is excluded from an action, and why.

use crate::{
    case::Case,
    decide::Actor,
    id::PersonId,
    procedure::{Action, Edition},
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

/// Whether the action's bars exclude the person, or the one for whom the person acts. `given`: values that come with the act, so that
/// naming oneself and acting in one breath is found too.
pub fn standing(
    edition: &Edition,
    case: &Case,
    given: &Values,
    action: &Action,
    actor: &Actor,
) -> Standing {
    let barred = edition
        .procedure
        .bars
        .iter()
        .filter(|b| action.bars.contains(&b.id))
        .find(|b| {
            let named = |v: Option<&serde_json::Value>| {
                v.is_some_and(|v| actor.hands().any(|p| people_in(v).contains(&p)))
            };
            named(case.values.get(&b.field))
                || named(given.get(&b.field))
                || case.acts.iter().any(|a| {
                    b.actors_of.contains(&a.action)
                        && actor.hands().any(|p| a.hands().any(|h| h == p))
                })
        });
    match barred {
        None => Standing::Free,
        Some(_) if case.exceptions.iter().any(|e| e.person == actor.person) => Standing::Excepted,
        Some(b) => Standing::Barred(Exclusion {
            person: actor.person,
            bar: b.id.clone(),
            title: b.title.clone(),
        }),
    }
}
