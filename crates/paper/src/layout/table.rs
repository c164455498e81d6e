//! Tables: a line for each row, the head repeated on every page.

use super::{
    at,
    rows::{close_row, height_of},
    words::Words,
};
use crate::{
    page::{LABEL, LEADING, LEFT, PAD, Pen, ROW, Style, TEXT, TOP},
    text::Line,
};
use redress_domain::form::TableColumn;

/// Width of the column with the running number.
const NUMBER: f32 = 11.0;

/// A table block of a form.
pub(super) struct Table<'a> {
    pub(super) title: &'a str,
    /// The key of its rows.
    pub(super) rows: &'a str,
    pub(super) columns: &'a [TableColumn],
    /// At least so many lines are drawn.
    pub(super) least: usize,
    pub(super) numbered: bool,
}

impl Table<'_> {
    /// Draws the table. `after`: room that must be left below, for a signature block.
    pub(super) fn draw(&self, pen: &mut Pen<'_>, words: Words<'_>, after: f32) {
        let first = if self.numbered { NUMBER } else { 0.0 };
        let total: f32 = self.columns.iter().map(|c| c.width).sum();
        let widths: Vec<f32> = self
            .columns
            .iter()
            .map(|c| (pen.measure() - first) * c.width / total.max(0.1))
            .collect();
        let rows = words.rows(self.rows);
        let title_height = if self.title.is_empty() { 0.0 } else { ROW };
        pen.need(title_height + 2.0 * ROW);
        pen.begin_frame();
        self.title(pen);
        self.head(pen, &widths);
        let least = self.least.max(if words.blank() { 4 } else { 1 });
        let count = rows.len().max(least);
        for n in 0..count {
            if pen.full() {
                break;
            }
            let row = rows.get(n);
            let said = |c: &TableColumn| row.and_then(|r| r.get(&c.id)).map_or("", String::as_str);
            let cells = self.cells(pen, &widths, TEXT, said);
            let height = tallest(&cells).min(pen.bottom() - TOP - 4.0 * ROW);
            let keep = if n + 1 == count { after } else { 0.0 };
            if pen.need(height + keep) {
                self.head(pen, &widths);
            }
            let number = if rows.is_empty() {
                String::new()
            } else {
                (n + 1).to_string()
            };
            let line = Row {
                number: &number,
                cells: &cells,
                height,
                size: TEXT,
            };
            self.row(pen, &widths, &line, |c| at(c.align));
        }
    }

    fn title(&self, pen: &mut Pen<'_>) {
        if self.title.is_empty() {
            return;
        }
        let (y, measure) = (pen.y, pen.measure());
        pen.tint(LEFT, y, measure, ROW);
        let lines = pen.lines(self.title, LABEL, measure);
        let top = y + (ROW - LEADING) / 2.0;
        pen.set(&lines, LEFT + PAD, top, measure, LABEL, 0.0, false);
        close_row(pen, ROW);
    }

    fn head(&self, pen: &mut Pen<'_>, widths: &[f32]) {
        let cells = self.cells(pen, widths, LABEL, |c| &c.title);
        let height = tallest(&cells);
        let (y, measure) = (pen.y, pen.measure());
        pen.tint(LEFT, y, measure, height);
        let line = Row {
            number: "序号",
            cells: &cells,
            height,
            size: LABEL,
        };
        self.row(pen, widths, &line, |_| 0.5);
    }

    fn cells<'c>(
        &'c self,
        pen: &Pen<'_>,
        widths: &[f32],
        size: Style,
        said: impl Fn(&'c TableColumn) -> &'c str,
    ) -> Vec<Vec<Line>> {
        let columns = self.columns.iter().zip(widths);
        columns
            .map(|(c, w)| pen.lines(said(c), size, w - 2.0 * PAD))
            .collect()
    }

    fn row(
        &self,
        pen: &mut Pen<'_>,
        widths: &[f32],
        row: &Row<'_>,
        align: impl Fn(&TableColumn) -> f32,
    ) {
        let (y, height, size) = (pen.y, row.height, row.size);
        let mut x = LEFT;
        if self.numbered {
            let number = pen.lines(row.number, size, NUMBER);
            let top = y + (height - LEADING) / 2.0;
            pen.set(&number, x, top, NUMBER, size, 0.5, false);
            x += NUMBER;
        }
        for ((lines, w), column) in row.cells.iter().zip(widths).zip(self.columns) {
            if x > LEFT {
                pen.rule(x, y, x, y + height);
            }
            let top = y + (height - height_of(lines, LEADING)) / 2.0;
            let room = w - 2.0 * PAD;
            pen.set(lines, x + PAD, top, room, size, align(column), false);
            x += w;
        }
        close_row(pen, height);
    }
}

/// One line of a table, as it is drawn.
struct Row<'a> {
    number: &'a str,
    cells: &'a [Vec<Line>],
    height: f32,
    size: Style,
}

/// The height of a line with these cells.
fn tallest(cells: &[Vec<Line>]) -> f32 {
    let all = cells.iter().map(|lines| height_of(lines, LEADING));
    (all.fold(0.0, f32::max) + 2.0 * PAD).max(ROW)
}
