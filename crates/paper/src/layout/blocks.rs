//! Blocks from top to bottom: each kind is drawn by a function of its own, and what must stay together does.

use super::{at, flow, long, rows, sign, table::Table, words::Words};
use crate::{
    boxes::Item,
    page::{FINE, LEADING, LEFT, Pen, SMALL_LEADING, Style, TEXT, TOP},
};
use redress_domain::form::{Align, BY_DEFAULT, Block, Cell, Filling};

const HEADING: Style = Style {
    size: 12.0,
    bold: true,
    leading: 7.0,
};

/// Lines to write on where a blank letter says its matter.
const LETTER_LINES: u8 = 4;

/// The cells of all grids.
pub(super) fn cells(blocks: &[Block]) -> impl Iterator<Item = &Cell> {
    let grids = blocks.iter().filter_map(|b| match b {
        Block::Grid { rows } => Some(rows),
        _ => None,
    });
    grids.flatten().flatten()
}

/// Blocks from top to bottom.
pub(super) fn blocks(pen: &mut Pen<'_>, all: &[Block], words: Words<'_>, label: f32) {
    for (n, one) in all.iter().enumerate() {
        // What is too long for paper is given up at once, not drawn to its end.
        if pen.full() {
            return;
        }
        block(pen, one, &all[n + 1..], words, label);
    }
}

/// One block; `rest` is what follows it.
fn block(pen: &mut Pen<'_>, block: &Block, rest: &[Block], words: Words<'_>, label: f32) {
    let after = match rest.first() {
        Some(Block::Sign { cells }) => sign::sign_height(pen, cells, words),
        _ => 0.0,
    };
    match block {
        Block::Grid { rows } => grid(pen, rows, words, label, after),
        Block::Table {
            title,
            rows,
            columns,
            min_rows,
            numbered,
        } => {
            let table = Table {
                title,
                rows,
                columns,
                least: *min_rows,
                numbered: *numbered,
            };
            table.draw(pen, words, after);
        }
        Block::Sign { cells } => sign::sign(pen, cells, words),
        Block::Heading {
            text,
            align,
            default_note,
        } => {
            let said = words.say(text, "＿＿＿＿");
            heading(pen, &said, *align, !default_note.is_empty(), after);
        }
        Block::Paragraph { indent, text, .. } if *indent && words.blank() && alone(text) => {
            pen.end_frame();
            long::write_here(pen, LETTER_LINES);
        }
        Block::Paragraph {
            text,
            indent,
            align,
            small,
        } => {
            let style = if *small { FINE } else { TEXT };
            let said = words.say(text, "＿＿＿＿＿＿");
            paragraph(pen, &said, style, *align, *indent, after);
            pen.y += 1.2;
        }
        Block::Cut { text } => {
            let mut slips = rest.split(|b| matches!(b, Block::Cut { .. }));
            pen.end_frame();
            keep_together(pen, slips.next().unwrap_or(&[]), words, label);
            cut(pen, &words.say(text, ""));
        }
        Block::Each { over, blocks } => {
            let groups = words.own.groups.get(over).map_or(&[][..], Vec::as_slice);
            each(pen, blocks, groups, words, label);
        }
        Block::Only { given, blocks: own } if words.given(given) => blocks(pen, own, words, label),
        Block::Only { .. } => {}
        Block::PageBreak => {
            pen.end_frame();
            pen.new_page();
        }
        Block::Flow { nodes, edges } => flow::flow(pen, nodes, edges),
    }
}

fn grid(pen: &mut Pen<'_>, all: &[Vec<Cell>], words: Words<'_>, label: f32, after: f32) {
    for (n, row) in all.iter().enumerate() {
        // The last row stays with a signature.
        let after = if n + 1 == all.len() { after } else { 0.0 };
        rows::grid_row(pen, row, words, label, after);
    }
}

fn heading(pen: &mut Pen<'_>, said: &str, align: Align, ours: bool, after: f32) {
    paragraph(pen, said, HEADING, align, false, after + 2.0 * LEADING);
    if ours {
        beside_heading(pen);
    }
    pen.y += 0.8;
}

/// The blocks once for each group.
fn each(pen: &mut Pen<'_>, inner: &[Block], groups: &[Filling], words: Words<'_>, label: f32) {
    for own in groups {
        if pen.full() {
            return;
        }
        let words = Words {
            own,
            outer: Some(words.own),
        };
        let label = label.max(rows::label_width(pen, cells(inner)));
        blocks(pen, inner, words, label);
    }
}

/// At the right of a heading's last line: that the part is the product's.
fn beside_heading(pen: &mut Pen<'_>) {
    let mark = pen.lines(BY_DEFAULT, FINE, pen.measure());
    let top = pen.y - SMALL_LEADING - 0.8;
    pen.set(&mark, LEFT, top, pen.measure(), FINE, 1.0, false);
}

/// Whether a paragraph is one value and nothing else: the matter of a letter.
fn alone(text: &str) -> bool {
    let inner = text
        .trim()
        .strip_prefix('{')
        .and_then(|t| t.strip_suffix('}'));
    inner.is_some_and(|key| !key.contains(['{', '}']))
}

/// Turns the page where what follows does not fit here but would fit on one.
fn keep_together(pen: &mut Pen<'_>, group: &[Block], words: Words<'_>, label: f32) {
    let mut trial = Pen::new(pen.fonts, pen.width, pen.height);
    blocks(&mut trial, group, words, label);
    let height = trial.y - TOP + 12.0;
    if trial.pages.len() == 1 && height > pen.room() {
        pen.new_page();
    }
}

fn cut(pen: &mut Pen<'_>, text: &str) {
    pen.need(12.0);
    pen.y += 4.0;
    let (y, right) = (pen.y, pen.width - 8.0);
    pen.draw(Item::Line {
        x1: 8.0,
        y1: y,
        x2: right,
        y2: y,
        weight: 0.5,
        dashed: true,
    });
    pen.y += 1.0;
    let lines = pen.lines(text, FINE, pen.measure());
    pen.set(&lines, LEFT, pen.y, pen.measure(), FINE, 0.5, false);
    pen.y += SMALL_LEADING + 1.5;
}

fn paragraph(pen: &mut Pen<'_>, text: &str, style: Style, align: Align, indent: bool, after: f32) {
    pen.end_frame();
    let width = pen.measure();
    let shown: Vec<String> = text
        .lines()
        .map(|l| {
            if indent {
                format!("　　{}", l.trim_start())
            } else {
                l.to_owned()
            }
        })
        .collect();
    let lines = pen.lines(&shown.join("\n"), style, width);
    let count = lines.len();
    for (n, line) in lines.iter().enumerate() {
        // The last two lines stay with what must follow them.
        let keep = if n + 2 >= count { after } else { 0.0 };
        pen.need(style.leading + keep.min(120.0));
        pen.set(
            std::slice::from_ref(line),
            LEFT,
            pen.y,
            width,
            style,
            at(align),
            align == Align::Left,
        );
        pen.y += style.leading;
    }
}
