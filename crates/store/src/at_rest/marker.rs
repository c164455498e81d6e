//! The marker of an encrypted folder: which office, by which cipher, and the key, sealed by the recovery phrase.

use super::{DataKey, Phrase};
use crate::{StoreError, private};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Lies beside the database. Without it and the keystore nobody opens the folder.
const FILE: &str = "redress.key";
const VERSION: u32 = 1;
/// What the database is encrypted with: SQLCipher's own settings of this version, and a raw key.
const CIPHER: &str = "sqlcipher-4-raw";
const SALT: usize = 16;
const NONCE: usize = 24;
/// More than this a marker may not ask for: whoever can write into the folder does not stop the machine with it.
const MEMORY_MOST: u32 = 1 << 20;
const PASSES_MOST: u32 = 16;

/// What stands beside an encrypted database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    version: u32,
    /// Names the entry in the keystore.
    pub office: Uuid,
    cipher: String,
    /// By which the right key is known.
    key_check: String,
    /// None where no recovery phrase was made yet.
    phrase: Option<Sealed>,
}

/// The key, sealed by what argon2id makes of the phrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sealed {
    kdf: String,
    memory_kib: u32,
    passes: u32,
    salt: String,
    nonce: String,
    key: String,
}

fn failed(e: impl std::fmt::Display) -> StoreError {
    StoreError::Internal(e.to_string())
}

fn stretched(
    phrase: &Phrase,
    salt: &[u8],
    memory: u32,
    passes: u32,
) -> Result<XChaCha20Poly1305, StoreError> {
    if memory > MEMORY_MOST || passes > PASSES_MOST {
        return Err(StoreError::DamagedKeyFile);
    }
    let params = Params::new(memory, passes, 1, None).map_err(|_| StoreError::DamagedKeyFile)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(phrase.bytes(), salt, &mut *key)
        .map_err(|_| StoreError::DamagedKeyFile)?;
    XChaCha20Poly1305::new_from_slice(&*key).map_err(failed)
}

impl Sealed {
    const KDF: &'static str = "argon2id";

    fn make(key: &DataKey, phrase: &Phrase, office: Uuid) -> Result<Self, StoreError> {
        let mut salt = [0; SALT];
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut salt).map_err(failed)?;
        getrandom::fill(&mut nonce).map_err(failed)?;
        let (memory_kib, passes) = (65_536, 3);
        let payload = Payload {
            msg: key.bytes(),
            aad: office.as_bytes(),
        };
        let sealed = stretched(phrase, &salt, memory_kib, passes)?
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(failed)?;
        Ok(Self {
            kdf: Self::KDF.to_owned(),
            memory_kib,
            passes,
            salt: HEXLOWER.encode(&salt),
            nonce: HEXLOWER.encode(&nonce),
            key: HEXLOWER.encode(&sealed),
        })
    }

    fn open(&self, phrase: &Phrase, office: Uuid) -> Result<DataKey, StoreError> {
        let bytes = |text: &str| {
            let read = HEXLOWER.decode(text.as_bytes());
            read.map_err(|_| StoreError::DamagedKeyFile)
        };
        let (salt, nonce, sealed) = (bytes(&self.salt)?, bytes(&self.nonce)?, bytes(&self.key)?);
        if self.kdf != Self::KDF || nonce.len() != NONCE {
            return Err(StoreError::DamagedKeyFile);
        }
        let payload = Payload {
            msg: &sealed,
            aad: office.as_bytes(),
        };
        let key = stretched(phrase, &salt, self.memory_kib, self.passes)?
            .decrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| StoreError::WrongPhrase)?;
        DataKey::from_bytes(&Zeroizing::new(key)).ok_or(StoreError::DamagedKeyFile)
    }
}

impl Marker {
    /// For a key, not yet sealed by a phrase.
    pub fn new(key: &DataKey) -> Self {
        Self {
            version: VERSION,
            office: Uuid::now_v7(),
            cipher: CIPHER.to_owned(),
            key_check: key.check(),
            phrase: None,
        }
    }

    /// The same, sealed by another phrase; the one before opens it no longer. Takes some tenths of a second.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn sealed(&self, key: &DataKey, phrase: &Phrase) -> Result<Self, StoreError> {
        Ok(Self {
            phrase: Some(Sealed::make(key, phrase, self.office)?),
            ..self.clone()
        })
    }

    /// The key, by the phrase. Takes some tenths of a second.
    ///
    /// # Errors
    /// `WrongPhrase`, also where none was made; `DamagedKeyFile`.
    pub fn open(&self, phrase: &Phrase) -> Result<DataKey, StoreError> {
        let sealed = self.phrase.as_ref().ok_or(StoreError::WrongPhrase)?;
        let key = sealed.open(phrase, self.office)?;
        match self.fits(&key) {
            true => Ok(key),
            false => Err(StoreError::DamagedKeyFile),
        }
    }

    /// Whether a key is the one of this folder.
    pub fn fits(&self, key: &DataKey) -> bool {
        self.key_check == key.check()
    }

    /// Whether a recovery phrase was made.
    pub fn has_phrase(&self) -> bool {
        self.phrase.is_some()
    }

    pub(crate) fn path(dir: &Path) -> PathBuf {
        dir.join(FILE)
    }

    /// The one in a folder, whatever its database is.
    ///
    /// # Errors
    /// `DamagedKeyFile`, `NewerVersion`.
    pub(crate) fn read(dir: &Path) -> Result<Option<Self>, StoreError> {
        let bytes = match std::fs::read(Self::path(dir)) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let marker: Self =
            serde_json::from_slice(&bytes).map_err(|_| StoreError::DamagedKeyFile)?;
        match marker.version == VERSION && marker.cipher == CIPHER {
            true => Ok(Some(marker)),
            false => Err(StoreError::NewerVersion),
        }
    }

    /// Writes it into a folder, whole or not at all.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(crate) fn keep(&self, dir: &Path) -> Result<(), StoreError> {
        Ok(private::write(
            &Self::path(dir),
            &serde_json::to_vec_pretty(self)?,
        )?)
    }

    pub(crate) fn remove(dir: &Path) {
        // A marker beside a plain database says nothing; the next start removes it.
        let _ = std::fs::remove_file(Self::path(dir));
        private::settle(dir);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_phrase_alone_opens_it() {
        let (key, phrase) = (
            DataKey::random().expect("key"),
            Phrase::random().expect("phrase"),
        );
        let bare = Marker::new(&key);
        assert!(matches!(bare.open(&phrase), Err(StoreError::WrongPhrase)));
        let sealed = bare.sealed(&key, &phrase).expect("sealed");
        assert!(sealed.open(&phrase).expect("opened") == key);
        let other = Phrase::random().expect("phrase");
        assert!(matches!(sealed.open(&other), Err(StoreError::WrongPhrase)));
        let again = sealed.sealed(&key, &other).expect("sealed anew");
        assert!(
            matches!(again.open(&phrase), Err(StoreError::WrongPhrase)),
            "the old one is over"
        );
        let text = serde_json::to_string(&sealed).expect("text");
        assert!(!text.contains(&*key.to_hex()), "{text}");
    }

    #[test]
    fn what_a_stranger_wrote_into_it_is_damage() {
        let (key, phrase) = (
            DataKey::random().expect("key"),
            Phrase::random().expect("phrase"),
        );
        let sealed = Marker::new(&key).sealed(&key, &phrase).expect("sealed");
        let changed = |change: fn(&mut Sealed)| {
            let mut m = sealed.clone();
            m.phrase.as_mut().map(change);
            m.open(&phrase).err().map(|e| e.code())
        };
        let damaged = Some("key_file_damaged");
        assert_eq!(changed(|s| s.memory_kib = u32::MAX), damaged);
        assert_eq!(changed(|s| s.passes = 0), damaged);
        assert_eq!(changed(|s| s.nonce.clear()), damaged);
        assert_eq!(changed(|s| s.salt = "x".to_owned()), damaged);
        let swapped = Marker {
            office: Uuid::nil(),
            ..sealed.clone()
        };
        assert!(
            matches!(swapped.open(&phrase), Err(StoreError::WrongPhrase)),
            "of another office"
        );
    }
}
