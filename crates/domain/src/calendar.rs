//! Working days and opening hours: pure arithmetic over yearly data (T2–T4).

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One year of public holidays and make-up working days, as its file says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct YearFile {
    /// The calendar year.
    pub year: i32,
    /// The notices that the days come from.
    pub papers: Vec<String>,
    /// Every day that differs from the weekday pattern, or that the notice names.
    pub days: Vec<NamedDay>,
}

/// One day named by a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedDay {
    /// The holiday's name, e.g. `国庆节`.
    pub name: String,
    /// The day.
    pub date: NaiveDate,
    /// True: off. False: a make-up working day (调休).
    pub is_off_day: bool,
}

/// From when to when the institution is open, within one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Opening time.
    pub from: NaiveTime,
    /// Closing time, later than `from`.
    pub to: NaiveTime,
}

/// The institution's weekday pattern and opening periods (T4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Open on Monday … Sunday.
    pub weekdays: [bool; 7],
    /// Opening periods in order; never empty, never overlapping.
    pub periods: Vec<Period>,
}

impl Default for Hours {
    fn default() -> Self {
        let at = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap_or_default();
        Self {
            weekdays: [true, true, true, true, true, false, false],
            periods: vec![
                Period {
                    from: at(8, 0),
                    to: at(12, 0),
                },
                Period {
                    from: at(13, 30),
                    to: at(17, 30),
                },
            ],
        }
    }
}

impl Hours {
    /// Whether periods are in order and not empty, and some weekday is open.
    pub fn sound(&self) -> bool {
        self.weekdays.iter().any(|d| *d)
            && !self.periods.is_empty()
            && self.periods.iter().all(|p| p.from < p.to)
            && self.periods.windows(2).all(|w| w[0].to <= w[1].from)
    }
}

/// Working days of an institution.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calendar {
    /// Pattern and opening periods.
    pub hours: Hours,
    /// Years with data.
    pub years: BTreeMap<i32, YearFile>,
    days: BTreeMap<NaiveDate, (String, bool)>,
}

/// What a day is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Day {
    /// A working day of the weekday pattern.
    Working,
    /// A make-up working day (调休上班).
    MakeUp {
        /// Of which holiday.
        name: String,
    },
    /// Off by the weekday pattern.
    Weekend,
    /// Off by a notice.
    Holiday {
        /// Which.
        name: String,
    },
}

impl Day {
    /// Whether the institution works.
    pub fn works(&self) -> bool {
        matches!(self, Self::Working | Self::MakeUp { .. })
    }
}

impl Calendar {
    /// A calendar from the institution's hours and its years of data.
    pub fn new(hours: Hours, years: impl IntoIterator<Item = YearFile>) -> Self {
        let years: BTreeMap<i32, YearFile> = years.into_iter().map(|y| (y.year, y)).collect();
        let days = years
            .values()
            .flat_map(|y| &y.days)
            .map(|d| (d.date, (d.name.clone(), d.is_off_day)))
            .collect();
        Self { hours, years, days }
    }

    /// Whether the year's arrangements are known; otherwise due times are provisional (T4).
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// What a day is.
    pub fn day(&self, date: NaiveDate) -> Day {
        let open = self.hours.weekdays[date.weekday().num_days_from_monday() as usize];
        match self.days.get(&date) {
            Some((name, true)) => Day::Holiday { name: name.clone() },
            Some((name, false)) if !open || is_weekend(date) => Day::MakeUp { name: name.clone() },
            _ if open => Day::Working,
            _ => Day::Weekend,
        }
    }

    /// Whether the institution works on a day.
    pub fn works(&self, date: NaiveDate) -> bool {
        self.day(date).works()
    }

    /// The closing time of a day.
    pub fn closing(&self) -> NaiveTime {
        self.hours.periods.last().map(|p| p.to).unwrap_or_default()
    }

    /// A version that changes with any day or hour: short, for the record beside a due time (T5).
    pub fn version(&self) -> String {
        let text = serde_json::to_string(&(&self.hours, &self.years)).unwrap_or_default();
        crate::chain::hex(&crate::chain::sha256(text.as_bytes()))[..12].to_owned()
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The years in which days are taken: what lies outside is a slip of the pen, and far outside dates end.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A day as it is written, `YYYY-MM-DD`, in the years that are taken.
pub fn day(text: &str) -> Option<NaiveDate> {
    let date: NaiveDate = text.parse().ok()?;
    YEARS.contains(&date.year()).then_some(date)
}

/// A moment as it is written, RFC 3339 with offset, in the years that are taken.
pub fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    let moment = DateTime::parse_from_rfc3339(text).ok()?;
    YEARS.contains(&moment.year()).then_some(moment)
}

/// The day after. Dates end in the year 262142, so this saturates far away.
pub fn next(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1))
        .unwrap_or(NaiveDate::MAX)
}

/// A wall-clock time at a fixed offset.
pub fn at(date: NaiveDate, time: NaiveTime, offset: FixedOffset) -> DateTime<FixedOffset> {
    offset
        .from_local_datetime(&date.and_time(time))
        .single()
        .unwrap_or_else(|| DateTime::UNIX_EPOCH.with_timezone(&offset))
}
