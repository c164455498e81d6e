//! Any command of the window.

use crate::{
    files::{of, piped, text, unused},
    office::{Person, secret},
    procedure_folder,
    stop::Stop,
};
use bytes::Bytes;
use clap::Args;
use redress_desk::{Answer, Lang, commands, private};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// List every command: what it is for, who may, its request and its response
#[derive(Args)]
pub(crate) struct Commands {}

impl Commands {
    pub(crate) fn run(self) -> Result<Value, Stop> {
        Ok(serde_json::to_value(commands::list())?)
    }
}

/// Run one command of the list that `redressctl commands` prints
///
/// A `path` in the request is where the command's file is read or written.
#[derive(Args)]
pub(crate) struct Call {
    #[command(flatten)]
    person: Person,
    /// Name of the command, as case.get
    name: String,
    /// The request: JSON, `-` for standard input, or `@file`
    #[arg(value_name = "JSON")]
    request: Option<String>,
}

/// Commands whose `path` is read; that of every other is written.
const READING: [&str; 3] = ["procedure.check", "procedure.install", "attachment.add"];

impl Call {
    /// `path` belongs to this door alone: the command itself gives and takes bytes.
    pub(crate) async fn run(self, lang: Lang) -> Result<Value, Stop> {
        let name = self.name.as_str();
        let mut request = match &self.request {
            Some(given) => read(given)?,
            None => json!({}),
        };
        let (office, session) = self.person.signed_in(lang).await?;
        let path = request.as_object_mut().and_then(|o| o.remove("path"));
        let path = path.as_ref().and_then(Value::as_str).map(PathBuf::from);
        let file = match &path {
            Some(path) if READING.contains(&name) => brought(name, path, &mut request)?,
            Some(path) => {
                unused(path)?;
                None
            }
            None => None,
        };
        // The password never stands in an argument: the door supplies it to a signature too.
        if let Some(signature) = request.get_mut("signature").and_then(Value::as_object_mut) {
            signature.insert("password".to_owned(), secret("REDRESS_PASSWORD")?.into());
        }
        let Some(path) = path else {
            return Ok(office.call(&session, name, request, lang).await?);
        };
        let done = office.call_with_file(&session, "", name, request, file, lang);
        let Answer { mut value, file } = done.await?;
        if let Some(bytes) = file
            && let Some(map) = value.as_object_mut()
        {
            map.remove("pdf");
            map.remove("bytes");
            private::write_new(&path, &bytes).map_err(of(&path))?;
            map.insert("path".to_owned(), path.to_string_lossy().into());
        }
        Ok(value)
    }
}

/// What a command reads from a path: a procedure's files go into its request, an attachment beside it.
fn brought(name: &str, path: &Path, request: &mut Value) -> Result<Option<Bytes>, Stop> {
    if name != "attachment.add" {
        request["files"] = serde_json::to_value(procedure_folder::read(path)?)?;
        return Ok(None);
    }
    let file = std::fs::read(path).map_err(of(path))?;
    if let Some(name) = path.file_name().filter(|_| request["name"].is_null()) {
        request["name"] = name.to_string_lossy().into();
    }
    Ok(Some(file.into()))
}

/// JSON itself, `-` for standard input, or `@file`.
fn read(given: &str) -> Result<Value, Stop> {
    let text = match given.strip_prefix('@') {
        Some(file) => text(Path::new(file))?,
        None if given == "-" => piped()?,
        None => given.to_owned(),
    };
    Ok(redress_desk::request::read(text.as_bytes())?)
}
