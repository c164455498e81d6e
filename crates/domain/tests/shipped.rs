//! What single rules of the procedures that ship do: a limit that runs again, and what a summary counts and lists.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests read the procedures that ship with the product"
)]

#[path = "walk/editions.rs"]
mod editions;

use chrono::{DateTime, FixedOffset};
use editions::{EDITIONS, TARGETS};
use redress_domain::{
    calendar::{Calendar, Hours},
    case::{Case, apply},
    decide::{Actor, Ctx, Registration, Request, decide, look_over, register},
    id::{CaseId, DocumentId, PersonId},
    issue::{Issue, issue},
    procedure::Edition,
    value::{Class, FieldKind},
};
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// A case on its way; everybody has every role, so that only the person counts.
struct Way {
    edition: &'static Edition,
    calendar: Calendar,
    now: DateTime<FixedOffset>,
    case: Case,
}

impl Way {
    fn begin(procedure: &str, now: &str, values: Value) -> Self {
        let mut all = EDITIONS.iter();
        let edition = all.find(|e| e.procedure.head.id == procedure);
        let edition = edition.expect("it ships");
        let year = include_str!("../../../procedures/calendars/2026.json");
        let year = serde_json::from_str(year).expect("a year");
        let calendar = Calendar::new(Hours::default(), [year]);
        let now = time(now);
        let ctx = Ctx {
            edition,
            calendar: &calendar,
            now,
            training: true,
            targets: &TARGETS,
            confirmed: None,
        };
        let new = Registration {
            case: CaseId(Uuid::from_u128(1)),
            number: "T-1".into(),
            channel: edition.procedure.channels[0].id.clone(),
            received_at: now,
            values: serde_json::from_value(values).expect("values"),
            confirmed: BTreeSet::new(),
        };
        let events = register(&ctx, &anybody(edition, 1), &new).expect("registered");
        let case = Case::fold(&events).expect("a case");
        Self {
            edition,
            calendar,
            now,
            case,
        }
    }

    fn ctx(&self) -> Ctx<'_> {
        Ctx {
            edition: self.edition,
            calendar: &self.calendar,
            now: self.now,
            training: true,
            targets: &TARGETS,
            confirmed: None,
        }
    }

    fn at(&mut self, now: &str) {
        self.now = time(now);
    }

    fn act(&mut self, who: u128, action: &str, values: Value) {
        let request = Request {
            action,
            values: serde_json::from_value(values).expect("values"),
            confirmed: BTreeSet::new(),
            into: None,
        };
        let done = decide(
            &self.ctx(),
            &self.case,
            &anybody(self.edition, who),
            &request,
        );
        let events = done.unwrap_or_else(|r| panic!("{action}: {r:?}"));
        self.case = events.iter().fold(self.case.clone(), apply);
    }

    fn paper(&mut self, form: &str) {
        let new = Issue {
            document: DocumentId(Uuid::from_u128(100 + self.case.documents.len() as u128)),
            form: form.into(),
            task: None,
            number: format!("N-{}", self.case.documents.len()),
            copies: vec![("paper".into(), "王".into())],
            content: String::new(),
            pages: 1,
        };
        let done = issue(&self.ctx(), &self.case, &anybody(self.edition, 1), &new);
        let events = done.unwrap_or_else(|r| panic!("{form}: {r:?}"));
        self.case = events.iter().fold(self.case.clone(), apply);
    }

    /// Every run of a clock: when it is due, and whether it still runs.
    fn runs(&self, rule: &str) -> Vec<(String, bool)> {
        let all = self.case.clocks.iter().filter(|c| c.rule == rule);
        let due = |at: Option<DateTime<FixedOffset>>| {
            at.map_or_else(String::new, |t| t.format("%Y-%m-%d").to_string())
        };
        all.map(|c| (due(c.due.at), c.stopped_at.is_none()))
            .collect()
    }

    /// What a summary would list of the case, with the fields of the line.
    fn listed(&self) -> Vec<(&str, Vec<&Value>)> {
        let look = |f: &str| look_over(&self.case, None, f);
        let held = self.edition.procedure.listings.iter();
        held.filter(|l| l.when.holds(look))
            .map(|l| {
                (
                    l.title.as_str(),
                    l.fields.iter().filter_map(|f| look(f)).collect(),
                )
            })
            .collect()
    }

    /// What a summary would count of the case.
    fn counted(&self) -> Vec<(&str, Option<&str>)> {
        let all = self.edition.procedure.tallies.iter();
        all.map(|t| {
            let said = look_over(&self.case, None, &t.field).and_then(Value::as_str);
            (t.title.as_str(), said)
        })
        .collect()
    }
}

fn anybody(edition: &Edition, who: u128) -> Actor {
    let roles = edition.procedure.roles.iter().map(|r| r.id.clone());
    Actor::new(person(who), roles.collect())
}

fn time(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).expect("a time")
}

/// A car problem whose follow-up call was dissatisfied: the car is awaited from 10 March on, and the sheet goes out again.
fn dissatisfied() -> Way {
    let mut way = Way::begin(
        "car-dealer",
        "2026-03-02T09:00",
        json!({
            "complainant.name": "卫兰", "incident.time": "1 月", "incident.place": "车间", "incident.people": "小何",
            "complaint.description": "车窗关不严", "incident.result": "要求返修", "complaint.nature": "repair",
            "complaint.summary": "车窗漏风", "car.noise": false, "car.problem": true, "sheet.filled_by": person(1),
            "complaint.about_us": true, "immediate.measures": ["none"], "complaint.apologised": true,
        }),
    );
    let handover = json!({ "handover.department": "维修部", "handover.told": true });
    way.act(1, "hand_over", handover);
    way.act(2, "give_back_sheet", given_back());
    way.at("2026-03-10T09:00");
    assert_eq!(way.runs("car_back"), [], "nothing runs before the call");
    way.act(1, "record_follow_up", call("2026-03-10"));
    assert_eq!(way.runs("car_back"), [("2026-03-26".into(), true)]);
    way.paper("tracking-sheet");
    way.paper("follow-up-record");
    way
}

fn given_back() -> Value {
    json!({
        "handling.reached": true, "handling.cause": "老化", "handling.text": "换密封条", "agreed.any": false,
        "handling.corrective": false, "car.expected_on": "2026-03-31",
    })
}

fn call(day: &str) -> Value {
    json!({
        "followup.date": day, "followup.way": "phone", "followup.satisfaction": "rejected",
        "reply.text": "请来店检查",
    })
}

/// The sheet once more, and the call after it, on 20 March.
fn called_again(way: &mut Way) {
    way.at("2026-03-19T09:00");
    let again =
        json!({ "sheet.reason": "不满意", "handover.department": "维修部", "handover.told": true });
    way.act(1, "hand_over_again", again);
    way.act(2, "give_back_sheet", given_back());
    way.at("2026-03-20T09:00");
    way.act(1, "record_contact_now", call("2026-03-20"));
    assert_eq!(way.case.step, "general_manager");
}

/// P4-d: the half month runs from the last contact, also where the customer was dissatisfied then.
#[test]
fn the_half_month_runs_again_from_a_dissatisfied_call() {
    let mut way = dissatisfied();
    called_again(&mut way);
    assert_eq!(
        way.runs("car_back"),
        [("2026-03-26".into(), false), ("2026-04-05".into(), true)]
    );
}

/// What the car came back for is done: no call starts the half month again.
#[test]
fn the_half_month_does_not_run_again_once_the_car_came_back() {
    let mut way = dissatisfied();
    way.at("2026-03-16T09:00");
    let back = json!({ "car.returned_on": "2026-03-16", "car.check": "已换" });
    way.act(1, "car_back@car_awaited-1", back);
    assert_eq!(way.runs("car_back"), [("2026-03-26".into(), false)]);
    called_again(&mut way);
    assert_eq!(way.runs("car_back"), [("2026-03-26".into(), false)]);
}

/// A summary counts choices and lists open values: none of them names anybody.
#[test]
fn what_a_summary_counts_and_lists_names_nobody() {
    let (mut counts, mut lists) = (0, 0);
    for edition in EDITIONS.iter() {
        let p = &edition.procedure;
        for t in &p.tallies {
            let field = edition.field(&t.field).expect("a field");
            assert_eq!(field.kind, FieldKind::Choice, "{}", t.title);
            assert_eq!(field.class, Class::Open, "{}", t.title);
            counts += 1;
        }
        for l in &p.listings {
            assert!(!l.when.0.is_empty(), "{}: every case", l.title);
            for f in &l.fields {
                let field = edition.field(f).expect("a field");
                assert_eq!(field.class, Class::Open, "{}: {f}", l.title);
                assert_ne!(field.kind, FieldKind::Staff, "{}: {f}", l.title);
            }
            lists += 1;
        }
    }
    assert!(counts > 0 && lists > 0, "{counts} counts, {lists} lists");
}

/// A test result of the station that is tested again, up to the judgement.
fn to_be_retested() -> Way {
    let mut way = Way::begin(
        "inspection-station",
        "2026-10-10T09:00",
        json!({
            "complaint.source": "customer", "complainant.name": "王芳", "complaint.nature": "test_result",
            "complaint.description": "含水量", "complaint.demand": ["retest"], "report.number": "JC-0940",
            "report.copies": [{ "kind": "paper", "holder": "王芳" }], "complaint.about_us": true,
            "immediate.measures": ["none"], "report.operator": person(7), "report.reviewer": person(8),
            "report.signatory": person(9),
        }),
    );
    let opinion = json!({
        "pretreatment.opinion": "accept", "pretreatment.department": "化学检测室", "pretreatment.retest_wanted": true,
    });
    way.act(1, "send_to_qm", opinion);
    way.act(2, "accept_case", json!({}));
    let mut checks = serde_json::Map::new();
    for item in [
        "basis",
        "equipment",
        "method",
        "process",
        "environment",
        "data",
    ] {
        checks.insert(format!("checks.{item}"), json!("yes"));
        checks.insert(format!("checks.{item}.note"), json!("看过记录"));
    }
    way.act(3, "answer_checks", Value::Object(checks));
    let judged = json!({
        "judgement.finding": "复检", "judgement.outcome": "retest", "judgement.corrective": false,
        "retest.fee_note": "一致由客户承担",
    });
    way.act(2, "judge", judged);
    way
}

fn retested(way: &mut Way, second: f64, said: &str) {
    let result = json!({
        "retest.sample": "LY-0940", "retest.sample_state": "完好", "retest.sample_until": "2026-12-30",
        "retest.reason": "异议", "retest.standard": "GB 12981", "retest.equipment": "KF-02",
        "retest.equipment_valid_until": "2027-03-31", "retest.environment": "22 ℃", "retest.date": "2026-10-10",
        "retest.items": [{
            "item": "含水量", "original": { "value": 4.2, "unit": "%" }, "retest": { "value": second, "unit": "%" },
            "tolerance": 0.3, "verdict": said,
        }],
        "retest.conclusion": said, "retest.fee_amount": 300,
    });
    way.act(4, "record_retest", result);
    way.act(5, "review_retest", json!({}));
    way.act(6, "approve_retest", json!({}));
}

const UNPAID: &str = "重复检测费用未收取";
const UNREFUNDED: &str = "重复检测费用应退未退";

/// L16: the client owes the fee where the results agree; the summary lists it until it is paid.
#[test]
fn a_fee_that_is_owed_is_listed_until_it_is_paid() {
    let mut way = to_be_retested();
    assert_eq!(way.listed(), [], "noted, but not owed yet");
    assert_eq!(way.counted(), [("留样复检的结论", None)]);
    retested(&mut way, 4.1, "agrees");
    assert_eq!(
        way.listed(),
        [(UNPAID, vec![&json!("JC-0940"), &json!(300)])]
    );
    assert_eq!(way.counted(), [("留样复检的结论", Some("agrees"))]);
    way.act(1, "fee_paid", json!({ "retest.fee_amount": 300 }));
    assert_eq!(way.listed(), []);
}

/// What was paid beforehand goes back where the station was at fault; the summary lists it until it is refunded.
#[test]
fn a_fee_that_was_paid_in_vain_is_listed_until_it_is_refunded() {
    let mut way = to_be_retested();
    way.act(1, "fee_paid", json!({ "retest.fee_amount": 300 }));
    retested(&mut way, 1.2, "differs");
    assert_eq!(way.listed(), [], "nobody owes anything yet");
    let ours = json!({ "fault.decision": "ours", "fault.reason": "天平超期" });
    way.act(2, "decide_fault", ours);
    assert_eq!(
        way.listed(),
        [(UNREFUNDED, vec![&json!("JC-0940"), &json!(300)])]
    );
    assert_eq!(way.counted(), [("留样复检的结论", Some("differs"))]);
    let back = json!({ "retest.refund_amount": 300, "retest.refund_date": "2026-10-10" });
    way.act(1, "fee_refunded", back);
    assert_eq!(way.listed(), []);
}

/// P6-b: what the 24 hours brought is counted by its kind, the first that was given, and late where it was late.
#[rstest]
#[case::result(&[("2026-05-12T08:00", "result")], "result")]
#[case::late_result(&[("2026-05-12T10:00", "result")], "result_late")]
#[case::progress(&[("2026-05-12T08:00", "progress")], "progress")]
#[case::late_progress(&[("2026-05-12T10:00", "progress")], "progress_late")]
#[case::progress_first(&[("2026-05-12T08:00", "progress"), ("2026-05-13T08:00", "result")], "progress")]
#[case::late_progress_first(&[("2026-05-12T10:00", "progress"), ("2026-05-13T08:00", "result")], "progress_late")]
fn what_the_24_hours_brought_is_counted_by_its_kind(
    #[case] given: &[(&str, &str)],
    #[case] kind: &str,
) {
    let mut way = Way::begin(
        "clinical-laboratory",
        "2026-05-11T09:00",
        json!({
            "complaint.source": "ward", "complainant.name": "韩雪", "complaint.nature": "service",
            "complaint.description": "送报告慢", "complaint.demand": ["explain"], "complaint.about_us": true, "immediate.measures": ["none"],
        }),
    );
    let triage = json!({
        "triage.opinion": "accept", "triage.level": "minor", "triage.reason": "一人",
    });
    way.act(2, "triage_at_once", triage);
    way.act(3, "handle_minor", json!({ "minor.handling": "当日补送" }));
    assert_eq!(way.counted(), [("24小时时限给出的", None)]);
    for (at, what) in given {
        way.at(at);
        if *what == "progress" {
            let progress = json!({ "progress24.text": "在查", "progress24.way": "mail" });
            way.act(1, "written_progress", progress);
        } else {
            let result =
                json!({ "reply.to": "韩雪", "reply.way": "phone", "reply.text": "已补送" });
            way.act(1, "give_result", result);
        }
    }
    assert_eq!(way.counted(), [("24小时时限给出的", Some(kind))]);
}
