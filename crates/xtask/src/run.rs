//! Opens the desk on a practice office; without a display it walks the demo and pictures the window.

use crate::{
    setup,
    sh::{root, sh},
};
use anyhow::Result;
use std::path::PathBuf;

/// Who can sign in to a practice office.
pub const PEOPLE: &str = "sign in as zhaomin, luoping or admin; password Redress-2026";

/// What every build of the workspace is made with: the window with the built page inside, rather than asking a
/// development server for it, and on Linux the test of the real window.
///
/// Every task names the whole workspace and these, and chooses by target (`--bin`, `--lib`, `--test`). With `-p` cargo
/// would choose other features of the libraries below, and build nearly all of them a second time.
pub const WORKSPACE: &str = if cfg!(target_os = "linux") {
    "--workspace --features redress/custom-protocol,redress-tests/window"
} else {
    "--workspace --features redress/custom-protocol"
};

/// Builds programs of the workspace by name.
pub fn build(programs: &[&str]) -> Result<()> {
    let bins: Vec<_> = programs.iter().map(|p| format!("--bin {p}")).collect();
    sh("", &format!("cargo build {WORKSPACE} {}", bins.join(" ")))
}

/// Where a program of the workspace is built.
pub fn program(name: &str) -> PathBuf {
    let folder = root().join("target/debug").join(name);
    folder.with_extension(std::env::consts::EXE_EXTENSION)
}

/// Walks the demo into a fresh folder with the built `redressctl`; answers where its PDFs are.
pub fn demo(folder: &str) -> Result<PathBuf> {
    let base = root().join(folder);
    if base.exists() {
        std::fs::remove_dir_all(&base)?;
    }
    std::fs::create_dir_all(&base)?;
    let ctl = program("redressctl");
    sh(
        "",
        &format!(
            "{} demo {folder}/office --out {folder}/papers",
            ctl.display()
        ),
    )?;
    Ok(base.join("papers"))
}

/// The demo of the last time, or a new one where there is none that was walked to its end: its papers come last.
pub fn kept_demo(folder: &str) -> Result<()> {
    if root().join(folder).join("papers").exists() {
        println!("the practice office of the last time is used; delete {folder} to begin anew");
        return Ok(());
    }
    demo(folder).map(drop)
}

/// `cargo xtask run`.
pub fn run() -> Result<()> {
    setup::all(&[])?;
    sh("ui", "npm run --silent build")?;
    build(&["redress", "redressctl"])?;
    let display = !cfg!(target_os = "linux")
        || std::env::var_os("DISPLAY").is_some()
        || std::env::var_os("WAYLAND_DISPLAY").is_some();
    if display {
        kept_demo("target/practice")?;
    } else {
        demo("target/practice")?;
    }
    println!("{PEOPLE}");
    let office = root().join("target/practice/office");
    if display {
        let window = program("redress");
        return sh(
            "",
            &format!("{} --data {}", window.display(), office.display()),
        );
    }
    sh(
        "",
        // One story pictures every screen; `cargo xtask test` walks them all.
        &format!("cargo test --quiet {WORKSPACE} --test window -- --test-threads=1 story_1"),
    )?;
    println!("papers: target/practice/papers");
    println!("pictures of the real window: target/pictures");
    Ok(())
}
