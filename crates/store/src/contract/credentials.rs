//! How somebody signs in; no event ever holds it.

use redress_domain::id::PersonId;

/// How somebody signs in, and the sealed key with which they sign.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// Sign-in name.
    pub login: String,
    /// Whose.
    pub person: PersonId,
    /// argon2id, as a PHC string.
    pub password_hash: String,
    /// The signing key's seed, sealed by the password.
    pub sealed_key: Vec<u8>,
}

/// A sign-in name with its password hash; no event ever holds one.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Whose.
    pub person: PersonId,
    /// argon2id, PHC string.
    pub password_hash: String,
    /// The signing key, sealed by the password.
    pub sealed_key: Vec<u8>,
    /// argon2id of the PIN, where one is set.
    pub pin_hash: Option<String>,
}

/// What a second factor is checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The shared secret, sealed by the password.
    pub sealed: Vec<u8>,
    /// Hashes of the recovery codes that are left, as a JSON list.
    pub codes: String,
    /// The step of the code that was used last: no code is taken twice.
    pub last_step: i64,
}

/// What becomes of somebody's second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondFactorChange {
    /// It is set, or replaced; the last used step only grows.
    Set(PersonId, SecondFactor),
    /// It is taken away.
    Off(PersonId),
}
