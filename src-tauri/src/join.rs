//! Joining a host: found on the local network or by its address, trusted by the code that both sides show.

use crate::{
    door::{Door, Joined, Works},
    folder, own,
};
use redress_desk::{ApiError, Lang};
use redress_host::{Client, Found, code, look, show};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use tauri::{AppHandle, State};

/// A host before it is trusted.
#[derive(Serialize)]
pub(crate) struct Offered {
    address: String,
    code: String,
}

/// What this window has joined.
#[derive(Serialize)]
pub(crate) struct JoinedView {
    address: String,
    code: String,
}

type Answer<T> = Result<T, Value>;

/// Hosts on the local network; an empty list where the network says nothing.
#[tauri::command]
pub(crate) async fn find_hosts() -> Vec<Found> {
    look().await.unwrap_or_default()
}

/// Who answers at an address, and its code.
#[tauri::command]
pub(crate) async fn show_host(address: String, lang: String) -> Answer<Offered> {
    let shown = show(&address).await;
    let shown = shown.map_err(|e| e.to_door(Lang::from_tag(&lang)))?;
    Ok(Offered {
        address,
        code: code(&shown.fingerprint),
    })
}

/// The host that this window has joined; none where it works on its own folder.
#[tauri::command]
pub(crate) async fn joined(door: State<'_, Door>) -> Answer<Option<JoinedView>> {
    Ok(match door.works().await {
        Works::Own(_) => None,
        Works::At(_, joined) => Some(JoinedView {
            code: code(&joined.fingerprint),
            address: joined.address,
        }),
    })
}

async fn joining(
    app: &AppHandle,
    door: &Door,
    address: &str,
    compared: &str,
) -> Result<(), ApiError> {
    if let Works::Own(Ok(office)) = door.works().await
        && !office.first_run().await
    {
        return Err(ApiError::new("folder_not_empty"));
    }
    let shown = show(address).await?;
    if code(&shown.fingerprint) != compared {
        return Err(
            ApiError::new("host_certificate_changed").with("code", code(&shown.fingerprint))
        );
    }
    let joined = Joined {
        address: address.trim().to_owned(),
        fingerprint: shown.fingerprint,
    };
    let client = Client::new(&joined.address, &joined.fingerprint)?;
    joined.keep(&folder::data(app))?;
    *door.works.write().await = Works::At(Arc::new(client), joined);
    Ok(())
}

/// Joins the host at an address whose code was compared.
#[tauri::command]
pub(crate) async fn join(
    app: AppHandle,
    door: State<'_, Door>,
    address: String,
    code: String,
    lang: String,
) -> Answer<()> {
    let joined = joining(&app, &door, &address, &code).await;
    joined.map_err(|e| e.to_door(Lang::from_tag(&lang)))
}

/// Leaves the host: this window begins anew, with its own folder.
#[tauri::command]
pub(crate) async fn leave(app: AppHandle, door: State<'_, Door>, lang: String) -> Answer<()> {
    let forgotten = Joined::forget(&folder::data(&app));
    forgotten.map_err(|e| e.to_door(Lang::from_tag(&lang)))?;
    *door.works.write().await = Works::Own(own(&app, None, &door.opening).await.map(Arc::new));
    Ok(())
}
