//! Whether a file is damaged, or only could not be read for a moment.
//!
//! Damage stays, and nothing may be written any more; a disk that fails or memory that is short passes. SQLite says the
//! same words in both cases now and then, so the file is looked at by a connection that has read nothing before.

use super::{Connection, SqliteStore, folder, opening::options, sql::whole::Whole};
use crate::{CaseProjection, DataKey, StoreError};
use sqlx::Connection as _;
use std::path::Path;

/// Faults of the file after which it is looked at no further.
const ENOUGH: u32 = 20;
/// SQLite's code of damage.
const CORRUPT: i32 = 11;

/// What came of looking.
#[derive(Debug)]
pub enum Verdict {
    /// It is damaged.
    Damaged,
    /// It is whole: what was seen before has passed.
    Sound,
    /// It cannot be looked at now.
    Unknown(StoreError),
}

impl Verdict {
    /// What whoever saw damage is told.
    pub fn refusal(self) -> StoreError {
        match self {
            Self::Damaged => StoreError::DamagedFolder,
            Self::Sound => StoreError::DiskFailed {
                about: format!("SQLite {CORRUPT}"),
            },
            Self::Unknown(e) => e,
        }
    }
}

/// Looks at every page of a database. It is damaged where the disk gives every byte of it, and SQLite finds damage
/// before and after that: a read that fails makes SQLite say the same now and then.
pub async fn look(dir: &Path, key: Option<&DataKey>) -> Verdict {
    for _ in 0..2 {
        match once(dir, key).await {
            Verdict::Damaged => {}
            other => return other,
        }
        let file = dir.join(folder::DATABASE);
        let read = tokio::task::spawn_blocking(move || every_byte(&file)).await;
        let read = read.map_err(|e| StoreError::Internal(e.to_string()));
        if let Err(e) = read.and_then(|read| Ok(read?)) {
            return Verdict::Unknown(e);
        }
    }
    Verdict::Damaged
}

/// Reads a file as SQLite does, a page at a time: a disk that fails now and then is met.
fn every_byte(file: &Path) -> std::io::Result<()> {
    let file = std::fs::File::open(file)?;
    let (mut page, mut at) = (vec![0; 4096], 0);
    loop {
        match read_at(&file, &mut page, at)? {
            0 => return Ok(()),
            read => at += read as u64,
        }
    }
}

#[cfg(unix)]
fn read_at(file: &std::fs::File, page: &mut [u8], at: u64) -> std::io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, page, at)
}

#[cfg(windows)]
fn read_at(file: &std::fs::File, page: &mut [u8], at: u64) -> std::io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, page, at)
}

async fn once(dir: &Path, key: Option<&DataKey>) -> Verdict {
    let looked = async {
        let mut c = Connection::connect_with(&options(dir, key).read_only(true)).await?;
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA quick_check({ENOUGH})"));
        let said = sqlx::query(sql).column::<String, _>(&mut c).await;
        // What is said of a file that was only read does not depend on how it is closed.
        let _ = c.close().await;
        said
    };
    match looked.await {
        Ok(said) if said.iter().any(|line| passes(line)) => {
            Verdict::Unknown(Verdict::Sound.refusal())
        }
        Ok(said) if said.iter().all(|line| line == "ok") => Verdict::Sound,
        // SQLCipher has no word of its own for a page that is not what was written there.
        Ok(_) | Err(StoreError::DamagedFolder | StoreError::Internal(_)) => Verdict::Damaged,
        Err(e) => Verdict::Unknown(e),
    }
}

/// Whether a page was not read for another reason than damage: `… error code=266`.
fn passes(line: &str) -> bool {
    if line.ends_with("disk I/O error") || line.ends_with("out of memory") {
        return true;
    }
    let Some((_, code)) = line.split_once("error code") else {
        return false;
    };
    let digits: String = code
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    let code = digits.parse::<i32>();
    code.is_ok_and(|code| code & 0xff != CORRUPT)
}

impl SqliteStore {
    /// Whether damage was seen since the folder was opened or checked: then nothing is written.
    pub fn read_only(&self) -> bool {
        self.apart.damaged()
    }

    /// Refuses writing from now on.
    pub fn mark_damaged(&self) {
        self.apart.mark();
    }

    /// The file was checked from end to end and is whole: it is written again.
    pub fn found_whole(&self) {
        self.apart.clear();
    }

    /// From now on lists are answered from these cases, each with the position of its first event, and say how many
    /// others could not be read.
    pub fn list_from(&self, cases: Vec<(i64, CaseProjection)>, unreadable: usize) {
        self.apart.set_lists(Some((cases, unreadable)));
    }

    /// Looks at every page of the file, and refuses writing where one is damaged; answers whether it does.
    ///
    /// # Errors
    /// Where it cannot be looked at now.
    pub async fn look_for_damage(&self) -> Result<bool, StoreError> {
        let _one = self.apart.looking.lock().await;
        if self.read_only() {
            return Ok(true);
        }
        match look(&self.dir, self.key()).await {
            Verdict::Damaged => self.apart.mark(),
            // What was seen came from a connection that kept more than the file holds.
            Verdict::Sound => self.failures.note(),
            Verdict::Unknown(e) => return Err(self.explain(e)),
        }
        Ok(self.read_only())
    }

    /// Judges what a question was refused with: it stands, or the question may be asked once more.
    pub(crate) async fn judge(&self, e: StoreError) -> Result<(), StoreError> {
        let e = self.explain(e);
        if !self.suspicious(&e) || self.read_only() {
            return Err(e);
        }
        self.look_for_damage().await.map(drop)
    }

    /// The same for what writes, and is not done again by itself.
    pub(crate) async fn judge_at_last(&self, e: StoreError) -> StoreError {
        let e = self.explain(e);
        if !self.suspicious(&e) {
            return e;
        }
        match self.look_for_damage().await {
            Ok(true) => StoreError::DamagedReadOnly,
            Ok(false) => Verdict::Sound.refusal(),
            Err(e) => e,
        }
    }

    /// What was asked again and refused by the same words is damage that looking did not see, unless the file cannot be
    /// looked at now.
    pub(crate) async fn judge_again(&self, e: StoreError) -> StoreError {
        let e = self.explain(e);
        if !self.suspicious(&e) || self.read_only() {
            return e;
        }
        match self.look_for_damage().await {
            Ok(_) => {
                self.apart.mark();
                e
            }
            Err(e) => e,
        }
    }

    fn suspicious(&self, e: &StoreError) -> bool {
        match e {
            StoreError::DamagedFolder => true,
            StoreError::Internal(said) => self.sealed.is_some() && said.contains("SQL logic error"),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::passes;

    #[test]
    fn a_page_that_could_not_be_read_is_no_damage() {
        assert!(passes(
            "Tree 5 page 7: unable to get the page. error code=266"
        ));
        assert!(passes(
            "Tree 5 page 7: btreeInitPage() returns error code 7"
        ));
        assert!(!passes(
            "Tree 5 page 7: btreeInitPage() returns error code 11"
        ));
        assert!(!passes("Tree 5 page 7 cell 3: Rowid 4 out of order"));
        assert!(!passes("ok"));
        let index = "unable to validate the inverted index for FTS5 table main.case_search";
        assert!(passes(&format!("{index}: disk I/O error")));
    }
}
