//! One encrypted file with everything: database and anchor.

use super::{convert::copy_into, folder, schema, sql::verify};
use crate::{DataKey, StoreError, private};
use serde::{Deserialize, Serialize};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::{
    io::{Read, Write},
    path::Path,
};

const MAGIC: &[u8; 8] = b"RDBACK01";
/// scrypt's work factor (2^15): about a tenth of a second on an office PC.
const WORK: u8 = 15;
/// The most that a file may ask for (2^18: 256 MiB and about a second): what a file says of itself is not proven before
/// it is opened, and each step more doubles both.
const WORK_MAX: u8 = 18;

/// What the log's end was when the backup was made.
#[derive(Debug, Serialize, Deserialize)]
struct Anchor {
    pos: i64,
    hash: String,
}

fn failed(e: impl std::fmt::Display) -> StoreError {
    StoreError::Internal(e.to_string())
}

/// A copy in the clear, which goes however its making ends.
struct Gone<'a>(&'a Path);

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.0);
    }
}

/// Makes a backup of an open folder.
pub async fn create(
    pool: &SqlitePool,
    dir: &Path,
    passphrase: &str,
) -> Result<(Vec<u8>, String), StoreError> {
    let temp = dir.join(format!("redress-{}.tmp", uuid::Uuid::now_v7()));
    let _gone = Gone(&temp);
    folder::empty(&temp)?;
    // What is sealed is the plain database, whatever the folder is encrypted with.
    let copied = copy_into(&mut *pool.acquire().await?, &temp, None).await;
    let read = match copied {
        // The anchor is that of the copy, whatever was written since.
        Ok(()) => walk_file(&temp)
            .await
            .and_then(|report| Ok((std::fs::read(&temp)?, report))),
        Err(e) => Err(e),
    };
    let (bytes, report) = read?;
    let told = format!("{}:{}", report.anchor_pos, report.anchor_hash);
    let anchor = serde_json::to_vec(&Anchor {
        pos: report.anchor_pos,
        hash: report.anchor_hash,
    })?;
    let passphrase = passphrase.to_owned();
    let sealed = tokio::task::spawn_blocking(move || seal(&anchor, &bytes, passphrase))
        .await
        .map_err(failed)??;
    Ok((sealed, told))
}

fn seal(anchor: &[u8], database: &[u8], passphrase: String) -> Result<Vec<u8>, StoreError> {
    let mut recipient = age::scrypt::Recipient::new(passphrase.into());
    recipient.set_work_factor(WORK);
    let recipients = [&recipient as &dyn age::Recipient];
    let encryptor = age::Encryptor::with_recipients(recipients.into_iter()).map_err(failed)?;
    let mut out = MAGIC.to_vec();
    let mut w = encryptor.wrap_output(&mut out)?;
    w.write_all(&(anchor.len() as u64).to_be_bytes())?;
    w.write_all(anchor)?;
    w.write_all(database)?;
    w.finish()?;
    Ok(out)
}

fn open(bytes: &[u8], passphrase: String) -> Result<(Anchor, Vec<u8>), StoreError> {
    let sealed = bytes.strip_prefix(MAGIC).ok_or(StoreError::NotABackup)?;
    let decryptor = age::Decryptor::new(sealed).map_err(|_| StoreError::NotABackup)?;
    let mut identity = age::scrypt::Identity::new(passphrase.into());
    identity.set_max_work_factor(WORK_MAX);
    let identities = [&identity as &dyn age::Identity];
    let mut r = decryptor
        .decrypt(identities.into_iter())
        .map_err(|e| match e {
            age::DecryptError::ExcessiveWork { .. } => StoreError::NotABackup,
            _ => StoreError::WrongPassphrase,
        })?;
    let mut all = Vec::new();
    r.read_to_end(&mut all)
        .map_err(|_| StoreError::NotABackup)?;
    let (len, rest) = all.split_at_checked(8).ok_or(StoreError::NotABackup)?;
    let len = u64::from_be_bytes(len.try_into().unwrap_or_default());
    let len = usize::try_from(len).map_err(failed)?;
    let (anchor, database) = rest.split_at_checked(len).ok_or(StoreError::NotABackup)?;
    Ok((
        serde_json::from_slice(anchor).map_err(|_| StoreError::NotABackup)?,
        database.to_vec(),
    ))
}

/// Restores into a folder: decrypted and verified beside it first; what was there is kept as a safety copy. An encrypted
/// folder stays one, by the same key.
pub async fn restore(
    bytes: &[u8],
    passphrase: &str,
    dir: &Path,
    key: Option<&DataKey>,
) -> Result<(), StoreError> {
    let (sealed, passphrase) = (bytes.to_vec(), passphrase.to_owned());
    let (anchor, database) = tokio::task::spawn_blocking(move || open(&sealed, passphrase))
        .await
        .map_err(failed)??;
    private::folder(dir)?;
    let lock = folder::lock(dir, "restore")?;
    let marker = folder::marker(dir).ok().flatten();
    match (&marker, key) {
        (Some(_), None) => return Err(StoreError::KeyNeeded),
        (Some(marker), Some(key)) if !marker.fits(key) => return Err(StoreError::KeyUnfit),
        _ => {}
    }
    let fresh = dir.join(format!("redress-{}.restoring", uuid::Uuid::now_v7()));
    private::write(&fresh, &database)?;
    let verified = verify_file(&fresh, &anchor).await;
    if verified.is_err() {
        let _ = std::fs::remove_file(&fresh);
        return verified;
    }
    if marker.is_some()
        && let Err(e) = super::convert::encrypt_copy(dir, &fresh, key).await
    {
        let _ = std::fs::remove_file(&fresh);
        return Err(e);
    }
    let target = dir.join(folder::DATABASE);
    if target.exists() {
        let stamp = chrono::Local::now().format("%Y%m%d-%H%M%S");
        for suffix in ["", "-wal", "-shm"] {
            let old = dir.join(format!("{}{suffix}", folder::DATABASE));
            if old.exists() {
                std::fs::rename(&old, dir.join(format!("before-restore-{stamp}.db{suffix}")))?;
            }
        }
    }
    std::fs::rename(&fresh, &target)?;
    drop(lock);
    Ok(())
}

async fn walk_file(file: &Path) -> Result<crate::Report, StoreError> {
    let options = schema::wary(SqliteConnectOptions::new())
        .filename(file)
        .read_only(true);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    let report = verify::walk(&mut *pool.acquire().await?, &crate::Progress::default()).await;
    pool.close().await;
    report
}

async fn verify_file(file: &Path, anchor: &Anchor) -> Result<(), StoreError> {
    let report = walk_file(file).await?;
    StoreError::schema_differs(&report.schema())?;
    if !report.problems.is_empty()
        || report.anchor_pos != anchor.pos
        || report.anchor_hash != anchor.hash
    {
        return Err(StoreError::BackupDamaged {
            pos: report.anchor_pos,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{MAGIC, WORK_MAX, open};
    use crate::StoreError;

    /// A file that asks for 4 GiB before anything of it can be proven.
    #[test]
    fn a_file_that_asks_for_too_much_work_is_none_of_ours() {
        let salt = "A".repeat(22);
        let key = "A".repeat(43);
        let head = |work: u8| {
            let age = format!("age-encryption.org/v1\n-> scrypt {salt} {work}\n{key}\n--- {key}\n");
            [MAGIC.as_slice(), age.as_bytes(), &[0; 64]].concat()
        };
        let refused = open(&head(WORK_MAX + 1), "Redress-2026".to_owned());
        assert!(
            matches!(refused, Err(StoreError::NotABackup)),
            "{refused:?}"
        );
        let tried = open(&head(1), "Redress-2026".to_owned());
        assert!(
            matches!(tried, Err(StoreError::WrongPassphrase)),
            "{tried:?}"
        );
    }
}
