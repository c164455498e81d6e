//! What is due and the lists, as they are there for whoever looks.

use super::{ApprovalView, DisposalDue, DisposalOverview, DisposalView};
use crate::{
    cases::lists::line,
    office::{
        handle::{Office, OpenOffice},
        state::OfficeState,
    },
    records::backup::{backups, other_places},
    text::error::ApiError,
};
use redress_domain::{
    clock::Moment,
    disposal::{self, Disposal, MEANING},
    event::Account,
    id::{CaseId, DisposalId, PersonId},
    sight::oversees,
};
use redress_store::{CaseRow, Store, Viewer};

pub(super) fn administrator(state: &OfficeState, person: PersonId) -> bool {
    let p = state.people.get(&person);
    p.is_some_and(|p| p.account == Account::Administrator)
}

/// The cases of a list that are there for whoever looks.
pub(super) async fn rows_for(
    open: &OpenOffice,
    viewer: &Viewer,
    list: &Disposal,
) -> Result<Vec<CaseRow>, ApiError> {
    let mut rows = Vec::with_capacity(list.cases.len());
    for case in &list.cases {
        let row = open.store.case_row(*case).await?;
        rows.extend(row.filter(|r| viewer.knows(r)));
    }
    Ok(rows)
}

/// Whether a list is there for whoever looks: one with nothing on it for them is not.
pub(super) async fn lists_for(
    open: &OpenOffice,
    viewer: &Viewer,
    list: &Disposal,
) -> Result<bool, ApiError> {
    Ok(list.cases.is_empty() || !rows_for(open, viewer, list).await?.is_empty())
}

/// Administrators, and whoever answers for every procedure on the list.
pub(super) async fn may_judge(
    open: &OpenOffice,
    person: PersonId,
    list: &Disposal,
    now: Moment,
) -> bool {
    let state = open.state().await;
    if administrator(&state, person) {
        return true;
    }
    for case in &list.cases {
        let Ok(Some(row)) = open.store.case_row(*case).await else {
            return false;
        };
        let actor = state.actor(person, &row.procedure, now.date_naive());
        if !open
            .newest(&row.procedure)
            .is_ok_and(|e| oversees(&e, &actor))
        {
            return false;
        }
    }
    true
}

/// Backups made while a case was there, places that the office was moved or salvaged from or to since, and copies
/// beside the database.
pub(super) async fn holders(
    open: &OpenOffice,
    cases: &[CaseId],
    beside: Vec<String>,
) -> Result<Vec<String>, ApiError> {
    let mut first = i64::MAX;
    for case in cases {
        first = first.min(open.store.first_pos(*case).await?);
    }
    let mut all = backups(open).await?;
    all.extend(other_places(open).await?);
    let holding = all.into_iter().filter(|(pos, ..)| *pos > first);
    let mut names: Vec<String> = holding.map(|(_, name, _)| name).collect();
    names.extend(beside);
    names.sort();
    names.dedup();
    Ok(names)
}

/// A list that is there for whoever asks.
pub(super) async fn found<'h>(
    open: &OpenOffice,
    state: &'h OfficeState,
    viewer: &Viewer,
    id: &str,
) -> Result<&'h Disposal, ApiError> {
    let id: Option<DisposalId> = id.parse().ok();
    let list = state.disposals.iter().find(|d| Some(d.id) == id);
    match list {
        Some(list) if lists_for(open, viewer, list).await? => Ok(list),
        _ => Err(ApiError::new("unknown_disposal")),
    }
}

/// What is due and the lists.
pub(crate) async fn disposal_overview(
    office: &Office,
    person: PersonId,
) -> Result<DisposalOverview, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let now = office.now();
    let viewer = open.viewer(person, now).await;
    let today = now.date_naive().to_string();
    let limit = u32::try_from(disposal::CASES_MAX).unwrap_or(u32::MAX);
    let waiting = |id: CaseId| {
        let lists = state.disposals.iter().filter(|d| d.open());
        lists.flat_map(|d| &d.cases).any(|c| *c == id)
    };
    let mut due = Vec::new();
    for row in open.store.kept_until(&today, limit, &viewer).await? {
        let title = open.newest(&row.procedure);
        let listed = waiting(row.id);
        let (ended_at, keep_until) = (row.ended_at.clone(), row.keep_until.clone());
        let told = line(row, &viewer, now);
        due.push(DisposalDue {
            case: told.id,
            number: told.number,
            procedure_title: title.map_or(String::new(), |e| e.procedure.head.title.clone()),
            headline: told.headline,
            ended_at,
            keep_until,
            listed,
        });
    }
    let mut lists = Vec::new();
    for list in state.disposals.iter().rev() {
        if lists_for(&open, &viewer, list).await? {
            lists.push(disposal_view(office, &open, &state, person, list).await?);
        }
    }
    Ok(DisposalOverview { due, lists })
}

pub(super) async fn disposal_view(
    office: &Office,
    open: &OpenOffice,
    state: &OfficeState,
    person: PersonId,
    list: &Disposal,
) -> Result<DisposalView, ApiError> {
    let viewer = open.viewer(person, office.now()).await;
    let rows = rows_for(open, &viewer, list).await?;
    let numbers = rows.into_iter().map(|r| r.number).collect();
    let ready = list.may_carry_out().is_ok();
    let stage = match (&list.refused, &list.done) {
        (Some(_), _) => "refused",
        (_, Some(_)) => "done",
        _ if ready => "approved",
        _ => "waiting",
    };
    let approve = list.may_approve(person).is_ok() && !ready;
    let backups = match &list.done {
        Some((_, names)) => names.clone(),
        None => holders(open, &list.cases, open.store.safety_copies()).await?,
    };
    Ok(DisposalView {
        id: list.id.to_string(),
        numbers,
        reason: list.reason.clone(),
        by: state.name(list.by),
        at: list.at.to_rfc3339(),
        approvals: list
            .approvals
            .iter()
            .map(|a| ApprovalView {
                name: state.name(a.by),
                at: a.at.to_rfc3339(),
            })
            .collect(),
        state: stage.to_owned(),
        refused: list
            .refused
            .as_ref()
            .map(|(p, _, why)| format!("{}：{why}", state.name(*p))),
        done_at: list.done.as_ref().map(|(at, _)| at.to_rfc3339()),
        backups,
        may_approve: approve && may_judge(open, person, list, office.now()).await,
        may_carry_out: ready && administrator(state, person),
        meaning: MEANING.to_owned(),
    })
}

pub(super) async fn view_of(
    office: &Office,
    person: PersonId,
    id: DisposalId,
) -> Result<DisposalView, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let viewer = open.viewer(person, office.now()).await;
    let list = found(&open, &state, &viewer, &id.to_string()).await?;
    disposal_view(office, &open, &state, person, list).await
}
