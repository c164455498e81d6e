//! What dates and numbers a field takes, asks about and refuses.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests read the procedures that ship with the product"
)]

use chrono::DateTime;
use redress_domain::{
    range::confirmed,
    value::{Field, FieldKind},
};
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn field(kind: &str, more: &str) -> Field {
    toml::from_str(&format!(
        "id = \"f\"\ntitle = \"栏\"\nkind = \"{kind}\"\n{more}"
    ))
    .expect("a field")
}

/// `refused: code`, `asks: odd`, or nothing, on 2026-10-10 at nine.
fn says(field: &Field, value: &Value) -> String {
    let now = DateTime::parse_from_rfc3339("2026-10-10T01:00:00Z").expect("a time");
    let value = field.settled(value);
    match field.check(&value).and_then(|()| field.weigh(&value, now)) {
        Err(refused) => format!("refused: {}", refused.code),
        Ok(asked) => asked.first().map_or_else(String::new, |q| {
            let odd = serde_json::to_value(q.odd).expect("a word");
            format!("asks: {}", odd.as_str().unwrap_or_default())
        }),
    }
}

#[rstest]
#[case("past = true", "2026-10-10", "")]
#[case("past = true", "2026-10-11", "refused: date_in_future")]
#[case("past = true", "2062-01-02", "refused: date_in_future")]
#[case("past = true", "2016-10-10", "")]
#[case("past = true", "2016-10-09", "asks: far_past")]
#[case("past = true", "1926-01-02", "asks: far_past")]
#[case("past = true", "0026-01-02", "refused: value_year_astray")]
#[case("past = true", "9999-12-31", "refused: value_year_astray")]
#[case("past = true", "2026-02-30", "refused: value_wrong_kind")]
#[case("past = true", "26-01-02", "refused: value_year_astray")]
#[case("past = true\nusual_years = 1", "2025-10-09", "asks: far_past")]
#[case("past = true\nusual_years = 120", "1926-01-02", "")]
#[case("future = true", "2026-10-10", "")]
#[case("future = true", "2026-10-09", "asks: passed")]
#[case("future = true", "2031-10-10", "")]
#[case("future = true", "2062-01-02", "asks: far_future")]
#[case("future = true", "2009-01-02", "asks: far_past")]
#[case("", "2062-01-02", "")]
#[case("", "2126-01-02", "asks: far_future")]
#[case("usual_years = 10", "2037-01-02", "asks: far_future")]
fn of_a_day(#[case] range: &str, #[case] day: &str, #[case] said: &str) {
    assert_eq!(says(&field("date", range), &json!(day)), said);
}

#[rstest]
#[case("past = true", "2026-10-10T09:00:00+08:00", "")]
#[case("past = true", "2026-10-10T00:59:00Z", "")]
#[case("past = true", "2026-10-10T09:01:00+08:00", "refused: time_in_future")]
#[case("past = true", "2026-10-09T23:30:00-10:00", "refused: time_in_future")]
#[case("future = true", "2026-10-10T08:00:00+08:00", "")]
#[case("future = true", "2026-10-09T15:59:00Z", "asks: passed")]
#[case("past = true", "9999-12-31T23:59:59Z", "refused: value_year_astray")]
fn of_a_moment(#[case] range: &str, #[case] moment: &str, #[case] said: &str) {
    assert_eq!(says(&field("time", range), &json!(moment)), said);
}

const COPIES: &str = "least = 0\nmost = 500\nusual_most = 50\ndecimals = 0\nunit = \"份\"";
const MONEY: &str = "least = 0\nmost = 10000000\ndecimals = 2\nunit = \"元\"";

#[rstest]
#[case(COPIES, json!(0), "")]
#[case(COPIES, json!(50), "")]
#[case(COPIES, json!(2.0), "")]
#[case(COPIES, json!(51), "asks: large")]
#[case(COPIES, json!(500), "asks: large")]
#[case(COPIES, json!(501), "refused: value_out_of_range")]
#[case(COPIES, json!(-3), "refused: value_out_of_range")]
#[case(COPIES, json!(1.5), "refused: value_not_whole")]
#[case(COPIES, json!(1e20), "refused: value_out_of_range")]
#[case(COPIES, json!("3"), "refused: value_wrong_kind")]
#[case(MONEY, json!(19.99), "")]
#[case(MONEY, json!(0.1), "")]
#[case(MONEY, json!(9_999_999.99), "")]
#[case(MONEY, json!(0.005), "refused: value_too_fine")]
#[case(MONEY, json!(-0.01), "refused: value_out_of_range")]
#[case("", json!(-2.5), "")]
#[case("", json!(1e16), "refused: value_number_too_large")]
fn of_a_number(#[case] range: &str, #[case] number: Value, #[case] said: &str) {
    assert_eq!(says(&field("number", range), &number), said);
    // The number of a measure is held by the same range; there a text is a result in words.
    if number.is_number() {
        let measure = json!({ "value": number, "unit": "x" });
        assert_eq!(says(&field("measure", range), &measure), said);
    }
}

#[test]
fn a_value_is_kept_in_one_form() {
    for (kind, more, typed, kept) in [
        (
            "time",
            "",
            json!("2026-10-09T23:30:00Z"),
            json!("2026-10-10T07:30:00+08:00"),
        ),
        (
            "time",
            "",
            json!("2026-10-10t07:30:00+08:00"),
            json!("2026-10-10T07:30:00+08:00"),
        ),
        ("date", "", json!("2026-1-2"), json!("2026-01-02")),
        ("number", "decimals = 0", json!(3.0), json!(3)),
        ("number", "", json!(3.5), json!(3.5)),
        ("time", "", json!("noon"), json!("noon")),
        (
            "rows",
            "columns = [{ id = \"t\", title = \"时间\", kind = \"time\" }]",
            json!([{ "t": "2026-10-09T23:30:00Z", "x": 1 }]),
            json!([{ "t": "2026-10-10T07:30:00+08:00", "x": 1 }]),
        ),
    ] {
        let field = field(kind, more);
        assert_eq!(field.settled(&typed), kept, "{typed}");
        assert_eq!(field.settled(&kept), kept, "once and for all");
    }
}

#[test]
fn only_what_was_asked_is_confirmed() {
    let now = DateTime::parse_from_rfc3339("2026-10-10T09:00:00+08:00").expect("a time");
    let column = "columns = [{ id = \"on\", title = \"日期\", kind = \"date\", past = true }]";
    let rows = json!([{ "on": "2026-10-01" }, { "on": "1999-10-01" }, { "on": "1998-10-01" }]);
    let asked = field("rows", column).weigh(&rows, now).expect("no refusal");
    let keys: Vec<&str> = asked.iter().map(|q| q.key.as_str()).collect();
    assert_eq!(keys, ["f/2/on", "f/3/on"]);
    let by = |keys: &[&str]| {
        keys.iter()
            .map(|k| (*k).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let left = confirmed(asked.clone(), &by(&["f/2/on", "other"])).expect_err("one is open");
    assert_eq!(left.code, "value_asks");
    assert_eq!(left.params["questions"][0]["row"], 3);
    confirmed(asked, &by(&["f/2/on", "f/3/on"])).expect("both are meant");
}

/// Every day and number of the nine procedures and their building blocks says what it takes.
#[test]
fn every_field_that_ships_has_its_range() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../procedures");
    let mut waiting = vec![top];
    let (mut days, mut numbers) = (0, 0);
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(
                path.read_dir()
                    .expect("a folder")
                    .flatten()
                    .map(|e| e.path()),
            );
            continue;
        }
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a file");
        let file: toml::Table = toml::from_str(&text).expect("toml");
        let fields = file.get("field").and_then(toml::Value::as_array);
        for value in fields.into_iter().flatten() {
            let outer: Field = value.clone().try_into().expect("a field");
            for f in std::iter::once(&outer).chain(&outer.columns) {
                let about = format!("{}: {}", path.display(), f.id);
                match f.kind {
                    FieldKind::Date | FieldKind::Time => {
                        days += 1;
                        assert!(f.past || f.future || f.usual_years.is_some(), "{about}");
                    }
                    FieldKind::Number => {
                        numbers += 1;
                        assert!(f.least.is_some() && f.most.is_some(), "{about}");
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(
        days >= 45 && numbers >= 8,
        "{days} days and {numbers} numbers"
    );
}
