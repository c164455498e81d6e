//! Lists and acts agree: what stands on somebody's desk is what they may do, with deputies, bars and exceptions.

use crate::{
    over,
    walker::{Walk, person},
};
use proptest::prelude::*;
use redress_domain::{
    decide::{Actor, Offer, Request, decide, offers, permitted},
    eligible::eligible,
    id::PersonId,
    procedure::Effect,
    value::Values,
};
use rstest::rstest;
use std::collections::BTreeSet;

/// Walks of each procedure.
const WALKS: u32 = 120;

/// Somebody with some of the procedure's roles, who stands for others with some of theirs.
pub fn somebody(walk: &Walk, who: u128, n: usize) -> Actor {
    let roles = |k: usize| -> BTreeSet<String> {
        let all = walk.edition.procedure.roles.iter().enumerate();
        all.filter(|(i, _)| k == 0 || !(i + k).is_multiple_of(3))
            .map(|(_, r)| r.id.clone())
            .collect()
    };
    let mut actor = Actor::new(person(who), roles(n % 4));
    for principal in 0..(n % 3) as u128 {
        let other = 1 + (who + 3 * principal + n as u128) % 12;
        if other != who {
            actor.principals.push(Actor {
                acts_for: Some(person(other)),
                ..Actor::new(person(who), roles((n + 1) % 4))
            });
        }
    }
    actor
}

/// What each hand may, one by one: the own hand alone, or the deputy's and the principal's together.
fn free(walk: &Walk, offer: &Offer<'_>, actor: &Actor) -> bool {
    let hands: Vec<PersonId> = actor.hands().collect();
    hands
        .iter()
        .all(|h| walk.barred(offer.action, *h).is_empty())
}

/// Codes of who acts, not of what lacks.
const WHO: [&str; 5] = [
    "barred",
    "barred_hand",
    "own_approval",
    "role_missing",
    "not_the_responsible",
];

/// What is offered to somebody is barred to none of the hands for which it is, and refused for what lacks alone.
fn for_this_hand(
    walk: &Walk,
    offer: &Offer<'_>,
    actor: &Actor,
    acts_for: Option<PersonId>,
) -> Result<(), TestCaseError> {
    let hand = match acts_for {
        None => Some(actor),
        some => actor.principals.iter().find(|a| a.acts_for == some),
    };
    prop_assert!(
        hand.is_some_and(|a| free(walk, offer, a)),
        "G1: {} is offered to a barred hand",
        offer.id()
    );
    let wordless = Request {
        action: &offer.id(),
        values: Values::new(),
        confirmed: BTreeSet::new(),
        into: None,
    };
    let refused = decide(&walk.ctx(), &walk.case, actor, &wordless).err();
    let code = refused.map_or(String::new(), |r| r.code);
    prop_assert!(
        !WHO.contains(&code.as_str()),
        "{} is offered and refused: {code}",
        offer.id()
    );
    Ok(())
}

/// The next step of a walk: one of the offers, seldom one that ends the case; answers whether there was one.
pub(crate) fn onward(walk: &mut Walk, all: &[Offer<'_>], n: usize) -> bool {
    let ends = |o: &&Offer<'_>| {
        use Effect::{Close, Merge, Transfer, Void, Withdraw};
        matches!(o.action.effect, Withdraw | Merge | Transfer | Void | Close)
    };
    let some = all.iter().filter(|o| !ends(o) || n.is_multiple_of(7));
    let ids: Vec<String> = some.map(Offer::id).collect();
    if let Some(id) = ids.get(n % ids.len().max(1)) {
        walk.attempt(id, n);
    }
    !ids.is_empty()
}

#[rstest]
fn what_is_listed_can_be_done_and_nothing_else(#[values(0, 1, 2, 3, 4, 5, 6, 7, 8)] which: usize) {
    over(which, WALKS, |mut walk, steps| {
        for n in steps {
            let before = walk.case.clone();
            let all = offers(walk.edition, &before);
            for offer in &all {
                let listed = eligible(walk.edition, &before, offer);
                for who in 1..=12 {
                    let actor = somebody(&walk, who, n + who as usize);
                    let may = permitted(&walk.ctx(), &before, &actor, offer);
                    let on_the_list = listed.as_ref().is_some_and(|e| e.admits(&actor));
                    prop_assert_eq!(on_the_list, may.is_ok(), "{} {:?}", offer.id(), may);
                    if let Ok(permit) = may {
                        for_this_hand(&walk, offer, &actor, permit.acts_for)?;
                    }
                }
            }
            if !onward(&mut walk, &all, n) {
                break;
            }
            // Exceptions are seldom among so many acts.
            if n.is_multiple_of(3) {
                walk.attempt("except", n);
            }
        }
        Ok(())
    });
}

/// C21, C22: an exception for the deputy does not lift the bar of the one for whom the deputy acts, nor the reverse,
/// nor another bar of the same person; and the refusal names whose bar it is.
#[test]
fn an_exception_lifts_one_bar_of_one_hand() {
    use redress_domain::case::Exception;
    use serde_json::json;
    let mut all = crate::editions::EDITIONS.iter();
    let edition = all
        .find(|e| e.procedure.head.id == "inspection-station")
        .expect("the station");
    let mut walk = Walk::begin(edition, 0);
    let (a, b) = (person(101), person(102));
    walk.case.values.extend([
        ("report.operator".to_owned(), json!(b)),
        ("complaint.named_staff".to_owned(), json!([a])),
    ]);
    let roles: BTreeSet<String> = edition
        .procedure
        .roles
        .iter()
        .map(|r| r.id.clone())
        .collect();
    let mut deputy = Actor::new(a, BTreeSet::new());
    deputy.principals = vec![Actor {
        acts_for: Some(b),
        ..Actor::new(a, roles)
    }];
    let mut actions = edition.actions().filter(|x| {
        let has = |bar: &str| x.bars.iter().any(|b| b == bar);
        has("did_original") && has("named_in_complaint") && x.by_person.is_empty()
    });
    let action = actions.next().expect("an action with both bars");
    let exception = |who: PersonId, bar: &str| Exception {
        person: who,
        bar: Some(bar.to_owned()),
        second: person(103),
        reason: String::new(),
    };
    let (for_a, for_b) = (
        exception(a, "named_in_complaint"),
        exception(b, "did_original"),
    );
    let table: [(Vec<Exception>, Option<PersonId>); 7] = [
        (vec![], Some(a)),
        (vec![for_a.clone()], Some(b)),
        (vec![for_b.clone()], Some(a)),
        (vec![exception(a, "did_original"), for_b.clone()], Some(a)),
        (
            vec![for_a.clone(), exception(b, "named_in_complaint")],
            Some(b),
        ),
        (vec![for_a.clone(), exception(a, "did_original")], Some(b)),
        (vec![for_a, for_b], None),
    ];
    for (exceptions, barred) in table {
        walk.case.exceptions = exceptions;
        let offer = Offer { action, task: None };
        let may = permitted(&walk.ctx(), &walk.case, &deputy, &offer);
        let listed = eligible(edition, &walk.case, &offer).expect("somebody");
        assert_eq!(listed.admits(&deputy), barred.is_none());
        match (may, barred) {
            (Ok(permit), None) => assert!(permit.excepted && permit.acts_for == Some(b)),
            (Err(r), Some(whose)) => {
                assert_eq!(r.code, "barred_hand");
                assert!([a, b].contains(&whose));
                // Both may stand in the way at once: the one that is named is one of them.
                let left = |p| !walk.barred(action, p).is_empty();
                let named = [a, b]
                    .into_iter()
                    .find(|p| r.params["person"] == p.to_string());
                assert!(named.is_some_and(left), "{r:?}");
                assert!(left(whose));
            }
            other => panic!("{other:?}"),
        }
    }
}
