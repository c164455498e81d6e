//! Opening an office and closing it, with what is due then: a restored one is noted, anchors are left.

use crate::{
    anchors::{leave_anchors, leave_last_anchors},
    institution::numbers::note_restore,
    office::{config::Config, handle::Office},
    text::error::ApiError,
};
use redress_store::Progress;

/// Opens the folder, or waits for the first run where there is none.
///
/// # Errors
/// The store's refusals: in use, foreign, damaged, on a network share …, and `verify_stopped`.
pub(crate) async fn open(config: Config, progress: &Progress) -> Result<Office, ApiError> {
    let office = Office::open_folder(config, progress).await?;
    if let Ok(open) = office.open_office().await {
        // A clock that stands too far back keeps it from being written now; nothing is numbered until it is.
        let _ = note_restore(&open, office.now()).await;
    }
    leave_anchors(&office).await;
    Ok(office)
}

/// Closes the folder; another process can then open it.
pub(crate) async fn close(office: &Office) {
    if let Ok(open) = office.open_office().await {
        leave_last_anchors(office, &open).await;
        open.store.close().await;
    }
}
