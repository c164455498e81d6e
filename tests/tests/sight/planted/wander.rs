//! Walks where no story goes, with a mark in everything that can be typed.

use super::typed;
use redress_desk::{ApiError, demo::Practice};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Something that fits a field, with a mark where it is free text.
fn fit(field: &Value, turn: usize, people: &[String], mark: &mut impl FnMut() -> String) -> Value {
    let choices = field["choices"].as_array().map_or(1, Vec::len).max(1);
    let choice = || field["choices"][turn % choices]["id"].clone();
    match field["kind"].as_str().unwrap_or_default() {
        "text" | "long_text" => mark().into(),
        "number" => 1.into(),
        "measure" => json!({ "value": 1, "unit": "g" }),
        "date" if field["past"] == true => "2026-11-18".into(),
        "date" => "2027-03-01".into(),
        "time" => "2026-11-20T09:40:00+08:00".into(),
        "choice" => choice(),
        "many" => json!([choice()]),
        "yes_no" => turn.is_multiple_of(2).into(),
        "staff" if field["multiple"] == true => json!([people[0]]),
        "staff" => people[people.len() - 1].clone().into(),
        "rows" => {
            let columns = field["columns"].as_array().cloned().unwrap_or_default();
            let cell = |c: &Value| {
                let id = c["id"].as_str().unwrap_or_default().to_owned();
                (id, fit(c, turn, people, mark))
            };
            let row: serde_json::Map<String, Value> = columns.iter().map(cell).collect();
            json!([row])
        }
        _ => Value::Null,
    }
}

/// Free texts of an action that no act has held yet.
fn fresh(action: &Value, planted: &BTreeSet<String>) -> usize {
    let fields = action["fields"].as_array().into_iter().flatten();
    let ids = fields.filter(|f| typed(f)).filter_map(|f| f["id"].as_str());
    ids.filter(|id| !planted.contains(*id)).count()
}

/// Walks where no story goes: withdrawing, transferring, declining, handing over … until nothing new can be typed.
pub async fn wander(p: &Practice, mark: &mut impl FnMut() -> String) -> Result<(), ApiError> {
    let people: Vec<String> = p.ids.values().cloned().collect();
    let mut planted = BTreeSet::new();
    p.clock("2026-11-20T10:00")?;
    // A case that lives, for those that are merged.
    let lives = json!({
        "procedure": "clinical-laboratory", "received_at": "2026-11-20T09:30:00+08:00", "channel": "oral",
        "values": {
            "complaint.source": "customer", "complainant.name": "某某", "complaint.nature": "service",
            "complaint.description": "某事", "complaint.demand": ["explain"], "complaint.about_us": true, "immediate.measures": ["none"],
        },
    });
    let lives = p.call("suqing", "case.register", lives).await?["number"].clone();
    for (who, procedure, channel) in [
        ("chenxia", "clinical-laboratory", "oral"),
        ("zhaomin", "inspection-station", "visit"),
    ] {
        for round in 0..9 {
            let asked = p
                .call(who, "procedure.get", json!({ "id": procedure }))
                .await?;
            let mut values =
                json!({ "complaint.nature": "test_result", "complaint.about_us": round % 2 == 1 });
            for f in asked["register"]["fields"].as_array().into_iter().flatten() {
                let id = f["id"].as_str().unwrap_or_default();
                let when = f["when"].as_object().cloned().unwrap_or_default();
                let held = when
                    .iter()
                    .all(|(k, want)| match (&want["unless"], &want["given"]) {
                        (Value::Bool(unless), _) => values[k] != *unless,
                        (_, Value::Bool(given)) => values[k].is_null() != *given,
                        _ => values[k] == *want,
                    });
                let staff = f["kind"] == "staff";
                if held && !staff && values[id].is_null() {
                    values[id] = fit(f, round, &people, mark);
                    planted.insert(id.to_owned());
                }
            }
            values["confidential.wish"] = false.into();
            let request = json!({ "procedure": procedure, "received_at": "2026-11-20T09:30:00+08:00", "channel": channel, "values": values });
            let made = p.call(who, "case.register", request).await?;
            let case = made["number"].clone();
            'acts: for _ in 0..12 {
                for actor in p.ids.keys() {
                    let Ok(view) = p.call(actor, "case.get", json!({ "case": case })).await else {
                        continue;
                    };
                    let all = view["actions"].as_array().cloned().unwrap_or_default();
                    let next = all
                        .iter()
                        .filter(|a| a["allowed"] == true)
                        .max_by_key(|a| (fresh(a, &planted), a["always"] == false));
                    let Some(action) =
                        next.filter(|a| fresh(a, &planted) > 0 || a["always"] == false)
                    else {
                        continue;
                    };
                    let mut values = json!({});
                    for f in action["fields"].as_array().into_iter().flatten() {
                        let id = f["id"].as_str().unwrap_or_default();
                        values[id] = match id {
                            // There must be such a case.
                            "merge.into" => lives.clone(),
                            _ => fit(f, round, &people, mark),
                        };
                    }
                    let act = json!({ "case": case, "action": action["id"], "values": values });
                    let mut done = p.call(actor, "case.act", act.clone()).await;
                    // What is not asked in this turn is left out, one after the other.
                    while let Err(e) = &done {
                        let Some(stray) = act["values"].as_object().and_then(|m| {
                            let all = action["fields"].as_array()?;
                            let title = e.params.get("title")?;
                            let f = all.iter().find(|f| &f["title"] == title)?;
                            let id = f["id"].as_str()?;
                            (e.code == "field_not_asked" && m.contains_key(id))
                                .then(|| id.to_owned())
                        }) else {
                            break;
                        };
                        if values[&stray].is_null() {
                            break;
                        }
                        values[&stray] = Value::Null;
                        let again =
                            json!({ "case": case, "action": action["id"], "values": values });
                        done = p.call(actor, "case.act", again).await;
                    }
                    for f in action["fields"].as_array().into_iter().flatten() {
                        let id = f["id"].as_str().unwrap_or_default();
                        // Done or not: it was tried, and another turn is taken.
                        if done.is_ok() && !values[id].is_null() || typed(f) {
                            planted.insert(id.to_owned());
                        }
                    }
                    if done.is_ok() {
                        continue 'acts;
                    }
                }
                break;
            }
        }
    }
    Ok(())
}
