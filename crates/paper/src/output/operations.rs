//! The boxes of one page as printpdf's operations. A colour, a weight or a font is said where it changes.

use crate::{
    boxes::{Item, PT, Page},
    text::PaperError,
};
use printpdf::{
    Codepoint, Color, DictItem, FontId, Greyscale, Line, LineDashPattern, LinePoint, Op, PaintMode,
    PdfFontHandle, Point, Pt, Rect, TextItem, TextMatrix,
};
use std::collections::BTreeMap;

/// A font of the document: its name there, and the numbers that its glyphs have there.
pub(super) struct Face {
    pub(super) id: FontId,
    pub(super) ids: BTreeMap<u16, u16>,
}

fn grey(level: f32) -> Color {
    Color::Greyscale(Greyscale {
        percent: level,
        icc_profile: None,
    })
}

/// Marks, which lie below everything, then tints, so that no fill covers a line, then lines, then words.
pub(super) fn operations(
    page: &Page,
    height: f32,
    faces: &BTreeMap<u8, Face>,
) -> Result<Vec<Op>, PaperError> {
    let mut ops = vec![Op::SetOutlineColor { col: grey(0.0) }];
    let (marks, body): (Vec<&Item>, Vec<&Item>) = page
        .items
        .iter()
        .partition(|i| matches!(i, Item::Text { angle, .. } if *angle != 0.0));
    text(&mut ops, &marks, height, faces)?;
    fills(&mut ops, &body, height);
    lines(&mut ops, &body, height);
    text(&mut ops, &body, height, faces)?;
    Ok(ops)
}

fn fills(ops: &mut Vec<Op>, items: &[&Item], page: f32) {
    let mut level = -1.0_f32;
    for item in items {
        let Item::Fill {
            x,
            y,
            width,
            height,
            grey: own,
        } = item
        else {
            continue;
        };
        if *own != level {
            ops.push(Op::SetFillColor { col: grey(*own) });
            level = *own;
        }
        ops.push(Op::DrawRectangle {
            rectangle: Rect {
                x: Pt(x * PT),
                y: Pt((page - y - height) * PT),
                width: Pt(width * PT),
                height: Pt(height * PT),
                mode: Some(PaintMode::Fill),
                winding_order: None,
            },
        });
    }
}

/// Rules and frames in their order.
fn lines(ops: &mut Vec<Op>, items: &[&Item], height: f32) {
    let mut now = -1.0_f32;
    for item in items {
        let (points, weight, dashed, is_closed) = match item {
            Item::Line {
                x1,
                y1,
                x2,
                y2,
                weight,
                dashed,
            } => (vec![(*x1, *y1), (*x2, *y2)], *weight, *dashed, false),
            Item::Stroke {
                points,
                weight,
                closed,
            } => (points.clone(), *weight, false, *closed),
            Item::Fill { .. } | Item::Text { .. } => continue,
        };
        if weight != now {
            ops.push(Op::SetOutlineThickness { pt: Pt(weight) });
            now = weight;
        }
        let points = points.into_iter().map(|(x, y)| LinePoint {
            p: Point {
                x: Pt(x * PT),
                y: Pt((height - y) * PT),
            },
            bezier: false,
        });
        let line = Op::DrawLine {
            line: Line {
                points: points.collect(),
                is_closed,
            },
        };
        if dashed {
            ops.extend([dash([4.0, 3.0].to_vec()), line, dash(vec![])]);
        } else {
            ops.push(line);
        }
    }
}

/// From here on lines are dashed so; without lengths they are whole again.
fn dash(lengths: Vec<f32>) -> Op {
    Op::SetLineDashPattern {
        dash: LineDashPattern {
            pattern: lengths.into_iter().collect(),
            ..LineDashPattern::default()
        },
    }
}

/// Shaped text, glyph by glyph. It is copied as the words that it is: read from the left as a whole, from the right
/// letter by letter, because readers of a PDF turn round what stands from right to left.
fn shaped(
    ops: &mut Vec<Op>,
    item: &Item,
    height: f32,
    ids: &BTreeMap<u16, u16>,
) -> Result<(), PaperError> {
    let Item::Text {
        x, y, text, drawn, ..
    } = item
    else {
        return Ok(());
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
        let id = ids.get(&one.id).ok_or_else(|| not_embedded(one.id))?;
        let glyph = Codepoint::with_cid(*id, 0.0, one.text.clone());
        ops.push(Op::ShowText {
            items: vec![TextItem::GlyphIds(vec![glyph])],
        });
    }
    if open {
        ops.push(Op::EndMarkedContentWithProperties);
    }
    Ok(())
}

/// A font or a glyph that is drawn and was not embedded: another sign would stand in its place.
fn not_embedded(what: impl std::fmt::Display) -> PaperError {
    PaperError::Pdf(format!("{what} is not embedded"))
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

fn text(
    ops: &mut Vec<Op>,
    items: &[&Item],
    height: f32,
    faces: &BTreeMap<u8, Face>,
) -> Result<(), PaperError> {
    if !items.iter().any(|i| matches!(i, Item::Text { .. })) {
        return Ok(());
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
        let Face { id, ids } = faces.get(font).ok_or_else(|| not_embedded(font))?;
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
        shaped(ops, item, height, ids)?;
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
    Ok(())
}
