//! A field of a procedure: what kind of thing it holds, who may see it, in which range it lies.

use crate::value::condition::Condition;
use serde::{Deserialize, Serialize};

/// What kind of thing a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A number.
    Number,
    /// Number and unit, or a qualitative result.
    Measure,
    /// A day.
    Date,
    /// A moment.
    Time,
    /// One of several.
    Choice,
    /// Any of several.
    Many,
    /// Yes or no.
    YesNo,
    /// A person picked from the list (G1: never typed).
    Staff,
    /// A file kept with the case: attachment id.
    Attachment,
    /// A person, organisation or product of the register (G16), kept with its name and marks as they were.
    Party,
    /// A table.
    Rows,
}

/// Who may see a value, and how it is masked (G11).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Anybody who sees the case.
    #[default]
    Open,
    /// Names, phone, id number, address.
    Personal,
    /// Health details, minors.
    Sensitive,
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Stored.
    pub id: String,
    /// Shown.
    pub title: String,
}

/// One field, defined once; it is asked where people speak of it and printed where the form puts it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Stable id, e.g. `retest.items`; within rows, the column's.
    pub id: String,
    /// Shown beside the input.
    pub title: String,
    /// What it holds.
    pub kind: FieldKind,
    /// For columns: the row is refused without it. For fields, the action says whether it is required.
    #[serde(default)]
    pub required: bool,
    /// G11.
    #[serde(default)]
    pub class: Class,
    /// For choice and many.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// For rows.
    #[serde(default)]
    pub columns: Vec<Field>,
    /// Several people may be picked (staff).
    #[serde(default)]
    pub multiple: bool,
    /// A staff field may be answered with "unknown", its reason and a second person (G1).
    #[serde(default)]
    pub unknown_allowed: bool,
    /// Asked, and required, only while this holds.
    #[serde(default, skip_serializing_if = "no_condition")]
    pub when: Condition,
    /// A yes/no that the source obliges to be yes: a no has its reason, stays open until it is made good, and closing
    /// waits for it. The data says how (see `docs/procedures.md`), and the check holds it to that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub duty: bool,
    /// A date or time of what has happened: it is not in the future.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub past: bool,
    /// A date or time of what is to come: one that has passed is asked about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub future: bool,
    /// A date further from today than so many years is asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual_years: Option<u32>,
    /// The least that a number may be; it stands with `most`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<f64>,
    /// The most that a number may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<f64>,
    /// A number beyond this is asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual_most: Option<f64>,
    /// Decimals of a number; 0: it is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
    /// What a number counts, e.g. `份`; shown beside it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// A sentence that helps the person who types.
    #[serde(default)]
    pub hint: String,
    /// Line of the source, e.g. `L14`.
    #[serde(default)]
    pub source: String,
    /// The decision behind it where the source is silent, e.g. `P1-b`: shown as 产品默认.
    #[serde(default)]
    pub default_note: String,
}

fn no_condition(c: &Condition) -> bool {
    c.0.is_empty()
}
