//! The words of a command line, put into the order that clap reads.
//!
//! An option may stand before the command, between its words or after them, and its value may begin with a dash. An
//! option of another command is passed over: scripts give `--data`, `--as` and `--at` to every command alike.

use crate::commands::{Cli, Command};
use clap::{CommandFactory, Parser};
use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    io::IsTerminal,
};

/// The command that the words name.
///
/// # Errors
/// Where they name none, and for help and version: clap's own answer.
pub(crate) fn read(given: impl Iterator<Item = OsString>) -> Result<Command, clap::Error> {
    let (words, passed_over) = in_order(&Cli::command(), given);
    if std::io::stderr().is_terminal() {
        for option in passed_over {
            eprintln!("--{option} means nothing to this command");
        }
    }
    Ok(Cli::try_parse_from(words)?.command)
}

/// Every long option of every command, and whether a value follows it.
fn options(program: &clap::Command) -> BTreeMap<String, bool> {
    let all = program
        .get_subcommands()
        .flat_map(clap::Command::get_arguments);
    all.filter_map(|arg| Some((arg.get_long()?.to_owned(), arg.get_action().takes_values())))
        .collect()
}

fn joined(option: &OsStr, value: &OsStr) -> OsString {
    let mut both = option.to_owned();
    both.push("=");
    both.push(value);
    both
}

/// The program's name, the command, then the rest; and the options that this command does not have.
fn in_order(
    program: &clap::Command,
    mut given: impl Iterator<Item = OsString>,
) -> (Vec<OsString>, Vec<String>) {
    let options = options(program);
    let mut command: Option<OsString> = None;
    // Each with the name of its option, where it is a known one.
    let mut rest: Vec<(Option<String>, OsString)> = Vec::new();
    while let Some(word) = given.next() {
        if word == "--" {
            rest.push((None, word));
            rest.extend(given.map(|word| (None, word)));
            break;
        }
        let text = word.to_string_lossy().into_owned();
        if let Some(long) = text.strip_prefix("--") {
            let (name, has_value) = match long.split_once('=') {
                Some((name, _)) => (name, true),
                None => (long, false),
            };
            let known = options.get(name);
            let name = known.map(|_| name.to_owned());
            let word = match known {
                Some(true) if !has_value => match given.next() {
                    Some(value) => joined(&word, &value),
                    None => word,
                },
                _ => word,
            };
            rest.push((name, word));
        } else if command.is_none() && (!text.starts_with('-') || text == "-") {
            command = Some(word);
        } else {
            rest.push((None, word));
        }
    }
    let own = command.as_ref().and_then(|c| program.find_subcommand(c));
    let has =
        |name: &str| own.is_some_and(|c| c.get_arguments().any(|arg| arg.get_long() == Some(name)));
    let mut words: Vec<OsString> = vec![program.get_name().into()];
    words.extend(command);
    let mut passed_over = Vec::new();
    for (name, word) in rest {
        match name {
            Some(name) if !has(&name) => passed_over.push(name),
            _ => words.push(word),
        }
    }
    (words, passed_over)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        let given = line.split(' ').map(OsString::from);
        let (words, _) = in_order(&Cli::command(), given);
        let words: Vec<_> = words.iter().skip(1).map(|w| w.to_string_lossy()).collect();
        words.join(" ")
    }

    #[test]
    fn the_program_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn words_are_put_in_order() {
        for (line, expected) in [
            ("--data d verify", "verify --data=d"),
            ("verify --data d", "verify --data=d"),
            ("--data d call --as u a.b {}", "call --data=d --as=u a.b {}"),
            (
                "restore f --secret - --into n",
                "restore f --secret=- --into=n",
            ),
            ("--organisation --x init d", "init --organisation=--x d"),
            // An option of another command.
            ("--data d --into n verify", "verify --data=d"),
            // Clap says what is wrong with these.
            ("verify --data", "verify --data"),
            ("verify --dat d", "verify --dat d"),
            ("--help", "--help"),
            ("help verify", "help verify"),
            ("backup -- --data", "backup -- --data"),
        ] {
            assert_eq!(told(line), expected, "{line}");
        }
    }
}
