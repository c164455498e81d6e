//! Story 1: the inspection station, with its three endings.

use super::Practice;
use crate::ApiError;
use serde_json::{Value, json};

/// How the retest ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndsAs {
    /// Outside the tolerance: the report is retracted.
    Differs,
    /// Within it: the client pays.
    Agrees,
    /// No usable sample: explained in writing, re-sampling agreed.
    UsedUp,
}

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
        let number = made["number"].as_str().unwrap_or_default().to_owned();
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

    async fn replied(&mut self, case: &str, text: &str) -> Result<(), ApiError> {
        self.act(
            "luoping",
            case,
            "issue_reply",
            json!({ "reply.to": "王芳女士", "reply.way": "letter", "reply.text": text }),
        )
        .await?;
        self.issue("zhaomin", case, "reply-letter", None).await?;
        self.act(
            "zhaomin",
            case,
            "record_response",
            json!({ "reply.accepted": "accepted" }),
        )
        .await?;
        Ok(())
    }

    /// Closing notice, closing, archive, cover.
    ///
    /// # Errors
    /// What the actions refuse.
    pub async fn closed(
        &mut self,
        case: &str,
        outcome: &str,
        summary: &str,
    ) -> Result<(), ApiError> {
        self.act(
            "luoping",
            case,
            "prepare_closing",
            json!({ "closing.outcome": outcome, "closing.summary": summary }),
        )
        .await?;
        self.issue("luoping", case, "closing-notice", None).await?;
        // The record as it stands now: the checks, the judgement and the finding of fault came after it was given out.
        self.issue("zhaomin", case, "intake-pretreatment", None)
            .await?;
        self.act("luoping", case, "close", json!({})).await?;
        self.act(
            "zhaomin",
            case,
            "archive",
            json!({ "archive.location": "档案室 3 柜 2 层" }),
        )
        .await?;
        self.issue("zhaomin", case, "case-cover", None).await?;
        Ok(())
    }

    /// Walks story 1 to one of its endings; answers the case number.
    ///
    /// # Errors
    /// What the actions refuse.
    pub async fn story(&mut self, ends: EndsAs) -> Result<String, ApiError> {
        let complaint = self.complaint();
        let case = self.register(complaint).await?;
        self.judged(&case).await?;
        match ends {
            EndsAs::Differs => {
                self.retested(&case, false).await?;
                self.retracted(&case).await?;
                self.copies_accounted(&case).await?;
                self.replied(&case, "经复检，您反映的含水量结果确有错误，系本站天平超检定周期所致。原报告已收回并更正，检测费用不收取，换液费用 260 元由本站赔付。为此给您带来的不便，我们深表歉意。").await?;
                self.corrected(&case).await?;
                // Who bears the fee was decided after the report.
                self.issue("luoping", &case, "reinspection-report", None)
                    .await?;
                self.closed(&case, "upheld", "复检不一致，确认本站过失；原报告逐份收回，发出更改检测报告的声明文件，赔付 260 元；纠正措施经验证有效。").await?;
            }
            EndsAs::Agrees => {
                self.retested(&case, true).await?;
                self.extent(&case).await?;
                self.clock("2026-10-12T09:30")?;
                self.act(
                    "zhaomin",
                    &case,
                    "fee_paid",
                    json!({ "retest.fee_amount": 120 }),
                )
                .await?;
                self.replied(&case, "经对留样复检，含水量为 4.1%，与原结果 4.2% 之差在允差 0.3% 之内，原报告结论不变。重复检测费用 120 元按规定由您承担。").await?;
                self.closed(
                    &case,
                    "not_upheld",
                    "复检一致，原报告有效；客户已交重复检测费用。",
                )
                .await?;
            }
            EndsAs::UsedUp => {
                self.clock("2026-10-10T11:30")?;
                self.act("zhengxiao", &case, "no_sample", json!({
                    "retest.sample_usable": "used_up",
                    "retest.not_possible": "留样 LY-0917 已在初检复核中用完，无法对原样复检。",
                    "retest.resampling": true,
                    "retest.resampling_note": "双方商定 10 月 15 日上午共同重新取样，检测费由本站承担。",
                })).await?;
                self.extent(&case).await?;
                self.clock("2026-10-12T09:30")?;
                self.replied(&case, "您要求的复检不能按原样进行，说明和商定的安排如下。重新取样的检测结果另行书面告知您。").await?;
                self.closed(&case, "partly", "留样用完，已书面说明并商定重新取样。")
                    .await?;
            }
        }
        Ok(case)
    }

    /// The whole demo: three cases to their archive, and two that are still open.
    ///
    /// # Errors
    /// What the commands refuse.
    pub async fn walk(&mut self) -> Result<Vec<String>, ApiError> {
        let mut cases = Vec::new();
        for ends in [EndsAs::Differs, EndsAs::Agrees, EndsAs::UsedUp] {
            cases.push(self.story(ends).await?);
        }
        let complaint = self.complaint();
        let open = self.register(complaint).await?;
        self.judged(&open).await?;
        self.retested(&open, false).await?;
        self.retracted(&open).await?;
        cases.push(open);
        let mut service = self.complaint();
        let parts = [
            ("complaint.nature", json!("service")),
            (
                "complaint.description",
                json!("大厅等候两个多小时，叫号屏坏了没人管，问窗口说不知道。"),
            ),
            ("complaint.demand", json!(["explain", "apologise"])),
            ("complainant.name", json!("李建国")),
            ("complainant.phone", json!("139 0571 2233")),
        ];
        for (key, value) in parts {
            service[key] = value;
        }
        if let Some(map) = service.as_object_mut() {
            map.retain(|k, _| !k.starts_with("report."));
        }
        cases.push(self.register(service).await?);
        for story in super::Laboratory::ALL {
            cases.push(self.laboratory(story).await?);
        }
        for (name, text) in super::STORIES {
            let astray = |e: super::Astray| {
                ApiError::new("story_astray").with("about", format!("{name}: {e}"))
            };
            let story = super::Story::read(text).map_err(astray)?;
            cases.extend(self.tell(&story).await.map_err(astray)?.into_values());
        }
        Ok(cases)
    }
}
