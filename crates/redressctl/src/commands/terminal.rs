//! What a terminal itself wants: completions and a manual page.

use super::Cli;
use clap::{Args, CommandFactory, error::ErrorKind};
use clap_complete::Shell;
use std::{io::Write, process::ExitCode};

/// Write completions for a shell
#[derive(Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Write the manual page
#[derive(Args)]
pub(crate) struct Man {
    /// The page of one command
    command: Option<String>,
}

impl Completions {
    pub(crate) fn write(self) -> ExitCode {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "redressctl", &mut text);
        written(&text)
    }
}

impl Man {
    pub(crate) fn write(self) -> ExitCode {
        let mut program = Cli::command();
        // Gives each command the name by which its page is asked for.
        program.build();
        let page = match &self.command {
            None => program,
            Some(name) => match program.find_subcommand(name) {
                Some(command) => command.clone(),
                None => {
                    let wrong = format!("there is no command `{name}`");
                    program.error(ErrorKind::InvalidSubcommand, wrong).exit()
                }
            },
        };
        let title = page.get_display_name().unwrap_or_default().to_owned();
        let mut text = Vec::new();
        match clap_mangen::Man::new(page).title(title).render(&mut text) {
            Ok(()) => written(&text),
            Err(_) => ExitCode::from(3),
        }
    }
}

fn written(text: &[u8]) -> ExitCode {
    match std::io::stdout().write_all(text) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has closed the pipe.
        Err(_) => ExitCode::from(3),
    }
}
