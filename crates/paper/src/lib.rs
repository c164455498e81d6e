//! A form with what is filled into it becomes laid-out boxes ([`lay_out`]), and those become PDF/A
//! ([`pdf`]) or SVG ([`svg`]). The only crate that knows printpdf.

mod archive;
mod boxes;
mod flow;
mod fonts;
mod layout;
mod line;
mod missing;
mod page;
mod pdf;
mod qr;
mod redaction;
mod rows;
mod shape;
mod sign;
mod svg;
mod table;
mod words;

pub use boxes::{Drawn, Item, Laid, Missing, Page};
pub use fonts::{Fonts, PaperError};
pub use layout::{bind, lay_out};
pub use pdf::{About, pdf};
pub use redaction::{plain, redacted};
pub use svg::svg;
