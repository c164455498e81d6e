//! What comes from outside, changed at random and thrown at its readers, for as long as one likes.

use crate::{
    setup,
    sh::{root, sh},
    tools,
};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Targets of the rules alone: compiled in a tenth of the time.
const RULES: [&str; 3] = ["calendars", "events", "procedures"];
/// Targets that want all that stands on the rules.
const OFFICE: [&str; 5] = ["content", "forms", "records", "backups", "requests"];
/// Those that begin with our own files.
const OURS: [&str; 2] = ["procedures", "forms"];
/// Seconds for each target where nothing else is said.
const SECONDS: u64 = 60;
/// Of the clock, for what waits for ever; an input may take one second of the processor (`redress_fuzz::at_most`).
const HANGS: u64 = 30;
/// Megabytes that an input may take, the program itself included.
const MEMORY: u64 = 512;
const FOLDER: &str = "tests/fuzz";
const BUILT: &str = "tests/fuzz/target";

/// `cargo xtask fuzz [SECONDS] [TARGET]`.
pub fn fuzz(seconds: Option<u64>, target: Option<&str>) -> Result<()> {
    ensure!(
        cfg!(target_os = "linux"),
        "fuzzing wants Linux: libFuzzer is part of the build"
    );
    let seconds = seconds.unwrap_or(SECONDS);
    let named = |t: &&str| target.is_none_or(|one| one == *t);
    let all: Vec<&str> = RULES.into_iter().chain(OFFICE).filter(named).collect();
    ensure!(
        !all.is_empty(),
        "targets are {} {}",
        RULES.join(" "),
        OFFICE.join(" ")
    );
    setup::all(&[])?;
    let program = tools::find(&tools::FUZZ)?;
    // No sanitizer: those want a nightly compiler and find what unsafe code does, of which there is next to none.
    let line = format!(
        "{} build --fuzz-dir {FOLDER} --target-dir {BUILT} --sanitizer none",
        program.display()
    );
    let with_office = all.iter().any(|t| OFFICE.contains(t));
    let features = if with_office {
        ""
    } else {
        " --no-default-features"
    };
    let one = target.unwrap_or_default();
    sh("", &format!("{line}{features} {one}"))?;
    let mut fallen = vec![];
    for target in all {
        let outcome = run(target, seconds)?;
        println!("{target:>12}: {outcome}");
        if outcome.found.is_some() {
            fallen.push(target);
        }
    }
    if !fallen.is_empty() {
        bail!(
            "inputs that fell are in {BUILT}/found: {}",
            fallen.join(" ")
        )
    }
    Ok(())
}

/// What came of one target.
struct Outcome {
    executions: String,
    coverage: String,
    seconds: u64,
    /// What the fuzzer said of the input that fell.
    found: Option<String>,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            executions,
            coverage,
            seconds,
            found,
        } = self;
        write!(
            f,
            "{executions} executions in {seconds} s, {coverage} edges, "
        )?;
        match found {
            None => write!(f, "nothing fell"),
            Some(what) => write!(f, "FELL\n{what}"),
        }
    }
}

fn folder(name: &str) -> Result<PathBuf> {
    let path = root().join(BUILT).join(name);
    fs::create_dir_all(&path)?;
    Ok(path)
}

fn run(target: &str, seconds: u64) -> Result<Outcome> {
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let program = root().join(BUILT).join(triple).join("release").join(target);
    let found = folder("found")?;
    let seeds = root().join(FOLDER).join("seeds").join(target);
    let said = Command::new(&program)
        .current_dir(root())
        .arg(folder(&format!("corpus/{target}"))?)
        .args(seeds.is_dir().then_some(seeds))
        // Our own files are the best beginnings.
        .args(OURS.contains(&target).then(|| root().join("procedures")))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={HANGS}"))
        .arg(format!("-rss_limit_mb={MEMORY}"))
        .args(["-print_final_stats=1", "-max_len=65536"])
        .arg(format!("-artifact_prefix={}/{target}-", found.display()))
        .stdout(Stdio::null())
        .output()
        .with_context(|| program.display().to_string())?;
    let text = String::from_utf8_lossy(&said.stderr);
    fs::write(log(&found, target), text.as_bytes())?;
    let after = |mark: &str| {
        let at = text.rfind(mark)? + mark.len();
        text[at..].split_whitespace().next().map(str::to_owned)
    };
    let tail: Vec<&str> = text.lines().rev().take(40).collect();
    let tail: Vec<&str> = tail.into_iter().rev().collect();
    Ok(Outcome {
        executions: after("stat::number_of_executed_units:").unwrap_or_default(),
        coverage: after(" cov: ").unwrap_or_default(),
        seconds,
        found: (!said.status.success()).then(|| tail.join("\n")),
    })
}

fn log(found: &Path, target: &str) -> PathBuf {
    found.join(format!("{target}.log"))
}
