//! The key of an encrypted folder.

use crate::StoreError;
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use std::{fmt, sync::Arc};
use zeroize::Zeroizing;

/// Bytes of a key.
pub(crate) const LENGTH: usize = 32;

/// 256 random bits with which a database is encrypted. It never stands in a debug text, an error or a log, and is
/// wiped from memory when the last copy goes.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey(Arc<Zeroizing<[u8; LENGTH]>>);

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

impl DataKey {
    /// A new key.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn random() -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        getrandom::fill(&mut *bytes).map_err(|e| StoreError::Internal(e.to_string()))?;
        Ok(Self(Arc::new(bytes)))
    }

    /// From its bytes; none where they are not so many.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes = Zeroizing::new(<[u8; LENGTH]>::try_from(bytes).ok()?);
        Some(Self(Arc::new(bytes)))
    }

    /// From hexadecimal, as a key file holds it; none where it is no key.
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes());
        Self::from_bytes(&Zeroizing::new(bytes.ok()?))
    }

    /// Its bytes, for a keystore.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_vec())
    }

    /// In hexadecimal, for a key file.
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(data_encoding::HEXLOWER.encode(&**self.0))
    }

    pub(crate) fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// As SQLCipher takes a raw key, from which it derives nothing.
    pub(crate) fn literal(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("x'{}'", *self.to_hex()))
    }

    /// By what a key is told from another; says nothing about the key itself.
    pub(crate) fn check(&self) -> String {
        let mut text = b"redress data key ".to_vec();
        text.extend_from_slice(self.bytes());
        let text = Zeroizing::new(text);
        let hash = redress_domain::chain::sha256(&text);
        redress_domain::chain::hex(&hash[..16])
    }
}

/// Options of a connection to a database that is encrypted by a key, or by none.
pub(crate) fn keyed(options: SqliteConnectOptions, key: Option<&DataKey>) -> SqliteConnectOptions {
    match key {
        None => options,
        // sqlx runs the key before anything else, as a statement of its own, which no log may see.
        Some(key) => options
            .pragma("key", format!("\"{}\"", *key.literal()))
            .disable_statement_logging(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_shown() {
        let key = DataKey::random().expect("random");
        let hex = key.to_hex();
        assert_eq!(DataKey::from_hex(&hex), Some(key.clone()));
        for text in [format!("{key:?}"), format!("{:?}", Some(&key)), key.check()] {
            assert!(!text.contains(&hex[..16]), "{text}");
        }
        assert_eq!(DataKey::from_hex("00"), None);
        assert_eq!(DataKey::from_hex(&hex.replace(char::is_numeric, "x")), None);
    }
}
