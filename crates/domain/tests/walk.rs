//! Random walks over every procedure: from wherever a walk stops, the case can be closed by the procedure's own way.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests read the procedures that ship with the product"
)]

use chrono::{DateTime, FixedOffset, TimeDelta};
use proptest::prelude::*;
use redress_domain::{
    calendar::{Calendar, Hours},
    case::{Case, apply},
    check::{Files, files_name, load},
    closing,
    decide::{
        Actor, Ctx, Offer, Registration, Request, Targets, decide, look_up, offers, permitted,
        register,
    },
    event::{Ending, Event, EventBody},
    id::{CaseId, DocumentId, PersonId},
    issue::{Issue, issue},
    procedure::{Action, Edition, Effect},
    value::{Field, FieldKind, Values},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::LazyLock};
use uuid::Uuid;

/// No institution has set anything.
static TARGETS: Targets = Targets::new();

/// Every procedure that ships.
static EDITIONS: LazyLock<Vec<Edition>> = LazyLock::new(|| {
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../procedures");
    // Whoever writes a procedure walks a folder of their own.
    let top = std::env::var("REDRESS_PROCEDURES").unwrap_or_else(|_| ours.to_owned());
    let files = |prefix: &str, folder: String| -> Vec<(String, String)> {
        let mut all: Vec<_> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .map(|e| e.expect("an entry"))
            .filter(|e| e.path().is_file())
            .map(|e| {
                let text = std::fs::read_to_string(e.path()).expect("a file of ours");
                (format!("{prefix}{}", e.file_name().to_string_lossy()), text)
            })
            .collect();
        all.sort();
        all
    };
    let mut folders: Vec<_> = std::fs::read_dir(&top)
        .expect("a folder of ours")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.join("procedure.toml").exists())
        .collect();
    folders.sort();
    folders
        .iter()
        .map(|f| f.display())
        .map(|folder| {
            let mut own = files("", folder.to_string());
            let mut forms = files("forms/", format!("{top}/shared/forms"));
            forms.extend(files("forms/", format!("{folder}/forms")));
            let files = Files {
                procedure: own.pop().expect("the procedure"),
                shared: files("shared/", format!("{top}/shared")),
                forms,
            };
            assert_eq!(files.procedure.0, files_name::PROCEDURE);
            load(&files).unwrap_or_else(|problems| panic!("{folder}: {problems:#?}"))
        })
        .collect()
});

fn person(n: u128) -> PersonId {
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

/// Some value that the field takes; `n` decides which.
fn some(field: &Field, n: usize) -> Value {
    match field.kind {
        FieldKind::Text | FieldKind::LongText => json!(format!("词{n}")),
        FieldKind::Number => json!(n),
        FieldKind::Measure => json!({ "value": n, "unit": "%" }),
        FieldKind::Date => json!("2026-10-09"),
        FieldKind::Time => json!("2026-10-09T10:00:00+08:00"),
        FieldKind::Choice => json!(field.choices[n % field.choices.len()].id),
        FieldKind::Many => json!([field.choices[n % field.choices.len()].id]),
        FieldKind::YesNo => json!(n.is_multiple_of(2)),
        // Nobody of the first ten: someone named is barred, and ten others remain.
        FieldKind::Staff if field.multiple => json!([person(11)]),
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
            json!([row, row])
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

struct Walk {
    edition: &'static Edition,
    case: Case,
    events: Vec<Event>,
    calendar: Calendar,
    now: DateTime<FixedOffset>,
    actors: Vec<Actor>,
}

impl Walk {
    fn begin(edition: &'static Edition, n: usize) -> Self {
        let calendar = Calendar::new(Hours::default(), []);
        let now = DateTime::parse_from_rfc3339("2026-10-10T09:00:00+08:00").expect("a time");
        let actors = actors(edition);
        let ctx = Ctx {
            edition,
            calendar: &calendar,
            now,
            training: true,
            targets: &TARGETS,
        };
        let mut values = entered(edition, None, None, &edition.procedure.register, n);
        values.remove("complainant.anonymous");
        for k in ["name", "phone", "organisation", "address"] {
            values
                .entry(format!("complainant.{k}"))
                .or_insert(json!("王"));
        }
        let new = Registration {
            case: CaseId(Uuid::from_u128(1)),
            number: "T-1".into(),
            channel: edition.procedure.channels[0].id.clone(),
            received_at: now,
            values,
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
        }
    }

    fn ctx(&self) -> Ctx<'_> {
        Ctx {
            edition: self.edition,
            calendar: &self.calendar,
            now: self.now,
            training: true,
            targets: &TARGETS,
        }
    }

    /// Tries one action with one entry by whoever may; answers whether it was done.
    fn attempt(&mut self, id: &str, n: usize) -> bool {
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
            let values = entered(self.edition, Some(&self.case), task, offer.action, n);
            let request = Request { action: id, values };
            if let Ok(events) = decide(&ctx, &self.case, actor, &request) {
                let again = decide(&ctx, &self.case, actor, &request);
                assert_eq!(again.as_ref(), Ok(&events), "decide is pure");
                self.take(events);
                self.now += TimeDelta::minutes(7);
                return true;
            }
        }
        false
    }

    fn take(&mut self, events: Vec<Event>) {
        self.case = events.iter().fold(self.case.clone(), apply);
        self.events.extend(events);
    }

    /// What holds of every case at every moment, whatever was done to it.
    fn sound(&self) {
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
        for d in &self.case.documents {
            assert!(
                !d.number.is_empty(),
                "G18: what is given out has its number"
            );
        }
    }

    fn papers(&mut self) {
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
                if self
                    .case
                    .documents
                    .iter()
                    .any(|d| &d.form == id && d.task == task)
                {
                    continue;
                }
                let new = Issue {
                    document: DocumentId(Uuid::from_u128(9)),
                    form: id.clone(),
                    task,
                    number: "N".into(),
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
    fn close(&mut self) -> bool {
        for n in 0..400 {
            self.papers();
            if self.attempt("close", n) {
                return true;
            }
            let ids: Vec<String> = offers(self.edition, &self.case)
                .iter()
                .filter(|o| o.action.effect == Effect::Record)
                .filter(|o| {
                    !o.action.to.is_empty()
                        || self
                            .edition
                            .procedure
                            .always
                            .iter()
                            .all(|a| a.id != o.action.id)
                })
                .filter(|o| !["open_corrective", "another_round"].contains(&o.action.id.as_str()))
                .filter(|o| !o.action.id.contains("return"))
                .map(redress_domain::decide::Offer::id)
                .collect();
            for (k, id) in ids.iter().enumerate() {
                self.attempt(id, n + k);
            }
        }
        false
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, max_shrink_iters: 40, ..ProptestConfig::default() })]
    #[test]
    fn every_walk_can_be_closed(which in 0_usize..9, seed in 0_usize..1000, steps in prop::collection::vec(0_usize..1000, 0..40)) {
        let mut walk = Walk::begin(&EDITIONS[which % EDITIONS.len()], seed);
        for n in steps {
            let ids: Vec<String> = offers(walk.edition, &walk.case)
                .iter()
                .filter(|o| matches!(o.action.effect, Effect::Record | Effect::Assign | Effect::Close))
                .map(redress_domain::decide::Offer::id)
                .collect();
            if !walk.case.is_open() || ids.is_empty() {
                break;
            }
            walk.attempt(&ids[n % ids.len()], n);
            walk.sound();
            if n.is_multiple_of(3) {
                walk.papers();
            }
        }
        let open = walk.case.is_open();
        prop_assert!(!open || walk.close(), "{} stuck at {}: {:?}", walk.edition.procedure.head.id, walk.case.step,
            closing::missing(walk.edition, &walk.case).iter().map(|m| m.id.as_str()).collect::<Vec<_>>());
        prop_assert_eq!(walk.case.ended, Some(Ending::Closed));
        prop_assert!(closing::missing(walk.edition, &walk.case).is_empty(), "G7 holds for whatever was closed");
        prop_assert!(walk.case.exceptions.is_empty());
        walk.sound();
        for clock in &walk.case.clocks {
            prop_assert!(clock.stopped_at.is_some(), "{} runs on after closing", clock.id);
        }
    }
}

/// The second permission table, cell by cell: each action × each role × a grant for any, for the action's own
/// and for another department, whatever else would refuse it.
#[test]
fn every_action_is_open_to_the_roles_that_the_procedure_names_and_to_no_other() {
    let (mut cells, mut others) = (0, 0);
    for edition in EDITIONS.iter() {
        let (all, refused) = table(edition);
        cells += all;
        others += refused;
    }
    assert!(cells > 1500, "{cells} cells");
    assert!(others > 0, "some action is a department's own");
}

/// Cells, and how many of them another department's grant closes.
fn table(edition: &'static Edition) -> (usize, usize) {
    let mut walk = Walk::begin(edition, 0);
    for action in edition.actions().filter(|a| !a.department.is_empty()) {
        let own = (action.department.clone(), json!("化学检测室"));
        walk.case.values.extend([own]);
    }
    let (mut cells, mut others) = (0, 0);
    for action in edition.actions() {
        for role in &edition.procedure.roles {
            for grant in ["", "化学检测室", "灯光检测室"] {
                let mut actor = Actor::new(person(99), BTreeSet::from([role.id.clone()]));
                if !grant.is_empty() {
                    let only = BTreeSet::from([grant.to_owned()]);
                    actor.departments.insert(role.id.clone(), only);
                }
                let offer = Offer { action, task: None };
                let refusal = permitted(&walk.ctx(), &walk.case, &actor, &offer).err();
                let code = refusal.map(|r| r.code).unwrap_or_default();
                let named = action.by.is_empty() || action.by.contains(&role.id);
                let elsewhere = !action.department.is_empty() && grant == "灯光检测室";
                let place = format!("{} × {} × {grant}", action.id, role.id);
                assert_eq!(code == "role_missing", !named, "{place}");
                assert_eq!(code == "other_department", named && elsewhere, "{place}");
                others += usize::from(code == "other_department");
                cells += 1;
            }
        }
    }
    (cells, others)
}
