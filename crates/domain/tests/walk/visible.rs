//! Lists and cases agree on who has part in a confidential case: what a row keeps of it answers as the case itself does.

use crate::{
    agree::{onward, somebody},
    over,
};
use proptest::prelude::*;
use redress_domain::{
    decide::{Actor, Offer, offers, permitted},
    id::PersonId,
    visibility::{Part, Participants, Visibility, participants, visibility},
};
use rstest::rstest;
use std::cell::Cell;

/// Walks of each procedure.
const WALKS: u32 = 120;

/// Everybody through whom somebody may act: the person, and each principal.
fn everyone(actor: &Actor) -> impl Iterator<Item = &Actor> {
    std::iter::once(actor).chain(&actor.principals)
}

/// What a list knows of a case: the row as it is written and read again. The words of the reasons are not in it.
fn row(kept: &Participants) -> Participants {
    let text = serde_json::to_string(kept).expect("a row");
    serde_json::from_str(&text).expect("the row again")
}

/// Somebody whose roles are confirmed or not, and whose password is the own one or not.
fn viewer(actor: Actor, n: usize) -> Actor {
    let doubtful = |mut one: Actor| {
        if n.is_multiple_of(4) {
            one.unconfirmed = one.roles.iter().take(n % 3).cloned().collect();
        }
        one
    };
    let principals = actor.principals.clone().into_iter().map(doubtful);
    let principals = principals.collect();
    let mut all = doubtful(actor);
    all.trusted = !n.is_multiple_of(5);
    all.principals = principals;
    all
}

#[rstest]
fn a_row_tells_of_a_confidential_case_what_the_case_tells(
    #[values(0, 1, 2, 3, 4, 5, 6, 7, 8)] which: usize,
) {
    let confidential = Cell::new(0);
    over(which, WALKS, |mut walk, steps| {
        for n in steps {
            let (edition, case) = (walk.edition, walk.case.clone());
            let kept = participants(edition, &case).map(|p| row(&p));
            confidential.set(confidential.get() + usize::from(kept.is_some()));
            let all = offers(edition, &case);
            let always = |o: &&Offer<'_>| edition.procedure.always.contains(o.action);
            let turns: Vec<_> = all.iter().filter(|o| !always(o)).collect();
            for who in 1..=12_u128 {
                let actor = viewer(somebody(&walk, who, n + who as usize), n + who as usize);
                let seen = visibility(edition, &case, &actor);
                let Some(kept) = &kept else {
                    prop_assert!(
                        matches!(seen, Visibility::UpTo(_)),
                        "nothing is confidential"
                    );
                    continue;
                };
                let hands: Vec<PersonId> = everyone(&actor).flat_map(Actor::hands).collect();
                let holds = |role: &str| everyone(&actor).any(|a| a.sees_by(role));
                let part = kept.part(&hands, holds, actor.trusted);
                let told = match seen {
                    Visibility::Absent => Part::Subject,
                    Visibility::Hidden => Part::None,
                    Visibility::UpTo(_) => Part::Whole,
                };
                prop_assert_eq!(part, told, "{} {:?}", case.step, actor);
                prop_assert!(part != Part::Whole || seen == Visibility::FULL);
                // For whom it is not there: the table that lists and numbers leave out by.
                let there = !hands.iter().any(|h| kept.hidden_from.contains(h));
                prop_assert_eq!(there, seen != Visibility::Absent);
                // Whose turn it is sees what there is to do.
                let doubtful = everyone(&actor).any(|a| !a.unconfirmed.is_empty());
                if !actor.trusted || doubtful || part == Part::Subject {
                    continue;
                }
                for offer in turns.iter().filter(|o| !o.action.by.is_empty()) {
                    let may = permitted(&walk.ctx(), &case, &actor, offer).is_ok();
                    prop_assert!(!may || part == Part::Whole, "{} is not seen", offer.id());
                }
            }
            if !onward(&mut walk, &all, n) {
                break;
            }
        }
        Ok(())
    });
    assert!(confidential.get() > 100, "walks through confidential cases");
}
