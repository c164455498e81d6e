//! Copying an office into another place: everything above the line that the migrations draw.
//!
//! What is derived is not carried; the office that opens the target writes it anew.

use crate::{
    AnyStore, DataKey, Marker, Place, PostgresStore, Progress, Report, SqliteStore, Store,
    StoreError,
    tables::{Shelf, carry},
};
use std::path::Path;

type Answer<T> = Result<T, StoreError>;

/// Copies a house into an empty place, all or nothing; the copy is verified before it counts.
///
/// # Errors
/// `FolderNotEmpty`, `DatabaseNotEmpty`, `CopyUnsound` where the copy is not whole or the source went on meanwhile.
pub async fn copy(from: &AnyStore, to: &Place, owner: &str, progress: &Progress) -> Answer<Report> {
    match from {
        AnyStore::Sqlite(s) => put_down(&mut *s.snapshot().await?, from, to, owner, progress).await,
        AnyStore::Postgres(s) => {
            put_down(&mut *s.snapshot().await?, from, to, owner, progress).await
        }
    }
}

async fn put_down(
    taken: &mut impl Shelf,
    from: &AnyStore,
    to: &Place,
    owner: &str,
    progress: &Progress,
) -> Answer<Report> {
    match to {
        Place::Folder(dir) => put_into_folder(taken, from, dir, None, owner, progress).await,
        Place::Encrypted { dir, key, marker } => {
            let sealed = Some((key.clone(), marker.clone()));
            put_into_folder(taken, from, dir, sealed, owner, progress).await
        }
        Place::Database(at) => {
            let store = PostgresStore::connect(at).await?;
            let mut tx = store.begin().await?;
            let report = carry(taken, &mut *tx, progress).await?;
            stood_still(from, &report).await?;
            store.settle_in(tx).await?;
            store.close().await;
            Ok(report)
        }
    }
}

async fn put_into_folder(
    taken: &mut impl Shelf,
    from: &AnyStore,
    dir: &Path,
    sealed: Option<(DataKey, Marker)>,
    owner: &str,
    progress: &Progress,
) -> Answer<Report> {
    let making = SqliteStore::blank(dir, owner, sealed).await?;
    let done = async {
        let mut tx = making.store().begin().await?;
        let report = carry(taken, &mut *tx, progress).await?;
        stood_still(from, &report).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(report)
    };
    match done.await {
        Ok(report) => {
            making.done().await?.close().await;
            Ok(report)
        }
        Err(e) => {
            let e = making.store().explain(e);
            making.give_up().await;
            Err(e)
        }
    }
}

/// The source ends where the copy ends.
async fn stood_still(from: &AnyStore, copy: &Report) -> Answer<()> {
    let (pos, hash) = from.tail().await?;
    if (pos, &hash) == (copy.anchor_pos, &copy.anchor_hash) {
        return Ok(());
    }
    Err(StoreError::CopyUnsound {
        about: format!("source {pos}:{hash}"),
    })
}
