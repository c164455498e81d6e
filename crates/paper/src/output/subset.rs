//! A font with only what a document uses of it, and a name that says so.

use crate::{
    boxes::{Item, Laid},
    text::{Fonts, PaperError},
};
use printpdf::{FontMetrics, ParsedFont};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What of a font a document draws: characters by their own glyph, and glyphs of shaped text.
#[derive(Default)]
pub(super) struct Used {
    chars: BTreeSet<char>,
    glyphs: BTreeSet<u16>,
}

/// What is used of each font of the chain.
pub(super) fn used(laid: &Laid) -> BTreeMap<u8, Used> {
    let mut all: BTreeMap<u8, Used> = BTreeMap::new();
    for item in laid.pages.iter().flat_map(|p| &p.items) {
        if let Item::Text {
            font, text, drawn, ..
        } = item
        {
            let used = all.entry(*font).or_default();
            if drawn.is_empty() {
                used.chars.extend(text.chars());
            } else {
                used.glyphs.extend(drawn.iter().map(|d| d.id));
            }
        }
    }
    all
}

/// Six capitals from what is used: the subset's tag, the same for the same text.
fn tag(used: &Used) -> String {
    let mut text: String = used.chars.iter().collect();
    for id in &used.glyphs {
        text.push_str(&format!(" {id}"));
    }
    Sha256::digest(text.as_bytes())
        .iter()
        .take(6)
        .map(|b| char::from(b'A' + b % 26))
        .collect()
}

/// A font with only what is used of it, and the number that each of its glyphs has there.
pub(super) struct Subset {
    pub(super) font: ParsedFont,
    pub(super) ids: BTreeMap<u16, u16>,
}

pub(super) fn subset(fonts: &Fonts, font: u8, used: &Used) -> Result<Subset, PaperError> {
    let source = &fonts.faces[usize::from(font)];
    let face = fonts.face(usize::from(font));
    let broken = |e: String| PaperError::FontBroken(source.name.clone(), e);
    let mut glyphs: BTreeSet<u16> = used.chars.iter().filter_map(|c| face.glyph(*c)).collect();
    glyphs.extend(&used.glyphs);
    let glyphs: Vec<u16> = glyphs.into_iter().collect();
    let map = subsetter::GlyphRemapper::new_from_glyphs_sorted(&glyphs);
    let bytes = subsetter::subset(&source.bytes, 0, &map).map_err(|e| broken(e.to_string()))?;
    let mut cmap = BTreeMap::new();
    let mut widths = BTreeMap::from([(0, 1000)]);
    let mut ids = BTreeMap::new();
    for old in glyphs {
        let Some(new) = map.get(old) else { continue };
        widths.insert(new, face.advance(old).map_or(1000, |w| w as u16));
        ids.insert(old, new);
    }
    for c in &used.chars {
        let new = face.glyph(*c).and_then(|old| ids.get(&old));
        if let Some(new) = new {
            cmap.insert(u32::from(*c), *new);
        }
    }
    let metrics = FontMetrics {
        ascent: face.metrics.ascent as i16,
        descent: face.metrics.descent as i16,
    };
    let name = Some(format!("{}+{}", tag(used), source.name));
    let mut parsed = ParsedFont::with_glyph_data(
        bytes,
        0,
        name,
        cmap,
        widths,
        face.metrics.units_per_em,
        metrics,
    );
    // A font that does not say how far its glyphs reach is embedded as one that reaches nowhere: readers look at them.
    let bounds = face.metrics.bounds.unwrap_or_default();
    let m = &mut parsed.pdf_font_metrics;
    (m.x_min, m.y_min) = (bounds.x_min as i16, bounds.y_min as i16);
    (m.x_max, m.y_max) = (bounds.x_max as i16, bounds.y_max as i16);
    m.us_weight_class = face.weight;
    Ok(Subset { font: parsed, ids })
}
