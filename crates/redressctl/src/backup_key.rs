//! The institution's backup key at the terminal: the window's commands in one session each.

use crate::{Args, Stop, secret, signed_in, taken};
use redress_desk::{Lang, private};
use serde_json::{Value, json};

/// How it stands.
pub async fn state(args: &Args, lang: Lang) -> Result<Value, Stop> {
    call(args, lang, "backup_key.get", json!({})).await
}

/// An administrator asks for one.
pub async fn ask(args: &Args, lang: Lang) -> Result<Value, Stop> {
    call(args, lang, "backup_key.ask", json!({})).await
}

/// A second person refuses it, or who asked takes it back.
pub async fn refuse(args: &Args, lang: Lang) -> Result<Value, Stop> {
    call(args, lang, "grant.refuse", json!({ "id": "backup_key" })).await
}

async fn call(args: &Args, lang: Lang, name: &str, payload: Value) -> Result<Value, Stop> {
    let (office, session) = signed_in(args, lang).await?;
    Ok(office.call(&session, name, payload, lang).await?)
}

/// A second person makes it, and is shown what opens backups; with `--out` the page for the safe is written there.
pub async fn keep(args: &Args, lang: Lang) -> Result<Value, Stop> {
    let (office, session) = signed_in(args, lang).await?;
    let password = json!({ "password": secret("REDRESS_PASSWORD")? });
    let made = office.call_with_file(&session, "", "backup_key.make", password, None, lang);
    let made = made.await?;
    let groups = made.value["groups"].as_array().cloned().unwrap_or_default();
    let groups: Vec<&str> = groups.iter().filter_map(Value::as_str).collect();
    let mut page = None;
    if let (Some(folder), Some(pdf)) = (&args.out, &made.file) {
        private::new_folder(folder)?;
        let path = folder.join(made.value["name"].as_str().unwrap_or_default());
        // A page of before opens the backups of before. Nothing is in force yet where this is refused.
        private::write_new(&path, pdf).map_err(|e| taken(&path, e))?;
        page = Some(path);
    }
    let last = json!({ "last": groups.last() });
    let kept = office
        .call(&session, "backup_key.confirm", last, lang)
        .await?;
    Ok(json!({ "opening_key": groups.join(" "), "page": page, "key": kept["key"] }))
}
