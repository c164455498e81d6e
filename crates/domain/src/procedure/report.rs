//! What a period is reported with: counts, lists, books, and the reports that are owed.

use crate::value::condition::Condition;
use serde::{Deserialize, Serialize};

/// A choice whose answers a summary counts over the cases received in its period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// What is counted, in words.
    pub title: String,
    /// The choice field.
    pub field: String,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// The decision where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// Cases that a summary lists while something holds of them, closed ones too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// What is listed, in words.
    pub title: String,
    /// Listed while this holds.
    pub when: Condition,
    /// Fields that each line shows; of open class.
    pub fields: Vec<String>,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// The decision where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// How often a report is owed (T2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// On Monday for the week before.
    Week,
    /// On the first working day for the month before.
    Month,
    /// On the first working day for the year before.
    Year,
}

/// A report that a role owes to others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportDuty {
    /// Stable id.
    pub id: String,
    /// In words.
    pub title: String,
    /// `week`, `month`, `timeliness` or `management_review`, as in `report.period`.
    pub kind: String,
    /// How often.
    pub every: Every,
    /// Roles that owe it.
    pub by: Vec<String>,
    /// For whom, in the procedure's words.
    #[serde(default)]
    pub to: String,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// A book over cases: one line for each run of a clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Stable id.
    pub id: String,
    /// In words.
    pub title: String,
    /// The clock whose runs are its lines.
    pub clock: String,
    /// Titles of the start, the stop and the lateness, e.g. 交付时间, 返回时间, 是否超过24小时.
    pub titles: Vec<String>,
    /// Fields between number and times, e.g. plate and department.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
}
