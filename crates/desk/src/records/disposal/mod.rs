//! Disposal after retention (G10): what is due, lists with their approvals, and the erasing.

pub(crate) mod lists;
pub(crate) mod paper;
mod shapes;

pub use shapes::*;

use crate::{
    cases::merging::living,
    index::case_row::project,
    office::{
        events::{append, event, new_id},
        handle::{Office, OpenOffice},
        load::stream,
    },
    people::signing_keys::unlock,
    text::error::ApiError,
};
use lists::{found, holders, may_judge, view_of};
use redress_domain::{
    case::{Case, apply},
    disposal::{self, MEANING, REASON},
    event::{Event, EventBody},
    id::{DisposalId, PersonId},
    value::Values,
};
use redress_store::Append;
use serde_json::Value;

fn reason(text: &str) -> Result<Values, ApiError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 500 {
        return Err(ApiError::new("why_unfit").with("min", 1).with("max", 500));
    }
    Ok(Values::from([(REASON.to_owned(), Value::from(text))]))
}

async fn append_office(
    office: &Office,
    open: &OpenOffice,
    person: PersonId,
    body: EventBody,
    values: Values,
    fill: impl FnOnce(&mut Append),
) -> Result<(), ApiError> {
    let seq = open.state().await.seq;
    let mut one = append(
        "office",
        seq,
        vec![event(person, office.now(), body, values)],
    )?;
    fill(&mut one);
    open.keep(vec![one]).await?;
    open.refold().await
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
    let open = office.open_office().await?;
    let state = open.state().await;
    let viewer = open.viewer(person, office.now()).await;
    let values = reason(&r.reason)?;
    if r.cases.is_empty() || r.cases.len() > disposal::CASES_MAX {
        return Err(ApiError::new("disposal_empty").with("max", disposal::CASES_MAX));
    }
    let mut cases = Vec::new();
    for id in &r.cases {
        let row = open.known(&viewer, id).await?;
        let loaded = open.load_case(&row.id.to_string()).await?;
        disposal::due(&loaded.edition, &loaded.case, office.now().date_naive())?;
        // Whoever works on the case into which it was merged still needs it.
        if let Some(living) = living(&open, &loaded.case).await?
            && living.is_open()
        {
            return Err(ApiError::new("disposal_merged_open").with("case", loaded.case.number));
        }
        let lists = state.disposals.iter().filter(|d| d.open());
        if lists.flat_map(|d| &d.cases).any(|c| *c == loaded.case.id) {
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
    append_office(office, &open, person, body, values, |_| {}).await?;
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
    let open = office.open_office().await?;
    let state = open.state().await;
    let viewer = open.viewer(person, office.now()).await;
    let list = found(&open, &state, &viewer, &r.disposal).await?;
    list.may_approve(person)?;
    if !may_judge(&open, person, list, office.now()).await {
        return Err(ApiError::new("disposal_not_yours"));
    }
    let signer = unlock(&open, &state, person, MEANING, r.signature, office.now()).await?;
    let body = EventBody::DisposalApproved {
        disposal: list.id,
        signs: Some(MEANING.to_owned()),
    };
    append_office(office, &open, person, body, Values::new(), |one| {
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
    let open = office.open_office().await?;
    let state = open.state().await;
    let viewer = open.viewer(person, office.now()).await;
    let list = found(&open, &state, &viewer, &r.disposal).await?;
    if !list.open() {
        return Err(ApiError::new("disposal_over"));
    }
    if !may_judge(&open, person, list, office.now()).await {
        return Err(ApiError::new("disposal_not_yours"));
    }
    let body = EventBody::DisposalRefused { disposal: list.id };
    let values = reason(&r.reason)?;
    append_office(office, &open, person, body, values, |_| {}).await?;
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
    let open = office.open_office().await?;
    let state = open.state().await;
    let viewer = open.viewer(person, office.now()).await;
    let list = found(&open, &state, &viewer, &r.disposal).await?;
    list.may_carry_out()?;
    let now = office.now();
    let name = |p| state.name(p);
    let mut all = Vec::with_capacity(list.cases.len() + 1);
    for id in &list.cases {
        let loaded = open.load_case(&id.to_string()).await?;
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
    let left = match open.store.in_folder() {
        Some(store) => store.remove_safety_copies(),
        None => vec![],
    };
    let body = EventBody::DisposalDone {
        disposal: list.id,
        backups: holders(&open, &list.cases, left).await?,
    };
    let done = event(person, now, body, Values::new());
    all.push(append("office", state.seq, vec![done])?);
    open.keep(all).await?;
    open.refold().await?;
    view_of(office, person, list.id).await
}
