//! Moments, amounts, opening hours and years of holidays, as people write them: tables and properties.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, TimeZone};
use proptest::prelude::*;
use redress_domain::{
    amount::Amount,
    calendar::{Calendar, Hours, NamedDay, Period, YearFile, ZONE},
    clock::{Span, Unit, due, not_before},
    year,
};
use rstest::rstest;
use serde_json::json;

fn years() -> [YearFile; 2] {
    [
        include_str!("../../../procedures/calendars/2025.json"),
        include_str!("../../../procedures/calendars/2026.json"),
    ]
    .map(|t| serde_json::from_str(t).expect("a year"))
}

fn hours(weekdays: &str, periods: &[(&str, &str)]) -> Hours {
    let periods: Vec<_> = periods
        .iter()
        .map(|(from, to)| json!({ "from": from, "to": to }))
        .collect();
    let open: Vec<bool> = weekdays.chars().map(|c| c == 'x').collect();
    serde_json::from_value(json!({ "weekdays": open, "periods": periods })).expect("hours")
}

fn office() -> Calendar {
    Calendar::new(Hours::default(), years())
}

fn at(text: &str) -> DateTime<FixedOffset> {
    let text = if text.len() == 16 {
        format!("{text}:00+08:00")
    } else {
        text.to_owned()
    };
    DateTime::parse_from_rfc3339(&text).expect("a time")
}

fn span(unit: Unit, amount: f64) -> Span {
    let amount = Amount::new(amount).expect("an amount");
    Span { unit, amount }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

use Unit::{CalendarDays, Hours as Elapsed, WorkingDays, WorkingHours};

/// C1: one moment, however it is written, is due at one moment, which is written in the institution's zone.
#[rstest]
#[case(
    "2026-01-04T23:30:00Z",
    "2026-01-05T07:30",
    WorkingDays,
    3.0,
    "2026-01-08T17:30"
)]
#[case(
    "2026-01-04T13:30:00-10:00",
    "2026-01-05T07:30",
    WorkingDays,
    3.0,
    "2026-01-08T17:30"
)]
#[case(
    "2026-09-30T18:00:00+14:00",
    "2026-09-30T12:00",
    WorkingHours,
    5.0,
    "2026-10-08T09:00"
)]
#[case(
    "2026-05-07T16:30:00Z",
    "2026-05-08T00:30",
    CalendarDays,
    1.0,
    "2026-05-10T00:00"
)]
#[case(
    "2026-05-08T17:20:00.000Z",
    "2026-05-09T01:20",
    Elapsed,
    1.5,
    "2026-05-09T02:50"
)]
fn a_moment_is_one_moment(
    #[case] written: &str,
    #[case] same: &str,
    #[case] unit: Unit,
    #[case] amount: f64,
    #[case] end: &str,
) {
    let here = due(span(unit, amount), at(same), true, &office());
    let there = due(span(unit, amount), at(written), true, &office());
    assert_eq!(here, there);
    let end = at(end);
    assert_eq!(there.at.map(|t| t.to_rfc3339()), Some(end.to_rfc3339()));
}

/// C2: 08:00–12:00 and 13:30–17:30 are eight hours.
#[rstest]
#[case("2026-05-08T10:00", WorkingHours, 1.5, "2026-05-08T11:30")]
#[case("2026-05-08T11:15", WorkingHours, 1.5, "2026-05-08T14:15")]
#[case("2026-05-08T17:00", WorkingHours, 0.75, "2026-05-09T08:15")]
#[case("2026-05-08T10:00", Elapsed, 0.25, "2026-05-08T10:15")]
#[case("2026-05-08T23:50", Elapsed, 2.05, "2026-05-09T01:53")]
#[case::half_day("2026-05-08T08:00", WorkingDays, 0.5, "2026-05-08T12:00")]
#[case::over_lunch("2026-05-08T10:00", WorkingDays, 0.5, "2026-05-08T15:30")]
#[case::over_night("2026-05-08T16:00", WorkingDays, 0.5, "2026-05-09T10:30")]
#[case::over_the_holiday("2026-09-30T17:00", WorkingDays, 0.5, "2026-10-08T11:30")]
#[case::before_opening("2026-05-08T06:00", WorkingDays, 0.25, "2026-05-08T10:00")]
#[case::a_day_and_a_half("2026-05-08T10:00", WorkingDays, 1.5, "2026-05-11T12:00")]
#[case::two_and_a_quarter("2026-05-11T10:00", WorkingDays, 2.25, "2026-05-14T10:00")]
#[case::half_a_calendar_day("2026-05-08T10:00", CalendarDays, 0.5, "2026-05-08T22:00")]
#[case::one_and_a_half("2026-05-11T10:00", CalendarDays, 1.5, "2026-05-13T12:00")]
#[case::hours_do_not_roll("2026-05-15T20:00", CalendarDays, 0.5, "2026-05-16T08:00")]
#[case::it_rolls("2026-05-14T20:00", CalendarDays, 1.5, "2026-05-19T00:00")]
#[case::whole_days_roll_past_the_part("2025-09-22T00:00", CalendarDays, 9.41, "2025-10-10T00:00")]
#[case::to_midnight("2026-05-11T12:00", CalendarDays, 0.5, "2026-05-12T00:00")]
fn a_part_is_exact_to_the_minute(
    #[case] start: &str,
    #[case] unit: Unit,
    #[case] amount: f64,
    #[case] end: &str,
) {
    let got = due(span(unit, amount), at(start), true, &office());
    assert_eq!(got.at, Some(at(end)), "{got:?}");
}

#[test]
fn a_part_of_a_not_before_opens_within_its_day() {
    let got = not_before(span(CalendarDays, 7.5), at("2026-11-21T10:00"), &office());
    assert_eq!(got.opens, Some(at("2026-11-28T12:00")));
}

/// C3: hours that end at 24:00 or on the next day. 2026-05-11 is a Monday.
#[rstest]
#[case::all_day("xxxxxxx", &[("00:00", "24:00")], "2026-05-11T23:00", WorkingHours, 24.0, "2026-05-12T23:00")]
#[case::a_week("xxxxxxx", &[("00:00", "24:00")], "2026-05-11T23:00", WorkingHours, 168.0, "2026-05-18T23:00")]
#[case::a_day_of_it("xxxxxxx", &[("00:00", "24:00")], "2026-05-11T09:00", WorkingDays, 1.0, "2026-05-13T00:00")]
#[case::half_of_it("xxxxxxx", &[("00:00", "24:00")], "2026-05-11T09:00", WorkingDays, 0.5, "2026-05-11T21:00")]
#[case::duty("xxxxxxx", &[("08:00", "08:00")], "2026-05-11T07:00", WorkingHours, 24.0, "2026-05-12T07:00")]
#[case::night("xxxxxxx", &[("22:00", "06:00")], "2026-05-11T23:00", WorkingHours, 2.0, "2026-05-12T01:00")]
#[case::across_nights("xxxxxxx", &[("22:00", "06:00")], "2026-05-11T23:00", WorkingHours, 8.0, "2026-05-12T23:00")]
#[case::begun_after_midnight("xxxxxxx", &[("22:00", "06:00")], "2026-05-12T02:00", WorkingHours, 5.0, "2026-05-12T23:00")]
#[case::by_day("xxxxxxx", &[("22:00", "06:00")], "2026-05-12T12:00", WorkingHours, 0.5, "2026-05-12T22:30")]
#[case::day_of_the_shift("xxxxxxx", &[("22:00", "06:00")], "2026-05-12T02:00", WorkingDays, 1.0, "2026-05-13T06:00")]
#[case::the_same_before_midnight("xxxxxxx", &[("22:00", "06:00")], "2026-05-11T23:00", WorkingDays, 1.0, "2026-05-13T06:00")]
#[case::after_the_shift("xxxxxxx", &[("22:00", "06:00")], "2026-05-12T06:00", WorkingDays, 1.0, "2026-05-14T06:00")]
#[case::friday_works_on_saturday("xxxxx__", &[("22:00", "06:00")], "2026-05-16T02:00", WorkingHours, 3.0, "2026-05-16T05:00")]
#[case::sunday_does_not_work_on_monday("xxxxx__", &[("22:00", "06:00")], "2026-05-18T02:00", WorkingHours, 1.0, "2026-05-18T23:00")]
#[case::late_shift("xxxxx__", &[("08:00", "12:00"), ("18:00", "24:00")], "2026-05-15T23:00", WorkingHours, 2.0, "2026-05-18T09:00")]
#[case::two_periods("xxxxxxx", &[("06:00", "14:00"), ("18:00", "02:00")], "2026-05-12T01:30", WorkingHours, 1.0, "2026-05-12T06:30")]
fn a_period_ends_at_midnight_or_past_it(
    #[case] weekdays: &str,
    #[case] periods: &[(&str, &str)],
    #[case] start: &str,
    #[case] unit: Unit,
    #[case] amount: f64,
    #[case] end: &str,
) {
    let hours = hours(weekdays, periods);
    assert!(hours.sound());
    let calendar = Calendar::new(hours, years());
    let got = due(span(unit, amount), at(start), true, &calendar);
    assert_eq!(got.at, Some(at(end)), "{got:?}");
}

#[rstest]
#[case(&[("08:00", "12:00"), ("13:30", "17:30")], true)]
#[case(&[("08:00:00", "24:00:00")], true)]
#[case(&[("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00")], true)]
#[case::overlap(&[("08:00", "12:00"), ("11:00", "17:30")], false)]
#[case::not_in_order(&[("13:30", "17:30"), ("08:00", "12:00")], false)]
#[case::into_the_next_morning(&[("06:00", "14:00"), ("22:00", "07:00")], false)]
#[case::past_midnight_twice(&[("20:00", "02:00"), ("22:00", "06:00")], false)]
#[case::none(&[], false)]
fn periods_do_not_overlap(#[case] periods: &[(&str, &str)], #[case] sound: bool) {
    assert_eq!(hours("xxxxx__", periods).sound(), sound);
}

#[test]
fn a_period_is_read_and_written_alike() {
    for (from, to, kept) in [
        ("08:00", "24:00", "24:00:00"),
        ("22:00:00", "06:00:00", "06:00:00"),
        ("00:00", "00:00", "24:00:00"),
    ] {
        let read: Period = serde_json::from_value(json!({ "from": from, "to": to })).expect(to);
        let written = serde_json::to_value(read).expect("json");
        assert_eq!(written["to"], kept);
        assert_eq!(serde_json::from_value::<Period>(written).ok(), Some(read));
    }
    for (from, to) in [
        ("24:00", "06:00"),
        ("08:00", "24:01"),
        ("08:00", "25:00"),
        ("8", "9"),
    ] {
        let none: Result<Period, _> = serde_json::from_value(json!({ "from": from, "to": to }));
        assert!(none.is_err(), "{from}–{to}");
    }
}

fn off(date: &str) -> NamedDay {
    NamedDay {
        name: "节".into(),
        date: day(date),
        is_off_day: true,
    }
}

fn on(date: &str) -> NamedDay {
    NamedDay {
        is_off_day: false,
        ..off(date)
    }
}

/// A year in which every holiday by law is off.
fn full(year: i32) -> YearFile {
    let dates = [
        "01-01", "02-16", "02-17", "02-18", "04-05", "05-01", "06-19", "09-25", "10-01", "10-02",
        "10-03",
    ];
    YearFile {
        year,
        papers: vec![],
        days: dates.map(|d| off(&format!("{year}-{d}"))).to_vec(),
    }
}

fn with(year: i32, more: &[NamedDay]) -> YearFile {
    let mut file = full(year);
    file.days.extend_from_slice(more);
    file
}

/// C27, as published: keys that mean nothing here, and days of the December before.
#[test]
fn the_files_of_2019_and_2023_count_in_the_december_before() {
    for (file, days) in [
        (
            include_str!("calendars/2019.json"),
            vec![("2018-12-29", true), ("2018-12-31", false)],
        ),
        (
            include_str!("calendars/2023.json"),
            vec![("2022-12-31", false)],
        ),
    ] {
        let file: YearFile = serde_json::from_str(file).expect("as published");
        year::check(&file).expect("sound");
        year::weigh(&Calendar::default(), &file).expect("nothing to ask");
        let calendar = Calendar::new(Hours::default(), [file]);
        for (date, works) in days {
            assert_eq!(calendar.works(day(date)), works, "{date}");
        }
    }
    let january = with(2027, &[off("2028-01-02"), on("2026-12-26")]);
    year::check(&january).expect("its own notice may name the January after");
}

#[rstest]
#[case::far(with(2027, &[off("2026-11-30")]), "calendar_astray", "2026-11-30")]
#[case::far_ahead(with(2027, &[off("2028-02-01")]), "calendar_astray", "2028-02-01")]
#[case::slip(with(2027, &[off("2207-10-04")]), "calendar_astray", "2207-10-04")]
#[case::both(with(2027, &[on("2027-10-01")]), "calendar_contradicts", "2027-10-01")]
#[case::both_in_december(with(2027, &[on("2026-12-26"), off("2026-12-26")]), "calendar_contradicts", "2026-12-26")]
fn a_file_that_cannot_be_is_refused_by_its_days(
    #[case] file: YearFile,
    #[case] code: &str,
    #[case] dates: &str,
) {
    let refused = year::check(&file).expect_err(code);
    assert_eq!(refused.code, code);
    assert_eq!(refused.params["dates"], dates);
}

#[rstest]
#[case::one_day(YearFile { days: vec![off("2026-01-01")], ..full(2026) }, "calendar_asks", Some("2026-10-01"), "lost")]
#[case::national_day_unnamed(YearFile { days: full(2027).days.into_iter().filter(|d| d.date != day("2027-10-02")).collect(), ..full(2027) }, "calendar_asks", Some("2027-10-02"), "works")]
#[case::national_day_works(YearFile { days: full(2027).days.into_iter().map(|d| NamedDay { is_off_day: d.date != day("2027-10-01"), ..d }).collect(), ..full(2027) }, "calendar_asks", Some("2027-10-01"), "works")]
#[case::a_day_turned(with(2026, &[off("2026-02-28")]), "calendar_asks", Some("2026-02-28"), "turned")]
#[case::few(YearFile { days: full(2027).days.into_iter().filter(|d| d.date != day("2027-06-19")).collect(), ..full(2027) }, "calendar_few", None, "")]
fn days_never_vanish_unseen(
    #[case] file: YearFile,
    #[case] code: &str,
    #[case] date: Option<&str>,
    #[case] kind: &str,
) {
    year::check(&file).expect("not wrong in itself");
    let asked = year::weigh(&office(), &file).expect_err(code);
    assert_eq!(asked.code, code);
    if let Some(date) = date {
        let changes = asked.params["changes"].as_array().expect("a list");
        let found = changes.iter().find(|c| c["date"] == date);
        assert_eq!(found.map(|c| &c["kind"]), Some(&json!(kind)), "{changes:?}");
        let dates = asked.params["dates"].as_str().unwrap_or_default();
        assert!(dates.contains(date), "{dates}");
    }
}

#[test]
fn what_is_whole_or_only_corrects_by_adding_is_taken_at_once() {
    let [_, same] = years();
    year::weigh(&office(), &same).expect("the same again");
    year::weigh(&office(), &full(2027)).expect("a new year");
    let mut more = years()[1].clone();
    more.days.push(off("2026-12-31"));
    year::weigh(&office(), &more).expect("one day more");
}

/// Of two years' files the later one's word counts, and whoever imports either is asked.
#[test]
fn neighbours_that_contradict_each_other_are_decided_and_asked_about() {
    let [old, new] = (
        with(2026, &[on("2026-12-31")]),
        with(2027, &[off("2026-12-31")]),
    )
        .into();
    for (known, file, kind) in [(&old, &new, "turned"), (&new, &old, "overruled")] {
        let known = Calendar::new(Hours::default(), [known.clone()]);
        let asked = year::weigh(&known, file).expect_err("asked");
        assert_eq!(asked.params["changes"][0]["kind"], kind);
        assert_eq!(asked.params["dates"], "2026-12-31");
    }
    for order in [[&old, &new], [&new, &old]] {
        let both = Calendar::new(Hours::default(), order.map(Clone::clone));
        assert!(!both.works(day("2026-12-31")));
    }
}

fn moment() -> impl Strategy<Value = DateTime<FixedOffset>> {
    (1_735_660_800_i64..1_798_732_800)
        .prop_map(|s| ZONE.timestamp_opt(s, 0).single().expect("a moment"))
}

fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![Elapsed, WorkingHours, WorkingDays, CalendarDays])
}

fn any_hours() -> impl Strategy<Value = Hours> {
    let some: Vec<&[(&str, &str)]> = vec![
        &[("08:00", "12:00"), ("13:30", "17:30")],
        &[("00:00", "24:00")],
        &[("22:00", "06:00")],
        &[("08:00", "08:00")],
        &[("06:00", "14:00"), ("18:00", "02:00")],
        &[("09:00", "24:00")],
    ];
    let days = prop::sample::select(vec!["xxxxx__", "xxxxxxx", "x_x_x_x"]);
    (days, prop::sample::select(some)).prop_map(|(days, periods)| hours(days, periods))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_offset_moves_a_due_time(
        start in moment(), offset in -64_800_i32..64_800, unit in unit(), hundredths in 0_u32..2000, hours in any_hours(),
        roll in any::<bool>(),
    ) {
        let calendar = Calendar::new(hours, years());
        let limit = span(unit, f64::from(hundredths) / 100.0);
        let offset = FixedOffset::east_opt(offset).expect("an offset");
        let there = start.with_timezone(&offset);
        prop_assert_eq!(due(limit, start, roll, &calendar), due(limit, there, roll, &calendar));
        let out = due(limit, there, roll, &calendar).at.expect("a moment");
        prop_assert_eq!(out.offset(), &ZONE);
        prop_assert_eq!(not_before(limit, start, &calendar), not_before(limit, there, &calendar));
    }

    #[test]
    fn no_order_of_imports_moves_a_due_time(
        start in moment(), unit in unit(), amount in 1_u32..60, shuffled in Just((2024..2030).collect::<Vec<i32>>()).prop_shuffle(),
        flags in prop::collection::vec(any::<bool>(), 12),
    ) {
        // Neighbours say different things of December and January.
        let file = |n: i32| {
            let flag = |k: i32| flags[((n * 5 + k) % 12) as usize];
            let named = |date: String, is_off_day| NamedDay { is_off_day, ..off(&date) };
            with(n, &[
                named(format!("{}-12-30", n - 1), flag(0)),
                named(format!("{n}-12-30"), flag(1)),
                named(format!("{n}-01-04"), flag(2)),
                named(format!("{}-01-04", n + 1), flag(3)),
            ])
        };
        let sorted = Calendar::new(Hours::default(), (2024..2030).map(file));
        let other = Calendar::new(Hours::default(), shuffled.into_iter().map(file));
        let limit = Span::whole(unit, amount);
        prop_assert_eq!(due(limit, start, true, &sorted), due(limit, start, true, &other));
    }

    /// Hours add up, exactly, whatever the opening hours.
    #[test]
    fn a_limit_in_two_parts_ends_where_the_whole_does(
        start in moment(), a in 1_u32..4000, b in 1_u32..4000, working in any::<bool>(), hours in any_hours(),
    ) {
        let calendar = Calendar::new(hours, years());
        let unit = if working { WorkingHours } else { Elapsed };
        let of = |n: u32, from| due(span(unit, f64::from(n) / 100.0), from, true, &calendar).at.expect("a moment");
        prop_assert_eq!(of(a + b, start), of(b, of(a, start)));
    }

    /// Working days add up where a day ends before midnight.
    #[test]
    fn working_days_add_up(start in moment(), a in 1_u32..30, b in 1_u32..30) {
        let calendar = office();
        let of = |n: u32, from| due(Span::whole(WorkingDays, n), from, true, &calendar).at.expect("a moment");
        prop_assert_eq!(of(a + b, start), of(b, of(a, start)));
    }

    #[test]
    fn open_all_day_is_1440_minutes_a_day(start in moment(), hundredths in 1_u32..40_000, duty in any::<bool>()) {
        let periods: &[(&str, &str)] = if duty { &[("08:00", "08:00")] } else { &[("00:00", "24:00")] };
        let calendar = Calendar::new(hours("xxxxxxx", periods), []);
        prop_assert_eq!(calendar.hours.length(), 1440 * 60);
        let limit = span(WorkingHours, f64::from(hundredths) / 100.0);
        let elapsed = TimeDelta::seconds(i64::from(hundredths) * 36);
        prop_assert_eq!(due(limit, start, true, &calendar).at, Some(start + elapsed));
    }

    /// More is never due earlier, nor is what began later, in parts as in wholes.
    #[test]
    fn parts_keep_the_order(
        start in moment(), minutes in 0_i64..5000, a in 1_u32..1500, more in 0_u32..300, unit in unit(), hours in any_hours(),
    ) {
        let calendar = Calendar::new(hours, years());
        let of = |n: u32, from| due(span(unit, f64::from(n) / 100.0), from, true, &calendar).at;
        prop_assert!(of(a, start) <= of(a + more, start));
        prop_assert!(of(a, start) <= of(a, start + TimeDelta::minutes(minutes)));
    }
}
