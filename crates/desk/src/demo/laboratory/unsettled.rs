//! 涉及质量体系: the negotiation fails and goes on to the president as 未达成.

use super::{
    Deed::{self, At, Issue},
    act,
};
use serde_json::{Value, json};

pub(super) fn unsettled(tangyi: Value) -> Vec<Deed> {
    planned(tangyi).into_iter().chain(decided()).collect()
}

/// Triage, the investigation and the plan.
fn planned(tangyi: Value) -> Vec<Deed> {
    vec![
        act(
            "chenxia",
            "respond",
            json!({ "response.way": "phone", "response.text": "已收到，今日核对取样记录。" }),
        ),
        At("2026-05-13T09:40"),
        act(
            "qianwei",
            "triage_at_once",
            json!({
                "triage.opinion": "accept", "triage.level": "system", "triage.major": false,
                "triage.reason": "三次重复，涉及标本运送的管理。",
            }),
        ),
        act(
            "suqing",
            "assign_investigator",
            json!({ "investigation.person": tangyi }),
        ),
        At("2026-05-13T16:00"),
        act(
            "tangyi",
            "record_investigation",
            json!({
                "investigation.text": "运送记录显示 4 月 9 日、16 日、23 日取样晚于约定 3 小时以上，因运送车辆检修。",
                "responsibility.finding": "ours", "responsibility.ours": "车辆检修未安排替代，也未告知客户。",
                "responsibility.corrective": false,
                "responsibility.preventive": false,
            }),
        ),
        act(
            "tangyi",
            "propose_plan_investigator",
            json!({ "plan.text": "书面致歉；减免三批检测费的 20%；检修时安排替代车辆。" }),
        ),
        act("fangyuan", "director_sign", json!({})),
    ]
}

/// The negotiation fails; the president decides, and the customer accepts.
fn decided() -> Vec<Deed> {
    vec![
        At("2026-05-14T08:40"),
        act(
            "suqing",
            "record_negotiation",
            json!({
                "negotiation.date": "2026-05-14", "negotiation.people": "苏青；丁峰",
                "negotiation.text": "客户坚持减免全月费用，未能一致。", "negotiation.outcome": "failed",
            }),
        ),
        Issue("suqing", "negotiation-record", None),
        act(
            "suqing",
            "submit_revised",
            json!({ "plan.revised": "维持减免三批的 20%，另延长报告保证：晚于约定时间即免该批费用。" }),
        ),
        act("fangyuan", "forward", json!({})),
        At("2026-05-14T11:00"),
        act(
            "yanhong",
            "president_sign",
            json!({ "plan.final": "三批检测费减免 50%，按新方案作出时间保证。" }),
        ),
        act(
            "suqing",
            "treat_staff",
            json!({ "staff.measures": "无需处理个人：属安排不当，由综合管理组整改。" }),
        ),
        act(
            "suqing",
            "give_result",
            json!({
                "reply.to": "城南社区卫生服务中心", "reply.way": "letter",
                "reply.text": "三批检测费减免 50%；今后晚于约定时间取样的，该批免费。",
            }),
        ),
        Issue("chenxia", "reply-letter", None),
        act(
            "chenxia",
            "record_response",
            json!({ "reply.accepted": "accepted" }),
        ),
    ]
}
