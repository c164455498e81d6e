//! What the log holds, read again: `[{pos, kind, body}, …]` stands in the database of an office, which is then opened
//! and looked at. A damaged or a foreign folder may be refused; it may not fell anything.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use redress_desk::{Lang, Session};
use redress_fuzz::{
    at_most, change,
    office::{self, Told},
};
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use std::sync::OnceLock;

/// Every kind of event there ever was.
const GOLDEN: &str = include_str!("../../../crates/domain/tests/golden/events-v1.json");

fn told() -> &'static Told {
    static ONE: OnceLock<Told> = OnceLock::new();
    ONE.get_or_init(office::told)
}

fn lent() -> &'static [Value] {
    static ONE: OnceLock<Vec<Value>> = OnceLock::new();
    ONE.get_or_init(|| serde_json::from_str(GOLDEN).expect("the golden samples"))
}

/// Signed in once in the office as it was told: the accounts are the same in every copy.
fn admin() -> &'static Session {
    static ONE: OnceLock<Session> = OnceLock::new();
    ONE.get_or_init(|| {
        office::runtime().block_on(async {
            let mut open = office::signed_in(told()).await;
            open.office.close().await;
            open.sessions.remove(0)
        })
    })
}

async fn stored(all: &[Value]) {
    let folder = office::copy(told());
    let file = office::database(&folder.path().join("office"));
    let url = format!("sqlite://{}", file.display());
    let mut db = SqliteConnection::connect(&url).await.expect("the copy");
    let (events,): (i64,) = sqlx::query_as("SELECT max(pos) FROM event")
        .fetch_one(&mut db)
        .await
        .expect("its events");
    for one in all.iter().take(8) {
        let Some(pos) = one["pos"].as_i64() else {
            continue;
        };
        let change = sqlx::query("UPDATE event SET kind = $1, body = $2 WHERE pos = $3")
            .bind(one["kind"].as_str().unwrap_or_default().to_owned())
            .bind(one["body"].to_string())
            .bind(pos.rem_euclid(events) + 1);
        change.execute(&mut db).await.expect("a change");
    }
    db.close().await.expect("closed");
    let Some(office) = office::open(&folder, told().now).await else {
        return;
    };
    let me = admin();
    let cases = office.call(me, "case.list", json!({}), Lang::Zh).await;
    let case = cases.unwrap_or_default()["rows"][0]["id"].clone();
    for (command, payload) in [
        ("audit.verify", json!({})),
        ("audit.list", json!({})),
        ("worklist.get", json!({})),
        ("case.get", json!({ "case": case })),
        ("case.file", json!({ "case": case })),
        ("office.get", json!({})),
        ("disposal.list", json!({})),
    ] {
        let _ = office.call(me, command, payload, Lang::Zh).await;
    }
    office.close().await;
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(Value::Array(all)) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    admin();
    at_most(|| office::runtime().block_on(stored(&all)));
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    match change::json(&data[..size], seed, lent()) {
        Some(new) if !seed.is_multiple_of(16) => change::put(data, size, Some(new)),
        _ => fuzzer_mutate(data, size, max_size),
    }
});
