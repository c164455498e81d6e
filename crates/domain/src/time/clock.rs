//! Due times and why (T2–T7). A due time is fixed when its clock starts and keeps its facts.

use crate::{
    amount::Amount,
    time::calendar::{self, Calendar, DAY, Day, at, here, midnight, next},
};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

/// A moment with its offset. Every due time is in the institution's zone, whatever offset its start was written with.
pub type Moment = DateTime<FixedOffset>;

/// The longest limit that is computed, in any unit: ten years of days.
pub const SPAN_MAX: u32 = 3660;

/// No clock looks further than so many days from its start, twenty-five years, whatever the calendar holds: there it
/// stops, and is due.
pub const HORIZON: u64 = 9131;

/// What a limit counts (T2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Elapsed; nights and weekends count.
    Hours,
    /// Within opening periods.
    WorkingHours,
    /// Working days; the day of the start is not counted.
    WorkingDays,
    /// Calendar days; the day of the start is not counted.
    CalendarDays,
}

/// An amount of a unit. In a procedure's file: `{ working_days = 3 }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// What is counted.
    pub unit: Unit,
    /// How many; part of one is part of an hour, of a working day's open time, or of twenty-four hours.
    pub amount: Amount,
}

impl Span {
    /// Whole units.
    pub const fn whole(unit: Unit, amount: u32) -> Self {
        let amount = Amount::whole(amount);
        Self { unit, amount }
    }
}

/// The facts behind a due time; the sentence is made where it is shown (T5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// When it is due. None: a word without a number (T6).
    pub at: Option<Moment>,
    /// Not before this (T2).
    pub opens: Option<Moment>,
    /// Computed on weekdays alone because a year had no data (T4).
    pub provisional: bool,
    /// Years without data that the computation touched.
    pub unknown_years: Vec<i32>,
    /// The limit.
    pub span: Option<Span>,
    /// The start.
    pub start: Moment,
    /// The days that counted, for working days.
    pub counted: Vec<CountedDay>,
    /// Days passed over, and why.
    pub skipped: Vec<CountedDay>,
    /// The last calendar day was not a working day, and the deadline moved from it (T3).
    pub rolled_from: Option<NaiveDate>,
    /// Version of the calendar.
    pub calendar: String,
    /// The limit is the institution's own: 内部目标, or what the procedure leaves to it (T6).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_target: bool,
}

impl Due {
    /// The same as the institution writes it: what an earlier version kept may have another offset.
    #[must_use]
    pub fn here(mut self) -> Self {
        self.at = self.at.map(|t| here(&t));
        self.opens = self.opens.map(|t| here(&t));
        self.start = here(&self.start);
        self
    }
}

/// A day and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedDay {
    /// The day.
    pub date: NaiveDate,
    /// What it is.
    pub day: Day,
}

struct Counting<'a> {
    calendar: &'a Calendar,
    counted: Vec<CountedDay>,
    skipped: Vec<CountedDay>,
    unknown: Vec<i32>,
    /// The last day that is looked at.
    horizon: NaiveDate,
}

impl<'a> Counting<'a> {
    fn new(calendar: &'a Calendar, start: Moment) -> Self {
        Self {
            horizon: days_after(start.date_naive(), HORIZON),
            calendar,
            counted: vec![],
            skipped: vec![],
            unknown: vec![],
        }
    }

    fn touch(&mut self, date: NaiveDate) {
        if !self.calendar.knows(date.year()) && !self.unknown.contains(&date.year()) {
            self.unknown.push(date.year());
        }
    }

    /// Whether the day works; it is noted as counted or skipped.
    fn take(&mut self, date: NaiveDate) -> bool {
        self.touch(date);
        let day = self.calendar.day(date);
        let works = day.works();
        let list = if works {
            &mut self.counted
        } else {
            &mut self.skipped
        };
        list.push(CountedDay { date, day });
        works
    }

    fn next_working(&mut self, mut date: NaiveDate) -> NaiveDate {
        while !self.take(date) && date < self.horizon {
            date = next(date);
        }
        date
    }
}

fn days_after(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(chrono::Days::new(days))
        .unwrap_or(NaiveDate::MAX)
}

/// The due time of a limit (T2, T3).
///
/// `roll`: a calendar-day deadline whose last day is not a working day moves to the next one.
///
/// Part of a day is counted from where the whole days end: part of a working day as so much of its open time, part of
/// a calendar day as so much of twenty-four hours. Where there are no whole days it is counted from the start, so
/// that 半个工作日 is half of what a day is open.
pub fn due(span: Span, start: Moment, roll: bool, calendar: &Calendar) -> Due {
    let start = here(&start);
    // The limit as it was asked for stays among the facts; nothing is counted beyond the longest.
    let amount = span.amount.min(Amount::whole(SPAN_MAX));
    let mut c = Counting::new(calendar, start);
    let mut rolled_from = None;
    let when = match span.unit {
        Unit::Hours => start
            .checked_add_signed(TimeDelta::seconds(amount.times(HOUR)))
            .unwrap_or(start),
        Unit::WorkingHours => {
            let first = calendar.day_of(start.naive_local());
            let end = open_time(&mut c, amount.times(HOUR), start.naive_local(), first);
            c.counted.clear();
            at(end)
        }
        Unit::WorkingDays => at(working_days(&mut c, amount, start.naive_local())),
        Unit::CalendarDays => calendar_days(&mut c, amount, start, roll, &mut rolled_from),
    };
    Due {
        at: Some(when),
        opens: None,
        provisional: !c.unknown.is_empty(),
        unknown_years: c.unknown,
        span: Some(span),
        start,
        counted: c.counted,
        skipped: c.skipped,
        rolled_from,
        calendar: calendar.version(),
        own_target: false,
    }
}

/// Seconds of an hour.
const HOUR: i64 = 3_600;

fn working_days(c: &mut Counting<'_>, amount: Amount, start: NaiveDateTime) -> NaiveDateTime {
    let first = c.calendar.day_of(start);
    let mut date = first;
    for _ in 0..amount.units() {
        if date >= c.horizon {
            break;
        }
        date = c.next_working(next(date));
    }
    if amount.is_zero() {
        date = c.next_working(date);
    }
    let part = amount.part_of(c.calendar.hours.length());
    if !amount.is_broken() {
        c.calendar.closing(date)
    } else if amount.units() == 0 {
        open_time(c, part, start, first)
    } else {
        open_time(c, part, c.calendar.closing(date), next(date))
    }
}

fn calendar_days(
    c: &mut Counting<'_>,
    amount: Amount,
    start: Moment,
    roll: bool,
    rolled_from: &mut Option<NaiveDate>,
) -> Moment {
    let mut last = days_after(start.date_naive(), amount.units());
    let mut end = midnight(next(last));
    // Whole days that end on a day off end so late that the part is over by then.
    let whole_rolls = roll && amount.units() > 0 && !c.calendar.works(last);
    if amount.is_broken() && !whole_rolls {
        let from = if amount.units() > 0 { end } else { start };
        end = from + TimeDelta::seconds(amount.part_of(DAY));
        // Midnight is the end of the day before.
        last = (end - TimeDelta::nanoseconds(1)).date_naive();
    }
    // Less than a day is hours, which run through days off: rolled to the end of the next open day it would be due
    // after a little more that ends within that day.
    let roll = roll && amount.units() > 0;
    let end = rolled(c, last, end, roll, rolled_from);
    c.counted.clear();
    end
}

/// The deadline of a day, or 24:00 of the next working day where it is none (T3).
fn rolled(
    c: &mut Counting<'_>,
    last: NaiveDate,
    end: Moment,
    roll: bool,
    rolled_from: &mut Option<NaiveDate>,
) -> Moment {
    c.touch(last);
    if !roll || c.calendar.works(last) {
        return end;
    }
    *rolled_from = Some(last);
    midnight(next(c.next_working(last)))
}

/// So many seconds of open time after a moment, looked for from the day `first` on.
fn open_time(
    c: &mut Counting<'_>,
    seconds: i64,
    from: NaiveDateTime,
    first: NaiveDate,
) -> NaiveDateTime {
    let mut left = TimeDelta::seconds(seconds);
    let mut date = first;
    loop {
        if c.take(date) {
            let mut open_at_all = false;
            for p in c.calendar.hours.periods.clone() {
                let (begin, end) = p.on(date);
                let begin = begin.max(from);
                if begin >= end {
                    continue;
                }
                open_at_all = true;
                let open = end - begin;
                if left <= open {
                    return begin + left;
                }
                left -= open;
            }
            if !open_at_all {
                c.counted.pop();
            }
        }
        if date >= c.horizon {
            return c.calendar.closing(date);
        }
        date = next(date);
    }
}

/// A **not-before** date (T2): opens at 00:00 of its day, due by the end of the next working day.
pub fn not_before(span: Span, start: Moment, calendar: &Calendar) -> Due {
    let start = here(&start);
    let amount = span.amount.min(Amount::whole(SPAN_MAX));
    let opens_day = days_after(start.date_naive(), amount.units());
    let mut c = Counting::new(calendar, start);
    let end = c.next_working(opens_day);
    let end = if end == opens_day {
        c.next_working(next(opens_day))
    } else {
        end
    };
    Due {
        at: Some(midnight(next(end))),
        opens: Some(midnight(opens_day) + TimeDelta::seconds(amount.part_of(DAY))),
        provisional: !c.unknown.is_empty(),
        unknown_years: c.unknown,
        span: Some(span),
        start,
        counted: vec![],
        skipped: c.skipped,
        rolled_from: None,
        calendar: calendar.version(),
        own_target: false,
    }
}

/// A word instead of a number: 立即, 及时 (T6). Only the age of the step can be shown.
pub fn word(start: Moment, calendar: &Calendar) -> Due {
    Due {
        at: None,
        opens: None,
        provisional: false,
        unknown_years: vec![],
        span: None,
        start: here(&start),
        counted: vec![],
        skipped: vec![],
        rolled_from: None,
        calendar: calendar.version(),
        own_target: false,
    }
}

/// A due day that people agreed on, read from a date field: due at 24:00 of that day. None where it lies beyond the
/// horizon of its start.
pub fn agreed(day: Option<&serde_json::Value>, start: Moment, calendar: &Calendar) -> Due {
    let mut due = word(start, calendar);
    due.at = day
        .and_then(|v| v.as_str())
        .and_then(calendar::day)
        .filter(|d| *d <= days_after(here(&start).date_naive(), HORIZON))
        .map(|d| midnight(next(d)));
    due
}

/// How a clock stands at a moment. Lateness is computed, never an event (T7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Not open yet (not-before).
    Waiting,
    /// Running, in time.
    Running,
    /// Running, past due.
    Late,
    /// Stopped in time, or without a number.
    Met,
    /// Stopped after the due time; stays missed.
    Missed,
}

/// How a clock stands.
pub fn state(due: &Due, stopped: Option<Moment>, now: Moment) -> ClockState {
    let past = |t: Moment| due.at.is_some_and(|d| t > d);
    match stopped {
        Some(t) if past(t) => ClockState::Missed,
        Some(_) => ClockState::Met,
        None if past(now) => ClockState::Late,
        None if due.opens.is_some_and(|o| now < o) => ClockState::Waiting,
        None => ClockState::Running,
    }
}
