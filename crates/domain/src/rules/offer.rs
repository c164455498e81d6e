//! Which actions stand open in a case.

use crate::{
    case::{Case, Task, key},
    event::Ending,
    procedure::{Action, Edition, Effect},
    rules::lookup::look_up,
};

/// An action that stands open in the case, for one task or for the case itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offer<'a> {
    /// What.
    pub action: &'a Action,
    /// For which task.
    pub task: Option<&'a Task>,
}

impl Offer<'_> {
    /// `action@task`, or the action alone.
    pub fn id(&self) -> String {
        match self.task {
            Some(t) => format!("{}@{}", self.action.id, t.id),
            None => self.action.id.clone(),
        }
    }

    /// The key under which the act keeps a field.
    pub fn key(&self, field: &str) -> String {
        key(self.task.map(|t| t.id.as_str()), field)
    }
}

/// Every action that stands open now, allowed to anyone or not.
pub fn offers<'a>(edition: &'a Edition, case: &'a Case) -> Vec<Offer<'a>> {
    let p = &edition.procedure;
    let mut all = Vec::new();
    if case.disposed {
        return all;
    }
    if case.is_open() {
        let step = edition.step(&case.step);
        all.extend(
            step.into_iter()
                .flat_map(|s| &s.actions)
                .map(|action| Offer { action, task: None }),
        );
        for task in case.tasks.iter().filter(|t| t.done_at.is_none()) {
            let step = edition
                .task(&task.kind)
                .and_then(|k| k.steps.iter().find(|s| s.id == task.step));
            all.extend(
                step.into_iter()
                    .flat_map(|s| &s.actions)
                    .map(|action| Offer {
                        action,
                        task: Some(task),
                    }),
            );
        }
    }
    all.extend(
        p.always
            .iter()
            .filter(|a| match a.effect {
                Effect::Reopen => !case.is_open() && case.ended != Some(Ending::Voided),
                Effect::Archive => !case.is_open() && !case.archived,
                _ => case.is_open(),
            })
            .map(|action| Offer { action, task: None }),
    );
    all.retain(|o| {
        o.action
            .when
            .holds(|f| look_up(case, o.task.map(|t| t.id.as_str()), f))
    });
    all
}
