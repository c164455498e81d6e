//! Reports that a procedure's file says are owed (T2 recurring), and those that were made.

use crate::{
    office::{
        events::{append, event},
        handle::{Office, OpenOffice},
        state::{OfficeState, reports::ReportMade},
    },
    text::error::ApiError,
};
use chrono::{Datelike, Days, Months, NaiveDate};
use redress_domain::{
    calendar::{self, Calendar},
    event::EventBody,
    id::PersonId,
    procedure::{Every, ReportDuty},
    value::Values,
};
use redress_store::Store;
use serde::Serialize;
use ts_rs::TS;

/// A report that is due, or overdue.
#[derive(Debug, Serialize, TS)]
pub struct DutyView {
    /// Procedure id.
    pub procedure: String,
    /// Its title.
    pub procedure_title: String,
    /// The duty's id.
    pub duty: String,
    /// In words.
    pub title: String,
    /// As `report.period` takes it.
    pub kind: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// The day on which it became due.
    pub due: String,
    /// Due before today.
    pub late: bool,
    /// For whom.
    pub for_whom: String,
    /// Line of the source.
    pub source: String,
}

/// A report that was made.
#[derive(Debug, Serialize, TS)]
pub struct MadeView {
    /// In words.
    pub title: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
}

/// What is owed, and what was made.
#[derive(Debug, Serialize, TS)]
pub struct DutiesView {
    /// Due for whoever asks, the oldest first.
    pub due: Vec<DutyView>,
    /// The newest first.
    pub made: Vec<MadeView>,
}

/// Reports made that are shown.
const SHOWN: usize = 50;
/// Periods back to which a report is owed: nobody makes up for years.
const BACK: u32 = 6;

/// The last whole periods before a day, the newest first, each with the day on which its report is due: Monday
/// for a week, else the first working day (T2).
fn periods(
    every: Every,
    today: NaiveDate,
    calendar: &Calendar,
) -> Vec<(NaiveDate, NaiveDate, NaiveDate)> {
    let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
    let month = today.with_day(1).unwrap_or(today);
    let year = month.with_month(1).unwrap_or(month);
    let start = |back: u32| match every {
        Every::Week => monday - Days::new(7 * u64::from(back)),
        Every::Month => month - Months::new(back),
        Every::Year => year - Months::new(12 * back),
    };
    let all = (0..BACK).map(|n| {
        let after = start(n);
        let mut due = after;
        while every != Every::Week && !calendar.works(due) {
            due = due + Days::new(1);
        }
        (start(n + 1), after - Days::new(1), due)
    });
    all.filter(|(_, _, due)| *due <= today).collect()
}

/// The duty that somebody fulfils.
///
/// # Errors
/// `unknown_report`, `role_missing`.
pub(crate) fn owed(
    open: &OpenOffice,
    state: &OfficeState,
    person: PersonId,
    procedure: Option<&str>,
    duty: &str,
    kind: &str,
) -> Result<ReportDuty, ApiError> {
    let unknown = || ApiError::new("unknown_report").with("report", duty);
    let edition = open.newest(procedure.ok_or_else(unknown)?)?;
    let mut all = edition.procedure.reports.iter();
    let found = all.find(|r| r.id == duty && r.kind == kind);
    let found = found.ok_or_else(unknown)?;
    let roles = state.roles(person, &edition.procedure.head.id);
    if !found.by.iter().any(|r| roles.contains(r)) {
        let who: Vec<&str> = found.by.iter().map(|r| edition.role_title(r)).collect();
        return Err(ApiError::new("role_missing")
            .with("action", found.title.as_str())
            .with("who", who.join("、")));
    }
    Ok(found.clone())
}

/// Keeps that a duty was fulfilled for a period.
pub(crate) async fn report_made(
    office: &Office,
    person: PersonId,
    procedure: String,
    report: String,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<(), ApiError> {
    let open = office.open_office().await?;
    let body = EventBody::ReportMade {
        procedure,
        report,
        from,
        to,
    };
    let seq = open.state().await.seq;
    let made = event(person, office.now(), body, Values::new());
    open.keep(vec![append("office", seq, vec![made])?]).await?;
    open.refold().await
}

/// Reports that whoever asks owes now, and those that were made.
pub(crate) async fn report_due(office: &Office, person: PersonId) -> Result<DutiesView, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let today = office.now().date_naive();
    let current = open.current();
    let viewer = open.viewer(person, office.now()).await;
    let rows = open.store.all_rows(&viewer).await?;
    let mut due = Vec::new();
    for (id, edition) in current.iter() {
        let roles = state.roles(person, id);
        // Nothing is owed for the time before the first case.
        let entered = rows.iter().filter(|(r, ..)| &r.procedure == id);
        let first = entered.map(|(r, ..)| r.entered_at.as_str()).min();
        let first: Option<NaiveDate> = first.and_then(calendar::day_in);
        let Some(first) = first.filter(|_| !roles.is_empty()) else {
            continue;
        };
        for duty in edition.procedure.reports.iter() {
            if !duty.by.iter().any(|r| roles.contains(r)) {
                continue;
            }
            for (from, to, on) in periods(duty.every, today, &state.calendar) {
                let made = state.reports.iter().any(|m| {
                    m.procedure == *id && m.report == duty.id && (m.from, m.to) == (from, to)
                });
                if !made && to >= first {
                    due.push(DutyView {
                        procedure: id.clone(),
                        procedure_title: edition.procedure.head.title.clone(),
                        duty: duty.id.clone(),
                        title: duty.title.clone(),
                        kind: duty.kind.clone(),
                        from: from.to_string(),
                        to: to.to_string(),
                        due: on.to_string(),
                        late: on < today,
                        for_whom: duty.to.clone(),
                        source: duty.source.clone(),
                    });
                }
            }
        }
    }
    due.sort_by(|a, b| a.due.cmp(&b.due));
    let title = |m: &ReportMade| {
        let duty = current
            .get(&m.procedure)
            .and_then(|e| e.procedure.reports.iter().find(|r| r.id == m.report));
        duty.map_or_else(|| m.report.clone(), |d| d.title.clone())
    };
    let made = state.reports.iter().rev().take(SHOWN).map(|m| MadeView {
        title: title(m),
        from: m.from.to_string(),
        to: m.to.to_string(),
        by: state.name(m.by),
        at: m.at.to_rfc3339(),
    });
    Ok(DutiesView {
        due,
        made: made.collect(),
    })
}
