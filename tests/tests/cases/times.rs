//! Times, limits, calendars and ranges through the command list, as doors send them.

use redress_desk::{ApiError, demo::Practice};
use redress_tests::{code, house};
use serde_json::{Value, json};

fn registration(p: &Practice, received_at: &str) -> Value {
    json!({ "procedure": "inspection-station", "received_at": received_at, "channel": "visit", "values": p.complaint() })
}

/// Every text that reads as a moment, wherever it stands.
fn moments(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) if chrono::DateTime::parse_from_rfc3339(text).is_ok() => {
            out.push(text.clone());
        }
        Value::Array(all) => all.iter().for_each(|v| moments(v, out)),
        Value::Object(map) => map.values().for_each(|v| moments(v, out)),
        _ => {}
    }
}

/// C1: however a moment is written, the case is the same, and every time that goes out is the institution's.
#[tokio::test]
async fn a_moment_is_the_same_however_it_is_written() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    p.clock("2026-09-30T09:00")?;
    let mut seen: Vec<(Value, Value)> = Vec::new();
    for written in [
        "2026-09-30T07:30:00+08:00",
        "2026-09-29T23:30:00Z",
        "2026-09-29T13:30:00-10:00",
        "2026-09-30T13:30:00+14:00",
        "2026-09-29t23:30:00.000z",
    ] {
        let preview = p
            .call("zhaomin", "case.preview_clocks", registration(p, written))
            .await?;
        let made = p
            .call("zhaomin", "case.register", registration(p, written))
            .await?;
        let case = p
            .call("zhaomin", "case.get", json!({ "case": made["number"] }))
            .await?;
        assert_eq!(
            case["received_at"], "2026-09-30T07:30:00+08:00",
            "{written}"
        );
        let list = p.call("zhaomin", "case.list", json!({})).await?;
        let desk = p.call("zhaomin", "worklist.get", json!({})).await?;
        let mut all = Vec::new();
        for answer in [&preview, &case, &list, &desk] {
            moments(answer, &mut all);
        }
        assert!(all.len() > 5);
        for text in all {
            assert!(text.ends_with("+08:00"), "{text} of {written}");
        }
        let dues = |clocks: &Value| -> Value {
            let all = clocks.as_array().into_iter().flatten();
            all.map(|c| json!([c["id"], c["due"], c["explanation"]]))
                .collect()
        };
        seen.push((dues(&preview), dues(&case["clocks"])));
    }
    assert!(seen.iter().all(|s| *s == seen[0]), "{seen:?}");
    let judgement = seen[0].1.as_array().into_iter().flatten();
    let judgement: Vec<&Value> = judgement.filter(|c| c[0] == "judgement-1").collect();
    assert_eq!(judgement[0][1], "2026-10-10T17:30:00+08:00");
    Ok(())
}

/// The machine's zone changes nothing: the same test in a process of another.
#[test]
fn the_machines_zone_changes_nothing() {
    let me = std::env::current_exe().expect("this test");
    for zone in ["Pacific/Honolulu", "UTC", "<+13>-13"] {
        let same = std::process::Command::new(&me)
            .args([
                "--exact",
                "times::a_moment_is_the_same_however_it_is_written",
            ])
            .env("TZ", zone)
            .output()
            .expect("a process");
        let said = String::from_utf8_lossy(&same.stdout).into_owned();
        assert!(
            same.status.success() && said.contains("1 passed"),
            "{zone}: {said}"
        );
    }
}

/// C2: parts of an hour and of a day, exact, and as an office says them.
#[tokio::test]
async fn parts_of_limits_are_computed_and_said() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    for (unit, amount, start, due, said) in [
        (
            "working_hours",
            json!(1.5),
            "2026-05-08T10:00:00+08:00",
            "2026-05-08T11:30:00+08:00",
            "1.5 个工作小时",
        ),
        (
            "working_days",
            json!(0.5),
            "2026-05-08T02:00:00Z",
            "2026-05-08T15:30:00+08:00",
            "半个工作日",
        ),
        (
            "working_days",
            json!(1.5),
            "2026-05-08T10:00:00+08:00",
            "2026-05-11T12:00:00+08:00",
            "1.5 个工作日",
        ),
        (
            "hours",
            json!(0.5),
            "2026-05-08T10:00:00+08:00",
            "2026-05-08T10:30:00+08:00",
            "半小时",
        ),
        (
            "hours",
            json!(2.25),
            "2026-05-08T10:00:00+08:00",
            "2026-05-08T12:15:00+08:00",
            "2.25 小时",
        ),
        (
            "calendar_days",
            json!(0.5),
            "2026-05-08T10:00:00+08:00",
            "2026-05-08T22:00:00+08:00",
            "半天",
        ),
        (
            "working_days",
            json!(3.0),
            "2026-09-30T16:10:00+08:00",
            "2026-10-10T17:30:00+08:00",
            "3 个工作日",
        ),
    ] {
        let request = json!({ "unit": unit, "amount": amount, "start": start });
        let answer = p.call("zhaomin", "calendar.due", request).await?;
        assert_eq!(answer["due"], due, "{amount} {unit}");
        let why = answer["explanation"].as_str().unwrap_or_default();
        assert!(why.starts_with(said), "{why}");
    }
    for (amount, refusal) in [
        (json!(0.333), "amount_unfit"),
        (json!(-1), "amount_unfit"),
        (json!(3660.5), "amount_too_large"),
        (json!(1e20), "amount_too_large"),
    ] {
        let request =
            json!({ "unit": "hours", "amount": amount, "start": "2026-05-08T10:00:00+08:00" });
        let refused = p.call("zhaomin", "calendar.due", request).await;
        assert_eq!(code(refused), refusal, "{amount}");
    }
    let set = |limit: Value| json!({ "procedure": "inspection-station", "clock": "to_qm", "limit": limit });
    for (limit, taken) in [
        (json!({ "working_days": 0.5 }), true),
        (json!({ "hours": 1.5 }), true),
        (json!({ "hours": 0 }), false),
        (json!({ "hours": 0.001 }), false),
        (json!({ "hours": 1, "working_days": 1 }), false),
        (json!({}), false),
    ] {
        let answer = p.call("admin", "target.set", set(limit.clone())).await;
        if taken {
            let all = answer?;
            let mut all = all.as_array().into_iter().flatten();
            let one = all.find(|t| t["clock"] == "to_qm");
            assert_eq!(one.map(|t| &t["limit"]), Some(&limit));
        } else {
            assert_eq!(code(answer), "limit_unsound", "{limit}");
        }
    }
    Ok(())
}

/// C3: an emergency desk.
#[tokio::test]
async fn opening_hours_end_at_midnight_or_past_it() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let set = |periods: Value| json!({ "hours": { "weekdays": [true, true, true, true, true, true, true], "periods": periods } });
    let due = |amount: u32, start: &str| json!({ "unit": "working_hours", "amount": amount, "start": start });
    for (periods, kept, amount, start, end) in [
        (
            json!([{ "from": "00:00", "to": "24:00" }]),
            json!([{ "from": "00:00:00", "to": "24:00:00" }]),
            24,
            "2026-05-11T23:00:00+08:00",
            "2026-05-12T23:00:00+08:00",
        ),
        (
            json!([{ "from": "22:00:00", "to": "06:00:00" }]),
            json!([{ "from": "22:00:00", "to": "06:00:00" }]),
            8,
            "2026-05-11T23:00:00+08:00",
            "2026-05-12T23:00:00+08:00",
        ),
        // In any order.
        (
            json!([{ "from": "18:00", "to": "24:00" }, { "from": "08:00", "to": "12:00" }]),
            json!([{ "from": "08:00:00", "to": "12:00:00" }, { "from": "18:00:00", "to": "24:00:00" }]),
            2,
            "2026-05-11T23:00:00+08:00",
            "2026-05-12T09:00:00+08:00",
        ),
    ] {
        let office = p.call("admin", "office.set", set(periods)).await?;
        assert_eq!(office["hours"]["periods"], kept);
        let answer = p
            .call("zhaomin", "calendar.due", due(amount, start))
            .await?;
        assert_eq!(answer["due"], end);
    }
    for periods in [
        json!([]),
        json!([{ "from": "06:00", "to": "14:00" }, { "from": "22:00", "to": "07:00" }]),
        json!([{ "from": "08:00", "to": "12:00" }, { "from": "11:00", "to": "17:00" }]),
    ] {
        let refused = p.call("admin", "office.set", set(periods)).await;
        assert_eq!(code(refused), "hours_unsound");
    }
    Ok(())
}

/// C27, C28: files as published, and files that would make known days vanish.
#[tokio::test]
async fn holidays_never_vanish_unseen() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let published: Value = serde_json::from_str(include_str!(
        "../../../crates/domain/tests/calendars/2019.json"
    ))?;
    p.call("admin", "calendar.import", json!({ "file": published }))
        .await?;
    let works = async |date: &str| -> Result<bool, ApiError> {
        let year: i32 = date[..4].parse().unwrap_or_default();
        let all = p
            .call("admin", "calendar.get", json!({ "year": year }))
            .await?;
        let mut days = all["days"].as_array().into_iter().flatten();
        let kind = days.find(|d| d["date"] == date).map(|d| d["kind"].clone());
        Ok(matches!(
            kind.as_ref().and_then(Value::as_str),
            Some("working" | "make_up")
        ))
    };
    assert!(works("2018-12-29").await?, "a Saturday that was made up");
    assert!(!works("2018-12-31").await?, "a Monday that was off");
    let one = json!({ "year": 2026, "papers": [], "days": [{ "name": "元旦", "date": "2026-01-01", "isOffDay": true }] });
    let asked = p
        .call("admin", "calendar.import", json!({ "file": one }))
        .await
        .expect_err("one day");
    assert_eq!(asked.code, "calendar_asks");
    let dates = asked.params["dates"].as_str().unwrap_or_default();
    assert!(dates.contains("2026-10-01、2026-10-02"), "{dates}");
    assert!(!works("2026-10-01").await?, "nothing was imported");
    p.call(
        "admin",
        "calendar.import",
        json!({ "file": one, "confirm": true }),
    )
    .await?;
    assert!(works("2026-10-01").await?, "confirmed is taken");
    for (days, refusal) in [
        (
            json!([{ "name": "国庆节", "date": "2027-10-01", "isOffDay": true }, { "name": "国庆节", "date": "2027-10-01", "isOffDay": false }]),
            "calendar_contradicts",
        ),
        (
            json!([{ "name": "元旦", "date": "2025-12-31", "isOffDay": true }]),
            "calendar_astray",
        ),
    ] {
        let file = json!({ "year": 2027, "papers": [], "days": days });
        let confirmed = json!({ "file": file, "confirm": true });
        let refused = p.call("admin", "calendar.import", confirmed).await;
        assert_eq!(code(refused), refusal, "confirming does not help");
    }
    Ok(())
}

/// C33: what cannot be is refused at its field, what is unusual is asked.
#[tokio::test]
async fn dates_and_counts_have_their_range() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    p.clock("2026-09-30T16:12")?;
    let with = |field: &str, value: Value| {
        let mut request = registration(p, "2026-09-30T16:10:00+08:00");
        request["values"][field] = value;
        request
    };
    let copies = |n: Value| json!([{ "name": "检测报告", "count": n }]);
    for (field, value, refusal) in [
        ("report.date", json!("0026-01-02"), "value_year_astray"),
        ("report.date", json!("2062-09-20"), "date_in_future"),
        ("report.date", json!("9999-12-31"), "value_year_astray"),
        ("report.date", json!("2026-10-01"), "date_in_future"),
        (
            "complaint.materials",
            copies(json!(-3)),
            "value_out_of_range",
        ),
        ("complaint.materials", copies(json!(1.5)), "value_not_whole"),
        (
            "complaint.materials",
            copies(json!(1e20)),
            "value_out_of_range",
        ),
        (
            "complaint.materials",
            copies(json!(2_000)),
            "value_out_of_range",
        ),
    ] {
        let refused = p
            .call("zhaomin", "case.register", with(field, value.clone()))
            .await
            .expect_err(field);
        assert_eq!(refused.code, refusal, "{value}");
        let said = refused.message(redress_desk::Lang::Zh);
        assert!(!said.contains(['{', '}']), "{said}");
        if field == "complaint.materials" {
            assert!(said.contains("0–1000 份"), "{said}");
            assert_eq!(refused.params["rows"], field);
            assert_eq!(refused.params["row"], 1);
        }
    }
    for (field, value, key, odd) in [
        (
            "report.date",
            json!("2019-01-02"),
            "report.date",
            "far_past",
        ),
        (
            "complaint.materials",
            copies(json!(300)),
            "complaint.materials/1/count",
            "large",
        ),
    ] {
        let asked = p
            .call("zhaomin", "case.register", with(field, value.clone()))
            .await
            .expect_err(field);
        assert_eq!(asked.code, "value_asks");
        assert_eq!(asked.params["questions"][0]["key"], key);
        assert_eq!(asked.params["questions"][0]["odd"], odd);
        let mut other = with(field, value.clone());
        other["confirmed"] = json!(["received_at"]);
        let refused = p.call("zhaomin", "case.register", other).await;
        assert_eq!(code(refused), "value_asks", "something else was confirmed");
        let mut meant = with(field, value);
        meant["confirmed"] = json!([key]);
        p.call("zhaomin", "case.register", meant).await?;
    }
    let whole = with("complaint.materials", copies(json!(2.0)));
    let made = p.call("zhaomin", "case.register", whole).await?;
    let case = p
        .call("zhaomin", "case.get", json!({ "case": made["number"] }))
        .await?;
    let mut values = case["values"].as_array().into_iter().flatten();
    let kept = values.find(|v| v["key"] == "complaint.materials");
    let kept = kept.map(|v| v["value"][0]["count"].to_string());
    assert_eq!(kept.as_deref(), Some("2"), "a count has no point");
    Ok(())
}

/// A draft says when it was taken, by the institution's clock.
#[tokio::test]
async fn a_draft_says_when_it_was_taken() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    p.clock("2026-09-30T16:12")?;
    let put = json!({ "key": "register", "value": {} });
    let taken = p.call("zhaomin", "draft.put", put).await?;
    assert_eq!(taken["at"], "2026-09-30T16:12:00+08:00");
    Ok(())
}
