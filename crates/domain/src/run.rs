//! A decision in the making: requirements, ways, tasks and clocks that an act sets off.

use crate::{
    calendar::{self, here, midnight},
    case::{Case, Running, apply},
    clock::{self, Span},
    compare,
    decide::{Actor, Ctx, key, look_over, look_up, unmet},
    event::{Event, EventBody, MoveCause},
    procedure::{Action, ClockRule, Edition, Limit, Requirement, Way},
    refusal::Refusal,
    value::{Values, given, people_in},
};
use serde_json::Value;

/// In `sets`, of a staff field: whoever acts.
pub const ACTOR: &str = "@actor";

/// A decision in the making: the case as it is so far, and the events so far.
pub(crate) struct Run<'a> {
    pub(crate) ctx: &'a Ctx<'a>,
    pub(crate) actor: &'a Actor,
    pub(crate) case: Case,
    pub(crate) events: Vec<Event>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(ctx: &'a Ctx<'a>, actor: &'a Actor, case: Case) -> Self {
        Self {
            ctx,
            actor,
            case,
            events: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, body: EventBody, values: Values) {
        let event = Event {
            actor: self.actor.person,
            at: self.ctx.beside(self.case.last_at),
            body,
            values,
        };
        self.case = apply(self.case.clone(), &event);
        self.events.push(event);
    }

    pub(crate) fn check_requirements(
        &self,
        action: &Action,
        task: Option<&str>,
        entered: &Values,
    ) -> Result<(), Refusal> {
        let look = |f: &str| {
            let fresh = entered.get(f);
            if fresh.is_some() {
                fresh
            } else {
                look_up(&self.case, task, f)
            }
        };
        for r in &action.requires {
            if !r.when.holds(look) {
                continue;
            }
            if !self.meets(r, task, &look) {
                return Err(unmet(self.ctx.edition, action, r));
            }
            if let Some(c) = &r.compares {
                compare::held(self.ctx.edition, c, &r.field, look)
                    .map_err(|refusal| refusal.with("action", action.title.as_str()))?;
            }
        }
        Ok(())
    }

    fn meets<'v>(
        &self,
        r: &Requirement,
        task: Option<&str>,
        look: &impl Fn(&str) -> Option<&'v Value>,
    ) -> bool {
        let value = look(&r.field);
        let date = |v: Option<&Value>| v.and_then(Value::as_str).and_then(calendar::day_in);
        let limit = |name: &str| {
            if name == "today" {
                Some(here(&self.ctx.now).date_naive())
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
            .is_some_and(|v| self.actor.hands().any(|p| people_in(v).contains(&p)));
        let tasks = self.case.tasks.iter().filter(|t| t.kind == r.tasks_done);
        let never = !r.never.0.is_empty() && r.never.holds(look);
        !never
            && self.has_opened(&r.opened, task)
            && not_before
            && not_after
            && (!r.given || given(value))
            && (!r.not_actor
                || !(self.actor.hands().any(|p| people.contains(&p)) || confirmed_by_self))
            && !people.iter().any(|p| others.contains(p))
            && (r.issued.is_empty() || self.document_issued(&r.issued, task))
            && (r.tasks_done.is_empty() || tasks.into_iter().all(|t| t.done_at.is_some()))
    }

    /// Whether the not-before day of the clock's newest run has come.
    fn has_opened(&self, rule: &str, task: Option<&str>) -> bool {
        let own = |c: &&Running| c.rule == rule && (c.task.is_none() || c.task.as_deref() == task);
        let newest = self.case.clocks.iter().rev().find(own);
        newest.is_none_or(|c| c.due.opens.is_none_or(|o| o <= self.ctx.now))
    }

    /// Of a sheet of each round (G4) the one of the round that runs counts.
    fn document_issued(&self, form: &str, task: Option<&str>) -> bool {
        let forms = &self.ctx.edition.forms;
        let per_round = forms.get(form).is_some_and(|f| f.per_round);
        self.case.documents.iter().any(|d| {
            let own = d.task.is_none() || d.task.as_deref() == task;
            d.form == form && own && (!per_round || d.round == self.case.round)
        })
    }

    /// Takes the first way whose condition holds.
    pub(crate) fn follow(&mut self, action: &Action, task: Option<&str>) {
        let way = action
            .to
            .iter()
            .find(|w| w.when.holds(|f| look_up(&self.case, task, f)))
            .cloned();
        if let Some(way) = way {
            self.walk(&way, task);
        }
    }

    fn walk(&mut self, way: &Way, task: Option<&str>) {
        if !way.sets.is_empty() {
            let values = way
                .sets
                .iter()
                .map(|(f, v)| (key(task, f), self.meant(v)))
                .collect();
            self.push(EventBody::Set {}, values);
        }
        for start in &way.starts {
            let seen = self.case.tasks.iter().any(|t| t.kind == start.task);
            let holds = start.when.holds(|f| look_up(&self.case, task, f));
            if holds && !(start.once && seen) {
                self.start(&start.task, &start.per, &start.into, task);
            }
        }
        if !way.step.is_empty() || way.round {
            let here = task
                .and_then(|t| self.case.task(t))
                .map_or(&self.case.step, |t| &t.step);
            let to = if way.step.is_empty() {
                here.clone()
            } else {
                way.step.clone()
            };
            self.push(
                EventBody::Moved {
                    task: task.map(str::to_owned),
                    to: to.clone(),
                    round: way.round,
                },
                Values::new(),
            );
            self.happened(&format!("step:{to}"), task);
            if way.round {
                self.happened("round", task);
            }
        }
        if let (true, Some(id)) = (way.ends, task) {
            let kind = self
                .case
                .task(id)
                .map(|t| t.kind.clone())
                .unwrap_or_default();
            self.push(
                EventBody::TaskEnded {
                    task: id.to_owned(),
                },
                Values::new(),
            );
            self.stop_clocks(&format!("task:{kind}"), Some(id));
        }
    }

    /// A value that a way sets: the one who acts is named by [`ACTOR`].
    fn meant(&self, value: &Value) -> Value {
        if value.as_str() == Some(ACTOR) {
            let who = self.actor.hands().last();
            return who.map_or(Value::Null, |p| serde_json::json!(p));
        }
        value.clone()
    }

    fn start(&mut self, kind: &str, per: &str, into: &str, task: Option<&str>) {
        let rows = match look_up(&self.case, task, per) {
            Some(Value::Array(rows)) if !per.is_empty() => rows.clone(),
            _ if per.is_empty() => vec![Value::Null],
            _ => vec![],
        };
        let Some(first) = self.ctx.edition.task(kind).and_then(|k| k.steps.first()) else {
            return;
        };
        for row in rows {
            let number = 1 + self.case.tasks.iter().filter(|t| t.kind == kind).count();
            let id = format!("{kind}-{number}");
            let values = row
                .as_object()
                .into_iter()
                .flatten()
                .map(|(column, v)| (format!("{id}/{into}{column}"), v.clone()))
                .collect();
            self.push(
                EventBody::TaskOpened {
                    task: id.clone(),
                    task_kind: kind.to_owned(),
                    step: first.id.clone(),
                },
                values,
            );
            self.start_clocks(&format!("task:{kind}"), Some(&id));
        }
    }

    /// Starts and stops the clocks that wait for what just happened.
    pub(crate) fn happened(&mut self, what: &str, task: Option<&str>) {
        self.stop_clocks(what, task);
        self.start_clocks(what, task);
    }

    fn stop_clocks(&mut self, what: &str, task: Option<&str>) {
        let edition = self.ctx.edition;
        let stopped: Vec<String> = self
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
            self.push(EventBody::ClockStopped { clock, at: None }, Values::new());
        }
    }

    fn start_clocks(&mut self, what: &str, task: Option<&str>) {
        let edition = self.ctx.edition;
        for rule in edition
            .procedure
            .clocks
            .iter()
            .filter(|r| r.starts.iter().any(|s| s == what))
        {
            let runs =
                self.case.clocks.iter().any(|c| {
                    c.rule == rule.id && c.stopped_at.is_none() && c.task.as_deref() == task
                });
            // The case knows what its tasks say: that the car came back.
            if runs || !rule.when.holds(|f| look_over(&self.case, task, f)) {
                continue;
            }
            let number = 1 + self
                .case
                .clocks
                .iter()
                .filter(|c| c.rule == rule.id)
                .count();
            let due = self.due_of(rule, task);
            let clock = format!("{}-{number}", rule.id);
            self.push(
                EventBody::ClockStarted {
                    clock: clock.clone(),
                    rule: rule.id.clone(),
                    task: task.map(str::to_owned),
                    due,
                },
                Values::new(),
            );
            if rule.of_complainant {
                let at = Some(self.case.received_at);
                self.push(EventBody::ClockStopped { clock, at }, Values::new());
            }
        }
    }

    /// T5: running clocks get the limit of the case's class as it is now, from the same start.
    pub(crate) fn reclassify(&mut self) {
        let running: Vec<Running> = self.case.clocks.clone();
        for c in running.into_iter().filter(|c| c.stopped_at.is_none()) {
            let Some(rule) = self.ctx.edition.clock(&c.rule) else {
                continue;
            };
            let Some(span) = self.class_limit(rule, c.task.as_deref()) else {
                continue;
            };
            let due = clock::due(span, c.due.start, rule.roll, self.ctx.calendar);
            let extended = c.moved.contains(&MoveCause::Extension);
            if due.span != c.due.span && !(extended && due.at < c.due.at) {
                let body = EventBody::ClockMoved {
                    clock: c.id,
                    due,
                    cause: MoveCause::Reclassification,
                };
                self.push(body, Values::new());
            }
        }
    }

    fn class_limit(&self, rule: &ClockRule, task: Option<&str>) -> Option<Span> {
        rule.by_class
            .iter()
            .find(|c| c.when.holds(|f| look_up(&self.case, task, f)))
            .and_then(|c| c.within.span())
    }

    fn due_of(&self, rule: &ClockRule, task: Option<&str>) -> clock::Due {
        let calendar = self.ctx.calendar;
        let start = if rule.from_received {
            self.case.received_at
        } else {
            self.day_of(&rule.from, task).unwrap_or(self.ctx.now)
        };
        let own = self.ctx.targets.get(&target(self.ctx.edition, rule));
        let own = own.filter(|_| rule.left_open || !rule.word.is_empty());
        if let Some(span) = own.and_then(Limit::span) {
            let due = clock::due(span, start, rule.roll, calendar);
            return clock::Due {
                own_target: true,
                ..due
            };
        }
        let span = self.class_limit(rule, task);
        if let Some(span) = rule.within.and_then(|l| l.span()).or(span) {
            clock::due(span, start, rule.roll, calendar)
        } else if let Some(span) = rule.not_before.and_then(|l| l.span()) {
            clock::not_before(span, start, calendar)
        } else if rule.agreed.is_empty() {
            clock::word(start, calendar)
        } else {
            clock::agreed(look_up(&self.case, task, &rule.agreed), start, calendar)
        }
    }

    /// The beginning of the day in a date field.
    fn day_of(&self, field: &str, task: Option<&str>) -> Option<clock::Moment> {
        let day = look_up(&self.case, task, field)?.as_str()?;
        calendar::day_in(day).map(midnight)
    }
}

/// The key of an institution's own limit for a clock.
pub fn target(edition: &Edition, rule: &ClockRule) -> String {
    format!("{}/{}", edition.procedure.head.id, rule.id)
}
