//! Disposal after retention (G10): what is due, lists with their approvals, and the erasing.

pub(crate) mod paper;

use crate::{
    cases::{lists::line, merging::living},
    index::case_row::project,
    office::{
        events::{append, event, new_id},
        handle::{Office, OpenOffice},
        load::stream,
        state::OfficeState,
    },
    people::signing_keys::{SignatureRequest, unlock},
    records::backup::{backups, other_places},
    text::error::ApiError,
};
use redress_domain::{
    case::{Case, apply},
    clock::Moment,
    disposal::{self, Disposal, MEANING, REASON},
    event::{Account, Event, EventBody},
    id::{CaseId, DisposalId, PersonId},
    sight::oversees,
    value::Values,
};
use redress_store::{Append, CaseRow, Store, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// A case whose retention has ended.
#[derive(Debug, Serialize, TS)]
pub struct DisposalDue {
    /// Id.
    pub case: String,
    /// Number.
    pub number: String,
    /// Title of its procedure.
    pub procedure_title: String,
    /// What it is called, as far as whoever asks may see it.
    pub headline: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// First day on which it may be disposed of.
    pub keep_until: Option<String>,
    /// A list that already holds it and still waits.
    pub listed: bool,
}

/// Cases to put on a list.
#[derive(Debug, Deserialize, TS)]
pub struct DisposalPropose {
    /// Ids or numbers.
    pub cases: Vec<String>,
    /// Why.
    pub reason: String,
}

/// Which list.
#[derive(Debug, Deserialize, TS)]
pub struct DisposalRef {
    /// Id.
    pub disposal: String,
}

/// An approval.
#[derive(Debug, Deserialize, TS)]
pub struct DisposalApprove {
    /// Id.
    pub disposal: String,
    /// With what it is signed.
    #[serde(default)]
    pub signature: Option<SignatureRequest>,
}

/// A refusal.
#[derive(Debug, Deserialize, TS)]
pub struct DisposalRefuse {
    /// Id.
    pub disposal: String,
    /// Why.
    pub reason: String,
}

/// Who approved, and when.
#[derive(Debug, Serialize, TS)]
pub struct ApprovalView {
    /// Name.
    pub name: String,
    /// When.
    pub at: String,
}

/// A list.
#[derive(Debug, Serialize, TS)]
pub struct DisposalView {
    /// Id.
    pub id: String,
    /// Numbers of its cases.
    pub numbers: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: String,
    /// Approvals so far; two are needed.
    pub approvals: Vec<ApprovalView>,
    /// `waiting`, `approved`, `refused` or `done`.
    pub state: String,
    /// Why it was refused, and by whom.
    pub refused: Option<String>,
    /// When it was carried out.
    pub done_at: Option<String>,
    /// Backups, copies and other places that still hold the cases.
    pub backups: Vec<String>,
    /// Whoever asks may approve it now.
    pub may_approve: bool,
    /// Whoever asks may carry it out now.
    pub may_carry_out: bool,
    /// What an approval's signature means.
    pub meaning: String,
}

/// What is due, and the lists.
#[derive(Debug, Serialize, TS)]
pub struct DisposalOverview {
    /// Cases whose retention has ended, the oldest first; 500 at most.
    pub due: Vec<DisposalDue>,
    /// Lists, the newest first.
    pub lists: Vec<DisposalView>,
}

fn administrator(house: &OfficeState, person: PersonId) -> bool {
    let p = house.people.get(&person);
    p.is_some_and(|p| p.account == Account::Administrator)
}

/// The cases of a list that are there for whoever looks.
async fn rows_for(
    desk: &OpenOffice,
    viewer: &Viewer,
    list: &Disposal,
) -> Result<Vec<CaseRow>, ApiError> {
    let mut rows = Vec::with_capacity(list.cases.len());
    for case in &list.cases {
        let row = desk.store.case_row(*case).await?;
        rows.extend(row.filter(|r| viewer.knows(r)));
    }
    Ok(rows)
}

/// Whether a list is there for whoever looks: one with nothing on it for them is not.
async fn lists_for(desk: &OpenOffice, viewer: &Viewer, list: &Disposal) -> Result<bool, ApiError> {
    Ok(list.cases.is_empty() || !rows_for(desk, viewer, list).await?.is_empty())
}

/// Administrators, and whoever answers for every procedure on the list.
async fn may_judge(desk: &OpenOffice, person: PersonId, list: &Disposal, now: Moment) -> bool {
    let house = desk.house().await;
    if administrator(&house, person) {
        return true;
    }
    for case in &list.cases {
        let Ok(Some(row)) = desk.store.case_row(*case).await else {
            return false;
        };
        let actor = house.actor(person, &row.procedure, now.date_naive());
        if !desk
            .newest(&row.procedure)
            .is_ok_and(|e| oversees(&e, &actor))
        {
            return false;
        }
    }
    true
}

/// Backups made while a case was there, places that the house was moved or salvaged from or to since, and copies
/// beside the database.
async fn holders(
    desk: &OpenOffice,
    cases: &[CaseId],
    beside: Vec<String>,
) -> Result<Vec<String>, ApiError> {
    let mut first = i64::MAX;
    for case in cases {
        first = first.min(desk.store.first_pos(*case).await?);
    }
    let mut all = backups(desk).await?;
    all.extend(other_places(desk).await?);
    let holding = all.into_iter().filter(|(pos, ..)| *pos > first);
    let mut names: Vec<String> = holding.map(|(_, name, _)| name).collect();
    names.extend(beside);
    names.sort();
    names.dedup();
    Ok(names)
}

/// A list that is there for whoever asks.
async fn found<'h>(
    desk: &OpenOffice,
    house: &'h OfficeState,
    viewer: &Viewer,
    id: &str,
) -> Result<&'h Disposal, ApiError> {
    let id: Option<DisposalId> = id.parse().ok();
    let list = house.disposals.iter().find(|d| Some(d.id) == id);
    match list {
        Some(list) if lists_for(desk, viewer, list).await? => Ok(list),
        _ => Err(ApiError::new("unknown_disposal")),
    }
}

fn reason(text: &str) -> Result<Values, ApiError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 500 {
        return Err(ApiError::new("why_unfit").with("min", 1).with("max", 500));
    }
    Ok(Values::from([(REASON.to_owned(), Value::from(text))]))
}

/// What is due and the lists.
pub(crate) async fn disposal_overview(
    office: &Office,
    person: PersonId,
) -> Result<DisposalOverview, ApiError> {
    let desk = office.desk().await?;
    let house = desk.house().await;
    let now = office.now();
    let viewer = desk.viewer(person, now).await;
    let today = now.date_naive().to_string();
    let limit = u32::try_from(disposal::CASES_MAX).unwrap_or(u32::MAX);
    let waiting = |id: CaseId| {
        let open = house.disposals.iter().filter(|d| d.open());
        open.flat_map(|d| &d.cases).any(|c| *c == id)
    };
    let mut due = Vec::new();
    for row in desk.store.kept_until(&today, limit, &viewer).await? {
        let title = desk.newest(&row.procedure);
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
    for list in house.disposals.iter().rev() {
        if lists_for(&desk, &viewer, list).await? {
            lists.push(disposal_view(office, &desk, &house, person, list).await?);
        }
    }
    Ok(DisposalOverview { due, lists })
}

async fn disposal_view(
    office: &Office,
    desk: &OpenOffice,
    house: &OfficeState,
    person: PersonId,
    list: &Disposal,
) -> Result<DisposalView, ApiError> {
    let viewer = desk.viewer(person, office.now()).await;
    let rows = rows_for(desk, &viewer, list).await?;
    let numbers = rows.into_iter().map(|r| r.number).collect();
    let ready = list.may_carry_out().is_ok();
    let state = match (&list.refused, &list.done) {
        (Some(_), _) => "refused",
        (_, Some(_)) => "done",
        _ if ready => "approved",
        _ => "waiting",
    };
    let approve = list.may_approve(person).is_ok() && !ready;
    let backups = match &list.done {
        Some((_, names)) => names.clone(),
        None => holders(desk, &list.cases, desk.store.safety_copies()).await?,
    };
    Ok(DisposalView {
        id: list.id.to_string(),
        numbers,
        reason: list.reason.clone(),
        by: house.name(list.by),
        at: list.at.to_rfc3339(),
        approvals: list
            .approvals
            .iter()
            .map(|a| ApprovalView {
                name: house.name(a.by),
                at: a.at.to_rfc3339(),
            })
            .collect(),
        state: state.to_owned(),
        refused: list
            .refused
            .as_ref()
            .map(|(p, _, why)| format!("{}：{why}", house.name(*p))),
        done_at: list.done.as_ref().map(|(at, _)| at.to_rfc3339()),
        backups,
        may_approve: approve && may_judge(desk, person, list, office.now()).await,
        may_carry_out: ready && administrator(house, person),
        meaning: MEANING.to_owned(),
    })
}

async fn view_of(
    office: &Office,
    person: PersonId,
    id: DisposalId,
) -> Result<DisposalView, ApiError> {
    let desk = office.desk().await?;
    let house = desk.house().await;
    let viewer = desk.viewer(person, office.now()).await;
    let list = found(&desk, &house, &viewer, &id.to_string()).await?;
    disposal_view(office, &desk, &house, person, list).await
}

async fn append_office(
    office: &Office,
    desk: &OpenOffice,
    person: PersonId,
    body: EventBody,
    values: Values,
    fill: impl FnOnce(&mut Append),
) -> Result<(), ApiError> {
    let seq = desk.house().await.seq;
    let mut one = append(
        "office",
        seq,
        vec![event(person, office.now(), body, values)],
    )?;
    fill(&mut one);
    desk.keep(vec![one]).await?;
    desk.refold().await
}

/// Puts cases on a list.
///
/// # Errors
/// `disposal_too_early`, `disposal_merged_open`, `disposal_empty`, `disposal_listed`, `why_unfit`.
pub(crate) async fn disposal_propose(
    office: &Office,
    person: PersonId,
    r: DisposalPropose,
) -> Result<DisposalView, ApiError> {
    let desk = office.desk().await?;
    let house = desk.house().await;
    let viewer = desk.viewer(person, office.now()).await;
    let values = reason(&r.reason)?;
    if r.cases.is_empty() || r.cases.len() > disposal::CASES_MAX {
        return Err(ApiError::new("disposal_empty").with("max", disposal::CASES_MAX));
    }
    let mut cases = Vec::new();
    for id in &r.cases {
        let row = desk.known(&viewer, id).await?;
        let loaded = desk.load_case(&row.id.to_string()).await?;
        disposal::due(&loaded.edition, &loaded.case, office.now().date_naive())?;
        // Whoever works on the case into which it was merged still needs it.
        if let Some(living) = living(&desk, &loaded.case).await?
            && living.is_open()
        {
            return Err(ApiError::new("disposal_merged_open").with("case", loaded.case.number));
        }
        let open = house.disposals.iter().filter(|d| d.open());
        if open.flat_map(|d| &d.cases).any(|c| *c == loaded.case.id) {
            return Err(ApiError::new("disposal_listed").with("case", loaded.case.number));
        }
        if !cases.contains(&loaded.case.id) {
            cases.push(loaded.case.id);
        }
    }
    let id = DisposalId(new_id());
    let body = EventBody::DisposalListed {
        disposal: id,
        cases,
    };
    append_office(office, &desk, person, body, values, |_| {}).await?;
    view_of(office, person, id).await
}

/// Approves a list with a signature.
///
/// # Errors
/// `disposal_own`, `disposal_twice`, `disposal_over`, `disposal_not_yours`, and those of signing.
pub(crate) async fn disposal_approve(
    office: &Office,
    person: PersonId,
    r: DisposalApprove,
) -> Result<DisposalView, ApiError> {
    let desk = office.desk().await?;
    let house = desk.house().await;
    let viewer = desk.viewer(person, office.now()).await;
    let list = found(&desk, &house, &viewer, &r.disposal).await?;
    list.may_approve(person)?;
    if !may_judge(&desk, person, list, office.now()).await {
        return Err(ApiError::new("disposal_not_yours"));
    }
    let signer = unlock(&desk, &house, person, MEANING, r.signature, office.now()).await?;
    let body = EventBody::DisposalApproved {
        disposal: list.id,
        signs: Some(MEANING.to_owned()),
    };
    append_office(office, &desk, person, body, Values::new(), |one| {
        one.signer = Some(signer);
    })
    .await?;
    view_of(office, person, list.id).await
}

/// Refuses a list; its cases stay.
///
/// # Errors
/// `disposal_over`, `disposal_not_yours`, `why_unfit`.
pub(crate) async fn disposal_refuse(
    office: &Office,
    person: PersonId,
    r: DisposalRefuse,
) -> Result<DisposalView, ApiError> {
    let desk = office.desk().await?;
    let house = desk.house().await;
    let viewer = desk.viewer(person, office.now()).await;
    let list = found(&desk, &house, &viewer, &r.disposal).await?;
    if !list.open() {
        return Err(ApiError::new("disposal_over"));
    }
    if !may_judge(&desk, person, list, office.now()).await {
        return Err(ApiError::new("disposal_not_yours"));
    }
    let body = EventBody::DisposalRefused { disposal: list.id };
    let values = reason(&r.reason)?;
    append_office(office, &desk, person, body, values, |_| {}).await?;
    view_of(office, person, list.id).await
}

/// Carries an approved list out: in one transaction every case of it loses its values, documents and files.
///
/// # Errors
/// `disposal_unapproved`, `disposal_over`, `disposal_too_early`.
pub(crate) async fn disposal_carry_out(
    office: &Office,
    person: PersonId,
    r: DisposalRef,
) -> Result<DisposalView, ApiError> {
    let desk = office.desk().await?;
    let house = desk.house().await;
    let viewer = desk.viewer(person, office.now()).await;
    let list = found(&desk, &house, &viewer, &r.disposal).await?;
    list.may_carry_out()?;
    let now = office.now();
    let name = |p| house.name(p);
    let mut all = Vec::with_capacity(list.cases.len() + 1);
    for id in &list.cases {
        let loaded = desk.load_case(&id.to_string()).await?;
        disposal::due(&loaded.edition, &loaded.case, now.date_naive())?;
        let body = EventBody::Disposed { disposal: list.id };
        let gone = event(person, now, body, Values::new());
        // What lists know of it is what folds from the events that are left without their values.
        let mut bare: Vec<Event> = loaded.events;
        bare.iter_mut().for_each(|e| e.values.clear());
        let Some(case) = Case::fold(&bare).map(|c| apply(c, &gone)) else {
            return Err(ApiError::internal("case does not fold"));
        };
        let mut one = append(&stream(*id), loaded.case.seq, vec![gone])?;
        one.projection = Some(project(&loaded.edition, &case, &name));
        all.push(one);
    }
    // Older copies beside the database go with the cases; what is made from now on does not hold them.
    let left = match desk.store.in_folder() {
        Some(store) => store.remove_safety_copies(),
        None => vec![],
    };
    let body = EventBody::DisposalDone {
        disposal: list.id,
        backups: holders(&desk, &list.cases, left).await?,
    };
    let done = event(person, now, body, Values::new());
    all.push(append("office", house.seq, vec![done])?);
    desk.keep(all).await?;
    desk.refold().await?;
    view_of(office, person, list.id).await
}
