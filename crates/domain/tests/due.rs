//! The due-time table of the stories, and properties of the calendar.

use chrono::{DateTime, Days, NaiveDate};
use proptest::prelude::*;
use redress_domain::{
    calendar::{Calendar, Hours},
    clock::{Span, Unit, due, not_before},
};
use rstest::rstest;

fn calendar() -> Calendar {
    let years = [
        include_str!("../../../procedures/calendars/2025.json"),
        include_str!("../../../procedures/calendars/2026.json"),
    ];
    Calendar::new(
        Hours::default(),
        years.map(|t| serde_json::from_str(t).expect("a year")),
    )
}

fn at(text: &str) -> DateTime<chrono::FixedOffset> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).expect("a time")
}

#[rstest]
#[case::p1("2026-09-30T16:10", Unit::WorkingDays, 3, true, "2026-10-10T17:30")]
#[case::p2("2026-02-12T10:00", Unit::WorkingDays, 5, true, "2026-02-26T17:30")]
#[case::p2_several("2026-02-12T10:00", Unit::WorkingDays, 10, true, "2026-03-04T17:30")]
#[case::p6_answer("2026-05-08T17:20", Unit::Hours, 2, true, "2026-05-08T19:20")]
#[case::p6_result("2026-05-08T17:20", Unit::Hours, 24, true, "2026-05-09T17:20")]
#[case::p7_lunch("2026-04-30T11:50", Unit::WorkingHours, 1, true, "2026-04-30T14:20")]
#[case::p7_holiday("2026-04-30T17:10", Unit::WorkingHours, 1, true, "2026-05-06T08:40")]
#[case::p9_week("2026-09-25T00:00", Unit::CalendarDays, 7, true, "2026-10-09T00:00")]
#[case::p9_days("2026-09-29T15:00", Unit::CalendarDays, 3, true, "2026-10-09T00:00")]
#[case::p4_day("2026-11-20T16:00", Unit::Hours, 24, true, "2026-11-21T16:00")]
#[case::p4_two_days("2026-11-20T16:00", Unit::Hours, 48, true, "2026-11-22T16:00")]
#[case::p4_half_month("2026-11-28T00:00", Unit::CalendarDays, 15, false, "2026-12-14T00:00")]
#[case::past_known("2027-12-29T10:00", Unit::WorkingDays, 3, true, "2028-01-03T17:30")]
fn comes_out(
    #[case] start: &str,
    #[case] unit: Unit,
    #[case] amount: u32,
    #[case] roll: bool,
    #[case] end: &str,
) {
    let got = due(Span::whole(unit, amount), at(start), roll, &calendar());
    assert_eq!(got.at, Some(at(end)));
    assert_eq!(got.provisional, start.starts_with("2027"), "T4");
}

#[test]
fn a_week_after_handling_is_not_before() {
    let week = Span::whole(Unit::CalendarDays, 7);
    let got = not_before(week, at("2026-11-21T10:00"), &calendar());
    assert_eq!(got.opens, Some(at("2026-11-28T00:00")));
    assert_eq!(got.at, Some(at("2026-12-01T00:00")), "Monday 24:00");
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..720).prop_map(|n| NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day") + Days::new(n))
}

proptest! {
    #[test]
    fn working_days_count_back(start in day(), amount in 1_u32..30) {
        let c = calendar();
        let from = at(&format!("{start}T09:00"));
        let end = due(Span::whole(Unit::WorkingDays, amount), from, true, &c).at.expect("a number").date_naive();
        prop_assert!(c.works(end), "a deadline is never an off-day");
        let between = start.iter_days().skip(1).take_while(|d| *d <= end).filter(|d| c.works(*d)).count();
        prop_assert_eq!(between, amount as usize);
    }

    #[test]
    fn later_starts_are_never_due_earlier(start in day(), minutes in 0_i64..5000, amount in 0_u32..40, unit in 0..4) {
        let c = calendar();
        let unit = [Unit::Hours, Unit::WorkingHours, Unit::WorkingDays, Unit::CalendarDays][unit as usize];
        let a = at(&format!("{start}T00:00"));
        let b = a + chrono::TimeDelta::minutes(minutes);
        let of = |t| due(Span::whole(unit, amount), t, true, &c).at;
        prop_assert!(of(a) <= of(b));
    }

    #[test]
    fn one_more_is_never_earlier(start in day(), amount in 0_u32..40, unit in 0..4) {
        let c = calendar();
        let unit = [Unit::Hours, Unit::WorkingHours, Unit::WorkingDays, Unit::CalendarDays][unit as usize];
        let of = |amount| due(Span::whole(unit, amount), at(&format!("{start}T10:00")), true, &c).at;
        prop_assert!(of(amount) <= of(amount + 1));
    }
}

fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![
        Unit::Hours,
        Unit::WorkingHours,
        Unit::WorkingDays,
        Unit::CalendarDays,
    ])
}

/// A calendar in which hardly anything works, or nothing at all.
fn idle(weekday: Option<usize>) -> Calendar {
    let mut hours = Hours {
        weekdays: [false; 7],
        ..Hours::default()
    };
    if let Some(day) = weekday {
        hours.weekdays[day] = true;
    }
    Calendar::new(hours, [])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever number and moment come in, something comes out, soon, and not beyond the horizon.
    #[test]
    fn every_limit_ends_at_the_horizon(
        unit in unit(), amount in prop_oneof![0_u32..4000, any::<u32>()], year in 0_i32..9999, day in 1_u32..366,
        weekday in prop::option::of(0_usize..7), roll in any::<bool>(), offset in -64_800_i32..64_800,
    ) {
        let offset = chrono::FixedOffset::east_opt(offset).expect("an offset");
        let date = NaiveDate::from_yo_opt(year, day).expect("a day");
        let start = date.and_time(chrono::NaiveTime::MIN).and_local_timezone(offset).single().expect("a moment");
        let span = Span::whole(unit, amount);
        let idle = idle(weekday);
        for out in [due(span, start, roll, &idle), not_before(span, start, &idle)] {
            let at = out.at.expect("a moment");
            prop_assert!(at - start <= chrono::TimeDelta::days(9131 + 3662), "{at} from {start}");
            let kept = serde_json::to_string(&out).expect("json");
            prop_assert!(kept.len() < 1_000_000, "{}", kept.len());
        }
    }

    /// Whatever was written as a day, agreeing on it answers.
    #[test]
    fn every_agreed_day_answers(text in "[+-]?[0-9]{1,6}-[0-9]{1,2}-[0-9]{1,2}") {
        let value = serde_json::Value::from(text);
        let start = at("2026-10-01T09:00");
        let agreed = redress_domain::clock::agreed(Some(&value), start, &calendar());
        prop_assert!(agreed.at.is_none_or(|at| at - start < chrono::TimeDelta::days(9133)));
    }
}
