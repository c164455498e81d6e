//! The institution's backup key at the terminal: the window's commands in one session each.

use crate::{
    files,
    office::{Person, secret},
    stop::Stop,
};
use clap::{Args, ValueEnum};
use redress_desk::{Lang, private};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Show, ask for, make or refuse the institution's backup key
#[derive(Args)]
pub(crate) struct BackupKey {
    #[command(flatten)]
    person: Person,
    /// What to do; show how it stands where nothing is said
    action: Option<Action>,
    /// With `keep`: folder for the page that goes into the safe
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Action {
    /// An administrator asks for a new key
    Ask,
    /// A second person makes it, and is shown once what opens backups
    Keep,
    /// A second person refuses it, or who asked takes it back
    Refuse,
}

impl BackupKey {
    pub(crate) async fn run(self, lang: Lang) -> Result<Value, Stop> {
        let (name, request) = match self.action {
            None => ("backup_key.get", json!({})),
            Some(Action::Ask) => ("backup_key.ask", json!({})),
            Some(Action::Refuse) => ("grant.refuse", json!({ "id": "backup_key" })),
            Some(Action::Keep) => return self.keep(lang).await,
        };
        let (office, session) = self.person.signed_in(lang).await?;
        Ok(office.call(&session, name, request, lang).await?)
    }

    /// Makes the key; it is in force once the page for the safe is written.
    async fn keep(self, lang: Lang) -> Result<Value, Stop> {
        let (office, session) = self.person.signed_in(lang).await?;
        let password = json!({ "password": secret("REDRESS_PASSWORD")? });
        let made = office.call_with_file(&session, "", "backup_key.make", password, None, lang);
        let made = made.await?;
        let groups = made.value["groups"].as_array().cloned().unwrap_or_default();
        let groups: Vec<&str> = groups.iter().filter_map(Value::as_str).collect();
        let mut page = None;
        if let (Some(folder), Some(pdf)) = (&self.out, &made.file) {
            private::new_folder(folder).map_err(files::of(folder))?;
            let path = folder.join(made.value["name"].as_str().unwrap_or_default());
            // A page of before opens the backups of before. Nothing is in force yet where this is refused.
            private::write_new(&path, pdf).map_err(files::of(&path))?;
            page = Some(path);
        }
        let last = json!({ "last": groups.last() });
        let kept = office
            .call(&session, "backup_key.confirm", last, lang)
            .await?;
        Ok(json!({ "opening_key": groups.join(" "), "page": page, "key": kept["key"] }))
    }
}
