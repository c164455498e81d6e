//! The window: a thin shell around the command list. It opens one data folder, hands every call to the
//! office, opens PDFs with the system's viewer and saves files where the person says.
//!
//! An attachment is never opened from here: the page saves it where the person says, whatever it is.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use base64::{Engine, engine::general_purpose::STANDARD};
use redress_desk::{ApiError, Config, Lang, Office, Session, font_dirs, owner, pdf_name};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager, RunEvent, State};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

/// The office, or why it could not be opened: said in the window, never a crash.
struct Desk {
    office: Result<Office, ApiError>,
    session: Session,
}

#[tauri::command]
async fn call(
    desk: State<'_, Desk>,
    name: String,
    payload: Value,
    lang: String,
) -> Result<Value, Value> {
    let lang = Lang::from_tag(&lang);
    let office = desk.office.as_ref().map_err(|e| e.to_door(lang))?;
    office
        .call(&desk.session, &name, payload, lang)
        .await
        .map_err(|e| e.to_door(lang))
}

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
fn clear_papers(app: &AppHandle) {
    // A viewer that still holds one open keeps it until the next start.
    let _ = std::fs::remove_dir_all(papers(app));
}

/// Writes a PDF into the program's own temporary folder and opens it with the system's viewer.
#[tauri::command]
async fn open_pdf(app: AppHandle, name: String, pdf: String, lang: String) -> Result<(), Value> {
    let bytes = STANDARD.decode(pdf).map_err(failed)?;
    if !bytes.starts_with(b"%PDF-") {
        return Err(ApiError::new("bytes_not_understood").to_door(Lang::Zh));
    }
    let folder = papers(&app);
    std::fs::create_dir_all(&folder).map_err(failed)?;
    // Content alone is not enough: a program that begins like a PDF would be started by its ending.
    let path = folder.join(pdf_name(&name));
    std::fs::write(&path, bytes).map_err(failed)?;
    app.opener()
        .open_path(path.to_string_lossy(), None::<&str>)
        .map_err(|_| ApiError::new("no_viewer").to_door(Lang::from_tag(&lang)))
}

/// Asks where to, and saves; what was saved is not opened.
#[tauri::command]
async fn save_file(app: AppHandle, name: String, bytes: String) -> Result<(), Value> {
    let bytes = STANDARD.decode(bytes).map_err(failed)?;
    let chosen = app
        .dialog()
        .file()
        .set_file_name(plain(&name))
        .blocking_save_file();
    let Some(path) = chosen else { return Ok(()) };
    std::fs::write(path.into_path().map_err(failed)?, bytes).map_err(failed)
}

/// What follows an option, or stands in the environment.
fn said(option: &str, variable: &str) -> Option<std::ffi::OsString> {
    let mut args = std::env::args_os().skip(1);
    let named = args.find(|a| a == option).and_then(|_| args.next());
    named.or_else(|| std::env::var_os(variable))
}

/// `--data DIR`, else `REDRESS_DATA`; none: the program's own data folder.
fn named_folder() -> Option<PathBuf> {
    said("--data", "REDRESS_DATA").map(PathBuf::from)
}

fn data_folder(app: &AppHandle) -> PathBuf {
    named_folder().unwrap_or_else(|| {
        let own = app.path().app_data_dir();
        own.unwrap_or_else(|_| PathBuf::from("redress-data"))
            .join("office")
    })
}

/// One window per data folder: a second start on the same folder finds the first by this name.
fn identity(program: &str) -> String {
    let Some(folder) = named_folder() else {
        return program.to_owned();
    };
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    let hash = redress_desk::content_hash(folder.to_string_lossy().as_bytes());
    format!("{program}.f{}", &hash[..12])
}

/// `--at TIME`, else `REDRESS_AT`: the clock of a training folder; any other folder refuses it.
async fn set_clock(office: &Office) -> Result<(), ApiError> {
    let Some(at) = said("--at", "REDRESS_AT") else {
        return Ok(());
    };
    let text = at.to_string_lossy();
    let bad = || ApiError::new("time_not_understood");
    office.set_clock(text.parse().map_err(|_| bad())?).await
}

/// Text is drawn with the data folder's fonts of the system; papers with the packages' fonts.
fn open(app: &AppHandle) -> Result<Office, ApiError> {
    let mut fonts = font_dirs();
    if let Ok(dir) = app.path().resource_dir() {
        fonts.insert(0, dir.join("fonts"));
    }
    let config = Config {
        data: data_folder(app),
        database: None,
        fonts,
        owner: owner(),
        procedures: vec![],
    };
    tauri::async_runtime::block_on(async {
        let office = Office::open(config).await?;
        set_clock(&office).await?;
        Ok(office)
    })
}

fn main() {
    let mut context = tauri::generate_context!();
    let identity = identity(&context.config().identifier);
    context.config_mut().identifier = identity;
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            if let Some(window) = app.get_webview_window("main") {
                // The second start brings the first window to the front; nothing else can be done where that fails.
                let _ = window.unminimize().and_then(|()| window.set_focus());
            }
        }))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .setup(|app| {
            clear_papers(app.handle());
            let office = open(app.handle());
            app.manage(Desk {
                office,
                session: Session::new(),
            });
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![call, open_pdf, save_file])
        .build(context);
    match built {
        Ok(app) => app.run(|app, event| {
            if matches!(event, RunEvent::Exit) {
                clear_papers(app);
            }
        }),
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(3);
        }
    }
}
