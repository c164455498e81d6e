//! A wrong procedure is refused with file, line and what it is about; and a golden sample of every event.

use redress_domain::{
    check::{Files, files_name, load},
    event::EventBody,
};
use rstest::rstest;

const GOOD: &str = r#"forms = []
[procedure]
id = "tiny"
title = "小程序"
edition = "1"
organisation_kind = "窗口"
number_format = "X-{year}-{seq}"
[[role]]
id = "clerk"
title = "文员"
[[channel]]
id = "visit"
title = "来人"
[[field]]
id = "what"
title = "内容"
kind = "text"
[register]
id = "register"
title = "登记"
by = ["clerk"]
fields = ["what"]
[[step]]
id = "open"
title = "办理"
  [[step.action]]
  id = "close"
  title = "结案"
  by = ["clerk"]
  effect = "close"
[[clock]]
id = "day"
title = "一天"
starts = "registered"
stops = ["closed"]
within = { hours = 24 }
source = "L1"
"#;

fn files(text: &str) -> Files {
    Files {
        procedure: (files_name::PROCEDURE.into(), text.to_owned()),
        ..Files::default()
    }
}

#[test]
fn a_sound_one_is_taken() {
    let edition = load(&files(GOOD)).expect("sound");
    assert_eq!(edition.hash.len(), 64);
}

#[rstest]
#[case(r#"by = ["clerk"]"#, r#"by = ["chef"]"#, "role_unknown", 21)]
#[case(r#"fields = ["what"]"#, r#"fields = ["colour"]"#, "field_unknown", 22)]
#[case(
    "hours = 24",
    "hours = 24, working_days = 1",
    "clock_needs_one_limit",
    32
)]
#[case(
    r#"stops = ["closed"]"#,
    r#"stops = ["action:sing"]"#,
    "clock_event_unknown",
    35
)]
#[case(r#"effect = "close""#, r#"effect = "sing""#, "file_not_understood", 30)]
#[case(
    r#"effect = "close""#,
    r#"to = [{ step = "moon" }]"#,
    "step_unknown",
    30
)]
#[case("forms = []", r#"forms = ["receipt"]"#, "form_unknown", 1)]
#[case("X-{year}-{seq}", "X-{seq}", "number_format_unfit", 7)]
fn a_mistake_is_named_with_its_line(
    #[case] from: &str,
    #[case] to: &str,
    #[case] code: &str,
    #[case] line: usize,
) {
    let problems = load(&files(&GOOD.replacen(from, to, 1))).expect_err("not sound");
    let found = problems.iter().find(|p| p.code == code);
    assert_eq!(found.map(|p| p.line), Some(line), "{problems:?}");
}

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
    assert_eq!(all.len(), 49, "a new kind needs a golden sample");
}
