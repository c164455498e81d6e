//! Every step can be reached, and every step can be left.

use crate::procedure::{check::look::Look, step::Step};
use std::collections::BTreeSet;

/// Every step can be reached, and every step can be left or closed in.
pub(super) fn reachable(look: &mut Look<'_>) {
    let p = &look.edition.procedure;
    let lists = std::iter::once(&p.steps).chain(p.tasks.iter().map(|t| &t.steps));
    let (mut lost, mut stuck) = (Vec::new(), Vec::new());
    for steps in lists {
        let everywhere = if std::ptr::eq(steps, &p.steps) {
            &p.always[..]
        } else {
            &[]
        };
        let mut reached: BTreeSet<&str> =
            steps.first().map(|s| s.id.as_str()).into_iter().collect();
        let ways = |s: &Step| {
            s.actions
                .iter()
                .flat_map(|a| a.to.clone())
                .collect::<Vec<_>>()
        };
        loop {
            let more: BTreeSet<&str> = steps
                .iter()
                .filter(|s| reached.contains(s.id.as_str()))
                .flat_map(ways)
                .chain(everywhere.iter().flat_map(|a| a.to.clone()))
                .filter_map(|w| steps.iter().find(|s| s.id == w.step))
                .map(|s| s.id.as_str())
                .filter(|id| !reached.contains(id))
                .collect();
            if more.is_empty() {
                break;
            }
            reached.extend(more);
        }
        for s in steps {
            if !reached.contains(s.id.as_str()) {
                lost.push(s.id.clone());
            }
            let leaves = s.actions.iter().any(|a| {
                a.effect == crate::procedure::step::Effect::Close
                    || a.to
                        .iter()
                        .any(|w| w.ends || (!w.step.is_empty() && w.step != s.id))
            });
            if !leaves {
                stuck.push(s.id.clone());
            }
        }
    }
    for id in lost {
        look.bad("step_unreachable", &id);
    }
    for id in stuck {
        look.bad("step_without_way_out", &id);
    }
}
