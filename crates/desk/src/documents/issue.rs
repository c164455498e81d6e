//! Forms on the screen and on paper; documents given out (G18).

use crate::{
    access::look::{Seen, look},
    documents::{
        filling::{self, Surroundings},
        preview::form_of,
    },
    institution::numbers::may_number,
    masking::mask::Mask,
    office::{
        events::new_id,
        handle::{Office, OpenOffice},
        load::{Loaded, TransactionExtras, stream},
        session::Eyes,
        state::OfficeState,
    },
    shipped,
    text::{error::ApiError, file::FileOut, limits, words},
};
use redress_domain::{
    case::Case,
    chain::{hex, sha256},
    clock::Moment,
    form::{Filling, Form},
    id::{CaseId, DocumentId},
    issue::{Issue, issue as give_out},
    procedure::Edition,
    sight::Sight,
};
use redress_paper::{About, lay_out, pdf};
use redress_store::Store;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// One copy to give out.
#[derive(Debug, Deserialize, TS)]
pub struct CopyRequest {
    /// `paper` or `electronic`.
    pub kind: String,
    /// Who gets it.
    #[serde(default)]
    pub holder: String,
}

/// A document to give out.
#[derive(Debug, Deserialize, TS)]
pub struct IssueRequest {
    /// Id or number.
    pub case: String,
    /// Form id.
    pub form: String,
    /// The task that it is filled for.
    #[serde(default)]
    pub task: Option<String>,
    /// Copies; one of paper where none is named.
    #[serde(default)]
    pub copies: Vec<CopyRequest>,
    /// The `seq` that was looked at.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub seq: Option<i64>,
    /// Why, where the person sees only some of the case.
    #[serde(default)]
    #[ts(optional)]
    pub why: Option<String>,
}

/// A document given out.
#[derive(Debug, Serialize, TS)]
pub struct IssueResponse {
    /// Its id.
    pub document: String,
    /// Its number.
    pub number: String,
    /// The PDF.
    #[ts(type = "Blob")]
    pub pdf: FileOut,
    /// Pages.
    pub pages: usize,
}

/// Gives a document out: numbered, frozen, kept (G18).
pub(crate) async fn form_issue(
    office: &Office,
    eyes: Eyes<'_>,
    r: IssueRequest,
) -> Result<IssueResponse, ApiError> {
    let open = office.open_office().await?;
    let seen = look(office, &open, eyes, &r.case, r.why.as_deref()).await?;
    seen.whole()?;
    let Seen { loaded, actor, .. } = seen;
    let Loaded { case, edition, .. } = loaded;
    if r.seq.is_some_and(|s| s != case.seq) {
        return Err(ApiError::new("changed"));
    }
    check_copies(&r.copies)?;
    let form = form_of(&edition, &r.form)?;
    let state = open.state().await;
    let now = office.now();
    may_number(&open, now).await?;
    let earlier = last_of(&case, &r.form, &open.state().await.restores.documents);
    let number = format!("{}-{}-{:02}", case.number, form.code, earlier + 1);
    let ctx = state.ctx(&edition, now);
    let mut issue = Issue {
        document: DocumentId(new_id()),
        form: r.form.clone(),
        task: r.task.clone(),
        number: number.clone(),
        copies: copies_of(r.copies)?,
        content: String::new(),
        pages: 0,
    };
    // Refused before anything is drawn.
    give_out(&ctx, &case, &actor, &issue)?;
    let (bytes, pages) = drawn(&open, &state, (&edition, &case), &form, &issue, now).await?;
    issue.content = hex(&sha256(&bytes));
    issue.pages = u32::try_from(pages).unwrap_or(u32::MAX);
    let events = give_out(&ctx, &case, &actor, &issue)?;
    let kept = Some((issue.document, bytes.clone()));
    let beside = TransactionExtras {
        document: kept,
        ..TransactionExtras::default()
    };
    open.append_case(&edition, &case, events, beside).await?;
    Ok(IssueResponse {
        document: issue.document.to_string(),
        number,
        pdf: bytes.into(),
        pages,
    })
}

/// Holds copies against their limits.
///
/// # Errors
/// `value_too_many`, `value_too_long`.
fn check_copies(copies: &[CopyRequest]) -> Result<(), ApiError> {
    if copies.len() > limits::COPIES {
        return Err(ApiError::new("value_too_many")
            .with("field", "copies")
            .with("title", "份")
            .with("max", limits::COPIES)
            .with("actual", copies.len()));
    }
    for copy in copies {
        limits::text("持有人", &copy.holder, limits::HOLDER)?;
    }
    Ok(())
}

/// Kind and holder of each copy; one of paper where none is named.
///
/// # Errors
/// `value_unknown_choice`.
fn copies_of(copies: Vec<CopyRequest>) -> Result<Vec<(String, String)>, ApiError> {
    let known = |c: &&CopyRequest| c.kind == "paper" || c.kind == "electronic";
    if let Some(c) = copies.iter().find(|c| !known(c)) {
        return Err(ApiError::new("value_unknown_choice")
            .with("title", "份")
            .with("choice", c.kind.as_str()));
    }
    if copies.is_empty() {
        return Ok(vec![("paper".to_owned(), String::new())]);
    }
    Ok(copies.into_iter().map(|c| (c.kind, c.holder)).collect())
}

/// The document as PDF, from the case as it stands, and how many pages it has.
async fn drawn(
    open: &OpenOffice,
    state: &OfficeState,
    (edition, case): (&Edition, &Case),
    form: &Form,
    issue: &Issue,
    now: Moment,
) -> Result<(Vec<u8>, usize), ApiError> {
    let signed = open.store.signed(&stream(case.id)).await?;
    let mask = Mask::paper(Sight::FULL, edition, &case.values);
    let name = |p| state.name(p);
    let s = Surroundings {
        edition,
        name: &name,
        organisation: &state.organisation,
        mask: &mask,
        training: state.training,
        signed: &signed,
    };
    let mut filling = filling::filled(form, case, issue.task.as_deref(), &s);
    number_and_code(&mut filling, &issue.number, now)?;
    let fonts = open.fonts()?;
    let laid = lay_out(form, &filling, &fonts)?;
    let about = About {
        title: &form.title,
        created: now,
    };
    Ok((pdf(&laid, &fonts, &about)?, laid.pages.len()))
}

/// A paper of the institution, of no procedure.
pub(crate) fn house_paper(
    open: &OpenOffice,
    form: &str,
    filling: &Filling,
    now: Moment,
) -> Result<Vec<u8>, ApiError> {
    draw(open, &shipped::house_form(form)?, filling, now)
}

/// A page of the institution as PDF.
pub(crate) fn draw(
    open: &OpenOffice,
    form: &Form,
    filling: &Filling,
    now: Moment,
) -> Result<Vec<u8>, ApiError> {
    let fonts = open.fonts()?;
    let laid = lay_out(form, filling, &fonts)?;
    let about = About {
        title: &form.title,
        created: now,
    };
    Ok(pdf(&laid, &fonts, &about)?)
}

/// The highest running number of a form's documents under a case: of those that it knows, and of those that were given
/// out after a backup that was restored.
fn last_of(case: &Case, form: &str, skipped: &BTreeMap<(CaseId, String), u32>) -> u32 {
    let own = case.documents.iter().filter(|d| d.form == form);
    let count = u32::try_from(own.clone().count()).unwrap_or(u32::MAX);
    let numbered = own.filter_map(|d| d.number.rsplit('-').next()?.parse().ok());
    let elsewhere = skipped.get(&(case.id, form.to_owned())).copied();
    numbered.chain(elsewhere).fold(count, u32::max)
}

/// The number, and the code that carries it with the hash of the frozen content.
pub(crate) fn number_and_code(
    filling: &mut Filling,
    number: &str,
    at: Moment,
) -> Result<(), ApiError> {
    filling.number = number.to_owned();
    filling
        .texts
        .insert("document.number".to_owned(), number.to_owned());
    filling
        .texts
        .insert("document.date".to_owned(), words::full_day(at.date_naive()));
    let content = hex(&sha256(&serde_json::to_vec(&filling)?));
    filling.qr = Some(format!("RD1:{number}:{}", &content[..16]));
    Ok(())
}
