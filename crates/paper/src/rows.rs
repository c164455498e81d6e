//! Rows of labelled cells inside a frame.

use crate::boxes::Item;
use crate::{
    line::Line,
    page::{LABEL, LEADING, LEFT, PAD, Pen, RIGHT, ROW, TEXT},
    words::Words,
};
use redress_domain::form::{Cell, Picked};

/// The widest label of all cells, so that columns line up down the page.
pub(crate) fn label_width<'c>(pen: &Pen<'_>, cells: impl Iterator<Item = &'c Cell>) -> f32 {
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
pub(crate) fn grid_row(pen: &mut Pen<'_>, row: &[Cell], words: Words<'_>, label: f32, after: f32) {
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
pub(crate) fn height_of(lines: &[Line], leading: f32) -> f32 {
    lines.len() as f32 * leading
}

fn head(pen: &mut Pen<'_>, labels: &[Line], x: f32, y: f32, width: f32, height: f32) {
    pen.tint(x, y, width, height);
    let top = y + (height - height_of(labels, LEADING)) / 2.0;
    pen.set(labels, x + PAD, top, width - 2.0 * PAD, LABEL, 0.5, false);
    pen.rule(x + width, y, x + width, y + height);
}

pub(crate) fn close_row(pen: &mut Pen<'_>, height: f32) {
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

/// Long text that flows over pages under its repeated label, marked （续）.
fn long_cell(pen: &mut Pen<'_>, cell: &Cell, words: Words<'_>, label: f32, after: f32) {
    let label = if cell.label.is_empty() { 0.0 } else { label };
    let room = pen.measure() - label - 2.0 * PAD;
    if words.blank() {
        ruled(pen, cell, label, after);
        return;
    }
    let said = words.say(&cell.long, "");
    let text = said.trim();
    let indented: Vec<String> = text
        .lines()
        .map(|l| format!("　　{}", l.trim_start()))
        .collect();
    let lines = if text.is_empty() {
        vec![]
    } else {
        pen.lines(&indented.join("\n"), TEXT, room)
    };
    // A row is at least as tall as its label.
    let titles = [cell.label.clone(), format!("{}（续）", cell.label)];
    let tall = |t: &String| match label > 0.0 {
        true => height_of(&pen.lines(t, LABEL, label - 2.0 * PAD), LEADING) + 2.0 * PAD,
        false => 0.0,
    };
    let [tall, tall_again] = [tall(&titles[0]), tall(&titles[1])];
    let least = (f32::from(cell.lines.max(1)) * LEADING + 2.0 * PAD).max(tall);
    let mut done = 0;
    let mut first = true;
    pen.begin_frame();
    while first || done < lines.len() {
        let left = lines.len() - done;
        let whole = (height_of(&lines[done..], LEADING) + 2.0 * PAD).max(if first {
            least
        } else {
            ROW.max(tall_again)
        });
        let take = if whole + after <= pen.room() {
            left
        } else {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "room is small and not negative"
            )]
            let fit = ((pen.room() - 2.0 * PAD) / LEADING).max(0.0) as usize;
            // At least two lines on either side, and two that stay with a signature.
            let keep = if left > 3 { left.saturating_sub(2) } else { 0 };
            fit.min(keep)
        };
        // Without a line of text the row itself stays with the signature.
        let bare = left == 0 && whole + after > pen.room();
        if bare && pen.y > crate::page::TOP + 20.0 {
            pen.new_page();
            continue;
        }
        if take < left && (take < 2 || pen.room() < ROW) {
            if pen.y <= crate::page::TOP + 20.0 && take == 0 {
                break;
            }
            pen.new_page();
            continue;
        }
        let height = if take == left {
            whole.max(ROW)
        } else {
            height_of(&lines[done..done + take], LEADING) + 2.0 * PAD
        };
        pen.need(height);
        let y = pen.y;
        if label > 0.0 {
            let labels = pen.lines(&titles[usize::from(!first)], LABEL, label - 2.0 * PAD);
            head(pen, &labels, LEFT, y, label, height);
        }
        pen.set(
            &lines[done..done + take],
            LEFT + label + PAD,
            y + PAD,
            room,
            TEXT,
            0.0,
            true,
        );
        close_row(pen, height);
        done += take;
        first = false;
        if done < lines.len() {
            pen.new_page();
        }
    }
}

fn dash(pen: &mut Pen<'_>, x1: f32, y: f32, x2: f32) {
    pen.draw(Item::Line {
        x1,
        y1: y,
        x2,
        y2: y,
        weight: 0.25,
        dashed: true,
    });
}

/// Lines across the page, to write on.
pub(crate) fn write_here(pen: &mut Pen<'_>, lines: u8) {
    pen.need(f32::from(lines) * ROW);
    for _ in 0..lines {
        pen.y += ROW;
        dash(pen, LEFT, pen.y, pen.width - RIGHT);
    }
    pen.y += PAD;
}

/// A blank's free text: lines to write on.
fn ruled(pen: &mut Pen<'_>, cell: &Cell, label: f32, after: f32) {
    let count = cell.lines.max(3);
    let height = f32::from(count) * ROW;
    pen.need(height + after);
    pen.begin_frame();
    let y = pen.y;
    if label > 0.0 {
        let labels = pen.lines(&cell.label, LABEL, label - 2.0 * PAD);
        head(pen, &labels, LEFT, y, label, height);
    }
    let from = LEFT + label + PAD;
    for n in 1..count {
        dash(pen, from, y + f32::from(n) * ROW, pen.width - RIGHT - PAD);
    }
    close_row(pen, height);
}
