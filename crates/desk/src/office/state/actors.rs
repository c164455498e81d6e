//! Who acts in a procedure: by the own roles, and as whose deputy.

use super::OfficeState;
use chrono::NaiveDate;
use redress_domain::{decide::Actor, id::PersonId};
use std::collections::{BTreeMap, BTreeSet};

impl OfficeState {
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
