//! The data folder: one owner, on a disk of this machine.

use crate::{Marker, StoreError, private};
use redress_domain::calendar::here;
use serde::{Deserialize, Serialize};
use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

/// The database file.
pub const DATABASE: &str = "redress.db";
const LOCK: &str = "redress.lock";
const OWNER: &str = "redress.owner.json";
/// A copy before migrating that is not whole yet.
pub const BEFORE_MIGRATING: &str = "redress-before-migration.tmp";
/// Folders in which a database lies while it is converted, or made.
pub const HALVES: [&str; 2] = ["redress.converting", "redress.making"];

/// Who has the folder open, for the message that others get.
#[derive(Debug, Serialize, Deserialize)]
struct Owner {
    who: String,
    since: String,
}

/// Held as long as the folder is open; the system lets go of it when the process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    owner: PathBuf,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Nobody depends on the note: the lock itself is the file's.
        let _ = std::fs::remove_file(&self.owner);
    }
}

/// Takes the folder.
pub fn lock(dir: &Path, who: &str) -> Result<Lock, StoreError> {
    refuse_network(dir)?;
    let file = private::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join(LOCK))?;
    let owner = dir.join(OWNER);
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let known = std::fs::read(&owner)
                .ok()
                .and_then(|b| serde_json::from_slice::<Owner>(&b).ok());
            let (who, since) = known.map_or_else(|| ("?".into(), "?".into()), |o| (o.who, o.since));
            return Err(StoreError::FolderInUse { who, since });
        }
        Err(TryLockError::Error(e)) => return Err(e.into()),
    }
    let since = here(&chrono::Utc::now())
        .format("%Y-%m-%d %H:%M")
        .to_string();
    private::write(
        &owner,
        &serde_json::to_vec(&Owner {
            who: who.to_owned(),
            since,
        })?,
    )?;
    Ok(Lock { _file: file, owner })
}

/// A file of ours without content, for SQLite to copy into.
pub fn empty(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
        _ => {}
    }
    private::create_new(path)?;
    Ok(())
}

/// Removes what a backup or a restore that was cut off left: files of our own names, while the folder is ours alone.
pub fn clear_leftovers(dir: &Path) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        if leftover(&entry.file_name().to_string_lossy()) {
            // What cannot be removed now is tried again at the next start.
            let _ = wipe(&entry.path());
        }
    }
}

/// `redress-UUID.tmp` and `redress-UUID.restoring`, and what SQLite writes beside them.
fn leftover(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("redress-") else {
        return false;
    };
    let Some((id, end)) = rest.split_once('.') else {
        return false;
    };
    let end = ["-wal", "-shm", "-journal"]
        .iter()
        .find_map(|s| end.strip_suffix(s))
        .unwrap_or(end);
    let ours = uuid::Uuid::parse_str(id).is_ok() || name.starts_with(BEFORE_MIGRATING);
    ours && ["tmp", "restoring"].contains(&end)
}

/// Overwrites a file that may hold records in clear, and removes it. Another name of the same file keeps its bytes.
pub fn wipe(file: &Path) -> Result<(), StoreError> {
    if only_name(file) {
        let opened = std::fs::OpenOptions::new().write(true).open(file);
        // A file that cannot be overwritten is removed all the same.
        let _ = opened.map_err(StoreError::from).and_then(|f| overwrite(&f));
    }
    Ok(std::fs::remove_file(file)?)
}

/// Whether a file has no other name: a copy that was made as a link is the database itself.
#[cfg(unix)]
fn only_name(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|m| m.nlink() == 1)
}

/// What is not known is not overwritten.
#[cfg(not(unix))]
fn only_name(_: &Path) -> bool {
    false
}

/// Writes zeros over every byte of a file.
pub fn overwrite(mut file: &File) -> Result<(), StoreError> {
    use std::io::Write;
    let zeros = [0; 1 << 16];
    let mut left = file.metadata()?.len();
    while left > 0 {
        let now = left.min(zeros.len() as u64);
        file.write_all(&zeros[..usize::try_from(now).unwrap_or(zeros.len())])?;
        left -= now;
    }
    file.sync_all()?;
    Ok(())
}

/// Every file beside the database that holds something of it: safety copies with what belongs to them, and what a
/// backup, a restore, a conversion or a making is writing or has left.
pub fn copies(dir: &Path) -> Vec<String> {
    let names = |dir: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
        entries
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .collect()
    };
    let holds = |n: &String| leftover(n) || safety(n);
    let mut all: Vec<String> = names(dir).into_iter().filter(holds).collect();
    for half in HALVES {
        let inside = names(&dir.join(half));
        all.extend(inside.into_iter().map(|n| format!("{half}/{n}")));
    }
    all.sort();
    all
}

/// A safety copy, or what SQLite wrote beside it.
fn safety(name: &str) -> bool {
    let ours = ["before-migration-", "before-restore-"];
    ours.iter().any(|o| name.starts_with(o)) && name.contains(".db")
}

/// Removes the safety copies, and answers those that could not be.
pub fn remove_safety_copies(dir: &Path) -> Vec<String> {
    let all = copies(dir).into_iter().filter(|n| safety(n));
    all.filter(|name| wipe(&dir.join(name)).is_err()).collect()
}

/// Older copies of the database that were made beside it, before migrating and before restoring.
pub fn safety_copies(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let names = entries.map(|e| e.file_name().to_string_lossy().into_owned());
    let mut all: Vec<String> = names
        .filter(|n| n.starts_with("before-") && n.ends_with(".db"))
        .collect();
    all.sort();
    all
}

/// Whether a file begins as SQLite's plain files do.
pub fn plain(file: &Path) -> Result<bool, StoreError> {
    use std::io::Read;
    let mut head = [0; 16];
    let read = File::open(file)?.read_exact(&mut head);
    Ok(read.is_ok() && &head == b"SQLite format 3\0")
}

/// What an encrypted database is encrypted with; none for a plain one. An encrypted file looks like a damaged one: the
/// marker beside it tells them apart.
pub fn marker(dir: &Path) -> Result<Option<Marker>, StoreError> {
    if plain(&dir.join(DATABASE))? {
        return Ok(None);
    }
    Marker::read(dir)?
        .map(Some)
        .ok_or(StoreError::DamagedFolder)
}

const NETWORK: [&str; 9] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "fuse.sshfs",
    "afs",
    "ncpfs",
];

/// SQLite's locks cannot be trusted over a network share.
fn refuse_network(dir: &Path) -> Result<(), StoreError> {
    let real = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let text = real.to_string_lossy();
    if text.starts_with(r"\\?\UNC\") || (text.starts_with(r"\\") && !text.starts_with(r"\\?\")) {
        return Err(StoreError::NetworkShare {
            kind: "UNC".to_owned(),
        });
    }
    // Elsewhere than on Linux there is no such list, and what is a share was told by its name.
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    match file_system(&mounts, &real) {
        Some(kind) if NETWORK.contains(&kind.as_str()) => Err(StoreError::NetworkShare { kind }),
        _ => Ok(()),
    }
}

/// The file system of the longest mount point above a path.
fn file_system(mounts: &str, path: &Path) -> Option<String> {
    mounts
        .lines()
        .filter_map(|l| {
            let mut parts = l.split(' ');
            let point = parts.nth(1)?.replace("\\040", " ");
            let kind = parts.next()?.to_owned();
            path.starts_with(&point).then_some((point.len(), kind))
        })
        .max_by_key(|(len, _)| *len)
        .map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_leftovers_are_removed() {
        let id = uuid::Uuid::now_v7();
        let ours = ["tmp", "restoring", "tmp-journal", "restoring-wal"];
        assert!(ours.iter().all(|e| leftover(&format!("redress-{id}.{e}"))));
        let others = ["redress-x.tmp", "redress.tmp", "note.tmp", "redress.db"];
        assert!(!others.iter().any(|n| leftover(n)));
        assert!(!leftover(&format!("redress-{id}.db")));
        assert!(leftover(BEFORE_MIGRATING));
    }

    #[test]
    fn the_nearest_mount_decides() {
        let mounts =
            "/dev/a / ext4 rw 0 0\nserver:/x /data nfs4 rw 0 0\n/dev/b /data/own ext4 rw 0 0\n";
        let kind = |p: &str| file_system(mounts, Path::new(p));
        assert_eq!(
            kind("/data/office").as_deref(),
            Some("nfs4"),
            "below the share"
        );
        assert_eq!(
            kind("/data/own/office").as_deref(),
            Some("ext4"),
            "a disk below the share"
        );
        assert_eq!(kind("/home").as_deref(), Some("ext4"), "the root");
    }
}
