//! Working calendars: what a day is, when something is due, importing a year (T4).

use crate::{
    office::{
        editions::UNUSABLE,
        events::{append, event},
        handle::{Office, OpenOffice},
        load::Loaded,
    },
    text::{error::ApiError, time::parse_time, words},
};
use chrono::NaiveDate;
use redress_domain::{
    amount::Amount,
    calendar::{Day, YEARS, YearFile, next},
    clock::{Moment, SPAN_MAX, Span, Unit, due},
    event::EventBody,
    id::PersonId,
    recalculate::{provisional, recalculate},
    value::Values,
    year,
};
use redress_store::{Store, Viewer};
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
    /// The days of `calendar_asks`, or how few there are (`calendar_few`), were looked at and are meant.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub confirm: bool,
}

/// A limit that was computed on weekdays alone and can be computed anew (T4).
#[derive(Debug, Serialize, TS)]
pub struct ProvisionalView {
    /// Case id.
    pub case: String,
    /// Number.
    pub number: String,
    /// Which limit.
    pub title: String,
    /// RFC 3339, as it stands.
    pub due: String,
    /// RFC 3339, as the calendar of today has it.
    pub would_be: String,
}

/// What importing touched.
#[derive(Debug, Serialize, TS)]
pub struct CalendarImported {
    /// Calendar year.
    pub year: i32,
    /// Days of the notice.
    pub days: usize,
    /// Limits that can be computed anew; nothing has moved yet.
    pub provisional: Vec<ProvisionalView>,
}

/// How much was computed anew.
#[derive(Debug, Serialize, TS)]
pub struct Recalculated {
    /// Limits.
    pub clocks: usize,
}

/// A limit to compute.
#[derive(Debug, Deserialize, TS)]
pub struct DueRequest {
    /// `hours`, `working_hours`, `working_days` or `calendar_days`.
    #[ts(type = "'hours'|'working_hours'|'working_days'|'calendar_days'")]
    pub unit: Unit,
    /// How many; two decimals at most.
    pub amount: f64,
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

pub(crate) async fn calendar_get(office: &Office, year: i32) -> Result<YearView, ApiError> {
    let state = office.open_office().await?.state().await;
    let first = NaiveDate::from_ymd_opt(year, 1, 1)
        .filter(|_| YEARS.contains(&year))
        .ok_or_else(|| ApiError::new("year_unknown"))?;
    let days = std::iter::successors(Some(first), |d| Some(next(*d)))
        .take_while(|d| chrono::Datelike::year(d) == year)
        .map(|d| {
            let (kind, name) = match state.calendar.day(d) {
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
    let papers = state
        .calendar
        .years
        .get(&year)
        .map(|y| y.papers.clone())
        .unwrap_or_default();
    Ok(YearView {
        year,
        known: state.calendar.knows(year),
        papers,
        days,
    })
}

pub(crate) async fn calendar_due(office: &Office, r: DueRequest) -> Result<DueResponse, ApiError> {
    if r.amount > SPAN_MAX.into() {
        return Err(ApiError::new("amount_too_large").with("max", SPAN_MAX));
    }
    let amount = Amount::new(r.amount).ok_or_else(|| ApiError::new("amount_unfit"))?;
    let start = parse_time(&r.start)?;
    let state = office.open_office().await?.state().await;
    let span = Span {
        unit: r.unit,
        amount,
    };
    let due = due(span, start, r.roll.unwrap_or(true), &state.calendar);
    Ok(DueResponse {
        due: due.at.map(|t| t.to_rfc3339()).unwrap_or_default(),
        explanation: words::explanation(&due, None),
        known: !due.provisional,
    })
}

/// # Errors
/// What is wrong with the file ([`year::check`]), or what the person should look at first ([`year::weigh`]).
pub(crate) async fn calendar_import(
    office: &Office,
    by: PersonId,
    r: CalendarImport,
) -> Result<CalendarImported, ApiError> {
    let of = r.file.year;
    year::check(&r.file)?;
    let open = office.open_office().await?;
    if !r.confirm {
        year::weigh(&open.state().await.calendar, &r.file)?;
    }
    let days = r.file.days.len();
    let body = EventBody::CalendarImported { year: r.file };
    let seq = open.state().await.seq;
    let events = vec![event(by, office.now(), body, Values::new())];
    open.keep(vec![append("office", seq, events)?]).await?;
    open.refold().await?;
    Ok(CalendarImported {
        year: of,
        days,
        provisional: calendar_provisional(office, by).await?,
    })
}

/// Open cases with a provisional limit, by their rows.
async fn provisional_cases(open: &OpenOffice, viewer: &Viewer) -> Result<Vec<Loaded>, ApiError> {
    let mut all = Vec::new();
    for (row, clocks, _) in open.store.worklist_rows(&[], u32::MAX, viewer).await? {
        if clocks
            .iter()
            .any(|c| c.provisional && c.stopped_at.is_none())
        {
            match open.load_case(&row.id.to_string()).await {
                Ok(loaded) => all.push(loaded),
                Err(e) if e.code == UNUSABLE => {}
                Err(e) => return Err(e),
            }
        }
    }
    Ok(all)
}

/// The limits that a newly known year touches (T4).
pub(crate) async fn calendar_provisional(
    office: &Office,
    person: PersonId,
) -> Result<Vec<ProvisionalView>, ApiError> {
    let open = office.open_office().await?;
    let viewer = open.viewer(person, office.now()).await;
    let state = open.state().await;
    let mut all = Vec::new();
    for Loaded { case, edition, .. } in provisional_cases(&open, &viewer).await? {
        let ctx = state.ctx(&edition, office.now());
        let moment = |t: Option<Moment>| t.map(|t| t.to_rfc3339()).unwrap_or_default();
        all.extend(provisional(&ctx, &case).into_iter().map(|(clock, due)| {
            ProvisionalView {
                case: case.id.to_string(),
                number: case.number.clone(),
                title: edition
                    .clock(&clock.rule)
                    .map(|r| r.title.clone())
                    .unwrap_or_default(),
                due: moment(clock.due.at),
                would_be: moment(due.at),
            }
        }));
    }
    Ok(all)
}

/// Computes them anew, each by a recorded act; nothing else moves (T4).
pub(crate) async fn calendar_recalculate(
    office: &Office,
    by: PersonId,
) -> Result<Recalculated, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let viewer = open.viewer(by, office.now()).await;
    let mut clocks = 0;
    // What is not there for whoever asks is computed anew all the same, and not counted.
    let all = provisional_cases(&open, &Viewer::default()).await?;
    for Loaded { case, edition, .. } in all {
        let ctx = state.ctx(&edition, office.now());
        let actor = open.actor(by, &case.procedure, office.now()).await;
        let events = recalculate(&ctx, &case, &actor);
        if events.is_empty() {
            continue;
        }
        let there = open.store.case_row(case.id).await?;
        if there.is_some_and(|r| viewer.knows(&r)) {
            clocks += events.len();
        }
        open.append_case(
            &edition,
            &case,
            events,
            crate::office::load::TransactionExtras::default(),
        )
        .await?;
    }
    Ok(Recalculated { clocks })
}
