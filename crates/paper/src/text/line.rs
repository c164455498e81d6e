//! Chinese line breaking: UAX #14 from ICU, tailored to GB/T 15834.

use super::{
    fonts::Fonts,
    redaction::{Shown, shown},
    shape::{Glyph, SOFT_HYPHEN, Source, glyphs},
};
use icu_segmenter::{
    LineSegmenter, LineSegmenterBorrowed,
    options::{LineBreakOptions, LineBreakStrictness},
};
use redress_domain::text::{dropped, meaningful};
use std::{collections::BTreeSet, sync::LazyLock};

/// No line starts with one of these.
const NO_START: &str = "、，。．；：？！）〉》」』】〕〗”’…—～·／/%％‰℃°";
/// No line ends with one of these.
const NO_END: &str = "（〈《「『【〔〖“‘￥$№";
/// Behind one of these an address or a long number may be broken.
const JOINTS: &str = "/?&=#-_.,:;@+~|\\%";
/// A run without a place to break that is this long is broken inside rather than leave most of a line empty.
const LONG_RUN: usize = 24;
/// How much of a line may stay empty before a long run, as a share of the line.
const GAP: f32 = 0.15;

static SEGMENTER: LazyLock<LineSegmenterBorrowed<'static>> = LazyLock::new(|| {
    let mut options = LineBreakOptions::default();
    options.strictness = Some(LineBreakStrictness::Strict);
    LineSegmenter::new_lstm(options)
});

/// One line of glyphs, in reading order.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) glyphs: Vec<Glyph>,
    /// Width in points.
    pub(crate) width: f32,
    /// The last of its paragraph: not justified.
    pub(crate) last: bool,
    /// Its paragraph runs from the right: it begins at the right margin.
    pub(crate) from_right: bool,
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
    // Older records hold every kind of line end.
    let text = if text.contains('\r') {
        &text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    };
    text.split(['\n', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'])
        .flat_map(|p| paragraph(fonts, p, bold, size, width))
        .collect()
}

/// Without masks: redacted words break where the words themselves do.
fn source(text: &str) -> Source {
    let all: Vec<Shown> = shown(text).filter(|s| !dropped(s.ch)).collect();
    let chars: Vec<char> = all.iter().map(|s| s.ch).collect();
    let mut source = Source {
        text: String::with_capacity(text.len()),
        hidden: Vec::with_capacity(all.len()),
    };
    for (one, _) in all.iter().zip(meaningful(&chars)).filter(|(_, kept)| *kept) {
        source.text.push(one.ch);
        source.hidden.push(one.hidden);
    }
    source
}

fn paragraph(fonts: &Fonts, text: &str, bold: bool, size: f32, width: f32) -> Vec<Line> {
    let source = source(text);
    let breaks = opportunities(&source.text);
    let (glyphs, from_right) = glyphs(fonts, &source, bold);
    let hyphen = fonts
        .for_char('-', bold)
        .map_or(0.0, |f| fonts.advance(f, '-'));
    let line = |part: &[(usize, Glyph)], last: bool| {
        let mut taken: Vec<Glyph> = part.iter().map(|g| g.1.clone()).collect();
        while !last && taken.last().is_some_and(|g| g.ch == ' ') {
            taken.pop();
        }
        if let Some(end) = taken.last_mut().filter(|g| !last && g.ch == SOFT_HYPHEN) {
            (end.ch, end.advance) = ('-', hyphen);
        }
        taken.retain(|g| g.ch != SOFT_HYPHEN);
        Line {
            width: taken.iter().map(|g| g.advance * size).sum(),
            glyphs: taken,
            last,
            from_right,
        }
    };
    let mut out = Vec::new();
    let (mut start, mut i, mut used) = (0, 0, 0.0_f32);
    // Where the line may be broken, and how wide it is then; the second: behind a joint of a long run.
    let mut chance: Option<(usize, f32)> = None;
    let mut joint: Option<(usize, f32)> = None;
    while i < glyphs.len() {
        let (end, glyph) = &glyphs[i];
        let advance = glyph.advance * size;
        if glyph.ch != ' ' && used + advance > width + 0.01 && i > start {
            let stop = stop(&glyphs, &breaks, i, [chance, joint], used, width);
            out.push(line(&glyphs[start..stop], false));
            (start, i, used, chance, joint) = (stop, stop, 0.0, None, None);
            continue;
        }
        used += advance;
        if breaks.contains(end) {
            // A soft hyphen is seen where the line is broken.
            let fits = glyph.ch != SOFT_HYPHEN || used + hyphen * size <= width + 0.01;
            if fits {
                (chance, joint) = (Some((i + 1, used)), None);
            }
        } else if JOINTS.contains(glyph.ch) {
            joint = Some((i + 1, used));
        }
        i += 1;
    }
    out.push(line(&glyphs[start..], true));
    out
}

/// Where to break before the part that does not fit any more.
fn stop(
    glyphs: &[(usize, Glyph)],
    breaks: &BTreeSet<usize>,
    full: usize,
    [chance, joint]: [Option<(usize, f32)>; 2],
    used: f32,
    width: f32,
) -> usize {
    // No opportunity within the line: what is too long breaks where it must, behind a joint where one is near.
    let inside = || match joint {
        Some((at, wide)) if used - wide <= width * GAP => at,
        _ => full,
    };
    let Some((at, wide)) = chance else {
        return inside();
    };
    let run = glyphs[at..]
        .iter()
        .position(|(end, g)| breaks.contains(end) || g.ch == ' ');
    let run = run.map_or(glyphs.len() - at, |n| n + 1);
    // A word goes to the next line as a whole; an address would leave this one empty.
    if run >= LONG_RUN && width - wide > width * GAP && full > at {
        inside()
    } else {
        at
    }
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
