//! Anchors that leave the folder by themselves: whoever rewrites the log would have to rewrite them elsewhere as well.
//!
//! The institution names folders on a share or a stick. While people work the program adds the log's end to a file
//! there: when the folder is named, at opening and closing, with each report, backup and exported anchor, and every ten
//! minutes. A check compares the log with every line that it finds. A folder that is away holds nobody up.

mod file;

use crate::{
    office::handle::{Office, OpenOffice},
    text::{error::ApiError, words},
};
use redress_domain::clock::Moment;
use redress_store::{EventFilter, Problem, Store};
use serde::Serialize;
use std::{
    collections::{BTreeMap, btree_map::Entry},
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use ts_rs::TS;

/// How long a share may take to answer before it counts as away.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long closing waits for it.
const PARTING: Duration = Duration::from_secs(3);
/// Folders that can be named.
const PLACES: usize = 5;
/// Characters of a folder's path.
const PATH: usize = 400;
/// Digits of the hash of the log's first event in the file's name.
const MARK: usize = 12;
/// How it stands with a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AnchorState {
    /// Every anchor there holds.
    Holds,
    /// The folder cannot be reached: a stick that is not plugged in, a share that is off.
    Away,
    /// The folder is there, and the file in it is not.
    Missing,
    /// What stands there under the file's name is not this office's file.
    Foreign,
    /// It may not be read or written.
    Refused,
    /// An anchor there does not hold.
    Differs,
}

impl AnchorState {
    fn of(e: &io::Error) -> Self {
        match e.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::Refused,
            _ => Self::Away,
        }
    }

    /// The code under which the check tells it; none: it says nothing against the log.
    fn problem(self) -> Option<&'static str> {
        match self {
            Self::Missing => Some("anchor_file_missing"),
            Self::Foreign => Some("anchor_file_foreign"),
            Self::Holds | Self::Away | Self::Refused | Self::Differs => None,
        }
    }

    /// The code with which naming such a folder is refused.
    fn refusal(self) -> &'static str {
        match self {
            Self::Foreign => "anchor_folder_foreign",
            Self::Refused => "anchor_folder_refused",
            _ => "anchor_folder_away",
        }
    }
}

/// A folder that the institution named, and what stands there.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AnchorPlace {
    /// The folder.
    pub folder: String,
    /// The file's name in it.
    pub file: String,
    /// How it stands.
    pub state: AnchorState,
    /// Anchors that were compared.
    pub anchors: usize,
    /// Of them: about records that a salvage could not bring out.
    pub salvaged: usize,
    /// Lines that say nothing, e.g. torn off while a stick was pulled.
    pub unreadable: usize,
    /// When the newest was written, as it stands there.
    pub newest: Option<String>,
}

/// `POS:HASH`.
pub(crate) fn parse(word: &str) -> Option<(i64, String)> {
    let (pos, hash) = word.split_once(':')?;
    let pos = pos.trim().parse().ok().filter(|p| *p > 0)?;
    let hash = hash.trim().to_lowercase();
    let digits = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    digits.then_some((pos, hash))
}

/// Work on a folder that may never answer; none after [`PATIENCE`].
async fn patiently<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let done = tokio::time::timeout(PATIENCE, tokio::task::spawn_blocking(work));
    done.await.ok()?.ok()
}

/// Takes folders as they were typed, and leaves an anchor in each: a new one in which that fails is refused, so that a folder without its file means something later.
///
/// # Errors
/// `anchor_folders_too_many`, `anchor_folder_unfit`, `anchor_folder_inside`, `anchor_folder_away`,
/// `anchor_folder_refused`, `anchor_folder_foreign`, and the store's.
pub(crate) async fn anchor_folders(
    office: &Office,
    open: &OpenOffice,
    typed: Vec<String>,
) -> Result<Vec<String>, ApiError> {
    let mut folders: Vec<String> = Vec::new();
    for folder in typed {
        let folder = folder.trim().to_owned();
        if !folder.is_empty() && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    if folders.len() > PLACES {
        return Err(ApiError::new("anchor_folders_too_many").with("max", PLACES));
    }
    let known = open.state().await.anchor_folders.clone();
    for folder in &folders {
        let refused = |code: &str| ApiError::new(code).with("folder", folder.clone());
        let path = PathBuf::from(folder);
        if folder.chars().count() > PATH || !path.is_absolute() {
            let short: String = folder.chars().take(80).collect();
            return Err(ApiError::new("anchor_folder_unfit").with("folder", short));
        }
        let data = office.config.data.clone();
        let looked = path.clone();
        match patiently(move || inside(&looked, &data)).await {
            Some(false) => {}
            Some(true) => return Err(refused("anchor_folder_inside")),
            None if known.contains(folder) => continue,
            None => return Err(refused(AnchorState::Away.refusal())),
        }
        match leave(open, path, office.now(), true).await? {
            // A stick that was named before may be elsewhere while another folder is named.
            Err(AnchorState::Away) if known.contains(folder) => {}
            left => left.map_err(|state| refused(state.refusal()))?,
        }
    }
    Ok(folders)
}

/// Leaves an anchor in every named folder, without waiting for it.
pub(crate) async fn leave_anchors(office: &Office) {
    office.left.now();
    if let Ok(open) = office.open_office().await {
        let now = office.now();
        tokio::spawn(async move { leave_everywhere(&open, now).await });
    }
}

/// The same where the last ones are some time ago: after each command.
pub(crate) async fn leave_anchors_now_and_then(office: &Office) {
    if office.left.due() {
        leave_anchors(office).await;
    }
}

/// The same at closing, which waits a moment for it.
pub(crate) async fn leave_last_anchors(office: &Office, open: &OpenOffice) {
    let _late = tokio::time::timeout(PARTING, leave_everywhere(open, office.now())).await;
}

/// The named folders, and whether what stands in them holds.
pub(crate) async fn anchor_places(office: &Office) -> Result<Vec<AnchorPlace>, ApiError> {
    let open = office.open_office().await?;
    let held = held_elsewhere(&open).await?;
    Ok(held.into_iter().map(|(place, _)| place).collect())
}

/// Whether a folder is the office's own, or lies in it: a copy of the folder would take the anchors along.
fn inside(folder: &Path, data: &Path) -> bool {
    let real = |p: &Path| p.canonicalize().unwrap_or_else(|_| p.to_owned());
    real(folder).starts_with(real(data))
}

/// Tells this office's file from another's in the same folder.
async fn mark(open: &OpenOffice) -> Result<String, ApiError> {
    let filter = EventFilter {
        stream: None,
        after: 0,
        limit: 1,
    };
    let first = open.store.events(&filter).await?;
    let first = first.first();
    let first = first.ok_or_else(|| ApiError::internal("a log without a first event"))?;
    Ok(first.hash.chars().take(MARK).collect())
}

async fn leave(
    open: &OpenOffice,
    folder: PathBuf,
    now: Moment,
    make: bool,
) -> Result<Result<(), AnchorState>, ApiError> {
    let (mark, anchor) = (mark(open).await?, anchor(open).await?);
    let at = words::moment(now);
    let done = patiently(move || file::append(&folder, &mark, (&anchor, &at), make)).await;
    Ok(done.unwrap_or(Err(AnchorState::Away)))
}

/// What fails here is seen where the folders are listed, and tried again the next time.
async fn leave_everywhere(open: &OpenOffice, now: Moment) {
    for folder in &open.state().await.anchor_folders {
        let _tried = leave(open, PathBuf::from(folder), now, false).await;
    }
}

/// Every named folder with what the check has to say about it: the first anchor there that does not hold.
pub(crate) async fn held_elsewhere(
    open: &OpenOffice,
) -> Result<Vec<(AnchorPlace, Vec<Problem>)>, ApiError> {
    let state = open.state().await;
    let mark = mark(open).await?;
    let mut all = Vec::new();
    for folder in &state.anchor_folders {
        let (path, of) = (PathBuf::from(folder), mark.clone());
        let read = patiently(move || file::read(&path, &of)).await;
        let mut place = AnchorPlace {
            folder: folder.clone(),
            file: file::name(&mark),
            state: AnchorState::Holds,
            anchors: 0,
            salvaged: 0,
            unreadable: 0,
            newest: None,
        };
        let problem = match read.unwrap_or(Err(AnchorState::Away)) {
            Err(state) => {
                place.state = state;
                state.problem().map(|code| (code, 0))
            }
            Ok(lines) => compared(open, &state.gaps, &lines, &mut place).await?,
        };
        let problem = problem.map(|(code, seq)| Problem {
            code: code.to_owned(),
            stream: String::new(),
            seq,
            about: folder.clone(),
        });
        all.push((place, problem.into_iter().collect()));
    }
    Ok(all)
}

/// The lines of a folder held against the log; answers the code and position of the first that does not hold.
async fn compared(
    open: &OpenOffice,
    gaps: &[(i64, i64)],
    lines: &file::Lines,
    place: &mut AnchorPlace,
) -> Result<Option<(&'static str, i64)>, ApiError> {
    place.anchors = lines.all.len();
    place.newest = lines.all.last().map(|l| l.at.clone());
    place.unreadable = lines.unreadable;
    let mut known: BTreeMap<i64, Option<String>> = BTreeMap::new();
    for line in &lines.all {
        if gaps.iter().any(|(a, b)| (*a..=*b).contains(&line.pos)) {
            place.salvaged += 1;
            continue;
        }
        if let Entry::Vacant(slot) = known.entry(line.pos) {
            slot.insert(hash_at(open, line.pos).await?);
        }
        let there = known.get(&line.pos).and_then(Option::as_ref);
        let code = match there {
            None => "anchor_file_beyond",
            Some(hash) if *hash != line.hash => "anchor_file_differs",
            Some(_) => continue,
        };
        place.state = AnchorState::Differs;
        return Ok(Some((code, line.pos)));
    }
    Ok(None)
}

/// The hash of the event at a position; none: there is no such event.
pub(crate) async fn hash_at(open: &OpenOffice, pos: i64) -> Result<Option<String>, ApiError> {
    let filter = EventFilter {
        stream: None,
        after: pos - 1,
        limit: 1,
    };
    let there = open.store.events(&filter).await?;
    Ok(there.into_iter().find(|e| e.pos == pos).map(|e| e.hash))
}

/// `POS:HASH` of the newest event.
pub(crate) async fn anchor(open: &OpenOffice) -> Result<String, ApiError> {
    let (pos, hash) = open.store.tail().await?;
    Ok(format!("{pos}:{hash}"))
}
