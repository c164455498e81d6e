//! Typed conditions over values: `when = { "retest.conclusion" = "differs" }`. Data, not a language.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// All parts must hold; an empty condition always does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Condition(pub BTreeMap<String, Expect>);

/// What one value must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Expect {
    /// Equal to a yes/no that was answered.
    Flag(bool),
    /// Equal to a choice, or contained in a multiple choice.
    Is(String),
    /// One of several choices, or any of them contained in a multiple choice.
    OneOf(Vec<String>),
    /// Anything but this yes/no; unanswered counts.
    Unless {
        /// What it may not be.
        unless: bool,
    },
    /// Given or not given at all.
    Given {
        /// True: some value must be there.
        given: bool,
    },
}

impl Condition {
    /// Whether all parts hold over `look` (field id → value).
    pub fn holds<'a>(&self, look: impl Fn(&str) -> Option<&'a Value>) -> bool {
        self.0.iter().all(|(field, expect)| expect.met(look(field)))
    }

    /// The fields that the condition reads.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Expect {
    fn met(&self, value: Option<&Value>) -> bool {
        let is = |wanted: &str| match value {
            Some(Value::String(s)) => s == wanted,
            Some(Value::Array(a)) => a.iter().any(|v| v.as_str() == Some(wanted)),
            // A party of the register: one of its marks (G16).
            Some(Value::Object(o)) => o
                .get("marks")
                .and_then(Value::as_array)
                .is_some_and(|a| a.iter().any(|v| v.as_str() == Some(wanted))),
            _ => false,
        };
        match self {
            Self::Flag(b) => value.and_then(Value::as_bool) == Some(*b),
            Self::Unless { unless } => value.and_then(Value::as_bool) != Some(*unless),
            Self::Is(s) => is(s),
            Self::OneOf(all) => all.iter().any(|s| is(s)),
            Self::Given { given } => crate::value::given(value) == *given,
        }
    }
}
