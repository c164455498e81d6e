//! Fonts and made-up forms for the tests of paper.

use redress_domain::form::{Filling, Form};
use redress_paper::{Fonts, Laid, PaperError};
use std::path::PathBuf;

/// The fonts that the program carries, and the fallback.
pub fn fonts() -> Result<Fonts, PaperError> {
    let mut dirs: Vec<PathBuf> = std::env::var_os("REDRESS_FONTS")
        .map(|v| std::env::split_paths(&v).collect())
        .unwrap_or_default();
    let top = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    dirs.push(top.join("ui/node_modules/@expo-google-fonts"));
    dirs.push(PathBuf::from("/usr/share/fonts/truetype/hanazono"));
    dirs.push(PathBuf::from("/usr/share/fonts/truetype/babelstone"));
    Fonts::load(&dirs)
}

/// A form of these blocks.
pub fn form(blocks: &str) -> Form {
    let text = format!("id = \"probe\"\ntitle = \"试表\"\ncode = \"SB\"\n{blocks}");
    toml::from_str(&text).expect("a form")
}

/// A form that is short enough, laid out.
pub fn lay_out(form: &Form, filling: &Filling, fonts: &Fonts) -> Laid {
    redress_paper::lay_out(form, filling, fonts).expect("a short form")
}
