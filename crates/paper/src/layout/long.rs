//! A cell of long text: it flows over pages under its repeated label; a blank has lines to write on instead.

use super::{
    rows::{close_row, head, height_of},
    words::Words,
};
use crate::{
    boxes::Item,
    page::{LABEL, LEADING, LEFT, PAD, Pen, RIGHT, ROW, TEXT, TOP},
    text::Line,
};
use redress_domain::form::Cell;

/// Long text that flows over pages under its repeated label, marked （续）.
pub(super) fn long_cell(pen: &mut Pen<'_>, cell: &Cell, words: Words<'_>, label: f32, after: f32) {
    let label = if cell.label.is_empty() { 0.0 } else { label };
    if words.blank() {
        ruled(pen, cell, label, after);
    } else {
        Long::lay(pen, cell, &words.say(&cell.long, ""), label, after).draw(pen);
    }
}

/// A long text, broken into lines.
struct Long {
    /// Width of the label; none where the cell has no label.
    label: f32,
    /// The label, and how it is repeated.
    titles: [Vec<Line>; 2],
    /// How high the first part is at least, and every other one.
    least: [f32; 2],
    lines: Vec<Line>,
    /// Room that must be left below the last line, for a signature block.
    after: f32,
}

/// What comes next of a long text.
enum Next {
    /// So many lines on this page, in a row so high.
    Part(usize, f32),
    /// Nothing more fits on this page.
    Turn,
    /// Not a line fits on a whole page.
    Never,
}

impl Long {
    fn lay(pen: &Pen<'_>, cell: &Cell, said: &str, label: f32, after: f32) -> Self {
        let titles = [cell.label.clone(), format!("{}（续）", cell.label)];
        let titles = titles.map(|t| pen.lines(&t, LABEL, label - 2.0 * PAD));
        // A row is at least as tall as its label.
        let tall = |t: &[Line]| match label > 0.0 {
            true => height_of(t, LEADING) + 2.0 * PAD,
            false => 0.0,
        };
        let asked = f32::from(cell.lines.max(1)) * LEADING + 2.0 * PAD;
        let least = [asked.max(tall(&titles[0])), ROW.max(tall(&titles[1]))];
        let text = said.trim();
        let indented: Vec<String> = text
            .lines()
            .map(|l| format!("　　{}", l.trim_start()))
            .collect();
        let lines = if text.is_empty() {
            vec![]
        } else {
            let room = pen.measure() - label - 2.0 * PAD;
            pen.lines(&indented.join("\n"), TEXT, room)
        };
        Self {
            label,
            titles,
            least,
            lines,
            after,
        }
    }

    fn draw(&self, pen: &mut Pen<'_>) {
        let mut done = 0;
        let mut first = true;
        pen.begin_frame();
        while first || done < self.lines.len() {
            match self.next(pen, done, first) {
                Next::Turn => pen.new_page(),
                Next::Never => break,
                Next::Part(take, height) => {
                    self.part(pen, &self.lines[done..done + take], height, first);
                    done += take;
                    first = false;
                    if done < self.lines.len() {
                        pen.new_page();
                    }
                }
            }
        }
    }

    fn next(&self, pen: &Pen<'_>, done: usize, first: bool) -> Next {
        let left = self.lines.len() - done;
        let whole = height_of(&self.lines[done..], LEADING) + 2.0 * PAD;
        let whole = whole.max(self.least[usize::from(!first)]);
        let fits = whole + self.after <= pen.room();
        let take = if fits { left } else { some(pen, left) };
        let at_top = pen.y <= TOP + 20.0;
        // Without a line of text the row itself stays with the signature.
        if left == 0 && !fits && !at_top {
            return Next::Turn;
        }
        if take < left && (take < 2 || pen.room() < ROW) {
            return match at_top && take == 0 {
                true => Next::Never,
                false => Next::Turn,
            };
        }
        let height = if take == left {
            whole.max(ROW)
        } else {
            height_of(&self.lines[done..done + take], LEADING) + 2.0 * PAD
        };
        Next::Part(take, height)
    }

    fn part(&self, pen: &mut Pen<'_>, lines: &[Line], height: f32, first: bool) {
        pen.need(height);
        let (y, label) = (pen.y, self.label);
        if label > 0.0 {
            head(
                pen,
                &self.titles[usize::from(!first)],
                LEFT,
                y,
                label,
                height,
            );
        }
        let room = pen.measure() - label - 2.0 * PAD;
        pen.set(lines, LEFT + label + PAD, y + PAD, room, TEXT, 0.0, true);
        close_row(pen, height);
    }
}

/// How many of the lines that are left stand on this page, where it does not hold them all.
fn some(pen: &Pen<'_>, left: usize) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "room is small and not negative"
    )]
    let fit = ((pen.room() - 2.0 * PAD) / LEADING).max(0.0) as usize;
    // At least two lines on either side, and two that stay with a signature.
    let keep = if left > 3 { left.saturating_sub(2) } else { 0 };
    fit.min(keep)
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
pub(super) fn write_here(pen: &mut Pen<'_>, lines: u8) {
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
