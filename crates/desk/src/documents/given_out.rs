//! A document as it was given out, and its reprint.

use crate::{
    access::{
        log::{self, note, note_access},
        look::{Seen, look},
    },
    documents::{
        filling::{self, Surroundings},
        issue::number_and_code,
        preview::form_of,
    },
    masking::mask::Mask,
    office::{
        handle::{Office, OpenOffice},
        load::{Loaded, stream},
        session::Eyes,
    },
    text::{error::ApiError, file::FileOut, words},
};
use redress_domain::{
    case::Issued, clock::Moment, event::EventBody, form::Mark, id::DocumentId, sight::Sight,
    value::Values,
};
use redress_paper::{About, Laid, lay_out, pdf};
use redress_store::Store;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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

/// A document given out, with the case as it may be seen.
pub(crate) async fn issued(
    office: &Office,
    open: &OpenOffice,
    eyes: Eyes<'_>,
    r: &DocumentRef,
) -> Result<(Seen, Issued), ApiError> {
    let unknown = || ApiError::new("unknown_document").with("document", r.document.as_str());
    let id: DocumentId = r.document.parse().map_err(|_| unknown())?;
    let case = open.store.case_of_document(id).await?.ok_or_else(unknown)?;
    let seen = look(office, open, eyes, &case.to_string(), r.why.as_deref())
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
    let open = office.open_office().await?;
    let (seen, issued) = issued(office, &open, eyes, &r).await?;
    let bytes = open.store.document(issued.id).await?;
    let unknown = || ApiError::new("unknown_document").with("document", r.document.as_str());
    let bytes = bytes.ok_or_else(unknown)?;
    let case = Some(seen.loaded.case.id);
    let about = Some(r.document.as_str());
    note(
        office,
        &open,
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
    let open = office.open_office().await?;
    let (seen, issued) = issued(office, &open, eyes, &r).await?;
    let why = seen.whole()?.to_owned();
    let loaded = seen.loaded;
    let state = open.state().await;
    let name = |p| state.name(p);
    let form = form_of(&loaded.edition, &issued.form)?;
    let signed = open.store.signed(&stream(loaded.case.id)).await?;
    let mask = Mask::paper(Sight::FULL, &loaded.edition, &loaded.case.values);
    let s = Surroundings {
        edition: &loaded.edition,
        name: &name,
        organisation: &state.organisation,
        mask: &mask,
        training: state.training,
        signed: &signed,
    };
    let fonts = open.fonts()?;
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
    note_access(office, &open, eyes.person, body, said).await?;
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
    let full = Mask::paper(Sight::FULL, &loaded.edition, &then.values);
    let open = Surroundings { mask: &full, ..*s };
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
