//! Set-up, run, test and checks: `cargo xtask run | test | check-pdfa`.

mod checks;
mod run;
mod setup;
mod sh;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask run          sets up, builds, opens the desk on a practice office
cargo xtask test         everything that CI holds
cargo xtask check-pdfa   PDFBox preflight over every form of the demo";

fn main() -> ExitCode {
    let task = std::env::args().nth(1).unwrap_or_default();
    let done = match task.as_str() {
        "run" => run::run(),
        "test" => checks::test(),
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
