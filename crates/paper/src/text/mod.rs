//! From characters to lines: which font has a character, what is drawn as one, where a line may break, and what is
//! covered. It never knows where on a page a line will stand.

mod fonts;
mod line;
mod redaction;
mod shape;

pub use fonts::{Fonts, PaperError};
pub(crate) use line::{Line, lines};
pub(crate) use redaction::under;
pub use redaction::{plain, redacted};
pub(crate) use shape::{Glyph, visual};
