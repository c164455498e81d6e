//! Practice offices, and stories told in them.

use crate::{
    files::{text, unused_papers, write_papers},
    office::{Database, config, time},
    procedure_folder,
    stop::Stop,
};
use clap::Args;
use redress_desk::{
    ApiError,
    demo::{Astray, PASSWORD, Practice, Story},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The morning on which the practice office begins, where nothing else is said.
const BEGINS: &str = "2026-09-28T08:00:00+08:00";

/// Make a training office with people and cases of all procedures
#[derive(Args)]
pub(crate) struct Demo {
    /// New data folder
    data: PathBuf,
    /// Write its papers (PDF) into this folder
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// When it begins
    #[arg(long, value_name = "TIME", default_value = BEGINS)]
    at: String,
    #[command(flatten)]
    database: Database,
}

fn password() -> String {
    std::env::var("REDRESS_PASSWORD").unwrap_or_else(|_| PASSWORD.to_owned())
}

impl Demo {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        let password = password();
        let start = time(&self.at)?;
        let out = self.out.as_deref();
        unused_papers(out)?;
        let config = config(&self.data, self.database.address);
        let mut practice = Practice::create(config, &password, start).await?;
        let cases = practice.walk().await?;
        let papers = write_papers(out, &practice.papers)?;
        Ok(json!({ "data": self.data, "cases": cases, "papers": papers, "password": password }))
    }
}

/// Tell stories (tests/stories/*.toml) in a new training office
#[derive(Args)]
pub(crate) struct Tell {
    /// New data folder
    data: PathBuf,
    /// The stories, told one after another
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Take the procedures of this folder instead of the built-in ones
    #[arg(long, value_name = "FOLDER")]
    procedures: Option<PathBuf>,
    /// Write the papers (PDF) into this folder
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
}

fn astray(file: &Path, e: &Astray) -> Stop {
    let about = format!("{}: {e}", file.display());
    ApiError::new("story_astray").with("about", about).into()
}

impl Tell {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        let password = password();
        let mut config = config(&self.data, self.database.address);
        let out = self.out.as_deref();
        unused_papers(out)?;
        if let Some(top) = &self.procedures {
            config.procedures = procedure_folder::read_all(top)?;
        }
        let mut practice: Option<Practice> = None;
        let mut told = Vec::new();
        for file in &self.files {
            let story = Story::read(&text(file)?).map_err(|e| astray(file, &e))?;
            let begins = story.begins().map_err(|e| astray(file, &e))?;
            let mut p = match practice.take() {
                Some(p) => p,
                None => Practice::bare(config.clone(), &password, begins).await?,
            };
            let cases = p.tell(&story).await.map_err(|e| astray(file, &e))?;
            told.push(json!({ "story": story.title, "cases": cases }));
            practice = Some(p);
        }
        let papers = practice.map_or_else(BTreeMap::new, |p| p.papers);
        let written = write_papers(out, &papers)?;
        Ok(json!({ "data": self.data, "told": told, "papers": written }))
    }
}
