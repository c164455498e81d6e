//! A story told once more in another office, with a mark in every free text.

use super::{looked_up, typed};
use redress_desk::{ApiError, demo::Practice};
use serde_json::Value;

/// Puts the mark into every free text of the values that an act enters.
fn plant(values: &mut Value, fields: &[Value], mark: &mut impl FnMut() -> String) {
    let Some(map) = values.as_object_mut() else {
        return;
    };
    // Notes that a check may carry and no story writes.
    let notes: Vec<String> = map
        .keys()
        .map(|id| format!("{id}.note"))
        .filter(|note| fields.iter().any(|f| f["id"] == note.as_str()))
        .collect();
    for note in notes {
        map.insert(note, Value::from("—"));
    }
    for (id, value) in map {
        let Some(field) = fields.iter().find(|f| f["id"] == id.as_str()) else {
            continue;
        };
        if field["kind"] == "rows" {
            let columns = field["columns"].as_array().cloned().unwrap_or_default();
            for row in value.as_array_mut().into_iter().flatten() {
                plant(row, &columns, mark);
            }
        } else if typed(field) && !looked_up(id) {
            *value = Value::from(mark());
        }
    }
}

/// A deed in this office's own ids: when, who, which command, with what.
pub type Retold = (chrono::DateTime<chrono::FixedOffset>, String, String, Value);

/// A story of the laboratory told once more on a case of its own, up to an action.
pub async fn divert(
    p: &Practice,
    all: &[Retold],
    story: usize,
    before: &str,
) -> Result<String, ApiError> {
    let told = format!("BY-2026-000{}", story + 1);
    let registers = all
        .iter()
        .filter(|d| d.3["procedure"] == "clinical-laboratory")
        .collect::<Vec<_>>();
    let (at, who, command, payload) = registers[story];
    p.clock_at(*at);
    let made = p.call(who, command, payload.clone()).await?;
    let case = made["number"].as_str().unwrap_or_default().to_owned();
    let rest = all.iter().filter(|d| d.3["case"] == told.as_str());
    for (at, who, command, payload) in rest.take_while(|d| d.3["action"] != before) {
        p.clock_at(*at);
        let mut payload = payload.clone();
        payload["case"] = case.clone().into();
        p.call(who, command, payload).await?;
    }
    Ok(case)
}

/// Does what was done in one office in another, with a mark in every free text; answers it without marks, in
/// the other's ids.
pub async fn retell(
    from: &Practice,
    into: &mut Practice,
    fields: &[Value],
    mark: &mut impl FnMut() -> String,
) -> anyhow::Result<Vec<Retold>> {
    // People, cases and entries of the register have other ids there.
    let mut ids: Vec<(String, String)> = from
        .ids
        .iter()
        .filter_map(|(login, id)| Some((id.clone(), into.ids.get(login)?.clone())))
        .collect();
    let mut retold = Vec::new();
    for deed in from.told() {
        let (who, command) = (deed.who, deed.command);
        let acts = [
            "case.register",
            "case.act",
            "form.issue",
            "attachment.add",
            "party.keep",
        ];
        if deed.refused || !acts.contains(&command.as_str()) {
            continue;
        }
        into.clock_at(deed.at);
        let mut text = deed.payload.to_string();
        for (theirs, ours) in &ids {
            text = text.replace(theirs, ours);
        }
        let mut payload: Value = serde_json::from_str(&text)?;
        retold.push((deed.at, who.clone(), command.clone(), payload.clone()));
        if payload["values"].is_object() {
            plant(&mut payload["values"], fields, mark);
        }
        if command == "attachment.add" {
            payload["name"] = format!("{}.txt", mark()).into();
        }
        if command == "party.keep" {
            payload["name"] = mark().into();
        }
        for copy in payload["copies"].as_array_mut().into_iter().flatten() {
            copy["holder"] = mark().into();
        }
        let answer = into.call(&who, &command, payload).await;
        let answer = answer.map_err(|e| anyhow::anyhow!("{who} {command}: {e:?}"))?;
        let new = answer["case"].as_str().or_else(|| answer["id"].as_str());
        if let (Some(made), Some(new)) = (deed.made, new) {
            ids.push((made, new.to_owned()));
        }
    }
    Ok(retold)
}
