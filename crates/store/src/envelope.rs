//! The sealed file of a backup: who can open it, and what stands before the database in it.

use crate::StoreError;
use age::secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use zeroize::Zeroize;

/// Backups of the first versions: the database in it is plain.
const FIRST: &[u8; 8] = b"RDBACK01";
/// The database in it is encrypted by a key that stands before it.
const SECOND: &[u8; 8] = b"RDBACK02";
/// scrypt's work factor (2^15): about a tenth of a second on an office PC.
const WORK: u8 = 15;
/// The most that a file may ask for (2^18: 256 MiB and about a second): what a file says of itself is not proven before
/// it is opened, and each step more doubles both.
const WORK_MAX: u8 = 18;
/// What stands before the database is never longer.
const HEAD_MOST: u64 = 1 << 16;

/// To whom a backup is sealed.
#[derive(Clone)]
pub enum Seal {
    /// Whoever knows it.
    Passphrase(String),
    /// Whoever keeps the secret half of the institution's backup key (`age1…`).
    Recipient(String),
}

/// With what a backup is opened.
#[derive(Clone)]
pub enum Opening {
    /// The passphrase.
    Passphrase(String),
    /// The secret half of the institution's backup key (`AGE-SECRET-KEY-1…`).
    Secret(String),
}

impl Opening {
    /// What somebody typed: a secret half is told from a passphrase by how it begins.
    pub fn typed(text: &str) -> Self {
        let text = text.trim();
        match text
            .get(..15)
            .is_some_and(|t| t.eq_ignore_ascii_case("AGE-SECRET-KEY-"))
        {
            // It is printed in groups.
            true => {
                let signs = text.chars().filter(|c| !c.is_whitespace());
                Self::Secret(signs.collect::<String>().to_uppercase())
            }
            false => Self::Passphrase(text.to_owned()),
        }
    }
}

/// A backup key: what the office keeps, and what another person keeps. It shows nothing when it is printed.
pub struct BackupKey {
    /// The public half: backups are sealed to it.
    pub recipient: String,
    /// The secret half: opens them. It is shown once and kept by nobody here.
    pub secret: String,
}

impl BackupKey {
    /// A new one.
    pub fn random() -> Self {
        let identity = age::x25519::Identity::generate();
        Self {
            recipient: identity.to_public().to_string(),
            secret: identity.to_string().expose_secret().to_owned(),
        }
    }

    /// Whether a text is the half that seals.
    pub fn seals(recipient: &str) -> bool {
        recipient.parse::<age::x25519::Recipient>().is_ok()
    }
}

impl Drop for BackupKey {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BackupKey")
    }
}

/// What stands before the database.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Head {
    /// Position of the newest event.
    pub pos: i64,
    /// Its hash.
    pub hash: String,
    /// By what the database is encrypted; none in the first versions, and where a plain file was too damaged to copy.
    #[serde(default)]
    pub key: Option<String>,
    /// Problems that were known when it was made: it is restored with them.
    #[serde(default)]
    pub problems: usize,
}

fn failed(e: impl std::fmt::Display) -> StoreError {
    StoreError::Internal(e.to_string())
}

/// Seals a head and a database into a file, a piece at a time.
pub fn seal(
    seal: &Seal,
    head: &Head,
    database: &mut impl Read,
    out: &mut impl Write,
) -> Result<(), StoreError> {
    let recipient: Box<dyn age::Recipient> = match seal {
        Seal::Passphrase(words) => {
            let mut recipient = age::scrypt::Recipient::new(words.clone().into());
            recipient.set_work_factor(WORK);
            Box::new(recipient)
        }
        Seal::Recipient(text) => {
            let key: age::x25519::Recipient = text.parse().map_err(failed)?;
            Box::new(key)
        }
    };
    let encryptor =
        age::Encryptor::with_recipients(std::iter::once(&*recipient)).map_err(failed)?;
    let head = serde_json::to_vec(head)?;
    out.write_all(SECOND)?;
    let mut w = encryptor.wrap_output(&mut *out)?;
    w.write_all(&(head.len() as u64).to_be_bytes())?;
    w.write_all(&head)?;
    std::io::copy(database, &mut w)?;
    w.finish()?;
    Ok(out.flush()?)
}

/// Opens a sealed file, and writes its database a piece at a time.
pub fn open(
    opening: &Opening,
    mut sealed: impl Read,
    out: &mut impl Write,
) -> Result<Head, StoreError> {
    let mut magic = [0; 8];
    sealed
        .read_exact(&mut magic)
        .map_err(|_| StoreError::NotABackup)?;
    if &magic != FIRST && &magic != SECOND {
        return Err(StoreError::NotABackup);
    }
    let identity: Box<dyn age::Identity> = match opening {
        Opening::Passphrase(words) => {
            let mut identity = age::scrypt::Identity::new(words.clone().into());
            identity.set_max_work_factor(WORK_MAX);
            Box::new(identity)
        }
        Opening::Secret(text) => {
            let key: age::x25519::Identity =
                text.parse().map_err(|_| StoreError::BackupKeyMistyped)?;
            Box::new(key)
        }
    };
    let decryptor = age::Decryptor::new(sealed).map_err(|_| StoreError::NotABackup)?;
    // Who may open it is known before anybody tries, and a passphrase does not open what is sealed to a key.
    let by_words = decryptor.is_scrypt();
    match opening {
        Opening::Passphrase(_) if !by_words => return Err(StoreError::BackupKeyNeeded),
        Opening::Secret(_) if by_words => return Err(StoreError::BackupPassphraseNeeded),
        _ => {}
    }
    let mut r = decryptor
        .decrypt(std::iter::once(&*identity))
        .map_err(|_| match opening {
            Opening::Passphrase(_) => StoreError::WrongPassphrase,
            Opening::Secret(_) => StoreError::BackupKeyWrong,
        })?;
    let mut length = [0; 8];
    r.read_exact(&mut length)
        .map_err(|_| StoreError::NotABackup)?;
    let length = u64::from_be_bytes(length);
    if length > HEAD_MOST {
        return Err(StoreError::NotABackup);
    }
    let mut head = vec![];
    (&mut r)
        .take(length)
        .read_to_end(&mut head)
        .map_err(|_| StoreError::NotABackup)?;
    let head: Head = serde_json::from_slice(&head).map_err(|_| StoreError::NotABackup)?;
    copy(&mut r, out)?;
    Ok(head)
}

/// What does not decrypt is a damaged backup; what cannot be written is the disk's.
fn copy(from: &mut impl Read, to: &mut impl Write) -> Result<(), StoreError> {
    let mut piece = vec![0; 1 << 16];
    loop {
        let n = from.read(&mut piece).map_err(|_| StoreError::NotABackup)?;
        if n == 0 {
            return Ok(to.flush()?);
        }
        to.write_all(&piece[..n])?;
    }
}
