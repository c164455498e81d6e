//! A value of a case as an action, a form or a rule sees it.

use crate::{
    case::{Case, key},
    procedure::LATE,
    time::clock::{ClockState, state},
};
use serde_json::Value;

static YES: Value = Value::Bool(true);

static NO: Value = Value::Bool(false);

/// A value as an action of a task sees it: the task's own first, then the case's.
///
/// `late:RULE` is whether the newest clock of the rule was stopped past its due time.
pub fn look_up<'a>(case: &'a Case, task: Option<&str>, field: &str) -> Option<&'a Value> {
    if let Some(rule) = field.strip_prefix(LATE) {
        let newest = case.clocks.iter().rev().find(|c| c.rule == rule)?;
        let missed = state(&newest.due, newest.stopped_at, case.last_at) == ClockState::Missed;
        return Some(if missed { &YES } else { &NO });
    }
    task.and_then(|t| case.values.get(&key(Some(t), field)))
        .or_else(|| case.values.get(field))
}

/// A value as a form or a closing rule of the case sees it: the case's own, else that of the newest task that has
/// it; as a form of a task sees it, the task's first, then the case's.
pub fn look_over<'a>(case: &'a Case, task: Option<&str>, field: &str) -> Option<&'a Value> {
    let newest = |field: &str| {
        let mut tasks = case.tasks.iter().rev();
        tasks.find_map(|t| case.values.get(&key(Some(&t.id), field)))
    };
    match task {
        Some(_) => look_up(case, task, field),
        None => look_up(case, None, field).or_else(|| newest(field)),
    }
}
