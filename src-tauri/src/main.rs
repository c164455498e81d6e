//! The window: a thin shell around the command list. It opens one data folder or joins a host, hands every call
//! on, opens PDFs with the system's viewer and saves files where the person says.
//!
//! An attachment is never opened from here: the page saves it where the person says, whatever it is.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod door;
mod files;
mod folder;
mod join;
mod letting;
mod unlock;

use door::{Door, Joined, Works};
use letting::Letting;
use redress_desk::{ApiError, Config, Office, font_dirs, owner};
use redress_host::Client;
use std::sync::Arc;
use tauri::{AppHandle, Manager, RunEvent, async_runtime::block_on};
use zeroize::Zeroizing;

/// Text is drawn with the data folder's fonts of the system; papers with the packages' fonts.
async fn own(app: &AppHandle, phrase: Option<Zeroizing<String>>) -> Result<Office, ApiError> {
    let mut fonts = font_dirs();
    if let Ok(dir) = app.path().resource_dir() {
        fonts.insert(0, dir.join("fonts"));
    }
    let config = Config {
        data: folder::data(app),
        database: None,
        fonts,
        owner: owner(),
        procedures: vec![],
        keys: folder::keys(phrase),
    };
    let office = Office::open(config).await?;
    folder::set_clock(&office).await?;
    Ok(office)
}

async fn works(app: &AppHandle) -> Works {
    let Some(joined) = Joined::of(&folder::data(app)) else {
        return Works::Own(own(app, None).await.map(Arc::new));
    };
    match Client::new(&joined.address, &joined.fingerprint) {
        Ok(client) => Works::At(Arc::new(client), joined),
        Err(e) => Works::Own(Err(e)),
    }
}

fn main() {
    let mut context = tauri::generate_context!();
    let identity = folder::identity(&context.config().identifier);
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
            files::clear_papers(app.handle());
            let works = block_on(works(app.handle()));
            app.manage(Door::new(works));
            app.manage(Letting::default());
            let letting = app.state::<Letting>();
            if let Err(e) = block_on(letting.resume(app.handle())) {
                // The window works all the same; its settings say that nobody is let in.
                eprintln!("{e}");
            }
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![
            door::call,
            door::file,
            door::reachable,
            door::listen,
            files::open_pdf,
            files::save_file,
            files::choose_folder,
            join::find_hosts,
            join::show_host,
            join::joined,
            join::join,
            join::leave,
            unlock::unlock,
            letting::letting,
            letting::let_in,
        ])
        .build(context);
    match built {
        Ok(app) => app.run(|app, event| {
            if matches!(event, RunEvent::Exit) {
                block_on(app.state::<Letting>().stop());
                files::clear_papers(app);
            }
        }),
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(3);
        }
    }
}
