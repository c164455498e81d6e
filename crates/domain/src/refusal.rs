//! Why something is not done: a code with parameters, never a sentence.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// "Not allowed now" or "not like this". The sentence is made at the door from `locales/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{code} {params:?}")]
pub struct Refusal {
    /// Stable code, e.g. `barred`.
    pub code: String,
    /// What the sentence needs.
    pub params: Map<String, Value>,
}

impl Refusal {
    /// A refusal without parameters.
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            params: Map::new(),
        }
    }

    /// The same refusal with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}
