//! Where the paper's fonts are.

use std::path::PathBuf;

/// Where the paper's fonts are looked for, the first of a name being used: `REDRESS_FONTS`, a folder `fonts` beside the
/// program or above it, the packages of the source tree, the system.
pub fn font_dirs() -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = std::env::var_os("REDRESS_FONTS")
        .map(|v| std::env::split_paths(&v).collect())
        .unwrap_or_default();
    let package = "ui/node_modules/@expo-google-fonts";
    if let Ok(program) = std::env::current_exe() {
        for above in program.ancestors().skip(1).take(6) {
            dirs.push(above.join("fonts"));
            dirs.push(above.join(package));
        }
    }
    if let Ok(here) = std::env::current_dir() {
        dirs.extend(here.ancestors().take(4).map(|a| a.join(package)));
    }
    for name in ["hanazono", "babelstone", "noto"] {
        dirs.push(PathBuf::from("/usr/share/fonts/truetype").join(name));
    }
    if let Some(windows) = std::env::var_os("SystemRoot") {
        dirs.push(PathBuf::from(windows).join("Fonts"));
    }
    dirs
}
