//! Merging one case into another, and what still hangs together afterwards (G6).

use crate::{
    index::case_row::circle,
    office::{
        handle::{Office, OpenOffice},
        load::Loaded,
    },
    text::error::ApiError,
};
use redress_domain::{
    case::{Case, MERGE_INTO},
    decide::Request,
    event::{Ending, Event, EventBody},
    id::{CaseId, PersonId},
    merge,
};
use redress_store::{Circle, Store, Viewer};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use ts_rs::TS;

/// Where a merged case went.
#[derive(Debug, Serialize, TS)]
pub struct MergedIntoView {
    /// Id of the case that it was merged into.
    pub case: String,
    /// Its number.
    pub number: String,
    /// Id of the case that lives: where that one was merged in turn, the end of the chain.
    pub living: String,
    /// Its number.
    pub living_number: String,
    /// `open`, `closed` …
    pub living_status: String,
}

/// A case that was merged into this one.
#[derive(Debug, Serialize, TS)]
pub struct MergedInView {
    /// Its id.
    pub case: String,
    /// Its number.
    pub number: String,
    /// Numbers of those that had been merged into it before.
    pub with: Vec<String>,
    /// When.
    pub at: String,
}

/// Merges that are followed from one case to the next; a chain has no circle, so this is never reached.
const CHAIN: usize = 1_000;

/// The case that takes this one in, as it stands now; its number is written into the request as the record has it.
///
/// # Errors
/// `merge_unknown`, `merge_less_confidential`, and those of [`merge::takes_in`].
pub(crate) async fn merges(
    office: &Office,
    open: &OpenOffice,
    person: PersonId,
    case: &Case,
    request: &mut Request<'_>,
) -> Result<Vec<Loaded>, ApiError> {
    let typed = request.values.get(MERGE_INTO).and_then(Value::as_str);
    let typed = typed.unwrap_or_default().trim().to_owned();
    if typed.is_empty() {
        // Nothing was entered: the action itself says so.
        return Ok(vec![]);
    }
    let viewer = open.viewer(person, office.now()).await;
    let row = open.store.case_row_by(&typed).await?;
    let Some(row) = row.filter(|r| viewer.knows(r)) else {
        return Err(ApiError::new("merge_unknown").with("number", typed));
    };
    let into = open.load_case(&row.id.to_string()).await?;
    let living = living(open, &into.case).await?;
    if let Some(living) = &living
        && let Some(row) = open.store.case_row(living.id).await?
        && !viewer.knows(&row)
    {
        return Err(ApiError::new("merge_unknown").with("number", typed));
    }
    merge::takes_in(case, &into.case, living.as_ref().unwrap_or(&into.case))?;
    let own = open.edition(&case.procedure, &case.edition_hash).await?;
    let (own, its) = (circle(&own, case), circle(&into.edition, &into.case));
    let its_hidden = its.as_ref().map(|c| &c.hidden_from);
    let shown = |c: &Circle| match its_hidden {
        None => true,
        Some(hidden) => !c.hidden_from.is_subset(hidden),
    };
    if own.as_ref().is_some_and(shown) {
        // What the survivor keeps of it would tell those of whom it must not be told.
        return Err(
            ApiError::new("merge_less_confidential").with("number", into.case.number.as_str())
        );
    }
    request.into = Some(into.case.id);
    let number = Value::from(into.case.number.as_str());
    request.values.insert(MERGE_INTO.to_owned(), number);
    Ok(vec![into])
}

/// The case that this one was merged into; none where it was not, or where its record names none that is there.
async fn next_merged(open: &OpenOffice, case: &Case) -> Result<Option<Loaded>, ApiError> {
    if case.ended != Some(Ending::Merged) {
        return Ok(None);
    }
    let row = match case.merged_into {
        Some(id) => open.store.case_row(id).await?,
        // An older merge says the number alone.
        None => match case.values.get(MERGE_INTO).and_then(Value::as_str) {
            Some(number) => open.store.case_row_by(number).await?,
            None => None,
        },
    };
    match row.filter(|r| r.id != case.id) {
        Some(row) => open.load_case(&row.id.to_string()).await.map(Some),
        None => Ok(None),
    }
}

/// The cases that this one was merged into, one into the next, in order; older records may hold a circle.
pub(crate) async fn merged_along(open: &OpenOffice, case: &Case) -> Result<Vec<Loaded>, ApiError> {
    let mut all: Vec<Loaded> = Vec::new();
    let mut at = next_merged(open, case).await?;
    while let Some(next) = at {
        let seen = |id: CaseId| id == case.id || all.iter().any(|l| l.case.id == id);
        if seen(next.case.id) || all.len() >= CHAIN {
            break;
        }
        at = next_merged(open, &next.case).await?;
        all.push(next);
    }
    Ok(all)
}

/// Where a chain of merges that begins with a case ends; none where the case was not merged.
pub(crate) async fn living(open: &OpenOffice, case: &Case) -> Result<Option<Case>, ApiError> {
    let last = merged_along(open, case).await?.pop();
    Ok(last.map(|l| l.case))
}

/// Every case whose record says that this one, which is opened again, was merged into it.
pub(crate) async fn lets_go(open: &OpenOffice, case: &Case) -> Result<Vec<Loaded>, ApiError> {
    let mut all = merged_along(open, case).await?;
    let keeps = |c: &Case| {
        let mut own = c.merged_in.iter();
        own.any(|m| m.case == case.id || m.with.contains(&case.number))
    };
    // After a disposal nothing more is written.
    all.retain(|l| !l.case.disposed && keeps(&l.case));
    Ok(all)
}

/// What a case hangs together with, as far as it is there for whoever looks.
pub(crate) async fn merged_view(
    open: &OpenOffice,
    case: &Case,
    viewer: &Viewer,
) -> Result<(Option<MergedIntoView>, Vec<MergedInView>), ApiError> {
    let along = merged_along(open, case).await?;
    let mut known = Vec::new();
    for one in &along {
        let row = open.store.case_row(one.case.id).await?;
        known.extend(row.filter(|r| viewer.knows(r)));
    }
    let all_known = known.len() == along.len();
    let into = known.first().zip(known.last()).filter(|_| all_known);
    let into = into.map(|(first, last)| MergedIntoView {
        case: first.id.to_string(),
        number: first.number.clone(),
        living: last.id.to_string(),
        living_number: last.number.clone(),
        living_status: last.status.clone(),
    });
    let mut taken = Vec::new();
    for m in &case.merged_in {
        let row = open.store.case_row(m.case).await?;
        if row.is_some_and(|r| viewer.knows(&r)) {
            taken.push(MergedInView {
                case: m.case.to_string(),
                number: m.number.clone(),
                with: m.with.clone(),
                at: m.at.to_rfc3339(),
            });
        }
    }
    Ok((into, taken))
}

/// Positions of the events of a case that tell of cases which are not there for whoever looks.
pub(crate) async fn untold(
    open: &OpenOffice,
    events: &[Event],
    viewer: &Viewer,
) -> Result<BTreeSet<i64>, ApiError> {
    let mut all = BTreeSet::new();
    for (seq, e) in (1..).zip(events) {
        let (EventBody::MergedIn { case, .. } | EventBody::MergeUndone { case, .. }) = &e.body
        else {
            continue;
        };
        let row = open.store.case_row(*case).await?;
        if row.is_some_and(|r| !viewer.knows(&r)) {
            all.insert(seq);
        }
    }
    Ok(all)
}
