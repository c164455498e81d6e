//! What must hold before an action is done.

use crate::{
    case::Running,
    procedure::{Action, Requirement},
    refusal::Refusal,
    rules::{compare, lookup::look_up, permit::unmet, run::Run},
    time::calendar::{self, here},
    value::{Values, given, people_in},
};
use serde_json::Value;

pub(super) fn check(
    run: &Run<'_>,
    action: &Action,
    task: Option<&str>,
    entered: &Values,
) -> Result<(), Refusal> {
    let look = |f: &str| entered.get(f).or_else(|| look_up(&run.case, task, f));
    for r in &action.requires {
        if !r.when.holds(look) {
            continue;
        }
        if !meets(run, r, task, &look) {
            return Err(unmet(run.ctx.edition, action, r));
        }
        if let Some(c) = &r.compares {
            compare::held(run.ctx.edition, c, &r.field, look)
                .map_err(|refusal| refusal.with("action", action.title.as_str()))?;
        }
    }
    Ok(())
}

fn meets<'v>(
    run: &Run<'_>,
    r: &Requirement,
    task: Option<&str>,
    look: &impl Fn(&str) -> Option<&'v Value>,
) -> bool {
    let value = look(&r.field);
    let date = |v: Option<&Value>| v.and_then(Value::as_str).and_then(calendar::day_in);
    let limit = |name: &str| {
        if name == "today" {
            Some(here(&run.ctx.now).date_naive())
        } else {
            date(look(name))
        }
    };
    let not_before = r.not_before.is_empty()
        || match (date(value), limit(&r.not_before)) {
            (Some(d), Some(l)) => d >= l,
            _ => true,
        };
    let not_after = r.not_after.is_empty()
        || match (date(value), limit(&r.not_after)) {
            (Some(d), Some(l)) => d <= l,
            _ => true,
        };
    let people = value.map(people_in).unwrap_or_default();
    let others = look(&r.not_in).map(people_in).unwrap_or_default();
    let confirmed_by_self = value
        .and_then(|v| v.get("confirmed_by"))
        .is_some_and(|v| run.actor.hands().any(|p| people_in(v).contains(&p)));
    let tasks = run.case.tasks.iter().filter(|t| t.kind == r.tasks_done);
    let never = !r.never.0.is_empty() && r.never.holds(look);
    !never
        && has_opened(run, &r.opened, task)
        && not_before
        && not_after
        && (!r.given || given(value))
        && (!r.not_actor || !(run.actor.hands().any(|p| people.contains(&p)) || confirmed_by_self))
        && !people.iter().any(|p| others.contains(p))
        && (r.issued.is_empty() || document_issued(run, &r.issued, task))
        && (r.tasks_done.is_empty() || tasks.into_iter().all(|t| t.done_at.is_some()))
}

/// Whether the not-before day of the clock's newest run has come.
fn has_opened(run: &Run<'_>, rule: &str, task: Option<&str>) -> bool {
    let own = |c: &&Running| c.rule == rule && (c.task.is_none() || c.task.as_deref() == task);
    let newest = run.case.clocks.iter().rev().find(own);
    newest.is_none_or(|c| c.due.opens.is_none_or(|o| o <= run.ctx.now))
}

/// Of a sheet of each round (G4) the one of the round that runs counts.
fn document_issued(run: &Run<'_>, form: &str, task: Option<&str>) -> bool {
    let forms = &run.ctx.edition.forms;
    let per_round = forms.get(form).is_some_and(|f| f.per_round);
    run.case.documents.iter().any(|d| {
        let own = d.task.is_none() || d.task.as_deref() == task;
        d.form == form && own && (!per_round || d.round == run.case.round)
    })
}
