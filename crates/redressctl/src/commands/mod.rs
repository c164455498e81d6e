//! The commands of the terminal, in the order in which the help lists them.

mod account;
mod backup;
mod backup_key;
mod call;
mod database;
mod log;
mod loopback;
mod practice;
mod procedure;
mod serve;
#[cfg(windows)]
pub(crate) mod service;
mod set_up;
mod terminal;

use crate::stop::Stop;
use clap::{Parser, Subcommand};
use redress_desk::Lang;
use serde_json::Value;

const ABOUT: &str = "Handle complaints from a terminal: set up, serve, check and back up an office";

const MORE: &str = "\
Options may stand before or after the command. The answer is one JSON object on standard output.

Exit status: 0 done; 1 refused or invalid, with {code, params, message} on standard error; 2 wrong usage; 3 internal fault.

Secrets come from the environment or a prompt, never from an argument:
  REDRESS_PASSWORD    the password of whoever signs in
  REDRESS_TOTP        the code of the second step
  REDRESS_PASSPHRASE  what seals or opens a backup
  REDRESS_RECOVERY    the recovery phrase of an encrypted office
  REDRESS_DATABASE    the address of a database, where `-` stands for it
Others:
  REDRESS_KEY_FILE    the file with the key of an encrypted office
  REDRESS_KEYSTORE    `none`: leave the keystore of the system alone
  LANG                messages in English where it begins with `en`, else in Chinese";

#[derive(Parser)]
#[command(
    name = "redressctl",
    bin_name = "redressctl",
    version,
    about = ABOUT,
    after_help = MORE,
    arg_required_else_help = true,
    args_override_self = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Init(set_up::Init),
    Encrypt(set_up::Encrypt),
    Decrypt(set_up::Decrypt),
    Phrase(set_up::Phrase),
    Demo(practice::Demo),
    Story(practice::Tell),
    Check(procedure::Check),
    Commands(call::Commands),
    Call(call::Call),
    Serve(serve::Serve),
    Loopback(loopback::Loopback),
    Verify(log::Verify),
    Rebuild(log::Rebuild),
    Backup(backup::Backup),
    Restore(backup::Restore),
    BackupKey(backup_key::BackupKey),
    Salvage(backup::Salvage),
    SecondFactorOff(account::SecondFactorOff),
    Prepare(database::Prepare),
    Move(database::Move),
    Completions(terminal::Completions),
    Man(terminal::Man),
}

impl Command {
    /// Does it; the answer is JSON.
    pub(crate) async fn run(self, lang: Lang) -> Result<Value, Stop> {
        match self {
            Self::Init(c) => c.run().await,
            Self::Encrypt(c) => c.run().await,
            Self::Decrypt(c) => c.run().await,
            Self::Phrase(c) => c.run().await,
            Self::Demo(c) => c.run().await,
            Self::Story(c) => c.run().await,
            Self::Check(c) => c.run(lang),
            Self::Commands(c) => c.run(),
            Self::Call(c) => c.run(lang).await,
            Self::Serve(c) => c.run().await,
            Self::Loopback(c) => c.run().await,
            Self::Verify(c) => c.run(lang).await,
            Self::Rebuild(c) => c.run().await,
            Self::Backup(c) => c.run().await,
            Self::Restore(c) => c.run().await,
            Self::BackupKey(c) => c.run(lang).await,
            Self::Salvage(c) => c.run(lang).await,
            Self::SecondFactorOff(c) => c.run().await,
            Self::Prepare(c) => c.run().await,
            Self::Move(c) => c.run().await,
            // Text and not JSON: `main` writes it.
            Self::Completions(_) | Self::Man(_) => Ok(Value::Null),
        }
    }
}
