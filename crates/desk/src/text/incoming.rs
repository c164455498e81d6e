//! The one place where words come in: every text of every request is cleaned before a command sees it, whichever
//! door it came through, so that nothing invisible that means nothing reaches the record, and nobody is refused
//! because of it. What a case's field makes of its own words (one line or several) is said by
//! [`redress_domain::value::Field::taken`].

use crate::text::error::ApiError;
use redress_domain::text;
use serde_json::{Map, Value};

/// Never touched: a secret is the same at setting and at signing in, and bytes, files and paths are not words.
const AS_SENT: [&str; 14] = [
    "password",
    "old",
    "new",
    "pin",
    "code",
    "secret",
    "phrase",
    "passphrase",
    "last",
    "bytes",
    "files",
    "path",
    "pdf",
    "key",
];
/// Words of several lines; fields of a case and a draft of them among them, whose kinds are not known here.
const LINES: [&str; 5] = ["values", "value", "reason", "why", "note"];

/// The request as it is taken.
///
/// # Errors
/// `value_bad_characters`: U+0000 where nothing is cleaned; a database keeps none.
pub(crate) fn taken(payload: Value) -> Result<Value, ApiError> {
    within(payload, false)
}

/// `lines`: within a text of several lines or a case's values, where a name is a field's and says nothing.
fn within(value: Value, lines: bool) -> Result<Value, ApiError> {
    Ok(match value {
        Value::String(s) if lines => text::lines(&s).into(),
        Value::String(s) => text::line(&s).into(),
        Value::Array(all) => {
            let all = all.into_iter().map(|v| within(v, lines));
            Value::Array(all.collect::<Result<_, _>>()?)
        }
        Value::Object(map) => {
            let one = |(name, value): (String, Value)| {
                storable(&name)?;
                let value = match name.as_str() {
                    name if !lines && AS_SENT.contains(&name) => as_sent(value)?,
                    name => within(value, lines || LINES.contains(&name))?,
                };
                Ok((name, value))
            };
            let map = map.into_iter().map(one);
            Value::Object(map.collect::<Result<Map<_, _>, ApiError>>()?)
        }
        other => other,
    })
}

fn as_sent(value: Value) -> Result<Value, ApiError> {
    if let Value::String(s) = &value {
        storable(s)?;
    }
    Ok(value)
}

fn storable(text: &str) -> Result<(), ApiError> {
    if text.contains('\0') {
        return Err(ApiError::new("value_bad_characters")
            .with("title", "提交的内容")
            .with("character", "U+0000"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_are_cleaned_and_secrets_are_not() -> Result<(), ApiError> {
        let odd = " a\u{200B}\u{202E}b\tc\r\nd ";
        let one = "ab c d";
        let many = " ab\tc\nd ";
        let given = json!({
            "name": odd, "login": odd, "text": odd, "marks": [odd], "file": { "days": [{ "name": odd }] },
            "reason": odd, "values": { "x.note": odd, "password": odd, "rows": [{ "a": odd }] },
            "password": odd, "new": odd, "signature": { "pin": odd }, "files": [[odd, odd]], "bytes": odd,
            "seq": 3, "none": null,
        });
        let expected = json!({
            "name": one, "login": one, "text": one, "marks": [one], "file": { "days": [{ "name": one }] },
            "reason": many, "values": { "x.note": many, "password": many, "rows": [{ "a": many }] },
            "password": odd, "new": odd, "signature": { "pin": odd }, "files": [[odd, odd]], "bytes": odd,
            "seq": 3, "none": null,
        });
        let once = taken(given)?;
        assert_eq!(once, expected);
        assert_eq!(taken(once)?, expected);
        Ok(())
    }

    #[test]
    fn what_no_database_keeps_is_refused_where_nothing_is_cleaned() {
        for payload in [
            json!({ "password": "a\0b" }),
            json!({ "x": [{ "a\0b": 1 }] }),
        ] {
            let refused = taken(payload).expect_err("U+0000");
            assert_eq!(refused.code, "value_bad_characters");
        }
        assert_eq!(taken(json!({ "x": "a\0b" })), Ok(json!({ "x": "ab" })));
    }
}
