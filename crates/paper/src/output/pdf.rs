//! Boxes to PDF: subset fonts, printpdf's operations, the archive step, the same bytes every time.

use super::{
    archive,
    operations::{Face, operations},
    subset::{subset, used},
};
use crate::{
    boxes::Laid,
    text::{Fonts, PaperError},
};
use chrono::{DateTime, FixedOffset};
use printpdf::{FontId, Mm, OffsetDateTime, PdfDocument, PdfFont, PdfPage, PdfSaveOptions};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What a PDF says of itself.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The form's title.
    pub title: &'a str,
    /// When it was made.
    pub created: DateTime<FixedOffset>,
}

/// Writes laid-out pages as PDF/A-1b. The same boxes give the same bytes.
///
/// # Errors
/// A font that cannot be subset, or a tree that is not as printpdf makes it.
pub fn pdf(laid: &Laid, fonts: &Fonts, about: &About<'_>) -> Result<Vec<u8>, PaperError> {
    let mut doc = PdfDocument::new(about.title);
    let info = &mut doc.metadata.info;
    info.document_title = about.title.to_owned();
    info.producer = "printpdf".to_owned();
    info.creator = "Redress".to_owned();
    let seconds = about.created.timestamp();
    let when = OffsetDateTime::from_unix_timestamp(seconds)
        .map_err(|e| PaperError::Pdf(format!("{e:?}")))?;
    (
        info.creation_date,
        info.modification_date,
        info.metadata_date,
    ) = (when, when, when);
    let mut ids = BTreeMap::new();
    for (font, used) in used(laid) {
        let id = FontId(format!("F{font}"));
        let subset = subset(fonts, font, &used)?;
        let one = PdfFont::new(subset.font);
        doc.resources.fonts.map.insert(id.clone(), one);
        ids.insert(
            font,
            Face {
                id,
                ids: subset.ids,
            },
        );
    }
    for page in &laid.pages {
        doc.pages.push(PdfPage::new(
            Mm(laid.width),
            Mm(laid.height),
            operations(page, laid.height, &ids)?,
        ));
    }
    let mut tree = doc.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
    let utc = about
        .created
        .with_timezone(&chrono::Utc)
        .format("%Y-%m-%dT%H:%M:%S+00:00")
        .to_string();
    let mut seed = Sha256::new();
    seed.update(format!("{}{utc}{laid:?}", about.title));
    let digest: [u8; 32] = seed.finalize().into();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    archive::conform(&mut tree, about.title, &utc, &id)?;
    archive::deflate(&mut tree)?;
    let mut out = Vec::new();
    tree.save_to(&mut out)
        .map_err(|e| PaperError::Pdf(e.to_string()))?;
    Ok(out)
}
