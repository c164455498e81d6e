//! Papers for the viewer and files for whoever saves them: always at the PC that asks.

use crate::door::raw;
use redress_desk::{ApiError, Lang, pdf_name, private, session_id};
use redress_host::unpacked;
use serde_json::Value;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager, async_runtime::spawn_blocking, ipc::Request};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tauri_plugin_opener::OpenerExt;

/// The last part of a name, so that no page can point elsewhere; nothing is proposed where it has none.
fn plain(name: &str) -> &str {
    let last = Path::new(name).file_name().and_then(|n| n.to_str());
    last.unwrap_or_default()
}

/// Apart from the threads that answer: a dialog waits for somebody, and a disk may be slow.
async fn apart<T: Send + 'static>(
    lang: Lang,
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, Value> {
    let done = spawn_blocking(work).await;
    done.map_err(ApiError::internal)
        .flatten()
        .map_err(|e| e.to_door(lang))
}

/// Where PDFs lie for the viewer, while this window is open: a folder with a name that nobody guesses for each, in one
/// that nobody else opens.
fn papers(app: &AppHandle) -> Option<PathBuf> {
    let own = app.path().app_cache_dir().ok()?;
    Some(own.join(format!("{}-papers", app.config().identifier)))
}

/// Takes away what was opened for the viewer: it holds what is kept from others in the data folder.
pub(crate) fn clear_papers(app: &AppHandle) {
    // A viewer that still holds one open keeps it until the next start.
    let _ = papers(app).map(std::fs::remove_dir_all);
    // Where earlier versions put them.
    let before = format!("{}-papers", app.config().identifier);
    let _ = std::fs::remove_dir_all(std::env::temp_dir().join(before));
}

/// Writes a PDF where its viewer alone is told to look.
fn lay_down(papers: &Path, name: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    private::folder(papers)?;
    let folder = papers.join(session_id());
    private::folder(&folder)?;
    // Content alone is not enough: a program that begins like a PDF would be started by its ending.
    let path = folder.join(pdf_name(name));
    private::write(&path, bytes)?;
    Ok(path)
}

/// The bytes that a page hands over, with their name and the page's language.
fn handed(request: &Request<'_>) -> Result<(Vec<u8>, String, Lang), Value> {
    let said = unpacked(request.headers()).map_err(|e| e.to_door(Lang::Zh))?;
    // A page that says no name or language is answered all the same.
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
    let path = apart(lang, {
        let papers = papers(&app);
        move || {
            let papers = papers.ok_or_else(|| ApiError::internal("no folder for papers"))?;
            lay_down(&papers, &name, &bytes).map_err(|e| ApiError::of_file(&papers, &e))
        }
    });
    let path = path.await?;
    app.opener()
        .open_path(path.to_string_lossy(), None::<&str>)
        .map_err(|_| ApiError::new("no_viewer").to_door(lang))
}

/// Asks for a folder; none where nobody chose one.
#[tauri::command]
pub(crate) async fn choose_folder(app: AppHandle) -> Result<Option<String>, Value> {
    let chosen = apart(Lang::Zh, move || {
        let chosen = app.dialog().file().blocking_pick_folder();
        let path = chosen.map(FilePath::into_path).transpose();
        path.map_err(ApiError::internal)
    });
    let path = chosen.await?;
    Ok(path.map(|p| p.to_string_lossy().into_owned()))
}

/// Asks where to, and saves; what was saved is not opened.
#[tauri::command]
pub(crate) async fn save_file(app: AppHandle, request: Request<'_>) -> Result<(), Value> {
    let (bytes, name, lang) = handed(&request)?;
    let saved = apart(lang, move || {
        let dialog = app.dialog().file().set_file_name(plain(&name));
        let Some(path) = dialog.blocking_save_file() else {
            return Ok(());
        };
        let path = path.into_path().map_err(ApiError::internal)?;
        // A backup or a report is confidential wherever it is put; whoever shares it says so.
        private::write(&path, &bytes).map_err(|e| ApiError::of_file(&path, &e))
    });
    saved.await
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn an_opened_paper_lies_where_nobody_else_looks() -> std::io::Result<()> {
        let top = std::env::temp_dir().join(session_id());
        let (one, two) = (
            lay_down(&top, "TS-2026-0001.pdf", b"%PDF-1")?,
            lay_down(&top, "TS-2026-0001.pdf", b"%PDF-2")?,
        );
        assert_ne!(one, two, "the same name twice is two papers");
        let folder = one.parent().unwrap_or(&one);
        for (path, mode) in [(top.as_path(), 0o700), (folder, 0o700), (&one, 0o600)] {
            assert_eq!(std::fs::metadata(path)?.permissions().mode() & 0o777, mode);
        }
        std::fs::remove_dir_all(&top)
    }
}
