//! Random walks over every procedure: from wherever a walk stops, the case can be closed by the procedure's own
//! way; and whatever is done, in whatever order, G1, G7, G12 and G18 hold.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests read the procedures that ship with the product"
)]

mod agree;
mod editions;
mod table;
mod visible;
mod walker;

use editions::EDITIONS;
use proptest::{
    prelude::*,
    test_runner::{TestCaseError, TestRunner},
};
use redress_domain::{
    case::Case,
    closing,
    decide::{Offer, offers},
    event::Ending,
    procedure::Effect,
    record,
};
use rstest::rstest;
use walker::Walk;

/// Walks of one procedure; nine procedures make ten thousand of each kind.
const WALKS: u32 = 1_150;

/// Runs a property of one procedure over seeds and choices.
fn over(
    which: usize,
    cases: u32,
    property: impl Fn(Walk, Vec<usize>) -> Result<(), TestCaseError>,
) {
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 40,
        ..ProptestConfig::default()
    };
    assert_eq!(EDITIONS.len(), 9, "nine procedures");
    let edition = &EDITIONS[which];
    let choices = (0_usize..1000, prop::collection::vec(0_usize..1000, 0..40));
    let done = TestRunner::new(config).run(&choices, |(seed, steps)| {
        property(Walk::begin(edition, seed), steps)
    });
    if let Err(e) = done {
        panic!("{}: {e}", edition.procedure.head.id);
    }
}

#[rstest]
fn every_walk_can_be_closed(#[values(0, 1, 2, 3, 4, 5, 6, 7, 8)] which: usize) {
    over(which, WALKS, |mut walk, steps| {
        for n in steps {
            let ids: Vec<String> = offers(walk.edition, &walk.case)
                .iter()
                .filter(|o| {
                    let e = o.action.effect;
                    matches!(
                        e,
                        Effect::Record | Effect::Reclassify | Effect::Assign | Effect::Close
                    )
                })
                .map(redress_domain::decide::Offer::id)
                .collect();
            if !walk.case.is_open() || ids.is_empty() {
                break;
            }
            walk.attempt(&ids[n % ids.len()], n);
            walk.sound();
            if n.is_multiple_of(3) {
                walk.papers();
            }
        }
        let open = walk.case.is_open();
        let lacks = |walk: &Walk| -> Vec<String> {
            let missing = closing::missing(walk.edition, &walk.case);
            missing.into_iter().map(|m| m.title).collect()
        };
        prop_assert!(
            !open || walk.close(),
            "stuck at {}: {:?}",
            walk.case.step,
            lacks(&walk)
        );
        prop_assert_eq!(walk.case.ended, Some(Ending::Closed));
        let closed = walk
            .closed
            .as_ref()
            .map(|c| closing::missing(walk.edition, c));
        prop_assert!(
            closed.is_none_or(|l| l.is_empty()),
            "G7 holds for whatever was closed"
        );
        // What closing itself put on a record is given out once more, and filed.
        walk.papers();
        prop_assert!(walk.attempt("archive", 0), "filed");
        prop_assert!(record::wanting(walk.edition, &walk.case).is_empty());
        prop_assert_eq!(unsaid(&walk), Vec::<String>::new());
        prop_assert!(walk.case.exceptions.is_empty());
        walk.sound();
        for clock in &walk.case.clocks {
            prop_assert!(
                clock.stopped_at.is_some(),
                "{} runs on after closing",
                clock.id
            );
        }
        Ok(())
    });
}

/// What the case knows and its records do not say, looked up anew: every key that a record's file names stands on it
/// only if the newest paper was given out after it was last entered or corrected, and every act that a signature line
/// names was done before.
fn unsaid(walk: &Walk) -> Vec<String> {
    let mut all = Vec::new();
    let forms = walk
        .edition
        .procedure
        .forms
        .iter()
        .map(|id| &walk.edition.forms[id]);
    for form in forms.filter(|f| f.record.is_some()) {
        let data = serde_json::to_string(form).expect("a form");
        let papers = walk.case.documents.iter().filter(|d| d.form == form.id);
        let newest = |task: &Option<String>| papers.clone().rfind(|d| &d.task == task);
        for paper in papers
            .clone()
            .filter(|d| newest(&d.task).is_some_and(|n| n.id == d.id))
            .filter(|d| !form.per_round || d.round == walk.case.round)
        {
            let own = |key: &str| {
                let (task, _) = key.rsplit_once('/').unzip();
                task.is_none() || task == paper.task.as_deref()
            };
            for (key, entered) in walk.case.entered.iter().filter(|(k, _)| own(k)) {
                let field = key.rsplit('/').next().expect("a field");
                let named = data.contains(&format!("{{{field}}}"))
                    || data.contains(&format!("\"{field}\""));
                let at = walk.case.corrected.get(key).unwrap_or(entered).max(entered);
                if named && *at > paper.seq {
                    all.push(format!("{}: {key}", form.id));
                }
            }
        }
    }
    all
}

/// Everything is tried: corrections, exceptions, extensions, withdrawal, voiding, merging, reopening, archive.
#[rstest]
fn nothing_that_is_allowed_breaks_the_rules(#[values(0, 1, 2, 3, 4, 5, 6, 7, 8)] which: usize) {
    over(which, WALKS, |mut walk, steps| {
        for n in steps {
            let before = walk.case.clone();
            // What ends a case is tried now and then, or no walk would get far.
            let ends = |o: &&Offer<'_>| {
                use Effect::{Close, Merge, Transfer, Void, Withdraw};
                matches!(o.action.effect, Withdraw | Merge | Transfer | Void | Close)
            };
            let ids: Vec<String> = offers(walk.edition, &before)
                .iter()
                .filter(|o| !ends(o) || n.is_multiple_of(7))
                .map(redress_domain::decide::Offer::id)
                .collect();
            if ids.is_empty() {
                break;
            }
            walk.attempt(&ids[n % ids.len()], n);
            walk.sound();
            if before.is_open() && walk.case.ended == Some(Ending::Closed) {
                let lacks = closing::missing(walk.edition, &before);
                prop_assert!(lacks.is_empty(), "G7: closed without {:?}", lacks[0].title);
            }
            prop_assert_eq!(&before.number, &walk.case.number, "G12: a number stays");
            if before.ended == Some(Ending::Voided) {
                prop_assert_eq!(
                    walk.case.ended,
                    Some(Ending::Voided),
                    "G12: a void number stays"
                );
            }
            let frozen = |c: &Case| -> Vec<_> {
                let all = c.documents.iter();
                all.map(|d| (d.id, d.number.clone(), d.content.clone(), d.pages))
                    .collect()
            };
            walk.papers();
            let (given, now) = (frozen(&before), frozen(&walk.case));
            prop_assert_eq!(
                &given[..],
                &now[..given.len()],
                "G18: what was given out stays"
            );
        }
        Ok(())
    });
}
