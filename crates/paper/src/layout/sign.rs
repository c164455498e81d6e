//! Signature cells: label, opinion, internal approval, the line for ink, and room for the seal (G17).

use super::{
    rows::{close_row, height_of},
    words::Words,
};
use crate::{
    boxes::Item,
    page::{FINE, INNER, LABEL, LEADING, LEFT, PAD, Pen, SMALL_LEADING, TEXT},
    text::Line,
};
use redress_domain::form::{BY_DEFAULT, SignCell};

/// Free for ink, millimetres.
const INK: f32 = 12.0;
/// Free for the seal, each way.
const SEAL: f32 = 45.0;

struct Signed {
    /// That the signature is the product's and not the document's.
    mark: Vec<Line>,
    text: Vec<Line>,
    approval: Vec<Line>,
}

fn signed(pen: &Pen<'_>, cell: &SignCell, words: Words<'_>, width: f32) -> Signed {
    let seal = if cell.seal { SEAL } else { 0.0 };
    let said = words.say(&cell.text, "");
    let text = if said.trim().is_empty() {
        vec![]
    } else {
        pen.lines(said.trim(), TEXT, width - seal - 2.0 * PAD)
    };
    let find = |id: &str| {
        let own = words.own.signatures.get(id);
        own.or_else(|| words.outer.and_then(|o| o.signatures.get(id)))
    };
    let act = cell.act.split('|').find_map(find);
    let approval = act.map(internal);
    let room = width - seal - 2.0 * PAD;
    let approval = approval.map_or_else(Vec::new, |a| pen.lines(&a, FINE, room));
    let mark = if cell.default_note.is_empty() {
        vec![]
    } else {
        pen.lines(BY_DEFAULT, FINE, room)
    };
    Signed {
        mark,
        text,
        approval,
    }
}

/// Name, meaning, time and the signed hash's first characters (G17); an act that is no signature was handled by
/// somebody, no more.
fn internal(s: &redress_domain::form::Signature) -> String {
    let meaning = match s.meaning.as_str() {
        "" => "经办",
        meaning => meaning,
    };
    let code = match s.code.as_str() {
        "" => String::new(),
        code => format!("　签名 {code}"),
    };
    format!("{meaning}：{}　{}{code}", s.name, s.at)
}

fn sign_widths(pen: &Pen<'_>, cells: &[SignCell]) -> Vec<f32> {
    let share = |c: &SignCell| if c.seal { 1.6 } else { 1.0 };
    let total: f32 = cells.iter().map(share).sum();
    cells
        .iter()
        .map(|c| pen.measure() * share(c) / total)
        .collect()
}

/// How high a signature block will be.
pub(super) fn sign_height(pen: &Pen<'_>, cells: &[SignCell], words: Words<'_>) -> f32 {
    let widths = sign_widths(pen, cells);
    let tall = cells.iter().zip(&widths).map(|(c, w)| {
        let s = signed(pen, c, words, *w);
        // A line is kept free for the approval, or taken by the mark.
        let least = if s.mark.is_empty() {
            SMALL_LEADING
        } else {
            0.0
        };
        let approval = height_of(&s.approval, SMALL_LEADING).max(least);
        let said = height_of(&s.mark, SMALL_LEADING) + height_of(&s.text, LEADING);
        let body = PAD + LEADING + said + approval + INK + LEADING + PAD;
        if c.seal { body.max(SEAL) } else { body }
    });
    tall.fold(0.0, f32::max)
}

/// Signature cells side by side: label, opinion, internal approval, the line for ink, the date, and room for the seal.
pub(super) fn sign(pen: &mut Pen<'_>, cells: &[SignCell], words: Words<'_>) {
    let height = sign_height(pen, cells, words);
    pen.need(height);
    pen.begin_frame();
    let (y, bottom) = (pen.y, pen.y + height);
    let widths = sign_widths(pen, cells);
    let mut x = LEFT;
    for (cell, width) in cells.iter().zip(&widths) {
        if x > LEFT {
            pen.rule(x, y, x, bottom);
        }
        let s = signed(pen, cell, words, *width);
        let seal = if cell.seal { SEAL } else { 0.0 };
        let room = width - seal - 2.0 * PAD;
        let left = x + PAD;
        pen.put(&cell.label, left, y + PAD, room, LABEL);
        let under = y + PAD + LEADING;
        pen.set(&s.mark, left, under, room, FINE, 0.0, false);
        let under = under + height_of(&s.mark, SMALL_LEADING);
        pen.set(&s.text, left, under, room, TEXT, 0.0, false);
        let ink = bottom - PAD - LEADING;
        if !s.approval.is_empty() {
            let top = ink - INK - height_of(&s.approval, SMALL_LEADING);
            pen.set(&s.approval, left, top, room, FINE, 0.0, false);
        }
        pen.draw(Item::Line {
            x1: left,
            y1: ink - 1.0,
            x2: left + room.min(46.0),
            y2: ink - 1.0,
            weight: INNER,
            dashed: false,
        });
        pen.put("签字", left, ink - LEADING - 0.5, room, FINE);
        let date = pen.lines("年　　月　　日", TEXT, room);
        pen.set(&date, left, ink, room.min(46.0), TEXT, 1.0, false);
        if cell.seal {
            let words = pen.lines("（盖章）", FINE, SEAL);
            pen.set(
                &words,
                x + width - SEAL,
                bottom - SMALL_LEADING - 0.5,
                SEAL - PAD,
                FINE,
                1.0,
                false,
            );
        }
        x += width;
    }
    close_row(pen, height);
}
