//! Where the tests of paper find their fonts.

use redress_paper::{Fonts, PaperError};
use std::path::PathBuf;

pub fn fonts() -> Result<Fonts, PaperError> {
    let mut dirs: Vec<PathBuf> = std::env::var_os("REDRESS_FONTS")
        .map(|v| std::env::split_paths(&v).collect())
        .unwrap_or_default();
    let top = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    dirs.push(top.join("ui/node_modules/@expo-google-fonts/noto-serif-sc"));
    dirs.push(PathBuf::from("/usr/share/fonts/truetype/hanazono"));
    Fonts::load(&dirs)
}
