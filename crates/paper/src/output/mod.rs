//! Boxes become a document: PDF/A for paper, SVG for pictures. It draws what is there, and never moves a box.

mod archive;
mod operations;
mod pdf;
mod profile;
mod subset;
mod svg;

pub use pdf::{About, pdf};
pub use svg::svg;
