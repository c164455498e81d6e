//! What stands around the blocks: the head of the first page, the foot of every one, marks across and above.

use super::{missing, qr};
use crate::{
    boxes::{Item, Missing, PT},
    page::{FINE, LEFT, Pen, RIGHT, SMALL_LEADING, Style},
};
use redress_domain::form::{BY_DEFAULT, Filling, Form, Mark};
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
const QR: f32 = 20.0;
const WATERMARK: f32 = 120.0;

/// Institution, title, form number, document number, code.
pub(super) fn top(pen: &mut Pen<'_>, form: &Form, filling: &Filling) {
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
    numbers(pen, form, filling);
    pen.y += SMALL_LEADING + 0.8;
}

/// The form's number on the left, the document's on the right.
fn numbers(pen: &mut Pen<'_>, form: &Form, filling: &Filling) {
    let measure = pen.measure();
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
}

/// Foot of every page, and the marks.
pub(super) fn finish(pen: &mut Pen<'_>, form: &Form, filling: &Filling) {
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
pub(super) fn foot(
    pen: &mut Pen<'_>,
    lacking: &BTreeMap<usize, BTreeSet<char>>,
    missing: &[Missing],
) {
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
        Mark::Practice => return practice(pen),
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

/// Across the page, below everything else.
fn practice(pen: &mut Pen<'_>) {
    let (size, side) = (WATERMARK, WATERMARK / PT);
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
        page.items.insert(0, item);
    }
}
