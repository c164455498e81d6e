//! Letting others in: while this window is open, the windows and browsers of other PCs work on its folder.

use crate::{
    door::{Door, Works},
    folder,
};
use redress_desk::{ApiError, Lang, Office, private};
use redress_host::{
    Beacon, Certificate, Listening, Pages, Plan, Proxies, beacon, code, names, serve,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use tauri::{AppHandle, Manager, State, async_runtime::spawn_blocking};
use tokio::sync::Mutex;

/// What is kept beside the certificate: the switch, and where this PC listens.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Switch {
    on: bool,
    listen: SocketAddr,
}

impl Switch {
    fn path(data: &Path) -> PathBuf {
        data.join("host").join("let-in.json")
    }

    fn of(data: &Path) -> Self {
        let kept = std::fs::read_to_string(Self::path(data)).ok();
        let kept = kept.and_then(|text| serde_json::from_str(&text).ok());
        kept.unwrap_or(Self {
            on: false,
            listen: SocketAddr::from(([0, 0, 0, 0], 8443)),
        })
    }

    fn keep(&self, data: &Path) -> Result<(), ApiError> {
        let path = Self::path(data);
        let folder = path.parent().unwrap_or(data);
        let text = serde_json::to_string_pretty(self)?;
        let written = private::folder(folder).and_then(|()| private::write(&path, text.as_bytes()));
        written.map_err(|e| ApiError::of_file(&path, &e))
    }
}

struct Open {
    host: Listening,
    code: String,
    /// Where the network takes none, others join by address.
    _beacon: Option<Beacon>,
}

/// The host that runs inside this window, while others are let in. The lock is held while it is opened, so that of two
/// who turn it on one opens it; it is not held while a host finishes what others have begun.
#[derive(Default)]
pub(crate) struct Letting(Mutex<Option<Open>>);

/// What the settings show; nothing of it while nobody is let in.
#[derive(Default, Serialize)]
pub(crate) struct LettingView {
    on: bool,
    /// Addresses under which other PCs reach this one.
    addresses: Vec<String>,
    code: String,
}

/// The page as it is kept in this program.
fn pages(app: &AppHandle) -> Pages {
    let resolver = app.asset_resolver();
    Pages::Kept(Arc::new(move |path| {
        let asset = resolver.get(path.to_owned())?;
        Some((asset.bytes, asset.mime_type))
    }))
}

async fn open(app: &AppHandle, office: Arc<Office>) -> Result<Open, ApiError> {
    let data = folder::data(app);
    let switch = Switch::of(&data);
    let listen = switch.listen;
    // The first time a key is made, which takes a processor a while.
    let certificate = spawn_blocking(move || Certificate::of(&data, &names(listen)));
    let certificate = certificate
        .await
        .map_err(ApiError::internal)?
        .map_err(|e| ApiError::new("certificate_unusable").with("detail", e.to_string()))?;
    let fingerprint = certificate.fingerprint.clone();
    let organisation = office.organisation().await;
    let plan = Plan {
        office,
        ui: Some(pages(app)),
        listen,
        certificate,
        proxies: Proxies::default(),
    };
    let host = serve(plan)
        .await
        .map_err(|e| ApiError::new("cannot_listen").with("detail", e.to_string()))?;
    let said = beacon(&organisation, host.address, &fingerprint);
    Ok(Open {
        host,
        code: code(&fingerprint),
        _beacon: said.ok().flatten(),
    })
}

impl Letting {
    /// Lets others in where they were let in before this window was closed.
    pub(crate) async fn resume(&self, app: &AppHandle) -> Result<(), ApiError> {
        let door = app.state::<Door>();
        let Works::Own(Ok(office)) = door.works().await else {
            return Ok(());
        };
        if Switch::of(&folder::data(app)).on {
            self.open(app, office).await?;
        }
        Ok(())
    }

    async fn open(&self, app: &AppHandle, office: Arc<Office>) -> Result<(), ApiError> {
        let mut now = self.0.lock().await;
        if now.is_none() {
            *now = Some(open(app, office).await?);
        }
        Ok(())
    }

    /// Finishes what others have begun, and takes nothing new.
    pub(crate) async fn stop(&self) {
        let open = self.0.lock().await.take();
        if let Some(open) = open {
            // What failed while serving has been said to whom it concerned.
            let _ = open.host.stop().await;
        }
    }

    async fn view(&self) -> LettingView {
        let open = self.0.lock().await;
        let open = open
            .as_ref()
            .map(|o| (o.host.address.port(), o.code.clone()));
        let Some((port, code)) = open else {
            return LettingView::default();
        };
        let named = names(SocketAddr::from(([0, 0, 0, 0], 0)));
        let others = named
            .into_iter()
            .filter(|n| n != "localhost" && n != "127.0.0.1");
        LettingView {
            on: true,
            addresses: others.map(|n| format!("{n}:{port}")).collect(),
            code,
        }
    }

    async fn turn(&self, app: &AppHandle, on: bool) -> Result<(), ApiError> {
        let door = app.state::<Door>();
        let Works::Own(office) = door.works().await else {
            return Err(ApiError::new("account_may_not").with("command", "let_in"));
        };
        let office = office?;
        office.must_administer(&door.session).await?;
        let data = folder::data(app);
        let keep = || {
            let switch = Switch {
                on,
                ..Switch::of(&data)
            };
            switch.keep(&data)
        };
        if on {
            self.open(app, office).await?;
            return keep();
        }
        // Before the host finishes what others have begun: whoever turns it on again meanwhile has the last word. A
        // switch that cannot be written keeps no host open.
        let kept = keep();
        self.stop().await;
        kept
    }
}

/// Whether others are let in, where, and by which code; none where this window itself has joined a host.
#[tauri::command]
pub(crate) async fn letting(
    door: State<'_, Door>,
    letting: State<'_, Letting>,
) -> Result<Option<LettingView>, Value> {
    Ok(match door.works().await {
        Works::Own(Ok(_)) => Some(letting.view().await),
        _ => None,
    })
}

/// Lets others in, or no longer; an administrator does.
#[tauri::command]
pub(crate) async fn let_in(
    app: AppHandle,
    letting: State<'_, Letting>,
    on: bool,
    lang: String,
) -> Result<LettingView, Value> {
    let turned = letting.turn(&app, on).await;
    turned.map_err(|e| e.to_door(Lang::from_tag(&lang)))?;
    Ok(letting.view().await)
}
