//! From characters to what is drawn of them: which belong together, in which font, and with which glyphs.
//!
//! Most text is one glyph a character. What is not (emoji of several characters, letters with marks, scripts whose
//! letters join, stack or run from the right) is shaped as a whole.

use super::fonts::{Fonts, tone};
use harfrust::{BufferFlags, Direction, ShapeOptions, UnicodeBuffer};
use icu_segmenter::{GraphemeClusterSegmenter, GraphemeClusterSegmenterBorrowed};
use redress_domain::text::unseen;
use std::{collections::BTreeMap, sync::LazyLock};
use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};

static CLUSTERS: LazyLock<GraphemeClusterSegmenterBorrowed<'static>> =
    LazyLock::new(GraphemeClusterSegmenter::new);
/// Marks that are piled above or below a letter rise no farther than this, em: the lines beside them stay readable.
const RISE_MAX: f32 = 0.35;

/// The smallest part of a line: one character, or several that are drawn as one.
#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    /// Index into the chain of fonts; none where no font has the character.
    pub(crate) font: Option<usize>,
    /// The first character.
    pub(crate) ch: char,
    /// Advance in em.
    pub(crate) advance: f32,
    /// Drawn as a bar.
    pub(crate) hidden: bool,
    /// From right to left where odd.
    pub(crate) level: u8,
    /// Where it is not drawn by its character's own glyph.
    pub(crate) shaped: Option<Box<Shaped>>,
}

/// Several characters, or one in a form that depends on its neighbours.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shaped {
    pub(crate) text: String,
    pub(crate) placed: Vec<Placed>,
}

/// A glyph of a font, from left to right; all in em.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    pub(crate) id: u16,
    pub(crate) advance: f32,
    pub(crate) dx: f32,
    pub(crate) dy: f32,
    /// The characters, at the first of the glyphs that are drawn for them; else empty.
    pub(crate) text: String,
}

/// A paragraph without its line ends, and which of its characters are covered.
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) hidden: Vec<bool>,
}

/// What is drawn, each with the byte behind it, and whether the paragraph runs from the right.
pub(crate) fn glyphs(fonts: &Fonts, source: &Source, bold: bool) -> (Vec<(usize, Glyph)>, bool) {
    let text = source.text.as_str();
    let (levels, from_right) = levels(text);
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    for (start, cluster) in clusters(text) {
        let own = at..at + cluster.chars().count();
        at = own.end;
        let hidden = source.hidden[own].contains(&true);
        let level = levels.get(start).map_or(0, Level::number);
        part(fonts, start, cluster, bold, hidden, level, &mut parts);
    }
    let mut out = Vec::with_capacity(parts.len());
    for run in parts.chunk_by(|a, b| a.shape && b.shape && a.font == b.font && a.level == b.level) {
        if run[0].shape {
            shape(fonts, text, run, &mut out);
        } else {
            out.extend(run.iter().map(|p| (p.end, p.plain(fonts))));
        }
    }
    (out, from_right)
}

/// Characters that are drawn together, before their glyphs are known.
struct Part {
    start: usize,
    end: usize,
    ch: char,
    font: Option<usize>,
    hidden: bool,
    level: u8,
    shape: bool,
}

impl Part {
    fn plain(&self, fonts: &Fonts) -> Glyph {
        let ch = if self.level % 2 == 1 {
            mirrored(self.ch)
        } else {
            self.ch
        };
        Glyph {
            font: self.font,
            ch,
            advance: match self.font {
                _ if unseen(ch) => 0.0,
                Some(font) => fonts.advance(font, ch),
                None => 1.0,
            },
            hidden: self.hidden,
            level: self.level,
            shaped: None,
        }
    }
}

fn part(
    fonts: &Fonts,
    start: usize,
    cluster: &str,
    bold: bool,
    hidden: bool,
    level: u8,
    parts: &mut Vec<Part>,
) {
    let one = |start: usize, ch: char, font, shape| Part {
        start,
        end: start + ch.len_utf8(),
        ch,
        font,
        hidden,
        level,
        shape,
    };
    let mut each = cluster.chars();
    if let (Some(ch), None) = (each.next(), each.next()) {
        let ch = if ch == '\t' { ' ' } else { ch };
        if ch == SOFT_HYPHEN {
            parts.push(one(start, ch, fonts.for_char('-', bold), false));
        } else if !unseen(ch) {
            let font = fonts.for_one(ch, bold);
            parts.push(one(start, ch, font, font.is_some() && complex(ch)));
        }
        return;
    }
    let all: Vec<char> = cluster.chars().collect();
    if let Some(font) = fonts.for_all(&all, bold) {
        let mut whole = one(start, all[0], Some(font), true);
        whole.end = start + cluster.len();
        parts.push(whole);
        return;
    }
    // No font has them all: each is drawn for itself.
    let mut at = start;
    for ch in all {
        if !unseen(ch) && !tone(ch) {
            let font = fonts.for_char(ch, bold);
            parts.push(one(at, ch, font, font.is_some() && complex(ch)));
        }
        at += ch.len_utf8();
    }
}

/// What marks where a word may be broken; seen only where it is.
pub(crate) const SOFT_HYPHEN: char = '\u{AD}';

/// A run of one font and direction becomes glyphs; those that one glyph is made of become one part of the line.
fn shape(fonts: &Fonts, text: &str, run: &[Part], out: &mut Vec<(usize, Glyph)>) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return;
    };
    let Some((font, (face, data))) = first.font.and_then(|f| Some((f, fonts.shaper(f)?))) else {
        out.extend(run.iter().map(|p| (p.end, p.plain(fonts))));
        return;
    };
    let shaper = data.shaper(&face).build();
    #[expect(clippy::cast_precision_loss, reason = "a few thousand units")]
    let em = shaper.units_per_em().max(1) as f32;
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(&text[first.start..last.end]);
    buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES);
    buffer.guess_segment_properties();
    buffer.set_direction(if first.level % 2 == 1 {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    let shaped = shaper.shape(buffer, ShapeOptions::new());
    let mut by_start: BTreeMap<usize, Vec<Placed>> = BTreeMap::new();
    for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let at = first.start + info.cluster as usize;
        // The part that holds the character.
        let part = run.partition_point(|p| p.start <= at).saturating_sub(1);
        #[expect(clippy::cast_precision_loss, reason = "a few thousand units")]
        let em_of = |units: i32| units as f32 / em;
        by_start.entry(run[part].start).or_default().push(Placed {
            // No font counts its glyphs beyond that; the first is its sign for what is missing.
            id: u16::try_from(info.glyph_id).unwrap_or(0),
            advance: em_of(position.x_advance),
            dx: em_of(position.x_offset),
            dy: em_of(position.y_offset).clamp(-RISE_MAX, RISE_MAX),
            text: String::new(),
        });
    }
    let starts: Vec<usize> = by_start.keys().copied().collect();
    for (n, (start, mut placed)) in by_start.into_iter().enumerate() {
        let start = if n == 0 { first.start } else { start };
        let end = starts.get(n + 1).copied().unwrap_or(last.end);
        let own = &text[start..end];
        if let Some(first) = placed.first_mut() {
            own.clone_into(&mut first.text);
        }
        let part = &run[run.partition_point(|p| p.start <= start).saturating_sub(1)];
        let glyph = Glyph {
            font: Some(font),
            ch: part.ch,
            advance: placed.iter().map(|p| p.advance).sum(),
            hidden: part.hidden,
            level: part.level,
            shaped: Some(Box::new(Shaped {
                text: own.to_owned(),
                placed,
            })),
        };
        out.push((end, glyph));
    }
}

/// Start and text of what is one to whoever reads.
fn clusters(text: &str) -> Vec<(usize, &str)> {
    if text.chars().all(alone) {
        let each = text.char_indices();
        return each
            .map(|(at, c)| (at, &text[at..at + c.len_utf8()]))
            .collect();
    }
    let ends: Vec<usize> = CLUSTERS.segment_str(text).collect();
    ends.windows(2).map(|w| (w[0], &text[w[0]..w[1]])).collect()
}

/// Never part of something larger: what most texts are made of.
fn alone(c: char) -> bool {
    matches!(c, '\t' | ' '..='~' | '\u{A0}'..='\u{AC}' | '\u{AE}'..='\u{2FF}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}'
        | '\u{3000}'..='\u{3029}' | '\u{3030}'..='\u{3098}' | '\u{309B}'..='\u{9FFF}' | '\u{A000}'..='\u{A4CF}'
        | '\u{FF01}'..='\u{FF9D}' | '\u{20000}'..='\u{3FFFD}')
        && c != '\u{A9}'
        && c != '\u{AE}'
}

/// Letters whose form depends on their neighbours, and parts of flags.
fn complex(c: char) -> bool {
    matches!(u32::from(c),
        0x590..=0x109F | 0x1100..=0x11FF | 0x1200..=0x137F | 0x1700..=0x1CFF | 0xA800..=0xABFF | 0xD7B0..=0xD7FF
        | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE | 0x10800..=0x11FFF | 0x1E800..=0x1EEFF | 0x1F1E6..=0x1F1FF)
}

/// Direction of each byte, and whether the paragraph as a whole runs from the right: where most of its letters do.
fn levels(text: &str) -> (Vec<Level>, bool) {
    let from_right = |c: char| matches!(bidi_class(c), BidiClass::R | BidiClass::AL);
    // Hebrew is the first script that runs from the right.
    if !text.chars().any(|c| c >= '\u{590}' && from_right(c)) {
        return (Vec::new(), false);
    }
    let strong = |is: fn(BidiClass) -> bool| text.chars().filter(|c| is(bidi_class(*c))).count();
    let (right, left) = (
        strong(|c| matches!(c, BidiClass::R | BidiClass::AL)),
        strong(|c| c == BidiClass::L),
    );
    let base = if right > left {
        Level::rtl()
    } else {
        Level::ltr()
    };
    (BidiInfo::new(text, Some(base)).levels, right > left)
}

/// A bracket that faces the other way.
fn mirrored(c: char) -> char {
    const PAIRS: &str = "()[]{}<>«»‹›（）［］｛｝＜＞《》〈〉「」『』【】〔〕〖〗";
    let all: Vec<char> = PAIRS.chars().collect();
    let Some(at) = all.iter().position(|p| *p == c) else {
        return c;
    };
    all[at ^ 1]
}

/// The order in which the parts of a line stand from left to right.
pub(crate) fn visual(glyphs: &[Glyph], from_right: bool) -> Vec<usize> {
    if !from_right && glyphs.iter().all(|g| g.level == 0) {
        return (0..glyphs.len()).collect();
    }
    let levels: Vec<Level> = glyphs
        .iter()
        .map(|g| Level::new(g.level).unwrap_or_else(|_| Level::ltr()))
        .collect();
    BidiInfo::reorder_visual(&levels)
}
