//! `$name` in a building block: the procedure says in `[stands_for]` which roles, steps, actions or bars are meant.

use crate::procedure::{Procedure, limits, step::Action};
use std::collections::{BTreeMap, BTreeSet};

struct Names<'a> {
    table: &'a BTreeMap<String, Vec<String>>,
    missing: BTreeSet<String>,
    /// What has been put in place so far.
    put: usize,
}

impl Names<'_> {
    fn look(&mut self, name: &str) -> Vec<String> {
        match self.table.get(name) {
            Some(all) if !all.is_empty() => {
                self.put = self.put.saturating_add(all.len());
                // Whoever asks for more gets nothing more: it is refused at the end.
                if self.put > limits::STANDS_FOR {
                    return Vec::new();
                }
                all.clone()
            }
            _ => {
                self.missing.insert(name.to_owned());
                Vec::new()
            }
        }
    }

    fn list(&mut self, ids: &mut Vec<String>) {
        if ids.iter().any(|id| id.starts_with('$')) {
            *ids = std::mem::take(ids)
                .into_iter()
                .flat_map(|id| match id.strip_prefix('$') {
                    Some(name) => self.look(name),
                    None => vec![id],
                })
                .collect();
        }
    }

    /// `action:$name` and the like.
    fn events(&mut self, events: &mut Vec<String>) {
        *events = std::mem::take(events)
            .into_iter()
            .flat_map(|event| match event.split_once(":$") {
                Some((kind, name)) => {
                    let all = self.look(name);
                    all.into_iter().map(|id| format!("{kind}:{id}")).collect()
                }
                None => vec![event],
            })
            .collect();
    }

    fn action(&mut self, action: &mut Action) {
        self.list(&mut action.by);
        self.list(&mut action.bars);
        for r in &mut action.requires {
            self.list(&mut r.other_than);
        }
        for way in &mut action.to {
            if let Some(name) = way.step.strip_prefix('$') {
                // A name that stands for nothing is refused at the end.
                way.step = self.look(name).into_iter().next().unwrap_or_default();
            }
        }
    }
}

/// Puts what is meant in every place; answers the names that the procedure does not explain, or nothing where there
/// is more to put in place than a procedure says.
pub(crate) fn resolve(procedure: &mut Procedure) -> Option<BTreeSet<String>> {
    let table = procedure.stands_for.clone();
    let mut names = Names {
        table: &table,
        missing: BTreeSet::new(),
        put: 0,
    };
    for bar in &mut procedure.bars {
        names.list(&mut bar.actors_of);
    }
    names.action(&mut procedure.register);
    for action in &mut procedure.always {
        names.action(action);
    }
    let tasks = procedure.tasks.iter_mut().flat_map(|t| &mut t.steps);
    for step in procedure.steps.iter_mut().chain(tasks) {
        for action in &mut step.actions {
            names.action(action);
        }
    }
    for clock in &mut procedure.clocks {
        names.events(&mut clock.starts);
        names.events(&mut clock.stops);
    }
    for duty in &mut procedure.reports {
        names.list(&mut duty.by);
    }
    (names.put <= limits::STANDS_FOR).then_some(names.missing)
}
