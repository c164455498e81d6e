//! What the reports say, kind by kind: each makes tables of cases. This file has what they share.

pub(super) mod besides;
pub(super) mod departments;
pub(super) mod handover;
pub(super) mod review;
pub(super) mod timeliness;

use super::summary::seconds;
use crate::{
    office::{handle::OpenOffice, load::Loaded},
    text::{error::ApiError, words},
};
use redress_domain::{
    case::{Case, Running},
    decide::look_over,
    procedure::Edition,
    sight::{Part, circle},
    value::{Class, given},
};
use redress_store::{CaseRow, ClockRow, Store, TaskRow, Viewer};

/// Cases with their limits and tasks as lists know them.
pub(super) type Rows = Vec<(CaseRow, Vec<ClockRow>, Vec<TaskRow>)>;

/// What stands for the words of a confidential case.
const CONFIDENTIAL: &str = "保密案件，见案卷";

pub(super) fn heads(all: &[(&str, u16)]) -> Vec<(String, u16)> {
    all.iter().map(|(t, w)| ((*t).to_owned(), *w)).collect()
}

/// An open value in words; what is covered or not given is nothing (G11).
pub(super) fn open_words(
    edition: &Edition,
    case: &Case,
    field: &str,
    name: words::Names<'_>,
) -> String {
    let known = edition.field(field).filter(|f| f.class == Class::Open);
    let value = look_over(case, None, field).filter(|v| given(Some(v)));
    match (known, value) {
        (Some(f), Some(v)) => words::value(f, v, name),
        _ => String::new(),
    }
}

pub(super) fn first_of(
    edition: &Edition,
    case: &Case,
    ids: &[String],
    name: words::Names<'_>,
) -> String {
    let mut said = ids.iter().map(|id| open_words(edition, case, id, name));
    said.find(|t| !t.is_empty()).unwrap_or_default()
}

/// An open value behind the title of its field.
fn titled(edition: &Edition, case: &Case, id: &str, name: words::Names<'_>) -> Option<String> {
    let text = open_words(edition, case, id, name);
    let title = edition.field(id).map_or("", |f| f.title.as_str());
    (!text.is_empty()).then(|| format!("{title}：{text}"))
}

/// Whether more than number, step and times is covered: a confidential case in which whoever asks has no part.
pub(super) fn covered(edition: &Edition, case: &Case, viewer: &Viewer) -> bool {
    let part = |c| viewer.part(&case.procedure, &c);
    circle(edition, case)
        .map(part)
        .is_some_and(|p| p != Part::Whole)
}

/// The cases themselves, for what no list keeps.
pub(super) async fn cases_of(open: &OpenOffice, rows: &Rows) -> Result<Vec<Loaded>, ApiError> {
    let mut all = Vec::with_capacity(rows.len());
    for (row, ..) in rows.iter().filter(|(r, ..)| !r.disposed) {
        all.push(open.load_case(&row.id.to_string()).await?);
    }
    Ok(all)
}

/// Seconds by which a limit of the institution was passed, before `to`.
pub(super) fn overrun(c: &Running, edition: &Edition, to: i64) -> Option<i64> {
    let ours = edition.clock(&c.rule).is_none_or(|r| !r.of_complainant);
    let due = c.due.at.filter(|_| ours)?.timestamp();
    let stopped = c.stopped_at.map_or(to, |t| t.timestamp()).min(to);
    (stopped > due).then_some(stopped - due)
}

/// Rows of what was there in the period: received before its end, and not over before its beginning.
pub(super) fn within(rows: Rows, (from, to): (i64, i64)) -> Rows {
    let there = |r: &CaseRow| {
        let ended = r.ended_at.as_deref().map(seconds);
        r.status != "voided" && seconds(&r.entered_at) < to && ended.is_none_or(|t| t >= from)
    };
    rows.into_iter().filter(|(r, ..)| there(r)).collect()
}

/// All rows that are there for whoever asks, of one procedure where one is named.
pub(super) async fn rows(
    open: &OpenOffice,
    procedure: Option<&str>,
    viewer: &Viewer,
) -> Result<Rows, ApiError> {
    let all = open.store.all_rows(viewer).await?;
    let wanted = |r: &CaseRow| procedure.is_none_or(|p| r.procedure == p);
    Ok(all.into_iter().filter(|(r, ..)| wanted(r)).collect())
}
