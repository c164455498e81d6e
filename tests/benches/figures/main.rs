//! `cargo xtask bench`: what the product takes, beside the bare floor measured in the same run. Aims, never gates.
//!
//! `figures [CASES]`: how many cases the store holds (100,000 where not said). The cases are made by the
//! real commands, once, and kept below `target/bench`; deleting that folder begins anew.

mod encrypted;
mod house;
mod paper;
mod table;
mod window;

use anyhow::Result;
use std::path::PathBuf;

fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[tokio::main]
async fn main() -> Result<()> {
    let cases = std::env::args()
        .skip(1)
        .find_map(|a| a.parse().ok())
        .unwrap_or(100_000);
    let mut table = table::Table::default();
    paper::measure(&mut table).await?;
    table.print();
    house::measure(&mut table, cases).await?;
    table.print();
    encrypted::measure(&mut table, cases).await?;
    table.print();
    window::measure(&mut table)?;
    table.print();
    Ok(())
}
