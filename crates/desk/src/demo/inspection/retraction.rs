//! A report that is retracted: its copies, its amendment, and the corrective action.

use crate::{ApiError, demo::Practice};
use serde_json::json;

impl Practice {
    /// From the differing retest to the reply: fault, extent, retraction, amendment, compensation.
    ///
    /// # Errors
    /// What the actions refuse.
    pub async fn retracted(&mut self, case: &str) -> Result<(), ApiError> {
        self.clock("2026-10-10T15:00")?;
        self.act(
            "luoping",
            case,
            "decide_fault",
            json!({
                "fault.decision": "ours",
                "fault.reason": "原检测所用天平已超检定周期，复检结果与原结果之差超出允差。",
            }),
        )
        .await?;
        self.extent(case).await?;
        self.act("luoping", case, "approve_retraction", json!({
            "retraction.reason": "经对留样 LY-0917 复检，含水量结果为 1.2%，与原结果 4.2% 之差超出允差 0.3%。经查，原检测所用天平已超检定周期，确认系本站过失。原报告结果无效，现予收回。",
            "retraction.impact": "原报告的“不合格”结论不成立，请勿据此更换制动液或办理理赔。",
            "retraction.return_by": "2026-10-16",
            "retraction.return_to": "滨江路 8 号 一楼办公室",
        })).await?;
        self.clock("2026-10-10T16:02")?;
        self.issue("zhaomin", case, "retraction-notice", None)
            .await?;
        self.act(
            "wuyue",
            case,
            "approve_amendment",
            json!({
                "amendment.new_number": "JC-2026-0917-G1",
                "amendment.changes": [
                    { "place": "含水量", "old": "4.2%", "new": "1.2%" },
                    { "place": "单项判定", "old": "不合格", "new": "合格" },
                ],
                "amendment.reason": "原检测所用天平超检定周期，以复检结果更正。",
            }),
        )
        .await?;
        self.issue("zhaomin", case, "amendment-statement", None)
            .await?;
        self.act(
            "luoping",
            case,
            "settle_compensation",
            json!({
                "compensation.loss": "客户据原报告更换制动液一次。",
                "compensation.amount": 260,
                "compensation.basis": "凭维修发票，双方商定。",
            }),
        )
        .await?;
        self.issue("luoping", case, "compensation-record", None)
            .await?;
        Ok(())
    }

    /// The copies of the retracted report, one by one.
    ///
    /// # Errors
    /// What the actions refuse.
    pub async fn copies_accounted(&mut self, case: &str) -> Result<(), ApiError> {
        self.clock("2026-10-12T09:12")?;
        self.act(
            "zhaomin",
            case,
            "account_paper@retract_copy-1",
            json!({ "copy.outcome": "returned", "copy.date": "2026-10-12" }),
        )
        .await?;
        self.act("zhaomin", case, "account_paper@retract_copy-2", json!({
            "copy.outcome": "lost", "copy.date": "2026-10-12", "copy.note": "保险公司函告遗失，已在站公告栏声明作废。",
        })).await?;
        self.act(
            "zhaomin",
            case,
            "account_electronic@retract_copy-3",
            json!({
                "copy.outcome_electronic": "recipient", "copy.date": "2026-10-12",
            }),
        )
        .await?;
        Ok(())
    }

    /// The corrective action from the request to its verified effect.
    ///
    /// # Errors
    /// What the actions refuse.
    pub async fn corrected(&mut self, case: &str) -> Result<(), ApiError> {
        let task = "corrective_action-1";
        let on = |action: &str| format!("{action}@{task}");
        self.clock("2026-10-12T10:00")?;
        self.act(
            "luoping",
            case,
            &on("ca_plan"),
            json!({
                "ca.nonconformity": "TP-04 天平超检定周期仍用于检测。",
                "ca.clause": "4.3.2 b",
                "ca.containment": "即日停用 TP-04，贴停用标识。",
                "ca.department": "化学检测室",
                "ca.responsible": self.id("xuchuan"),
                "ca.due": "2026-10-23",
            }),
        )
        .await?;
        self.act("xuchuan", case, &on("ca_propose"), json!({
            "ca.cause": "检定台账未设到期提醒，使用前点检表无有效期一栏。",
            "ca.measures": [
                { "measure": "检定台账增加到期前 30 天提醒", "responsible": "许川", "due": "2026-10-20" },
                { "measure": "点检表增加检定有效期核对", "responsible": "许川", "due": "2026-10-20" },
            ],
        })).await?;
        self.act("luoping", case, &on("ca_approve"), json!({}))
            .await?;
        self.clock("2026-10-20T16:00")?;
        self.act(
            "xuchuan",
            case,
            &on("ca_done"),
            json!({
                "ca.evidence": "新点检表两周记录、台账提醒截图。", "ca.verify_on": "2026-11-10",
            }),
        )
        .await?;
        self.clock("2026-11-10T10:00")?;
        self.act(
            "luoping",
            case,
            &on("ca_verify"),
            json!({
                "ca.effect": "effective",
                "ca.effect_basis": "抽查 30 份记录，检定有效期均已核对，无超期使用。",
                "ca.prevention": "推广到全部强制检定仪器。",
            }),
        )
        .await?;
        self.issue("luoping", case, "corrective-action", Some(task))
            .await?;
        Ok(())
    }
}
