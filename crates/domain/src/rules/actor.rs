//! Who acts: roles, departments, principals; and that somebody may.

use crate::id::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// Who acts, and what the person may in this procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    /// Role ids in the case's procedure.
    pub roles: BTreeSet<String>,
    /// Departments of the roles that were given for departments only; a role that is not here is for any.
    pub departments: BTreeMap<String, BTreeSet<String>>,
    /// For whom the person acts as authorised deputy (授权代理).
    pub acts_for: Option<PersonId>,
    /// Whose deputy the person is today: each as the person would act for them.
    pub principals: Vec<Actor>,
    /// Roles that a second person has not confirmed yet: they do not open confidential cases (G11).
    pub unconfirmed: BTreeSet<String>,
    /// The password is the person's own: one that was reset opens no confidential case until it is confirmed.
    pub trusted: bool,
}

impl Actor {
    /// Somebody with these roles, each for any department.
    pub fn new(person: PersonId, roles: BTreeSet<String>) -> Self {
        Self {
            person,
            roles,
            departments: BTreeMap::new(),
            acts_for: None,
            principals: vec![],
            unconfirmed: BTreeSet::new(),
            trusted: true,
        }
    }

    /// Whether a role counts for the person where a case is confidential.
    pub fn sees_by(&self, role: &str) -> bool {
        self.roles.contains(role) && !self.unconfirmed.contains(role)
    }

    /// Whether the person has part in the procedure at all, or stands for somebody who has.
    pub fn takes_part(&self) -> bool {
        !self.roles.is_empty() || self.principals.iter().any(|p| !p.roles.is_empty())
    }

    /// The actor as whom a permit lets the person act: the own self, or the deputy of a principal.
    pub(crate) fn as_permitted(&self, permit: Permit) -> &Self {
        let principal = |a: &&Self| permit.acts_for.is_some() && a.acts_for == permit.acts_for;
        self.principals.iter().find(principal).unwrap_or(self)
    }

    /// The person who acts, and the one for whom: what bars either bars both (G1).
    pub fn hands(&self) -> impl Iterator<Item = PersonId> {
        std::iter::once(self.person).chain(self.acts_for)
    }
}

/// That somebody may act, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permit {
    /// By an exception (G1).
    pub excepted: bool,
    /// As whose deputy.
    pub acts_for: Option<PersonId>,
}
