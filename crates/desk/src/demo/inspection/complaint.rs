//! The complaint, from the counter to the judgement that orders a retest.

use crate::{
    ApiError,
    demo::{Practice, text},
};
use serde_json::{Value, json};

impl Practice {
    /// What the clerk types in story 1.
    pub fn complaint(&self) -> Value {
        json!({
            "complaint.source": "customer",
            "complainant.anonymous": false,
            "complainant.name": "王芳",
            "complainant.phone": "138 0013 8000",
            "complainant.organisation": "宏远物流有限公司",
            "complainant.address": "江北区长河路 21 号",
            "complaint.nature": "test_result",
            "complaint.description": "我这份报告说制动液含水量 4.2%，上个月别的站才 1.1%，我怀疑你们搞错了，要求重新检一次。",
            "complaint.demand": ["retest"],
            "report.number": "JC-2026-0917",
            "report.date": "2026-09-28",
            "report.sample": "制动液",
            "report.copies": [
                { "kind": "paper", "holder": "王芳" },
                { "kind": "paper", "holder": "平安保险江北支公司" },
                { "kind": "electronic", "holder": "王芳（电子邮件）" },
            ],
            "complaint.materials": [
                { "name": "检测报告复印件", "count": 1 },
                { "name": "他站报告照片", "count": 2 },
            ],
            "complaint.about_us": true,
            "immediate.measures": ["none"],
            "report.operator": self.id("sunli"),
            "report.reviewer": self.id("hejing"),
            "report.signatory": self.id("linlan"),
        })
    }

    /// Registers story 1's complaint at 2026-09-30 16:10.
    ///
    /// # Errors
    /// What registering refuses.
    pub async fn register(&mut self, values: Value) -> Result<String, ApiError> {
        self.clock("2026-09-30T16:12")?;
        let request = json!({
            "procedure": "inspection-station",
            "received_at": "2026-09-30T16:10:00+08:00",
            "channel": "visit",
            "values": values,
        });
        let made = self.call("zhaomin", "case.register", request).await?;
        let number = text(&made, "number")?.to_owned();
        self.issue("zhaomin", &number, "complaint-receipt", None)
            .await?;
        Ok(number)
    }

    /// From registration to the judgement that orders a retest.
    ///
    /// # Errors
    /// What the actions refuse.
    pub async fn judged(&mut self, case: &str) -> Result<(), ApiError> {
        self.clock("2026-09-30T16:40")?;
        self.act(
            "zhaomin",
            case,
            "send_to_qm",
            json!({
                "pretreatment.opinion": "accept",
                "pretreatment.department": "化学检测室",
                "pretreatment.retest_wanted": true,
                "materials.kept": true,
                "materials.place": "办公室收件柜 3 号，随案卷",
            }),
        )
        .await?;
        self.issue("zhaomin", case, "intake-pretreatment", None)
            .await?;
        self.clock("2026-10-08T09:05")?;
        self.act("luoping", case, "accept_case", json!({})).await?;
        self.clock("2026-10-09T10:20")?;
        self.act("zhouheng", case, "answer_checks", json!({
            "checks.basis": "yes",
            "checks.basis.note": "GB 12981-2012 现行有效，原始记录所列依据一致。",
            "checks.equipment": "no",
            "checks.equipment.note": "TP-04 天平检定有效期至 2026-08-31，检测日 2026-09-28 已超周期。",
            "checks.method": "yes",
            "checks.method.note": "卡尔费休法，方法标准现行，作业指导书无偏离。",
            "checks.process": "yes",
            "checks.process.note": "平行样两次，记录与复核签字齐全。",
            "checks.environment": "yes",
            "checks.environment.note": "温湿度记录 22 ℃、48 %RH，在要求之内。",
            "checks.data": "yes",
            "checks.data.note": "复算原始数据，计算与修约无误。",
        })).await?;
        self.clock("2026-10-09T15:20")?;
        self.act("luoping", case, "judge", json!({
            "judgement.finding": "六项核查中仪器一项不符合：所用天平已超检定周期。异议有依据，对留样 LY-0917 复检。",
            "judgement.outcome": "retest",
            "judgement.corrective": true,
            "retest.fee_note": "已告知客户：一致由客户承担，不一致且属本站过失由本站承担。",
        })).await?;
        Ok(())
    }
}
