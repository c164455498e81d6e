//! From a form and its filling to pages of boxes.

use crate::{
    boxes::{Item, Laid, Missing},
    flow,
    fonts::{Fonts, PaperError},
    missing,
    page::{FINE, LEADING, LEFT, PAGES_MAX, Pen, RIGHT, SMALL_LEADING, Style, TEXT, TOP},
    qr, rows, sign,
    table::Table,
    words::Words,
};
use redress_domain::form::{Align, BY_DEFAULT, Block, Cell, Filling, Form, Mark, PageSize};
use std::collections::{BTreeMap, BTreeSet};

const TITLE: Style = Style {
    size: 16.0,
    bold: true,
    leading: 9.0,
};
const HOUSE: Style = Style {
    size: 12.0,
    bold: false,
    leading: 6.5,
};
const HEADING: Style = Style {
    size: 12.0,
    bold: true,
    leading: 7.0,
};
const QR: f32 = 20.0;
const WATERMARK: f32 = 120.0;

/// Lays a form out.
///
/// # Errors
/// Where it would have more pages than anybody reads.
pub fn lay_out(form: &Form, filling: &Filling, fonts: &Fonts) -> Result<Laid, PaperError> {
    let (width, height) = match form.page {
        PageSize::A4 => (210.0, 297.0),
        PageSize::A5Landscape => (210.0, 148.0),
    };
    let mut pen = Pen::new(fonts, width, height);
    let words = Words {
        own: filling,
        outer: None,
    };
    top(&mut pen, form, filling);
    pen.running = [form.title.as_str(), filling.number.as_str()].join("　");
    let label = rows::label_width(&pen, cells(&form.blocks));
    blocks(&mut pen, &form.blocks, words, label);
    pen.end_frame();
    if pen.full() {
        return Err(PaperError::TooLong(PAGES_MAX));
    }
    let lacking = std::mem::take(&mut pen.lacking);
    let missing = missing::places(form, filling, &lacking);
    finish(&mut pen, form, filling);
    foot(&mut pen, &lacking, &missing);
    Ok(Laid {
        width,
        height,
        pages: pen.pages,
        missing,
    })
}

/// Several documents as one, each page with its place in the whole beside the foot.
pub fn bind(parts: Vec<Laid>, fonts: &Fonts) -> Laid {
    let (width, height) = parts
        .first()
        .map_or((210.0, 297.0), |l| (l.width, l.height));
    let mut missing: Vec<Missing> = Vec::new();
    for one in parts.iter().flat_map(|l| &l.missing) {
        if !missing.contains(one) {
            missing.push(one.clone());
        }
    }
    let pages: Vec<_> = parts.into_iter().flat_map(|l| l.pages).collect();
    let total = pages.len();
    let stamped = pages.into_iter().enumerate().map(|(n, page)| {
        let mut pen = Pen::new(fonts, width, height);
        pen.pages = vec![page];
        let place = pen.lines(
            &format!("案卷第 {} 页　共 {total} 页", n + 1),
            FINE,
            pen.measure(),
        );
        pen.set(&place, LEFT, height - 9.0, pen.measure(), FINE, 1.0, false);
        pen.pages
    });
    Laid {
        width,
        height,
        pages: stamped.flatten().collect(),
        missing,
    }
}

fn cells(blocks: &[Block]) -> impl Iterator<Item = &Cell> {
    let grids = blocks.iter().filter_map(|b| match b {
        Block::Grid { rows } => Some(rows),
        _ => None,
    });
    grids.flatten().flatten()
}

/// Institution, title, form number, document number, code.
fn top(pen: &mut Pen<'_>, form: &Form, filling: &Filling) {
    let measure = pen.measure();
    let right = pen.width - RIGHT;
    let start = pen.y;
    if !filling.organisation.is_empty() {
        let house = pen.lines(&filling.organisation, HOUSE, measure - 2.0 * QR);
        pen.set(
            &house,
            LEFT + QR,
            pen.y,
            measure - 2.0 * QR,
            HOUSE,
            0.5,
            false,
        );
        pen.y += HOUSE.leading;
    }
    let title = pen.lines(&form.title, TITLE, measure - 2.0 * QR);
    pen.set(
        &title,
        LEFT + QR,
        pen.y,
        measure - 2.0 * QR,
        TITLE,
        0.5,
        false,
    );
    pen.y += TITLE.leading + 1.5;
    if let Some(code) = &filling.qr {
        for item in qr::draw(code, right - QR, start - 6.0, QR) {
            pen.draw(item);
        }
        pen.y = pen.y.max(start - 6.0 + QR + 1.0);
    }
    let number = if form.number.is_empty() {
        String::new()
    } else {
        format!("表单编号：{}", form.number)
    };
    pen.put(&number, LEFT, pen.y, measure / 2.0, FINE);
    let digits = if filling.number.is_empty() {
        if filling.blank {
            "编号：＿＿＿＿＿＿＿＿＿＿".to_owned()
        } else {
            String::new()
        }
    } else {
        format!("编号：{}", filling.number)
    };
    let digits = pen.lines(&digits, FINE, measure / 2.0);
    pen.set(
        &digits,
        LEFT + measure / 2.0,
        pen.y,
        measure / 2.0,
        FINE,
        1.0,
        false,
    );
    pen.y += SMALL_LEADING + 0.8;
}

/// Blocks from top to bottom.
fn blocks(pen: &mut Pen<'_>, all: &[Block], words: Words<'_>, label: f32) {
    for (n, block) in all.iter().enumerate() {
        // What is too long for paper is given up at once, not drawn to its end.
        if pen.full() {
            return;
        }
        let after = match all.get(n + 1) {
            Some(Block::Sign { cells }) => sign::sign_height(pen, cells, words),
            _ => 0.0,
        };
        match block {
            Block::Grid { rows } => {
                for (k, row) in rows.iter().enumerate() {
                    let after = if k + 1 == rows.len() { after } else { 0.0 };
                    rows::grid_row(pen, row, words, label, after);
                }
            }
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
                pen.end_frame();
                let said = words.say(text, "＿＿＿＿");
                heading(pen, &said, *align, !default_note.is_empty(), after);
            }
            Block::Paragraph {
                text,
                indent,
                align,
                small,
            } => {
                pen.end_frame();
                if *indent && words.blank() && alone(text) {
                    rows::write_here(pen, LETTER_LINES);
                    continue;
                }
                let style = if *small { FINE } else { TEXT };
                let said = words.say(text, "＿＿＿＿＿＿");
                paragraph(pen, &said, style, *align, *indent, after);
                pen.y += 1.2;
            }
            Block::Cut { text } => {
                pen.end_frame();
                let mut slips = all[n + 1..].split(|b| matches!(b, Block::Cut { .. }));
                keep_together(pen, slips.next().unwrap_or(&[]), words, label);
                cut(pen, &words.say(text, ""));
            }
            Block::Each {
                over,
                blocks: inner,
            } => {
                let groups = words.own.groups.get(over).map_or(&[][..], Vec::as_slice);
                each(pen, inner, groups, words, label);
            }
            Block::Only {
                given,
                blocks: inner,
            } => {
                if words.given(given) {
                    blocks(pen, inner, words, label);
                }
            }
            Block::PageBreak => {
                pen.end_frame();
                pen.new_page();
            }
            Block::Flow { nodes, edges } => flow::flow(pen, nodes, edges),
        }
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

/// Lines to write on where a blank letter says its matter.
const LETTER_LINES: u8 = 4;

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
    let at = match align {
        Align::Left => 0.0,
        Align::Center => 0.5,
        Align::Right => 1.0,
    };
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
            at,
            align == Align::Left,
        );
        pen.y += style.leading;
    }
}

/// Foot of every page, and the marks.
fn finish(pen: &mut Pen<'_>, form: &Form, filling: &Filling) {
    let total = pen.pages.len();
    let done = std::mem::take(&mut pen.pages);
    for (n, page) in done.into_iter().enumerate() {
        pen.pages.push(page);
        let (y, measure) = (pen.height - 14.0, pen.measure());
        let edition = if form.edition.is_empty() {
            String::new()
        } else {
            format!("版本：{}", form.edition)
        };
        pen.put(&edition, LEFT, y, measure / 3.0, FINE);
        let count = pen.lines(&format!("第 {} 页　共 {total} 页", n + 1), FINE, measure);
        pen.set(&count, LEFT, y, measure, FINE, 0.5, false);
        if !form.keep.is_empty() {
            let keep = pen.lines(&format!("保存期限：{}", form.keep), FINE, measure / 3.0);
            pen.set(
                &keep,
                LEFT + measure * 2.0 / 3.0,
                y,
                measure / 3.0,
                FINE,
                1.0,
                false,
            );
        }
        whose(pen, form, y + SMALL_LEADING);
        for mark in &filling.marks {
            self::mark(pen, mark);
        }
    }
}

/// Under the foot: what of form and foot is the product's and not the document's.
fn whose(pen: &mut Pen<'_>, form: &Form, y: f32) {
    if !form.ours.is_empty() {
        let said = format!("{}：{BY_DEFAULT}", form.ours.join("、"));
        pen.put(&said, LEFT, y, pen.measure(), FINE);
    }
}

/// Lists what no font has at the foot of the pages on which it stands as a framed code point.
fn foot(pen: &mut Pen<'_>, lacking: &BTreeMap<usize, BTreeSet<char>>, missing: &[Missing]) {
    let measure = pen.measure();
    let y = pen.height - 14.0 - SMALL_LEADING;
    let done = std::mem::take(&mut pen.pages);
    for (n, page) in done.into_iter().enumerate() {
        pen.pages.push(page);
        let Some(here) = lacking.get(&n) else {
            continue;
        };
        let said: Vec<String> = here.iter().map(|c| missing::said(*c, missing)).collect();
        let (mut count, mut line) = (said.len(), format!("缺字：{}", said.join("、")));
        while count > 1 && pen.width_of(&line, FINE) > measure {
            count -= 1;
            line = format!("缺字：{}等 {} 个", said[..count].join("、"), said.len());
        }
        pen.put(&line, LEFT, y, measure, FINE);
    }
}

fn mark(pen: &mut Pen<'_>, mark: &Mark) {
    let note = match mark {
        Mark::Practice => {
            let (size, side) = (WATERMARK, WATERMARK / crate::page::PT);
            let item = Item::Text {
                x: pen.width / 2.0 - side * 0.7,
                y: pen.height / 2.0 + side * 0.9,
                size,
                bold: true,
                font: 1,
                text: "演练".to_owned(),
                spacing: 0.0,
                width: side * 2.0,
                grey: 0.9,
                angle: 45.0,
                drawn: Vec::new(),
            };
            if let Some(page) = pen.pages.last_mut() {
                // Below everything else.
                page.items.insert(0, item);
            }
            return;
        }
        Mark::Reprint { at } => format!("补打　{at}"),
        Mark::Superseded { by } => format!("本文件已被 {by} 取代"),
        Mark::Preview => "预览，未出具".to_owned(),
    };
    let lines = pen.lines(&note, FINE, pen.measure());
    let y = match mark {
        Mark::Superseded { .. } => 12.0,
        _ => 8.0,
    };
    pen.set(&lines, LEFT, y, pen.measure(), FINE, 0.0, false);
}
