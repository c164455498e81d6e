//! Set-up, run, test and checks. `cargo xtask help` lists them.

mod bench;
mod checks;
mod dev;
mod fuzz;
mod part;
mod run;
mod setup;
mod sh;
mod tools;
mod windows;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Set up, run, test and measure Redress
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set up, build, and open the desk on a practice office
    Run,
    /// Serve a practice office to the browser; a change in `ui/` shows at once
    Dev,
    /// Everything that CI holds; or one part of it
    Test {
        /// A crate, `ui`, `e2e`, `window`, or a part of the names of tests
        part: Option<String>,
        /// Format, lints, and the tests that take seconds; no browser, no window, no long walk
        #[arg(long, conflicts_with = "part")]
        quick: bool,
    },
    /// Format, clippy, types, spelling, and the arrows between crates and rooms
    Check,
    /// Figures of the release build beside their floors
    Bench {
        /// Cases in the store; 100,000 where not said
        cases: Option<u32>,
    },
    /// Fifty windows on one host, and two hundred power cuts; on SQLite and PostgreSQL
    Together {
        /// Also in an office that has so many cases
        cases: Option<u32>,
    },
    /// Kills of a host, failures of its disk and memory, damaged pages, malformed requests
    ///
    /// 10,000, 2,000, 2,000 and 100,000 of them where nothing else is said.
    Faults {
        /// KILLS FAULTS PAGES MALFORMED SEED
        #[arg(num_args = 0..=5)]
        counts: Vec<u64>,
    },
    /// A page while one person does their worst, beside a page while nobody does
    Worst,
    /// Licences and sources of every crate that we build on
    Deny,
    /// What comes from outside, changed at random
    Fuzz {
        /// For each reader; a minute where not said
        seconds: Option<u64>,
        /// One reader alone
        target: Option<String>,
    },
    /// Cross-build for Windows; run the Rust tests and the service under Wine
    CheckWindows,
    /// PDFBox preflight over every form of the demo
    CheckPdfa,
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Run => run::run(),
        Task::Dev => dev::dev(),
        Task::Test { quick: true, .. } => checks::quick(),
        Task::Test {
            part: Some(name), ..
        } => part::test(&name),
        Task::Test { .. } => checks::test(),
        Task::Check => checks::check(),
        Task::Bench { cases } => bench::bench(cases),
        Task::Together { cases } => bench::together(cases),
        Task::Faults { counts } => bench::faults(&counts),
        Task::Worst => bench::worst(),
        Task::Deny => checks::deny(),
        Task::Fuzz { seconds, target } => fuzz::fuzz(seconds, target.as_deref()),
        Task::CheckWindows => windows::check(),
        Task::CheckPdfa => checks::pdfa(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("cargo xtask: {e:#}");
            ExitCode::FAILURE
        }
    }
}
