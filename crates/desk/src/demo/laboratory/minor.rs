//! 细小: handled by the group leader and filed.

use super::{
    Deed::{self, At},
    act,
};
use serde_json::{Value, json};

pub(super) fn minor(qianwei: Value) -> Vec<Deed> {
    vec![
        act(
            "chenxia",
            "respond",
            json!({ "response.way": "face", "response.text": "当面致歉并说明。" }),
        ),
        act("chenxia", "report_up", json!({ "reported.to": [qianwei] })),
        At("2026-05-14T10:20"),
        act(
            "qianwei",
            "triage",
            json!({
                "triage.opinion": "accept", "triage.level": "minor", "triage.reason": "等候时间，未影响结果。",
            }),
        ),
        act(
            "qianwei",
            "handle_minor",
            json!({ "minor.handling": "当班增开一个窗口，高峰时段排两人。" }),
        ),
        act(
            "qianwei",
            "give_result",
            json!({
                "reply.to": "罗丽女士", "reply.way": "visit", "reply.text": "已增开窗口，今后高峰时段开两个窗口。",
            }),
        ),
        act(
            "chenxia",
            "record_response",
            json!({ "reply.accepted": "accepted" }),
        ),
        At("2026-05-14T15:00"),
        act("suqing", "file@filing-1", json!({})),
    ]
}
