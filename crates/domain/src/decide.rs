//! The interpreter: an action on a case becomes new events, or a refusal that says why.

use crate::{
    calendar::Calendar,
    case::{Act, Case, Task, apply},
    clock::{self, Moment},
    closing, effect,
    event::{Event, EventBody},
    id::{CaseId, PersonId},
    impartial::{Standing, standing},
    procedure::{Action, ClockRule, Edition, Effect, Requirement, Way},
    refusal::Refusal,
    value::{Values, given, people_in},
};
use chrono::NaiveDate;
use serde_json::Value;
use std::collections::BTreeSet;

/// What a decision may look at besides the case.
#[derive(Debug, Clone, Copy)]
pub struct Ctx<'a> {
    /// The edition that the case was opened under.
    pub edition: &'a Edition,
    /// Working days and hours.
    pub calendar: &'a Calendar,
    /// Now.
    pub now: Moment,
    /// A training folder.
    pub training: bool,
}

/// Who acts, and what the person may in this procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    /// Role ids in the case's procedure.
    pub roles: BTreeSet<String>,
}

/// A registration as entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// Made outside.
    pub case: CaseId,
    /// Given at registration (G12).
    pub number: String,
    /// Channel id.
    pub channel: String,
    /// T1.
    pub received_at: Moment,
    /// What was entered.
    pub values: Values,
}

/// One action as asked for. `action` may name a task: `return_copy@retract_copy-1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Request<'a> {
    /// Action id, with its task.
    pub action: &'a str,
    /// What was entered.
    pub values: Values,
}

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

/// A task's own values stand under `task/field`.
pub fn key(task: Option<&str>, field: &str) -> String {
    match task {
        Some(t) => format!("{t}/{field}"),
        None => field.to_owned(),
    }
}

/// Registers a case (T1, G12).
///
/// # Errors
/// `role_missing`, `unknown_channel`, `received_in_future`, `late_entry_unexplained`, and whatever the values earn.
pub fn register(ctx: &Ctx<'_>, actor: &Actor, new: &Registration) -> Result<Vec<Event>, Refusal> {
    let p = &ctx.edition.procedure;
    may(ctx.edition, &p.register, actor)?;
    if p.channels.iter().all(|c| c.id != new.channel) {
        return Err(Refusal::new("unknown_channel").with("channel", new.channel.as_str()));
    }
    if new.received_at > ctx.now {
        return Err(Refusal::new("received_in_future")
            .with("received_at", new.received_at.to_rfc3339())
            .with("now", ctx.now.to_rfc3339()));
    }
    let hours = (ctx.now - new.received_at).num_hours();
    let explained = given(new.values.get(LATE_ENTRY));
    if hours > i64::from(p.head.late_entry_hours) && !explained {
        return Err(Refusal::new("late_entry_unexplained")
            .with("hours", hours)
            .with("allowed", p.head.late_entry_hours));
    }
    let look = |f: &str| new.values.get(f);
    let mut known = p.register.fields.clone();
    known.push(format!("{LATE_ENTRY}?"));
    let asked = Action {
        fields: known,
        ..p.register.clone()
    };
    let values = take(ctx.edition, &asked, None, &new.values, &look)?;
    let step = p.steps.first().map(|s| s.id.clone()).unwrap_or_default();
    let first = Event {
        actor: actor.person,
        at: ctx.now,
        body: EventBody::Registered {
            case: new.case,
            procedure: p.head.id.clone(),
            edition: p.head.edition.clone(),
            edition_hash: ctx.edition.hash.clone(),
            number: new.number.clone(),
            channel: new.channel.clone(),
            received_at: new.received_at,
            step,
            training: ctx.training,
        },
        values,
    };
    let Some(case) = Case::begin(&first) else {
        return Err(Refusal::new("internal"));
    };
    let mut run = Run::new(ctx, actor, case);
    run.check_requirements(&p.register, None, &new.values)?;
    run.events.push(first);
    run.happened("registered", None);
    run.follow(&p.register, None);
    Ok(run.events)
}

/// The reason for an entry later than the allowance (T1).
pub const LATE_ENTRY: &str = "late_entry.reason";

/// Every action that stands open now, allowed to anyone or not.
pub fn offers<'a>(edition: &'a Edition, case: &'a Case) -> Vec<Offer<'a>> {
    let p = &edition.procedure;
    let mut all = Vec::new();
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
                Effect::Reopen => {
                    !case.is_open() && case.ended != Some(crate::event::Ending::Voided)
                }
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

/// Whether the actor may do what is offered, apart from the values.
///
/// # Errors
/// `role_missing`, `not_the_responsible`, `barred`, `four_eyes`, and requirements that need no entry.
pub fn permitted(
    ctx: &Ctx<'_>,
    case: &Case,
    actor: &Actor,
    offer: &Offer<'_>,
) -> Result<bool, Refusal> {
    may(ctx.edition, offer.action, actor)?;
    let task = offer.task.map(|t| t.id.as_str());
    if !offer.action.by_person.is_empty() {
        let named = look_up(case, task, &offer.action.by_person);
        if !named.is_some_and(|v| people_in(v).contains(&actor.person)) {
            return Err(
                Refusal::new("not_the_responsible").with("action", offer.action.title.as_str())
            );
        }
    }
    for r in offer
        .action
        .requires
        .iter()
        .filter(|r| !r.other_than.is_empty())
    {
        // Only the newest act of each counts: work that was returned and redone has a new author.
        let newest = |id: &String| {
            let own = |a: &&Act| a.action == *id && (a.task.is_none() || a.task.as_deref() == task);
            case.acts.iter().rev().find(own)
        };
        let mut others = r.other_than.iter().filter_map(newest);
        if let Some(act) = others.find(|a| a.actor == actor.person) {
            return Err(Refusal::new(&r.refusal).with("action", act.action.as_str()));
        }
    }
    match standing(
        ctx.edition,
        case,
        &Values::new(),
        offer.action,
        actor.person,
    ) {
        Standing::Free => Ok(false),
        Standing::Excepted => Ok(true),
        Standing::Barred(x) => Err(Refusal::new("barred")
            .with("relation", x.title)
            .with("action", offer.action.title.as_str())),
    }
}

/// Answers an action with new events.
///
/// # Errors
/// A refusal: not offered now, not permitted, incomplete, or against a rule.
pub fn decide(
    ctx: &Ctx<'_>,
    case: &Case,
    actor: &Actor,
    request: &Request<'_>,
) -> Result<Vec<Event>, Refusal> {
    let all = offers(ctx.edition, case);
    let Some(offer) = all.iter().find(|o| o.id() == request.action) else {
        let bare = request.action.split('@').next().unwrap_or_default();
        return Err(match ctx.edition.action(bare) {
            None => Refusal::new("unknown_action").with("action", request.action),
            Some(a) => Refusal::new("not_now").with("action", a.title.as_str()),
        });
    };
    if ctx.now < case.last_at {
        return Err(Refusal::new("clock_set_back").with("newest", case.last_at.to_rfc3339()));
    }
    let excepted = permitted(ctx, case, actor, offer)?;
    let task = offer.task.map(|t| t.id.as_str());
    let look = |f: &str| {
        let fresh = request.values.get(f);
        if fresh.is_some() {
            fresh
        } else {
            look_up(case, task, f)
        }
    };
    let values = take(ctx.edition, offer.action, task, &request.values, &look)?;
    if let Standing::Barred(x) = standing(
        ctx.edition,
        case,
        &request.values,
        offer.action,
        actor.person,
    ) {
        return Err(Refusal::new("barred")
            .with("relation", x.title)
            .with("action", offer.action.title.as_str()));
    }
    let mut run = Run::new(ctx, actor, case.clone());
    run.check_requirements(offer.action, task, &request.values)?;
    if offer.action.effect == Effect::Close {
        let missing = closing::missing(ctx.edition, case);
        if !missing.is_empty() {
            let list: Vec<Value> = missing
                .iter()
                .map(|m| serde_json::json!({ "code": m.id, "title": m.title }))
                .collect();
            let titles: Vec<&str> = missing.iter().map(|m| m.title.as_str()).collect();
            return Err(Refusal::new("closing_incomplete")
                .with("missing", list)
                .with("titles", titles.join("；")));
        }
    }
    run.push(
        EventBody::Acted {
            action: offer.action.id.clone(),
            task: task.map(str::to_owned),
            step: offer
                .task
                .map_or_else(|| case.step.clone(), |t| t.step.clone()),
            signs: (!offer.action.signs.is_empty()).then(|| offer.action.signs.clone()),
            excepted,
        },
        values,
    );
    effect::carry_out(&mut run, offer.action, &request.values)?;
    run.happened(&format!("action:{}", offer.action.id), task);
    run.follow(offer.action, task);
    Ok(run.events)
}

/// A value as an action of a task sees it: the task's own first, then the case's.
pub fn look_up<'a>(case: &'a Case, task: Option<&str>, field: &str) -> Option<&'a Value> {
    task.and_then(|t| case.values.get(&key(Some(t), field)))
        .or_else(|| case.values.get(field))
}

fn may(edition: &Edition, action: &Action, actor: &Actor) -> Result<(), Refusal> {
    let allowed = if action.by.is_empty() {
        !actor.roles.is_empty()
    } else {
        action.by.iter().any(|r| actor.roles.contains(r))
    };
    if allowed {
        return Ok(());
    }
    let who: Vec<&str> = action.by.iter().map(|r| edition.role_title(r)).collect();
    Err(Refusal::new("role_missing")
        .with("action", action.title.as_str())
        .with("who", who.join("、")))
}

/// Holds what was entered against the action's fields; the answer is keyed for the case.
fn take<'a>(
    edition: &Edition,
    action: &Action,
    task: Option<&str>,
    entered: &Values,
    look: &impl Fn(&str) -> Option<&'a Value>,
) -> Result<Values, Refusal> {
    let free = action.effect == Effect::Correct;
    if let Some(stray) = entered.keys().find(|k| {
        action.asked().all(|(f, _)| f != k.as_str()) && !(free && *k == crate::case::CORRECTED_NEW)
    }) {
        return Err(Refusal::new("unknown_field").with("field", stray.as_str()));
    }
    let mut out = Values::new();
    let mut missing = Vec::new();
    for (id, required) in action.asked() {
        let Some(field) = edition.field(id) else {
            continue;
        };
        let asked = field.when.holds(look);
        match entered.get(id) {
            v if given(v) => {
                let v = v.cloned().unwrap_or_default();
                if !asked {
                    return Err(Refusal::new("field_not_asked").with("title", field.title.as_str()));
                }
                field.check(&v)?;
                out.insert(key(task, id), v);
            }
            _ if required && asked => missing.push((id.to_owned(), field.title.clone())),
            _ => {}
        }
    }
    if missing.is_empty() {
        return Ok(out);
    }
    let ids: Vec<&str> = missing.iter().map(|(id, _)| id.as_str()).collect();
    let titles: Vec<&str> = missing.iter().map(|(_, t)| t.as_str()).collect();
    Err(Refusal::new("fields_missing")
        .with("fields", ids)
        .with("titles", titles.join("、")))
}

/// A decision in the making: the case as it is so far, and the events so far.
pub(crate) struct Run<'a> {
    pub(crate) ctx: &'a Ctx<'a>,
    pub(crate) actor: &'a Actor,
    pub(crate) case: Case,
    pub(crate) events: Vec<Event>,
}

impl<'a> Run<'a> {
    fn new(ctx: &'a Ctx<'a>, actor: &'a Actor, case: Case) -> Self {
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
            at: self.ctx.now,
            body,
            values,
        };
        self.case = apply(self.case.clone(), &event);
        self.events.push(event);
    }

    fn check_requirements(
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
            if r.when.holds(look) && !self.meets(r, task, &look) {
                let title = self
                    .ctx
                    .edition
                    .field(&r.field)
                    .map_or("", |f| f.title.as_str());
                return Err(Refusal::new(&r.refusal)
                    .with("field", r.field.as_str())
                    .with("title", title)
                    .with("action", action.title.as_str()));
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
        let date = |v: Option<&Value>| {
            v.and_then(Value::as_str)
                .and_then(|s| s.get(..10)?.parse::<NaiveDate>().ok())
        };
        let limit = |name: &str| {
            if name == "today" {
                Some(self.ctx.now.date_naive())
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
            .is_some_and(|v| people_in(v).contains(&self.actor.person));
        let tasks = self.case.tasks.iter().filter(|t| t.kind == r.tasks_done);
        not_before
            && not_after
            && (!r.given || given(value))
            && (!r.not_actor || !(people.contains(&self.actor.person) || confirmed_by_self))
            && !people.iter().any(|p| others.contains(p))
            && (r.issued.is_empty() || self.document_issued(&r.issued, task))
            && (r.tasks_done.is_empty() || tasks.into_iter().all(|t| t.done_at.is_some()))
    }

    fn document_issued(&self, form: &str, task: Option<&str>) -> bool {
        self.case
            .documents
            .iter()
            .any(|d| d.form == form && (d.task.is_none() || d.task.as_deref() == task))
    }

    /// Takes the first way whose condition holds.
    fn follow(&mut self, action: &Action, task: Option<&str>) {
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
                .map(|(f, v)| (key(task, f), v.clone()))
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
            .filter(|c| c.task.is_none() || c.task.as_deref() == task || what == "closed")
            .filter(|c| {
                edition
                    .clock(&c.rule)
                    .is_some_and(|r| r.stops.iter().any(|s| s == what))
            })
            .map(|c| c.id.clone())
            .collect();
        for clock in stopped {
            self.push(EventBody::ClockStopped { clock }, Values::new());
        }
    }

    fn start_clocks(&mut self, what: &str, task: Option<&str>) {
        let edition = self.ctx.edition;
        for rule in edition.procedure.clocks.iter().filter(|r| r.starts == what) {
            let runs =
                self.case.clocks.iter().any(|c| {
                    c.rule == rule.id && c.stopped_at.is_none() && c.task.as_deref() == task
                });
            if runs || !rule.when.holds(|f| look_up(&self.case, task, f)) {
                continue;
            }
            let number = 1 + self
                .case
                .clocks
                .iter()
                .filter(|c| c.rule == rule.id)
                .count();
            let due = self.due_of(rule, task);
            self.push(
                EventBody::ClockStarted {
                    clock: format!("{}-{number}", rule.id),
                    rule: rule.id.clone(),
                    task: task.map(str::to_owned),
                    due,
                },
                Values::new(),
            );
        }
    }

    fn due_of(&self, rule: &ClockRule, task: Option<&str>) -> clock::Due {
        let calendar = self.ctx.calendar;
        let start = if rule.from_received {
            self.case.received_at
        } else {
            self.ctx.now
        };
        if let Some(span) = rule.within.and_then(|l| l.span()) {
            clock::due(span, start, rule.roll, calendar)
        } else if let Some(span) = rule.not_before.and_then(|l| l.span()) {
            clock::not_before(span, start, calendar)
        } else if rule.agreed.is_empty() {
            clock::word(start, calendar)
        } else {
            clock::agreed(look_up(&self.case, task, &rule.agreed), start, calendar)
        }
    }
}

/// A document about to be given out (G18).
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Made outside.
    pub document: crate::id::DocumentId,
    /// Form id.
    pub form: String,
    /// The task that it is about.
    pub task: Option<String>,
    /// Document number.
    pub number: String,
    /// Kind and holder of each copy.
    pub copies: Vec<(String, String)>,
    /// SHA-256 of the PDF.
    pub content: String,
    /// Pages of the PDF.
    pub pages: u32,
}

/// Gives a document out.
///
/// # Errors
/// `unknown_form`, `role_missing`, `form_not_ready` with what is missing.
pub fn issue(
    ctx: &Ctx<'_>,
    case: &Case,
    actor: &Actor,
    new: &Issue,
) -> Result<Vec<Event>, Refusal> {
    let Some(form) = ctx.edition.forms.get(&new.form) else {
        return Err(Refusal::new("unknown_form").with("form", new.form.as_str()));
    };
    if actor.roles.is_empty() {
        return Err(Refusal::new("role_missing")
            .with("action", form.title.as_str())
            .with("who", ""));
    }
    let missing = crate::closing::form_missing(ctx.edition, case, form, new.task.as_deref());
    if !missing.is_empty() {
        let titles: Vec<&str> = missing.iter().map(|(_, t)| t.as_str()).collect();
        return Err(Refusal::new("form_not_ready")
            .with("form", form.title.as_str())
            .with("titles", titles.join("、")));
    }
    let mut run = Run::new(ctx, actor, case.clone());
    let values = new
        .copies
        .iter()
        .enumerate()
        .map(|(n, (_, holder))| {
            (
                format!("copy.{}.holder", n + 1),
                Value::from(holder.as_str()),
            )
        })
        .collect();
    let copies = new
        .copies
        .iter()
        .map(|(kind, _)| crate::event::CopyOut { kind: kind.clone() })
        .collect();
    run.push(
        EventBody::Issued {
            document: new.document,
            form: new.form.clone(),
            task: new.task.clone(),
            number: new.number.clone(),
            copies,
            content: new.content.clone(),
            pages: new.pages,
            fields: case.values.keys().cloned().collect(),
        },
        values,
    );
    run.happened(&format!("issued:{}", new.form), new.task.as_deref());
    Ok(run.events)
}

/// The limits that a registration would start, for showing before it is done.
pub fn preview(ctx: &Ctx<'_>, actor: &Actor, new: &Registration) -> Vec<crate::case::Running> {
    let first = Event {
        actor: actor.person,
        at: ctx.now,
        body: EventBody::Registered {
            case: new.case,
            procedure: ctx.edition.procedure.head.id.clone(),
            edition: String::new(),
            edition_hash: String::new(),
            number: String::new(),
            channel: new.channel.clone(),
            received_at: new.received_at,
            step: String::new(),
            training: ctx.training,
        },
        values: new.values.clone(),
    };
    let Some(case) = Case::begin(&first) else {
        return vec![];
    };
    let mut run = Run::new(ctx, actor, case);
    run.happened("registered", None);
    run.follow(&ctx.edition.procedure.register, None);
    run.case.clocks
}
