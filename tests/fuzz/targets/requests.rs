//! Any command of the list with any JSON, by anybody: `[[who, command, payload], …]`, done one after the other.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use redress_desk::{Lang, commands};
use redress_fuzz::{
    at_most, change,
    office::{self, Open, Told},
};
use serde_json::{Value, json};
use std::sync::{Mutex, OnceLock};

/// After so many the office is laid anew, so that what is found can be found again.
const FRESH_AFTER: u32 = 1_000;
/// Commands of one input.
const COMMANDS: usize = 6;
/// They are slow by intention, each a second or a part of it: one is enough.
const SLOW: [&str; 4] = [
    "backup.create",
    "office.setup",
    "session.sign_in",
    "session.change_password",
];

fn told() -> &'static Told {
    static ONE: OnceLock<Told> = OnceLock::new();
    ONE.get_or_init(office::told)
}

/// Requests that do something: what the story did, and every command of the list.
fn lent() -> &'static [Value] {
    static ONE: OnceLock<Vec<Value>> = OnceLock::new();
    ONE.get_or_init(|| {
        let of_story = told().deeds.iter().map(|d| {
            let who = told().logins.iter().position(|l| *l == d.who);
            json!([who, d.command, d.payload])
        });
        let of_list = commands::list();
        let of_list = of_list.iter().flat_map(|c| {
            [
                json!([0, c.name, { "case": "$case" }]),
                json!([1, c.name, {}]),
            ]
        });
        of_story.chain(of_list).collect()
    })
}

type Ids = Vec<(&'static str, String)>;
static OFFICE: Mutex<Option<(Open, Ids, u32)>> = Mutex::new(None);

fuzz_target!(|bytes: &[u8]| {
    let Ok(Value::Array(all)) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let mut at = OFFICE.lock().expect("one at a time");
    if at.as_ref().is_none_or(|(_, _, done)| *done >= FRESH_AFTER) {
        *at = Some(office::runtime().block_on(async {
            if let Some((old, ..)) = at.take() {
                old.office.close().await;
            }
            let open = office::signed_in(told()).await;
            let ids = office::ids(&open).await;
            (open, ids, 0)
        }));
    }
    let Some((open, ids, done)) = at.as_mut() else {
        return;
    };
    *done += 1;
    let mut slow = false;
    for one in all.into_iter().take(COMMANDS) {
        let Value::Array(mut parts) = one else {
            continue;
        };
        let (Some(command), Some(payload)) = (
            parts.get(1).and_then(Value::as_str).map(str::to_owned),
            parts.get_mut(2).map(Value::take),
        ) else {
            continue;
        };
        if SLOW.contains(&command.as_str()) && std::mem::replace(&mut slow, true) {
            continue;
        }
        let mut payload = payload;
        office::put_ids(&mut payload, ids);
        let who = parts[0].as_u64().map_or(usize::MAX, |n| n as usize);
        let session = open.sessions.get(who).or(open.sessions.last());
        let Some(session) = session else { return };
        let call = open.office.call(session, &command, payload, Lang::Zh);
        let answer = at_most(|| office::runtime().block_on(call));
        if let Err(e) = answer {
            // A refusal is an answer; that something within us failed is none.
            assert!(e.code != "internal", "{command}: {e:?}");
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    match change::json(&data[..size], seed, lent()) {
        Some(new) if !seed.is_multiple_of(16) => change::put(data, size, Some(new)),
        _ => fuzzer_mutate(data, size, max_size),
    }
});
