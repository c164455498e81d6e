//! Set-up, run, test and checks: `cargo xtask run | test | bench | together | faults | worst | deny | fuzz | check-windows |
//! check-pdfa`.

mod bench;
mod checks;
mod fuzz;
mod run;
mod setup;
mod sh;
mod tools;
mod windows;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask run              sets up, builds, opens the desk on a practice office
cargo xtask test             everything that CI holds
cargo xtask bench [CASES]    figures of the release build beside their floors; 100,000 cases where not said
cargo xtask together [CASES] fifty windows on one host, and two hundred power cuts; on SQLite and PostgreSQL; with CASES
                             also in a house that has so many
cargo xtask faults [KILLS] [FAULTS] [PAGES] [MALFORMED] [SEED]
                             10,000 kills of a host, 2,000 failures of its disk and memory, 2,000 damaged pages,
                             100,000 malformed requests
cargo xtask worst            a page while one person does their worst, beside a page while nobody does
cargo xtask deny             licences and sources of every crate that we build on
cargo xtask fuzz [SECONDS] [TARGET]
                             what comes from outside, changed at random: a minute for each reader where not said
cargo xtask check-windows    cross-builds for Windows; runs the Rust tests and the service under Wine
cargo xtask check-pdfa       PDFBox preflight over every form of the demo";

fn main() -> ExitCode {
    let task = std::env::args().nth(1).unwrap_or_default();
    let done = match task.as_str() {
        "run" => run::run(),
        "test" => checks::test(),
        "bench" => bench::bench(std::env::args().nth(2).as_deref()),
        "together" => bench::together(std::env::args().nth(2).as_deref()),
        "deny" => checks::deny(),
        "fuzz" => fuzz::fuzz(
            std::env::args().nth(2).as_deref(),
            std::env::args().nth(3).as_deref(),
        ),
        "faults" => bench::faults(&std::env::args().skip(2).collect::<Vec<_>>()),
        "worst" => bench::worst(),
        "check-windows" => windows::check(),
        "check-pdfa" => checks::pdfa(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("xtask {task}: {e:#}");
            ExitCode::FAILURE
        }
    }
}
