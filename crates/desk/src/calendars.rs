//! Working calendars: what a day is, when something is due, importing a year (T4).

use crate::{
    cases::parse_time,
    error::ApiError,
    open::{Office, append, event},
    words,
};
use chrono::NaiveDate;
use redress_domain::{
    calendar::{Day, YearFile, next},
    clock::{Span, Unit, due},
    event::EventBody,
    id::PersonId,
    value::Values,
};
use redress_store::Store;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which year.
#[derive(Debug, Deserialize, TS)]
pub struct YearRef {
    /// Calendar year.
    pub year: i32,
}

/// A day.
#[derive(Debug, Serialize, TS)]
pub struct DayView {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// `working`, `make_up`, `weekend` or `holiday`.
    pub kind: String,
    /// Of which holiday.
    pub name: Option<String>,
}

/// A year.
#[derive(Debug, Serialize, TS)]
pub struct YearView {
    /// Calendar year.
    pub year: i32,
    /// Whether its arrangements are known.
    pub known: bool,
    /// The notices.
    pub papers: Vec<String>,
    /// Every day.
    pub days: Vec<DayView>,
}

/// A year's file.
#[derive(Debug, Deserialize, TS)]
pub struct CalendarImport {
    /// `{year, papers, days: [{name, date, isOffDay}]}`.
    #[ts(
        type = "{ year: number, papers: string[], days: { name: string, date: string, isOffDay: boolean }[] }"
    )]
    pub file: YearFile,
}

/// What importing touched.
#[derive(Debug, Serialize, TS)]
pub struct CalendarImported {
    /// Calendar year.
    pub year: i32,
    /// Days of the notice.
    pub days: usize,
}

/// A limit to compute.
#[derive(Debug, Deserialize, TS)]
pub struct DueRequest {
    /// `hours`, `working_hours`, `working_days` or `calendar_days`.
    #[ts(type = "'hours'|'working_hours'|'working_days'|'calendar_days'")]
    pub unit: Unit,
    /// How many.
    pub amount: u32,
    /// RFC 3339.
    pub start: String,
    /// T3; true where not said.
    #[serde(default)]
    pub roll: Option<bool>,
}

/// When it is due, and why.
#[derive(Debug, Serialize, TS)]
pub struct DueResponse {
    /// RFC 3339; end of day is 00:00 of the next.
    pub due: String,
    /// The sentence.
    pub explanation: String,
    /// False where a year had no data.
    pub known: bool,
}

/// The longest limit that is computed: ten years of days.
const AMOUNT_MAX: u32 = 3660;

impl Office {
    pub(crate) async fn calendar_get(&self, year: i32) -> Result<YearView, ApiError> {
        let house = self.desk().await?.house().await;
        let first =
            NaiveDate::from_ymd_opt(year, 1, 1).ok_or_else(|| ApiError::new("year_unknown"))?;
        let days = std::iter::successors(Some(first), |d| Some(next(*d)))
            .take_while(|d| chrono::Datelike::year(d) == year)
            .map(|d| {
                let (kind, name) = match house.calendar.day(d) {
                    Day::Working => ("working", None),
                    Day::MakeUp { name } => ("make_up", Some(name)),
                    Day::Weekend => ("weekend", None),
                    Day::Holiday { name } => ("holiday", Some(name)),
                };
                DayView {
                    date: d.to_string(),
                    kind: kind.to_owned(),
                    name,
                }
            })
            .collect();
        let papers = house
            .calendar
            .years
            .get(&year)
            .map(|y| y.papers.clone())
            .unwrap_or_default();
        Ok(YearView {
            year,
            known: house.calendar.knows(year),
            papers,
            days,
        })
    }

    pub(crate) async fn calendar_due(&self, r: DueRequest) -> Result<DueResponse, ApiError> {
        if r.amount > AMOUNT_MAX {
            return Err(ApiError::new("amount_too_large").with("max", AMOUNT_MAX));
        }
        let house = self.desk().await?.house().await;
        let span = Span {
            unit: r.unit,
            amount: r.amount,
        };
        let due = due(
            span,
            parse_time(&r.start)?,
            r.roll.unwrap_or(true),
            &house.calendar,
        );
        Ok(DueResponse {
            due: due.at.map(|t| t.to_rfc3339()).unwrap_or_default(),
            explanation: words::explanation(&due, None),
            known: !due.provisional,
        })
    }

    pub(crate) async fn calendar_import(
        &self,
        by: PersonId,
        r: CalendarImport,
    ) -> Result<CalendarImported, ApiError> {
        let year = r.file.year;
        if r.file.days.is_empty()
            || r.file
                .days
                .iter()
                .any(|d| chrono::Datelike::year(&d.date) != year)
        {
            return Err(ApiError::new("calendar_unsound").with("year", year));
        }
        let desk = self.desk().await?;
        let days = r.file.days.len();
        let body = EventBody::CalendarImported { year: r.file };
        let seq = desk.house().await.seq;
        let events = vec![event(by, self.now(), body, Values::new())];
        desk.store
            .append(vec![append("office", seq, events)?])
            .await?;
        desk.refold().await?;
        Ok(CalendarImported { year, days })
    }
}
