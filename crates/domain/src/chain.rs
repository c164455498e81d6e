//! Hashes: of values beside the chain, and of the chain itself.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Algorithm id written into every envelope.
pub const ALG: &str = "sha256-1";

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut s, b| {
        // Writing into a String does not fail.
        let _ = write!(s, "{b:02x}");
        s
    })
}

/// The salted hash of one value, as it stands in the event. Erasing salt and value leaves it whole.
pub fn value_hash(salt: &[u8; 16], field: &str, value: &Value) -> String {
    let mut h = Sha256::new();
    h.update(salt);
    part(&mut h, field.as_bytes());
    part(&mut h, value.to_string().as_bytes());
    hex(&h.finalize())
}

/// What the hash of an envelope covers: everything but the signature.
#[derive(Debug, Clone, Copy)]
pub struct Sealed<'a> {
    /// Global position.
    pub pos: i64,
    /// Stream name.
    pub stream: &'a str,
    /// Position within the stream.
    pub seq: i64,
    /// Event kind.
    pub kind: &'a str,
    /// Version of the kind's body.
    pub version: i64,
    /// Who.
    pub actor: &'a str,
    /// When, RFC 3339 as stored.
    pub at: &'a str,
    /// The exact stored bytes.
    pub body: &'a str,
    /// Link to the event before.
    pub prev: &'a str,
    /// Algorithm id.
    pub alg: &'a str,
}

impl Sealed<'_> {
    /// The event's hash.
    pub fn hash(&self) -> String {
        let mut h = Sha256::new();
        for n in [self.pos, self.seq, self.version] {
            h.update(n.to_be_bytes());
        }
        for s in [
            self.stream,
            self.kind,
            self.actor,
            self.at,
            self.body,
            self.prev,
            self.alg,
        ] {
            part(&mut h, s.as_bytes());
        }
        hex(&h.finalize())
    }
}

/// The `prev` of the next event: covers hash and signature of this one.
pub fn link(hash: &str, signature: Option<&str>) -> String {
    let mut h = Sha256::new();
    part(&mut h, hash.as_bytes());
    part(&mut h, signature.unwrap_or_default().as_bytes());
    hex(&h.finalize())
}

/// Each part is preceded by its length, so that no two lists of parts hash alike.
fn part(h: &mut Sha256, bytes: &[u8]) {
    h.update((bytes.len() as u64).to_be_bytes());
    h.update(bytes);
}
/// A hash over what is kept beside the log and no event's value, e.g. a password's hash and its sealed key:
/// whoever changes it is found out.
pub fn kept_hash(parts: &[&[u8]]) -> String {
    let mut all = b"redress-kept-1\0".to_vec();
    for part in parts {
        all.extend((part.len() as u64).to_be_bytes());
        all.extend_from_slice(part);
    }
    hex(&sha256(&all))
}
