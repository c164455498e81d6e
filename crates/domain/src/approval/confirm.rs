//! Who may confirm what an administrator did to somebody's access: a key that came with a password reset, or a
//! second factor that is to be taken away.
//!
//! One administrator alone must get nowhere: not with a second account that was made, opened again or given a new
//! password for the purpose, and not by asking twice so that the account is older than the second time. What
//! counts is the order in the log, which no clock changes.

use crate::{
    event::{Account, EventBody, FactorChange},
    id::PersonId,
    refusal::Refusal,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// The key of a password reset.
    Key,
    /// The taking away of a second factor.
    Factor,
}

/// Something that waits for confirmation.
#[derive(Debug, Clone, PartialEq)]
struct Waits {
    /// When it was first asked for; asking again makes it no younger.
    since: u64,
    /// Everybody who asked for it.
    by: BTreeSet<PersonId>,
    /// The newest key, where it is one.
    key: String,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Standing {
    /// Since when the account has been open without a break.
    open_since: Option<u64>,
    /// When somebody else last set the password.
    reset_at: Option<u64>,
    waits: BTreeMap<Matter, Waits>,
}

/// The accounts, as far as confirming goes, folded from events in the order of the log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Confirmers {
    all: BTreeMap<PersonId, Standing>,
    /// Events so far.
    count: u64,
}

impl Confirmers {
    /// Takes one event in; others than those of people change nothing.
    pub fn apply(&mut self, actor: PersonId, body: &EventBody) {
        self.count += 1;
        let now = self.count;
        match body {
            EventBody::PersonAdded {
                person, account, ..
            } => self.open(*person, *account != Account::Named),
            EventBody::PersonUpdated {
                person,
                account,
                closed,
                ..
            } => self.open(*person, !closed && *account != Account::Named),
            EventBody::KeyAdded {
                person,
                key,
                reset_by,
                ..
            } => {
                let one = self.all.entry(*person).or_default();
                match reset_by {
                    Some(by) => {
                        one.reset_at = Some(now);
                        one.ask(Matter::Key, *by, now, key);
                    }
                    None => {
                        one.waits.remove(&Matter::Key);
                    }
                }
            }
            EventBody::KeyConfirmed { person, key } => {
                let one = self.all.entry(*person).or_default();
                if one.waits.get(&Matter::Key).is_some_and(|w| w.key == *key) {
                    one.waits.remove(&Matter::Key);
                }
            }
            EventBody::SecondFactorReset { person } => {
                let one = self.all.entry(*person).or_default();
                one.ask(Matter::Factor, actor, now, "");
            }
            // Whoever sets it up anew holds it again: nothing is left to be taken away.
            EventBody::SecondFactorSet {
                person,
                change: FactorChange::Enrolled,
                ..
            }
            | EventBody::SecondFactorOff { person }
            | EventBody::SecondFactorResetConfirmed { person } => {
                let one = self.all.entry(*person).or_default();
                one.waits.remove(&Matter::Factor);
            }
            _ => {}
        }
    }

    fn open(&mut self, person: PersonId, open: bool) {
        let now = self.count;
        let one = self.all.entry(person).or_default();
        one.open_since = open.then(|| one.open_since.unwrap_or(now));
    }

    /// Whether something of a person waits for confirmation.
    pub fn waits(&self, person: PersonId, matter: Matter) -> bool {
        let one = self.all.get(&person);
        one.is_some_and(|one| one.waits.contains_key(&matter))
    }

    /// Whether an account was there when so many events had happened and stood unbroken since, with a password that
    /// nobody else has set since.
    pub fn was_there(&self, person: PersonId, by: u32) -> bool {
        let by = u64::from(by);
        self.all.get(&person).is_some_and(|own| {
            let open = own.open_since.is_some_and(|at| at <= by);
            let reset = own.reset_at.is_some_and(|at| at > by);
            open && !reset && !own.waits.contains_key(&Matter::Key)
        })
    }

    /// Whether somebody may confirm what waits for a person.
    ///
    /// # Errors
    /// `second_person_needed` for the person and whoever asked for it; `confirmer_unconfirmed` for somebody whose own
    /// key waits; `confirmer_too_new` for an account that was made, opened again or given a password since.
    pub fn may_confirm(
        &self,
        confirmer: PersonId,
        person: PersonId,
        matter: Matter,
    ) -> Result<(), Refusal> {
        let waits = self.all.get(&person).and_then(|p| p.waits.get(&matter));
        let Some(waits) = waits else {
            return Err(Refusal::new("nothing_to_confirm"));
        };
        if confirmer == person || waits.by.contains(&confirmer) {
            return Err(Refusal::new("second_person_needed"));
        }
        let Some(own) = self.all.get(&confirmer) else {
            return Err(Refusal::new("confirmer_too_new"));
        };
        if own.waits.contains_key(&Matter::Key) {
            return Err(Refusal::new("confirmer_unconfirmed"));
        }
        let before = |at: u64| at < waits.since;
        if !own.open_since.is_some_and(before) || !own.reset_at.is_none_or(before) {
            return Err(Refusal::new("confirmer_too_new"));
        }
        Ok(())
    }
}

impl Standing {
    fn ask(&mut self, matter: Matter, by: PersonId, now: u64, key: &str) {
        let waits = self.waits.entry(matter).or_insert_with(|| Waits {
            since: now,
            by: BTreeSet::new(),
            key: String::new(),
        });
        waits.by.insert(by);
        key.clone_into(&mut waits.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }
    /// The administrator who resets, whose key it is, a colleague, a second administrator, an account made later.
    const A: PersonId = person(1);
    const B: PersonId = person(2);
    const C: PersonId = person(3);
    const D: PersonId = person(4);
    const N: PersonId = person(9);

    fn added(person: PersonId) -> (PersonId, EventBody) {
        let (account, roles) = (Account::Member, vec![]);
        (
            A,
            EventBody::PersonAdded {
                person,
                account,
                roles,
                waits: vec![],
            },
        )
    }

    fn updated(person: PersonId, account: Account, closed: bool) -> (PersonId, EventBody) {
        let roles = vec![];
        (
            A,
            EventBody::PersonUpdated {
                person,
                account,
                roles,
                closed,
                waits: vec![],
            },
        )
    }

    fn reset(by: PersonId, person: PersonId, key: &str) -> (PersonId, EventBody) {
        let (key, public, reset_by) = (key.to_owned(), String::new(), Some(by));
        (
            by,
            EventBody::KeyAdded {
                person,
                key,
                public,
                reset_by,
            },
        )
    }

    fn confirmed(by: PersonId, person: PersonId, key: &str) -> (PersonId, EventBody) {
        let key = key.to_owned();
        (by, EventBody::KeyConfirmed { person, key })
    }

    fn says(more: Vec<(PersonId, EventBody)>, confirmer: PersonId) -> String {
        let mut all = Confirmers::default();
        let house = [A, B, C, D].map(added);
        for (actor, body) in house.into_iter().chain(more) {
            all.apply(actor, &body);
        }
        match all.may_confirm(confirmer, B, Matter::Key) {
            Ok(()) => "may".to_owned(),
            Err(e) => e.code,
        }
    }

    #[test]
    fn who_was_there_before_and_since() {
        let member = Account::Member;
        let table = [
            ("there before", vec![], C, true),
            ("made since", vec![added(N)], N, false),
            (
                "closed and opened again since",
                vec![updated(C, member, true), updated(C, member, false)],
                C,
                false,
            ),
            (
                "given a password since, and confirmed",
                vec![reset(A, C, "c"), confirmed(D, C, "c")],
                C,
                false,
            ),
            (
                "changed in another way",
                vec![updated(C, member, false)],
                C,
                true,
            ),
        ];
        for (what, since, who, expected) in table {
            let mut all = Confirmers::default();
            for (actor, body) in [A, B, C, D].map(added).into_iter().chain(since) {
                all.apply(actor, &body);
            }
            assert_eq!(all.was_there(who, 4), expected, "{what}");
        }
        let mut all = Confirmers::default();
        for (actor, body) in [A, B, C, D]
            .map(added)
            .into_iter()
            .chain([reset(A, C, "c")])
        {
            all.apply(actor, &body);
        }
        assert!(!all.was_there(C, 5), "whose own key waits");
    }

    const TOO_NEW: &str = "confirmer_too_new";

    /// What it is about, what was done by whom, who confirms, and the refusal.
    type Row = (
        &'static str,
        Vec<(PersonId, EventBody)>,
        PersonId,
        &'static str,
    );

    fn hold(table: &[Row]) {
        for (what, more, confirmer, expected) in table {
            assert_eq!(says(more.clone(), *confirmer), *expected, "{what}");
        }
    }

    #[test]
    fn whoever_asked_and_whose_it_is_confirm_nothing() {
        let once = || vec![reset(A, B, "k")];
        let twice = vec![reset(A, B, "k"), reset(D, B, "l")];
        hold(&[
            ("a colleague", once(), C, "may"),
            ("the person", once(), B, "second_person_needed"),
            ("the resetter", once(), A, "second_person_needed"),
            ("nobody", once(), N, TOO_NEW),
            ("another the second time", twice, A, "second_person_needed"),
        ]);
    }

    #[test]
    fn an_account_that_came_or_came_back_later_confirms_nothing() {
        let k = || reset(A, B, "k");
        let is = |account| updated(C, account, false);
        let (shut, opened) = (|| updated(C, Account::Member, true), || is(Account::Member));
        let asked_again = vec![k(), added(N), reset(A, B, "l")];
        let was_named = vec![is(Account::Named), k(), opened()];
        hold(&[
            ("made afterwards", vec![k(), added(N)], N, TOO_NEW),
            ("made before the second asking", asked_again, N, TOO_NEW),
            ("opened again", vec![shut(), k(), opened()], C, TOO_NEW),
            (
                "closed and opened since",
                vec![k(), shut(), opened()],
                C,
                TOO_NEW,
            ),
            ("closed", vec![shut(), k()], C, TOO_NEW),
            ("was only named", was_named, C, TOO_NEW),
            (
                "changed otherwise",
                vec![k(), is(Account::Administrator)],
                C,
                "may",
            ),
        ]);
    }

    #[test]
    fn whose_own_key_is_new_confirms_nothing() {
        let (k, c) = (|| reset(A, B, "k"), || reset(A, C, "c"));
        let settled = || confirmed(D, C, "c");
        hold(&[
            ("it still waits", vec![c(), k()], C, "confirmer_unconfirmed"),
            (
                "given since, and confirmed",
                vec![k(), c(), settled()],
                C,
                TOO_NEW,
            ),
            (
                "given before, and confirmed",
                vec![c(), settled(), k()],
                C,
                "may",
            ),
        ]);
    }

    #[test]
    fn what_is_confirmed_waits_no_more() {
        let k = || reset(A, B, "k");
        let (this, older) = (confirmed(C, B, "k"), confirmed(C, B, "old"));
        hold(&[
            (
                "already confirmed",
                vec![k(), this],
                D,
                "nothing_to_confirm",
            ),
            ("another key confirmed", vec![k(), older], D, "may"),
        ]);
    }
}
