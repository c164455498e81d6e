//! A database in the making: it lies in a folder of its own inside the data folder until it is whole, and takes its
//! place by one renaming. A process that ends before leaves nothing that looks like an office.

use super::{SqliteStore, folder};
use crate::{DataKey, Marker, StoreError, private};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// Where it lies meanwhile.
const FOLDER: &str = folder::HALVES[1];

/// So long a connection that could not be opened takes to go.
const CLOSES: Duration = Duration::from_millis(200);

/// A database that does not count yet.
pub(crate) struct Making {
    store: SqliteStore,
    dir: PathBuf,
}

/// Removes what a making that was cut off left; the folder must be ours.
pub fn clear(dir: &Path) {
    let half = dir.join(FOLDER);
    for entry in std::fs::read_dir(&half).into_iter().flatten().flatten() {
        let _ = folder::wipe(&entry.path());
    }
    // What cannot be removed now is tried again at the next start.
    let _ = std::fs::remove_dir_all(half);
}

/// Whether a folder without a database holds something of an office that had one: it is damaged, and no place for a
/// new one.
fn traces(dir: &Path) -> bool {
    let journal = dir.join(format!("{}-wal", folder::DATABASE)).metadata();
    journal.is_ok_and(|m| m.len() > 0) || !folder::safety_copies(dir).is_empty()
}

impl SqliteStore {
    /// Looks at a folder that holds no database, before somebody sets an office up in it: what a set-up that was cut
    /// off left is removed.
    ///
    /// # Errors
    /// `DamagedFolder` where the database of an office is missing that was there.
    pub(crate) fn unmade(dir: &Path, owner: &str) -> Result<(), StoreError> {
        if traces(dir) {
            return Err(StoreError::DamagedFolder);
        }
        if !folder::copies(dir).is_empty()
            && let Ok(_lock) = folder::lock(dir, owner)
        {
            clear(dir);
            folder::clear_leftovers(dir);
        }
        Ok(())
    }
}

impl Making {
    /// Begins one in a folder that is empty.
    ///
    /// # Errors
    /// `FolderNotEmpty`, `FolderInUse`, `NetworkShare`, `DiskFull`.
    pub(crate) async fn begin(
        dir: &Path,
        owner: &str,
        sealed: Option<(DataKey, Marker)>,
    ) -> Result<Self, StoreError> {
        std::fs::create_dir_all(dir)?;
        // A host that waits for its first run keeps its certificate here already.
        let ours = |name: &str| name.starts_with("redress.") || name == "host";
        let foreign = std::fs::read_dir(dir)?
            .filter_map(Result::ok)
            .any(|e| !ours(&e.file_name().to_string_lossy()));
        if foreign || SqliteStore::exists(dir) || traces(dir) {
            return Err(StoreError::FolderNotEmpty);
        }
        private::folder(dir)?;
        private::mend_and_say(dir);
        let lock = Arc::new(folder::lock(dir, owner)?);
        clear(dir);
        let half = dir.join(FOLDER);
        let made = async {
            private::folder(&half)?;
            // SQLite gives its other files the rights of this one.
            private::create_new(&half.join(folder::DATABASE))?;
            SqliteStore::connect(&half, lock, true, sealed).await
        };
        match made.await {
            Ok(store) => Ok(Self {
                store,
                dir: dir.to_owned(),
            }),
            Err(e) => {
                clear(dir);
                Err(e)
            }
        }
    }

    pub(crate) fn store(&self) -> &SqliteStore {
        &self.store
    }

    /// Puts it in its place, and opens it there.
    ///
    /// # Errors
    /// `DiskFull`, `DiskFailed`; then there is no office.
    pub(crate) async fn done(self) -> Result<SqliteStore, StoreError> {
        let Self { store, dir } = self;
        store.close().await;
        let half = dir.join(FOLDER);
        let placed = async {
            // Closed, it is one file; what stands in a journal would stay behind.
            if half.join(format!("{}-wal", folder::DATABASE)).exists() {
                return Err(StoreError::DiskFailed {
                    about: "journal".to_owned(),
                });
            }
            if let Some((_, marker)) = &store.sealed {
                marker.keep(&dir)?;
            }
            std::fs::rename(half.join(folder::DATABASE), dir.join(folder::DATABASE))?;
            private::settle(&dir);
            SqliteStore::connect(&dir, Arc::clone(&store.lock), false, store.sealed.clone()).await
        };
        let placed = placed.await;
        clear(&dir);
        if placed.is_err() {
            SqliteStore::remove(&dir);
            // A connection that failed while it was opened is closed by its own thread, and may write once more.
            tokio::time::sleep(CLOSES).await;
            SqliteStore::remove(&dir);
        }
        placed
    }

    /// Takes it away again.
    pub(crate) async fn give_up(self) {
        // What is still open would write again.
        self.store.close().await;
        clear(&self.dir);
    }
}
