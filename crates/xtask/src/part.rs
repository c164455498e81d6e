//! `cargo xtask test NAME`: one part of the tests, with no more built than it needs.

use crate::{
    checks,
    run::{self, WORKSPACE},
    setup,
    sh::{root, sh, with},
    tools,
};
use anyhow::{Result, ensure};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A crate, `ui`, `e2e`, `window`, or a part of the names of tests.
pub fn test(name: &str) -> Result<()> {
    match name {
        "ui" => {
            setup::page()?;
            checks::page()
        }
        "e2e" => {
            setup::all(&[])?;
            sh("ui", "npm run --silent build")?;
            run::build(&["redressctl"])?;
            e2e()
        }
        "window" => {
            setup::all(&[])?;
            sh("ui", "npm run --silent build")?;
            run::build(&["redress"])?;
            window()
        }
        name => match folder(name) {
            Some(folder) => nextest(&format!(
                "{WORKSPACE} {} -E package({})&!binary(window)",
                options(&targets(&folder, "")?),
                package(name)
            )),
            None => named(name),
        },
    }
}

/// Tests by a part of their names: only the files are built in which such a name stands.
fn named(name: &str) -> Result<()> {
    let mut all = BTreeSet::new();
    for folder in folders()? {
        all.extend(targets(&folder, name)?);
    }
    ensure!(
        !all.is_empty(),
        "no crate and no test is called {name}; other parts are ui, e2e and window"
    );
    nextest(&format!(
        "{WORKSPACE} {} -E test({name})&!binary(window)",
        options(&all)
    ))
}

/// The folders of all packages.
fn folders() -> Result<Vec<PathBuf>> {
    let mut all = vec![root().join("tests"), root().join("src-tauri")];
    for entry in fs::read_dir(root().join("crates"))? {
        all.push(entry?.path());
    }
    Ok(all)
}

/// The folder of a package, by its own name or without `redress-`.
fn folder(name: &str) -> Option<PathBuf> {
    let short = name.strip_prefix("redress-").unwrap_or(name);
    let folder = match short {
        "tests" => root().join("tests"),
        "redress" => root().join("src-tauri"),
        short => root().join("crates").join(short),
    };
    folder.join("Cargo.toml").exists().then_some(folder)
}

/// The package of a folder's name.
fn package(name: &str) -> String {
    match name {
        "redress" | "redressctl" | "xtask" => name.to_owned(),
        name if name.starts_with("redress-") => name.to_owned(),
        name => format!("redress-{name}"),
    }
}

/// The targets of a package in which a test of such a name stands, as cargo's options name them.
fn targets(folder: &Path, name: &str) -> Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    if says(&folder.join("src"), name)? {
        let library = folder.join("src/lib.rs").exists();
        all.insert(if library { "--lib" } else { "--bins" }.to_owned());
    }
    let tests = folder.join("tests");
    if tests.is_dir() {
        for entry in fs::read_dir(tests)? {
            let path = entry?.path();
            let is_test =
                path.join("main.rs").exists() || path.extension().is_some_and(|e| e == "rs");
            if is_test && says(&path, name)? {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                all.insert(format!("--test {stem}"));
            }
        }
    }
    Ok(all)
}

/// Whether a function of such a name stands in a file, or below a folder.
fn says(path: &Path, name: &str) -> Result<bool> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            if says(&entry?.path(), name)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if path.extension().is_none_or(|e| e != "rs") {
        return Ok(false);
    }
    let text = fs::read_to_string(path)?;
    let mut functions = text
        .split("fn ")
        .skip(1)
        .filter_map(|f| f.split('(').next());
    Ok(functions.any(|f| f.contains(name)))
}

fn options(all: &BTreeSet<String>) -> String {
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    all.join(" ")
}

/// Runs tests of Rust.
pub fn nextest(what: &str) -> Result<()> {
    let program = tools::nextest()?;
    sh("", &format!("{program} nextest run {what}"))
}

/// The browser tests against the built `redressctl` and page.
pub fn e2e() -> Result<()> {
    let ctl = run::program("redressctl");
    with(
        "ui",
        "npm run --silent e2e",
        &[("REDRESSCTL", &ctl.to_string_lossy())],
    )
}

/// The real window, which is built already. Each test has a display of its own; more than two wait for the processor.
pub fn window() -> Result<()> {
    sh(
        "",
        &format!("cargo test {WORKSPACE} --test window -- --test-threads=2"),
    )
}
