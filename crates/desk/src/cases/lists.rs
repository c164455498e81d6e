//! My desk, the case list, and the repeat-complainant hint.

use crate::{
    office::handle::Office,
    text::{error::ApiError, limits},
};
use chrono::TimeZone;
use redress_domain::{calendar, clock::Moment, id::PersonId};
use redress_store::{CaseQuery, CaseRow, Store, Viewer};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A search or filter.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct CaseListRequest {
    /// Words, names, phones, report numbers, pinyin initials.
    pub text: Option<String>,
    /// Procedure id.
    pub procedure: Option<String>,
    /// `open`, `closed` …
    pub status: Option<String>,
    /// `late` or `soon`.
    pub clock: Option<String>,
    /// Person id.
    pub person: Option<String>,
    /// `YYYY-MM-DD`, received from.
    pub from: Option<String>,
    /// `YYYY-MM-DD`, received until.
    pub to: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Rows; 50 where not said, 200 at most.
    pub limit: Option<u32>,
}

/// One row of the list.
#[derive(Debug, Serialize, TS)]
pub struct CaseLine {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// What it is called.
    pub headline: String,
    /// Masked (G11) unless the person's role needs names.
    pub complainant: String,
    /// A confidential case.
    pub confidential: bool,
    /// A confidential case in which the person has no part: title and names are not told.
    pub hidden: bool,
    /// Status.
    pub status: String,
    /// Filed.
    pub archived: bool,
    /// Where it stands.
    pub step_title: String,
    /// RFC 3339.
    pub received_at: String,
    /// The nearest due time.
    pub due: Option<String>,
    /// `late`, `soon`, `running` or `none`.
    pub due_state: String,
}

/// A page of the list.
#[derive(Debug, Serialize, TS)]
pub struct CaseListResponse {
    /// Rows, newest first.
    pub rows: Vec<CaseLine>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// All that match.
    #[ts(type = "number")]
    pub total: i64,
    /// Rows of this page that are damaged and not in it; in a damaged office, all cases that cannot be read.
    pub unreadable: usize,
}

/// Words to look for.
#[derive(Debug, Deserialize, TS)]
pub struct SimilarRequest {
    /// Name or phone.
    pub text: String,
}

const PAGE: u32 = 50;
pub(crate) const PAGE_MAX: u32 = 200;
pub(crate) fn at(seconds: i64, like: Moment) -> Option<Moment> {
    like.offset().timestamp_opt(seconds, 0).single()
}

pub(crate) fn due_state(due: Option<i64>, now: Moment) -> &'static str {
    let tomorrow_end = (now.date_naive() + chrono::Days::new(2)).and_hms_opt(0, 0, 0);
    let soon = tomorrow_end.and_then(|t| t.and_local_timezone(*now.offset()).single());
    match due {
        None => "none",
        Some(d) if d < now.timestamp() => "late",
        Some(d) if soon.is_some_and(|s| d <= s.timestamp()) => "soon",
        Some(_) => "running",
    }
}

/// What somebody is told of a row: what it is called, and who complains.
pub(crate) fn told(row: &CaseRow, viewer: &Viewer) -> (String, String) {
    if !viewer.admitted(row) {
        (String::new(), String::new())
    } else if viewer.names_in.contains(&row.procedure) {
        (row.headline.clone(), row.complainant.clone())
    } else {
        (row.open_headline.clone(), row.masked.clone())
    }
}

pub(crate) fn line(row: CaseRow, viewer: &Viewer, now: Moment) -> CaseLine {
    let (headline, complainant) = told(&row, viewer);
    CaseLine {
        id: row.id.to_string(),
        headline,
        complainant,
        confidential: row.circle.is_some(),
        hidden: !viewer.admitted(&row),
        number: row.number,
        status: row.status,
        archived: row.archived,
        step_title: row.step_title,
        received_at: row.received_at,
        due: row
            .next_due
            .and_then(|s| at(s, now))
            .map(|t| t.to_rfc3339()),
        due_state: due_state(row.next_due, now).to_owned(),
    }
}

/// The first second of a day, or of one so many days later; none where no day was named.
///
/// # Errors
/// `time_not_understood`.
fn midnight(text: Option<&str>, later: u64, now: Moment) -> Result<Option<i64>, ApiError> {
    let Some(text) = text.filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    let bad = || ApiError::new("time_not_understood");
    let date = calendar::day(text.get(..10).unwrap_or(text)).ok_or_else(bad)?;
    let start = (date + chrono::Days::new(later))
        .and_hms_opt(0, 0, 0)
        .ok_or_else(bad)?;
    let start = start.and_local_timezone(*now.offset()).single();
    Ok(start.map(|t| t.timestamp()))
}

/// A page of the cases that are there for whoever asks.
pub(crate) async fn case_list(
    office: &Office,
    person: PersonId,
    r: CaseListRequest,
) -> Result<CaseListResponse, ApiError> {
    let open = office.open_office().await?;
    let now = office.now();
    let viewer = open.viewer(person, now).await;
    if let Some(text) = &r.text {
        limits::text("搜索", text, limits::SEARCH)?;
    }
    let full = |t: Option<String>| t.filter(|s| !s.trim().is_empty());
    let query = CaseQuery {
        text: full(r.text),
        procedure: full(r.procedure),
        status: full(r.status),
        clock: full(r.clock),
        person: r.person.as_deref().and_then(|p| p.parse().ok()),
        from: midnight(r.from.as_deref(), 0, now)?,
        to: midnight(r.to.as_deref(), 1, now)?,
        cursor: full(r.cursor),
        limit: r.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX),
        now: now.timestamp(),
        viewer,
    };
    let mut page = open.store.case_rows(&query).await?;
    // A number finds its case for everybody for whom it is there, whatever else of it is hidden.
    if let (Some(text), None) = (&query.text, &query.cursor)
        && let Some(row) = open.store.case_row_by(text.trim()).await?
        && row.id.to_string() != text.trim()
        && query.viewer.knows(&row)
        && page.rows.iter().all(|r| r.id != row.id)
    {
        page.rows.insert(0, row);
        page.total += 1;
    }
    let viewer = &query.viewer;
    Ok(CaseListResponse {
        rows: page
            .rows
            .into_iter()
            .map(|row| line(row, viewer, now))
            .collect(),
        next: page.next,
        total: page.total,
        unreadable: page.unreadable,
    })
}

/// Earlier cases of the same name or phone.
pub(crate) async fn similar(
    office: &Office,
    person: PersonId,
    r: SimilarRequest,
) -> Result<CaseListResponse, ApiError> {
    // What is typed into a field is compared as it is typed: the beginning of a long one is enough.
    let text: String = r.text.trim().chars().take(limits::SEARCH).collect();
    if text.chars().count() < 2 {
        return Ok(CaseListResponse {
            rows: vec![],
            next: None,
            total: 0,
            unreadable: 0,
        });
    }
    let request = CaseListRequest {
        text: Some(text),
        limit: Some(5),
        ..CaseListRequest::default()
    };
    case_list(office, person, request).await
}
