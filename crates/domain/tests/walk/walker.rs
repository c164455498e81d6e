//! A case that is walked by whoever may, and what holds of it at every moment.

use crate::editions::TARGETS;
use chrono::{DateTime, FixedOffset, TimeDelta};
use redress_domain::{
    calendar::{Calendar, Hours},
    case::{CORRECTED_NEW, Case, apply},
    decide::{Actor, Ctx, Registration, Request, decide, look_up, offers, permitted, register},
    event::{Event, EventBody},
    id::{CaseId, DocumentId, PersonId},
    impartial::excluded,
    issue::{Issue, issue},
    procedure::{Action, Edition, Effect},
    record::since,
    value::{Field, FieldKind, Values, people_in},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

pub fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// Many people with every role: whoever is barred, someone else is not.
fn actors(edition: &Edition) -> Vec<Actor> {
    let roles = edition
        .procedure
        .roles
        .iter()
        .map(|r| r.id.clone())
        .collect::<BTreeSet<_>>();
    (1..=12)
        .map(|n| Actor::new(person(n), roles.clone()))
        .collect()
}

/// Some whole number in the field's range that nobody asks about.
fn within(field: &Field, n: usize) -> usize {
    let least = field.least.unwrap_or(0.0).max(0.0) as usize;
    let most = field.usual_most.or(field.most).unwrap_or(1e6) as usize;
    least + n % (most - least + 1).max(1)
}

/// Some value that the field takes; `n` decides which.
fn some(field: &Field, n: usize) -> Value {
    match field.kind {
        FieldKind::Text | FieldKind::LongText => json!(format!("词{n}")),
        FieldKind::Number => json!(within(field, n)),
        FieldKind::Measure => json!({ "value": within(field, n), "unit": "%" }),
        // What is agreed lies ahead, however long the walk.
        FieldKind::Date if field.future => json!("2027-01-29"),
        FieldKind::Time if field.future => json!("2027-01-29T10:00:00+08:00"),
        FieldKind::Date => json!("2026-10-09"),
        FieldKind::Time => json!("2026-10-09T10:00:00+08:00"),
        FieldKind::Choice => json!(field.choices[n % field.choices.len()].id),
        FieldKind::Many => json!([field.choices[n % field.choices.len()].id]),
        FieldKind::YesNo => json!(n.is_multiple_of(2)),
        // Nobody of the first ten: someone named is barred, and ten others remain.
        FieldKind::Staff if field.multiple => json!([person(11 + (n % 2) as u128)]),
        FieldKind::Staff => json!(person(11 + (n % 2) as u128)),
        FieldKind::Attachment => json!(Uuid::from_u128(7)),
        FieldKind::Party => {
            let mark = ["important", "new_customer", "new_product", ""][n % 4];
            json!({ "id": Uuid::from_u128(8), "name": "词", "marks": [mark] })
        }
        FieldKind::Rows => {
            let row: serde_json::Map<String, Value> = field
                .columns
                .iter()
                .map(|c| (c.id.clone(), some(c, n)))
                .collect();
            // Not always two: work that plans more of its kind, as a call the next ones, comes to an end.
            let rows = if n.is_multiple_of(3) { 2 } else { 1 };
            json!(vec![row; rows])
        }
    }
}

/// Spreads a counter, so that no choice keeps step with a loop of actions.
fn mix(n: usize, k: usize) -> usize {
    n + n / 2 + n / 4 + n / 8 + n / 16 + k * (n % 7)
}

/// Everything that the action asks, so that each field is asked where it is given.
fn entered(
    edition: &Edition,
    case: Option<&Case>,
    task: Option<&str>,
    action: &Action,
    n: usize,
) -> Values {
    let mut values = Values::new();
    for (k, (id, required)) in action.asked().enumerate() {
        let Some(field) = edition.field(id) else {
            continue;
        };
        let look = |f: &str| {
            values
                .get(f)
                .or_else(|| case.and_then(|c| look_up(c, task, f)))
        };
        if field.when.holds(look) && (required || n.is_multiple_of(3)) {
            values.insert(id.to_owned(), some(field, mix(n, k)));
        }
    }
    values
}

pub struct Walk {
    pub edition: &'static Edition,
    pub case: Case,
    pub events: Vec<Event>,
    calendar: Calendar,
    now: DateTime<FixedOffset>,
    actors: Vec<Actor>,
    /// The case as it was when [`Walk::close`] closed it.
    pub closed: Option<Case>,
}

impl Walk {
    pub fn begin(edition: &'static Edition, n: usize) -> Self {
        let calendar = Calendar::new(Hours::default(), []);
        let now = DateTime::parse_from_rfc3339("2026-10-10T09:00:00+08:00").expect("a time");
        let actors = actors(edition);
        let ctx = Ctx {
            edition,
            calendar: &calendar,
            now,
            training: true,
            targets: &TARGETS,
            confirmed: None,
        };
        // Somebody complains: most ways are open then.
        let mut asked = edition.procedure.register.clone();
        asked
            .fields
            .retain(|f| !f.starts_with("complainant.anonymous"));
        let values = entered(edition, None, None, &asked, n);
        let new = Registration {
            case: CaseId(Uuid::from_u128(1)),
            number: "T-1".into(),
            channel: edition.procedure.channels[0].id.clone(),
            received_at: now,
            values,
            confirmed: BTreeSet::new(),
        };
        let events = register(&ctx, &actors[0], &new).expect("a registration");
        let case = Case::fold(&events).expect("a case");
        Self {
            edition,
            case,
            events,
            calendar,
            now,
            actors,
            closed: None,
        }
    }

    pub fn ctx(&self) -> Ctx<'_> {
        Ctx {
            edition: self.edition,
            calendar: &self.calendar,
            now: self.now,
            training: true,
            targets: &TARGETS,
            confirmed: None,
        }
    }

    /// Tries one action with one entry by whoever may; answers whether it was done.
    pub fn attempt(&mut self, id: &str, n: usize) -> bool {
        let all = offers(self.edition, &self.case);
        let Some(offer) = all.iter().find(|o| o.id() == id) else {
            return false;
        };
        let task = offer.task.map(|t| t.id.as_str());
        let ctx = self.ctx();
        for turn in 0..self.actors.len() {
            let actor = &self.actors[(n + turn) % self.actors.len()];
            if permitted(&ctx, &self.case, actor, offer).is_err() {
                continue;
            }
            let mut values = entered(self.edition, Some(&self.case), task, offer.action, n);
            self.aim(offer.action, &mut values, n);
            let into = Some(CaseId(Uuid::from_u128(2)));
            let request = Request {
                action: id,
                values,
                confirmed: BTreeSet::new(),
                into,
            };
            if let Ok(events) = decide(&ctx, &self.case, actor, &request) {
                if n.is_multiple_of(3) {
                    let again = decide(&ctx, &self.case, actor, &request);
                    assert_eq!(again.as_ref(), Ok(&events), "decide is pure");
                }
                if n.is_multiple_of(5) {
                    self.must_be_answered(&ctx, actor, offer.action, &request, n / 5);
                }
                let barred = self.barred(offer.action, actor.person);
                assert!(
                    barred.is_empty(),
                    "G1: {id} by somebody barred by {barred:?}"
                );
                self.take(events);
                self.now += TimeDelta::minutes(7);
                return true;
            }
        }
        false
    }

    /// What an act asks and the case does not know yet must be answered: left out, it is refused.
    fn must_be_answered(
        &self,
        ctx: &Ctx<'_>,
        actor: &Actor,
        action: &Action,
        done: &Request<'_>,
        n: usize,
    ) {
        let asked = action.asked().filter(|(_, required)| *required);
        let known = |field: &str| {
            let same = |key: &String| key.rsplit('/').next() == Some(field);
            self.case.values.keys().any(same)
        };
        let open: Vec<&str> = asked
            .map(|(field, _)| field)
            .filter(|f| done.values.contains_key(*f) && !known(f))
            .collect();
        let Some(field) = open.get(n % open.len().max(1)) else {
            return;
        };
        let mut values = done.values.clone();
        values.remove(*field);
        let less = Request {
            action: done.action,
            values,
            confirmed: BTreeSet::new(),
            into: done.into,
        };
        let refused = decide(ctx, &self.case, actor, &less).is_err();
        assert!(refused, "{}: done without {field}", action.id);
    }

    /// G1, looked up anew: bars that name somebody, or count what they did, and that no exception for this person
    /// and this bar lifts.
    pub fn barred(&self, action: &Action, who: PersonId) -> Vec<String> {
        let bars = self.edition.procedure.bars.iter();
        let here = bars.filter(|b| action.bars.contains(&b.id)).filter(|b| {
            let named = self.case.values.get(&b.field).map(people_in);
            let hands = |a: &redress_domain::case::Act| [Some(a.actor), a.on_behalf_of];
            let acted = |a: &redress_domain::case::Act| {
                b.actors_of.contains(&a.action) && hands(a).contains(&Some(who))
            };
            named.unwrap_or_default().contains(&who) || self.case.acts.iter().any(acted)
        });
        let lifted = |bar: &str| {
            let mut all = self.case.exceptions.iter();
            all.any(|e| e.person == who && e.bar.as_deref() == Some(bar))
        };
        here.map(|b| b.id.clone()).filter(|b| !lifted(b)).collect()
    }

    /// What the acts of the engine's own vocabulary need: a value to correct, a clock to extend, two people.
    fn aim(&self, action: &Action, values: &mut Values, n: usize) {
        match action.effect {
            Effect::Correct => {
                let keys: Vec<&String> = self.case.values.keys().collect();
                let key = keys[n % keys.len()];
                values.insert("correction.field".into(), json!(key));
                if let Some(field) = self.edition.field(key) {
                    values.insert(CORRECTED_NEW.into(), some(field, n + 1));
                }
            }
            Effect::Extend => {
                let mut running = self.case.clocks.iter().filter(|c| c.stopped_at.is_none());
                let id = running.next().map(|c| c.id.clone()).unwrap_or_default();
                values.insert("extension.clock".into(), json!(id));
                values.insert("extension.until".into(), json!("2027-01-29"));
            }
            Effect::Except => {
                // Somebody whom the case bars, and one of the bars; now and then another's.
                let all = excluded(self.edition, &self.case);
                let who = all.get(n % all.len().max(1));
                let whom = who.map_or(person(1 + n as u128 % 10), |x| x.person);
                let bar = all.get((n / 3) % all.len().max(1)).map(|x| x.bar.clone());
                let second = if whom == person(12) { 11 } else { 12 };
                values.insert("exception.person".into(), json!(whom));
                values.insert("exception.second".into(), json!(person(second)));
                values.remove("exception.bar");
                if let Some(bar) = bar.filter(|_| n.is_multiple_of(2)) {
                    values.insert("exception.bar".into(), json!(bar));
                }
            }
            _ => {}
        }
    }

    pub fn take(&mut self, events: Vec<Event>) {
        self.case = events.iter().fold(self.case.clone(), apply);
        self.events.extend(events);
    }

    /// What holds of every case at every moment, whatever was done to it.
    pub fn sound(&self) {
        assert_eq!(
            Case::fold(&self.events).as_ref(),
            Some(&self.case),
            "the log alone gives the case"
        );
        assert_eq!(self.case.seq, self.events.len() as i64);
        for e in &self.events {
            let (kind, body) = e.body.split().expect("a body");
            let back = EventBody::join(&kind, body).expect("a body that reads back");
            assert_eq!(back, e.body, "what is stored is what was decided");
        }
        for c in &self.case.clocks {
            assert!(
                c.stopped_at.is_none_or(|t| t >= c.due.start),
                "{} ran backwards",
                c.id
            );
        }
        self.nobody_elses();
        for d in &self.case.documents {
            assert!(
                !d.number.is_empty(),
                "G18: what is given out has its number"
            );
        }
    }

    /// An act of the person whom the source names is refused to everybody else, of whatever role.
    fn nobody_elses(&self) {
        let ctx = self.ctx();
        for offer in offers(self.edition, &self.case) {
            let fields = &offer.action.by_person;
            if fields.is_empty() {
                continue;
            }
            let task = offer.task.map(|t| t.id.as_str());
            let named = fields
                .iter()
                .filter_map(|f| look_up(&self.case, task, f))
                .flat_map(people_in)
                .collect::<BTreeSet<_>>();
            for actor in self.actors.iter().filter(|a| !named.contains(&a.person)) {
                let refusal = permitted(&ctx, &self.case, actor, &offer).err();
                assert_eq!(
                    refusal.map(|r| r.code).as_deref(),
                    Some("not_the_responsible"),
                    "{} by a stranger",
                    offer.action.id
                );
            }
        }
    }

    pub fn papers(&mut self) {
        for id in &self.edition.procedure.forms {
            let form = &self.edition.forms[id];
            let tasks: Vec<Option<String>> = match &form.task {
                None => vec![None],
                Some(kind) => self
                    .case
                    .tasks
                    .iter()
                    .filter(|t| &t.kind == kind)
                    .map(|t| Some(t.id.clone()))
                    .collect(),
            };
            for task in tasks {
                if self.case.documents.iter().any(|d| {
                    let here = !form.per_round || d.round == self.case.round;
                    let stands = d.superseded_by.is_none();
                    let fresh = || since(self.edition, &self.case, d).is_empty();
                    &d.form == id && d.task == task && here && stands && fresh()
                }) {
                    continue;
                }
                let new = Issue {
                    document: DocumentId(Uuid::from_u128(100 + self.case.documents.len() as u128)),
                    form: id.clone(),
                    task,
                    number: format!("N-{}", self.case.documents.len()),
                    copies: vec![("paper".into(), "王".into())],
                    content: String::new(),
                    pages: 1,
                };
                if let Ok(events) = issue(&self.ctx(), &self.case, &self.actors[0], &new) {
                    self.take(events);
                }
            }
        }
    }

    /// The procedure's own way to the end: no withdrawal, voiding, transfer, merging or exception.
    pub fn close(&mut self) -> bool {
        for n in 0_usize..400 {
            self.papers();
            let before = self.case.clone();
            // That closing is refused to everybody while something lacks is tried now and then.
            let try_it = n.is_multiple_of(4)
                || redress_domain::closing::missing(self.edition, &self.case).is_empty();
            if try_it && self.attempt("close", n) {
                self.closed = Some(before);
                return true;
            }
            let ids: Vec<String> = offers(self.edition, &self.case)
                .iter()
                .filter(|o| o.action.effect == Effect::Record)
                // Of what is always possible, what leads on, or is offered only while something lacks.
                .filter(|o| {
                    let always = &self.edition.procedure.always;
                    let leads = !o.action.to.is_empty() || !o.action.when.0.is_empty();
                    leads || always.iter().all(|a| a.id != o.action.id)
                })
                // What only opens more work beside the way would never come to an end.
                .filter(|o| {
                    let ways = &o.action.to;
                    ways.is_empty() || ways.iter().any(|w| w.ends || !w.step.is_empty())
                })
                .filter(|o| o.action.id != "another_round")
                .filter(|o| !o.action.id.contains("return"))
                .map(redress_domain::decide::Offer::id)
                .collect();
            let mut done = false;
            for (k, id) in ids.iter().enumerate() {
                done |= self.attempt(id, n + k);
            }
            // What waits for its day, as a call after a week.
            if !done && n < 100 {
                self.now += TimeDelta::days(1);
            }
        }
        false
    }
}
