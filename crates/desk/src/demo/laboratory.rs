//! Story 6: the clinical laboratory, in its three forms.

use super::Practice;
use crate::ApiError;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// Login, name, roles.
const PEOPLE: [(&str, &str, &[&str]); 10] = [
    ("chenxia", "陈霞", &["reception", "general_group"]),
    ("qianwei", "钱伟", &["group_leader"]),
    ("suqing", "苏青", &["quality_manager"]),
    ("tangyi", "唐逸", &["investigator"]),
    ("mengfan", "孟凡", &["technical_manager"]),
    ("fangyuan", "方圆", &["director"]),
    ("yanhong", "颜宏", &["president"]),
    ("baiyun", "白云", &["president_office"]),
    ("jinzhe", "金哲", &["group_leader"]),
    ("liuyang", "刘洋", &["group_leader", "investigator"]),
];

/// Which complaint it is, and how it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Laboratory {
    /// 较大 and 重大: a potassium value; agreed, signed by the president, then mediation.
    Potassium,
    /// 涉及质量体系: the negotiation fails and goes on to the president as 未达成.
    Unsettled,
    /// 细小: handled by the group leader and filed.
    Minor,
}

impl Laboratory {
    /// All three, in the order of the story.
    pub const ALL: [Self; 3] = [Self::Potassium, Self::Unsettled, Self::Minor];
}

/// One thing that somebody does at a moment of the story.
enum Deed {
    /// Who, which action, with what.
    Act(&'static str, &'static str, Value),
    /// Who gives which form out, of which task.
    Issue(&'static str, &'static str, Option<&'static str>),
    /// The clock moves.
    At(&'static str),
}
use Deed::{Act, At, Issue};

impl Practice {
    /// Adds the laboratory's people, or signs in those who are there.
    ///
    /// # Errors
    /// What the commands refuse.
    pub async fn laboratory_people(&mut self) -> Result<(), ApiError> {
        let known = self.call("admin", "person.list", json!({})).await?;
        for (login, name, roles) in PEOPLE {
            if !known
                .as_array()
                .is_some_and(|all| all.iter().any(|p| p["login"] == login))
            {
                let roles: Vec<Value> = roles
                    .iter()
                    .map(|r| json!({ "procedure": "clinical-laboratory", "role": r }))
                    .collect();
                let person = json!({ "name": name, "login": login, "password": self.password, "account": "member", "roles": roles });
                self.call("admin", "person.add", person).await?;
            }
            let password = self.password.clone();
            self.sign_in_with(login, &password).await?;
        }
        Ok(())
    }

    /// Registers one of story 6's complaints.
    ///
    /// # Errors
    /// What registering refuses.
    pub async fn laboratory_register(&mut self, story: Laboratory) -> Result<String, ApiError> {
        let (received, entered, channel, values) = match story {
            Laboratory::Potassium => (
                "2026-05-08T17:20:00+08:00",
                "2026-05-08T17:24",
                "phone",
                json!({
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
            ),
            Laboratory::Unsettled => (
                "2026-05-13T09:00:00+08:00",
                "2026-05-13T09:10",
                "written",
                json!({
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
            ),
            Laboratory::Minor => (
                "2026-05-14T10:00:00+08:00",
                "2026-05-14T10:05",
                "oral",
                json!({
                    "complaint.source": "customer",
                    "complainant.name": "罗丽",
                    "complaint.nature": "service",
                    "complaint.description": "抽血窗口只开了一个，等了四十分钟。",
                    "complaint.demand": ["explain"],
                    "complaint.about_us": true,
                    "immediate.measures": ["none"],
                }),
            ),
        };
        self.clock(entered)?;
        let request = json!({ "procedure": "clinical-laboratory", "received_at": received, "channel": channel, "values": values });
        let made = self.call("chenxia", "case.register", request).await?;
        let case = made["number"].as_str().unwrap_or_default().to_owned();
        self.issue("chenxia", &case, "complaint-receipt", None)
            .await?;
        Ok(case)
    }

    /// Walks story 6 in one of its forms to the archive; answers the case number.
    ///
    /// # Errors
    /// What the actions refuse.
    pub async fn laboratory(&mut self, story: Laboratory) -> Result<String, ApiError> {
        self.laboratory_people().await?;
        let case = self.laboratory_register(story).await?;
        if story == Laboratory::Minor {
            let note = STANDARD.encode("罗丽留下的字条：抽血窗口只开了一个，等了四十分钟。");
            let file = json!({ "case": case, "name": "罗丽的字条.txt", "kind": "material", "bytes": note });
            self.call("chenxia", "attachment.add", file).await?;
        }
        let parts = match story {
            Laboratory::Potassium => {
                vec![
                    self.re_verified(),
                    planned(),
                    decided(),
                    mediated(),
                    self.prevented(),
                    self.filed("partly", "技术复验不一致，确认标本溶血未识别；院长决定的方案已执行，院办调解成功，纠正措施有效。"),
                ]
            }
            Laboratory::Unsettled => vec![
                unsettled(self.id("tangyi")),
                self.filed("upheld", "协商未达成，按院长决定的方案处理；投诉方接受。"),
            ],
            Laboratory::Minor => vec![
                minor(self.id("qianwei")),
                self.filed("upheld", "细小投诉，专业组长处理并备案。"),
            ],
        };
        for deed in parts.into_iter().flatten() {
            match deed {
                At(time) => self.clock(time)?,
                Act(who, action, values) => {
                    self.act(who, &case, action, values).await?;
                }
                Issue(who, form, task) => {
                    self.issue(who, &case, form, task).await?;
                }
            }
        }
        Ok(case)
    }

    /// Triage, the director's approval of 重大, and the technical re-verification.
    fn re_verified(&self) -> Vec<Deed> {
        let task = Some("reverification-1");
        vec![
            At("2026-05-08T17:40"),
            Act(
                "chenxia",
                "respond",
                json!({ "response.way": "phone", "response.text": "已锁定结果，值班人员核对标本和质控；请病区重新采血急查，复查结果一出即电话告知。" }),
            ),
            Act(
                "chenxia",
                "report_up",
                json!({ "reported.to": [self.id("qianwei"), self.id("suqing")] }),
            ),
            At("2026-05-08T18:05"),
            Act(
                "qianwei",
                "triage",
                json!({
                    "triage.opinion": "accept", "triage.level": "larger", "triage.major": true, "triage.group": "生化组",
                    "triage.reason": "危急值与临床不符，可能导致错误处置。",
                }),
            ),
            Act(
                "chenxia",
                "name_original_staff",
                json!({
                    "report.operator": self.id("liuyang"), "report.reviewer": self.id("liuyang"), "report.signatory": self.id("liuyang"),
                }),
            ),
            At("2026-05-08T18:30"),
            Act(
                "fangyuan",
                "approve_major",
                json!({ "major.opinion": "涉及危急值，同意列为重大。" }),
            ),
            Act(
                "suqing",
                "assign_investigator",
                json!({ "investigation.person": self.id("tangyi") }),
            ),
            At("2026-05-09T09:00"),
            Act(
                "mengfan",
                "organise_reverification@reverification-1",
                json!({
                    "reverify.person": self.id("jinzhe"), "reverify.reason": "结果与临床不符，原标本疑溶血。",
                }),
            ),
            At("2026-05-09T10:30"),
            Act(
                "jinzhe",
                "record_reverification@reverification-1",
                json!({
                    "reverify.sample": "20260508-3317 / 复采 3352",
                    "reverify.sample_state": "原标本目测溶血（++）；复采标本正常",
                    "reverify.method": "间接离子选择电极法，SOP-SH-021",
                    "reverify.equipment": "生化分析仪 SH-03",
                    "reverify.equipment_valid_until": "2026-12-31",
                    "reverify.qc": "当日两水平质控在控。",
                    "reverify.date": "2026-05-09",
                    "reverify.items": [{
                        "item": "血清钾", "unit": "mmol/L", "range": "3.5–5.3",
                        "original": { "value": 7.1, "unit": "mmol/L" }, "retest": { "value": 4.3, "unit": "mmol/L" },
                        "tolerance": 0.2, "verdict": "differs",
                    }],
                    "reverify.conclusion": "differs",
                }),
            ),
            At("2026-05-09T11:00"),
            Act(
                "mengfan",
                "confirm_reverification@reverification-1",
                json!({}),
            ),
            Issue("mengfan", "technical-reverification", task),
            At("2026-05-09T16:50"),
            Act(
                "suqing",
                "written_progress",
                json!({
                    "progress24.way": "mail",
                    "progress24.text": "复验显示原标本溶血，血钾假性升高，复采结果 4.3 mmol/L。溶血识别环节正在调查，预计 5 月 11 日给出处理方案。",
                }),
            ),
        ]
    }

    /// The corrective action, and what goes to the management review.
    fn prevented(&self) -> Vec<Deed> {
        vec![
            At("2026-05-21T09:00"),
            Act(
                "suqing",
                "ca_plan@corrective_action-1",
                json!({
                    "ca.nonconformity": "溶血标本未被识别即发出血钾危急值。", "ca.clause": "CL-CX-13",
                    "ca.responsible": self.id("qianwei"), "ca.due": "2026-05-29",
                }),
            ),
            Act(
                "qianwei",
                "ca_propose@corrective_action-1",
                json!({
                    "ca.cause": "血清指数报警阈值设置过高，审核时未看血清指数。",
                    "ca.measures": [
                        { "measure": "调低溶血指数报警阈值", "responsible": "钱伟", "due": "2026-05-22" },
                        { "measure": "危急值发出前核对血清指数，写入审核规程", "responsible": "钱伟", "due": "2026-05-29" },
                    ],
                }),
            ),
            Act("fangyuan", "ca_approve@corrective_action-1", json!({})),
            At("2026-05-29T15:00"),
            Act(
                "qianwei",
                "ca_done@corrective_action-1",
                json!({ "ca.evidence": "参数修改记录；新审核规程及培训签到。", "ca.verify_on": "2026-06-30" }),
            ),
            At("2026-06-30T10:00"),
            Act(
                "mengfan",
                "ca_verify@corrective_action-1",
                json!({
                    "ca.effect": "effective", "ca.effect_basis": "6 月血钾危急值 14 例，血清指数均有核对记录，无溶血漏识。",
                    "ca.prevention": "推广到乳酸脱氢酶、天门冬氨酸氨基转移酶等易受溶血影响的项目。",
                }),
            ),
            Issue("suqing", "corrective-action", Some("corrective_action-1")),
            Act(
                "suqing",
                "pa_plan@preventive_action-1",
                json!({
                    "pa.potential": "脂血、黄疸标本的血清指数报警同样可能不被查看。", "pa.clause": "CL-CX-14",
                    "pa.responsible": self.id("jinzhe"), "pa.due": "2026-07-10",
                }),
            ),
            Act(
                "jinzhe",
                "pa_propose@preventive_action-1",
                json!({
                    "pa.cause": "审核规程只写了溶血，没有写脂血和黄疸。",
                    "pa.measures": [{ "measure": "审核规程补写脂血、黄疸指数的查看", "responsible": "金哲", "due": "2026-07-10" }],
                }),
            ),
            Act("fangyuan", "pa_approve@preventive_action-1", json!({})),
            At("2026-07-10T15:00"),
            Act(
                "jinzhe",
                "pa_done@preventive_action-1",
                json!({ "pa.evidence": "修订后的审核规程及培训签到。", "pa.verify_on": "2026-07-31" }),
            ),
            At("2026-07-31T10:00"),
            Act(
                "mengfan",
                "pa_verify@preventive_action-1",
                json!({ "pa.effect": "effective", "pa.effect_basis": "7 月抽查 20 份脂血、黄疸标本，均有查看记录。" }),
            ),
            Issue("suqing", "preventive-action", Some("preventive_action-1")),
            Act(
                "suqing",
                "enter_review@management_review-1",
                json!({
                    "review.causes": "溶血报警阈值过高；危急值审核未核对血清指数。",
                    "review.measures": "阈值已调低，审核规程已修订并培训；6 月验证有效，并推广到同类项目。",
                    "review.planned_on": "2026 年度管理评审",
                }),
            ),
            Issue("suqing", "management-review", Some("management_review-1")),
        ]
    }

    /// The reply form, the closing notice, closing and the archive.
    fn filed(&self, outcome: &str, summary: &str) -> Vec<Deed> {
        vec![
            Issue("suqing", "handling-reply", None),
            Act(
                "suqing",
                "prepare_closing",
                json!({ "closing.outcome": outcome, "closing.summary": summary }),
            ),
            Issue("suqing", "closing-notice", None),
            Act("fangyuan", "close", json!({})),
            Act(
                "chenxia",
                "archive",
                json!({ "archive.location": "检验科资料柜 2 层" }),
            ),
            Issue("chenxia", "case-cover", None),
        ]
    }
}

/// The investigation, responsibility of both sides, the plan and the director's signature.
fn planned() -> Vec<Deed> {
    vec![
        At("2026-05-11T09:00"),
        Act(
            "tangyi",
            "record_investigation",
            json!({
                "investigation.text": "调阅仪器记录：溶血指数 3+，未触发报警。审核人未查看血清指数即发出危急值。采血记录显示静脉穿刺两次。",
                "responsibility.finding": "both",
                "responsibility.ours": "溶血标本未识别，审核不到位。",
                "responsibility.theirs": "采血不顺致标本溶血，未在申请单注明。",
                "responsibility.corrective": true,
                "responsibility.preventive": true,
            }),
        ),
        At("2026-05-11T10:00"),
        Act(
            "suqing",
            "settle_extent@extent-1",
            json!({
                "extent.touched": "none", "extent.basis": "查 5 月 1 日至 8 日溶血指数 2+ 以上标本 9 份，均未发出受影响项目。",
            }),
        ),
        Act(
            "tangyi",
            "propose_plan_investigator",
            json!({ "plan.text": "更正原报告；向病区书面说明；检验科承担复查费用；对病区采血人员作一次溶血预防培训。" }),
        ),
        At("2026-05-11T14:00"),
        Act(
            "fangyuan",
            "director_sign",
            json!({ "plan.director_opinion": "同意，与病区协商。" }),
        ),
        At("2026-05-12T09:00"),
        Act(
            "suqing",
            "record_negotiation",
            json!({
                "negotiation.date": "2026-05-12", "negotiation.people": "苏青、唐逸；心内科韩雪护士长",
                "negotiation.text": "病区同意方案，另要求危急值电话告知时一并说明标本性状。",
                "negotiation.outcome": "agreed",
            }),
        ),
        Issue("suqing", "negotiation-record", None),
    ]
}

/// The revised plan and the president's decision.
fn decided() -> Vec<Deed> {
    vec![
        Act(
            "suqing",
            "submit_revised",
            json!({ "plan.revised": "在原方案上增加：危急值电话告知时说明标本性状（溶血、脂血、黄疸），并记入危急值登记。" }),
        ),
        At("2026-05-12T11:00"),
        Act(
            "fangyuan",
            "forward",
            json!({ "plan.forward_opinion": "同意，请院长审定。" }),
        ),
        At("2026-05-12T15:00"),
        Act(
            "yanhong",
            "president_sign",
            json!({ "plan.final": "同意新方案，即日执行；检验科于月底前完成培训并报院办。" }),
        ),
    ]
}

/// The result, which the ward does not accept, and the mediation.
fn mediated() -> Vec<Deed> {
    vec![
        At("2026-05-13T09:00"),
        Act(
            "suqing",
            "treat_staff",
            json!({ "staff.measures": "对审核人批评教育，暂停审核权一周并重新考核。" }),
        ),
        Act(
            "suqing",
            "give_result",
            json!({
                "reply.to": "心内科病区", "reply.way": "letter",
                "reply.text": "原报告血钾 7.1 mmol/L 系标本溶血所致，现予更正为不合格标本，复采结果 4.3 mmol/L。复查费用由检验科承担，危急值告知将说明标本性状。",
            }),
        ),
        Issue("chenxia", "reply-letter", None),
        At("2026-05-13T15:00"),
        Act(
            "chenxia",
            "record_response",
            json!({ "reply.accepted": "rejected" }),
        ),
        Act(
            "suqing",
            "to_mediation",
            json!({
                "routes.told": ["mediation", "superior", "court"],
                "mediation.reason": "病区不认可采血方责任的认定，要求院办居中认定。",
                "mediation.materials": "调查记录、技术复验记录、协商记录",
            }),
        ),
        Issue("suqing", "mediation-transfer", None),
        At("2026-05-20T10:00"),
        Act(
            "baiyun",
            "record_mediation",
            json!({
                "mediation.date": "2026-05-20", "mediation.outcome": "agreed",
                "mediation.text": "双方同意：检验科承担识别责任，护理部组织采血培训，不再追究个人。",
            }),
        ),
        Issue("suqing", "mediation-transfer", None),
    ]
}

fn unsettled(tangyi: Value) -> Vec<Deed> {
    vec![
        Act(
            "chenxia",
            "respond",
            json!({ "response.way": "phone", "response.text": "已收到，今日核对取样记录。" }),
        ),
        At("2026-05-13T09:40"),
        Act(
            "qianwei",
            "triage_at_once",
            json!({
                "triage.opinion": "accept", "triage.level": "system", "triage.major": false,
                "triage.reason": "三次重复，涉及标本运送的管理。",
            }),
        ),
        Act(
            "suqing",
            "assign_investigator",
            json!({ "investigation.person": tangyi }),
        ),
        At("2026-05-13T16:00"),
        Act(
            "tangyi",
            "record_investigation",
            json!({
                "investigation.text": "运送记录显示 4 月 9 日、16 日、23 日取样晚于约定 3 小时以上，因运送车辆检修。",
                "responsibility.finding": "ours", "responsibility.ours": "车辆检修未安排替代，也未告知客户。",
                "responsibility.corrective": false,
                "responsibility.preventive": false,
            }),
        ),
        Act(
            "tangyi",
            "propose_plan_investigator",
            json!({ "plan.text": "书面致歉；减免三批检测费的 20%；检修时安排替代车辆。" }),
        ),
        Act("fangyuan", "director_sign", json!({})),
        At("2026-05-14T08:40"),
        Act(
            "suqing",
            "record_negotiation",
            json!({
                "negotiation.date": "2026-05-14", "negotiation.people": "苏青；丁峰",
                "negotiation.text": "客户坚持减免全月费用，未能一致。", "negotiation.outcome": "failed",
            }),
        ),
        Issue("suqing", "negotiation-record", None),
        Act(
            "suqing",
            "submit_revised",
            json!({ "plan.revised": "维持减免三批的 20%，另延长报告保证：晚于约定时间即免该批费用。" }),
        ),
        Act("fangyuan", "forward", json!({})),
        At("2026-05-14T11:00"),
        Act(
            "yanhong",
            "president_sign",
            json!({ "plan.final": "三批检测费减免 50%，按新方案作出时间保证。" }),
        ),
        Act(
            "suqing",
            "treat_staff",
            json!({ "staff.measures": "无需处理个人：属安排不当，由综合管理组整改。" }),
        ),
        Act(
            "suqing",
            "give_result",
            json!({
                "reply.to": "城南社区卫生服务中心", "reply.way": "letter",
                "reply.text": "三批检测费减免 50%；今后晚于约定时间取样的，该批免费。",
            }),
        ),
        Issue("chenxia", "reply-letter", None),
        Act(
            "chenxia",
            "record_response",
            json!({ "reply.accepted": "accepted" }),
        ),
    ]
}

fn minor(qianwei: Value) -> Vec<Deed> {
    vec![
        Act(
            "chenxia",
            "respond",
            json!({ "response.way": "face", "response.text": "当面致歉并说明。" }),
        ),
        Act("chenxia", "report_up", json!({ "reported.to": [qianwei] })),
        At("2026-05-14T10:20"),
        Act(
            "qianwei",
            "triage",
            json!({
                "triage.opinion": "accept", "triage.level": "minor", "triage.reason": "等候时间，未影响结果。",
            }),
        ),
        Act(
            "qianwei",
            "handle_minor",
            json!({ "minor.handling": "当班增开一个窗口，高峰时段排两人。" }),
        ),
        Act(
            "qianwei",
            "give_result",
            json!({
                "reply.to": "罗丽女士", "reply.way": "visit", "reply.text": "已增开窗口，今后高峰时段开两个窗口。",
            }),
        ),
        Act(
            "chenxia",
            "record_response",
            json!({ "reply.accepted": "accepted" }),
        ),
        At("2026-05-14T15:00"),
        Act("suqing", "file@filing-1", json!({})),
    ]
}
