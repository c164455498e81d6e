//! What this window works on: its own data folder, or a host that it has joined. The page does not know which.

use redress_desk::{ApiError, Lang, Office, Session, Told};
use redress_host::Client;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use tauri::{State, ipc::Channel};
use tokio::{sync::RwLock, task::AbortHandle};

/// A host that this window has joined, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Joined {
    /// `ADDRESS` or `ADDRESS:PORT`.
    pub(crate) address: String,
    /// SHA-256 of the certificate whose code was compared.
    pub(crate) fingerprint: String,
}

/// In a data folder that holds nothing else.
const JOINED: &str = "redress.joined.json";

impl Joined {
    fn path(data: &Path) -> PathBuf {
        data.join(JOINED)
    }

    /// The host that was joined from this folder; none where it holds its own data, or nothing.
    pub(crate) fn of(data: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(Self::path(data)).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Keeps it for the next start.
    pub(crate) fn keep(&self, data: &Path) -> Result<(), ApiError> {
        let text = serde_json::to_string_pretty(self)?;
        std::fs::create_dir_all(data).map_err(ApiError::internal)?;
        std::fs::write(Self::path(data), text).map_err(ApiError::internal)
    }

    /// Forgets it.
    pub(crate) fn forget(data: &Path) -> Result<(), ApiError> {
        std::fs::remove_file(Self::path(data)).map_err(ApiError::internal)
    }
}

/// What the window works on.
#[derive(Clone)]
pub(crate) enum Works {
    /// Its own folder, or why that could not be opened: said in the window, never a crash.
    Own(Result<Arc<Office>, ApiError>),
    /// A host.
    At(Arc<Client>, Joined),
}

/// The window's door.
pub(crate) struct Door {
    pub(crate) works: RwLock<Works>,
    pub(crate) session: Arc<Session>,
    listening: Mutex<Option<AbortHandle>>,
}

impl Door {
    pub(crate) fn new(works: Works) -> Self {
        Self {
            works: RwLock::new(works),
            session: Arc::default(),
            listening: Mutex::default(),
        }
    }

    pub(crate) async fn works(&self) -> Works {
        self.works.read().await.clone()
    }
}

/// Runs a command of the list.
#[tauri::command]
pub(crate) async fn call(
    door: State<'_, Door>,
    name: String,
    payload: Value,
    lang: String,
    key: String,
) -> Result<Value, Value> {
    let lang = Lang::from_tag(&lang);
    match door.works().await {
        Works::Own(office) => {
            let answer = match office {
                Ok(office) => office.send(&door.session, &key, &name, payload, lang).await,
                Err(e) => Err(e),
            };
            answer.map_err(|e| e.to_door(lang))
        }
        Works::At(client, _) => client.call(&name, &payload, &key, lang).await,
    }
}

/// Whether what the window works on answers; an error says more than that a host is away.
#[tauri::command]
pub(crate) async fn reachable(door: State<'_, Door>, lang: String) -> Result<bool, Value> {
    let Works::At(client, _) = door.works().await else {
        return Ok(true);
    };
    match client.reach().await {
        Ok(()) => Ok(true),
        Err(e) if e.code == "host_away" => Ok(false),
        Err(e) => Err(e.to_door(Lang::from_tag(&lang))),
    }
}

/// Hands on notices until the line is cut; a new page takes the old one's place.
#[tauri::command]
pub(crate) async fn listen(door: State<'_, Door>, channel: Channel<Told>) -> Result<(), Value> {
    let works = door.works().await;
    let listening = tauri::async_runtime::spawn(async move {
        match works {
            Works::Own(Err(_)) => {}
            Works::Own(Ok(office)) => {
                let mut told = office.told();
                loop {
                    let one = told.recv().await.unwrap_or(Told::Missed);
                    if channel.send(one).is_err() {
                        return;
                    }
                }
            }
            Works::At(client, _) => {
                let Ok(mut notices) = client.listen().await else {
                    return;
                };
                while let Some(one) = notices.next().await {
                    if channel.send(one).is_err() {
                        return;
                    }
                }
            }
        }
    });
    let abort = listening.inner().abort_handle();
    let before = door
        .listening
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .replace(abort);
    if let Some(before) = before {
        before.abort();
    }
    // Cut or replaced: whoever still cares asks again.
    let _ = listening.await;
    Ok(())
}
