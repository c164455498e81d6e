//! Holding a value against its field.

use crate::{
    id::PersonId,
    refusal::Refusal,
    text,
    value::{
        LONG_TEXT_MAX, NUMBER_MAX, PEOPLE_MAX, ROWS_MAX, TEXT_MAX,
        field::{Field, FieldKind},
        given,
        range::year_of,
    },
};
use serde_json::{Map, Value};

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
        // The name of a kind is always JSON.
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
