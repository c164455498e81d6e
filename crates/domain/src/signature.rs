//! Signatures (G17): whose key, over which event.
//!
//! A signature covers the event's hash, which covers the act, its moment and the salted hash of everything
//! that was typed. Keys are made outside; here is only arithmetic.

use crate::chain::{hex, sha256};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use std::fmt;

/// What stands before the hash, so that a signature of ours is valid for nothing else.
const CONTEXT: &[u8] = b"redress-signature-1\0";

/// A person's signing key, unsealed for one act.
#[derive(Clone)]
pub struct Signer(SigningKey);

impl Signer {
    /// From 32 random bytes, made outside.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The public half, in hexadecimal, as the log keeps it.
    pub fn public(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }

    /// The key's id in envelopes.
    pub fn key_id(&self) -> String {
        key_id(&self.public())
    }

    /// Signs an event's hash.
    pub fn sign(&self, hash: &str) -> String {
        hex(&self.0.sign(&message(hash)).to_bytes())
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.key_id())
    }
}

/// The id of a public key: the first 16 hexadecimal digits of its SHA-256.
pub fn key_id(public: &str) -> String {
    hex(&sha256(public.as_bytes()))[..16].to_owned()
}

/// Whether the signature is the key's over this event's hash.
pub fn fits(public: &str, hash: &str, signature: &str) -> bool {
    let key = bytes::<32>(public).and_then(|b| VerifyingKey::from_bytes(&b).ok());
    let signature = bytes::<64>(signature).map(|b| Signature::from_bytes(&b));
    match (key, signature) {
        (Some(key), Some(s)) => key.verify_strict(&message(hash), &s).is_ok(),
        _ => false,
    }
}

fn message(hash: &str) -> Vec<u8> {
    [CONTEXT, hash.as_bytes()].concat()
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    if !text.is_ascii() || text.len() != 2 * N {
        return None;
    }
    let mut out = [0; N];
    for (n, b) in out.iter_mut().enumerate() {
        *b = u8::from_str_radix(&text[2 * n..2 * n + 2], 16).ok()?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_and_the_hash_that_were_signed_fit() {
        let signer = Signer::from_seed(&[7; 32]);
        let other = Signer::from_seed(&[8; 32]);
        let signature = signer.sign("abc");
        assert!(fits(&signer.public(), "abc", &signature));
        assert!(!fits(&signer.public(), "abd", &signature));
        assert!(!fits(&other.public(), "abc", &signature));
        assert!(!fits(&signer.public(), "abc", &signature[2..]));
        assert!(!fits("钥", "abc", &signature));
        assert_ne!(signer.key_id(), other.key_id());
        assert!(
            !format!("{signer:?}").contains("07"),
            "the seed is not shown"
        );
    }
}
