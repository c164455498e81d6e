//! Bringing what is whole out of a damaged office into a new one.

use crate::{
    access::log::note,
    institution::opening::{close, open},
    office::{
        config::Config,
        events::{append, event},
        handle::Office,
        state::person::TERMINAL,
    },
    records::{
        backup::SALVAGED,
        check::{Over, VerifyProgress, how_far, stop, verify},
    },
    shipped,
    text::error::{ApiError, Lang},
};
use chrono::Utc;
use redress_domain::{event::EventBody, id::PersonId, procedure::Edition, value::Values};
use redress_store::{
    Append, DataKey, Marker, Progress, Rescue, Salvaged, SqliteStore, StoreError, salvage,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};
use ts_rs::TS;

/// Where to.
#[derive(Debug, Deserialize, TS)]
pub struct SalvageRequest {
    /// A folder that is empty or not there yet, on the machine that keeps the data; its whole path.
    pub into: String,
}

/// A case, a person or another part of the log that is not whole.
#[derive(Debug, Serialize, TS)]
pub struct LostPart {
    /// `case:ID`, `person:ID`, `office` …
    pub stream: String,
    /// The case's number, where it can still be read.
    pub number: Option<String>,
    /// Why, as a code: `hash_differs`, `document_differs`, `end_lost` …
    pub why: String,
    /// The same in words.
    pub message: String,
}

/// What a salvage brought out, and what it could not.
#[derive(Debug, Serialize, TS)]
pub struct SalvageReport {
    /// The new folder.
    pub into: String,
    /// Cases in the new office.
    pub cases: usize,
    /// Events in it that stood in the old one.
    #[ts(type = "number")]
    pub events: i64,
    /// What is not whole. Of people and the institution the rest is there; of a case nothing is.
    pub lost: Vec<LostPart>,
    /// Cases of which nothing is left but that their numbers were given.
    pub gone: usize,
    /// Rows of other tables that could not be read, by table.
    pub rows: BTreeMap<String, usize>,
    /// First and last position of what is missing in the log.
    #[ts(type = "[number, number][]")]
    pub gaps: Vec<(i64, i64)>,
    /// What the check of the new folder found, in words; nothing where all that was brought out is whole.
    pub problems: Vec<String>,
}

fn note_of(by: PersonId) -> impl FnOnce(&Salvaged, i64) -> Result<Append, StoreError> {
    move |out, seq| {
        let body = EventBody::Salvaged {
            gaps: out.gaps.clone(),
            lost: out.lost.clone(),
        };
        let at = redress_domain::calendar::here(&Utc::now());
        let one = event(by, at, body, Values::new());
        append("office", seq, vec![one]).map_err(|e| StoreError::Internal(e.code))
    }
}

/// Derives what lists read in the new office, and checks it from end to end.
async fn settle(
    from: &Config,
    to: &Config,
    by: PersonId,
    out: Salvaged,
    lang: Lang,
) -> Result<SalvageReport, ApiError> {
    let office = open(to.clone(), &Progress::default()).await?;
    let checked = verify(&office, None, lang).await;
    // The old folder still holds what it held: who disposes of a case later reads so.
    let left = from.data.to_string_lossy();
    let open = office.open_office().await?;
    let noted = note(&office, &open, by, SALVAGED, None, Some(&left), &from.owner);
    noted.await?;
    close(&office).await;
    let numbers = out.numbers;
    let part = |l: redress_domain::event::Lost| {
        let number = numbers.get(&l.stream).cloned();
        let what = number.as_deref().unwrap_or(&l.stream);
        let code = match l.stream.split_once(':') {
            Some(("case", _)) => "salvage_lost_case",
            _ => "salvage_lost_part",
        };
        let said = ApiError::new(code)
            .with("what", what)
            .with("why", l.why.as_str());
        LostPart {
            message: said.message(lang),
            number,
            stream: l.stream,
            why: l.why,
        }
    };
    Ok(SalvageReport {
        into: to.data.to_string_lossy().into_owned(),
        cases: out.cases.len(),
        events: out.events,
        lost: out.lost.into_iter().map(part).collect(),
        gone: out.gone,
        rows: out.rows,
        gaps: out.gaps,
        problems: checked?.problems.into_iter().map(|p| p.message).collect(),
    })
}

/// Brings what is whole out of the folder of one place into another that is empty; the first stays as it is. Out of an
/// encrypted folder comes one that is encrypted by the same key.
///
/// # Errors
/// `damaged_folder` where nothing can be read, `folder_in_use`, `folder_not_empty`, `disk_full`.
pub async fn salvage_house(
    from: &Config,
    to: &Config,
    lang: Lang,
) -> Result<SalvageReport, ApiError> {
    let marker = SqliteStore::marker_as_it_was(&from.data);
    let key = match &marker {
        Some(marker) => Some(from.keys.find(marker).await?),
        None => None,
    };
    let rescue = Rescue {
        into: &to.data,
        sealed: key.clone().zip(marker),
        owner: &from.owner,
        progress: &Progress::default(),
        editions: editions(&shipped::shipped(&from.procedures)?)?,
    };
    let out = salvage(&from.data, key.as_ref(), rescue, note_of(TERMINAL)).await?;
    settle(from, to, TERMINAL, out, lang).await
}

/// What ships with the program, as an office keeps it.
fn editions(
    shipped: &BTreeMap<String, Arc<Edition>>,
) -> Result<BTreeMap<String, String>, ApiError> {
    let one = |e: &Arc<Edition>| Ok((e.hash.clone(), serde_json::to_string(&e.files)?));
    shipped.values().map(one).collect()
}

/// A folder that somebody named.
fn folder(said: &str, data: &Path) -> Result<PathBuf, ApiError> {
    let into = PathBuf::from(said.trim());
    let own = data.canonicalize().unwrap_or_else(|_| data.to_owned());
    let inside = into
        .ancestors()
        .any(|above| above == data || above.canonicalize().is_ok_and(|a| a == own));
    match into.is_absolute() && !inside {
        true => Ok(into),
        false => Err(ApiError::new("salvage_folder_unfit")),
    }
}

/// Brings what is whole of this office into a new folder; the office itself stays open and as it is.
///
/// # Errors
/// `salvage_folder_unfit`, `salvage_not_here` for a database on a server, `salvage_running`, `folder_not_empty`,
/// `damaged_folder`, `disk_full`, `verify_stopped`.
pub(crate) async fn salvage_run(
    office: &Office,
    by: PersonId,
    r: SalvageRequest,
    lang: Lang,
) -> Result<SalvageReport, ApiError> {
    let open = office.open_office().await?;
    let not_here = || ApiError::new("salvage_not_here");
    let store = open.store.in_folder().ok_or_else(not_here)?;
    let into = folder(&r.into, &office.config.data)?;
    let Some((_over, progress)) = Over::begin(&office.salvage)? else {
        return Err(ApiError::new("salvage_running"));
    };
    let sealed: Option<(DataKey, Marker)> = store
        .key()
        .cloned()
        .zip(SqliteStore::marker(&office.config.data)?);
    let rescue = Rescue {
        into: &into,
        sealed,
        owner: &office.config.owner,
        progress: &progress,
        editions: editions(&open.shipped)?,
    };
    let out = store.salvage(rescue, note_of(by)).await?;
    let to = Config {
        data: into,
        database: None,
        ..office.config.clone()
    };
    let report = settle(&office.config, &to, by, out, lang).await?;
    if open.read_only().is_none() {
        let noted = note(office, &open, by, SALVAGED, None, Some(&report.into), "");
        noted.await?;
    }
    Ok(report)
}

/// How far a running salvage has come.
pub(crate) fn salvage_progress(office: &Office) -> VerifyProgress {
    how_far(&office.salvage)
}

/// Stops a running salvage; nothing of it is left.
pub(crate) fn salvage_stop(office: &Office) -> VerifyProgress {
    stop(&office.salvage)
}
