//! The kinds of things that events name.

use crate::id::CaseId;
use serde::{Deserialize, Serialize};

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Closed by the procedure's own way.
    Closed,
    /// Withdrawn by the complainant.
    Withdrawn,
    /// Merged into another case.
    Merged,
    /// Given to another body.
    Transferred,
    /// The number is void.
    Voided,
}

/// Why a due time moved (T5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveCause {
    /// Extended with a reason and who allowed it.
    Extension,
    /// Another class, another limit, the same start.
    Reclassification,
    /// A year's calendar was imported (T4).
    Recalculation,
}

/// One copy of an issued document; its holder's name is a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyOut {
    /// `paper` or `electronic`.
    pub kind: String,
}

/// A stream that could not be brought out of a damaged office whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// `case:ID`, `person:ID` …
    pub stream: String,
    /// `event_unreadable`, `hash_differs`, `value_unreadable`, `value_lost`, `value_differs`, `document_differs`,
    /// `attachment_differs`, `end_unknown`, `end_lost`, `seq_gap`, `event_not_understood`.
    pub why: String,
}

/// Numbers of a procedure and year that are given to no case here: they were given out after a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Procedure id.
    pub procedure: String,
    /// Year.
    pub year: i32,
    /// The first.
    pub from: i64,
    /// The last.
    pub to: i64,
}

/// Documents of a form under a case that were given out after a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedDocuments {
    /// The case.
    pub case: CaseId,
    /// Form id.
    pub form: String,
    /// The highest running number.
    pub last: u32,
}

/// What a party of the register is (G16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartySort {
    /// A person.
    Person,
    /// An organisation.
    Organisation,
    /// A product.
    Product,
}

/// Why what is kept of a second factor changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorChange {
    /// It was set up, or set up anew.
    Enrolled,
    /// The own password was changed, which seals the secret.
    Resealed,
    /// New recovery codes took the place of the earlier ones.
    CodesRenewed,
    /// A recovery code was used up.
    CodeUsed,
}

/// Who needs a second factor to sign in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorRule {
    /// Nobody, and nobody new can set one up.
    #[default]
    Off,
    /// Whoever has set one up.
    Optional,
    /// Administrators.
    Administrators,
    /// Administrators, and whoever has a role that signs.
    Signatories,
}

/// Kind of account: what a person may do with the program as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Only named: picked in forms, cannot sign in.
    Named,
    /// Works on cases by roles.
    Member,
    /// Reads everything, changes nothing.
    Auditor,
    /// Keeps people, institution, calendar, procedures and backups.
    Administrator,
}

/// A role in a procedure, within a department.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleGrant {
    /// Procedure id.
    pub procedure: String,
    /// Role id.
    pub role: String,
    /// Department; empty: any.
    pub department: String,
}
