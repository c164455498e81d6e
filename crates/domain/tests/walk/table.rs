//! Who may do what.

use crate::{
    editions::EDITIONS,
    walker::{Walk, person},
};
use redress_domain::{
    decide::{Actor, Offer, permitted},
    procedure::Edition,
};
use serde_json::json;
use std::collections::BTreeSet;

/// The second permission table, cell by cell: each action × each role × a grant for any, for the action's own
/// and for another department, whatever else would refuse it.
#[test]
fn every_action_is_open_to_the_roles_that_the_procedure_names_and_to_no_other() {
    let (mut cells, mut others) = (0, 0);
    for edition in EDITIONS.iter() {
        let (all, refused) = table(edition);
        cells += all;
        others += refused;
    }
    assert!(cells > 1500, "{cells} cells");
    assert!(others > 0, "some action is a department's own");
}

/// An appeal never waits for somebody who is not there: besides the deciders, whom a decision of theirs bars, each
/// procedure names how another body's decision is taken in, by people whom nothing bars, and it leads on.
#[test]
fn an_appeal_can_be_decided_where_everyone_has_decided() {
    for edition in EDITIONS.iter() {
        let Some(step) = edition.step("appeal") else {
            panic!("{}: no appeal", edition.procedure.head.id);
        };
        let open = step.actions.iter().find(|a| {
            let on = a.to.iter().all(|w| !w.step.is_empty() && w.step != step.id);
            a.bars.is_empty() && a.requires.is_empty() && a.when.0.is_empty() && on
        });
        let open = open.map(|a| (!a.to.is_empty(), !a.by.is_empty()));
        assert_eq!(open, Some((true, true)), "{}", edition.procedure.head.id);
    }
}

/// Cells, and how many of them another department's grant closes.
fn table(edition: &'static Edition) -> (usize, usize) {
    let mut walk = Walk::begin(edition, 0);
    for action in edition.actions().filter(|a| !a.department.is_empty()) {
        let own = (action.department.clone(), json!("化学检测室"));
        walk.case.values.extend([own]);
    }
    let (mut cells, mut others) = (0, 0);
    for action in edition.actions() {
        for role in &edition.procedure.roles {
            for grant in ["", "化学检测室", "灯光检测室"] {
                let mut actor = Actor::new(person(99), BTreeSet::from([role.id.clone()]));
                if !grant.is_empty() {
                    let only = BTreeSet::from([grant.to_owned()]);
                    actor.departments.insert(role.id.clone(), only);
                }
                let offer = Offer { action, task: None };
                let refusal = permitted(&walk.ctx(), &walk.case, &actor, &offer).err();
                let code = refusal.map(|r| r.code).unwrap_or_default();
                let named = action.by.is_empty() || action.by.contains(&role.id);
                let elsewhere = !action.department.is_empty() && grant == "灯光检测室";
                let place = format!("{} × {} × {grant}", action.id, role.id);
                assert_eq!(code == "role_missing", !named, "{place}");
                assert_eq!(code == "other_department", named && elsewhere, "{place}");
                others += usize::from(code == "other_department");
                cells += 1;
            }
        }
    }
    (cells, others)
}
