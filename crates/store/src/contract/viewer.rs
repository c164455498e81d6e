//! Whoever looks at lists.
//!
//! The rule of who has part in a confidential case is the domain's ([`Participants::part`]); the queries of the store
//! follow [`Viewer::admitted`] and [`Viewer::knows`], which ask it.

use super::cases::CaseRow;
use redress_domain::{
    id::PersonId,
    visibility::{Part, Participants},
};

/// Whoever looks at lists, and what of them the person's roles need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The person and those for whom the person acts today.
    pub people: Vec<PersonId>,
    /// Their roles that count where a case is confidential, by procedure.
    pub roles: Vec<(String, String)>,
    /// Procedures in which they need names.
    pub names_in: Vec<String>,
    /// The password was reset and nobody has confirmed it yet: no confidential case opens.
    pub untrusted: bool,
}

impl Viewer {
    /// What the person has to do with a confidential case of a procedure.
    pub fn part(&self, procedure: &str, circle: &Participants) -> Part {
        let holds = |role: &str| self.roles.iter().any(|(p, r)| p == procedure && r == role);
        circle.part(&self.people, holds, !self.untrusted)
    }

    /// Whether the person has part in a case; in one that is not confidential everybody has.
    pub fn admitted(&self, row: &CaseRow) -> bool {
        let mut circle = row.circle.iter();
        circle.all(|c| self.part(&row.procedure, c) == Part::Whole)
    }

    /// Whether the case is there for the person at all: a confidential one about them is not.
    pub fn knows(&self, row: &CaseRow) -> bool {
        let mut circle = row.circle.iter();
        circle.all(|c| self.part(&row.procedure, c) != Part::Subject)
    }
}
