//! Reading the JSON of a request: strictly, and never more of it than a form can send.

use crate::text::error::ApiError;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::{cell::Cell, fmt};

/// Values of one request: a table of 200 rows and 30 columns holds 6,000.
const VALUES: usize = 200_000;
/// Levels of nesting; what is deeper is not even read.
const DEPTH: usize = 32;

/// Reads a request. A name that stands twice in one object is refused: two readers could take either.
///
/// # Errors
/// `request_not_understood`, which repeats nothing of what was typed.
pub fn read(bytes: &[u8]) -> Result<Value, ApiError> {
    let left = Cell::new(VALUES);
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = Strict {
        left: &left,
        depth: 0,
    }
    .deserialize(&mut json)?;
    json.end()?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    left: &'a Cell<usize>,
    depth: usize,
}

impl Strict<'_> {
    fn one<E: Error>(self) -> Result<(), E> {
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(E::custom("too many values")),
        }
    }

    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.depth >= DEPTH {
            return Err(E::custom("nested too deeply"));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.one()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, b: bool) -> Result<Value, E> {
        Ok(b.into())
    }

    fn visit_i64<E: Error>(self, n: i64) -> Result<Value, E> {
        Ok(n.into())
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<Value, E> {
        Ok(n.into())
    }

    fn visit_f64<E: Error>(self, n: f64) -> Result<Value, E> {
        let number = Number::from_f64(n).ok_or_else(|| E::custom("no such number"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut list = Vec::new();
        while let Some(value) = all.next_element_seed(inner)? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut map = Map::new();
        while let Some(name) = all.next_key::<String>()? {
            let value = all.next_value_seed(inner)?;
            if map.insert(name, value).is_some() {
                return Err(A::Error::custom("a name stands twice"));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_sends_is_read_as_it_is() -> Result<(), ApiError> {
        let text = r#"{"a":[1,-2,3.5,true,null,"字\u0041"],"b":{"c":{}}}"#;
        let plain: Value = serde_json::from_str(text)?;
        assert_eq!(read(text.as_bytes())?, plain);
        Ok(())
    }

    #[test]
    fn what_no_form_sends_is_refused_quickly() {
        let long = format!("[{}0]", "0,".repeat(900_000));
        let deep = format!("{}{}", "[".repeat(33), "]".repeat(33));
        let endless = "[".repeat(1_000_000);
        for bad in [
            r#"{"a":1,"a":2}"#,
            r#"{"x":{"a":1,"b":0,"a":1}}"#,
            "1e999",
            "-1e999",
            "NaN",
            r#""\ud800""#,
            "{} {}",
            "",
            &long,
            &deep,
            &endless,
        ] {
            let begun = std::time::Instant::now();
            let refused = read(bad.as_bytes()).expect_err("no form sends it");
            assert_eq!(refused.code, "request_not_understood");
            assert!(begun.elapsed().as_millis() < 1000);
        }
        read(&[b'"', 0xff, b'"']).expect_err("no UTF-8");
    }
}
