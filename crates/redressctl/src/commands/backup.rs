//! Copies of an office, and what is brought out of a damaged one.

use crate::{
    files::{of, piped, text, unused},
    office::{Place, config, secret},
    stop::Stop,
};
use clap::Args;
use redress_desk::{Lang, private};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Write a backup
///
/// It is sealed to the institution's backup key. Before there is one: by REDRESS_PASSPHRASE or to --recipient.
#[derive(Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    place: Place,
    /// File to write; it must not exist
    file: String,
    /// Public half of a key of your own (age1…), where the institution has none
    #[arg(long, value_name = "KEY")]
    recipient: Option<String>,
}

impl Backup {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        let file = PathBuf::from(&self.file);
        unused(&file)?;
        let office = self.place.open().await?;
        let given = self.recipient;
        let given = given.or_else(|| std::env::var("REDRESS_PASSPHRASE").ok());
        // Nothing is asked where the institution's key seals it, or nothing may.
        let own = match office.backup_recipient().await? {
            None if given.is_none() => Some(secret("REDRESS_PASSPHRASE")?),
            _ => given,
        };
        // Written beside it: a backup that was cut off does not take the place of the one before.
        let part = PathBuf::from(format!("{}.part", self.file));
        let _ = std::fs::remove_file(&part);
        let out = Box::new(private::create_new(&part).map_err(of(&part))?);
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let made = office.backup_to(own.as_deref(), &name, out).await;
        if made.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        let made = made?;
        let whole = std::fs::File::open(&part).and_then(|part| part.sync_all());
        whole.map_err(of(&part))?;
        private::put_new(&part, &file).map_err(of(&file))?;
        let bytes = std::fs::metadata(&file).map_err(of(&file))?.len();
        Ok(json!({
            "path": self.file, "bytes": bytes, "anchor": made.anchor, "damaged": made.damaged,
            "sealed_to": made.sealed_to,
        }))
    }
}

/// Restore a backup into a new data folder
#[derive(Args)]
pub(crate) struct Restore {
    /// The backup
    file: PathBuf,
    /// New data folder
    #[arg(long, value_name = "DATA")]
    into: PathBuf,
    /// File with the opening key or passphrase, `-` for standard input; else REDRESS_PASSPHRASE or a prompt
    #[arg(long, value_name = "FILE")]
    secret: Option<PathBuf>,
}

impl Restore {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        let sealed = std::fs::File::open(&self.file).map_err(of(&self.file))?;
        let opening = match self.secret.as_deref() {
            Some(kept) if kept == Path::new("-") => piped()?,
            Some(kept) => text(kept)?,
            None => secret("REDRESS_PASSPHRASE")?,
        };
        let to = config(&self.into, None);
        let damaged = redress_desk::restore_from(&to, sealed, &opening).await?;
        Ok(json!({ "restored": self.into, "damaged": damaged }))
    }
}

/// Bring what is whole out of a damaged data folder, and list what is not
#[derive(Args)]
pub(crate) struct Salvage {
    /// Damaged data folder; it is only read
    data: PathBuf,
    /// New data folder
    #[arg(long, value_name = "NEW")]
    into: PathBuf,
}

impl Salvage {
    pub(crate) async fn run(self, lang: Lang) -> Result<Value, Stop> {
        let (from, to) = (config(&self.data, None), config(&self.into, None));
        let report = redress_desk::salvage_house(&from, &to, lang).await?;
        Ok(serde_json::to_value(report)?)
    }
}
