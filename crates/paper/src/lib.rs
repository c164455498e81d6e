//! A form with what is filled into it becomes laid-out boxes ([`lay_out`]), and those become PDF/A
//! ([`pdf`]) or SVG ([`svg`]). The only crate that knows printpdf.
//!
//! Rooms from the bottom: `boxes`, the plain data between the two halves; `text`, from characters to broken lines;
//! `page`, the pen; `layout`, a form's blocks; and beside it `output`, which draws boxes and knows no form.

mod boxes;
mod layout;
mod output;
mod page;
mod text;

pub use boxes::{Drawn, Item, Laid, Missing, Page};
pub use layout::{bind, lay_out};
pub use output::{About, pdf, svg};
pub use text::{Fonts, PaperError, plain, redacted};
