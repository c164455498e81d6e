//! One event changes the case.

use crate::{
    case::{
        keys::{CORRECTED_NEW, EXCEPTED_WHY},
        parts::{Act, Exception, Issued, MergedIn, Running, Task},
        state::Case,
    },
    event::{Event, EventBody},
    time::{calendar::here, clock::Moment},
};
use serde_json::Value;
use std::collections::BTreeMap;

impl Case {
    /// A case from its first event; none if that is not a registration.
    pub fn begin(event: &Event) -> Option<Self> {
        let EventBody::Registered {
            case,
            procedure,
            edition,
            edition_hash,
            number,
            channel,
            received_at,
            step,
            ..
        } = &event.body
        else {
            return None;
        };
        Some(Self {
            id: *case,
            number: number.clone(),
            procedure: procedure.clone(),
            edition: edition.clone(),
            edition_hash: edition_hash.clone(),
            channel: channel.clone(),
            received_at: here(received_at),
            entered_at: here(&event.at),
            registered_by: event.actor,
            seq: 1,
            last_at: here(&event.at),
            ended: None,
            ended_at: None,
            merged_into: None,
            merged_in: vec![],
            archived: false,
            disposed: false,
            round: 1,
            round_from: 1,
            entered: event.values.keys().map(|k| (k.clone(), 1)).collect(),
            corrected: BTreeMap::new(),
            step: step.clone(),
            passed: vec![],
            tasks: vec![],
            clocks: vec![],
            values: event.values.clone(),
            acts: vec![Act {
                action: "register".to_owned(),
                task: None,
                actor: event.actor,
                at: here(&event.at),
                excepted: false,
                on_behalf_of: None,
                signs: None,
                seq: 1,
            }],
            documents: vec![],
            exceptions: vec![],
            attachments: vec![],
        })
    }

    /// A case from all its events.
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Option<Self> {
        let mut events = events.into_iter();
        let first = Self::begin(events.next()?)?;
        Some(events.fold(first, apply))
    }
}

/// Folds one event into the case.
#[must_use]
pub fn apply(mut case: Case, event: &Event) -> Case {
    let now = here(&event.at);
    case.seq += 1;
    case.last_at = now;
    match &event.body {
        EventBody::Acted { .. } => acted(&mut case, event, now),
        EventBody::Set {} => case.enter(&event.values),
        EventBody::Moved { task, to, round } => moved(&mut case, task.as_deref(), to, *round),
        EventBody::TaskOpened { .. } | EventBody::TaskEnded { .. } => {
            task_changed(&mut case, event, now);
        }
        EventBody::ClockStarted { .. }
        | EventBody::ClockStopped { .. }
        | EventBody::ClockMoved { .. } => clock_changed(&mut case, &event.body, now),
        EventBody::Corrected { field } => {
            if let Some(new) = event.values.get(CORRECTED_NEW) {
                case.values.insert(field.clone(), new.clone());
                case.corrected.insert(field.clone(), case.seq);
                case.entered.entry(field.clone()).or_insert(case.seq);
            }
        }
        EventBody::Issued { .. } => issued(&mut case, event, now),
        EventBody::Excepted {
            person,
            second,
            bar,
        } => {
            // Entered with the act just before; an exception without a reason is none of ours.
            let reason = case.values.get(EXCEPTED_WHY).and_then(Value::as_str);
            let reason = reason.unwrap_or_default().to_owned();
            case.exceptions.push(Exception {
                person: *person,
                bar: bar.clone(),
                second: *second,
                reason,
            });
        }
        EventBody::Attached { attachment, .. } => case.attachments.push(*attachment),
        EventBody::Ended { how, into } => {
            case.ended = Some(*how);
            case.ended_at = Some(now);
            case.merged_into = *into;
        }
        EventBody::MergedIn { .. } | EventBody::MergeUndone { .. } => merged(&mut case, event),
        EventBody::Reopened { step } => {
            case.ended = None;
            case.ended_at = None;
            case.merged_into = None;
            case.archived = false;
            let left = std::mem::replace(&mut case.step, step.clone());
            case.passed.push(left);
        }
        EventBody::Archived {} => case.archived = true,
        EventBody::Disposed { .. } => case.disposed = true,
        _ => {}
    }
    case
}

fn acted(case: &mut Case, event: &Event, now: Moment) {
    let EventBody::Acted {
        action,
        task,
        excepted,
        signs,
        on_behalf_of,
        ..
    } = &event.body
    else {
        return;
    };
    case.enter(&event.values);
    case.acts.push(Act {
        action: action.clone(),
        task: task.clone(),
        actor: event.actor,
        at: now,
        excepted: *excepted,
        on_behalf_of: *on_behalf_of,
        signs: signs.clone(),
        seq: case.seq,
    });
}

fn moved(case: &mut Case, task: Option<&str>, to: &str, round: bool) {
    match task {
        Some(id) => {
            if let Some(t) = case.tasks.iter_mut().find(|t| t.id == id) {
                to.clone_into(&mut t.step);
            }
        }
        None => {
            let left = std::mem::replace(&mut case.step, to.to_owned());
            case.passed.push(left);
        }
    }
    if round {
        case.round += 1;
        case.round_from = case.acts.last().map_or(case.seq, |a| a.seq);
    }
}

fn task_changed(case: &mut Case, event: &Event, now: Moment) {
    match &event.body {
        EventBody::TaskOpened {
            task,
            task_kind,
            step,
        } => {
            case.enter(&event.values);
            case.tasks.push(Task {
                id: task.clone(),
                kind: task_kind.clone(),
                step: step.clone(),
                opened_at: now,
                done_at: None,
            });
        }
        EventBody::TaskEnded { task } => {
            if let Some(t) = case.tasks.iter_mut().find(|t| &t.id == task) {
                t.done_at = Some(now);
            }
        }
        _ => {}
    }
}

fn clock_changed(case: &mut Case, body: &EventBody, now: Moment) {
    let seq = case.seq;
    let known = |case: &mut Case, id: &String, change: &dyn Fn(&mut Running)| {
        if let Some(clock) = case.clocks.iter_mut().find(|c| &c.id == id) {
            change(clock);
            clock.seq = seq;
        }
    };
    match body {
        EventBody::ClockStarted {
            clock,
            rule,
            task,
            due,
        } => case.clocks.push(Running {
            id: clock.clone(),
            rule: rule.clone(),
            task: task.clone(),
            due: due.clone().here(),
            stopped_at: None,
            moved: vec![],
            seq,
        }),
        EventBody::ClockStopped { clock, at } => known(case, clock, &|c| {
            c.stopped_at = Some(at.map_or(now, |t| here(&t)));
        }),
        EventBody::ClockMoved { clock, due, cause } => known(case, clock, &|c| {
            c.due = due.clone().here();
            c.moved.push(*cause);
        }),
        _ => {}
    }
}

/// A document was given out: it supersedes the earlier one of its form and task.
fn issued(case: &mut Case, event: &Event, now: Moment) {
    let EventBody::Issued {
        document,
        form,
        task,
        number,
        copies,
        content,
        pages,
        fields,
        per_round,
    } = &event.body
    else {
        return;
    };
    for d in &mut case.documents {
        let same = &d.form == form && &d.task == task;
        let same = same && (!per_round || d.round == case.round);
        if same && d.superseded_by.is_none() {
            d.superseded_by = Some(number.clone());
        }
    }
    case.documents.push(Issued {
        id: *document,
        form: form.clone(),
        task: task.clone(),
        number: number.clone(),
        at: now,
        round: case.round,
        by: event.actor,
        copies: copies.clone(),
        content: content.clone(),
        pages: *pages,
        fields: fields.clone(),
        seq: case.seq,
        superseded_by: None,
    });
}

/// Another case came into this one, or left it again (G6).
fn merged(case: &mut Case, event: &Event) {
    match &event.body {
        EventBody::MergedIn {
            case: id,
            number,
            with,
        } => case.merged_in.push(MergedIn {
            case: *id,
            number: number.clone(),
            with: with.clone(),
            at: event.at,
        }),
        EventBody::MergeUndone { case: id, number } => {
            case.merged_in.retain(|m| m.case != *id);
            // It had come with another: that one stays without it.
            for m in &mut case.merged_in {
                m.with.retain(|n| n != number);
            }
        }
        _ => {}
    }
}
