//! Who may do what is offered, in a form that can be kept: lists ask it of many cases, acting asks it of one.
//!
//! [`permitted`](crate::rules::permitted) says why somebody may not; this says who may. A property over random walks
//! holds the two against each other.

use crate::{
    case::{Act, Case},
    id::PersonId,
    procedure::{Action, Edition, Requirement},
    rules::{actor::Actor, impartial::barred, lookup::look_up, offer::Offer},
    value::people_in,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who can do something that waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Eligible {
    /// With one of these roles.
    pub roles: Vec<String>,
    /// Where people are named, these alone.
    pub people: Vec<PersonId>,
    /// Not these (G1, four eyes): neither as the one who acts, nor as the one for whom.
    pub barred: Vec<PersonId>,
    /// Of this department, where the role was given for departments.
    pub department: String,
}

/// Who may do what is offered; none where it waits for a person whom nobody has named.
pub fn eligible(edition: &Edition, case: &Case, offer: &Offer<'_>) -> Option<Eligible> {
    let (action, task) = (offer.action, offer.task.map(|t| t.id.as_str()));
    let named = action.by_person.iter();
    let named = named.filter_map(|f| look_up(case, task, f));
    let people: Vec<PersonId> = named.flat_map(people_in).collect();
    if !action.by_person.is_empty() && people.is_empty() {
        return None;
    }
    let mut out: Vec<PersonId> = barred(edition, case, action);
    for r in &action.requires {
        let acted = r
            .other_than
            .iter()
            .filter_map(|id| case.newest_act(id, task));
        out.extend(acted.flat_map(Act::hands));
        out.extend(kept_out(case, task, action, r));
    }
    out.sort();
    out.dedup();
    let department = look_up(case, task, &action.department).and_then(Value::as_str);
    let every = || edition.procedure.roles.iter().map(|r| r.id.clone());
    Some(Eligible {
        roles: match action.by.as_slice() {
            [] => every().collect(),
            some => some.to_vec(),
        },
        people,
        barred: out,
        department: department.unwrap_or_default().trim().to_owned(),
    })
}

/// Whom a requirement keeps from acting by what the case already says: nothing that is still to be entered decides it.
pub(crate) fn kept_out(
    case: &Case,
    task: Option<&str>,
    action: &Action,
    r: &Requirement,
) -> Vec<PersonId> {
    let entered = |field: &str| action.asked().any(|(f, _)| f == field);
    let open = entered(&r.field) || r.when.fields().any(entered);
    if !r.not_actor || open || !r.when.holds(|f| look_up(case, task, f)) {
        return vec![];
    }
    let Some(value) = look_up(case, task, &r.field) else {
        return vec![];
    };
    let mut all = people_in(value);
    all.extend(value.get("confirmed_by").map(people_in).unwrap_or_default());
    all
}

impl Eligible {
    /// Whether somebody, or one whose deputy they are, may: each hand is asked.
    pub fn admits(&self, actor: &Actor) -> bool {
        let of_department = |role: &String| {
            let limited = actor.departments.get(role);
            self.department.is_empty() || limited.is_none_or(|all| all.contains(&self.department))
        };
        let mut roles = self.roles.iter();
        let role = roles.any(|r| actor.roles.contains(r) && of_department(r));
        let named = self.people.is_empty() || actor.hands().any(|p| self.people.contains(&p));
        let free = !actor.hands().any(|p| self.barred.contains(&p));
        role && named && free || actor.principals.iter().any(|p| self.admits(p))
    }
}
