//! What CI holds, and checks that are run before an issue is resolved.

use crate::{
    part, run, setup,
    sh::{root, sh, with},
    tools,
};
use anyhow::{Context, Result, bail};

/// Everything: first what fails in seconds, then the Rust tests, the browser, the window.
pub fn test() -> Result<()> {
    setup::all(&[])?;
    words()?;
    deny()?;
    page()?;
    sh("ui", "npm run --silent build")?;
    clippy()?;
    let what = run::WORKSPACE;
    let doc = format!("cargo doc {what} --no-deps --quiet");
    with("", &doc, &[("RUSTDOCFLAGS", "-D warnings")])?;
    // One build for all that follows: with other packages or features chosen, the same libraries would be built again.
    sh("", &format!("cargo build {what} --bins --tests"))?;
    let filter = if cfg!(target_os = "linux") {
        "-E !binary(window)"
    } else {
        ""
    };
    part::nextest(&format!("{what} --profile ci {filter}"))?;
    stale()?;
    if cfg!(target_os = "linux") {
        part::e2e()?;
        part::window()?;
    }
    println!("\nall green");
    Ok(())
}

/// What is wrong with the source without running it, and the arrows between crates and rooms.
pub fn check() -> Result<()> {
    setup::page()?;
    words()?;
    sh("ui", "npm run --silent lint")?;
    sh("ui", "npm run --silent types")?;
    clippy()?;
    part::nextest(&format!("{} --test architecture", run::WORKSPACE))
}

/// What changes most, in less than three minutes: no browser, no window, no long walk (`.config/nextest.toml`).
pub fn quick() -> Result<()> {
    setup::page()?;
    words()?;
    page()?;
    clippy()?;
    part::nextest(&format!(
        "{} --profile quick --lib --bins --test architecture --test locales --test typescript --test rules --test sound",
        run::WORKSPACE
    ))
}

/// Format, spelling, and libraries that nobody uses.
fn words() -> Result<()> {
    sh("", "cargo fmt --all --check")?;
    let typos = tools::find(&tools::TYPOS)?;
    sh("", &format!("{} --config .ci/typos.toml", typos.display()))?;
    let shear = tools::find(&tools::SHEAR)?;
    sh("", &format!("{} shear", shear.display()))
}

fn clippy() -> Result<()> {
    let what = run::WORKSPACE;
    sh(
        "",
        &format!("cargo clippy {what} --all-targets -- -D warnings"),
    )
}

/// The page's own checks.
pub fn page() -> Result<()> {
    sh("ui", "npm run --silent lint")?;
    sh("ui", "npm run --silent test")
}

/// Licences, bans and sources of every crate that we build on. The advisories are asked by hand, where their
/// database can be reached: `target/tools/…/cargo-deny --config .ci/deny.toml check advisories`.
pub fn deny() -> Result<()> {
    let program = tools::find(&tools::DENY)?;
    let checks = "--locked --log-level error --config .ci/deny.toml check licenses bans sources";
    sh("", &format!("{} {checks}", program.display()))
}

/// Files that tests write are committed; a difference means that one was stale.
fn stale() -> Result<()> {
    if !root().join(".git").exists() {
        return Ok(());
    }
    let written = "ui/src/generated docs/source-lines.md docs/form-lines.md";
    sh("", &format!("git diff --exit-code --stat -- {written}"))
        .context("a generated file was stale: commit what `cargo test` wrote")
}

/// PDFBox preflight (PDF/A-1b) over every form of the demo.
pub fn pdfa() -> Result<()> {
    setup::all(&[
        "libpdfbox2-java",
        "libjaxb-api-java",
        "libactivation-java",
        "default-jre-headless",
    ])?;
    run::build(&["redressctl"])?;
    let out = run::demo("target/pdfa")?;
    // Papers with every script and sign that people type, beside those of the demo.
    let dir = out.to_string_lossy();
    let program = tools::nextest()?;
    let what = run::WORKSPACE;
    with(
        "",
        &format!("{program} nextest run {what} --test cases nothing_that_is_said_stops_a_receipt"),
        &[("REDRESS_PAPERS", dir.as_ref())],
    )?;
    let jars = [
        "preflight",
        "pdfbox2",
        "fontbox2",
        "xmpbox2",
        "xmpbox",
        "pdfbox",
        "fontbox",
        "commons-logging",
        "commons-io",
        "jaxb-api",
        "javax.activation",
    ];
    let path: Vec<String> = jars
        .iter()
        .map(|j| format!("/usr/share/java/{j}.jar"))
        .collect();
    let mut bad = 0;
    for entry in std::fs::read_dir(&out)? {
        let file = entry?.path();
        let run = std::process::Command::new("java")
            .args([
                "-cp",
                &path.join(":"),
                "org.apache.pdfbox.preflight.Validator_A1b",
            ])
            .arg(&file)
            .output()?;
        let said = String::from_utf8_lossy(&run.stdout);
        if !said.contains("is a valid PDF/A-1b file") {
            bad += 1;
            println!("{}: {said}", file.display());
        }
    }
    if bad > 0 {
        bail!("{bad} forms are not PDF/A-1b")
    }
    println!("every form in {} is PDF/A-1b", out.display());
    Ok(())
}
