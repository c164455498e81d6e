//! `cargo xtask bench`: the product's figures, release build.

use crate::{run, setup, sh::sh};
use anyhow::Result;

/// A measurement of `tests/benches`, with its own words.
fn bench_of(name: &str, options: &str, words: &str) -> Result<()> {
    let what = run::WORKSPACE;
    let line = format!("cargo bench --quiet {options} {what} --bench {name} -- {words}");
    sh("", &line)
}

fn said<T: ToString>(number: Option<T>) -> String {
    number.map(|n| n.to_string()).unwrap_or_default()
}

/// Builds what is measured and measures it; `cases` is how many the store holds (100,000 where not said).
pub fn bench(cases: Option<u32>) -> Result<()> {
    setup::all(&[])?;
    sh("ui", "npm run --silent build")?;
    let what = run::WORKSPACE;
    let line = format!("cargo build --release {what} --bin redressctl --bin redress");
    sh("", &line)?;
    bench_of("figures", "", &said(cases))
}

/// An office at work and a host that is killed, release build; with `cases`, also in an office that has so many.
pub fn together(cases: Option<u32>) -> Result<()> {
    setup::all(&[])?;
    bench_of("together", "", &said(cases))
}

/// What breaks around a host, for hours. Not the release build: memory fails in SQLite alone, which is found by its
/// name, and sums that overflow are noticed.
pub fn faults(counts: &[u64]) -> Result<()> {
    setup::all(&[])?;
    let counts: Vec<_> = counts.iter().map(u64::to_string).collect();
    bench_of("faults", "--profile dev", &counts.join(" "))
}

/// What the others feel while one person does their worst, release build.
pub fn worst() -> Result<()> {
    setup::all(&[])?;
    bench_of("worst", "", "")
}
