//! What the clerk types, and when.

use super::Laboratory;
use serde_json::{Value, json};

/// A complaint as it comes in.
pub(super) struct Complaint {
    /// RFC 3339.
    pub received: &'static str,
    /// When the clerk enters it.
    pub entered: &'static str,
    pub channel: &'static str,
    pub values: Value,
}

impl Laboratory {
    pub(super) fn complaint(self) -> Complaint {
        match self {
            Self::Potassium => potassium(),
            Self::Unsettled => unsettled(),
            Self::Minor => minor(),
        }
    }
}

/// A potassium value that does not fit the patient.
fn potassium() -> Complaint {
    Complaint {
        received: "2026-05-08T17:20:00+08:00",
        entered: "2026-05-08T17:24",
        channel: "phone",
        values: json!({
            "complaint.source": "ward",
            "complainant.name": "韩雪",
            "complainant.organisation": "心内科病区",
            "complainant.phone": "院内 6208",
            "complaint.nature": "test_result",
            "complaint.description": "刚出的血钾 7.1，病人一点症状也没有，心电图也正常，早上才 4.2，是不是标本溶血了？",
            "complaint.demand": ["recheck", "explain"],
            "report.number": "20260508-3317",
            "report.item": "血清钾",
            "report.result": "7.1 mmol/L",
            "report.patient": "住院号 0417733",
            "report.date": "2026-05-08",
            "complaint.about_us": true,
            "immediate.measures": ["hold_results", "inform_clinician"],
            "immediate.note": "结果已锁定；电话告知值班医生暂勿据此处理，重新采血急查。",
        }),
    }
}

/// Samples that were fetched late.
fn unsettled() -> Complaint {
    Complaint {
        received: "2026-05-13T09:00:00+08:00",
        entered: "2026-05-13T09:10",
        channel: "written",
        values: json!({
            "complaint.source": "customer",
            "complainant.name": "丁峰",
            "complainant.organisation": "城南社区卫生服务中心",
            "complainant.phone": "0571-8888 4417",
            "complaint.nature": "service",
            "complaint.description": "上个月送检的标本三次没有按约定时间取走，报告都晚了一天，要求减免当月费用。",
            "complaint.demand": ["compensate", "apologise"],
            "complaint.about_us": true,
            "immediate.measures": ["none"],
        }),
    }
}

/// A queue.
fn minor() -> Complaint {
    Complaint {
        received: "2026-05-14T10:00:00+08:00",
        entered: "2026-05-14T10:05",
        channel: "oral",
        values: json!({
            "complaint.source": "customer",
            "complainant.name": "罗丽",
            "complaint.nature": "service",
            "complaint.description": "抽血窗口只开了一个，等了四十分钟。",
            "complaint.demand": ["explain"],
            "complaint.about_us": true,
            "immediate.measures": ["none"],
        }),
    }
}
