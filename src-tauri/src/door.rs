//! What this window works on: its own data folder, or a host that it has joined. The page does not know which.

use crate::folder;
use bytes::Bytes;
use redress_desk::{Answer, ApiError, Lang, Office, Progress, Session, Told, private, takes_file};
use redress_host::{Client, Found, code, look, packed, unpacked};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tauri::{
    AppHandle, State,
    ipc::{Channel, InvokeBody, Request, Response},
};
use tokio::{
    sync::{RwLock, watch},
    task::AbortHandle,
};

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
        let path = Self::path(data);
        let written = private::folder(data).and_then(|()| private::write(&path, text.as_bytes()));
        written.map_err(|e| ApiError::of_file(&path, &e))
    }

    /// Where a host of the same code says it is, if that is elsewhere.
    fn moved_to(&self, found: &[Found]) -> Option<String> {
        let same = |f: &&Found| f.code == code(&self.fingerprint) && f.address != self.address;
        found.iter().find(same).map(|f| f.address.clone())
    }

    /// Forgets it.
    pub(crate) fn forget(data: &Path) -> Result<(), ApiError> {
        let path = Self::path(data);
        std::fs::remove_file(&path).map_err(|e| ApiError::of_file(&path, &e))
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
    /// Times in a row that the host did not answer.
    unanswered: AtomicU32,
    /// How far the opening of the folder is.
    pub(crate) opening: Arc<Progress>,
    ready: watch::Sender<bool>,
}

/// Why the folder is shut while it is being opened.
const OPENING: &str = "office_opening";
/// How long whoever asks waits for it before being told; the page asks again.
const SOON: Duration = Duration::from_secs(2);

/// What a damaged office says to whoever would write.
const DAMAGED: &str = "damaged_read_only";

/// So many times the host is asked before it is looked for at another address.
const LOOK: u32 = 5;

impl Door {
    /// A door behind which nothing is known yet.
    pub(crate) fn new() -> Self {
        Self {
            works: RwLock::new(Works::Own(Err(ApiError::new(OPENING)))),
            session: Arc::default(),
            listening: Mutex::default(),
            unanswered: AtomicU32::new(0),
            opening: Arc::default(),
            ready: watch::Sender::new(false),
        }
    }

    /// From now on it is known what the window works on.
    pub(crate) async fn opened(&self, works: Works) {
        *self.works.write().await = works;
        self.ready.send_replace(true);
    }

    /// What the window works on; while that is being opened, how far it is.
    pub(crate) async fn works(&self) -> Works {
        let mut ready = self.ready.subscribe();
        let known = async { ready.wait_for(|ready| *ready).await.is_ok() };
        match tokio::time::timeout(SOON, known).await {
            Ok(true) => self.works.read().await.clone(),
            _ => Works::Own(Err(self.how_far())),
        }
    }

    fn how_far(&self) -> ApiError {
        let read = |n: &std::sync::atomic::AtomicI64| n.load(Ordering::Relaxed);
        match read(&self.opening.total) {
            0 => ApiError::new(OPENING),
            total => ApiError::new("office_indexing")
                .with("done", read(&self.opening.done))
                .with("total", total),
        }
    }

    /// Closes the window's own office: its last anchors are left, and others can open it.
    pub(crate) async fn close(&self) {
        let works = self.works.read().await.clone();
        if let Works::Own(Ok(office)) = works {
            office.close().await;
        }
    }

    /// Goes on at the address at which the host says it is now, e.g. since the network gave it another one. What
    /// decides is the certificate, as ever.
    async fn follow(&self, data: &Path, joined: &Joined) -> Result<bool, ApiError> {
        // A network that says nothing names no other address.
        let found = look().await.unwrap_or_default();
        let Some(address) = joined.moved_to(&found) else {
            return Ok(false);
        };
        let joined = Joined {
            address,
            fingerprint: joined.fingerprint.clone(),
        };
        let client = Client::new(&joined.address, &joined.fingerprint)?;
        client.reach().await?;
        joined.keep(data)?;
        *self.works.write().await = Works::At(Arc::new(client), joined);
        Ok(true)
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

/// Runs a command that takes or gives a file: bytes as they are, and the rest in headers.
#[tauri::command]
pub(crate) async fn file(door: State<'_, Door>, request: Request<'_>) -> Result<Response, Value> {
    let said = |name: &str| {
        let value = request.headers().get(name);
        let value = value.and_then(|v| v.to_str().ok());
        // A header that is not there says nothing: the command list refuses what it needs.
        value.unwrap_or_default().to_owned()
    };
    let lang = Lang::from_tag(&said("accept-language"));
    let (name, key) = (said("redress-command"), said("idempotency-key"));
    let refused = |e: ApiError| e.to_door(lang);
    let payload = unpacked(request.headers()).map_err(refused)?;
    let file = if takes_file(&name) {
        Some(Bytes::from(raw(&request).map_err(refused)?))
    } else {
        None
    };
    let (value, file) = match door.works().await {
        Works::Own(office) => {
            let office = office.map_err(refused)?;
            let done = office.call_with_file(&door.session, &key, &name, payload, file, lang);
            let Answer { value, file } = done.await.map_err(refused)?;
            (value, file)
        }
        Works::At(client, _) => {
            let done = client.call_with_file(&name, &payload, file, &key, lang);
            done.await?
        }
    };
    Ok(Response::new(packed(&value, file.as_deref())))
}

/// The bytes that came with a request; a page whose system hands on no bytes sends them as numbers.
pub(crate) fn raw(request: &Request<'_>) -> Result<Vec<u8>, ApiError> {
    match request.body() {
        InvokeBody::Raw(bytes) => Ok(bytes.clone()),
        InvokeBody::Json(numbers) => Ok(Vec::deserialize(numbers)?),
    }
}

/// Whether what the window works on answers; an error says more than that a host is away.
#[tauri::command]
pub(crate) async fn reachable(
    app: AppHandle,
    door: State<'_, Door>,
    lang: String,
) -> Result<bool, Value> {
    let (client, joined) = match door.works().await {
        Works::At(client, joined) => (client, joined),
        Works::Own(Ok(office)) => {
            let can = match office.writable().await {
                // It is read, and no waiting makes it whole.
                Err(e) if e.code == DAMAGED => Ok(true),
                can => can.map(|()| true),
            };
            return can.map_err(|e| e.to_door(Lang::from_tag(&lang)));
        }
        Works::Own(Err(e)) if e.passes() => return Err(e.to_door(Lang::from_tag(&lang))),
        // What keeps the folder shut is what each command says.
        Works::Own(Err(_)) => return Ok(true),
    };
    let answer = client.reach().await;
    match &answer {
        Ok(()) => {
            door.unanswered.store(0, Ordering::Relaxed);
            return Ok(true);
        }
        Err(e) if e.code == DAMAGED => return Ok(true),
        // A host that says what ails it is there: it is not looked for elsewhere.
        Err(e) if e.passes() => return Err(e.to_door(Lang::from_tag(&lang))),
        Err(_) => {}
    }
    let times = door.unanswered.fetch_add(1, Ordering::Relaxed) + 1;
    if times.is_multiple_of(LOOK) && door.follow(&folder::data(&app), &joined).await == Ok(true) {
        return Ok(true);
    }
    match answer {
        Err(e) if e.code != "host_away" => Err(e.to_door(Lang::from_tag(&lang))),
        _ => Ok(false),
    }
}

/// Hands on notices until the line is cut; a new page takes the old one's place.
#[tauri::command]
pub(crate) async fn listen(door: State<'_, Door>, channel: Channel<Told>) -> Result<(), Value> {
    let works = door.works().await;
    let session = door.session.clone();
    let listening = tauri::async_runtime::spawn(async move {
        match works {
            Works::Own(Err(_)) => {}
            Works::Own(Ok(office)) => {
                let mut told = office.told();
                loop {
                    let one = told.recv().await.unwrap_or(Told::Missed);
                    let Some(one) = office.hears(&session, one).await else {
                        continue;
                    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_followed_by_its_code_alone() {
        let joined = Joined {
            address: "10.0.0.5:8443".to_owned(),
            fingerprint: "0".repeat(64),
        };
        let host = |address: &str, code: &str| Found {
            organisation: "示范中心".to_owned(),
            address: address.to_owned(),
            code: code.to_owned(),
        };
        let (own, other) = (code(&joined.fingerprint), code(&"1".repeat(64)));
        assert_eq!(joined.moved_to(&[host("10.0.0.9:8443", &other)]), None);
        assert_eq!(
            joined.moved_to(&[host("10.0.0.5:8443", &own)]),
            None,
            "where it was"
        );
        let all = [host("10.0.0.8:8443", &other), host("10.0.0.9:8443", &own)];
        assert_eq!(joined.moved_to(&all).as_deref(), Some("10.0.0.9:8443"));
    }
}
