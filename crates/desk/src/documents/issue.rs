//! Forms on the screen and on paper; documents given out (G18).

use crate::{
    access::log,
    access::log::{note, note_access},
    access::look::{Seen, look},
    documents::filling,
    documents::filling::Surroundings,
    institution::numbers::may_number,
    masking::mask::Veil,
    office::events::new_id,
    office::handle::{Office, OpenOffice},
    office::load::{Beside, Loaded, stream},
    office::session::Eyes,
    shipped,
    text::error::ApiError,
    text::file::FileOut,
    text::{limits, words},
};
use redress_domain::{
    case::{Case, Issued},
    chain::{hex, sha256},
    clock::Moment,
    event::EventBody,
    form::{Filling, Form, Mark},
    id::{CaseId, DocumentId},
    issue::{Issue, issue as give_out},
    procedure::Edition,
    sight::Sight,
    value::{Class, Values},
};
use redress_paper::{About, Laid, Missing, lay_out, pdf};
use redress_store::Store;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};
use ts_rs::TS;

/// How a form is filled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// With the case's values.
    #[default]
    Filled,
    /// With personal values masked (G11).
    Redacted,
    /// The same boxes, empty.
    Blank,
}

/// A preview or a blank.
#[derive(Debug, Deserialize, TS)]
pub struct FormRequest {
    /// Id or number; a blank needs none.
    #[serde(default)]
    pub case: Option<String>,
    /// For a blank: the procedure; `inspection-station` style id.
    #[serde(default)]
    pub procedure: Option<String>,
    /// Form id.
    pub form: String,
    /// The task that it is filled for.
    #[serde(default)]
    pub task: Option<String>,
    /// How it is filled.
    #[serde(default)]
    pub variant: Variant,
    /// Why it is printed; kept in the access stream. Whoever has no role in the procedure must say it.
    #[serde(default)]
    #[ts(optional)]
    pub why: Option<String>,
}

/// A rendered form.
#[derive(Debug, Serialize, TS)]
pub struct RenderResponse {
    /// The PDF.
    #[ts(type = "Blob")]
    pub pdf: FileOut,
    /// Pages.
    pub pages: usize,
    /// Characters that no font has, and the fields in which they stand: printed as a framed code point.
    pub missing_glyphs: Vec<Missing>,
}

/// Words that are being typed.
#[derive(Debug, Deserialize, TS)]
pub struct GlyphsRequest {
    /// As far as they are typed.
    pub text: String,
}

/// What of them no font has.
#[derive(Debug, Serialize, TS)]
pub struct GlyphsResponse {
    /// Each character once, with its code point.
    pub missing: Vec<GlyphLine>,
}

/// A character that is printed as a framed code point.
#[derive(Debug, Serialize, TS)]
pub struct GlyphLine {
    /// `U+1F9FF`.
    pub code: String,
    /// The character.
    pub character: String,
}

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

/// Which document.
#[derive(Debug, Deserialize, TS)]
pub struct DocumentRef {
    /// Its id.
    pub document: String,
    /// Why; kept in the access stream. Whoever has no role in the procedure must say it.
    #[serde(default)]
    #[ts(optional)]
    pub why: Option<String>,
}

/// A document's PDF.
#[derive(Debug, Serialize, TS)]
pub struct DocumentResponse {
    /// Its number.
    pub number: String,
    /// The PDF.
    #[ts(type = "Blob")]
    pub pdf: FileOut,
}

struct Prepared {
    form: Form,
    filling: Filling,
    /// The case, and why it is printed; none for a blank.
    of: Option<(CaseId, Option<String>)>,
}

async fn prepare(
    office: &Office,
    desk: &OpenOffice,
    eyes: Eyes<'_>,
    r: &FormRequest,
) -> Result<Prepared, ApiError> {
    let house = desk.house().await;
    let name = |p| house.name(p);
    let seen = match &r.case {
        Some(case) => Some(look(office, desk, eyes, case, r.why.as_deref()).await?),
        None => None,
    };
    let (loaded, sight) = (
        seen.as_ref().map(|s| &s.loaded),
        seen.as_ref().map_or(Sight::FULL, |s| s.sight),
    );
    let signed = match loaded {
        Some(l) => desk.store.signed(&stream(l.case.id)).await?,
        None => BTreeMap::new(),
    };
    let edition = match (loaded, &r.procedure) {
        (Some(l), _) => l.edition.clone(),
        (None, Some(p)) => desk.newest(p)?,
        (None, None) => desk
            .current()
            .values()
            .find(|e| e.forms.contains_key(&r.form))
            .cloned()
            .ok_or_else(|| ApiError::new("unknown_form").with("form", r.form.as_str()))?,
    };
    let form = form_of(&edition, &r.form)?;
    let sight = match r.variant {
        Variant::Redacted => Sight::UpTo(Class::Open),
        Variant::Filled | Variant::Blank => sight,
    };
    let none = Values::new();
    let veil = Veil::paper(sight, &edition, loaded.map_or(&none, |l| &l.case.values));
    let s = Surroundings {
        edition: &edition,
        name: &name,
        organisation: &house.organisation,
        veil: &veil,
        training: house.training,
        signed: &signed,
    };
    let filling = match (loaded, r.variant) {
        (None, _) | (_, Variant::Blank) => filling::blank(&form, &s),
        (Some(l), _) => {
            if let Some(task) = r.task.as_deref().filter(|t| l.case.task(t).is_none()) {
                return Err(ApiError::new("unknown_task").with("task", task));
            }
            let mut f = filling::filled(&form, &l.case, r.task.as_deref(), &s);
            f.marks.push(Mark::Preview);
            f
        }
    };
    let of = seen.map(|s| (s.loaded.case.id, s.why));
    Ok(Prepared { form, filling, of })
}

/// The laid-out boxes, for drawing on the screen.
pub(crate) async fn form_layout(
    office: &Office,
    eyes: Eyes<'_>,
    r: FormRequest,
) -> Result<Laid, ApiError> {
    let desk = office.desk().await?;
    let p = prepare(office, &desk, eyes, &r).await?;
    let fonts = desk.fonts()?;
    Ok(lay_out(&p.form, &p.filling, &fonts)?)
}

/// A preview or a blank as PDF; printing from a case is kept in the access stream.
pub(crate) async fn form_render(
    office: &Office,
    eyes: Eyes<'_>,
    r: FormRequest,
) -> Result<RenderResponse, ApiError> {
    let desk = office.desk().await?;
    let p = prepare(office, &desk, eyes, &r).await?;
    if let Some((case, why)) = p.of.as_ref().filter(|_| r.variant != Variant::Blank) {
        let why = why.as_deref().ok_or_else(|| ApiError::new("why_needed"))?;
        let form = Some(r.form.as_str());
        note(office, &desk, eyes.person, "print", Some(*case), form, why).await?;
    }
    let fonts = desk.fonts()?;
    let laid = lay_out(&p.form, &p.filling, &fonts)?;
    let bytes = pdf(
        &laid,
        &fonts,
        &About {
            title: &p.form.title,
            created: office.now(),
        },
    )?;
    Ok(RenderResponse {
        pdf: bytes.into(),
        pages: laid.pages.len(),
        missing_glyphs: laid.missing,
    })
}

/// Which characters of what is being typed no font has, so that whoever types knows how they will be printed.
pub(crate) async fn form_glyphs(
    office: &Office,
    r: GlyphsRequest,
) -> Result<GlyphsResponse, ApiError> {
    let fonts = office.desk().await?.fonts()?;
    let line = |c: char| GlyphLine {
        code: format!("U+{:04X}", u32::from(c)),
        character: c.to_string(),
    };
    let missing = fonts.lacking(&r.text).into_iter().map(line).collect();
    Ok(GlyphsResponse { missing })
}

/// Gives a document out: numbered, frozen, kept (G18).
pub(crate) async fn form_issue(
    office: &Office,
    eyes: Eyes<'_>,
    r: IssueRequest,
) -> Result<IssueResponse, ApiError> {
    let desk = office.desk().await?;
    let seen = look(office, &desk, eyes, &r.case, r.why.as_deref()).await?;
    seen.whole()?;
    let Seen { loaded, actor, .. } = seen;
    let Loaded { case, edition, .. } = loaded;
    if r.seq.is_some_and(|s| s != case.seq) {
        return Err(ApiError::new("changed"));
    }
    if r.copies.len() > limits::COPIES {
        return Err(ApiError::new("value_too_many")
            .with("field", "copies")
            .with("title", "份")
            .with("max", limits::COPIES)
            .with("actual", r.copies.len()));
    }
    for copy in &r.copies {
        limits::text("持有人", &copy.holder, limits::HOLDER)?;
    }
    let form = form_of(&edition, &r.form)?;
    let house = desk.house().await;
    let name = |p| house.name(p);
    let now = office.now();
    may_number(&desk, now).await?;
    let earlier = last_of(&case, &r.form, &desk.house().await.restores.documents);
    let number = format!("{}-{}-{:02}", case.number, form.code, earlier + 1);
    let copies: Vec<(String, String)> = if r.copies.is_empty() {
        vec![("paper".to_owned(), String::new())]
    } else {
        r.copies.into_iter().map(|c| (c.kind, c.holder)).collect()
    };
    if let Some((kind, _)) = copies
        .iter()
        .find(|(k, _)| k != "paper" && k != "electronic")
    {
        return Err(ApiError::new("value_unknown_choice")
            .with("title", "份")
            .with("choice", kind.as_str()));
    }
    let ctx = house.ctx(&edition, now);
    let mut issue = Issue {
        document: DocumentId(new_id()),
        form: r.form.clone(),
        task: r.task.clone(),
        number: number.clone(),
        copies,
        content: String::new(),
        pages: 0,
    };
    let signed = desk.store.signed(&stream(case.id)).await?;
    // Refused before anything is drawn.
    give_out(&ctx, &case, &actor, &issue)?;
    let veil = Veil::paper(Sight::FULL, &edition, &case.values);
    let s = Surroundings {
        edition: &edition,
        name: &name,
        organisation: &house.organisation,
        veil: &veil,
        training: house.training,
        signed: &signed,
    };
    let mut filling = filling::filled(&form, &case, r.task.as_deref(), &s);
    number_and_code(&mut filling, &number, now)?;
    let fonts = desk.fonts()?;
    let laid = lay_out(&form, &filling, &fonts)?;
    let bytes = pdf(
        &laid,
        &fonts,
        &About {
            title: &form.title,
            created: now,
        },
    )?;
    issue.content = hex(&sha256(&bytes));
    issue.pages = u32::try_from(laid.pages.len()).unwrap_or(u32::MAX);
    let events = give_out(&ctx, &case, &actor, &issue)?;
    let kept = Some((issue.document, bytes.clone()));
    let beside = Beside {
        document: kept,
        ..Beside::default()
    };
    desk.append_case(&edition, &case, events, beside).await?;
    Ok(IssueResponse {
        document: issue.document.to_string(),
        number,
        pdf: bytes.into(),
        pages: laid.pages.len(),
    })
}

/// A document given out, with the case as it may be seen.
pub(crate) async fn issued(
    office: &Office,
    desk: &OpenOffice,
    eyes: Eyes<'_>,
    r: &DocumentRef,
) -> Result<(Seen, Issued), ApiError> {
    let unknown = || ApiError::new("unknown_document").with("document", r.document.as_str());
    let id: DocumentId = r.document.parse().map_err(|_| unknown())?;
    let case = desk.store.case_of_document(id).await?.ok_or_else(unknown)?;
    let seen = look(office, desk, eyes, &case.to_string(), r.why.as_deref())
        .await
        .map_err(|e| e.or_unknown(unknown))?;
    let documents = &seen.loaded.case.documents;
    let found = documents.iter().find(|d| d.id == id).cloned();
    Ok((seen, found.ok_or_else(unknown)?))
}

/// The PDF as it was given out.
pub(crate) async fn document_get(
    office: &Office,
    eyes: Eyes<'_>,
    r: DocumentRef,
) -> Result<DocumentResponse, ApiError> {
    let desk = office.desk().await?;
    let (seen, issued) = issued(office, &desk, eyes, &r).await?;
    let bytes = desk.store.document(issued.id).await?;
    let unknown = || ApiError::new("unknown_document").with("document", r.document.as_str());
    let bytes = bytes.ok_or_else(unknown)?;
    let case = Some(seen.loaded.case.id);
    let about = Some(r.document.as_str());
    note(
        office,
        &desk,
        eyes.person,
        "document",
        case,
        about,
        seen.whole()?,
    )
    .await?;
    Ok(DocumentResponse {
        number: issued.number,
        pdf: bytes.into(),
    })
}

/// The same page again, marked 补打; superseded ones say by what.
pub(crate) async fn document_reprint(
    office: &Office,
    eyes: Eyes<'_>,
    r: DocumentRef,
) -> Result<DocumentResponse, ApiError> {
    let desk = office.desk().await?;
    let (seen, issued) = issued(office, &desk, eyes, &r).await?;
    let why = seen.whole()?.to_owned();
    let loaded = seen.loaded;
    let house = desk.house().await;
    let name = |p| house.name(p);
    let form = form_of(&loaded.edition, &issued.form)?;
    let signed = desk.store.signed(&stream(loaded.case.id)).await?;
    let veil = Veil::paper(Sight::FULL, &loaded.edition, &loaded.case.values);
    let s = Surroundings {
        edition: &loaded.edition,
        name: &name,
        organisation: &house.organisation,
        veil: &veil,
        training: house.training,
        signed: &signed,
    };
    let fonts = desk.fonts()?;
    let laid = laid_then(&loaded, &issued, &s, Some(office.now()), &fonts)?;
    let bytes = pdf(
        &laid,
        &fonts,
        &About {
            title: &form.title,
            created: issued.at,
        },
    )?;
    let body = EventBody::Reprinted {
        document: issued.id,
    };
    let said = Values::from([(log::WHY.to_owned(), why.into())]);
    note_access(office, &desk, eyes.person, body, said).await?;
    Ok(DocumentResponse {
        number: issued.number,
        pdf: bytes.into(),
    })
}

/// A document's pages from the case as it stood when it was given out: its values are frozen by the log. Again at
/// a moment: marked 补打. Covered words keep the code of the full document.
pub(crate) fn laid_then(
    loaded: &Loaded,
    issued: &Issued,
    s: &Surroundings<'_>,
    again: Option<Moment>,
    fonts: &redress_paper::Fonts,
) -> Result<Laid, ApiError> {
    let form = form_of(&loaded.edition, &issued.form)?;
    let upto = loaded.events.iter().position(
        |e| matches!(&e.body, EventBody::Issued { document, .. } if *document == issued.id),
    );
    let then =
        redress_domain::case::Case::fold(&loaded.events[..upto.unwrap_or(loaded.events.len())]);
    let then = then.ok_or_else(|| ApiError::internal("document before its case"))?;
    let full = Veil::paper(Sight::FULL, &loaded.edition, &then.values);
    let open = Surroundings { veil: &full, ..*s };
    let mut told = filling::filled(&form, &then, issued.task.as_deref(), &open);
    number_and_code(&mut told, &issued.number, issued.at)?;
    let mut filling = filling::filled(&form, &then, issued.task.as_deref(), s);
    number_and_code(&mut filling, &issued.number, issued.at)?;
    filling.qr = told.qr;
    if let Some(at) = again {
        filling.marks.push(Mark::Reprint {
            at: words::moment(at),
        });
    }
    if let Some(by) = issued.superseded_by.clone() {
        filling.marks.push(Mark::Superseded { by });
    }
    Ok(lay_out(&form, &filling, fonts)?)
}

/// A paper of the house, of no procedure.
pub(crate) fn house_paper(
    desk: &OpenOffice,
    form: &str,
    filling: &Filling,
    now: Moment,
) -> Result<Vec<u8>, ApiError> {
    draw(desk, &shipped::house_form(form)?, filling, now)
}

/// A page of the house as PDF.
pub(crate) fn draw(
    desk: &OpenOffice,
    form: &Form,
    filling: &Filling,
    now: Moment,
) -> Result<Vec<u8>, ApiError> {
    let fonts = desk.fonts()?;
    let laid = lay_out(form, filling, &fonts)?;
    let about = About {
        title: &form.title,
        created: now,
    };
    Ok(pdf(&laid, &fonts, &about)?)
}

fn form_of(edition: &Arc<Edition>, id: &str) -> Result<Form, ApiError> {
    edition
        .form(id)
        .ok_or_else(|| ApiError::new("unknown_form").with("form", id))
}

/// The number, and the code that carries it with the hash of the frozen content.
/// The highest running number of a form's documents under a case: of those that it knows, and of those that were given
/// out after a backup that was restored.
fn last_of(case: &Case, form: &str, skipped: &BTreeMap<(CaseId, String), u32>) -> u32 {
    let own = case.documents.iter().filter(|d| d.form == form);
    let count = u32::try_from(own.clone().count()).unwrap_or(u32::MAX);
    let numbered = own.filter_map(|d| d.number.rsplit('-').next()?.parse().ok());
    let elsewhere = skipped.get(&(case.id, form.to_owned())).copied();
    numbered.chain(elsewhere).fold(count, u32::max)
}

fn number_and_code(filling: &mut Filling, number: &str, at: Moment) -> Result<(), ApiError> {
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
