//! What must hold: for an action to be done, and for a case to be closed.

use crate::value::condition::Condition;
use serde::{Deserialize, Serialize};

/// Held when an action is done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// The field that is looked at.
    #[serde(default)]
    pub field: String,
    /// The date field may not lie before this: `today`, or another date field.
    #[serde(default)]
    pub not_before: String,
    /// The date field may not lie after this: `today`, or another date field.
    #[serde(default)]
    pub not_after: String,
    /// The field must have a value.
    #[serde(default)]
    pub given: bool,
    /// The staff field may not name the person who acts.
    #[serde(default)]
    pub not_actor: bool,
    /// The staff field may not name anyone whom this staff field names.
    #[serde(default)]
    pub not_in: String,
    /// Whoever did one of these actions last (in the same task) may not do this one: four eyes.
    #[serde(default)]
    pub other_than: Vec<String>,
    /// A document of this form must have been issued.
    #[serde(default)]
    pub issued: String,
    /// All tasks of this kind must be done.
    #[serde(default)]
    pub tasks_done: String,
    /// The newest run of this clock must have opened: its not-before day has come (T2).
    #[serde(default)]
    pub opened: String,
    /// This may not hold: answers that cannot stand together.
    #[serde(default)]
    pub never: Condition,
    /// `field` says whether two columns of a table agree; it must say what the rows say (P1-f).
    #[serde(default)]
    pub compares: Option<Comparison>,
    /// The refusal's code.
    pub refusal: String,
}

/// Two columns of a table that are held against each other, row by row (P1-f).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The rows-field.
    pub rows: String,
    /// The column of the first result.
    pub first: String,
    /// The column of the second.
    pub second: String,
    /// The column of the tolerance (允差), in the results' own unit.
    pub tolerance: String,
    /// The column with the row's own verdict, in the words of `within` and `beyond`; it must say what the row says.
    #[serde(default)]
    pub verdict: String,
    /// What the requirement's field must say where every row lies within.
    pub within: String,
    /// And where one lies beyond.
    pub beyond: String,
}

/// Something that must be there before closing (G7).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Stable id, named in the refusal.
    pub id: String,
    /// What is missing, in words.
    pub title: String,
    /// Only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// This must hold.
    #[serde(default)]
    pub must: Condition,
    /// This form must have been issued.
    #[serde(default)]
    pub issued: String,
    /// Every task of this kind must be done.
    #[serde(default)]
    pub tasks_done: String,
    /// At least one task of this kind must have been opened.
    #[serde(default)]
    pub tasks_opened: String,
    /// G1–G18, P1-a …
    #[serde(default)]
    pub source: String,
}
