//! Disposal on the wire.

use crate::people::signing_keys::SignatureRequest;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A case whose retention has ended.
#[derive(Debug, Serialize, TS)]
pub struct DisposalDue {
    /// Id.
    pub case: String,
    /// Number.
    pub number: String,
    /// Title of its procedure.
    pub procedure_title: String,
    /// What it is called, as far as whoever asks may see it.
    pub headline: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// First day on which it may be disposed of.
    pub keep_until: Option<String>,
    /// A list that already holds it and still waits.
    pub listed: bool,
}

/// Cases to put on a list.
#[derive(Debug, Deserialize, TS)]
pub struct DisposalPropose {
    /// Ids or numbers.
    pub cases: Vec<String>,
    /// Why.
    pub reason: String,
}

/// Which list.
#[derive(Debug, Deserialize, TS)]
pub struct DisposalRef {
    /// Id.
    pub disposal: String,
}

/// An approval.
#[derive(Debug, Deserialize, TS)]
pub struct DisposalApprove {
    /// Id.
    pub disposal: String,
    /// With what it is signed.
    #[serde(default)]
    pub signature: Option<SignatureRequest>,
}

/// A refusal.
#[derive(Debug, Deserialize, TS)]
pub struct DisposalRefuse {
    /// Id.
    pub disposal: String,
    /// Why.
    pub reason: String,
}

/// Who approved, and when.
#[derive(Debug, Serialize, TS)]
pub struct ApprovalView {
    /// Name.
    pub name: String,
    /// When.
    pub at: String,
}

/// A list.
#[derive(Debug, Serialize, TS)]
pub struct DisposalView {
    /// Id.
    pub id: String,
    /// Numbers of its cases.
    pub numbers: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: String,
    /// Approvals so far; two are needed.
    pub approvals: Vec<ApprovalView>,
    /// `waiting`, `approved`, `refused` or `done`.
    pub state: String,
    /// Why it was refused, and by whom.
    pub refused: Option<String>,
    /// When it was carried out.
    pub done_at: Option<String>,
    /// Backups, copies and other places that still hold the cases.
    pub backups: Vec<String>,
    /// Whoever asks may approve it now.
    pub may_approve: bool,
    /// Whoever asks may carry it out now.
    pub may_carry_out: bool,
    /// What an approval's signature means.
    pub meaning: String,
}

/// What is due, and the lists.
#[derive(Debug, Serialize, TS)]
pub struct DisposalOverview {
    /// Cases whose retention has ended, the oldest first; 500 at most.
    pub due: Vec<DisposalDue>,
    /// Lists, the newest first.
    pub lists: Vec<DisposalView>,
}
