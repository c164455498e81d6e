//! A procedure is a controlled document: checking a file, installing an edition, and the institution's own limits.

use crate::{
    office::{
        editions::UNUSABLE,
        events::{append, event},
        handle::{Office, OpenOffice},
    },
    shipped,
    text::error::{ApiError, Lang},
};
use redress_domain::{
    check::{self, Problem},
    difference::{Difference, Turn, difference},
    event::EventBody,
    id::PersonId,
    procedure::Edition,
    sight::widens,
    value::Values,
};
use redress_store::{Store, Viewer};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

/// A procedure's files: `procedure.toml`, `forms/NAME.toml`, and `shared/NAME.toml` where the building blocks
/// are not the product's own.
#[derive(Debug, Deserialize, TS)]
pub struct ProcedureFiles {
    /// Name and text of each file.
    pub files: Vec<(String, String)>,
}

/// What is wrong in a file, and what to do.
#[derive(Debug, Serialize, TS)]
pub struct ProblemView {
    /// File name within the procedure's folder.
    pub file: String,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// Stable code.
    pub code: String,
    /// What it is about.
    pub about: String,
    /// In words, with what to do.
    pub message: String,
}

/// What was installed.
#[derive(Debug, Serialize, TS)]
pub struct InstalledView {
    /// Procedure id.
    pub procedure: String,
    /// Its edition.
    pub edition: String,
    /// SHA-256 over its files.
    pub hash: String,
    /// Somebody sees more under it: it comes into force once a second person has confirmed it.
    pub waits: bool,
}

/// Of which procedure; of all where none is named.
#[derive(Debug, Default, Deserialize, TS)]
pub struct EditionsRequest {
    /// Procedure id.
    #[serde(default)]
    #[ts(optional)]
    pub id: Option<String>,
}

/// An edition that the office knows.
#[derive(Debug, Serialize, TS)]
pub struct EditionView {
    /// Procedure id.
    pub procedure: String,
    /// Title of the document.
    pub title: String,
    /// Its label.
    pub edition: String,
    /// SHA-256 over its files.
    pub hash: String,
    /// It came with the program.
    pub shipped: bool,
    /// New cases are opened under it.
    pub current: bool,
    /// Who installed it.
    pub by: String,
    /// When.
    pub at: Option<String>,
    /// Why it cannot be used, where it cannot: the one before it is current instead.
    #[ts(optional)]
    pub unusable: Option<String>,
    /// Somebody sees more under it, and no second person has confirmed it yet.
    pub waits: bool,
    /// A second person refused it.
    pub refused: bool,
    /// Open cases that stay on it.
    #[ts(type = "number")]
    pub open_cases: usize,
}

/// Two editions of a procedure, each by label or hash.
#[derive(Debug, Deserialize, TS)]
pub struct DiffRequest {
    /// Procedure id.
    pub id: String,
    /// The older.
    pub from: String,
    /// The newer.
    pub to: String,
}

/// A part that differs.
#[derive(Debug, Serialize, TS)]
pub struct DifferenceView {
    /// Kind of part, e.g. `clock`.
    pub what: String,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `added`, `removed` or `changed`.
    pub turn: String,
    /// What says something else.
    pub details: Vec<DetailView>,
}

/// A property that says something else, as it stands in the data.
#[derive(Debug, Serialize, TS)]
pub struct DetailView {
    /// Its key.
    pub property: String,
    /// Before.
    #[ts(type = "unknown")]
    pub old: serde_json::Value,
    /// After.
    #[ts(type = "unknown")]
    pub new: serde_json::Value,
}

fn told(problems: Vec<Problem>, lang: Lang) -> Vec<ProblemView> {
    problems
        .into_iter()
        .map(|p| ProblemView {
            message: ApiError::new(&p.code)
                .with("about", p.about.as_str())
                .message(lang),
            file: p.file,
            line: p.line,
            code: p.code,
            about: p.about,
        })
        .collect()
}

/// What is wrong with a procedure's files; empty when good.
pub fn check_procedure(files: Vec<(String, String)>, lang: Lang) -> Vec<ProblemView> {
    match check::load(&shipped::sorted(files)) {
        Ok(_) => Vec::new(),
        Err(problems) => told(problems, lang),
    }
}

/// Installs an edition; open cases stay on theirs.
///
/// # Errors
/// `procedure_unsound`, `edition_installed` (the same files), `edition_label_taken` (other files, the same label).
pub(crate) async fn procedure_install(
    office: &Office,
    by: PersonId,
    r: ProcedureFiles,
) -> Result<InstalledView, ApiError> {
    let edition = check::load(&shipped::sorted(r.files))?;
    let head = edition.procedure.head.clone();
    let open = office.open_office().await?;
    let state = open.state().await;
    let current = open.current();
    let before = current.get(&head.id);
    let mut waiting = state.installed.iter().filter(|i| i.waits);
    if before.is_some_and(|e| e.hash == edition.hash) || waiting.any(|i| i.hash == edition.hash) {
        return Err(ApiError::new("edition_installed")
            .with("title", head.title)
            .with("edition", head.edition));
    }
    let taken = before
        .map(|e| (&e.procedure.head.edition, &e.hash))
        .into_iter()
        .chain(
            state
                .installed
                .iter()
                .filter(|i| i.procedure == head.id)
                .map(|i| (&i.edition, &i.hash)),
        )
        .any(|(label, hash)| *label == head.edition && *hash != edition.hash);
    if taken {
        return Err(ApiError::new("edition_label_taken")
            .with("title", head.title)
            .with("edition", head.edition));
    }
    let same = |e: &&Arc<Edition>| {
        e.procedure.head.id != head.id && e.procedure.head.number_format == head.number_format
    };
    if let Some(other) = current.values().find(same) {
        return Err(ApiError::new("number_format_taken")
            .with("format", head.number_format)
            .with("title", other.procedure.head.title.as_str()));
    }
    // The first cases of a procedure show nobody anything yet.
    let more = before.is_some_and(|b| widens(b, &edition));
    let waits = more && open.store.has_cases(Some(&head.id)).await? && !state.alone(by);
    let body = EventBody::EditionInstalled {
        waits,
        procedure: head.id.clone(),
        edition: head.edition.clone(),
        hash: edition.hash.clone(),
    };
    let done = event(by, office.now(), body, Values::new());
    let mut one = append("office", state.seq, vec![done])?;
    one.edition = Some((edition.hash.clone(), serde_json::to_string(&edition.files)?));
    open.keep(vec![one]).await?;
    open.refold().await?;
    Ok(InstalledView {
        procedure: head.id,
        edition: head.edition,
        hash: edition.hash,
        waits,
    })
}

/// Every edition that the office knows, the newest first.
pub(crate) async fn procedure_editions(
    office: &Office,
    person: PersonId,
    r: EditionsRequest,
    lang: Lang,
) -> Result<Vec<EditionView>, ApiError> {
    let open = office.open_office().await?;
    let viewer = open.viewer(person, office.now()).await;
    editions_for(&open, &viewer, r, lang).await
}

async fn editions_for(
    open: &OpenOffice,
    viewer: &Viewer,
    r: EditionsRequest,
    lang: Lang,
) -> Result<Vec<EditionView>, ApiError> {
    let state = open.state().await;
    let current = open.current();
    let rows = open.store.all_rows(viewer).await?;
    let open_cases = |id: &str, label: &str| {
        let on = |row: &redress_store::CaseRow| {
            row.status == "open" && row.procedure == id && row.edition == label
        };
        rows.iter().filter(|(row, ..)| on(row)).count()
    };
    let newest = |id: &str, hash: &str| current.get(id).is_some_and(|e| e.hash == hash);
    let mut all = Vec::new();
    for i in state.installed.iter().rev() {
        let (title, unusable) = match open.edition(&i.procedure, &i.hash).await {
            Ok(edition) => (edition.procedure.head.title.clone(), None),
            Err(e) if e.code == UNUSABLE => (i.procedure.clone(), Some(e.message(lang))),
            Err(e) => return Err(e),
        };
        all.push(EditionView {
            title,
            unusable,
            open_cases: open_cases(&i.procedure, &i.edition),
            current: i.in_force() && newest(&i.procedure, &i.hash),
            procedure: i.procedure.clone(),
            edition: i.edition.clone(),
            hash: i.hash.clone(),
            shipped: false,
            waits: i.waits,
            refused: i.refused,
            by: state.name(i.by),
            at: Some(i.at.to_rfc3339()),
        });
    }
    for (id, e) in &open.shipped {
        let head = &e.procedure.head;
        all.push(EditionView {
            procedure: id.clone(),
            title: head.title.clone(),
            edition: head.edition.clone(),
            hash: e.hash.clone(),
            shipped: true,
            unusable: None,
            waits: false,
            refused: false,
            current: newest(id, &e.hash),
            by: String::new(),
            at: None,
            open_cases: open_cases(id, &head.edition),
        });
    }
    all.retain(|e| r.id.as_ref().is_none_or(|id| *id == e.procedure));
    Ok(all)
}

/// An edition by its label or hash.
///
/// # Errors
/// `unknown_procedure`, `unknown_edition`.
pub(crate) async fn edition_by(
    office: &Office,
    id: &str,
    which: &str,
) -> Result<Arc<Edition>, ApiError> {
    let open = office.open_office().await?;
    open.newest(id)?;
    let which_of = EditionsRequest {
        id: Some(id.to_owned()),
    };
    let known = editions_for(&open, &Viewer::default(), which_of, Lang::Zh).await?;
    let found = known
        .into_iter()
        .find(|e| e.edition == which || e.hash == which);
    let found = found.ok_or_else(|| {
        let short: String = which.chars().take(64).collect();
        ApiError::new("unknown_edition").with("edition", short)
    })?;
    open.edition(id, &found.hash).await
}

/// What differs from one edition to another, in the order of the document.
///
/// # Errors
/// `unknown_procedure`, `unknown_edition`.
pub(crate) async fn procedure_diff(
    office: &Office,
    r: DiffRequest,
) -> Result<Vec<DifferenceView>, ApiError> {
    let old = edition_by(office, &r.id, &r.from).await?;
    let new = edition_by(office, &r.id, &r.to).await?;
    let view = |d: Difference| DifferenceView {
        what: d.what.to_owned(),
        id: d.id,
        title: d.title,
        turn: match d.turn {
            Turn::Added => "added",
            Turn::Removed => "removed",
            Turn::Changed => "changed",
        }
        .to_owned(),
        details: d
            .details
            .into_iter()
            .map(|x| DetailView {
                property: x.property,
                old: x.old,
                new: x.new,
            })
            .collect(),
    };
    Ok(difference(&old, &new).into_iter().map(view).collect())
}
