//! Steps, actions and where they lead.

use crate::{procedure::requirement::Requirement, value::condition::Condition};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// In conditions: whether a clock was missed.
pub const LATE: &str = "late:";

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Stable id.
    pub id: String,
    /// The procedure's word.
    pub title: String,
    /// Line of the source, or a decision.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
    /// What can be done here.
    #[serde(default, rename = "action")]
    pub actions: Vec<Action>,
}

/// A kind of side task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskKind {
    /// Stable id.
    pub id: String,
    /// In words.
    pub title: String,
    /// The task's own fields whose words tell it from its like.
    #[serde(default)]
    pub headline: Vec<String>,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
    /// Its steps; it begins at the first.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// Something that a person does.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Stable id, unique within the procedure.
    pub id: String,
    /// On the button and in the timeline.
    pub title: String,
    /// Roles that may; empty: everybody with a role in the procedure.
    #[serde(default)]
    pub by: Vec<String>,
    /// Only the people named in these staff fields may; one field, or several.
    #[serde(default, deserialize_with = "one_or_many")]
    pub by_person: Vec<String>,
    /// Roles that were given for departments only act where this field names one of them.
    #[serde(default)]
    pub department: String,
    /// Bars (G1) that exclude from this action.
    #[serde(default)]
    pub bars: Vec<String>,
    /// Asked in speaking order; a trailing `?` makes one optional.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Offered only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// Held against case and values when it is done.
    #[serde(default)]
    pub requires: Vec<Requirement>,
    /// The act is a signature, and what it means (`签字`, `批准`).
    #[serde(default)]
    pub signs: String,
    /// Where it leads; the first way whose condition holds. None: it stays.
    #[serde(default)]
    pub to: Vec<Way>,
    /// Forms that it makes ready.
    #[serde(default)]
    pub issues: Vec<String>,
    /// What it does beyond recording.
    #[serde(default)]
    pub effect: Effect,
    /// Line of the source.
    #[serde(default)]
    pub source: String,
    /// 产品默认 where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

/// A text alone, or a list of texts.
pub(super) fn one_or_many<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Either::deserialize(from)? {
        Either::One(s) if s.is_empty() => vec![],
        Either::One(s) => vec![s],
        Either::Many(all) => all,
    })
}

impl Action {
    /// The fields with whether each is required.
    pub fn asked(&self) -> impl Iterator<Item = (&str, bool)> {
        self.fields.iter().map(|f| match f.strip_suffix('?') {
            Some(id) => (id, false),
            None => (f.as_str(), true),
        })
    }
}

/// What an action does beyond recording; the engine's own vocabulary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing more.
    #[default]
    Record,
    /// Corrects a recorded value with old, new and reason (G14).
    Correct,
    /// Moves a due time with a reason (T5).
    Extend,
    /// Another class: running clocks get the limit of the new class, from the same start (T5).
    Reclassify,
    /// Lets an excluded person act, with a reason and a second person (G1).
    Except,
    /// Names who is responsible from now on.
    Assign,
    /// Closes the case (G7).
    Close,
    /// Opens a closed case again (G4).
    Reopen,
    /// Files a closed case.
    Archive,
    /// The complainant withdraws (G6).
    Withdraw,
    /// Merged into another case (G6).
    Merge,
    /// Given to another body (G6).
    Transfer,
    /// The number is void (G6, G12).
    Void,
}

/// Where an action leads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// The next step; empty: stays.
    #[serde(default)]
    pub step: String,
    /// The task ends.
    #[serde(default)]
    pub ends: bool,
    /// Another round begins (G4).
    #[serde(default)]
    pub round: bool,
    /// Values that the way sets; `@actor` in a staff field is whoever acts, and for a deputy whom the deputy stands for.
    #[serde(default)]
    pub sets: BTreeMap<String, Value>,
    /// Side tasks that it opens.
    #[serde(default)]
    pub starts: Vec<Start>,
}

/// A side task to open.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Its kind.
    pub task: String,
    /// One for each row of this rows-field; the row's columns become the task's values.
    #[serde(default)]
    pub per: String,
    /// Prefix of the task's fields that take the row's columns, e.g. `copy.`.
    #[serde(default)]
    pub into: String,
    /// Only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// Not when a task of the kind was opened before.
    #[serde(default)]
    pub once: bool,
}

/// In `sets`, of a staff field: whoever acts.
pub const ACTOR: &str = "@actor";
