//! Rows of labelled cells inside a frame.

use super::{long::long_cell, words::Words};
use crate::{
    page::{LABEL, LEADING, LEFT, PAD, Pen, RIGHT, ROW, TEXT},
    text::Line,
};
use redress_domain::form::{Cell, Picked};

/// The widest label of all cells, so that columns line up down the page.
pub(super) fn label_width<'c>(pen: &Pen<'_>, cells: impl Iterator<Item = &'c Cell>) -> f32 {
    let widest = cells
        .map(|c| pen.width_of(&c.label, LABEL))
        .fold(0.0, f32::max);
    (widest + 2.0 * PAD).clamp(18.0, 30.0)
}

enum Content<'a> {
    Lines(Vec<Line>),
    Options(Vec<Vec<(f32, &'a Picked)>>),
}

/// One row of labelled cells. `after`: room that must be left below, for a signature block.
pub(super) fn grid_row(pen: &mut Pen<'_>, row: &[Cell], words: Words<'_>, label: f32, after: f32) {
    if let [cell] = row
        && !cell.long.is_empty()
    {
        long_cell(pen, cell, words, label, after);
        return;
    }
    let parts: f32 = row.iter().map(|c| f32::from(c.span)).sum();
    let unit = pen.measure() / parts.max(1.0);
    let mut x = LEFT;
    let mut laid = Vec::new();
    let mut height = ROW;
    for cell in row {
        let width = unit * f32::from(cell.span);
        let (cell, own) = lay_cell(pen, cell, words, (x, width), label);
        height = height.max(own);
        laid.push(cell);
        x += width;
    }
    pen.need(height + after);
    pen.begin_frame();
    let y = pen.y;
    for cell in laid {
        if cell.x > LEFT {
            pen.rule(cell.x, y, cell.x, y + height);
        }
        draw_cell(pen, &cell, y, height);
    }
    close_row(pen, height);
}

/// A cell whose words are broken into lines.
struct Laid<'a> {
    x: f32,
    width: f32,
    /// Width of the label; none where it has no label.
    label: f32,
    labels: Vec<Line>,
    content: Content<'a>,
}

/// Breaks a cell's words into lines; with the height that it needs.
fn lay_cell<'a>(
    pen: &Pen<'_>,
    cell: &Cell,
    words: Words<'a>,
    (x, width): (f32, f32),
    label: f32,
) -> (Laid<'a>, f32) {
    let label = if cell.label.is_empty() {
        0.0
    } else {
        label.min(width * 0.5)
    };
    let labels = pen.lines(&cell.label, LABEL, label - 2.0 * PAD);
    let room = width - label - 2.0 * PAD;
    let content = if cell.choice.is_empty() {
        let text = if cell.long.is_empty() {
            &cell.text
        } else {
            &cell.long
        };
        Content::Lines(pen.lines(words.say(text, "").trim(), TEXT, room))
    } else {
        Content::Options(wrap(pen, words.options(&cell.choice), room))
    };
    let count = match &content {
        Content::Lines(l) => l.len(),
        Content::Options(o) => o.len(),
    };
    let label_lines = if label > 0.0 { labels.len() } else { 0 };
    let count = count.max(label_lines).max(usize::from(cell.lines));
    #[expect(clippy::cast_precision_loss, reason = "a cell has few lines")]
    let height = count as f32 * LEADING + 2.0 * PAD;
    let laid = Laid {
        x,
        width,
        label,
        labels,
        content,
    };
    (laid, height)
}

fn draw_cell(pen: &mut Pen<'_>, cell: &Laid<'_>, y: f32, height: f32) {
    if cell.label > 0.0 {
        head(pen, &cell.labels, cell.x, y, cell.label, height);
    }
    let (left, room) = (
        cell.x + cell.label + PAD,
        cell.width - cell.label - 2.0 * PAD,
    );
    match &cell.content {
        Content::Lines(l) => {
            let top = y + (height - height_of(l, LEADING)) / 2.0;
            pen.set(l, left, top, room, TEXT, 0.0, false);
        }
        Content::Options(rows) => {
            #[expect(clippy::cast_precision_loss, reason = "few rows of options")]
            let mut middle = y + (height - rows.len() as f32 * LEADING) / 2.0 + LEADING / 2.0;
            for row in rows {
                for (dx, option) in row {
                    pen.check(left + dx, middle, option.picked);
                    let top = middle - LEADING / 2.0;
                    pen.put(&option.title, left + dx + 4.2, top, room, TEXT);
                }
                middle += LEADING;
            }
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "texts have fewer lines than a float has integers"
)]
pub(super) fn height_of(lines: &[Line], leading: f32) -> f32 {
    lines.len() as f32 * leading
}

/// A cell's label, tinted, with the rule between it and its words.
pub(super) fn head(pen: &mut Pen<'_>, labels: &[Line], x: f32, y: f32, width: f32, height: f32) {
    pen.tint(x, y, width, height);
    let top = y + (height - height_of(labels, LEADING)) / 2.0;
    pen.set(labels, x + PAD, top, width - 2.0 * PAD, LABEL, 0.5, false);
    pen.rule(x + width, y, x + width, y + height);
}

pub(super) fn close_row(pen: &mut Pen<'_>, height: f32) {
    pen.y += height;
    let right = pen.width - RIGHT;
    let y = pen.y;
    pen.rule(LEFT, y, right, y);
}

/// Options in rows; a box and its words never part.
fn wrap<'p>(pen: &Pen<'_>, options: &'p [Picked], room: f32) -> Vec<Vec<(f32, &'p Picked)>> {
    let mut rows: Vec<Vec<(f32, &Picked)>> = vec![vec![]];
    let mut x = 0.0;
    for option in options {
        let width = 4.2 + pen.width_of(&option.title, TEXT);
        if x > 0.0 && x + width > room {
            rows.push(vec![]);
            x = 0.0;
        }
        if let Some(row) = rows.last_mut() {
            row.push((x, option));
        }
        x += width + 4.0;
    }
    rows
}
