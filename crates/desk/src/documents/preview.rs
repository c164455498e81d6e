//! A form before it is given out: laid out, as a preview, as a blank.

use crate::{
    access::{log::note, look::look},
    documents::filling::{self, Surroundings},
    masking::mask::Mask,
    office::{
        handle::{Office, OpenOffice},
        load::stream,
        session::Eyes,
    },
    text::{error::ApiError, file::FileOut},
};
use redress_domain::{
    form::{Filling, Form, Mark},
    id::CaseId,
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

struct Prepared {
    form: Form,
    filling: Filling,
    /// The case, and why it is printed; none for a blank.
    of: Option<(CaseId, Option<String>)>,
}

async fn prepare(
    office: &Office,
    open: &OpenOffice,
    eyes: Eyes<'_>,
    r: &FormRequest,
) -> Result<Prepared, ApiError> {
    let state = open.state().await;
    let name = |p| state.name(p);
    let seen = match &r.case {
        Some(case) => Some(look(office, open, eyes, case, r.why.as_deref()).await?),
        None => None,
    };
    let (loaded, sight) = (
        seen.as_ref().map(|s| &s.loaded),
        seen.as_ref().map_or(Sight::FULL, |s| s.sight),
    );
    let signed = match loaded {
        Some(l) => open.store.signed(&stream(l.case.id)).await?,
        None => BTreeMap::new(),
    };
    let edition = match (loaded, &r.procedure) {
        (Some(l), _) => l.edition.clone(),
        (None, Some(p)) => open.newest(p)?,
        (None, None) => open
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
    let mask = Mask::paper(sight, &edition, loaded.map_or(&none, |l| &l.case.values));
    let s = Surroundings {
        edition: &edition,
        name: &name,
        organisation: &state.organisation,
        mask: &mask,
        training: state.training,
        signed: &signed,
    };
    let filling = match (loaded, r.variant) {
        (None, _) | (_, Variant::Blank) => filling::blank(&s),
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
    let open = office.open_office().await?;
    let p = prepare(office, &open, eyes, &r).await?;
    let fonts = open.fonts()?;
    Ok(lay_out(&p.form, &p.filling, &fonts)?)
}

/// A preview or a blank as PDF; printing from a case is kept in the access stream.
pub(crate) async fn form_render(
    office: &Office,
    eyes: Eyes<'_>,
    r: FormRequest,
) -> Result<RenderResponse, ApiError> {
    let open = office.open_office().await?;
    let p = prepare(office, &open, eyes, &r).await?;
    if let Some((case, why)) = p.of.as_ref().filter(|_| r.variant != Variant::Blank) {
        let why = why.as_deref().ok_or_else(|| ApiError::new("why_needed"))?;
        let form = Some(r.form.as_str());
        note(office, &open, eyes.person, "print", Some(*case), form, why).await?;
    }
    let fonts = open.fonts()?;
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
    let fonts = office.open_office().await?.fonts()?;
    let line = |c: char| GlyphLine {
        code: format!("U+{:04X}", u32::from(c)),
        character: c.to_string(),
    };
    let missing = fonts.lacking(&r.text).into_iter().map(line).collect();
    Ok(GlyphsResponse { missing })
}

pub(crate) fn form_of(edition: &Arc<Edition>, id: &str) -> Result<Form, ApiError> {
    edition
        .form(id)
        .ok_or_else(|| ApiError::new("unknown_form").with("form", id))
}
