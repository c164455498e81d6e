//! The check of the log: chain, signatures, values, documents, and what lists read.

use crate::{
    anchors::{self, AnchorPlace, hash_at, held_elsewhere},
    index::case_row::project,
    office::{
        damage::of_damage,
        handle::{Office, OpenOffice},
    },
    text::error::{ApiError, Lang},
};
use redress_domain::{case::Case, check};
use redress_store::{Problem, Progress, Report, Store};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};
use ts_rs::TS;

/// Something wrong in the log.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AuditProblem {
    /// What.
    pub code: String,
    /// Stream.
    pub stream: String,
    /// Position in the stream.
    #[ts(type = "number")]
    pub seq: i64,
    /// Field, document or attachment.
    pub about: String,
    /// In words: which case, which record, which field.
    pub message: String,
}

/// Against what to check.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(default)]
pub struct VerifyRequest {
    /// `POS:HASH` as an earlier check or a backup told it; none: the log's own links alone.
    pub anchor: Option<String>,
}

/// Whether the log is whole.
#[derive(Debug, Serialize, TS)]
pub struct VerifyResponse {
    /// No problem was found. A recomputed or truncated history is found only against an anchor.
    pub ok: bool,
    /// The anchor that was checked: nothing up to it has changed. None: none was given.
    pub checked_anchor: Option<String>,
    /// The folders that the institution named for anchors, and whether what stands in them holds.
    pub places: Vec<AnchorPlace>,
    /// Events walked.
    #[ts(type = "number")]
    pub events: i64,
    /// The first problem.
    pub first_bad: Option<AuditProblem>,
    /// All of them.
    pub problems: Vec<AuditProblem>,
    /// Position of the newest event: the anchor.
    #[ts(type = "number")]
    pub anchor_pos: i64,
    /// Hash of the newest event.
    pub anchor_hash: String,
    /// First and last position of what a salvage could not bring out of a damaged office: missing, and said to be.
    #[ts(type = "[number, number][]")]
    pub gaps: Vec<(i64, i64)>,
    /// The file itself is damaged: nothing is written to it any more.
    pub read_only: bool,
}

/// How far a running check has come.
#[derive(Debug, Serialize, TS)]
pub struct VerifyProgress {
    /// A check is running.
    pub running: bool,
    /// Events and cases done.
    #[ts(type = "number")]
    pub done: i64,
    /// In all, as far as is known; grows once when the cases' turn comes.
    #[ts(type = "number")]
    pub total: i64,
}

/// Work of which one runs at a time.
type Running = std::sync::Mutex<Option<Arc<Progress>>>;

/// Lets the next check begin when this one is over.
pub(crate) struct Over<'a>(&'a Running);

impl<'a> Over<'a> {
    /// Begins one; none where one runs.
    ///
    /// # Errors
    /// `internal`.
    pub(crate) fn begin(all: &'a Running) -> Result<Option<(Self, Arc<Progress>)>, ApiError> {
        let mut running = all.lock().map_err(ApiError::internal)?;
        if running.is_some() {
            return Ok(None);
        }
        let progress = Arc::new(Progress::default());
        *running = Some(progress.clone());
        Ok(Some((Self(all), progress)))
    }
}

/// How far something is that runs.
pub(crate) fn how_far(all: &Running) -> VerifyProgress {
    let running = all.lock().ok().and_then(|c| c.clone());
    let read = |n: &std::sync::atomic::AtomicI64| n.load(Ordering::Relaxed);
    VerifyProgress {
        running: running.is_some(),
        done: running.as_ref().map_or(0, |p| read(&p.done)),
        total: running.as_ref().map_or(0, |p| read(&p.total)),
    }
}

/// Stops something that runs.
pub(crate) fn stop(all: &Running) -> VerifyProgress {
    if let Some(p) = all.lock().ok().and_then(|c| c.clone()) {
        p.stop.store(true, Ordering::Relaxed);
    }
    how_far(all)
}

impl Drop for Over<'_> {
    fn drop(&mut self) {
        if let Ok(mut running) = self.0.lock() {
            *running = None;
        }
    }
}

/// Walks chain, signatures, values, documents, attachments and passwords; then folds every case again and
/// compares what lists and searches read; then holds the log against an anchor, where one is given.
///
/// # Errors
/// `anchor_not_understood`, `verify_running`, `verify_stopped`, and the store's.
pub(crate) async fn verify(
    office: &Office,
    anchor: Option<&str>,
    lang: Lang,
) -> Result<VerifyResponse, ApiError> {
    // However it ends: given up, too.
    let Some((_over, progress)) = Over::begin(&office.check)? else {
        return Err(ApiError::new("verify_running"));
    };
    verify_with(office, anchor, lang, &progress).await
}

async fn verify_with(
    office: &Office,
    anchor: Option<&str>,
    lang: Lang,
    progress: &Progress,
) -> Result<VerifyResponse, ApiError> {
    let open = office.open_office().await?;
    let anchor = anchor.map(str::trim).filter(|a| !a.is_empty());
    let anchor = anchor.map(parse_anchor).transpose()?;
    let report = walked(&open, progress).await?;
    let mut found = report.problems;
    // What is derived from a log that is not whole says nothing of its own.
    if found.is_empty() {
        found = match refolded(&open, progress).await {
            Err(e) if of_damage(&e) => vec![unreadable(&e)],
            refolded => refolded?,
        };
    }
    if let Some((pos, hash)) = &anchor {
        found.extend(against(&open, *pos, hash).await?);
    }
    let places = match held_elsewhere(&open).await {
        Err(e) if of_damage(&e) => vec![],
        places => places?,
    };
    let (places, against): (Vec<_>, Vec<_>) = places.into_iter().unzip();
    found.extend(against.into_iter().flatten());
    if let Some(store) = open.read_only().filter(|_| found.is_empty()) {
        store.found_whole();
        open.face_damage().await?;
    }
    let mut problems = Vec::with_capacity(found.len());
    for p in found {
        problems.push(problem_said(&open, p, lang).await?);
    }
    Ok(VerifyResponse {
        ok: problems.is_empty(),
        checked_anchor: anchor.map(|(pos, hash)| format!("{pos}:{hash}")),
        places,
        events: report.events,
        first_bad: problems.first().cloned(),
        problems,
        anchor_pos: report.anchor_pos,
        anchor_hash: report.anchor_hash,
        gaps: report.gaps,
        read_only: open.read_only().is_some(),
    })
}

/// What the store finds in the log and what hangs on it.
async fn walked(open: &OpenOffice, progress: &Progress) -> Result<Report, ApiError> {
    let mut report = open.store.verify(progress).await?;
    if let Some(store) = open.store.in_folder().filter(|_| report.of_file()) {
        // What is wrong below the records stays, or has passed: then it is checked once more.
        if !store.look_for_damage().await? {
            report = open.store.verify(progress).await?;
        }
        open.face_damage().await?;
    }
    Ok(report)
}

/// A table that damage keeps from being compared.
fn unreadable(e: &ApiError) -> Problem {
    let about = e.params.get("about").and_then(Value::as_str);
    Problem {
        code: "table_unreadable".to_owned(),
        stream: String::new(),
        seq: 0,
        about: about.unwrap_or("case_row").to_owned(),
    }
}

/// The log held against an anchor; nothing where it holds.
async fn against(open: &OpenOffice, pos: i64, hash: &str) -> Result<Option<Problem>, ApiError> {
    let code = match hash_at(open, pos).await? {
        None => "anchor_missing",
        Some(there) if there != hash => "anchor_differs",
        Some(_) => return Ok(None),
    };
    Ok(Some(Problem {
        code: code.to_owned(),
        stream: String::new(),
        seq: pos,
        about: String::new(),
    }))
}

/// How far a running check has come.
pub(crate) fn verify_progress(office: &Office) -> VerifyProgress {
    how_far(&office.check)
}

/// Stops a running check.
pub(crate) fn verify_stop(office: &Office) -> VerifyProgress {
    stop(&office.check)
}

/// `POS:HASH`, alone or on a line of an exported anchor.
fn parse_anchor(text: &str) -> Result<(i64, String), ApiError> {
    let words = text.split(|c: char| c.is_whitespace() || c == '：');
    std::iter::once(text)
        .chain(words)
        .find_map(anchors::parse)
        .ok_or_else(|| {
            let short: String = text.chars().take(80).collect();
            ApiError::new("anchor_not_understood").with("text", short)
        })
}

/// Cases that are folded and compared at a time.
const CHUNK: usize = 200;

/// Every case folded again, compared with what lists and searches know of it.
async fn refolded(open: &OpenOffice, progress: &Progress) -> Result<Vec<Problem>, ApiError> {
    let state = open.state().await;
    let name = |p| state.name(p);
    let ids = open.store.all_case_ids().await?;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    progress
        .total
        .fetch_add(count(ids.len()), Ordering::Relaxed);
    let mut found = Vec::new();
    let mut kept = open.store.search_prints().await?;
    let mut sound: BTreeMap<String, bool> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let mut all = Vec::with_capacity(chunk.len());
        for id in chunk {
            let events = open.store.case_events(*id).await?;
            let bad = |code: &str| Problem {
                code: code.to_owned(),
                stream: crate::office::load::stream(*id),
                seq: 0,
                about: String::new(),
            };
            let Some(case) = Case::fold(&events) else {
                found.push(bad("case_does_not_fold"));
                continue;
            };
            if !sound.contains_key(&case.edition_hash) {
                let as_kept = edition_sound(open, &case.edition_hash).await?;
                sound.insert(case.edition_hash.clone(), as_kept);
            }
            if sound.get(&case.edition_hash) != Some(&true) {
                found.push(bad("edition_differs"));
            }
            if let Ok(edition) = open.edition(&case.procedure, &case.edition_hash).await {
                all.push(project(&edition, &case, &name));
            }
        }
        found.extend(open.store.compare(&all, &mut kept).await?);
        progress.step(count(chunk.len()))?;
    }
    // One that was installed and under which nothing was opened yet.
    // What a salvage could not carry of the institution is said to be missing by the log itself.
    let installed = state.installed.iter();
    for one in installed.filter(|_| !state.lost.contains("office")) {
        if !sound.contains_key(&one.hash) && !edition_sound(open, &one.hash).await? {
            found.push(Problem {
                code: "edition_changed".to_owned(),
                stream: String::new(),
                seq: 0,
                about: one.hash.clone(),
            });
        }
    }
    if found.is_empty() {
        found.extend(open.store.strays(&kept).await?);
    }
    Ok(found)
}

/// Whether an edition is still kept as it was when cases were opened under it.
async fn edition_sound(open: &OpenOffice, hash: &str) -> Result<bool, ApiError> {
    let files = open.store.edition(hash).await?;
    let kept = files.and_then(|f| serde_json::from_str::<Vec<(String, String)>>(&f).ok());
    Ok(kept.is_some_and(|files| check::hash(&files) == hash))
}

/// A problem in the words of an auditor: which case, which record, which field.
async fn problem_said(open: &OpenOffice, p: Problem, lang: Lang) -> Result<AuditProblem, ApiError> {
    let state = open.state().await;
    let (mut place, mut about) = (p.stream.clone(), p.about.clone());
    if let Some(id) = p.stream.strip_prefix("case:").and_then(|t| t.parse().ok()) {
        // What is wrong with the row is a problem of its own.
        let row = open.store.case_row(id).await;
        if let Some(row) = row.ok().flatten() {
            place.clone_from(&row.number);
            let edition = open.newest(&row.procedure);
            if let Some(f) = edition.ok().and_then(|e| e.field(&p.about).cloned()) {
                about = f.title;
            }
        }
    } else if let Some(id) = p
        .stream
        .strip_prefix("person:")
        .and_then(|t| t.parse().ok())
    {
        place = state.name(id);
    }
    // Codes of passwords are about a person.
    if let Some(id) = p
        .about
        .parse()
        .ok()
        .filter(|id| state.people.contains_key(id))
    {
        about = state.name(id);
    }
    let message = ApiError::new(&format!("audit_{}", p.code))
        .with("place", place)
        .with("seq", p.seq)
        .with("about", about)
        .message(lang);
    Ok(AuditProblem {
        code: p.code,
        stream: p.stream,
        seq: p.seq,
        about: p.about,
        message,
    })
}
