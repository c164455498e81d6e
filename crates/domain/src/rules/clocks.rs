//! Starting, stopping and moving clocks (T2–T6).

use crate::{
    case::Running,
    event::{EventBody, MoveCause},
    procedure::ClockRule,
    rules::{
        context::target,
        lookup::{look_over, look_up},
        run::Run,
    },
    time::{
        Limit,
        calendar::{self, midnight},
        clock::{self, Span},
    },
    value::Values,
};

/// Starts and stops the clocks that wait for what just happened.
pub(super) fn happened(run: &mut Run<'_>, what: &str, task: Option<&str>) {
    stop(run, what, task);
    start(run, what, task);
}

pub(super) fn stop(run: &mut Run<'_>, what: &str, task: Option<&str>) {
    let edition = run.ctx.edition;
    let stopped: Vec<String> = run
        .case
        .clocks
        .iter()
        .filter(|c| c.stopped_at.is_none())
        // What happens to the case itself stops a task's clock that waits for it: a call, a closing.
        .filter(|c| c.task.is_none() || task.is_none() || c.task.as_deref() == task)
        .filter(|c| {
            edition
                .clock(&c.rule)
                .is_some_and(|r| r.stops.iter().any(|s| s == what))
        })
        .map(|c| c.id.clone())
        .collect();
    for clock in stopped {
        run.push(EventBody::ClockStopped { clock, at: None }, Values::new());
    }
}

pub(super) fn start(run: &mut Run<'_>, what: &str, task: Option<&str>) {
    let edition = run.ctx.edition;
    for rule in edition
        .procedure
        .clocks
        .iter()
        .filter(|r| r.starts.iter().any(|s| s == what))
    {
        let runs = run
            .case
            .clocks
            .iter()
            .any(|c| c.rule == rule.id && c.stopped_at.is_none() && c.task.as_deref() == task);
        // The case knows what its tasks say: that the car came back.
        if runs || !rule.when.holds(|f| look_over(&run.case, task, f)) {
            continue;
        }
        let number = 1 + run.case.clocks.iter().filter(|c| c.rule == rule.id).count();
        let due = due_of(run, rule, task);
        let clock = format!("{}-{number}", rule.id);
        run.push(
            EventBody::ClockStarted {
                clock: clock.clone(),
                rule: rule.id.clone(),
                task: task.map(str::to_owned),
                due,
            },
            Values::new(),
        );
        if rule.of_complainant {
            let at = Some(run.case.received_at);
            run.push(EventBody::ClockStopped { clock, at }, Values::new());
        }
    }
}

/// T5: running clocks get the limit of the case's class as it is now, from the same start.
pub(super) fn reclassify(run: &mut Run<'_>) {
    let running: Vec<Running> = run.case.clocks.clone();
    for c in running.into_iter().filter(|c| c.stopped_at.is_none()) {
        let Some(rule) = run.ctx.edition.clock(&c.rule) else {
            continue;
        };
        let Some(span) = class_limit(run, rule, c.task.as_deref()) else {
            continue;
        };
        let due = clock::due(span, c.due.start, rule.roll, run.ctx.calendar);
        let extended = c.moved.contains(&MoveCause::Extension);
        if due.span != c.due.span && !(extended && due.at < c.due.at) {
            let body = EventBody::ClockMoved {
                clock: c.id,
                due,
                cause: MoveCause::Reclassification,
            };
            run.push(body, Values::new());
        }
    }
}

fn class_limit(run: &Run<'_>, rule: &ClockRule, task: Option<&str>) -> Option<Span> {
    rule.by_class
        .iter()
        .find(|c| c.when.holds(|f| look_up(&run.case, task, f)))
        .and_then(|c| c.within.span())
}

fn due_of(run: &Run<'_>, rule: &ClockRule, task: Option<&str>) -> clock::Due {
    let calendar = run.ctx.calendar;
    let start = if rule.from_received {
        run.case.received_at
    } else {
        day_of(run, &rule.from, task).unwrap_or(run.ctx.now)
    };
    let own = run.ctx.targets.get(&target(run.ctx.edition, rule));
    let own = own.filter(|_| rule.left_open || !rule.word.is_empty());
    if let Some(span) = own.and_then(Limit::span) {
        let due = clock::due(span, start, rule.roll, calendar);
        return clock::Due {
            own_target: true,
            ..due
        };
    }
    let span = class_limit(run, rule, task);
    if let Some(span) = rule.within.and_then(|l| l.span()).or(span) {
        clock::due(span, start, rule.roll, calendar)
    } else if let Some(span) = rule.not_before.and_then(|l| l.span()) {
        clock::not_before(span, start, calendar)
    } else if rule.agreed.is_empty() {
        clock::word(start, calendar)
    } else {
        clock::agreed(look_up(&run.case, task, &rule.agreed), start, calendar)
    }
}

/// The beginning of the day in a date field.
fn day_of(run: &Run<'_>, field: &str, task: Option<&str>) -> Option<clock::Moment> {
    let day = look_up(&run.case, task, field)?.as_str()?;
    calendar::day_in(day).map(midnight)
}
