//! Who sees what of a case (G11): classes of values, and confidential cases.
//!
//! The one place that says for whom a confidential case is there and what somebody sees of it; lists, counts, reports
//! and the store's queries are made from it. It never masks a value itself.

mod participants;
mod widening;

pub use participants::{Part, Participants, participants};
pub use widening::{opens, widens};

use crate::{case::Case, procedure::Edition, rules::Actor, value::Class};

/// What somebody sees of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// A confidential case about the person: for them it is not there.
    Absent,
    /// A confidential case in which the person has no part: number and state alone.
    Hidden,
    /// Values up to this class; higher ones are masked until they are revealed.
    UpTo(Class),
}

impl Visibility {
    /// Everything that was entered.
    pub const FULL: Self = Self::UpTo(Class::Sensitive);

    /// Whether a value of the class is seen as it was entered.
    pub fn shows(self, class: Class) -> bool {
        matches!(self, Self::UpTo(c) if c >= class)
    }
}

/// What somebody sees of a case: as much as the roles in its procedure need, and everything of a case
/// in which the person acted.
pub fn visibility(edition: &Edition, case: &Case, actor: &Actor) -> Visibility {
    let confidential = participants(edition, case);
    match confidential.map(|c| c.part_of(actor)) {
        Some(Part::Subject) => Visibility::Absent,
        Some(Part::None) => Visibility::Hidden,
        Some(Part::Whole) => Visibility::FULL,
        None if case.acts.iter().any(|a| a.actor == actor.person) => Visibility::FULL,
        None => Visibility::UpTo(needs(edition, actor)),
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
