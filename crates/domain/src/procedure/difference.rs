//! What differs between two editions of a procedure, in the order of the document.

use crate::procedure::edition::Edition;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How a part changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// Only the newer edition has it.
    Added,
    /// Only the older edition has it.
    Removed,
    /// Both have it, and it says something else.
    Changed,
}

/// One property that says something else.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detail {
    /// The property's key in the data, e.g. `within`.
    pub property: String,
    /// Before; null: not there.
    pub old: Value,
    /// After; null: not there.
    pub new: Value,
}

/// One part of a procedure that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// `role`, `channel`, `field`, `step`, `action`, `task`, `clock`, `closing`, `report`, `book`, `form` or `head`.
    pub what: &'static str,
    /// Its id.
    pub id: String,
    /// Its title in the newer edition, or in the older one.
    pub title: String,
    /// How it changed.
    pub turn: Turn,
    /// What says something else.
    pub details: Vec<Detail>,
}

type Parts = Vec<(&'static str, Vec<Map<String, Value>>)>;

fn objects<T: Serialize>(items: impl IntoIterator<Item = T>) -> Vec<Map<String, Value>> {
    let one = |item: T| match serde_json::to_value(item) {
        Ok(Value::Object(map)) => Some(map),
        _ => None,
    };
    items.into_iter().filter_map(one).collect()
}

/// Everything that has an id, each kind by itself; steps and tasks without what stands within them.
fn parts(edition: &Edition) -> Parts {
    let p = &edition.procedure;
    let bare = |mut all: Vec<Map<String, Value>>, inner: &str| {
        for map in &mut all {
            map.remove(inner);
        }
        all
    };
    let inner = p.tasks.iter().flat_map(|t| &t.steps);
    vec![
        ("head", objects([&p.head])),
        ("role", objects(&p.roles)),
        ("channel", objects(&p.channels)),
        ("field", objects(&p.fields)),
        ("step", bare(objects(p.steps.iter().chain(inner)), "action")),
        ("action", objects(edition.actions())),
        ("task", bare(objects(&p.tasks), "step")),
        ("clock", objects(&p.clocks)),
        ("closing", objects(&p.closing)),
        ("report", objects(&p.reports)),
        ("book", objects(&p.books)),
        ("form", objects(edition.forms.values())),
    ]
}

fn said(map: &Map<String, Value>, key: &str) -> String {
    map.get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// The parts that differ from the older edition to the newer one.
pub fn difference(old: &Edition, new: &Edition) -> Vec<Difference> {
    let mut all = Vec::new();
    for ((what, before), (_, after)) in parts(old).into_iter().zip(parts(new)) {
        // The heads of two editions are one part, whatever they are called.
        let key = |m: &Map<String, Value>| {
            if what == "head" {
                String::new()
            } else {
                said(m, "id")
            }
        };
        let known: BTreeMap<String, &Map<String, Value>> =
            before.iter().map(|m| (key(m), m)).collect();
        for map in &after {
            let one = |turn, details| Difference {
                what,
                id: said(map, "id"),
                title: said(map, "title"),
                turn,
                details,
            };
            match known.get(&key(map)) {
                None => all.push(one(Turn::Added, vec![])),
                Some(was) => {
                    let details = changed(was, map);
                    if !details.is_empty() {
                        all.push(one(Turn::Changed, details));
                    }
                }
            }
        }
        let there: Vec<String> = after.iter().map(key).collect();
        let gone = before.iter().filter(|m| !there.contains(&key(m)));
        all.extend(gone.map(|m| Difference {
            what,
            id: said(m, "id"),
            title: said(m, "title"),
            turn: Turn::Removed,
            details: vec![],
        }));
    }
    all
}

fn changed(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<Detail> {
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    let detail = |key: &String| {
        let (was, is) = (old.get(key), new.get(key));
        (was != is).then(|| Detail {
            property: key.clone(),
            old: was.cloned().unwrap_or_default(),
            new: is.cloned().unwrap_or_default(),
        })
    };
    keys.into_iter().filter_map(detail).collect()
}
