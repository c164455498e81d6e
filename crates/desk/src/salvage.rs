//! Bringing what is whole out of a damaged office into a new one.

use crate::{
    error::ApiError,
    office::TERMINAL,
    open::{Config, Office, append, event},
};
use chrono::Utc;
use redress_domain::{event::EventBody, value::Values};
use redress_store::{SqliteStore, StoreError, salvage};
use serde::Serialize;
use std::collections::BTreeMap;

/// A case, a person or another part of the log that is not whole.
#[derive(Debug, Serialize)]
pub struct LostPart {
    /// `case:ID`, `person:ID`, `office` …
    pub stream: String,
    /// The case's number, where it can still be read.
    pub number: Option<String>,
    /// Why, as a code: `hash_differs`, `document_differs`, `end_lost` …
    pub why: String,
}

/// What a salvage brought out, and what it could not.
#[derive(Debug, Serialize)]
pub struct SalvageReport {
    /// Cases in the new office.
    pub cases: usize,
    /// Events in it that stood in the old one.
    pub events: i64,
    /// What is not whole. Of people and the institution the rest is there; of a case nothing is.
    pub lost: Vec<LostPart>,
    /// Rows of other tables that could not be read, by table.
    pub rows: BTreeMap<String, usize>,
    /// First and last position of what is missing in the log.
    pub gaps: Vec<(i64, i64)>,
}

/// Brings what is whole out of the folder of one place into another that is empty; the first stays as it is. The new
/// office is encrypted only where its own configuration says so.
///
/// # Errors
/// `damaged_folder` where nothing can be read, `folder_in_use`, `folder_not_empty`, `disk_full`.
pub async fn salvage_house(from: &Config, to: &Config) -> Result<SalvageReport, ApiError> {
    let marker = SqliteStore::marker(&from.data).ok().flatten();
    let key = match &marker {
        Some(marker) => Some(from.keys.find(marker).await?),
        None => None,
    };
    let note = |out: &redress_store::Salvaged, seq: i64| {
        let body = EventBody::Salvaged {
            gaps: out.gaps.clone(),
            lost: out.lost.clone(),
        };
        let at = redress_domain::calendar::here(&Utc::now());
        let one = event(TERMINAL, at, body, Values::new());
        append("office", seq, vec![one]).map_err(|e| StoreError::Internal(e.code))
    };
    let out = salvage(&from.data, key.as_ref(), &to.data, None, &from.owner, note).await?;
    let office = Office::open(to.clone()).await?;
    office.close().await;
    let numbers = out.numbers;
    let part = |l: redress_domain::event::Lost| LostPart {
        number: numbers.get(&l.stream).cloned(),
        stream: l.stream,
        why: l.why,
    };
    Ok(SalvageReport {
        cases: out.cases.len(),
        events: out.events,
        lost: out.lost.into_iter().map(part).collect(),
        rows: out.rows,
        gaps: out.gaps,
    })
}
