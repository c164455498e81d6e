//! Passwords and PINs: their rules, their hashes, and whether one fits.

pub(crate) mod guessable;

use crate::{
    secrets::passwords::guessable::About,
    text::{error::ApiError, limits},
};
use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use tokio::sync::Semaphore;

/// Characters that a password has at least.
pub(crate) const PASSWORD_MIN: usize = 8;

/// Hashes a password with argon2id, off the async threads. What a training folder takes may be as simple as the
/// handbook prints it; a real office's (`about`) is held against what is tried first.
pub(crate) async fn hash_password(
    password: String,
    about: Option<About>,
) -> Result<String, ApiError> {
    if password.chars().count() < PASSWORD_MIN {
        return Err(ApiError::new("password_too_short").with("min", PASSWORD_MIN));
    }
    if limits::beyond(&password, limits::PASSWORD) {
        return Err(ApiError::new("password_too_long").with("max", limits::PASSWORD));
    }
    if is_pin(&password) {
        return Err(ApiError::new("password_only_digits"));
    }
    if let Some(about) = about {
        let given = password.clone();
        blocking(move || guessable::refuse(&given, &about)).await?;
    }
    hash_secret(password).await
}

pub(crate) async fn hash_secret(password: String) -> Result<String, ApiError> {
    blocking(move || {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(ApiError::internal)?;
        let salt = SaltString::encode_b64(&salt).map_err(ApiError::internal)?;
        let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
        Ok(hash.map_err(ApiError::internal)?.to_string())
    })
    .await
}

/// Hashing is slow and large on purpose: so many at a time, whoever asks, or strangers would take every processor.
static HASHING: Semaphore = Semaphore::const_new(1);

/// Runs slow work off the async threads, one after the other.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let turn = HASHING.acquire().await.map_err(ApiError::internal)?;
    let done = tokio::task::spawn_blocking(move || {
        // Whoever hangs up meanwhile does not let the next one begin before this is done.
        let _turn = turn;
        work()
    });
    done.await.map_err(ApiError::internal)?
}

/// Digits of a PIN, least and most.
pub(crate) const PIN: std::ops::RangeInclusive<usize> = 4..=8;

/// A PIN is short and of digits; no password looks like one.
pub(crate) fn is_pin(text: &str) -> bool {
    PIN.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Compares with a stored hash; without one it works as long, so that nobody learns whether a name exists.
pub(crate) async fn password_fits(
    stored: Option<String>,
    password: String,
) -> Result<bool, ApiError> {
    // No password is so long: the hash is spared the work, and the empty one fits nowhere.
    let password = if limits::beyond(&password, limits::PASSWORD) {
        String::new()
    } else {
        password
    };
    blocking(move || {
        let argon = Argon2::default();
        match stored {
            Some(hash) => {
                // What is no hash any more fits nobody.
                let hash = PasswordHash::new(&hash);
                Ok(hash.is_ok_and(|h| argon.verify_password(password.as_bytes(), &h).is_ok()))
            }
            None => {
                let mut out = [0; 32];
                argon
                    .hash_password_into(password.as_bytes(), b"nobody has this salt", &mut out)
                    .map_err(ApiError::internal)?;
                Ok(false)
            }
        }
    })
    .await
}
