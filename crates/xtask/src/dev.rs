//! `cargo xtask dev`: a practice office in the browser, and the page drawn anew whenever a file of it changes.

use crate::{
    run, setup,
    sh::{has, root},
};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// The folder of the office, kept from one start to the next.
const FOLDER: &str = "target/dev";

/// The host on this machine alone; it ends with the task.
struct Host(Child);

impl Drop for Host {
    fn drop(&mut self) {
        // Ctrl-C has ended it already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the host and says where it listens.
fn host() -> Result<(Host, String)> {
    let program = run::program("redressctl");
    let mut child = Command::new(&program)
        .arg("loopback")
        .arg(root().join(FOLDER).join("office"))
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| program.display().to_string())?;
    let out = child.stdout.take().map(BufReader::new);
    let host = Host(child);
    let line = out.and_then(|o| o.lines().next()).transpose()?;
    let said: Value = serde_json::from_str(&line.unwrap_or_default())
        .context("the host ended before it listened")?;
    let address = said["listening"].as_str().unwrap_or_default().to_owned();
    Ok((host, address))
}

/// Builds the host, walks the demo once, and serves the page until Ctrl-C.
pub fn dev() -> Result<()> {
    setup::page()?;
    ensure!(has("node"), "Node.js is missing");
    run::build(&["redressctl"])?;
    run::kept_demo(FOLDER)?;
    let (_host, address) = host()?;
    println!("the host listens at {address}; after a change in Rust start this anew");
    println!("{}", run::PEOPLE);
    // Vite says at which address the browser finds the page.
    let status = Command::new("node")
        .args(["node_modules/vite/bin/vite.js", "--config"])
        .arg("../crates/xtask/dev.vite.mjs")
        .current_dir(root().join("ui"))
        .env("REDRESS_HOST", &address)
        .status()
        .context("node")?;
    ensure!(status.success(), "vite ended: {status}");
    Ok(())
}
