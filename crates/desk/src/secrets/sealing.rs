//! A secret sealed with a password.

use crate::text::{error::ApiError, limits};
use argon2::Argon2;
use chacha20poly1305::{AeadInPlace, KeyInit, XChaCha20Poly1305, XNonce};

const SALT: usize = 16;

const NONCE: usize = 24;

pub(crate) const SEED: usize = 32;

const TAG: usize = 16;

fn sealing_key(password: &str, salt: &[u8]) -> Result<XChaCha20Poly1305, ApiError> {
    let mut key = [0; 32];
    Argon2::default()
        .hash_password_into(password.as_bytes(), salt, &mut key)
        .map_err(ApiError::internal)?;
    XChaCha20Poly1305::new_from_slice(&key).map_err(ApiError::internal)
}

/// Seals a secret, such as a key's seed, by a password: salt, nonce, ciphertext, tag.
pub(crate) fn seal<const N: usize>(seed: &[u8; N], password: &str) -> Result<Vec<u8>, ApiError> {
    let mut out = vec![0; SALT + NONCE];
    getrandom::fill(&mut out).map_err(ApiError::internal)?;
    let cipher = sealing_key(password, &out[..SALT])?;
    let mut secret = seed.to_vec();
    let nonce = XNonce::clone_from_slice(&out[SALT..]);
    cipher
        .encrypt_in_place(&nonce, b"", &mut secret)
        .map_err(|_| ApiError::internal("a key could not be sealed"))?;
    out.extend(secret);
    Ok(out)
}

/// The secret, or nothing where the password is not the one.
pub(crate) fn unseal<const N: usize>(
    sealed: &[u8],
    password: &str,
) -> Result<Option<[u8; N]>, ApiError> {
    // No password is longer: it cannot be the one, and the hash is spared the work.
    if sealed.len() != SALT + NONCE + N + TAG || limits::beyond(password, limits::PASSWORD) {
        return Ok(None);
    }
    let cipher = sealing_key(password, &sealed[..SALT])?;
    let nonce = XNonce::from_slice(&sealed[SALT..SALT + NONCE]);
    let mut secret = sealed[SALT + NONCE..].to_vec();
    Ok(cipher
        .decrypt_in_place(nonce, b"", &mut secret)
        .ok()
        .and_then(|()| secret.try_into().ok()))
}
