//! Laid-out pages as plain data: what the PDF writer and the screen both draw.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Points per millimetre.
pub(crate) const PT: f32 = 72.0 / 25.4;

/// A laid-out form. Millimetres, from the upper left corner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Laid {
    /// Width of a page.
    pub width: f32,
    /// Height of a page.
    pub height: f32,
    /// Pages.
    pub pages: Vec<Page>,
    /// Characters that no font has; drawn as a framed code point, listed at the foot, and reported before printing.
    pub missing: Vec<Missing>,
}

/// A character that no font has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Missing {
    /// The code point, as it is printed: `U+1F9FF`.
    pub code: String,
    /// The character.
    pub character: String,
    /// The key under which it was filled in, e.g. a field's id; empty where the form itself has it.
    pub field: String,
    /// What that is called.
    pub title: String,
}

/// A glyph of a face, where its place does not follow from the character: emoji of several characters, letters
/// with marks, scripts whose letters join.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// In the face.
    pub id: u16,
    /// From the text's left, millimetres.
    pub x: f32,
    /// Above the baseline, millimetres.
    pub rise: f32,
    /// The characters, at the first of the glyphs that are drawn for them; else empty.
    pub text: String,
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Page {
    /// In drawing order.
    pub items: Vec<Item>,
}

/// Something drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Item {
    /// Text from its baseline's start; sizes and spacing in points.
    Text {
        /// Left.
        x: f32,
        /// Baseline.
        y: f32,
        /// Points.
        size: f32,
        /// Bold face.
        bold: bool,
        /// Which face of the chain.
        font: u8,
        /// The characters.
        text: String,
        /// Added after each character, points.
        spacing: f32,
        /// Width, millimetres.
        width: f32,
        /// Grey of a mark: 0 black to 1 white.
        grey: f32,
        /// Counter-clockwise, degrees.
        angle: f32,
        /// The glyphs of a shaped text; empty where each character has its own. A screen shapes the text itself.
        #[serde(skip)]
        #[ts(skip)]
        drawn: Vec<Drawn>,
    },
    /// A line.
    Line {
        /// From.
        x1: f32,
        /// From.
        y1: f32,
        /// To.
        x2: f32,
        /// To.
        y2: f32,
        /// Points.
        weight: f32,
        /// Dashed, e.g. a cut line.
        dashed: bool,
    },
    /// A filled rectangle: tint, a module of a QR code, or the bar over redacted words.
    Fill {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Width.
        width: f32,
        /// Height.
        height: f32,
        /// 0 black to 1 white.
        grey: f32,
    },
    /// A polyline, e.g. a tick.
    Stroke {
        /// Corners.
        points: Vec<(f32, f32)>,
        /// Points.
        weight: f32,
        /// Joined at the end.
        closed: bool,
    },
}
