//! Working days and opening hours: pure arithmetic over yearly data (T2–T4).
//!
//! A period belongs to the day on which it begins, to its last minute: a night shift of Friday works until Saturday
//! morning although Saturday is off, and what comes in at three at night came in on Friday's working day.

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta,
    TimeZone, Timelike, Weekday,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::collections::BTreeMap;

/// The institution's zone. China has one: a moment is the same however it was written, and what is kept, shown and
/// computed with is written in this one.
pub const ZONE: FixedOffset = match FixedOffset::east_opt(8 * 3600) {
    Some(zone) => zone,
    None => unreachable!(),
};

/// A moment as the institution writes it.
pub fn here<Z: TimeZone>(at: &DateTime<Z>) -> DateTime<FixedOffset> {
    at.with_timezone(&ZONE)
}

/// One year of public holidays and make-up working days, as its file says it. Files as they are published say more,
/// e.g. `$schema`, which means nothing here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// From when to when the institution is open, beginning within one day.
///
/// An end that is not later than the beginning is on the next day: `22:00`–`06:00` is a night shift, `00:00`–`24:00`
/// the whole day, `08:00`–`08:00` a duty of twenty-four hours. `24:00` is how the end of the day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Opening time.
    #[serde(deserialize_with = "opening")]
    pub from: NaiveTime,
    /// Closing time; midnight is the end of the day.
    #[serde(serialize_with = "write_closing", deserialize_with = "closing")]
    pub to: NaiveTime,
}

fn clock_time<'de, D: Deserializer<'de>>(text: &str) -> Result<NaiveTime, D::Error> {
    let time = text.parse().ok();
    let time: Option<NaiveTime> = time.or_else(|| NaiveTime::parse_from_str(text, "%H:%M").ok());
    time.ok_or_else(|| D::Error::custom("a time is HH:MM"))
}

fn opening<'de, D: Deserializer<'de>>(d: D) -> Result<NaiveTime, D::Error> {
    clock_time::<D>(&String::deserialize(d)?)
}

fn closing<'de, D: Deserializer<'de>>(d: D) -> Result<NaiveTime, D::Error> {
    match String::deserialize(d)?.as_str() {
        "24:00" | "24:00:00" => Ok(NaiveTime::MIN),
        text => clock_time::<D>(text),
    }
}

fn write_closing<S: Serializer>(to: &NaiveTime, s: S) -> Result<S::Ok, S::Error> {
    if *to == NaiveTime::MIN {
        s.serialize_str("24:00:00")
    } else {
        to.serialize(s)
    }
}

impl Period {
    /// Seconds from the midnight with which its day begins.
    fn begin(self) -> i64 {
        i64::from(self.from.num_seconds_from_midnight())
    }

    /// The same of its end; past midnight it is more than a day.
    fn end(self) -> i64 {
        let to = i64::from(self.to.num_seconds_from_midnight());
        if to <= self.begin() { to + DAY } else { to }
    }

    /// When it begins and ends on a day.
    pub fn on(self, date: NaiveDate) -> (NaiveDateTime, NaiveDateTime) {
        (after(date, self.begin()), after(date, self.end()))
    }
}

/// So many seconds after the beginning of a day.
fn after(date: NaiveDate, seconds: i64) -> NaiveDateTime {
    let midnight = date.and_time(NaiveTime::MIN);
    midnight
        .checked_add_signed(TimeDelta::seconds(seconds))
        .unwrap_or(midnight)
}

/// Periods of one day.
pub const PERIODS: usize = 24;

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
        // The hours below are times of a day.
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
    /// Whether periods are in order and do not overlap, also not with the next day's, and some weekday is open.
    pub fn sound(&self) -> bool {
        let (Some(first), Some(last)) = (self.periods.first(), self.periods.last()) else {
            return false;
        };
        self.weekdays.iter().any(|d| *d)
            && self.periods.len() <= PERIODS
            && self.periods.windows(2).all(|w| w[0].end() <= w[1].begin())
            && last.end() - DAY <= first.begin()
    }

    /// The same with its periods in the order of the day.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.periods.sort_by_key(|p| p.begin());
        self
    }

    /// Seconds for which a working day is open.
    pub fn length(&self) -> i64 {
        self.periods.iter().map(|p| p.end() - p.begin()).sum()
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
    ///
    /// A year's file may name days of the neighbouring years. What two files say of one day, the later year's decides,
    /// whichever was imported first: its notice is the newer one.
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

    /// What the files name, by day: the holiday, and whether the day is off.
    pub fn named(&self) -> impl Iterator<Item = (NaiveDate, &str, bool)> {
        self.days
            .iter()
            .map(|(d, (name, off))| (*d, name.as_str(), *off))
    }

    /// When the last period of a day ends; it may be on the next.
    pub fn closing(&self, date: NaiveDate) -> NaiveDateTime {
        let last = self.hours.periods.last();
        last.map_or_else(|| after(date, 0), |p| p.on(date).1)
    }

    /// The day to which a moment belongs: the day before, while its last period goes on past midnight.
    pub fn day_of(&self, at: NaiveDateTime) -> NaiveDate {
        let before = at.date().pred_opt();
        before
            .filter(|d| self.works(*d) && at < self.closing(*d))
            .unwrap_or_else(|| at.date())
    }

    /// A version that changes with any day or hour: short, for the record beside a due time (T5).
    pub fn version(&self) -> String {
        // Plain data is always JSON.
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

/// A moment as it is written, RFC 3339 with any offset, taken to the institution's zone, in the years that are taken.
pub fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    let moment = here(&DateTime::parse_from_rfc3339(text).ok()?);
    YEARS.contains(&moment.year()).then_some(moment)
}

/// The day of a value: of a date as it stands, of a moment by the institution's clock.
pub fn day_in(text: &str) -> Option<NaiveDate> {
    day(text).or_else(|| moment(text).map(|m| m.date_naive()))
}

/// The day after. Dates end in the year 262142, so this saturates far away.
pub fn next(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1))
        .unwrap_or(NaiveDate::MAX)
}

/// A wall-clock time of the institution.
pub fn at(local: NaiveDateTime) -> DateTime<FixedOffset> {
    ZONE.from_local_datetime(&local)
        .single()
        .unwrap_or_else(|| here(&DateTime::UNIX_EPOCH))
}

/// The beginning of a day.
pub fn midnight(date: NaiveDate) -> DateTime<FixedOffset> {
    at(date.and_time(NaiveTime::MIN))
}
