//! Field kinds and the values that people enter.

use serde_json::Value;

/// Whether something was entered: not absent, null, blank text or an empty list.
pub fn given(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(s)) => !s.trim().is_empty(),
        Some(Value::Array(a)) => !a.is_empty(),
        Some(_) => true,
    }
}
