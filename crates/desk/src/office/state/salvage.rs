//! What is not whole of a damaged office, and who stays out for it.

use super::{OfficeState, person::Person};
use redress_domain::{
    clock::Moment,
    event::{Event, EventBody},
    id::PersonId,
};
use std::collections::{BTreeMap, BTreeSet};

/// People of whom a salvage could not carry everything, and whom no administrator has looked at since.
pub(super) fn doubted(office: &[Event], people: &[Event]) -> BTreeSet<PersonId> {
    let mut doubts: BTreeMap<PersonId, Moment> = BTreeMap::new();
    for e in office {
        if let EventBody::Salvaged { lost, .. } = &e.body {
            let people = lost.iter().filter_map(|l| l.stream.strip_prefix("person:"));
            let people = people.filter_map(|id| id.parse::<PersonId>().ok());
            doubts.extend(people.map(|p| (p, e.at)));
        }
    }
    for e in people {
        // An administrator looked at what is left of the account, and said what it is.
        if let EventBody::PersonUpdated { person, .. } = &e.body
            && doubts.get(person).is_some_and(|since| e.at > *since)
        {
            doubts.remove(person);
        }
    }
    doubts.into_keys().collect()
}

impl OfficeState {
    /// People of whom a salvage could not carry everything stay out until an administrator has looked at them; where
    /// none is left, the administrators among them look after the office.
    pub(super) fn doubt(&mut self, doubts: BTreeSet<PersonId>) {
        let mut sure = self.people.values().filter(|p| !doubts.contains(&p.id));
        let kept = sure.any(Person::administers);
        for p in self.people.values_mut().filter(|p| doubts.contains(&p.id)) {
            p.unsure = kept || !p.administers();
        }
    }

    /// Marks what is not whole of a damaged office.
    pub(crate) fn not_whole<'s>(&mut self, streams: impl Iterator<Item = &'s String>) {
        let mut unsure = BTreeSet::new();
        for stream in streams {
            self.unsure |= stream == "office";
            let person = stream.strip_prefix("person:");
            unsure.extend(person.and_then(|id| id.parse::<PersonId>().ok()));
        }
        for p in self.people.values_mut() {
            p.unsure |= unsure.contains(&p.id);
        }
        // That a deputy's time was ended may be what is missing.
        let pair = |(principal, deputy): &(PersonId, PersonId)| {
            !unsure.contains(principal) && !unsure.contains(deputy)
        };
        self.deputies.retain(|both, _| pair(both));
        self.asked.retain(|both, _| pair(both));
    }

    /// Where a stream ends that is not whole.
    pub(crate) fn stands_at(&mut self, stream: &str, seq: i64) {
        let (kind, id) = stream.split_once(':').unwrap_or((stream, ""));
        match kind {
            "office" => self.seq = seq,
            "person" => {
                let person = id.parse().ok().and_then(|id| self.people.get_mut(&id));
                person.into_iter().for_each(|p| p.seq = seq);
            }
            "party" => {
                let party = id.parse().ok().and_then(|id| self.parties.get_mut(&id));
                party.into_iter().for_each(|p| p.seq = seq);
            }
            _ => {}
        }
    }
}
