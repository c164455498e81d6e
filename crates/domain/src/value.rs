//! Field kinds and the values that people enter.
//!
//! A value is JSON by field id. [`Field::check`] holds it against the kind, so that a value that
//! reached an event can be trusted. Shapes:
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

use crate::{condition::Condition, id::PersonId, range::year_of, refusal::Refusal, text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
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

fn each_text(parts: Map<String, Value>, how: fn(&str) -> String) -> Value {
    let one = |(id, value): (String, Value)| match value {
        Value::String(s) => (id, how(&s).into()),
        other => (id, other),
    };
    Value::Object(parts.into_iter().map(one).collect())
}

impl Field {
    /// The most characters (texts) or rows that are taken.
    pub fn max(&self) -> Option<usize> {
        match self.kind {
            FieldKind::Text => Some(TEXT_MAX),
            FieldKind::LongText => Some(LONG_TEXT_MAX),
            FieldKind::Rows => Some(ROWS_MAX),
            _ => None,
        }
    }

    /// The value as it is taken into the record: texts without what cannot be seen and means nothing, of one line
    /// where the field has one line.
    #[must_use]
    pub fn taken(&self, value: Value) -> Value {
        match (self.kind, value) {
            (FieldKind::Text, Value::String(s)) => text::line(&s).into(),
            (FieldKind::LongText, Value::String(s)) => text::lines(&s).into(),
            (FieldKind::Measure, Value::Object(parts)) => each_text(parts, text::line),
            (FieldKind::Staff, Value::Object(parts)) => each_text(parts, text::lines),
            (FieldKind::Rows, Value::Array(rows)) => {
                rows.into_iter().map(|row| self.row_taken(row)).collect()
            }
            (_, other) => other,
        }
    }

    fn row_taken(&self, row: Value) -> Value {
        let Value::Object(cells) = row else {
            return row;
        };
        let cell = |(id, value): (String, Value)| {
            let column = self.columns.iter().find(|c| c.id == id);
            let value = match column {
                Some(column) => column.taken(value),
                None => value,
            };
            (id, value)
        };
        Value::Object(cells.into_iter().map(cell).collect())
    }

    /// Holds a value against the kind.
    ///
    /// # Errors
    /// `value_wrong_kind`, `value_too_long`, `value_unknown_choice`, `value_too_many`,
    /// `value_number_too_large`, `value_out_of_range`, `value_not_whole`, `value_too_fine`,
    /// `value_year_astray`, `row_incomplete`, each with the field's title.
    pub fn check(&self, value: &Value) -> Result<(), Refusal> {
        if !given(Some(value)) {
            return Ok(());
        }
        match self.kind {
            FieldKind::Text | FieldKind::LongText => self.check_text(value),
            FieldKind::Number => self.check_number(value),
            FieldKind::Measure => self.check_measure(value),
            FieldKind::Date | FieldKind::Time => {
                let year = value.as_str().and_then(|s| year_of(self.kind, s));
                self.check_year(year.ok_or_else(|| self.wrong())?)
            }
            FieldKind::Choice => self.check_choice(value),
            FieldKind::Many => {
                let all = value.as_array().ok_or_else(|| self.wrong())?;
                self.few(all.len(), self.choices.len())?;
                all.iter().try_for_each(|v| self.check_choice(v))
            }
            FieldKind::YesNo => value.is_boolean().then_some(()).ok_or_else(|| self.wrong()),
            FieldKind::Staff => self.check_staff(value),
            FieldKind::Attachment => value
                .as_str()
                .and_then(|s| uuid::Uuid::parse_str(s).ok())
                .map(drop)
                .ok_or_else(|| self.wrong()),
            FieldKind::Party => value
                .get("id")
                .and_then(Value::as_str)
                .and_then(|s| uuid::Uuid::parse_str(s).ok())
                .map(drop)
                .ok_or_else(|| self.wrong()),
            FieldKind::Rows => self.check_rows(value),
        }
    }

    fn wrong(&self) -> Refusal {
        Refusal::new("value_wrong_kind")
            .with("field", self.id.as_str())
            .with("title", self.title.as_str())
            .with("kind", serde_json::to_value(self.kind).unwrap_or_default())
    }

    fn check_text(&self, value: &Value) -> Result<(), Refusal> {
        let text = value.as_str().ok_or_else(|| self.wrong())?;
        let max = self.max().unwrap_or(TEXT_MAX);
        let long = text.chars().count();
        if long > max {
            return Err(Refusal::new("value_too_long")
                .with("field", self.id.as_str())
                .with("title", self.title.as_str())
                .with("max", max)
                .with("actual", long));
        }
        Ok(())
    }

    fn check_number(&self, value: &Value) -> Result<(), Refusal> {
        let number = value.as_f64().ok_or_else(|| self.wrong())?;
        // A range of the field's own says more than that there is one.
        if self.most.is_some() || number.abs() <= NUMBER_MAX {
            return self.check_range(number);
        }
        Err(Refusal::new("value_number_too_large")
            .with("field", self.id.as_str())
            .with("title", self.title.as_str())
            .with("max", NUMBER_MAX))
    }

    /// Refuses more elements than there can be.
    fn few(&self, actual: usize, max: usize) -> Result<(), Refusal> {
        if actual <= max {
            return Ok(());
        }
        Err(Refusal::new("value_too_many")
            .with("field", self.id.as_str())
            .with("title", self.title.as_str())
            .with("max", max)
            .with("actual", actual))
    }

    fn check_measure(&self, value: &Value) -> Result<(), Refusal> {
        let object = value.as_object().ok_or_else(|| self.wrong())?;
        if let Some(number) = object.get("value").filter(|v| v.is_number()) {
            self.check_number(number)?;
        }
        let number_or_word = object.get("value").is_some_and(|v| {
            v.is_number() || v.as_str().is_some_and(|s| s.chars().count() <= TEXT_MAX)
        });
        let unit = object
            .get("unit")
            .is_none_or(|u| u.as_str().is_some_and(|s| s.chars().count() <= 20));
        let only = object.keys().all(|k| k == "value" || k == "unit");
        (number_or_word && unit && only)
            .then_some(())
            .ok_or_else(|| self.wrong())
    }

    fn check_choice(&self, value: &Value) -> Result<(), Refusal> {
        let id = value.as_str().ok_or_else(|| self.wrong())?;
        if self.choices.iter().any(|c| c.id == id) {
            return Ok(());
        }
        Err(Refusal::new("value_unknown_choice")
            .with("field", self.id.as_str())
            .with("title", self.title.as_str())
            .with("choice", id))
    }

    fn check_staff(&self, value: &Value) -> Result<(), Refusal> {
        let person = |v: &Value| v.as_str().is_some_and(|s| s.parse::<PersonId>().is_ok());
        let unknown = |v: &Value| {
            self.unknown_allowed
                && v.get("unknown")
                    .and_then(Value::as_str)
                    .is_some_and(|r| !r.trim().is_empty() && r.chars().count() <= LONG_TEXT_MAX)
                && v.get("confirmed_by").is_some_and(person)
        };
        if let Value::Array(all) = value {
            self.few(all.len(), PEOPLE_MAX)?;
        }
        let fine = match value {
            Value::Array(all) => self.multiple && all.iter().all(person),
            one => person(one) || unknown(one),
        };
        fine.then_some(()).ok_or_else(|| self.wrong())
    }

    fn check_rows(&self, value: &Value) -> Result<(), Refusal> {
        let rows = value.as_array().ok_or_else(|| self.wrong())?;
        if rows.len() > ROWS_MAX {
            return Err(Refusal::new("value_too_long")
                .with("field", self.id.as_str())
                .with("title", self.title.as_str())
                .with("max", ROWS_MAX)
                .with("actual", rows.len()));
        }
        for (number, row) in rows.iter().enumerate() {
            let row = row.as_object().ok_or_else(|| self.wrong())?;
            if let Some(stray) = row
                .keys()
                .find(|k| self.columns.iter().all(|c| &c.id != *k))
            {
                return Err(Refusal::new("unknown_field").with("field", stray.as_str()));
            }
            for column in &self.columns {
                let cell = row.get(&column.id);
                if column.required && !given(cell) {
                    return Err(Refusal::new("row_incomplete")
                        .with("field", self.id.as_str())
                        .with("title", self.title.as_str())
                        .with("row", number + 1)
                        .with("column", column.title.as_str()));
                }
                if let Some(cell) = cell {
                    column.check(cell).map_err(|refusal| {
                        refusal
                            .with("rows", self.id.as_str())
                            .with("row", number + 1)
                    })?;
                }
            }
        }
        Ok(())
    }
}
