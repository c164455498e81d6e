//! Papers for the viewer and files for whoever saves them: always at the PC that asks.

use crate::door::raw;
use redress_desk::{ApiError, Lang, pdf_name};
use redress_host::unpacked;
use serde_json::Value;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, ipc::Request};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

fn failed(e: impl std::fmt::Display) -> Value {
    ApiError::internal(e).to_door(Lang::Zh)
}

/// The last part of a name, so that no page can point elsewhere.
fn plain(name: &str) -> &str {
    Path::new(name)
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or_default()
}

/// Where PDFs lie for the viewer, while this window is open.
fn papers(app: &AppHandle) -> PathBuf {
    let name = format!("{}-papers", app.config().identifier);
    std::env::temp_dir().join(name)
}

/// Takes away what was opened for the viewer: it holds what is kept from others in the data folder.
pub(crate) fn clear_papers(app: &AppHandle) {
    // A viewer that still holds one open keeps it until the next start.
    let _ = std::fs::remove_dir_all(papers(app));
}

/// The bytes that a page hands over, with their name and the page's language.
fn handed(request: &Request<'_>) -> Result<(Vec<u8>, String, Lang), Value> {
    let said = unpacked(request.headers()).map_err(|e| e.to_door(Lang::Zh))?;
    let text = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
    let lang = Lang::from_tag(&text("lang"));
    let bytes = raw(request).map_err(|e| e.to_door(lang))?;
    Ok((bytes, text("name"), lang))
}

/// Writes a PDF into the program's own temporary folder and opens it with the system's viewer.
#[tauri::command]
pub(crate) async fn open_pdf(app: AppHandle, request: Request<'_>) -> Result<(), Value> {
    let (bytes, name, lang) = handed(&request)?;
    if !bytes.starts_with(b"%PDF-") {
        return Err(ApiError::new("bytes_not_understood").to_door(lang));
    }
    let folder = papers(&app);
    std::fs::create_dir_all(&folder).map_err(failed)?;
    // Content alone is not enough: a program that begins like a PDF would be started by its ending.
    let path = folder.join(pdf_name(&name));
    std::fs::write(&path, bytes).map_err(failed)?;
    app.opener()
        .open_path(path.to_string_lossy(), None::<&str>)
        .map_err(|_| ApiError::new("no_viewer").to_door(lang))
}

/// Asks where to, and saves; what was saved is not opened.
#[tauri::command]
pub(crate) async fn save_file(app: AppHandle, request: Request<'_>) -> Result<(), Value> {
    let (bytes, name, _) = handed(&request)?;
    let chosen = app
        .dialog()
        .file()
        .set_file_name(plain(&name))
        .blocking_save_file();
    let Some(path) = chosen else { return Ok(()) };
    std::fs::write(path.into_path().map_err(failed)?, bytes).map_err(failed)
}
