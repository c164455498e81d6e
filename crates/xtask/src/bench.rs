//! `cargo xtask bench`: the product's figures, release build.

use crate::{run, setup, sh::sh};
use anyhow::Result;

/// Builds what is measured and measures it; `cases` is how many the store holds (100,000 where not said).
pub fn bench(cases: Option<&str>) -> Result<()> {
    setup::all(&[])?;
    sh("ui", "npm run --silent build")?;
    sh(
        "",
        &format!(
            "cargo build --release -p redressctl -p redress --features {}",
            run::EMBEDDED
        ),
    )?;
    let cases = cases.unwrap_or_default();
    sh(
        "",
        &format!("cargo bench --quiet -p redress-tests --bench figures -- {cases}"),
    )
}

/// A house at work and a host that is killed, release build; with `cases`, also in a house that has so many.
pub fn together(cases: Option<&str>) -> Result<()> {
    setup::all(&[])?;
    let cases = cases.unwrap_or_default();
    sh(
        "",
        &format!("cargo bench --quiet -p redress-tests --bench together -- {cases}"),
    )
}

/// What breaks around a host, for hours. Not the release build: memory fails in SQLite alone, which is found by its
/// name, and sums that overflow are noticed.
pub fn faults(counts: &[String]) -> Result<()> {
    setup::all(&[])?;
    let counts = counts.join(" ");
    sh(
        "",
        &format!("cargo bench --quiet --profile dev -p redress-tests --bench faults -- {counts}"),
    )
}

/// What the others feel while one person does their worst, release build.
pub fn worst() -> Result<()> {
    setup::all(&[])?;
    sh("", "cargo bench --quiet -p redress-tests --bench worst")
}
