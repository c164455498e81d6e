//! Limits by class, windows of the complainant, the institution's own limits, marks of parties, and what a
//! building block's `$name` stands for; each on a procedure of a few lines.

use chrono::{DateTime, FixedOffset};
use redress_domain::{
    calendar::{Calendar, Hours},
    case::{Case, apply},
    check::{Files, files_name, load},
    clock::{ClockState, state},
    decide::{Actor, Ctx, Registration, Request, Targets, decide, look_up, register},
    event::MoveCause,
    id::{CaseId, PersonId},
    procedure::{Edition, Limit},
    value::Values,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

const TEXT: &str = r#"
include = ["end"]
[stands_for]
closes = ["head"]
done = ["answer"]
[procedure]
id = "tiny"
title = "小程序"
edition = "1"
organisation_kind = "窗口"
number_format = "X-{year}-{seq}"
[[role]]
id = "clerk"
title = "文员"
[[role]]
id = "head"
title = "主管"
[[channel]]
id = "visit"
title = "来人"
[[field]]
id = "several"
title = "涉及多个部门"
kind = "yes_no"
[[field]]
id = "report_on"
title = "收到报告的日期"
kind = "date"
[[field]]
id = "customer"
title = "客户"
kind = "party"
[[field]]
id = "major"
title = "重大"
kind = "yes_no"
[[field]]
id = "until"
title = "延长至"
kind = "date"
[[field]]
id = "extension.clock"
title = "哪个时限"
kind = "text"
[[field]]
id = "extension.until"
title = "延长至"
kind = "date"
[register]
id = "register"
title = "登记"
by = ["clerk"]
fields = ["several?", "report_on?", "customer?"]
to = [{ when = { customer = "important" }, sets = { major = true } }]
[[step]]
id = "open"
title = "办理"
  [[step.action]]
  id = "answer"
  title = "答复"
  by = ["clerk"]
  to = [{ when = { "late:window" = true }, step = "late" }, { step = "end" }]
  [[step.action]]
  id = "widen"
  title = "改为多个部门"
  by = ["clerk"]
  fields = ["several"]
  effect = "reclassify"
  [[step.action]]
  id = "extend"
  title = "延长"
  by = ["clerk"]
  fields = ["extension.clock", "extension.until"]
  effect = "extend"
[[step]]
id = "late"
title = "逾期提出"
  [[step.action]]
  id = "take_late"
  title = "照收"
  by = ["clerk"]
  to = [{ step = "end" }]
[[clock]]
id = "reply"
title = "答复"
starts = "registered"
stops = ["action:answer"]
from_received = true
source = "L1"
by_class = [
  { when = { several = true }, within = { working_days = 10 } },
  { within = { working_days = 5 } },
]
[[clock]]
id = "window"
title = "提出异议"
starts = "registered"
stops = ["closed"]
when = { report_on = { given = true } }
from = "report_on"
of_complainant = true
within = { calendar_days = 7 }
source = "L2"
[[clock]]
id = "open_limit"
title = "办结"
starts = "registered"
stops = ["action:answer"]
left_open = true
source = "L3"
"#;

const END: &str = r#"
[[field]]
id = "customer"
title = "别处的客户"
kind = "text"
[[step]]
id = "end"
title = "结案"
  [[step.action]]
  id = "close"
  title = "结案"
  by = ["$closes"]
  requires = [{ other_than = ["$done"], refusal = "own_approval" }]
  effect = "close"
"#;

fn files(text: &str) -> Files {
    Files {
        procedure: (files_name::PROCEDURE.into(), text.to_owned()),
        shared: vec![("shared/end.toml".into(), END.to_owned())],
        forms: vec![],
    }
}

fn time(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).expect("a time")
}

fn clerk() -> Actor {
    let both = BTreeSet::from(["clerk".to_owned(), "head".to_owned()]);
    Actor::new(PersonId(Uuid::from_u128(1)), both)
}

struct Desk {
    edition: Edition,
    calendar: Calendar,
    targets: Targets,
}

impl Desk {
    fn new() -> Self {
        let years = include_str!("../../../procedures/calendars/2026.json");
        let year = serde_json::from_str(years).expect("a year");
        Self {
            edition: load(&files(TEXT)).unwrap_or_else(|p| panic!("{p:#?}")),
            calendar: Calendar::new(Hours::default(), [year]),
            targets: Targets::new(),
        }
    }

    fn ctx(&self, now: &str) -> Ctx<'_> {
        Ctx {
            edition: &self.edition,
            calendar: &self.calendar,
            now: time(now),
            training: true,
            targets: &self.targets,
            confirmed: None,
        }
    }

    fn register(&self, received: &str, now: &str, values: Value) -> Case {
        let new = Registration {
            case: CaseId(Uuid::from_u128(1)),
            number: "X-1".into(),
            channel: "visit".into(),
            received_at: time(received),
            values: serde_json::from_value(values).expect("values"),
            confirmed: BTreeSet::new(),
        };
        let events = register(&self.ctx(now), &clerk(), &new).expect("registered");
        Case::fold(&events).expect("a case")
    }

    fn act(&self, case: &Case, now: &str, action: &str, values: Value) -> Case {
        let values: Values = serde_json::from_value(values).expect("values");
        let request = Request {
            action,
            values,
            confirmed: BTreeSet::new(),
            into: None,
        };
        let events = decide(&self.ctx(now), case, &clerk(), &request).expect(action);
        events.iter().fold(case.clone(), apply)
    }
}

fn due(case: &Case, rule: &str) -> Option<String> {
    let clock = case.clocks.iter().find(|c| c.rule == rule)?;
    Some(clock.due.at?.format("%Y-%m-%dT%H:%M").to_string())
}

/// T5: one department becomes several; ten working days from the same start, over the spring festival.
#[test]
fn another_class_has_its_limit_from_the_same_start() {
    let desk = Desk::new();
    let case = desk.register(
        "2026-02-12T10:00",
        "2026-02-12T10:05",
        json!({ "several": false }),
    );
    assert_eq!(due(&case, "reply").as_deref(), Some("2026-02-26T17:30"));
    let case = desk.act(
        &case,
        "2026-02-25T09:00",
        "widen",
        json!({ "several": true }),
    );
    assert_eq!(due(&case, "reply").as_deref(), Some("2026-03-04T17:30"));
    assert_eq!(case.clocks[0].moved, [MoveCause::Reclassification]);
    let again = desk.act(
        &case,
        "2026-02-25T09:05",
        "widen",
        json!({ "several": true }),
    );
    assert_eq!(
        again.clocks[0].moved.len(),
        1,
        "the same class moves nothing"
    );
}

#[test]
fn reclassification_takes_no_extension_back() {
    let desk = Desk::new();
    let case = desk.register(
        "2026-02-12T10:00",
        "2026-02-12T10:05",
        json!({ "several": false }),
    );
    let longer = json!({ "extension.clock": "reply-1", "extension.until": "2026-04-10" });
    let case = desk.act(&case, "2026-02-13T09:00", "extend", longer);
    let case = desk.act(
        &case,
        "2026-02-14T09:00",
        "widen",
        json!({ "several": true }),
    );
    assert_eq!(due(&case, "reply").as_deref(), Some("2026-04-11T00:00"));
}

/// D17: the client's week runs from the report to the receipt, whenever it was typed in, and rolls (T3).
#[test]
fn the_complainants_window_is_held_against_the_receipt() {
    let desk = Desk::new();
    for (received, entered, late) in [
        ("2026-10-08T16:00", "2026-10-08T17:00", false),
        ("2026-10-08T23:30", "2026-10-09T08:10", false),
        ("2026-10-09T08:00", "2026-10-09T08:10", true),
    ] {
        let case = desk.register(received, entered, json!({ "report_on": "2026-09-25" }));
        assert_eq!(due(&case, "window").as_deref(), Some("2026-10-09T00:00"));
        let clock = case
            .clocks
            .iter()
            .find(|c| c.rule == "window")
            .expect("a window");
        let missed = state(&clock.due, clock.stopped_at, time(entered)) == ClockState::Missed;
        assert_eq!(missed, late, "{received}");
        let said = look_up(&case, None, "late:window");
        assert_eq!(said, Some(&json!(late)), "{received}");
        let step = desk
            .act(&case, "2026-10-09T09:00", "answer", json!({}))
            .step;
        assert_eq!(step, if late { "late" } else { "end" });
    }
    let without = desk.register("2026-10-08T16:00", "2026-10-08T17:00", json!({}));
    assert_eq!(due(&without, "window"), None, "no report, no window");
    assert_eq!(look_up(&without, None, "late:window"), None);
}

/// P3, T6: without a number until the institution sets one.
#[test]
fn a_limit_left_open_is_the_institutions() {
    let mut desk = Desk::new();
    let case = desk.register("2026-11-23T10:00", "2026-11-23T10:00", json!({}));
    assert_eq!(due(&case, "open_limit"), None);
    let three = Limit {
        working_days: Some(3.into()),
        ..Limit::default()
    };
    desk.targets.insert("tiny/open_limit".into(), three);
    let case = desk.register("2026-11-23T10:00", "2026-11-23T10:00", json!({}));
    assert_eq!(
        due(&case, "open_limit").as_deref(),
        Some("2026-11-26T17:30")
    );
    let open = case.clocks.iter().find(|c| c.rule == "open_limit");
    assert!(open.is_some_and(|c| c.due.own_target));
    assert_eq!(
        due(&case, "reply").as_deref(),
        Some("2026-11-30T17:30"),
        "others are as they were"
    );
}

/// G16: what was decided at the time stays, whatever the register says later.
#[test]
fn a_condition_reads_a_partys_marks() {
    let desk = Desk::new();
    let party = |marks: Value| json!({ "customer": { "id": Uuid::from_u128(5), "name": "东方", "marks": marks } });
    let major = |marks: Value| {
        let case = desk.register("2026-11-23T10:00", "2026-11-23T10:00", party(marks));
        case.values.get("major").cloned()
    };
    assert_eq!(
        major(json!(["new_customer", "important"])),
        Some(json!(true))
    );
    assert_eq!(major(json!(["new_customer"])), None);
}

#[test]
fn a_block_lends_what_the_procedure_does_not_say_itself() {
    let edition = Desk::new().edition;
    let field = edition.field("customer").expect("a field");
    assert_eq!(field.title, "客户", "its own stands");
    let close = edition.action("close").expect("lent");
    assert_eq!(close.by, ["head"]);
    assert_eq!(close.requires[0].other_than, ["answer"]);
    let silent = TEXT.replace("closes = [\"head\"]", "");
    let problems = load(&files(&silent)).expect_err("nobody closes");
    assert!(
        problems
            .iter()
            .any(|p| p.code == "stands_for_missing" && p.about == "closes")
    );
}

#[test]
fn a_field_is_never_asked_by_lateness() {
    let text = TEXT.replace(
        "id = \"major\"\n",
        "id = \"major\"\nwhen = { \"late:window\" = true }\n",
    );
    let problems = load(&files(&text)).expect_err("a page cannot know it");
    assert!(problems.iter().any(|p| p.about == "late:window"));
}
