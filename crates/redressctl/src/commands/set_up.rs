//! A new office, and how its folder is kept.

use crate::{
    office::{Database, Folder, config, secret},
    stop::Stop,
};
use clap::Args;
use redress_desk::{Lang, Office, Session, Step};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Make a new office with the account `admin`
#[derive(Args)]
pub(crate) struct Init {
    /// New data folder
    data: PathBuf,
    /// Make a training office: its clock can be set, and every paper says 演练
    #[arg(long)]
    training: bool,
    /// Name of the institution
    #[arg(long, value_name = "NAME", default_value = "我的机构")]
    organisation: String,
    /// Encrypt the folder, or fail; where neither is said: if a key can be kept
    #[arg(long, overrides_with = "plain")]
    encrypt: bool,
    /// Do not encrypt the folder
    #[arg(long)]
    plain: bool,
    #[command(flatten)]
    database: Database,
}

impl Init {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        let office = Office::open(config(&self.data, self.database.address)).await?;
        let encrypt = match (self.encrypt, self.plain) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        let setup = json!({
            "organisation": { "name": self.organisation, "address": "", "phone": "" },
            "admin": { "name": "管理员", "login": "admin", "password": secret("REDRESS_PASSWORD")? },
            "training": self.training,
            "encrypt": encrypt,
        });
        let session = Session::new();
        let state = office
            .call(&session, "office.setup", setup, Lang::Zh)
            .await?;
        let kept = office
            .call(&session, "encryption.get", json!({}), Lang::Zh)
            .await?;
        let phrase = match kept["encrypted"] == json!(true) {
            true => Some(office.recovery_phrase().await?),
            false => None,
        };
        Ok(json!({
            "data": self.data, "training": state["training"], "admin": "admin",
            "encrypted": kept["encrypted"], "recovery_phrase": phrase,
        }))
    }
}

/// Encrypt the data folder of an office, whole or not at all
#[derive(Args)]
pub(crate) struct Encrypt {
    #[command(flatten)]
    folder: Folder,
}

/// Decrypt the data folder of an office, whole or not at all
#[derive(Args)]
pub(crate) struct Decrypt {
    #[command(flatten)]
    folder: Folder,
}

impl Encrypt {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        convert(self.folder, true).await
    }
}

impl Decrypt {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        convert(self.folder, false).await
    }
}

/// Encrypts or decrypts a folder, and says each step on standard error.
async fn convert(folder: Folder, on: bool) -> Result<Value, Stop> {
    let office = folder.open().await?;
    let changed = office
        .encrypt(on, &|step: Step| eprintln!("{step:?}"))
        .await?;
    let phrase = match on && changed {
        true => Some(office.recovery_phrase().await?),
        false => None,
    };
    office.close().await;
    Ok(json!({
        "data": folder.data, "encrypted": on, "changed": changed, "recovery_phrase": phrase,
    }))
}

/// Make a new recovery phrase of an encrypted office; the one before is void
#[derive(Args)]
pub(crate) struct Phrase {
    #[command(flatten)]
    folder: Folder,
}

impl Phrase {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        let office = self.folder.open().await?;
        Ok(json!({ "recovery_phrase": office.recovery_phrase().await? }))
    }
}
