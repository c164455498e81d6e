//! Who looks at lists.

use crate::office::{handle::OpenOffice, state::OfficeState};
use redress_domain::{clock::Moment, id::PersonId, procedure::Edition, sight::needs_lists};
use redress_store::Viewer;

impl OfficeState {
    /// Whoever looks at lists.
    pub(crate) fn viewer<'e>(
        &self,
        person: PersonId,
        now: Moment,
        editions: impl Iterator<Item = &'e Edition>,
    ) -> Viewer {
        let day = now.date_naive();
        let principals = self.principals(person, day);
        let people: Vec<PersonId> = std::iter::once(person).chain(principals).collect();
        let mut viewer = Viewer::default();
        for edition in editions {
            let procedure = &edition.procedure.head.id;
            let actor = self.actor(person, procedure, day);
            // An edition that is missing may have shown less.
            if needs_lists(edition, &actor) && !self.unsure {
                viewer.names_in.push(procedure.clone());
            }
            let hands = std::iter::once(&actor).chain(&actor.principals);
            let roles = hands.flat_map(|a| a.roles.iter().filter(|r| a.sees_by(r)).cloned());
            viewer.roles.extend(roles.map(|r| (procedure.clone(), r)));
        }
        viewer.untrusted = !self.trusts(person);
        viewer.people = people;
        viewer
    }
}

impl OpenOffice {
    /// Whoever looks at lists, over the newest editions.
    pub(crate) async fn viewer(&self, person: PersonId, now: Moment) -> Viewer {
        let current = self.current();
        let editions = current.values().map(std::convert::AsRef::as_ref);
        self.state().await.viewer(person, now, editions)
    }
}
