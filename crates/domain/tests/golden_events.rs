//! A golden sample of every event: what stands in the logs of offices is understood by every later version.

use redress_domain::event::EventBody;
use std::collections::BTreeSet;

/// Written once, never edited: every kind and version ever written must still be understood.
const GOLDEN: &str = include_str!("golden/events-v1.json");

#[test]
fn every_golden_event_is_still_understood() {
    let all: Vec<serde_json::Value> = serde_json::from_str(GOLDEN).expect("JSON");
    for sample in &all {
        let kind = sample["kind"].as_str().expect("a kind");
        let body =
            EventBody::join(kind, sample["body"].clone()).unwrap_or_else(|e| panic!("{kind}: {e}"));
        let (kind_again, body_again) = body.split().expect("splits");
        assert_eq!(
            (kind_again.as_str(), &body_again),
            (kind, &sample["body"]),
            "nothing is lost of {kind}"
        );
    }
    let kinds: BTreeSet<&str> = all.iter().filter_map(|s| s["kind"].as_str()).collect();
    // Serde names every kind where it is asked for one that is none.
    let none = EventBody::join("no such kind", serde_json::Value::Null).expect_err("no kind");
    let said = none.to_string();
    let known: BTreeSet<&str> = said.split('`').skip(3).step_by(2).collect();
    assert_eq!(known, kinds, "a new kind needs a golden sample");
}
