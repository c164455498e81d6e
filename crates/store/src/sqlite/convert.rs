//! Encrypting a folder, and decrypting it again.
//!
//! The database is copied into a folder inside, opened and verified there, and put in the place of the old one by one
//! renaming. A process that ends at any moment leaves one whole office: the marker stands before the encrypted file
//! and goes after it, and what decides is how the file begins. The next start removes what is left over.

use super::{Connection, SqliteStore, dialect, folder, schema, sql::whole::Whole};
use crate::{Append, DataKey, Marker, Progress, Store, StoreError, at_rest::keyed, private};
use sqlx::{ConnectOptions, Connection as _, sqlite::SqliteConnectOptions};
use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};
use zeroize::Zeroizing;

/// The folder in which the other database is made.
const FOLDER: &str = folder::HALVES[0];

/// How far a conversion is; said before each part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The database is copied.
    Copy,
    /// The copy is verified.
    Verify,
    /// Older copies beside the database are done likewise.
    SafetyCopies,
    /// The marker is written.
    Mark,
    /// The copy takes the old file's place.
    Swap,
    /// The old file's bytes are overwritten.
    Overwrite,
    /// The marker of a folder that is plain now is removed.
    Unmark,
    /// What is left over is removed.
    Clear,
}

/// Copies an open database into a new file that is encrypted by a key, or by none.
pub(crate) async fn copy_into(
    c: &mut Connection,
    file: &Path,
    key: Option<&DataKey>,
) -> Result<(), StoreError> {
    folder::empty(file)?;
    let literal = key.map_or_else(Zeroizing::default, DataKey::literal);
    sqlx::query("ATTACH DATABASE $1 AS copied KEY $2")
        .bind(file.to_string_lossy().into_owned())
        .bind(literal.as_str())
        .execute(&mut *c)
        .await?;
    let copied = fill(&mut *c).await;
    sqlx::query("DETACH DATABASE copied").execute(c).await?;
    copied
}

async fn fill(c: &mut Connection) -> Result<(), StoreError> {
    sqlx::query("SELECT sqlcipher_export('copied')")
        .rows(&mut *c)
        .await?;
    for pragma in ["application_id", "user_version"] {
        let read = sqlx::AssertSqlSafe(format!("PRAGMA main.{pragma}"));
        let number: i64 = sqlx::query_scalar(read).fetch_one(&mut *c).await?;
        let set = sqlx::AssertSqlSafe(format!("PRAGMA copied.{pragma} = {number}"));
        sqlx::query(set).execute(&mut *c).await?;
    }
    Ok(())
}

/// Copies a closed database into a new file, each with its key or none.
pub(super) async fn export(
    from: (&Path, Option<&DataKey>),
    to: (&Path, Option<&DataKey>),
) -> Result<(), StoreError> {
    let options = schema::wary(keyed(SqliteConnectOptions::new().filename(from.0), from.1));
    let mut c = Connection::connect_with(&options.disable_statement_logging()).await?;
    let copied = copy_into(&mut c, to.0, to.1).await;
    c.close().await?;
    copied
}

/// Puts a file in another's place, and overwrites what the other one held.
fn swap(new: &Path, old: &Path, watch: &(dyn Fn(Step) + Send + Sync)) -> Result<(), StoreError> {
    let before = std::fs::OpenOptions::new().write(true).open(old)?;
    watch(Step::Swap);
    std::fs::rename(new, old)?;
    private::settle(old.parent().unwrap_or(old));
    watch(Step::Overwrite);
    folder::overwrite(&before)
}

/// Removes what a conversion or a writing that was cut off left in a folder.
pub fn clear(dir: &Path) {
    let half = dir.join(FOLDER);
    for entry in std::fs::read_dir(&half).into_iter().flatten().flatten() {
        let file = std::fs::OpenOptions::new().write(true).open(entry.path());
        // A file that cannot be overwritten is removed all the same.
        let _ = file.map(|f| folder::overwrite(&f));
    }
    let _ = std::fs::remove_dir_all(&half);
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("redress.") && name.ends_with(".part") {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

impl SqliteStore {
    /// Encrypts the folder, or decrypts it where no key is given; `note` is the event that says so, and stands in the
    /// database from the moment on at which it is the other one. Every connection is closed, and stays so: go on with
    /// [`SqliteStore::reopen`], also after an error, which leaves the folder as it was.
    ///
    /// # Errors
    /// `CopyUnsound`, `SafetyCopyDamaged`, `DiskFull`.
    pub async fn convert(
        &self,
        to: Option<(DataKey, Marker)>,
        note: Append,
        watch: &(dyn Fn(Step) + Send + Sync),
    ) -> Result<(), StoreError> {
        self.may_write()?;
        let end = self.tail().await?;
        self.close().await;
        let made = self.make_other(to.clone(), end, note, watch).await;
        let swapped = match made {
            Ok(copies) => self.put_in_place(to.as_ref(), &copies, watch),
            Err(e) => Err(e),
        };
        watch(Step::Clear);
        clear(&self.dir);
        swapped
    }

    /// Opens the folder again after a conversion, without letting go of it.
    ///
    /// # Errors
    /// Those of [`SqliteStore::open_with`].
    pub async fn reopen(&self, key: Option<&DataKey>) -> Result<Self, StoreError> {
        let sealed = match (folder::marker(&self.dir)?, key) {
            (None, _) => None,
            (Some(marker), Some(key)) if marker.fits(key) => Some((key.clone(), marker)),
            (Some(_), Some(_)) => return Err(StoreError::KeyUnfit),
            (Some(_), None) => return Err(StoreError::KeyNeeded),
        };
        let mut store = Self::connect(&self.dir, Arc::clone(&self.lock), false, sealed).await?;
        store.training = self.training;
        Ok(store)
    }

    /// Makes the other database and the other safety copies, whose names are answered.
    async fn make_other(
        &self,
        to: Option<(DataKey, Marker)>,
        end: (i64, String),
        note: Append,
        watch: &(dyn Fn(Step) + Send + Sync),
    ) -> Result<Vec<String>, StoreError> {
        let half = self.dir.join(FOLDER);
        clear(&self.dir);
        private::folder(&half)?;
        let key = to.as_ref().map(|(key, _)| key.clone());
        let database = self.dir.join(folder::DATABASE);
        // Closed, it is one file; a journal beside it would be read into the other database.
        let journal = self.dir.join(format!("{}-wal", folder::DATABASE));
        let unsound = |about: String| StoreError::CopyUnsound { about };
        if journal.exists() {
            return Err(unsound("journal".to_owned()));
        }
        watch(Step::Copy);
        let copy = half.join(folder::DATABASE);
        export((&database, self.key()), (&copy, key.as_ref())).await?;
        watch(Step::Verify);
        let mut other = Self::connect(&half, Arc::clone(&self.lock), false, to).await?;
        other.training = self.training;
        let sound = async {
            let there = other.tail().await?;
            if there != end {
                return Err(unsound(format!("{}:{}", there.0, there.1)));
            }
            other.append(vec![note]).await?;
            let report = other.verify(&Progress::default()).await?;
            match report.problems.first() {
                None => dialect::settle(&other.writer).await,
                Some(p) => Err(unsound(format!("{} {} {}", p.code, p.stream, p.seq))),
            }
        };
        let sound = sound.await;
        other.close().await;
        sound?;
        watch(Step::SafetyCopies);
        let names = folder::safety_copies(&self.dir);
        for name in &names {
            let from = self.dir.join(name);
            let own = if folder::plain(&from)? {
                None
            } else {
                self.key()
            };
            let done = export((&from, own), (&half.join(name), key.as_ref())).await;
            done.map_err(|e| match e {
                full @ StoreError::DiskFull { .. } => full,
                _ => StoreError::SafetyCopyDamaged { name: name.clone() },
            })?;
        }
        Ok(names)
    }

    fn put_in_place(
        &self,
        to: Option<&(DataKey, Marker)>,
        copies: &[String],
        watch: &(dyn Fn(Step) + Send + Sync),
    ) -> Result<(), StoreError> {
        let half = self.dir.join(FOLDER);
        let place = |name: &str| swap(&half.join(name), &self.dir.join(name), watch);
        // Beside an encrypted database the next start encrypts copies that are not yet: so they are decrypted before it,
        // and encrypted after it.
        match to {
            Some((_, marker)) => {
                watch(Step::Mark);
                marker.keep(&self.dir)?;
                place(folder::DATABASE)?;
                copies.iter().try_for_each(|name| place(name))
            }
            None => {
                copies.iter().try_for_each(|name| place(name))?;
                place(folder::DATABASE)?;
                watch(Step::Unmark);
                Marker::remove(&self.dir);
                Ok(())
            }
        }
    }

    /// Finishes what a conversion that was cut off left: the marker of a plain folder, plain copies in an encrypted one.
    pub(super) async fn finish_converting(&self) {
        let Some(key) = self.key() else {
            return Marker::remove(&self.dir);
        };
        for name in folder::safety_copies(&self.dir) {
            let old = self.dir.join(&name);
            if folder::plain(&old).unwrap_or(false)
                && let Err(e) = encrypt_copy(&self.dir, &old, Some(key)).await
            {
                // The office itself is sound; who looks after it hears of the copy.
                let _ = writeln!(std::io::stderr(), "{}: not encrypted: {e}", old.display());
            }
        }
    }
}

/// Encrypts a plain database that lies in the folder.
pub async fn encrypt_copy(dir: &Path, old: &Path, key: Option<&DataKey>) -> Result<(), StoreError> {
    let half: PathBuf = dir.join(FOLDER);
    private::folder(&half)?;
    // It was listed by its name.
    let new = half.join(old.file_name().unwrap_or_default());
    let made = export((old, None), (&new, key)).await;
    let made = made.and_then(|()| swap(&new, old, &|_| ()));
    clear(dir);
    made
}
