//! Boxes to PDF: subset fonts, printpdf's operations, the archive step, the same bytes every time.

use crate::{
    archive,
    boxes::{Item, Laid, Page},
    fonts::{Fonts, PaperError},
    page::PT,
};
use chrono::{DateTime, FixedOffset};
use printpdf::{
    Codepoint, Color, DictItem, FontId, FontMetrics, Greyscale, Line, LineDashPattern, LinePoint,
    Mm, OffsetDateTime, Op, PaintMode, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfSaveOptions, Point, Pt, Rect, TextItem, TextMatrix,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

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
            operations(page, laid.height, &ids),
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

/// What of a font a document draws: characters by their own glyph, and glyphs of shaped text.
#[derive(Default)]
struct Used {
    chars: BTreeSet<char>,
    glyphs: BTreeSet<u16>,
}

fn used(laid: &Laid) -> BTreeMap<u8, Used> {
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
struct Subset {
    font: ParsedFont,
    ids: BTreeMap<u16, u16>,
}

fn subset(fonts: &Fonts, font: u8, used: &Used) -> Result<Subset, PaperError> {
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
    let bounds = face.metrics.bounds.unwrap_or_default();
    let m = &mut parsed.pdf_font_metrics;
    (m.x_min, m.y_min) = (bounds.x_min as i16, bounds.y_min as i16);
    (m.x_max, m.y_max) = (bounds.x_max as i16, bounds.y_max as i16);
    m.us_weight_class = face.weight;
    Ok(Subset { font: parsed, ids })
}

/// A font of the document: its name there, and the numbers that its glyphs have there.
struct Face {
    id: FontId,
    ids: BTreeMap<u16, u16>,
}

fn grey(level: f32) -> Color {
    Color::Greyscale(Greyscale {
        percent: level,
        icc_profile: None,
    })
}

fn operations(page: &Page, height: f32, ids: &BTreeMap<u8, Face>) -> Vec<Op> {
    let point = |x: f32, y: f32| LinePoint {
        p: Point {
            x: Pt(x * PT),
            y: Pt((height - y) * PT),
        },
        bezier: false,
    };
    let mut ops = vec![Op::SetOutlineColor { col: grey(0.0) }];
    let (marks, body): (Vec<&Item>, Vec<&Item>) = page
        .items
        .iter()
        .partition(|i| matches!(i, Item::Text { angle, .. } if *angle != 0.0));
    text(&mut ops, &marks, height, ids);
    let mut level = -1.0_f32;
    let mut weight_now = -1.0_f32;
    let weigh = |ops: &mut Vec<Op>, weight: f32, now: &mut f32| {
        if weight != *now {
            ops.push(Op::SetOutlineThickness { pt: Pt(weight) });
            *now = weight;
        }
    };
    // Tints first, so that no fill covers a line.
    for item in &body {
        if let Item::Fill {
            x,
            y,
            width,
            height: h,
            grey: g,
        } = item
        {
            if *g != level {
                ops.push(Op::SetFillColor { col: grey(*g) });
                level = *g;
            }
            ops.push(Op::DrawRectangle {
                rectangle: Rect {
                    x: Pt(x * PT),
                    y: Pt((height - y - h) * PT),
                    width: Pt(width * PT),
                    height: Pt(h * PT),
                    mode: Some(PaintMode::Fill),
                    winding_order: None,
                },
            });
        }
    }
    for item in &body {
        match item {
            Item::Line {
                x1,
                y1,
                x2,
                y2,
                weight,
                dashed,
            } => {
                weigh(&mut ops, *weight, &mut weight_now);
                if *dashed {
                    ops.push(Op::SetLineDashPattern {
                        dash: LineDashPattern {
                            pattern: [4.0, 3.0].into_iter().collect(),
                            ..LineDashPattern::default()
                        },
                    });
                }
                let points = vec![point(*x1, *y1), point(*x2, *y2)];
                ops.push(Op::DrawLine {
                    line: Line {
                        points,
                        is_closed: false,
                    },
                });
                if *dashed {
                    ops.push(Op::SetLineDashPattern {
                        dash: LineDashPattern::default(),
                    });
                }
            }
            Item::Stroke {
                points,
                weight,
                closed,
            } => {
                weigh(&mut ops, *weight, &mut weight_now);
                let points = points.iter().map(|(x, y)| point(*x, *y)).collect();
                ops.push(Op::DrawLine {
                    line: Line {
                        points,
                        is_closed: *closed,
                    },
                });
            }
            Item::Fill { .. } | Item::Text { .. } => {}
        }
    }
    text(&mut ops, &body, height, ids);
    ops
}

/// Shaped text, glyph by glyph. It is copied as the words that it is: read from the left as a whole, from the right
/// letter by letter, because readers of a PDF turn round what stands from right to left.
fn shaped(ops: &mut Vec<Op>, item: &Item, height: f32, ids: &BTreeMap<u16, u16>) {
    let Item::Text {
        x, y, text, drawn, ..
    } = item
    else {
        return;
    };
    let each = text.chars().any(from_right);
    let mut open = false;
    for (n, one) in drawn.iter().enumerate() {
        if n == 0 || (each && !one.text.is_empty()) {
            if open {
                ops.push(Op::EndMarkedContentWithProperties);
            }
            ops.push(Op::BeginMarkedContentWithProperties {
                tag: "Span".to_owned(),
                properties: actual_text(if each { &one.text } else { text }),
            });
            open = true;
        }
        ops.push(Op::SetTextMatrix {
            matrix: TextMatrix::Translate(Pt((x + one.x) * PT), Pt((height - y + one.rise) * PT)),
        });
        let id = ids.get(&one.id).copied().unwrap_or_default();
        let glyph = Codepoint::with_cid(id, 0.0, one.text.clone());
        ops.push(Op::ShowText {
            items: vec![TextItem::GlyphIds(vec![glyph])],
        });
    }
    if open {
        ops.push(Op::EndMarkedContentWithProperties);
    }
}

fn from_right(c: char) -> bool {
    use unicode_bidi::BidiClass::{AL, R};
    matches!(unicode_bidi::bidi_class(c), AL | R)
}

/// The words for which the glyphs of a span stand.
fn actual_text(text: &str) -> DictItem {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    let data = units.flat_map(u16::to_be_bytes).collect();
    let words = DictItem::String {
        data,
        literal: false,
    };
    DictItem::Dict {
        map: BTreeMap::from([("ActualText".to_owned(), words)]),
    }
}

fn text(ops: &mut Vec<Op>, items: &[&Item], height: f32, ids: &BTreeMap<u8, Face>) {
    if !items.iter().any(|i| matches!(i, Item::Text { .. })) {
        return;
    }
    ops.push(Op::StartTextSection);
    let mut now: (Option<u8>, f32, f32, f32) = (None, 0.0, 0.0, -1.0);
    for item in items {
        let Item::Text {
            x,
            y,
            size,
            font,
            text,
            spacing,
            grey: level,
            angle,
            drawn,
            ..
        } = item
        else {
            continue;
        };
        let Some(Face { id, ids }) = ids.get(font) else {
            continue;
        };
        if now.3 != *level {
            ops.push(Op::SetFillColor { col: grey(*level) });
        }
        if now.0 != Some(*font) || now.1 != *size {
            ops.push(Op::SetFont {
                font: PdfFontHandle::External(id.clone()),
                size: Pt(*size),
            });
        }
        if now.2 != *spacing {
            ops.push(Op::SetCharacterSpacing {
                multiplier: *spacing,
            });
        }
        now = (Some(*font), *size, *spacing, *level);
        shaped(ops, item, height, ids);
        if !drawn.is_empty() {
            continue;
        }
        let (left, base) = (Pt(x * PT), Pt((height - y) * PT));
        let matrix = if *angle == 0.0 {
            TextMatrix::Translate(left, base)
        } else {
            TextMatrix::TranslateRotate(left, base, *angle)
        };
        ops.push(Op::SetTextMatrix { matrix });
        ops.push(Op::ShowText {
            items: vec![TextItem::Text(text.clone())],
        });
    }
    ops.push(Op::EndTextSection);
}
