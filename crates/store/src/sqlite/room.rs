//! What a failure below the database means for whoever reads it: how much room there is, how much there should be.

use super::folder;
use crate::StoreError;
use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Below so many free bytes a failure that says nothing more comes from a full disk: SQLite tells only some of them.
const TIGHT: u64 = 64 * 1024;
/// So much room lets an office work on for months; and a copy of the database has to fit as well, or there is no backup.
const AMPLE: u64 = 500_000_000;
/// After a disk was full, so much is written for trial before it counts as cleared.
const TRIAL: usize = 1_000_000;

fn free(dir: &Path) -> Option<u64> {
    fs4::available_space(dir).ok()
}

/// Bytes that should be free in a folder.
fn needed(dir: &Path) -> u64 {
    let database = dir.join(folder::DATABASE).metadata();
    AMPLE.max(database.map_or(0, |m| m.len()))
}

/// The same failure with what is known of the folder's disk.
pub fn explain(dir: &Path, e: StoreError) -> StoreError {
    // Before the first set-up the folder may not be there; the disk is that of the one above.
    let there = dir.ancestors().find(|d| d.exists()).unwrap_or(dir);
    let free = free(there);
    match e {
        StoreError::DiskFull { .. } => StoreError::DiskFull {
            free,
            needed: needed(dir),
        },
        StoreError::DiskFailed { .. } | StoreError::FolderNotWritable
            if free.is_some_and(|free| free < TIGHT) =>
        {
            StoreError::DiskFull {
                free,
                needed: needed(dir),
            }
        }
        // There is no server: whoever waited in vain waited behind a lock.
        StoreError::DatabaseAway => StoreError::DatabaseLocked,
        e => e,
    }
}

/// Whether a little can be written beside the database; it is taken away again at once.
pub fn trial(dir: &Path) -> Result<(), StoreError> {
    let scratch = Scratch(dir.join("redress-room.tmp"));
    let written = scratch.write();
    drop(scratch);
    Ok(written?)
}

struct Scratch(PathBuf);

impl Scratch {
    fn write(&self) -> io::Result<()> {
        let mut file = File::create(&self.0)?;
        file.write_all(&vec![0; TRIAL])?;
        file.sync_all()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
