//! The access stream: who signed in, opened, revealed, printed or took something out, when and why.

use crate::{
    anchors::leave_anchors,
    office::{
        events::{append, event},
        handle::{Office, OpenOffice},
        state::{OfficeState, person::Person},
    },
    text::error::ApiError,
};
use redress_domain::{
    event::EventBody,
    id::{CaseId, PersonId},
    value::Values,
};
use redress_store::{AccessRow, Store, StoreError, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// Key of the reason in an access event's values.
pub(crate) const WHY: &str = "access.why";

/// Which lines.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(default)]
pub struct AccessListRequest {
    /// `open_confidential`, `reveal`, `print`, `document`, `attachment`, `export`, `report`, `backup`, `anchor`.
    pub what: Option<String>,
    /// Before this position: the next page.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
    /// Lines; 100 where not said, 500 at most.
    pub limit: Option<u32>,
}

/// One line of the access stream.
#[derive(Debug, Serialize, TS)]
pub struct AccessLine {
    /// Position in the whole log.
    #[ts(type = "number")]
    pub pos: i64,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What was done.
    pub what: String,
    /// Number of the case that it is about.
    pub number: Option<String>,
    /// Which document, form or file.
    pub about: Option<String>,
    /// Why.
    pub why: String,
    /// It is about a confidential case in which an administrator has no part: who and why are covered.
    pub hidden: bool,
}

/// Writes who did what, with which case and why.
pub(crate) async fn note(
    office: &Office,
    open: &OpenOffice,
    person: PersonId,
    what: &str,
    case: Option<CaseId>,
    about: Option<&str>,
    why: &str,
) -> Result<(), ApiError> {
    let body = EventBody::Accessed {
        what: what.to_owned(),
        case,
        about: about.map(str::to_owned),
        sealed_to: None,
    };
    let values = if why.is_empty() {
        Values::new()
    } else {
        Values::from([(WHY.to_owned(), Value::from(why))])
    };
    note_access(office, open, person, body, values).await?;
    // What carries an anchor out of the office leaves one as well.
    if matches!(what, "report" | "backup" | "anchor") {
        leave_anchors(office).await;
    }
    Ok(())
}

/// Writes into the access stream; another writer's race is simply tried again.
pub(crate) async fn note_access(
    office: &Office,
    open: &OpenOffice,
    person: PersonId,
    body: EventBody,
    values: Values,
) -> Result<(), ApiError> {
    let _turn = open.turn.lock().await;
    for _ in 0..16 {
        let seq = open.store.stream_seq("access").await?;
        let one = append(
            "access",
            seq,
            vec![event(person, office.now(), body.clone(), values.clone())],
        )?;
        match open.keep(vec![one]).await {
            Err(StoreError::Changed) => {}
            other => return Ok(other?),
        }
    }
    Err(ApiError::new("changed"))
}

/// The access stream, newest first.
pub(crate) async fn access_list(
    office: &Office,
    person: PersonId,
    r: AccessListRequest,
) -> Result<Vec<AccessLine>, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let viewer = open.viewer(person, office.now()).await;
    let audits = state.people.get(&person).is_some_and(Person::audits);
    let what = r.what.as_deref().filter(|w| !w.is_empty());
    let limit = r.limit.unwrap_or(100).clamp(1, 500);
    let wanted = limit as usize;
    let mut all = Vec::new();
    let mut before = r.before;
    // What is not there for whoever asks makes no page shorter.
    while all.len() < wanted {
        let rows = open.store.accesses(before, what, limit).await?;
        before = rows.last().map(|r| r.pos);
        let last = rows.len() < wanted;
        let left = wanted - all.len();
        let mut lines = Vec::new();
        for row in rows {
            lines.extend(access_line(&open, &state, &viewer, audits, row).await?);
        }
        all.extend(lines.into_iter().take(left));
        if last {
            break;
        }
    }
    Ok(all)
}

/// A line as somebody may read it; none where the case is not there for them.
async fn access_line(
    open: &OpenOffice,
    state: &OfficeState,
    viewer: &Viewer,
    audits: bool,
    row: AccessRow,
) -> Result<Option<AccessLine>, ApiError> {
    let (what, case, about) = match row.event.body {
        EventBody::Accessed {
            what, case, about, ..
        } => (what, case, about),
        EventBody::SignedIn {} => ("sign_in".to_owned(), None, None),
        EventBody::Reprinted { document } => {
            let case = open.store.case_of_document(document).await?;
            ("reprint".to_owned(), case, Some(document.to_string()))
        }
        _ => return Ok(None),
    };
    let of = match case {
        Some(id) => open.store.case_row(id).await?,
        None => None,
    };
    if of.as_ref().is_some_and(|r| !viewer.knows(r)) {
        return Ok(None);
    }
    let hidden = !audits && of.as_ref().is_some_and(|r| !viewer.admitted(r));
    let why = row.event.values.get(WHY).and_then(Value::as_str);
    let shown = |text: String| if hidden { String::new() } else { text };
    Ok(Some(AccessLine {
        pos: row.pos,
        at: row.event.at.to_rfc3339(),
        who: shown(state.name(row.event.actor)),
        what,
        number: of.map(|r| r.number),
        about: about.filter(|_| !hidden),
        why: shown(why.unwrap_or_default().to_owned()),
        hidden,
    }))
}
