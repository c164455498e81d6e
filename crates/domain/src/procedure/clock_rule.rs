//! Rules of clocks: what starts and stops one, and its limit.

use crate::{procedure::step::one_or_many, time::Limit, value::condition::Condition};
use serde::{Deserialize, Serialize};

/// A limit and what starts and stops it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRule {
    /// Stable id.
    pub id: String,
    /// In words.
    pub title: String,
    /// `registered`, `action:ID`, `step:ID`, `task:KIND`, `issued:FORM` or `round`; one, or several.
    #[serde(deserialize_with = "one_or_many")]
    pub starts: Vec<String>,
    /// `closed`, or as above; `task:KIND` is the task's end.
    pub stops: Vec<String>,
    /// Only while this holds at the start.
    #[serde(default)]
    pub when: Condition,
    /// The limit.
    #[serde(default)]
    pub within: Option<Limit>,
    /// The limit by class: the first whose condition holds when the clock starts.
    #[serde(default, rename = "by_class", skip_serializing_if = "Vec::is_empty")]
    pub by_class: Vec<ClassLimit>,
    /// The procedure leaves the limit to the institution (P3); 未设定时限 until it is set.
    #[serde(default)]
    pub left_open: bool,
    /// A not-before date (T2).
    #[serde(default)]
    pub not_before: Option<Limit>,
    /// A day agreed in this date field.
    #[serde(default)]
    pub agreed: String,
    /// 立即, 及时: no number (T6).
    #[serde(default)]
    pub word: String,
    /// T3: `false` where the rule says so.
    #[serde(default = "yes")]
    pub roll: bool,
    /// The case's received time, rather than now, is the start.
    #[serde(default)]
    pub from_received: bool,
    /// A date field is the start, e.g. the day on which the client received the report.
    #[serde(default)]
    pub from: String,
    /// The complainant's own window (D17): held against the time of receipt, and nobody of the house is late.
    #[serde(default)]
    pub of_complainant: bool,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// Decision where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

fn yes() -> bool {
    true
}

/// A limit for the cases of one class.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassLimit {
    /// The class.
    #[serde(default)]
    pub when: Condition,
    /// Its limit.
    pub within: Limit,
}
