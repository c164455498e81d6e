//! How much a request may hold: one guard in front of every command, and the lengths of short texts.
//!
//! The guard lies above what the rules of a case allow for a field, so that a text that is too long for its
//! field is refused by the field's own name, and only what no form can send is refused here.

use crate::text::{error::ApiError, file::INSIDE};
use redress_domain::limits::FILE_BYTES;
use serde_json::Value;

/// Levels of nesting.
const DEPTH: usize = 16;
/// Elements of one list, or fields of one object.
const ELEMENTS: usize = 5_000;
/// Characters of one text.
const CHARACTERS: usize = 200_000;
/// Characters of a field's name.
const KEY: usize = 200;

/// Characters of a word that names something, such as the kind of an attachment.
pub(crate) const WORD: usize = 50;
/// Characters of a person's name.
pub(crate) const PERSON: usize = 50;
/// Characters of a sign-in name.
pub(crate) const LOGIN: usize = 64;
/// Characters of a password: every one of them goes through a slow hash.
pub(crate) const PASSWORD: usize = 256;
/// Characters of a department.
pub(crate) const DEPARTMENT: usize = 100;
/// Roles of one person.
pub(crate) const ROLES: usize = 100;
/// Drafts of one person.
pub(crate) const DRAFTS: usize = 200;
/// Bytes of one draft: a 50 000-character text with room to spare.
pub(crate) const DRAFT: usize = 1024 * 1024;
/// Characters of a file's name as it comes; what is kept is shorter.
pub(crate) const FILE_NAME: usize = 500;
/// Files of one case.
pub(crate) const ATTACHMENTS: usize = 500;
/// Copies of one document that are given out at once.
pub(crate) const COPIES: usize = 50;
/// Characters of whoever gets a copy.
pub(crate) const HOLDER: usize = 200;
/// Characters of what is searched for.
pub(crate) const SEARCH: usize = 200;
/// Entries of the register.
pub(crate) const PARTIES: usize = 50_000;
/// People of an institution.
pub(crate) const PEOPLE: usize = 2_000;

/// Refuses a payload that no door of ours would send; nothing of it is repeated.
///
/// # Errors
/// `request_too_large` with what and the most of it, `attachment_size`.
pub(crate) fn guard(command: &str, payload: &Value) -> Result<(), ApiError> {
    let wide = match command {
        "attachment.add" => ("bytes", INSIDE),
        "procedure.check" | "procedure.install" => ("files", FILE_BYTES),
        "draft.put" => ("value", DRAFT),
        _ => ("", CHARACTERS),
    };
    let Value::Object(fields) = payload else {
        return walk(payload, 1, CHARACTERS);
    };
    within("elements", fields.len(), ELEMENTS)?;
    fields.iter().try_for_each(|(name, value)| {
        sound(name, "key_characters", KEY)?;
        // Whoever picks a film is told of files, not of texts.
        if command == "attachment.add" && name == "bytes" && over(value, INSIDE) {
            return Err(if over(value, FILE_MAX / 3 * 4 + 4) {
                unfit_size()
            } else {
                ApiError::new("file_beside")
            });
        }
        let max = if name == wide.0 { wide.1 } else { CHARACTERS };
        walk(value, 2, max)
    })
}

fn over(value: &Value, max: usize) -> bool {
    value.as_str().is_some_and(|text| text.len() > max)
}

/// `level` counts this value where it holds others; `max` is for every text in it.
fn walk(value: &Value, level: usize, max: usize) -> Result<(), ApiError> {
    match value {
        Value::String(text) => sound(text, "characters", max),
        Value::Array(all) => {
            within("depth", level, DEPTH)?;
            within("elements", all.len(), ELEMENTS)?;
            all.iter().try_for_each(|v| walk(v, level + 1, max))
        }
        Value::Object(map) => {
            within("depth", level, DEPTH)?;
            within("elements", map.len(), ELEMENTS)?;
            map.iter().try_for_each(|(key, v)| {
                sound(key, "key_characters", KEY)?;
                walk(v, level + 1, max)
            })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn sound(text: &str, what: &str, max: usize) -> Result<(), ApiError> {
    // A text has no more characters than bytes: only a long one is counted.
    if text.len() > max {
        within(what, text.chars().count(), max)?;
    }
    Ok(())
}

fn within(what: &str, actual: usize, max: usize) -> Result<(), ApiError> {
    if actual > max {
        return Err(ApiError::new("request_too_large")
            .with("what", what)
            .with("max", max));
    }
    Ok(())
}

/// Refuses a text that is too long for its field.
///
/// # Errors
/// `value_too_long`.
pub(crate) fn text(title: &str, text: &str, max: usize) -> Result<(), ApiError> {
    let actual = text.chars().count();
    if actual > max {
        return Err(ApiError::new("value_too_long")
            .with("title", title)
            .with("max", max)
            .with("actual", actual));
    }
    Ok(())
}

/// Whether a text is too long to be what was ever set: it is answered like any wrong one, without a hint.
pub(crate) fn beyond(text: &str, max: usize) -> bool {
    text.chars().count() > max
}

/// The refusal of a file that is empty or too large.
pub(crate) fn unfit_size() -> ApiError {
    ApiError::new("attachment_size").with("max_mb", FILE_MAX / 1024 / 1024)
}

/// Bytes of the largest file that any command takes.
pub const FILE_MAX: usize = 50 * 1024 * 1024;
