//! One event changes the case.

use crate::{
    case::{
        Case,
        keys::{CORRECTED_NEW, EXCEPTED_WHY},
        parts::{Act, Exception, Issued, MergedIn, Running, Task},
    },
    event::{Event, EventBody},
    time::calendar::here,
};
use serde_json::Value;

/// Folds one event into the case.
#[must_use]
pub fn apply(mut case: Case, event: &Event) -> Case {
    let now = here(&event.at);
    case.seq += 1;
    case.last_at = now;
    match &event.body {
        EventBody::Acted {
            action,
            task,
            excepted,
            signs,
            on_behalf_of,
            ..
        } => {
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
        EventBody::Set {} => case.enter(&event.values),
        EventBody::Moved { task, to, round } => {
            match task {
                Some(id) => {
                    if let Some(t) = case.tasks.iter_mut().find(|t| &t.id == id) {
                        t.step.clone_from(to);
                    }
                }
                None => {
                    let left = std::mem::replace(&mut case.step, to.clone());
                    case.passed.push(left);
                }
            }
            if *round {
                case.round += 1;
                case.round_from = case.acts.last().map_or(case.seq, |a| a.seq);
            }
        }
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
            seq: case.seq,
        }),
        EventBody::ClockStopped { clock, at } => {
            if let Some(c) = case.clocks.iter_mut().find(|c| &c.id == clock) {
                c.stopped_at = Some(at.map_or(now, |t| here(&t)));
                c.seq = case.seq;
            }
        }
        EventBody::ClockMoved { clock, due, cause } => {
            if let Some(c) = case.clocks.iter_mut().find(|c| &c.id == clock) {
                c.due = due.clone().here();
                c.moved.push(*cause);
                c.seq = case.seq;
            }
        }
        EventBody::Corrected { field } => {
            if let Some(new) = event.values.get(CORRECTED_NEW) {
                case.values.insert(field.clone(), new.clone());
                case.corrected.insert(field.clone(), case.seq);
                case.entered.entry(field.clone()).or_insert(case.seq);
            }
        }
        EventBody::Issued {
            document,
            form,
            task,
            number,
            copies,
            content,
            pages,
            fields,
            per_round,
        } => {
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
        EventBody::Excepted {
            person,
            second,
            bar,
        } => {
            // Entered with the act just before.
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
        EventBody::MergedIn {
            case: id,
            number,
            with,
        } => {
            case.merged_in.push(MergedIn {
                case: *id,
                number: number.clone(),
                with: with.clone(),
                at: event.at,
            });
        }
        EventBody::MergeUndone { case: id, number } => {
            case.merged_in.retain(|m| m.case != *id);
            // It had come with another: that one stays without it.
            for m in &mut case.merged_in {
                m.with.retain(|n| n != number);
            }
        }
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
