//! Where an action leads: values, tasks and steps that it sets off.

use crate::{
    case::{Task, key},
    event::EventBody,
    procedure::{ACTOR, Action, Way},
    rules::{clocks, lookup::look_up, run::Run},
    value::Values,
};
use serde_json::Value;

/// Takes the first way whose condition holds.
pub(super) fn follow(run: &mut Run<'_>, action: &Action, task: Option<&str>) {
    let way = action
        .to
        .iter()
        .find(|w| w.when.holds(|f| look_up(&run.case, task, f)))
        .cloned();
    if let Some(way) = way {
        walk(run, &way, task);
    }
}

fn walk(run: &mut Run<'_>, way: &Way, task: Option<&str>) {
    if !way.sets.is_empty() {
        let values = way
            .sets
            .iter()
            .map(|(f, v)| (key(task, f), meant(run, v)))
            .collect();
        run.push(EventBody::Set {}, values);
    }
    for start in &way.starts {
        let seen = run.case.tasks.iter().any(|t| t.kind == start.task);
        let holds = start.when.holds(|f| look_up(&run.case, task, f));
        if holds && !(start.once && seen) {
            open_tasks(run, &start.task, &start.per, &start.into, task);
        }
    }
    if !way.step.is_empty() || way.round {
        let here = task
            .and_then(|t| run.case.task(t))
            .map_or(&run.case.step, |t| &t.step);
        let to = if way.step.is_empty() {
            here.clone()
        } else {
            way.step.clone()
        };
        run.push(
            EventBody::Moved {
                task: task.map(str::to_owned),
                to: to.clone(),
                round: way.round,
            },
            Values::new(),
        );
        clocks::happened(run, &format!("step:{to}"), task);
        if way.round {
            clocks::happened(run, "round", task);
        }
    }
    let ended = task.filter(|_| way.ends).and_then(|t| run.case.task(t));
    if let Some(Task { id, kind, .. }) = ended.cloned() {
        run.push(EventBody::TaskEnded { task: id.clone() }, Values::new());
        clocks::stop(run, &format!("task:{kind}"), Some(&id));
    }
}

/// A value that a way sets: the one who acts is named by [`ACTOR`].
fn meant(run: &Run<'_>, value: &Value) -> Value {
    if value.as_str() == Some(ACTOR) {
        let who = run.actor.hands().last();
        return who.map_or(Value::Null, |p| serde_json::json!(p));
    }
    value.clone()
}

fn open_tasks(run: &mut Run<'_>, kind: &str, per: &str, into: &str, task: Option<&str>) {
    let rows = match look_up(&run.case, task, per) {
        Some(Value::Array(rows)) if !per.is_empty() => rows.clone(),
        _ if per.is_empty() => vec![Value::Null],
        _ => vec![],
    };
    let Some(first) = run.ctx.edition.task(kind).and_then(|k| k.steps.first()) else {
        return;
    };
    for row in rows {
        let number = 1 + run.case.tasks.iter().filter(|t| t.kind == kind).count();
        let id = format!("{kind}-{number}");
        let values = row
            .as_object()
            .into_iter()
            .flatten()
            .map(|(column, v)| (format!("{id}/{into}{column}"), v.clone()))
            .collect();
        run.push(
            EventBody::TaskOpened {
                task: id.clone(),
                task_kind: kind.to_owned(),
                step: first.id.clone(),
            },
            values,
        );
        clocks::start(run, &format!("task:{kind}"), Some(&id));
    }
}
