//! Chinese line breaking: UAX #14 from ICU, tailored to GB/T 15834.

use crate::{
    fonts::{Fonts, Glyph},
    redaction::under,
};
use icu_segmenter::{
    LineSegmenter, LineSegmenterBorrowed,
    options::{LineBreakOptions, LineBreakStrictness},
};
use std::{collections::BTreeSet, sync::LazyLock};

/// No line starts with one of these.
const NO_START: &str = "、，。．；：？！）〉》」』】〕〗”’…—～·／/%％‰℃°";
/// No line ends with one of these.
const NO_END: &str = "（〈《「『【〔〖“‘￥$№";

static SEGMENTER: LazyLock<LineSegmenterBorrowed<'static>> = LazyLock::new(|| {
    let mut options = LineBreakOptions::default();
    options.strictness = Some(LineBreakStrictness::Strict);
    LineSegmenter::new_for_non_complex_scripts(options)
});

/// One line of glyphs.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) glyphs: Vec<Glyph>,
    /// Width in points.
    pub(crate) width: f32,
    /// The last of its paragraph: not justified.
    pub(crate) last: bool,
}

impl Line {
    fn of(glyphs: Vec<Glyph>, size: f32, last: bool) -> Self {
        let width = glyphs.iter().map(|g| g.advance * size).sum();
        Self {
            glyphs,
            width,
            last,
        }
    }
}

fn opportunities(text: &str) -> BTreeSet<usize> {
    let mut all: BTreeSet<usize> = SEGMENTER.segment_str(text).filter(|i| *i > 0).collect();
    let mut before: Option<char> = None;
    for (i, c) in text.char_indices() {
        if let Some(a) = before {
            let opens = matches!(c, '“' | '‘') && !a.is_ascii_alphanumeric();
            let closes = matches!(a, '”' | '’') && !c.is_ascii_alphanumeric() && c != ' ';
            if NO_START.contains(c) || NO_END.contains(a) {
                all.remove(&i);
            } else if opens || closes {
                all.insert(i);
            }
        }
        before = Some(c);
    }
    all
}

/// Breaks a text into lines of at most `width` points.
pub(crate) fn lines(fonts: &Fonts, text: &str, bold: bool, size: f32, width: f32) -> Vec<Line> {
    text.split('\n')
        .flat_map(|p| paragraph(fonts, p, bold, size, width))
        .collect()
}

fn paragraph(fonts: &Fonts, text: &str, bold: bool, size: f32, width: f32) -> Vec<Line> {
    // Without masks: redacted words break where the words themselves do.
    let bare: String = text.chars().map(|c| under(c).unwrap_or(c)).collect();
    let breaks = opportunities(&bare);
    let glyphs: Vec<(usize, Glyph)> = bare
        .char_indices()
        .zip(text.chars())
        .map(|((i, ch), given)| {
            let glyph = fonts.resolve(if ch == '\t' { ' ' } else { ch }, bold);
            let hidden = under(given).is_some();
            (i + ch.len_utf8(), Glyph { hidden, ..glyph })
        })
        .collect();
    let mut out = Vec::new();
    let (mut start, mut i, mut used) = (0, 0, 0.0_f32);
    let mut chance: Option<usize> = None;
    while i < glyphs.len() {
        let (end, glyph) = glyphs[i];
        let advance = glyph.advance * size;
        if glyph.ch != ' ' && used + advance > width + 0.01 && i > start {
            // No opportunity within the line: an over-long word breaks where it must.
            let stop = chance.unwrap_or(i);
            let mut taken: Vec<Glyph> = glyphs[start..stop].iter().map(|g| g.1).collect();
            while taken.last().is_some_and(|g| g.ch == ' ') {
                taken.pop();
            }
            out.push(Line::of(taken, size, false));
            (start, i, used, chance) = (stop, stop, 0.0, None);
            continue;
        }
        used += advance;
        if breaks.contains(&end) {
            chance = Some(i + 1);
        }
        i += 1;
    }
    out.push(Line::of(
        glyphs[start..].iter().map(|g| g.1).collect(),
        size,
        true,
    ));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_starts_or_ends_wrongly() {
        let text = "他说：“含水量4.2%，上月才1.1%。”（见附件）";
        for at in opportunities(text) {
            let next = text[at..].chars().next();
            let last = text[..at].chars().next_back();
            assert!(
                !next.is_some_and(|c| NO_START.contains(c)),
                "starts with {next:?}"
            );
            assert!(
                !last.is_some_and(|c| NO_END.contains(c)),
                "ends with {last:?}"
            );
        }
    }
}
