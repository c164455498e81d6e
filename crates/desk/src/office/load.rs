//! A case as it is loaded, and how what was decided on it is appended.

use crate::{
    index::case_row::project,
    office::{damage::of_damage, events::append, handle::OpenOffice},
    text::error::ApiError,
};
use redress_domain::{
    case::{Case, apply},
    clock::Moment,
    decide::Actor,
    event::Event,
    id::{CaseId, PersonId},
    procedure::Edition,
};
use redress_store::{CaseRow, Store, Viewer};
use std::sync::Arc;

/// A case with everything that a command needs beside it.
pub(crate) struct Loaded {
    pub(crate) case: Case,
    pub(crate) edition: Arc<Edition>,
    pub(crate) events: Vec<Event>,
}

impl Loaded {
    /// The case as it stood after the first event of a kind; none where there is no such event.
    pub(crate) fn when(&self, is: impl FnMut(&Event) -> bool) -> Option<Case> {
        let at = self.events.iter().position(is)?;
        Case::fold(&self.events[..=at])
    }
}

/// What is said of a case that is not there, and of one that is not there for whoever asks.
pub(crate) fn unknown_case(id_or_number: &str) -> ApiError {
    ApiError::new("unknown_case").with("case", id_or_number)
}

impl OpenOffice {
    /// The row of a case, by id or number, that is there for whoever looks.
    ///
    /// # Errors
    /// `unknown_case`.
    pub(crate) async fn known(&self, viewer: &Viewer, which: &str) -> Result<CaseRow, ApiError> {
        let row = match self.store.case_row_by(which).await.map_err(ApiError::from) {
            // The row is damaged; the case itself may be whole.
            Err(e) if of_damage(&e) => self.row_anew(which).await?.ok_or(e)?,
            row => row?.ok_or_else(|| unknown_case(which))?,
        };
        Some(row)
            .filter(|r| viewer.knows(r))
            .ok_or_else(|| unknown_case(which))
    }

    /// What lists would know of a case, from its events.
    async fn row_anew(&self, which: &str) -> Result<Option<CaseRow>, ApiError> {
        if which.parse::<CaseId>().is_err() {
            return Ok(None);
        }
        let loaded = self.load_case(which).await?;
        let state = self.state().await;
        let name = |p| state.name(p);
        Ok(Some(project(&loaded.edition, &loaded.case, &name).row))
    }

    /// A case by id or number.
    pub(crate) async fn load_case(&self, id_or_number: &str) -> Result<Loaded, ApiError> {
        let id = match id_or_number.parse::<CaseId>() {
            Ok(id) => Some(id),
            Err(_) => self.store.case_id_by_number(id_or_number).await?,
        };
        let unknown = || unknown_case(id_or_number);
        let id = id.ok_or_else(unknown)?;
        // Read first: what is added meanwhile makes the case longer than the row says, and never shorter.
        let row = match self.store.case_row(id).await.map_err(ApiError::from) {
            Err(e) if of_damage(&e) => None,
            row => row?,
        };
        let events = self.store.case_events(id).await?;
        let read = i64::try_from(events.len()).unwrap_or(i64::MAX);
        if row.is_some_and(|row| read < row.seq) {
            return Err(
                ApiError::new("record_damaged").with("about", format!("{}: end", stream(id)))
            );
        }
        let case = Case::fold(&events).ok_or_else(unknown)?;
        let edition = self.edition(&case.procedure, &case.edition_hash).await?;
        Ok(Loaded {
            case,
            edition,
            events,
        })
    }

    pub(crate) async fn actor(&self, person: PersonId, procedure: &str, now: Moment) -> Actor {
        let state = self.state().await;
        state.actor(person, procedure, now.date_naive())
    }

    /// Appends what was decided on a case, with its projections, in one transaction.
    pub(crate) async fn append_case(
        &self,
        edition: &Edition,
        case: &Case,
        events: Vec<Event>,
        beside: TransactionExtras,
    ) -> Result<Case, ApiError> {
        let after = events.iter().fold(case.clone(), apply);
        let state = self.state().await;
        let name = |p| state.name(p);
        let mut one = append(&stream(case.id), case.seq, events)?;
        one.projection = Some(project(edition, &after, &name));
        one.document = beside.document;
        one.attachment = beside.attachment;
        one.signer = beside.signer;
        let mut all = vec![one];
        for (other, event) in beside.notes {
            let Loaded { case, edition, .. } = other;
            let seq = case.seq;
            let after = apply(case, &event);
            let mut note = append(&stream(after.id), seq, vec![event])?;
            note.projection = Some(project(&edition, &after, &name));
            all.push(note);
        }
        self.keep(all).await?;
        Ok(after)
    }
}

/// What goes with a case's events into the same transaction.
#[derive(Default)]
pub(crate) struct TransactionExtras {
    /// The PDF of a document given out.
    pub document: Option<(redress_domain::id::DocumentId, Vec<u8>)>,
    /// A file.
    pub attachment: Option<redress_store::NewAttachment>,
    /// The key of whoever signs.
    pub signer: Option<redress_domain::signature::Signer>,
    /// What other cases keep of it, each as it was looked at: one that went on since then makes all of it `changed`.
    pub notes: Vec<(Loaded, Event)>,
}

/// The stream of a case.
pub(crate) fn stream(case: CaseId) -> String {
    format!("case:{case}")
}
