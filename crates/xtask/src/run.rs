//! Opens the desk on a practice office; without a display it walks the demo and pictures the window.

use crate::{
    setup,
    sh::{root, sh},
};
use anyhow::Result;
use std::path::PathBuf;

/// The window with the built page inside, rather than asking a development server for it.
pub const EMBEDDED: &str = "redress/custom-protocol";

/// Builds the page and the window around it.
pub fn build_window() -> Result<()> {
    if !root().join("ui/dist/index.html").exists() {
        sh("ui", "npm run --silent build")?;
    }
    sh("", &format!("cargo build -p redress --features {EMBEDDED}"))
}

/// Walks the demo into a fresh folder; answers where its PDFs are.
pub fn demo(folder: &str) -> Result<PathBuf> {
    let base = root().join(folder);
    if base.exists() {
        std::fs::remove_dir_all(&base)?;
    }
    std::fs::create_dir_all(&base)?;
    sh(
        "",
        &format!("cargo run --quiet -p redressctl -- demo {folder}/office --out {folder}/papers"),
    )?;
    Ok(base.join("papers"))
}

/// `cargo xtask run`.
pub fn run() -> Result<()> {
    setup::all(&[])?;
    sh("ui", "npm run --silent build")?;
    build_window()?;
    let display = !cfg!(target_os = "linux")
        || std::env::var_os("DISPLAY").is_some()
        || std::env::var_os("WAYLAND_DISPLAY").is_some();
    if display && root().join("target/practice/office").exists() {
        println!(
            "the practice office of the last run is used; delete target/practice to begin anew"
        );
    } else {
        demo("target/practice")?;
    }
    println!("sign in as zhaomin, luoping or admin; password Redress-2026");
    let office = root().join("target/practice/office");
    if display {
        let window = root().join("target/debug").join(if cfg!(windows) {
            "redress.exe"
        } else {
            "redress"
        });
        return sh(
            "",
            &format!("{} --data {}", window.display(), office.display()),
        );
    }
    sh(
        "",
        // One story pictures every screen; `cargo xtask test` walks them all.
        "cargo test --quiet -p redress-tests --features window --test window -- --test-threads=1 story_1",
    )?;
    println!("papers: target/practice/papers");
    println!("pictures of the real window: target/pictures");
    Ok(())
}
