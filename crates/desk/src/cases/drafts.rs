//! What is being typed and not yet registered: kept beside the log, per person.

use crate::{
    office::handle::Office,
    text::{error::ApiError, limits},
};
use redress_domain::id::PersonId;
use redress_store::Store;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// A draft to keep.
#[derive(Debug, Deserialize, TS)]
pub struct DraftPut {
    /// Where it belongs, e.g. `register`.
    pub key: String,
    /// What was typed.
    #[ts(type = "unknown")]
    pub value: Value,
}

/// Which draft.
#[derive(Debug, Deserialize, TS)]
pub struct DraftRef {
    /// Where it belongs.
    pub key: String,
}

/// A draft.
#[derive(Debug, Serialize, TS)]
pub struct DraftView {
    /// Where it belongs.
    pub key: String,
    /// What was typed.
    #[ts(type = "unknown")]
    pub value: Value,
    /// When.
    pub at: String,
}

/// Nothing to say but that it is done.
#[derive(Debug, Default, Serialize, TS)]
pub struct Done {
    /// Always true.
    pub done: bool,
}

/// A draft that was taken.
#[derive(Debug, Serialize, TS)]
pub struct DraftKept {
    /// Always true.
    pub done: bool,
    /// When, by the institution's clock.
    pub at: String,
}

/// Characters of a draft's key: it names case, action, task and field by their ids, and each may be long.
const KEY_MAX: usize = 400;

pub(crate) async fn draft_put(
    office: &Office,
    person: PersonId,
    r: DraftPut,
) -> Result<DraftKept, ApiError> {
    let text = r.value.to_string();
    limits::text("草稿", &r.key, KEY_MAX)?;
    if text.len() > limits::DRAFT {
        return Err(ApiError::new("value_too_long")
            .with("title", "草稿")
            .with("max", limits::DRAFT)
            .with("actual", text.len()));
    }
    let open = office.open_office().await?;
    let kept = open.store.draft_list(person).await?;
    if kept.len() >= limits::DRAFTS && kept.iter().all(|d| d.key != r.key) {
        return Err(ApiError::new("drafts_too_many").with("max", limits::DRAFTS));
    }
    let at = office.now().to_rfc3339();
    open.store.draft_put(person, &r.key, &text, &at).await?;
    Ok(DraftKept { done: true, at })
}

pub(crate) async fn draft_list(
    office: &Office,
    person: PersonId,
) -> Result<Vec<DraftView>, ApiError> {
    let all = office.open_office().await?.store.draft_list(person).await?;
    let now = office.now();
    let view = |d: redress_store::Draft| DraftView {
        key: d.key,
        // One that cannot be read keeps nobody from the others.
        value: serde_json::from_str(&d.json).unwrap_or_default(),
        // Kept by a clock that had run ahead: now at the latest.
        at: match chrono::DateTime::parse_from_rfc3339(&d.at) {
            Ok(at) if at > now => now.to_rfc3339(),
            _ => d.at,
        },
    };
    Ok(all.into_iter().map(view).collect())
}

pub(crate) async fn draft_get(
    office: &Office,
    person: PersonId,
    key: &str,
) -> Result<Option<DraftView>, ApiError> {
    Ok(draft_list(office, person)
        .await?
        .into_iter()
        .find(|d| d.key == key))
}

pub(crate) async fn draft_delete(
    office: &Office,
    person: PersonId,
    key: &str,
) -> Result<Done, ApiError> {
    office
        .open_office()
        .await?
        .store
        .draft_delete(person, key)
        .await?;
    Ok(Done { done: true })
}

#[cfg(test)]
mod tests {
    use super::KEY_MAX;

    /// `act/CASE/ACTION@TASK-200/TASK-200/FIELD` and a mark of the window, as the page makes it.
    #[test]
    fn every_act_of_every_procedure_has_room_for_its_draft() {
        let all = crate::shipped::shipped(&[]).unwrap_or_else(|e| panic!("{e:#?}"));
        let longest = |ids: &mut dyn Iterator<Item = usize>| ids.max().unwrap_or_default();
        for edition in all.values() {
            let p = &edition.procedure;
            let task = longest(&mut p.tasks.iter().map(|t| t.id.len() + 4));
            let action = longest(&mut edition.actions().map(|a| a.id.len()));
            let field = longest(&mut p.fields.iter().map(|f| f.id.len()));
            let key = 4 + 36 + 1 + action + 1 + task + 1 + task + 1 + field + 1 + 36;
            assert!(key < KEY_MAX, "{}: {key}", p.head.id);
        }
    }
}
