//! Where the key of an encrypted office is kept: the system's keystore, or a file that a service is given.

use crate::text::error::ApiError;
use keyring_core::{CredentialStore, Entry, Error};
use redress_store::{DataKey, Marker, Phrase, private};
use std::{path::PathBuf, sync::Arc, time::Duration};
use zeroize::Zeroizing;

/// By which name entries stand in the keystore; each is named by its office.
const SERVICE: &str = "Redress";
/// So long somebody has to unlock a keystore that asks for it; nobody answers where no one sits.
const PATIENCE: Duration = Duration::from_secs(60);

/// Which keystore.
#[derive(Debug, Clone, Default)]
pub enum Keystore {
    /// None: nothing is encrypted by default.
    #[default]
    None,
    /// Windows' credential manager, the Secret Service on Linux, the keychain on macOS.
    System,
    /// One that is handed in, e.g. by a test.
    Given(Arc<CredentialStore>),
}

/// From where the key of an office comes, in this order: the file, the keystore, the recovery phrase.
#[derive(Clone, Default)]
pub struct Keys {
    /// The keystore; what the phrase opened is put into it again.
    pub keystore: Keystore,
    /// A file with the key in hexadecimal.
    pub file: Option<PathBuf>,
    /// The recovery phrase as somebody typed it.
    pub phrase: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let phrase = self.phrase.as_ref().map(|_| "…");
        f.debug_struct("Keys")
            .field("keystore", &self.keystore)
            .field("file", &self.file)
            .field("phrase", &phrase)
            .finish()
    }
}

#[cfg(target_os = "linux")]
fn of_system() -> Result<Arc<CredentialStore>, Error> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn of_system() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn of_system() -> Result<Arc<CredentialStore>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn of_system() -> Result<Arc<CredentialStore>, Error> {
    Err(Error::NoDefaultStore)
}

/// What went wrong, without a word of what is kept.
fn away(e: &Error) -> ApiError {
    let about = match e {
        Error::BadEncoding(_) => "encoding".to_owned(),
        other => other.to_string(),
    };
    ApiError::new("keystore_away").with("detail", about)
}

impl Keystore {
    /// Does something with the entry of an office, on a thread that may wait.
    async fn with<T: Send + 'static>(
        &self,
        name: String,
        work: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, ApiError> {
        let store = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            let store = match store {
                Self::None => return Err(Error::NoDefaultStore),
                Self::System => of_system()?,
                Self::Given(store) => store,
            };
            work(&store.build(SERVICE, &name, None)?)
        });
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(done) => done.map_err(ApiError::internal)?.map_err(|e| away(&e)),
            Err(_) => Err(ApiError::new("keystore_away").with("detail", "no answer")),
        }
    }

    async fn get(&self, marker: &Marker) -> Result<Option<DataKey>, ApiError> {
        let kept = self.with(marker.office.to_string(), |entry| {
            match entry.get_secret() {
                Err(Error::NoEntry) => Ok(None),
                other => other.map(|bytes| Some(Zeroizing::new(bytes))),
            }
        });
        Ok(kept.await?.and_then(|bytes| DataKey::from_bytes(&bytes)))
    }

    async fn put(&self, marker: &Marker, key: &DataKey) -> Result<(), ApiError> {
        let bytes = key.to_bytes();
        self.with(marker.office.to_string(), move |entry| {
            entry.set_secret(&bytes)
        })
        .await
    }

    async fn forget(&self, marker: &Marker) -> Result<(), ApiError> {
        let gone = self.with(marker.office.to_string(), |entry| {
            match entry.delete_credential() {
                Err(Error::NoEntry) => Ok(()),
                other => other,
            }
        });
        gone.await
    }

    /// Whether there is one that answers.
    pub(crate) async fn works(&self) -> bool {
        if matches!(self, Self::None) {
            return false;
        }
        // Asking for what is not there writes nothing, and no lock is asked for.
        let tried = self.with("probe".to_owned(), |entry| match entry.get_secret() {
            Err(Error::NoEntry) => Ok(()),
            other => other.map(drop),
        });
        tried.await.is_ok()
    }
}

impl Keys {
    fn of_file(&self) -> Result<Option<DataKey>, ApiError> {
        let Some(file) = &self.file else {
            return Ok(None);
        };
        let unreadable =
            || ApiError::new("key_file_unreadable").with("file", file.to_string_lossy());
        match std::fs::read_to_string(file).map(Zeroizing::new) {
            Ok(text) => DataKey::from_hex(&text).map(Some).ok_or_else(unreadable),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err(unreadable()),
        }
    }

    /// The key of an office.
    ///
    /// # Errors
    /// `key_file_unreadable`, `key_unfit`, `recovery_phrase_mistyped`, `recovery_phrase_wrong`; where none is at hand
    /// `recovery_phrase_needed`.
    pub(crate) async fn find(&self, marker: &Marker) -> Result<DataKey, ApiError> {
        if let Some(key) = self.of_file()? {
            return match marker.fits(&key) {
                true => Ok(key),
                false => Err(ApiError::new("key_unfit")),
            };
        }
        // A keystore that is away or holds another key is what the phrase is for.
        let kept = self.keystore.get(marker).await.ok().flatten();
        if let Some(key) = kept.filter(|key| marker.fits(key)) {
            return Ok(key);
        }
        let Some(typed) = &self.phrase else {
            return Err(ApiError::new("recovery_phrase_needed"));
        };
        let (marker, phrase) = (marker.clone(), Phrase::parse(typed)?);
        let opened = tokio::task::spawn_blocking(move || marker.open(&phrase).map(|k| (k, marker)));
        let (key, marker) = opened.await.map_err(ApiError::internal)??;
        // Where it cannot be kept the phrase is asked for again at the next start.
        let _ = self.keystore.put(&marker, &key).await;
        Ok(key)
    }

    /// A new key, kept where the next start finds it.
    ///
    /// # Errors
    /// `keystore_away`, `key_file_unreadable`.
    pub(crate) async fn fresh(&self) -> Result<(DataKey, Marker), ApiError> {
        if let Some(key) = self.of_file()? {
            let marker = Marker::new(&key);
            return Ok((key, marker));
        }
        let key = DataKey::random()?;
        let marker = Marker::new(&key);
        match &self.file {
            Some(file) => private::write(file, key.to_hex().as_bytes()).map_err(|_| {
                ApiError::new("key_file_unreadable").with("file", file.to_string_lossy())
            })?,
            None => self.keystore.put(&marker, &key).await?,
        }
        Ok((key, marker))
    }

    /// Forgets the key of an office that is no longer encrypted; a file is left to whoever made it.
    pub(crate) async fn forget(&self, marker: &Marker) {
        // An entry that stays opens nothing any more.
        let _ = self.keystore.forget(marker).await;
    }

    /// Whether a new key can be kept.
    pub(crate) async fn work(&self) -> bool {
        self.file.is_some() || self.keystore.works().await
    }
}
