//! The terminal door: JSON in, JSON out, one object.
//!
//! Exit 0 done; 1 refused or invalid; 2 wrong usage; 3 internal.
//!
//! A command is a file in `commands`: its options as a struct, and `run`. Then it is one line in [`commands::Command`].

mod commands;
mod files;
mod office;
mod procedure_folder;
mod stop;
mod words;

use commands::Command;
use redress_desk::Lang;
use serde_json::Value;
use std::process::ExitCode;
use stop::Stop;

/// The language of the terminal.
fn lang() -> Lang {
    Lang::from_tag(&std::env::var("LANG").unwrap_or_default())
}

fn main() -> ExitCode {
    let command = match words::read(std::env::args_os().skip(1)) {
        Ok(command) => command,
        // Help and version end with 0, everything else with 2.
        Err(said) => said.exit(),
    };
    let lang = lang();
    let done = match command {
        Command::Completions(shell) => return shell.write(),
        Command::Man(page) => return page.write(),
        #[cfg(windows)]
        Command::Serve(serve) if serve.service => commands::service::dispatch(),
        command => in_runtime(command.run(lang)),
    };
    match done {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(stop) => stop.report(lang),
    }
}

fn in_runtime(work: impl Future<Output = Result<Value, Stop>>) -> Result<Value, Stop> {
    tokio::runtime::Runtime::new()?.block_on(work)
}
