//! A case, folded from its events. `apply` never consults the procedure.

use crate::{
    calendar::here,
    clock::{Due, Moment},
    event::{CopyOut, Ending, Event, EventBody, MoveCause},
    id::{AttachmentId, CaseId, DocumentId, PersonId},
    value::Values,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Where a case stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its number (G12).
    pub number: String,
    /// Procedure id.
    pub procedure: String,
    /// Edition it was opened under.
    pub edition: String,
    /// Content hash of that edition.
    pub edition_hash: String,
    /// Channel id.
    pub channel: String,
    /// T1.
    pub received_at: Moment,
    /// T1.
    pub entered_at: Moment,
    /// Who registered it.
    pub registered_by: PersonId,
    /// Events so far: the optimistic lock.
    pub seq: i64,
    /// Time of the newest event (T8).
    pub last_at: Moment,
    /// How it ended; none while open.
    pub ended: Option<Ending>,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// The case that it was merged into, while it is merged.
    #[serde(default)]
    pub merged_into: Option<CaseId>,
    /// Cases that are merged into this one, in order.
    #[serde(default)]
    pub merged_in: Vec<MergedIn>,
    /// Filed.
    pub archived: bool,
    /// Its values, documents and files were erased after retention (G10).
    #[serde(default)]
    pub disposed: bool,
    /// 1, then one more for each further round (G4).
    pub round: u32,
    /// Position of the act that began the round: that act and what follows belong to it.
    pub round_from: i64,
    /// Position at which each value was last entered; a correction leaves it.
    pub entered: BTreeMap<String, i64>,
    /// Position at which each value was last corrected.
    pub corrected: BTreeMap<String, i64>,
    /// The current step.
    pub step: String,
    /// Steps that were left, in order.
    pub passed: Vec<String>,
    /// Side tasks.
    pub tasks: Vec<Task>,
    /// Limits that were started.
    pub clocks: Vec<Running>,
    /// Current values.
    pub values: Values,
    /// What was done, in order.
    pub acts: Vec<Act>,
    /// Documents given out.
    pub documents: Vec<Issued>,
    /// People who may act in spite of a bar, and who allowed it.
    pub exceptions: Vec<Exception>,
    /// Files.
    pub attachments: Vec<AttachmentId>,
}

/// A side task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Id within the case.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Current step.
    pub step: String,
    /// When it was opened.
    pub opened_at: Moment,
    /// When it ended.
    pub done_at: Option<Moment>,
}

/// A limit that was started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Running {
    /// Id within the case.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The task that it belongs to.
    pub task: Option<String>,
    /// Due time and facts, as fixed (T5).
    pub due: Due,
    /// When it was stopped.
    pub stopped_at: Option<Moment>,
    /// Why it moved, each time.
    pub moved: Vec<MoveCause>,
    /// Position in the case of what last started, moved or stopped it.
    pub seq: i64,
}

/// Something done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// Action id.
    pub action: String,
    /// In which task.
    pub task: Option<String>,
    /// Who.
    pub actor: PersonId,
    /// When.
    pub at: Moment,
    /// By an exception (G1).
    pub excepted: bool,
    /// As whose deputy.
    pub on_behalf_of: Option<PersonId>,
    /// What the signature means, where the act is one.
    pub signs: Option<String>,
    /// The event's position in the case.
    pub seq: i64,
}

/// A case that was merged into this one (G6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedIn {
    /// Which.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Numbers of those that came with it.
    pub with: Vec<String>,
    /// When.
    pub at: Moment,
}

/// That somebody excluded may take part after all (G1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Who.
    pub person: PersonId,
    /// Which bar is lifted; none: all of the person's, as older exceptions said it.
    #[serde(default)]
    pub bar: Option<String>,
    /// Who agreed.
    pub second: PersonId,
    /// Why.
    pub reason: String,
}

impl Exception {
    /// Whether it lifts a bar for somebody: of this person alone, and this bar alone.
    pub fn lifts(&self, person: PersonId, bar: &str) -> bool {
        self.person == person && self.bar.as_deref().is_none_or(|b| b == bar)
    }
}

impl Act {
    /// Whoever acted, and for whom.
    pub fn hands(&self) -> impl Iterator<Item = PersonId> {
        std::iter::once(self.actor).chain(self.on_behalf_of)
    }
}

/// A document given out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issued {
    /// Its id.
    pub id: DocumentId,
    /// Form id.
    pub form: String,
    /// The task that it is about.
    pub task: Option<String>,
    /// Document number.
    pub number: String,
    /// When.
    pub at: Moment,
    /// In which round.
    pub round: u32,
    /// By whom.
    pub by: PersonId,
    /// Copies.
    pub copies: Vec<CopyOut>,
    /// SHA-256 of the PDF.
    pub content: String,
    /// Pages.
    pub pages: u32,
    /// Values that it shows.
    pub fields: Vec<String>,
    /// The event's position in the case: what was entered later stands on no copy of it.
    pub seq: i64,
    /// The number of the later document of the same form.
    pub superseded_by: Option<String>,
}

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

    /// Whether the case is open.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// A task by id.
    pub fn task(&self, id: &str) -> Option<&Task> {
        self.tasks.iter().find(|t| t.id == id)
    }

    /// The case as its current round knows it: what was registered, and what was done, entered and given out since
    /// the round began (G4).
    #[must_use]
    pub fn of_round(&self) -> Self {
        let mut case = self.clone();
        let here = |seq: i64| seq == 1 || seq >= self.round_from;
        case.values
            .retain(|key, _| self.entered.get(key).is_none_or(|&seq| here(seq)));
        let began = self.acts.iter().find(|a| a.seq == self.round_from);
        case.tasks
            .retain(|t| began.is_none_or(|b| t.opened_at >= b.at));
        case.documents.retain(|d| d.round == self.round);
        let tasks: Vec<String> = case.tasks.iter().map(|t| t.id.clone()).collect();
        let kept = |a: &Act| a.task.as_ref().is_none_or(|t| tasks.contains(t));
        case.acts.retain(|a| here(a.seq) && kept(a));
        case
    }

    fn enter(&mut self, values: &Values) {
        for (key, value) in values {
            self.entered.insert(key.clone(), self.seq);
            self.values.insert(key.clone(), value.clone());
        }
    }

    /// The newest act of an action, in a task or in the case itself: work that was returned and redone has a new author.
    pub fn newest_act(&self, action: &str, task: Option<&str>) -> Option<&Act> {
        let own = |a: &&Act| a.action == action && (a.task.is_none() || a.task.as_deref() == task);
        self.acts.iter().rev().find(own)
    }

    /// Whether a document of the form was given out.
    pub fn issued(&self, form: &str) -> bool {
        self.documents.iter().any(|d| d.form == form)
    }
}

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

/// Key of the bar that an exception lifts (G1).
pub const EXCEPTED_BAR: &str = "exception.bar";
/// Key of the reason for an exception (G1).
pub const EXCEPTED_WHY: &str = "exception.reason";
/// Key of the number of the case that one is merged into.
pub const MERGE_INTO: &str = "merge.into";
/// Key of the reason for a merge.
pub const MERGE_REASON: &str = "merge.reason";
/// Key of the new value in a correction's values.
pub const CORRECTED_NEW: &str = "correction.new";
/// Key of the old value in a correction's values.
pub const CORRECTED_OLD: &str = "correction.old";
/// Key of the reason in a correction's values.
pub const CORRECTED_REASON: &str = "correction.reason";
