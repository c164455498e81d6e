//! The access stream: who signed in, opened, revealed, printed or took something out, when and why.

use crate::{
    error::ApiError,
    open::{Desk, Office, append, event},
};
use redress_domain::{
    event::EventBody,
    id::{CaseId, PersonId},
    value::Values,
};
use redress_store::{Store, StoreError};
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
}

impl Office {
    /// Writes who did what, with which case and why.
    pub(crate) async fn note(
        &self,
        desk: &Desk,
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
        };
        let values = if why.is_empty() {
            Values::new()
        } else {
            Values::from([(WHY.to_owned(), Value::from(why))])
        };
        self.note_access(desk, person, body, values).await
    }

    /// Writes into the access stream; another writer's race is simply tried again.
    pub(crate) async fn note_access(
        &self,
        desk: &Desk,
        person: PersonId,
        body: EventBody,
        values: Values,
    ) -> Result<(), ApiError> {
        let _turn = desk.turn.lock().await;
        for _ in 0..16 {
            let seq = desk.store.stream_seq("access").await?;
            let one = append(
                "access",
                seq,
                vec![event(person, self.now(), body.clone(), values.clone())],
            )?;
            match desk.keep(vec![one]).await {
                Err(StoreError::Changed) => {}
                other => return Ok(other?),
            }
        }
        Err(ApiError::new("changed"))
    }

    /// The access stream, newest first.
    pub(crate) async fn access_list(
        &self,
        r: AccessListRequest,
    ) -> Result<Vec<AccessLine>, ApiError> {
        let desk = self.desk().await?;
        let house = desk.house().await;
        let what = r.what.as_deref().filter(|w| !w.is_empty());
        let limit = r.limit.unwrap_or(100).clamp(1, 500);
        let mut all = Vec::new();
        for row in desk.store.accesses(r.before, what, limit).await? {
            let (what, case, about) = match row.event.body {
                EventBody::Accessed { what, case, about } => (what, case, about),
                EventBody::SignedIn {} => ("sign_in".to_owned(), None, None),
                EventBody::Reprinted { document } => {
                    let case = desk.store.case_of_document(document).await?;
                    ("reprint".to_owned(), case, Some(document.to_string()))
                }
                _ => continue,
            };
            let number = match case {
                Some(id) => desk.store.case_row(id).await?.map(|r| r.number),
                None => None,
            };
            let why = row.event.values.get(WHY).and_then(Value::as_str);
            all.push(AccessLine {
                pos: row.pos,
                at: row.event.at.to_rfc3339(),
                who: house.name(row.event.actor),
                what,
                number,
                about,
                why: why.unwrap_or_default().to_owned(),
            });
        }
        Ok(all)
    }
}
