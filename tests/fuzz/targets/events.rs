//! Events of the log, as `[{kind, body, values}, …]`: what is read can be written again, and folds into a case.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use redress_domain::{
    case::Case,
    clock::Moment,
    event::{Event, EventBody},
    id::PersonId,
};
use redress_fuzz::{at_most, change};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// Every kind of event there ever was.
const GOLDEN: &str = include_str!("../../../crates/domain/tests/golden/events-v1.json");

fn lent() -> &'static [Value] {
    static ONE: OnceLock<Vec<Value>> = OnceLock::new();
    ONE.get_or_init(|| serde_json::from_str(GOLDEN).expect("the golden samples"))
}

fn event(one: &Value) -> Option<Event> {
    let body = EventBody::join(one["kind"].as_str()?, one["body"].clone()).ok()?;
    let (kind, text) = body.split().expect("what was read can be written");
    let again = EventBody::join(&kind, text).expect("what was written can be read");
    assert_eq!(again, body, "nothing is lost of {kind}");
    let actor: PersonId =
        serde_json::from_value(json!("01890000-0000-7000-8000-000000000001")).ok()?;
    let at: Moment = serde_json::from_value(json!("2026-09-30T16:10:00+08:00")).ok()?;
    Some(Event {
        actor,
        at,
        body,
        values: serde_json::from_value(one["values"].clone()).unwrap_or_default(),
    })
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(Value::Array(all)) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    at_most(|| {
        let events: Vec<Event> = all.iter().filter_map(event).collect();
        Case::fold(&events).map(|case| case.of_round())
    });
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    match change::json(&data[..size], seed, lent()) {
        Some(new) if !seed.is_multiple_of(16) => change::put(data, size, Some(new)),
        _ => fuzzer_mutate(data, size, max_size),
    }
});
