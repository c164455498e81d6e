//! Lines of text on a page: justified within a limit, in runs of one font, covered ones as bars, and what no font has
//! as its code point.

use super::{INNER, Pen, Style};
use crate::{
    boxes::{Drawn, Item, PT},
    text::{Glyph, Line, lines, visual},
};

/// A bar over redacted words, from the baseline, in sizes of the text: as high as a Chinese character.
const BAR_ABOVE: f32 = 0.86;
const BAR_BELOW: f32 = 0.14;

/// What is added between two characters of a justified line, at most, in sizes of the text.
const STRETCH: f32 = 0.125;

/// Characters between which a line may be stretched: those of Chinese, never the letters of a word or an address.
fn wide(glyph: &Glyph) -> bool {
    glyph.shaped.is_none()
        && matches!(glyph.ch, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFD}' | '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// A glyph, its left end and its right one.
type Placed<'a> = (&'a Glyph, f32, f32);

/// Where each glyph of a line stands, in the order in which they are drawn.
fn places(line: &Line, x: f32, style: Style, spacing: f32) -> Vec<Placed<'_>> {
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
    places
}

/// The words of a run, in the order in which they are read.
fn words(run: &[Placed<'_>]) -> String {
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
fn drawn(run: &[Placed<'_>], size: f32) -> Vec<Drawn> {
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

impl Pen<'_> {
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
        let alike = |a: &Placed<'_>, b: &Placed<'_>| {
            let (a, b) = (a.0, b.0);
            let drawn =
                a.font == b.font && a.shaped.is_some() == b.shaped.is_some() && a.level == b.level;
            a.hidden == b.hidden && (a.hidden || (drawn && (spacing == 0.0 || wide(a) == wide(b))))
        };
        for run in places(line, x, style, spacing).chunk_by(alike) {
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
                        // The chain has thirty faces; one that is not there is refused where it is drawn.
                        font: u8::try_from(font).unwrap_or(u8::MAX),
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
}
