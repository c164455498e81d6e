//! What was entered, held against the fields of the action.

use crate::{
    case::key,
    procedure::{Action, Edition, Effect},
    refusal::Refusal,
    rules::context::Ctx,
    value::{Values, given, range::Question},
};
use serde_json::Value;

/// What was entered, as it is kept ([`crate::value::Field::settled`]).
pub(super) fn settled(edition: &Edition, entered: &Values) -> Values {
    let one = |(id, value): (&String, &Value)| {
        let field = edition.field(id);
        let value = field.map_or_else(|| value.clone(), |f| f.settled(value));
        (id.clone(), value)
    };
    entered.iter().map(one).collect()
}

/// What is odd about what was entered, in the order in which it was asked; looked at once nothing else refuses it.
pub(super) fn weigh(
    ctx: &Ctx<'_>,
    action: &Action,
    entered: &Values,
) -> Result<Vec<Question>, Refusal> {
    let mut asks = Vec::new();
    for (id, _) in action.asked() {
        if let (Some(field), Some(value)) = (ctx.edition.field(id), entered.get(id)) {
            asks.extend(field.weigh(value, ctx.now)?);
        }
    }
    Ok(asks)
}

/// Holds what was entered against the action's fields; the answer is keyed for the case.
pub(super) fn take<'a>(
    edition: &Edition,
    action: &Action,
    task: Option<&str>,
    entered: &Values,
    look: &impl Fn(&str) -> Option<&'a Value>,
) -> Result<Values, Refusal> {
    let free = action.effect == Effect::Correct;
    if let Some(stray) = entered.keys().find(|k| {
        action.asked().all(|(f, _)| f != k.as_str()) && !(free && *k == crate::case::CORRECTED_NEW)
    }) {
        return Err(Refusal::new("unknown_field").with("field", stray.as_str()));
    }
    let mut out = Values::new();
    let mut missing = Vec::new();
    for (id, required) in action.asked() {
        let Some(field) = edition.field(id) else {
            continue;
        };
        let asked = field.when.holds(look);
        match entered.get(id).map(|v| field.taken(v.clone())) {
            Some(v) if given(Some(&v)) => {
                if !asked {
                    return Err(Refusal::new("field_not_asked").with("title", field.title.as_str()));
                }
                field.check(&v)?;
                out.insert(key(task, id), v);
            }
            _ if required && asked => missing.push((id.to_owned(), field.title.clone())),
            _ => {}
        }
    }
    if missing.is_empty() {
        return Ok(out);
    }
    let ids: Vec<&str> = missing.iter().map(|(id, _)| id.as_str()).collect();
    let titles: Vec<&str> = missing.iter().map(|(_, t)| t.as_str()).collect();
    Err(Refusal::new("fields_missing")
        .with("fields", ids)
        .with("titles", titles.join("、")))
}
