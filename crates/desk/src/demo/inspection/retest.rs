//! The retest, and what else the failed check touches.

use crate::{ApiError, demo::Practice};
use serde_json::{Value, json};

impl Practice {
    /// What the retest's operator enters.
    pub fn retest(agrees: bool) -> Value {
        let (value, verdict) = if agrees {
            (4.1, "agrees")
        } else {
            (1.2, "differs")
        };
        json!({
            "retest.sample": "LY-0917",
            "retest.sample_state": "密封完好",
            "retest.sample_until": "2026-12-28",
            "retest.reason": "客户对含水量结果有异议，要求复检。",
            "retest.standard": "GB 12981-2012",
            "retest.equipment": "TP-07 电子天平；KF-02 卡尔费休水分仪",
            "retest.equipment_valid_until": "2027-03-31",
            "retest.environment": "22 ℃，45 %RH",
            "retest.date": "2026-10-10",
            "retest.items": [{
                "item": "含水量", "unit": "%", "limit": "≤ 3.5",
                "original": { "value": 4.2, "unit": "%" },
                "retest": { "value": value, "unit": "%" },
                "tolerance": 0.3, "verdict": verdict,
            }],
            "retest.conclusion": verdict,
        })
    }

    /// The retest, reviewed, approved and reported.
    ///
    /// # Errors
    /// What the actions refuse.
    pub async fn retested(&mut self, case: &str, agrees: bool) -> Result<(), ApiError> {
        self.clock("2026-10-10T11:30")?;
        self.act("zhengxiao", case, "record_retest", Self::retest(agrees))
            .await?;
        self.clock("2026-10-10T14:00")?;
        self.act("wuyue", case, "review_retest", json!({})).await?;
        self.act("luoping", case, "approve_retest", json!({}))
            .await?;
        self.issue("luoping", case, "reinspection-report", None)
            .await?;
        Ok(())
    }

    /// What else the failed check touches: settled whether the retest agrees or not (G13).
    ///
    /// # Errors
    /// What the action refuses.
    pub async fn extent(&self, case: &str) -> Result<(), ApiError> {
        self.act(
            "zhouheng",
            case,
            "settle_extent@extent-1",
            json!({
                "extent.touched": "some",
                "extent.items": [
                    { "kind": "检测报告", "number": "JC-2026-0902", "note": "通知客户，安排复检" },
                    { "kind": "检测报告", "number": "JC-2026-0908", "note": "通知客户，安排复检" },
                    { "kind": "检测报告", "number": "JC-2026-0911", "note": "通知客户，安排复检" },
                ],
                "extent.basis": "同一天平 9 月 1 日至 9 月 28 日称量的全部样品。",
            }),
        )
        .await?;
        Ok(())
    }
}
