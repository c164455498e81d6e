//! Opening an encrypted folder by its recovery phrase, where this PC's keystore does not hold the key.

use crate::{
    door::{Door, Works},
    letting::Letting,
    own,
};
use redress_desk::{ApiError, Lang};
use serde_json::Value;
use std::sync::Arc;
use tauri::{AppHandle, State};
use zeroize::Zeroizing;

async fn unlocking(app: &AppHandle, door: &Door, phrase: String) -> Result<(), ApiError> {
    // Not while it is being opened.
    let _known = door.works().await;
    // Held while the folder is opened: of two who type the phrase one opens it, and whoever asks meanwhile is answered
    // by what was opened.
    let mut works = door.works.write().await;
    // Only what is locked is unlocked.
    if !matches!(&*works, Works::Own(Err(_))) {
        return Ok(());
    }
    let office = own(app, Some(Zeroizing::new(phrase)), &door.opening).await?;
    *works = Works::Own(Ok(Arc::new(office)));
    Ok(())
}

/// Opens the folder by the phrase and puts the key into the keystore again.
#[tauri::command]
pub(crate) async fn unlock(
    app: AppHandle,
    door: State<'_, Door>,
    letting: State<'_, Letting>,
    phrase: String,
    lang: String,
) -> Result<(), Value> {
    let opened = unlocking(&app, &door, phrase).await;
    opened.map_err(|e| e.to_door(Lang::from_tag(&lang)))?;
    if let Err(e) = letting.resume(&app).await {
        // As at the start: the window works all the same.
        eprintln!("{e}");
    }
    Ok(())
}
