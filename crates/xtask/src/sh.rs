//! Running other programs.

use anyhow::{Context, Result, bail};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
    time::Instant,
};

/// The repository's top folder.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(PathBuf::from).unwrap_or(here)
}

/// Runs a command line of plain words in a folder below the root and fails with it.
pub fn sh(folder: &str, line: &str) -> Result<()> {
    with(folder, line, &[])
}

/// The same with environment variables.
pub fn with(folder: &str, line: &str, env: &[(&str, &str)]) -> Result<()> {
    println!("\n» {line}");
    let start = Instant::now();
    let mut words = line.split_whitespace();
    let program = words.next().unwrap_or_default();
    // npm and npx are scripts on Windows.
    let program = if cfg!(windows) && matches!(program, "npm" | "npx") {
        format!("{program}.cmd")
    } else {
        program.to_owned()
    };
    let status = Command::new(&program)
        .args(words)
        .current_dir(root().join(folder))
        .envs(env.iter().copied())
        .status()
        .with_context(|| format!("{program} could not be started"))?;
    println!("  {:.1} s", start.elapsed().as_secs_f64());
    if status.success() {
        Ok(())
    } else {
        bail!("`{line}` failed")
    }
}

/// Whether a program can be found and run.
pub fn has(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}
