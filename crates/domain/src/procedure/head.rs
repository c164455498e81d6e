//! The head of a procedure, and who takes part: roles, channels, what is confidential, who is excluded.

use crate::value::{Class, condition::Condition};
use serde::{Deserialize, Serialize};

/// Id, title, edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Stable id, e.g. `inspection-station`.
    pub id: String,
    /// The document's own title.
    pub title: String,
    /// The document's number, where it has one.
    #[serde(default)]
    pub number: String,
    /// The document's edition.
    pub edition: String,
    /// What kind of institution it is for.
    pub organisation_kind: String,
    /// `TS-{year}-{seq:04}` (G12).
    pub number_format: String,
    /// Fields whose words make the case's headline in lists.
    #[serde(default)]
    pub headline: Vec<String>,
    /// Fields that name the complainant in lists.
    #[serde(default)]
    pub complainant: Vec<String>,
    /// Lines of the source that the document covers.
    #[serde(default)]
    pub source: String,
    /// Received more than so many hours before entered needs a reason (T1).
    #[serde(default = "a_day")]
    pub late_entry_hours: u32,
    /// Fields that name the responsible department, for reports; the first that is given.
    #[serde(default)]
    pub department: Vec<String>,
    /// The field that says how satisfied the complainant is, for reports.
    #[serde(default)]
    pub satisfaction: String,
    /// When a case is 重大: it goes into the management review. Empty: none is.
    #[serde(default)]
    pub major: Condition,
    /// Fields with causes, measures and effects for the management review.
    #[serde(default)]
    pub review: Vec<String>,
    /// Years for which a case is kept after it has ended (G10).
    #[serde(default = "six_years")]
    pub retention_years: u32,
}

fn a_day() -> u32 {
    24
}

fn six_years() -> u32 {
    6
}

/// A role of the procedure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Stable id.
    pub id: String,
    /// The procedure's word.
    pub title: String,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
    /// The highest class that the role sees in a case without revealing it (G11).
    #[serde(default = "everything")]
    pub sees: Class,
    /// The role's work needs names in lists and searches; to all others they are masked there.
    #[serde(default)]
    pub lists: bool,
    /// Answers for the procedure: opens confidential cases of which it has no part, with a recorded reason,
    /// and approves disposal.
    #[serde(default)]
    pub oversees: bool,
}

fn everything() -> Class {
    Class::Sensitive
}

/// When a case is confidential: its title and names are hidden from everyone not involved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confidential {
    /// Stable id.
    pub id: String,
    /// Why, in words.
    pub title: String,
    /// While this holds.
    pub when: Condition,
    /// The staff field that names whom the case is about: it is hidden from them too.
    #[serde(default)]
    pub about: String,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// The decision where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// A way in which a complaint comes in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Stable id.
    pub id: String,
    /// The procedure's word.
    pub title: String,
    /// The same within a sentence to the complainant, with its verb: `来人反映`, `经代理商反映`. It is needed where a
    /// form of the procedure says `{case.channel_phrase}`.
    #[serde(default)]
    pub phrase: String,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// A relation to the disputed work that excludes a person (G1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// Stable id, e.g. `did_original`.
    pub id: String,
    /// In words, e.g. `原检验`.
    pub title: String,
    /// The staff field that names the people.
    #[serde(default)]
    pub field: String,
    /// Actions whose actors are excluded: whoever investigated may not approve.
    #[serde(default)]
    pub actors_of: Vec<String>,
}
