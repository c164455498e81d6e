//! `cargo xtask check-windows`: cross-builds the workspace, and under Wine runs the Rust tests and the service.

use crate::{
    setup,
    sh::{root, sh, with},
};
use anyhow::{Context, Result};
use std::process::Command;

/// What the toolchain needs besides.
const DEBIAN: [&str; 4] = [
    "gcc-mingw-w64-x86-64",
    "g++-mingw-w64-x86-64",
    "wine64",
    "nsis",
];

/// Builds everything for `x86_64-pc-windows-gnu` and runs domain, store, paper, desk and the stories.
pub fn check() -> Result<()> {
    setup::all(&DEBIAN)?;
    sh("ui", "npm run --silent build")?;
    sh(
        "",
        "bash crates/xtask/win-toolchain.sh target/windows/toolchain",
    )?;
    let told = Command::new("bash")
        .args(["-c", ". target/windows/toolchain/env.sh && env -0"])
        .current_dir(root())
        .output()
        .context("bash")?;
    let told = String::from_utf8_lossy(&told.stdout);
    let ours = [
        "RUSTC",
        "RUSTDOC",
        "WINE",
        "CARGO_BUILD",
        "CARGO_TARGET_X86",
        "LANG=",
    ];
    let mut env: Vec<(&str, &str)> = told
        .split('\0')
        .filter(|line| ours.iter().any(|o| line.starts_with(o)))
        .filter_map(|line| line.split_once('='))
        .collect();
    let target = root().join("target/windows/build");
    let target = target.to_string_lossy();
    let package = root().join("ui/node_modules/@expo-google-fonts");
    let package = package.to_string_lossy().replace('/', "\\");
    let fonts = format!(
        r"Z:{package};Z:\usr\share\fonts\truetype\hanazono;Z:\usr\share\fonts\truetype\babelstone"
    );
    let workspace = format!("Z:{}", root().to_string_lossy().replace('/', "\\"));
    env.extend([
        ("CARGO_TARGET_DIR", target.as_ref()),
        ("REDRESS_FONTS", fonts.as_str()),
        ("DISPLAY", ""),
        // insta asks cargo for it, which does not run under Wine.
        ("INSTA_WORKSPACE_ROOT", workspace.as_str()),
    ]);
    with("", "cargo build --workspace --exclude xtask", &env)?;
    with(
        "",
        // Cargo itself does not run under Wine, so the test of the arrows is left to `cargo xtask test`.
        "cargo test --workspace --exclude redress --exclude xtask -- --skip nothing_points_back \
         --skip only_paper_knows_printpdf_and_only_store_knows_sql",
        &env,
    )?;
    with(
        "",
        "bash crates/xtask/win-service.sh target/windows/build/x86_64-pc-windows-gnu/debug/redressctl.exe",
        &env,
    )?;
    println!("\nbuilt for Windows; the tests pass, and the service starts and stops, under Wine");
    Ok(())
}
