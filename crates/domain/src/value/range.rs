//! What dates and numbers a field takes: ranges are data of the field.
//!
//! What cannot be is refused: a past fact that lies in the future, a count that is broken or negative. What is
//! unusual and can be meant is asked: whoever typed it confirms it by the question's key, and it is taken.

use crate::{
    refusal::Refusal,
    time::{
        calendar::{self, YEARS, here},
        clock::Moment,
    },
    value::{
        NUMBER_MAX,
        field::{Field, FieldKind},
        given,
    },
};
use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// Years after which a past fact is asked about where its field says nothing else.
pub const PAST_YEARS: u32 = 10;

/// Years ahead after which something agreed is asked about where its field says nothing else.
pub const FUTURE_YEARS: u32 = 5;

/// Years, in both directions, of a date of which nothing is said.
pub const ANY_YEARS: u32 = 50;

/// Why a value is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Odd {
    /// Many years ago.
    FarPast,
    /// Many years ahead.
    FarFuture,
    /// Something that is to come, and lies before today.
    Passed,
    /// More than usual.
    Large,
}

/// A value that is unusual and can be meant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// By which it is confirmed: the field's id, or `rows/2/column` in a table.
    pub key: String,
    /// The field's title, or the column's.
    pub title: String,
    /// The row, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// What is odd.
    pub odd: Odd,
    /// As it was typed.
    pub value: Value,
    /// The years, or the number, beyond which it is asked.
    pub usual: f64,
}

/// Refuses what was not confirmed, with every question at once.
///
/// # Errors
/// `value_asks` with `questions`, and `titles` of what is asked about.
pub fn confirmed(questions: Vec<Question>, by: &BTreeSet<String>) -> Result<(), Refusal> {
    let open: Vec<Question> = questions
        .into_iter()
        .filter(|q| !by.contains(&q.key))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let titles: Vec<&str> = open.iter().map(|q| q.title.as_str()).collect();
    // Plain data is always JSON.
    Err(Refusal::new("value_asks")
        .with("titles", titles.join("、"))
        .with("questions", serde_json::to_value(&open).unwrap_or_default()))
}

/// Asks about a moment that a command takes beside the fields, such as the time of receipt.
pub fn long_ago(key: &str, title: &str, at: Moment, now: Moment, years: u32) -> Option<Question> {
    let earliest = years_before(here(&now).date_naive(), years);
    (here(&at).date_naive() < earliest).then(|| Question {
        key: key.to_owned(),
        title: title.to_owned(),
        row: None,
        odd: Odd::FarPast,
        value: at.to_rfc3339().into(),
        usual: years.into(),
    })
}

fn years_before(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(years.saturating_mul(12)))
        .unwrap_or(NaiveDate::MIN)
}

fn years_after(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_add_months(Months::new(years.saturating_mul(12)))
        .unwrap_or(NaiveDate::MAX)
}

impl Field {
    /// The least and the most that a number may be.
    pub fn bounds(&self) -> (f64, f64) {
        (
            self.least.unwrap_or(-NUMBER_MAX),
            self.most.unwrap_or(NUMBER_MAX),
        )
    }

    /// The range in figures, e.g. `1–500 份`.
    pub fn range_words(&self) -> String {
        let (least, most) = self.bounds();
        let unit = if self.unit.is_empty() { "" } else { " " };
        format!("{least}–{most}{unit}{}", self.unit)
    }

    /// Whether what the field says of its range can be held.
    pub(crate) fn range_sound(&self) -> bool {
        let dated = matches!(self.kind, FieldKind::Date | FieldKind::Time);
        let counted = matches!(self.kind, FieldKind::Number | FieldKind::Measure);
        let of_dates = self.past || self.future || self.usual_years.is_some();
        let of_numbers = self.least.is_some()
            || self.most.is_some()
            || self.usual_most.is_some()
            || self.decimals.is_some()
            || !self.unit.is_empty();
        let (least, most) = self.bounds();
        (dated || !of_dates)
            && (counted || !of_numbers)
            && !(self.past && self.future)
            && self.least.is_some() == self.most.is_some()
            && least <= most
            && self.usual_most.is_none_or(|u| (least..=most).contains(&u))
            && self.columns.iter().all(Self::range_sound)
    }

    /// Holds a number against range and decimals.
    ///
    /// # Errors
    /// `value_not_whole`, `value_too_fine`, `value_out_of_range`, each with the range.
    pub(crate) fn check_range(&self, number: f64) -> Result<(), Refusal> {
        let refused = |code: &str| {
            Refusal::new(code)
                .with("field", self.id.as_str())
                .with("title", self.title.as_str())
                .with("range", self.range_words())
        };
        let (least, most) = self.bounds();
        // A negative half is out of range and broken: the range says more.
        if !(least..=most).contains(&number) {
            return Err(refused("value_out_of_range"));
        }
        let Some(decimals) = self.decimals else {
            return Ok(());
        };
        let scaled = number * 10_f64.powi(decimals.into());
        let exact = (scaled - scaled.round()).abs() <= scaled.abs() * 1e-12;
        match (exact, decimals) {
            (true, _) => Ok(()),
            (false, 0) => Err(refused("value_not_whole")),
            (false, n) => Err(refused("value_too_fine").with("decimals", n)),
        }
    }

    /// Holds a day against the years that are taken.
    ///
    /// # Errors
    /// `value_year_astray`.
    pub(crate) fn check_year(&self, year: i32) -> Result<(), Refusal> {
        if YEARS.contains(&year) {
            return Ok(());
        }
        Err(Refusal::new("value_year_astray")
            .with("field", self.id.as_str())
            .with("title", self.title.as_str())
            .with("year", year)
            .with("from", *YEARS.start())
            .with("until", *YEARS.end()))
    }

    /// What is odd about a value that [`Field::check`] took.
    ///
    /// # Errors
    /// `date_in_future`, `time_in_future`: a past fact is not in the future.
    pub fn weigh(&self, value: &Value, now: Moment) -> Result<Vec<Question>, Refusal> {
        let mut all = Vec::new();
        self.weigh_at(&self.id, None, value, now, &mut all)?;
        Ok(all)
    }

    fn weigh_at(
        &self,
        key: &str,
        row: Option<usize>,
        value: &Value,
        now: Moment,
        all: &mut Vec<Question>,
    ) -> Result<(), Refusal> {
        if !given(Some(value)) {
            return Ok(());
        }
        let mut ask = |odd, usual| {
            all.push(Question {
                key: key.to_owned(),
                title: self.title.clone(),
                row,
                odd,
                value: value.clone(),
                usual,
            });
        };
        match self.kind {
            FieldKind::Date | FieldKind::Time => {
                if let Some((odd, usual)) = self.weigh_day(value, now)? {
                    ask(odd, usual);
                }
            }
            FieldKind::Number | FieldKind::Measure => {
                let number = value.get("value").unwrap_or(value).as_f64();
                if let (Some(n), Some(usual)) = (number, self.usual_most)
                    && n > usual
                {
                    ask(Odd::Large, usual);
                }
            }
            FieldKind::Rows => {
                for (n, cells) in value.as_array().into_iter().flatten().enumerate() {
                    for column in &self.columns {
                        if let Some(cell) = cells.get(&column.id) {
                            let key = format!("{key}/{}/{}", n + 1, column.id);
                            column.weigh_at(&key, Some(n + 1), cell, now, all)?;
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn weigh_day(&self, value: &Value, now: Moment) -> Result<Option<(Odd, f64)>, Refusal> {
        // It was held against the kind before: a day or a moment is a text.
        let text = value.as_str().unwrap_or_default();
        let Some(day) = calendar::day_in(text) else {
            return Ok(None);
        };
        let today = here(&now).date_naive();
        let moment = (self.kind == FieldKind::Time)
            .then(|| calendar::moment(text))
            .flatten();
        let ahead = moment.map_or(day > today, |at| at > now);
        if self.past && ahead {
            let code = match self.kind {
                FieldKind::Time => "time_in_future",
                _ => "date_in_future",
            };
            return Err(Refusal::new(code)
                .with("field", self.id.as_str())
                .with("title", self.title.as_str()));
        }
        let years = self.usual_years.unwrap_or(match (self.past, self.future) {
            (true, _) => PAST_YEARS,
            (_, true) => FUTURE_YEARS,
            _ => ANY_YEARS,
        });
        let usual = f64::from(years);
        Ok(if day < years_before(today, years) {
            Some((Odd::FarPast, usual))
        } else if day > years_after(today, years) {
            Some((Odd::FarFuture, usual))
        } else if self.future && day < today {
            // What was agreed for this morning is typed in at noon.
            Some((Odd::Passed, 0.0))
        } else {
            None
        })
    }

    /// A value as it is kept: moments in the institution's zone, days as `YYYY-MM-DD`, whole numbers without a
    /// point. What is none of these, or wrong, stays as it is.
    #[must_use]
    pub fn settled(&self, value: &Value) -> Value {
        let text = value.as_str();
        match self.kind {
            FieldKind::Time => text
                .and_then(calendar::moment)
                .map(|m| m.to_rfc3339().into()),
            FieldKind::Date => text.and_then(calendar::day).map(|d| d.to_string().into()),
            FieldKind::Number if self.decimals == Some(0) => value
                .as_f64()
                .filter(|n| n.fract() == 0.0 && n.abs() <= NUMBER_MAX)
                .map(|n| Value::from(n as i64)),
            FieldKind::Rows => value.as_array().map(|rows| {
                let cells = |row: &Value| match row {
                    Value::Object(cells) => cells
                        .iter()
                        .map(|(id, cell)| {
                            let column = self.columns.iter().find(|c| &c.id == id);
                            let cell = column.map_or_else(|| cell.clone(), |c| c.settled(cell));
                            (id.clone(), cell)
                        })
                        .collect::<serde_json::Map<_, _>>()
                        .into(),
                    other => other.clone(),
                };
                rows.iter().map(cells).collect::<Vec<_>>().into()
            }),
            _ => None,
        }
        .unwrap_or_else(|| value.clone())
    }
}

/// The year of a text that is a day or a moment, however far off.
pub(crate) fn year_of(kind: FieldKind, text: &str) -> Option<i32> {
    match kind {
        FieldKind::Time => {
            let at = chrono::DateTime::parse_from_rfc3339(text).ok()?;
            Some(here(&at).year())
        }
        _ => Some(text.parse::<NaiveDate>().ok()?.year()),
    }
}
