//! The interpreter: an action on a case becomes new events, or a refusal that says why.

pub use crate::run::target;
use crate::{
    calendar::{Calendar, here},
    case::{Case, Task},
    clock::{ClockState, Moment, state},
    closing, effect,
    eligible::kept_out,
    event::{Ending, Event, EventBody},
    id::{CaseId, PersonId},
    impartial::{Exclusion, Standing, standing},
    merge,
    procedure::{Action, Edition, Effect, Limit, Requirement},
    range::{Question, confirmed, long_ago},
    refusal::Refusal,
    run::Run,
    value::{Values, given, people_in},
};
use chrono::TimeDelta;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Acts wait for their turn, and hosts' clocks differ by a little: whatever is so much earlier than the newest record
/// was not written by a clock that was set back (T8).
pub const ABREAST: TimeDelta = TimeDelta::seconds(20);

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
    /// The institution's own limits (T6), by [`target`].
    pub targets: &'a Targets,
    /// A clock that had run ahead and was confirmed to be right again (T8).
    pub confirmed: Option<ClockConfirmed>,
}

/// A clock that was confirmed to be right although it stands before what was recorded (T8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockConfirmed {
    /// When it was confirmed, by the right clock.
    pub at: Moment,
    /// The newest record of the wrong one.
    pub before: Moment,
}

impl Ctx<'_> {
    /// The time of what is recorded after a record of `newest`: this clock's, or that of the record where the clock
    /// is behind it by no more than [`ABREAST`], so that no case runs backwards.
    pub(crate) fn beside(&self, newest: Moment) -> Moment {
        // A folder for practice has one clock, which is set by hand.
        if !self.training && self.now < newest && newest - self.now <= ABREAST {
            newest
        } else {
            self.now
        }
    }
}

impl ClockConfirmed {
    /// Whether a record of the wrong clock may be followed by one of now.
    fn excuses(self, recorded: Moment, now: Moment) -> bool {
        self.at <= now && recorded <= self.before
    }
}

/// The institution's own limits by `procedure/clock`: 内部目标, and those that a procedure leaves open.
pub type Targets = BTreeMap<String, Limit>;

/// Who acts, and what the person may in this procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    /// Role ids in the case's procedure.
    pub roles: BTreeSet<String>,
    /// Departments of the roles that were given for departments only; a role that is not here is for any.
    pub departments: BTreeMap<String, BTreeSet<String>>,
    /// For whom the person acts as authorised deputy (授权代理).
    pub acts_for: Option<PersonId>,
    /// Whose deputy the person is today: each as the person would act for them.
    pub principals: Vec<Actor>,
    /// Roles that a second person has not confirmed yet: they do not open confidential cases (G11).
    pub unconfirmed: BTreeSet<String>,
    /// The password is the person's own: one that was reset opens no confidential case until it is confirmed.
    pub trusted: bool,
}

impl Actor {
    /// Somebody with these roles, each for any department.
    pub fn new(person: PersonId, roles: BTreeSet<String>) -> Self {
        Self {
            person,
            roles,
            departments: BTreeMap::new(),
            acts_for: None,
            principals: vec![],
            unconfirmed: BTreeSet::new(),
            trusted: true,
        }
    }

    /// Whether a role counts for the person where a case is confidential.
    pub fn sees_by(&self, role: &str) -> bool {
        self.roles.contains(role) && !self.unconfirmed.contains(role)
    }

    /// Whether the person has part in the procedure at all, or stands for somebody who has.
    pub fn takes_part(&self) -> bool {
        !self.roles.is_empty() || self.principals.iter().any(|p| !p.roles.is_empty())
    }

    /// The person who acts, and the one for whom: what bars either bars both (G1).
    pub fn hands(&self) -> impl Iterator<Item = PersonId> {
        std::iter::once(self.person).chain(self.acts_for)
    }
}

/// That somebody may act, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permit {
    /// By an exception (G1).
    pub excepted: bool,
    /// As whose deputy.
    pub acts_for: Option<PersonId>,
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
    /// Keys of what was asked about and is meant ([`crate::range::Question`]).
    pub confirmed: BTreeSet<String>,
}

/// One action as asked for. `action` may name a task: `return_copy@retract_copy-1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Request<'a> {
    /// Action id, with its task.
    pub action: &'a str,
    /// What was entered.
    pub values: Values,
    /// Keys of what was asked about and is meant ([`crate::range::Question`]).
    pub confirmed: BTreeSet<String>,
    /// The case that this one goes into, where it is merged.
    pub into: Option<CaseId>,
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

/// In conditions: whether a clock was missed.
pub const LATE: &str = "late:";
static YES: Value = Value::Bool(true);
static NO: Value = Value::Bool(false);

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
/// `role_missing`, `fields_missing` with `channel`, `unknown_channel`, `received_in_future`, `late_entry_unexplained`, and whatever the values earn.
pub fn register(ctx: &Ctx<'_>, actor: &Actor, new: &Registration) -> Result<Vec<Event>, Refusal> {
    let p = &ctx.edition.procedure;
    may(ctx.edition, &p.register, actor, None)?;
    if new.channel.trim().is_empty() {
        return Err(Refusal::new("fields_missing")
            .with("fields", vec!["channel"])
            .with("titles", "投诉方式"));
    }
    if p.channels.iter().all(|c| c.id != new.channel) {
        return Err(Refusal::new("unknown_channel").with("channel", new.channel.as_str()));
    }
    let received_at = here(&new.received_at);
    if received_at > ctx.now {
        return Err(Refusal::new("received_in_future")
            .with("received_at", received_at.to_rfc3339())
            .with("now", here(&ctx.now).to_rfc3339()));
    }
    let hours = (ctx.now - received_at).num_hours();
    let entered = settled(ctx.edition, &new.values);
    let explained = given(entered.get(LATE_ENTRY));
    if hours > i64::from(p.head.late_entry_hours) && !explained {
        return Err(Refusal::new("late_entry_unexplained")
            .with("hours", hours)
            .with("allowed", p.head.late_entry_hours));
    }
    let look = |f: &str| entered.get(f);
    let mut known = p.register.fields.clone();
    known.push(format!("{LATE_ENTRY}?"));
    let asked = Action {
        fields: known,
        ..p.register.clone()
    };
    let values = take(ctx.edition, &asked, None, &entered, &look)?;
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
            received_at,
            step,
            training: ctx.training,
        },
        values,
    };
    let Some(case) = Case::begin(&first) else {
        return Err(Refusal::new("internal").with("detail", "registration without a case"));
    };
    let mut run = Run::new(ctx, actor, case);
    run.check_requirements(&p.register, None, &entered)?;
    let mut asks = weigh(ctx, &asked, &entered)?;
    asks.extend(long_ago(
        RECEIVED_AT,
        "接到时间",
        received_at,
        ctx.now,
        RECEIVED_YEARS,
    ));
    confirmed(asks, &new.confirmed)?;
    run.events.push(first);
    run.happened("registered", None);
    run.follow(&p.register, None);
    Ok(run.events)
}

/// The key of the time of receipt where it is asked about.
pub const RECEIVED_AT: &str = "received_at";
/// Years after which a time of receipt is asked about: nobody enters complaints of so long ago.
const RECEIVED_YEARS: u32 = 2;

/// The reason for an entry later than the allowance (T1).
pub const LATE_ENTRY: &str = "late_entry.reason";

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

/// Whether the actor may do what is offered, apart from the values: by the own roles, or as somebody's deputy.
///
/// # Errors
/// `role_missing`, `other_department`, `not_the_responsible`, `barred`, `barred_hand`, `merged_cases_here`, and what
/// requirements say that need no entry: [`eligible`](crate::eligible) says the same of a whole list.
pub fn permitted(
    ctx: &Ctx<'_>,
    case: &Case,
    actor: &Actor,
    offer: &Offer<'_>,
) -> Result<Permit, Refusal> {
    let own = alone(ctx, case, actor, offer);
    let Err(refusal) = own else { return own };
    let mut refusal = refusal;
    for principal in &actor.principals {
        match alone(ctx, case, principal, offer) {
            Ok(permit) => return Ok(permit),
            // Whoever has the principal's role and is barred is told of the bar; an own bar comes first.
            Err(r) if refusal.code == "role_missing" => refusal = r,
            Err(_) => {}
        }
    }
    Err(refusal)
}

fn alone(ctx: &Ctx<'_>, case: &Case, actor: &Actor, offer: &Offer<'_>) -> Result<Permit, Refusal> {
    let task = offer.task.map(|t| t.id.as_str());
    let department = look_up(case, task, &offer.action.department).and_then(Value::as_str);
    may(ctx.edition, offer.action, actor, department)?;
    if !offer.action.by_person.is_empty() {
        let mut fields = offer.action.by_person.iter();
        let names = |v: &Value| actor.hands().any(|p| people_in(v).contains(&p));
        if !fields.any(|f| look_up(case, task, f).is_some_and(names)) {
            return Err(
                Refusal::new("not_the_responsible").with("action", offer.action.title.as_str())
            );
        }
    }
    for r in &offer.action.requires {
        let mut others = r
            .other_than
            .iter()
            .filter_map(|id| case.newest_act(id, task));
        if others.any(|a| actor.hands().any(|p| a.hands().any(|h| h == p))) {
            return Err(unmet(ctx.edition, offer.action, r));
        }
        let out = kept_out(case, task, offer.action, r);
        if actor.hands().any(|p| out.contains(&p)) {
            return Err(unmet(ctx.edition, offer.action, r));
        }
    }
    if matches!(offer.action.effect, Effect::Withdraw | Effect::Void) {
        merge::carries_none(case)?;
    }
    match standing(ctx.edition, case, &Values::new(), offer.action, actor) {
        Standing::Free => Ok(Permit {
            excepted: false,
            acts_for: actor.acts_for,
        }),
        Standing::Excepted => Ok(Permit {
            excepted: true,
            acts_for: actor.acts_for,
        }),
        Standing::Barred(x) => Err(is_barred(actor, x, offer.action)),
    }
}

/// Whose bar it is: the person's own, or that of the one for whom the person would act.
fn is_barred(actor: &Actor, x: Exclusion, action: &Action) -> Refusal {
    let code = if x.person == actor.person && actor.acts_for.is_none() {
        "barred"
    } else {
        "barred_hand"
    };
    let refusal = Refusal::new(code)
        .with("relation", x.title)
        .with("action", action.title.as_str());
    match actor.acts_for {
        None => refusal,
        Some(principal) => refusal
            .with("person", x.person.to_string())
            .with("principal", principal.to_string()),
    }
}

/// A requirement that is not met.
pub(crate) fn unmet(edition: &Edition, action: &Action, r: &Requirement) -> Refusal {
    let title = edition.field(&r.field).map_or("", |f| f.title.as_str());
    Refusal::new(&r.refusal)
        .with("field", r.field.as_str())
        .with("title", title)
        .with("action", action.title.as_str())
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
    let excused = |c: ClockConfirmed| c.excuses(case.last_at, ctx.now);
    let excused = ctx.confirmed.is_some_and(excused);
    if ctx.beside(case.last_at) < case.last_at && !excused {
        return Err(Refusal::new("clock_set_back").with("newest", here(&case.last_at).to_rfc3339()));
    }
    let permit = permitted(ctx, case, actor, offer)?;
    let actor = match permit.acts_for {
        None => actor,
        Some(p) => actor
            .principals
            .iter()
            .find(|a| a.acts_for == Some(p))
            .unwrap_or(actor),
    };
    let task = offer.task.map(|t| t.id.as_str());
    let entered = settled(ctx.edition, &request.values);
    let look = |f: &str| {
        let fresh = entered.get(f);
        if fresh.is_some() {
            fresh
        } else {
            look_up(case, task, f)
        }
    };
    let values = take(ctx.edition, offer.action, task, &entered, &look)?;
    if let Standing::Barred(x) = standing(ctx.edition, case, &entered, offer.action, actor) {
        return Err(is_barred(actor, x, offer.action));
    }
    let mut run = Run::new(ctx, actor, case.clone());
    run.check_requirements(offer.action, task, &entered)?;
    if offer.action.effect == Effect::Close {
        lacking("closing_incomplete", &closing::missing(ctx.edition, case))?;
    }
    if offer.action.effect == Effect::Archive {
        lacking("archive_incomplete", &closing::unfiled(ctx.edition, case))?;
    }
    confirmed(weigh(ctx, offer.action, &entered)?, &request.confirmed)?;
    run.push(
        EventBody::Acted {
            action: offer.action.id.clone(),
            task: task.map(str::to_owned),
            step: offer
                .task
                .map_or_else(|| case.step.clone(), |t| t.step.clone()),
            signs: (!offer.action.signs.is_empty()).then(|| offer.action.signs.clone()),
            excepted: permit.excepted,
            on_behalf_of: permit.acts_for,
        },
        values,
    );
    effect::carry_out(&mut run, offer.action, &entered, request)?;
    run.happened(&format!("action:{}", offer.action.id), task);
    // What was withdrawn, merged or passed on goes on where it stood; only what was closed begins anew (G4).
    let resumes = offer.action.effect == Effect::Reopen && case.ended != Some(Ending::Closed);
    if !resumes {
        run.follow(offer.action, task);
    }
    Ok(run.events)
}

/// Refuses with everything that lacks.
fn lacking(code: &str, lacks: &[closing::Lack]) -> Result<(), Refusal> {
    if lacks.is_empty() {
        return Ok(());
    }
    let list: Vec<Value> = lacks
        .iter()
        .map(|l| serde_json::json!({ "code": l.code, "title": l.title, "form": l.form, "task": l.task }))
        .collect();
    let titles: Vec<&str> = lacks.iter().map(|l| l.title.as_str()).collect();
    Err(Refusal::new(code)
        .with("missing", list)
        .with("titles", titles.join("；")))
}

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

/// The second permission table: action × role × department.
pub(crate) fn may(
    edition: &Edition,
    action: &Action,
    actor: &Actor,
    department: Option<&str>,
) -> Result<(), Refusal> {
    let wanted = |role: &&String| action.by.is_empty() || action.by.contains(role);
    let mut held = actor.roles.iter().filter(wanted).peekable();
    if held.peek().is_none() {
        let who: Vec<&str> = action.by.iter().map(|r| edition.role_title(r)).collect();
        return Err(Refusal::new("role_missing")
            .with("action", action.title.as_str())
            .with("who", who.join("、")));
    }
    let Some(department) = department.map(str::trim).filter(|d| !d.is_empty()) else {
        return Ok(());
    };
    let own = |role: &String| {
        let limited = actor.departments.get(role);
        limited.is_none_or(|all| all.contains(department))
    };
    if held.any(own) {
        return Ok(());
    }
    Err(Refusal::new("other_department")
        .with("action", action.title.as_str())
        .with("department", department))
}

/// What was entered, as it is kept ([`crate::value::Field::settled`]).
fn settled(edition: &Edition, entered: &Values) -> Values {
    let one = |(id, value): (&String, &Value)| {
        let field = edition.field(id);
        let value = field.map_or_else(|| value.clone(), |f| f.settled(value));
        (id.clone(), value)
    };
    entered.iter().map(one).collect()
}

/// What is odd about what was entered, in the order in which it was asked; looked at once nothing else refuses it.
fn weigh(ctx: &Ctx<'_>, action: &Action, entered: &Values) -> Result<Vec<Question>, Refusal> {
    let mut asks = Vec::new();
    for (id, _) in action.asked() {
        if let (Some(field), Some(value)) = (ctx.edition.field(id), entered.get(id)) {
            asks.extend(field.weigh(value, ctx.now)?);
        }
    }
    Ok(asks)
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
        match entered.get(id).map(|v| field.taken(v.clone())) {
            Some(v) if given(Some(&v)) => {
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
