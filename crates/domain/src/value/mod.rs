//! Values that people enter, and the fields that say what they may be.
//!
//! A value is JSON by field id. [`Field::check`] holds it against the kind, so that a value that
//! reached an event can be trusted. This room knows no case: where a value belongs is said elsewhere. Shapes:
//!
//! | kind | JSON |
//! |---|---|
//! | text, long text | string (200 characters, or 50 000) |
//! | number | number |
//! | measure | `{"value": number or word, "unit": string}` |
//! | date | `YYYY-MM-DD` |
//! | time | RFC 3339 with offset; kept in the institution's zone |
//! | choice | choice id |
//! | many | list of choice ids |
//! | yes/no | boolean |
//! | staff | person id, or `{"unknown": reason, "confirmed_by": person id}` (G1); a list where `multiple` |
//! | party | `{"id": party id, "name": string, "marks": list of mark ids}`; the host fills in name and marks |
//! | rows | list of objects by column id |

mod check;
pub mod condition;
mod field;
pub mod range;

pub use field::{Choice, Class, Field, FieldKind};

use crate::id::PersonId;
use serde_json::Value;
use std::collections::BTreeMap;

/// Values by field id; a task's own values by `task/field`.
pub type Values = BTreeMap<String, Value>;

/// Characters in a short text.
pub const TEXT_MAX: usize = 200;

/// Characters in a long text.
pub const LONG_TEXT_MAX: usize = 50_000;

/// Rows in one table.
pub const ROWS_MAX: usize = 200;

/// People whom one field names.
pub const PEOPLE_MAX: usize = 100;

/// The largest number that is taken, of either sign.
pub const NUMBER_MAX: f64 = 1e15;

/// Whether something was entered: not absent, null, blank text or an empty list.
pub fn given(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(s)) => !s.trim().is_empty(),
        Some(Value::Array(a)) => !a.is_empty(),
        Some(_) => true,
    }
}

/// The people whom a staff value names.
pub fn people_in(value: &Value) -> Vec<PersonId> {
    match value {
        Value::String(s) => s.parse().ok().into_iter().collect(),
        Value::Array(all) => all.iter().flat_map(people_in).collect(),
        _ => Vec::new(),
    }
}
