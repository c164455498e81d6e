//! The pen: a cursor that goes down pages, keeps the frame and draws text.

use crate::{
    boxes::{Drawn, Item, Page},
    fonts::Fonts,
    line::{Line, lines},
    shape::{Glyph, visual},
};
use std::collections::{BTreeMap, BTreeSet};

/// Points per millimetre.
pub(crate) const PT: f32 = 72.0 / 25.4;
/// Pages of one document, at most.
pub(crate) const PAGES_MAX: usize = 2000;
/// Binding margin, millimetres.
pub(crate) const LEFT: f32 = 25.0;
pub(crate) const RIGHT: f32 = 20.0;
pub(crate) const TOP: f32 = 20.0;
pub(crate) const BOTTOM: f32 = 20.0;
/// Body, points.
pub(crate) const BODY: f32 = 10.5;
/// Small print, points.
pub(crate) const SMALL: f32 = 9.0;
/// Height of a body line, millimetres.
pub(crate) const LEADING: f32 = 5.6;
/// Height of a small line, millimetres.
pub(crate) const SMALL_LEADING: f32 = 4.6;
/// Cell padding, millimetres.
pub(crate) const PAD: f32 = 1.5;
/// Height of a row, at least.
pub(crate) const ROW: f32 = 8.0;
/// A bar over redacted words, from the baseline, in sizes of the text: as high as a Chinese character.
const BAR_ABOVE: f32 = 0.86;
const BAR_BELOW: f32 = 0.14;
/// Outer frame, points.
const OUTER: f32 = 1.0;
/// Inner lines, points.
pub(crate) const INNER: f32 = 0.5;

/// How a run of text is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) bold: bool,
    pub(crate) leading: f32,
}

pub(crate) const TEXT: Style = Style {
    size: BODY,
    bold: false,
    leading: LEADING,
};
pub(crate) const LABEL: Style = Style {
    size: BODY,
    bold: true,
    leading: LEADING,
};
pub(crate) const FINE: Style = Style {
    size: SMALL,
    bold: false,
    leading: SMALL_LEADING,
};

/// What is added between two characters of a justified line, at most, in sizes of the text.
const STRETCH: f32 = 0.125;

/// Characters between which a line may be stretched: those of Chinese, never the letters of a word or an address.
fn wide(glyph: &Glyph) -> bool {
    glyph.shaped.is_none()
        && matches!(glyph.ch, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFD}' | '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// The words of a run, in the order in which they are read.
fn words(run: &[(&Glyph, f32, f32)]) -> String {
    let mut out = String::new();
    let mut push = |glyph: &Glyph| match &glyph.shaped {
        Some(shaped) => out.push_str(&shaped.text),
        None => out.push(glyph.ch),
    };
    if run.first().is_some_and(|p| p.0.level % 2 == 1) {
        run.iter().rev().for_each(|p| push(p.0));
    } else {
        run.iter().for_each(|p| push(p.0));
    }
    out
}

/// The glyphs of a shaped run; none where each character has its own, in order.
fn drawn(run: &[(&Glyph, f32, f32)], size: f32) -> Vec<Drawn> {
    let Some((_, start, _)) = run.first() else {
        return Vec::new();
    };
    let em = size / PT;
    let mut all = Vec::new();
    for (glyph, left, _) in run {
        let mut at = left - start;
        for placed in glyph.shaped.iter().flat_map(|s| &s.placed) {
            all.push(Drawn {
                id: placed.id,
                x: at + placed.dx * em,
                rise: placed.dy * em,
                text: placed.text.clone(),
            });
            at += placed.advance * em;
        }
    }
    all
}

/// A cursor over pages.
#[derive(Clone)]
pub(crate) struct Pen<'a> {
    pub(crate) fonts: &'a Fonts,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) pages: Vec<Page>,
    /// Next free millimetre.
    pub(crate) y: f32,
    /// Where the running frame began on this page.
    frame: Option<f32>,
    /// What no font has, by page.
    pub(crate) lacking: BTreeMap<usize, BTreeSet<char>>,
    /// Said on top of every page but the first.
    pub(crate) running: String,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(fonts: &'a Fonts, width: f32, height: f32) -> Self {
        Self {
            fonts,
            width,
            height,
            pages: vec![Page::default()],
            y: TOP,
            frame: None,
            lacking: BTreeMap::new(),
            running: String::new(),
        }
    }

    /// Whether there are more pages than a document may have.
    pub(crate) fn full(&self) -> bool {
        self.pages.len() > PAGES_MAX
    }

    /// Width between the margins.
    pub(crate) fn measure(&self) -> f32 {
        self.width - LEFT - RIGHT
    }

    pub(crate) fn bottom(&self) -> f32 {
        self.height - BOTTOM
    }

    pub(crate) fn room(&self) -> f32 {
        self.bottom() - self.y
    }

    pub(crate) fn draw(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.items.push(item);
        }
    }

    pub(crate) fn new_page(&mut self) {
        let framed = self.frame.is_some();
        self.end_frame();
        self.pages.push(Page::default());
        self.y = TOP;
        if !self.running.is_empty() {
            let words = self.running.clone();
            self.put(&words, LEFT, self.y, self.measure(), FINE);
            self.y += SMALL_LEADING + 1.0;
        }
        if framed {
            self.frame = Some(self.y);
        }
    }

    /// Makes sure that `height` fits on this page; answers whether a page was turned.
    pub(crate) fn need(&mut self, height: f32) -> bool {
        let turn = self.y + height > self.bottom() + 0.01;
        if turn {
            self.new_page();
        }
        turn
    }

    pub(crate) fn begin_frame(&mut self) {
        if self.frame.is_none() {
            self.frame = Some(self.y);
        }
    }

    /// Draws the outer frame around what was set since it began.
    pub(crate) fn end_frame(&mut self) {
        if let Some(top) = self.frame.take()
            && self.y > top
        {
            let (l, r, b) = (LEFT, self.width - RIGHT, self.y);
            self.draw(Item::Stroke {
                points: vec![(l, top), (r, top), (r, b), (l, b)],
                weight: OUTER,
                closed: true,
            });
        }
    }

    pub(crate) fn rule(&mut self, x1: f32, y1: f32, x2: f32, y2: f32) {
        self.draw(Item::Line {
            x1,
            y1,
            x2,
            y2,
            weight: INNER,
            dashed: false,
        });
    }

    pub(crate) fn tint(&mut self, x: f32, y: f32, width: f32, height: f32) {
        self.draw(Item::Fill {
            x,
            y,
            width,
            height,
            grey: 0.95,
        });
    }

    pub(crate) fn lines(&self, text: &str, style: Style, width: f32) -> Vec<Line> {
        lines(self.fonts, text, style.bold, style.size, width * PT)
    }

    /// Width of a text on one line, millimetres.
    pub(crate) fn width_of(&self, text: &str, style: Style) -> f32 {
        self.lines(text, style, 1e6)
            .iter()
            .map(|l| l.width)
            .fold(0.0, f32::max)
            / PT
    }

    /// One line of text, its top at `y`.
    pub(crate) fn put(&mut self, text: &str, x: f32, y: f32, width: f32, style: Style) {
        let all = self.lines(text, style, width);
        self.set(&all, x, y, width, style, 0.0, false);
    }

    /// Lines from the top at `y`; `align`: 0 left, 0.5 centred, 1 right.
    #[expect(
        clippy::too_many_arguments,
        reason = "a line has a place, a width, a style and an alignment"
    )]
    pub(crate) fn set(
        &mut self,
        all: &[Line],
        x: f32,
        y: f32,
        width: f32,
        style: Style,
        align: f32,
        justify: bool,
    ) {
        let baseline = style.leading / 2.0 + style.size * 0.36 / PT;
        let mut top = y;
        for line in all {
            let free = width - line.width / PT;
            let gaps = line
                .glyphs
                .windows(2)
                .filter(|w| wide(&w[0]) || wide(&w[1]));
            #[expect(clippy::cast_precision_loss, reason = "lines are short")]
            let each = free * PT / gaps.count().max(1) as f32;
            let spread = justify && !line.last && !line.from_right && each > 0.0;
            // Beyond the limit a ragged line reads better than a stretched one.
            let spacing = if spread && each <= style.size * STRETCH {
                each
            } else {
                0.0
            };
            // A short value stands where every other one does.
            let align = if justify && line.from_right && align == 0.0 {
                1.0
            } else {
                align
            };
            self.set_line(
                line,
                x + (free * align).max(0.0),
                top + baseline,
                style,
                spacing,
            );
            top += style.leading;
        }
    }

    fn set_line(&mut self, line: &Line, x: f32, y: f32, style: Style, spacing: f32) {
        let order = visual(&line.glyphs, line.from_right);
        let mut at = x;
        let mut places = Vec::with_capacity(order.len());
        for (n, glyph) in order.iter().map(|n| &line.glyphs[*n]).enumerate() {
            let end = at + glyph.advance * style.size / PT;
            places.push((glyph, at, end));
            let next = order.get(n + 1).map(|n| &line.glyphs[*n]);
            let gap = next.is_some_and(|next| wide(glyph) || wide(next));
            at = if gap { end + spacing / PT } else { end };
        }
        let alike = |a: &(&Glyph, f32, f32), b: &(&Glyph, f32, f32)| {
            let (a, b) = (a.0, b.0);
            let drawn =
                a.font == b.font && a.shaped.is_some() == b.shaped.is_some() && a.level == b.level;
            a.hidden == b.hidden && (a.hidden || (drawn && (spacing == 0.0 || wide(a) == wide(b))))
        };
        for run in places.chunk_by(alike) {
            let (first, start, _) = run[0];
            let end = run.last().map_or(start, |p| p.2);
            match first.font {
                _ if first.hidden => self.bar(start, y, end - start, style.size),
                Some(font) => {
                    let own = if wide(first) { spacing } else { 0.0 };
                    self.draw(Item::Text {
                        x: start,
                        y,
                        size: style.size,
                        bold: style.bold,
                        font: u8::try_from(font).unwrap_or_default(),
                        text: words(run),
                        spacing: own,
                        width: end - start + own / PT,
                        grey: 0.0,
                        angle: 0.0,
                        drawn: drawn(run, style.size),
                    });
                }
                None => {
                    for (glyph, left, right) in run {
                        self.frame_code(glyph.ch, *left, *right, y, style);
                    }
                }
            }
        }
    }

    /// A run of redacted characters is one bar: neither the words nor the fonts they need are drawn.
    fn bar(&mut self, x: f32, y: f32, width: f32, size: f32) {
        let em = size / PT;
        self.draw(Item::Fill {
            x,
            y: y - em * BAR_ABOVE,
            width: width.max(0.0),
            height: em * (BAR_ABOVE + BAR_BELOW),
            grey: 0.0,
        });
    }

    /// A character that no font has is its code point in a frame, never a blank or a .notdef.
    fn frame_code(&mut self, ch: char, left: f32, right: f32, y: f32, style: Style) {
        let page = self.pages.len().saturating_sub(1);
        self.lacking.entry(page).or_default().insert(ch);
        let em = style.size / PT;
        let (l, r, t, b) = (left + 0.15, right - 0.15, y - em * 0.82, y + em * 0.14);
        self.draw(Item::Stroke {
            points: vec![(l, t), (r, t), (r, b), (l, b)],
            weight: INNER / 2.0,
            closed: true,
        });
        let code = format!("{:04X}", u32::from(ch));
        let (upper, lower) = code.split_at(code.len().div_ceil(2));
        let digits = Style {
            size: style.size * 0.46,
            bold: false,
            leading: em * 0.46,
        };
        for (row, said) in [(0.0, upper), (1.0, lower)] {
            let lines = self.lines(said, digits, right - left);
            let top = t + em * 0.03 + row * digits.leading;
            self.set(&lines, left, top, right - left, digits, 0.5, false);
        }
    }

    /// A check box with its tick, its left edge at `x`, centred on `y`.
    pub(crate) fn check(&mut self, x: f32, y: f32, on: bool) {
        let s = 3.2;
        let (l, r, t, b) = (x, x + s, y - s / 2.0, y + s / 2.0);
        self.draw(Item::Stroke {
            points: vec![(l, t), (r, t), (r, b), (l, b)],
            weight: 0.7,
            closed: true,
        });
        if on {
            let tick = vec![
                (x + s * 0.18, y - s * 0.02),
                (x + s * 0.42, y + s * 0.28),
                (x + s * 0.86, y - s * 0.34),
            ];
            self.draw(Item::Stroke {
                points: tick,
                weight: 1.1,
                closed: false,
            });
        }
    }
}
