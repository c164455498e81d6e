//! What CI holds, and checks that are run before an issue is resolved.

use crate::{
    run, setup,
    sh::{has, root, sh, with},
    tools,
};
use anyhow::{Context, Result, bail};

/// fmt, clippy, docs, Rust tests, the UI's own checks, the browser, the window.
pub fn test() -> Result<()> {
    setup::all(&[])?;
    sh("", "cargo fmt --all --check")?;
    deny()?;
    sh("ui", "npm run --silent lint")?;
    sh("ui", "npm run --silent test")?;
    sh("ui", "npm run --silent build")?;
    sh("", "cargo clippy --workspace --all-targets -- -D warnings")?;
    with(
        "",
        "cargo doc --workspace --no-deps --quiet",
        &[("RUSTDOCFLAGS", "-D warnings")],
    )?;
    // One build for all that follows: with other packages or features chosen, the same libraries would be built again.
    let features = if cfg!(target_os = "linux") {
        format!("{},redress-tests/window", run::EMBEDDED)
    } else {
        run::EMBEDDED.to_owned()
    };
    sh(
        "",
        &format!("cargo build --workspace --bins --tests --features {features}"),
    )?;
    let runner = if has("cargo-nextest") {
        format!("cargo nextest run --workspace --features {features} -E !binary(window)")
    } else {
        format!("cargo test --workspace --features {}", run::EMBEDDED)
    };
    sh("", &runner)?;
    stale()?;
    if cfg!(target_os = "linux") {
        let ctl = root().join("target/debug/redressctl");
        with(
            "ui",
            "npm run --silent e2e",
            &[("REDRESSCTL", &ctl.to_string_lossy())],
        )?;
        sh(
            "",
            &format!(
                "cargo test --workspace --features {features} --test window -- --test-threads=1"
            ),
        )?;
    }
    println!("\nall green");
    Ok(())
}

/// Licences, bans and sources of every crate that we build on. The advisories are asked by hand, where their
/// database can be reached: `target/tools/…/cargo-deny --config .ci/deny.toml check advisories`.
pub fn deny() -> Result<()> {
    let program = tools::find(&tools::DENY)?;
    let checks = "--locked --log-level error --config .ci/deny.toml check licenses bans sources";
    sh("", &format!("{} {checks}", program.display()))
}

/// Generated TypeScript is committed; a test rewrites it, and a difference means that it was stale.
fn stale() -> Result<()> {
    if !root().join(".git").exists() {
        return Ok(());
    }
    sh("", "git diff --exit-code --stat -- ui/src/generated")
        .context("ui/src/generated was stale: commit what `cargo test` wrote")
}

/// PDFBox preflight (PDF/A-1b) over every form of the demo.
pub fn pdfa() -> Result<()> {
    setup::all(&[
        "libpdfbox2-java",
        "libjaxb-api-java",
        "libactivation-java",
        "default-jre-headless",
    ])?;
    let out = run::demo("target/pdfa")?;
    // Papers with every script and sign that people type, beside those of the demo.
    let dir = out.to_string_lossy();
    with(
        "",
        "cargo nextest run --workspace --test words nothing_that_is_said_stops_a_receipt",
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
