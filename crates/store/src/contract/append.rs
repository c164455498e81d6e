//! What is appended, and what goes with it into the same transaction.

use super::{
    cases::CaseProjection,
    credentials::{NewCredential, SecondFactorChange},
};
use redress_domain::{
    event::Event,
    id::{AttachmentId, DocumentId},
    signature::Signer,
};

/// An event with one salt for each of its values, in the order of the values (128 bits each, made outside).
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// What happened.
    pub event: Event,
    /// Salts.
    pub salts: Vec<[u8; 16]>,
}

/// Events for one stream, and what goes with them into the same transaction.
#[derive(Debug, Clone, Default)]
pub struct Append {
    /// `case:ID`, `person:ID`, `party:ID`, `office` or `access`.
    pub stream: String,
    /// Events in the stream before: the optimistic lock.
    pub expected_seq: i64,
    /// The events.
    pub events: Vec<NewEvent>,
    /// What lists and searches then know of the case.
    pub projection: Option<CaseProjection>,
    /// The PDF of a document given out.
    pub document: Option<(DocumentId, Vec<u8>)>,
    /// A file.
    pub attachment: Option<NewAttachment>,
    /// Hash and files of the edition, kept once.
    pub edition: Option<(String, String)>,
    /// The case number that is taken (G12).
    pub number: Option<NumberClaim>,
    /// The password that is set.
    pub credential: Option<NewCredential>,
    /// The PIN that is set: sign-in name and hash. A new password takes it away.
    pub pin: Option<(String, String)>,
    /// The second factor that is set, or taken away.
    pub second_factor: Option<SecondFactorChange>,
    /// Signs the acts among the events that are signatures.
    pub signer: Option<Signer>,
    /// The request that does this: a second append with the same key is refused as `Changed`.
    pub sent: Option<SentKey>,
}

/// A request that may be sent again, in hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentKey {
    /// Tells it from every other.
    pub key: String,
    /// What it asks for: the same key with other content is not the same request.
    pub content: String,
}

/// What a request did that was sent before: events of one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The stream.
    pub stream: String,
    /// Its first event there.
    pub first: i64,
    /// Its last.
    pub last: i64,
    /// What was asked for.
    pub content: String,
}

/// A number of the gapless sequence per procedure and year (G12).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumberClaim {
    /// Procedure id.
    pub procedure: String,
    /// Year of entry.
    pub year: i32,
    /// The number.
    pub seq: i64,
}

/// A file to keep.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    /// Id.
    pub id: AttachmentId,
    /// File name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Content.
    pub bytes: Vec<u8>,
}
