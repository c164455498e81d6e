//! 较大 and 重大: a potassium value; agreed, signed by the president, then mediation, and what prevents another.

use super::{
    Deed::{self, At, Issue},
    act,
};
use crate::demo::Practice;
use serde_json::{Value, json};

impl Practice {
    /// From the answer at once to what goes to the management review.
    pub(super) fn potassium(&self) -> Vec<Deed> {
        let parts = [
            self.triaged(),
            self.re_verified(),
            planned(),
            decided(),
            mediated(),
            self.corrected_cause(),
            self.prevented(),
            reviewed(),
        ];
        parts.into_iter().flatten().collect()
    }

    /// Triage and the director's approval of 重大.
    fn triaged(&self) -> Vec<Deed> {
        vec![
            At("2026-05-08T17:40"),
            act(
                "chenxia",
                "respond",
                json!({ "response.way": "phone", "response.text": "已锁定结果，值班人员核对标本和质控；请病区重新采血急查，复查结果一出即电话告知。" }),
            ),
            act(
                "chenxia",
                "report_up",
                json!({ "reported.to": [self.id("qianwei"), self.id("suqing")] }),
            ),
            At("2026-05-08T18:05"),
            act(
                "qianwei",
                "triage",
                json!({
                    "triage.opinion": "accept", "triage.level": "larger", "triage.major": true, "triage.group": "生化组",
                    "triage.reason": "危急值与临床不符，可能导致错误处置。",
                }),
            ),
            act(
                "chenxia",
                "name_original_staff",
                json!({
                    "report.operator": self.id("liuyang"), "report.reviewer": self.id("liuyang"), "report.signatory": self.id("liuyang"),
                }),
            ),
            At("2026-05-08T18:30"),
            act(
                "fangyuan",
                "approve_major",
                json!({ "major.opinion": "涉及危急值，同意列为重大。" }),
            ),
            act(
                "suqing",
                "assign_investigator",
                json!({ "investigation.person": self.id("tangyi") }),
            ),
        ]
    }

    /// The technical re-verification.
    fn re_verified(&self) -> Vec<Deed> {
        let task = Some("reverification-1");
        vec![
            At("2026-05-09T09:00"),
            act(
                "mengfan",
                "organise_reverification@reverification-1",
                json!({
                    "reverify.person": self.id("jinzhe"), "reverify.reason": "结果与临床不符，原标本疑溶血。",
                }),
            ),
            At("2026-05-09T10:30"),
            act(
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
            act(
                "mengfan",
                "confirm_reverification@reverification-1",
                json!({}),
            ),
            Issue("mengfan", "technical-reverification", task),
            At("2026-05-09T16:50"),
            act(
                "suqing",
                "written_progress",
                json!({
                    "progress24.way": "mail",
                    "progress24.text": "复验显示原标本溶血，血钾假性升高，复采结果 4.3 mmol/L。溶血识别环节正在调查，预计 5 月 11 日给出处理方案。",
                }),
            ),
        ]
    }

    /// The corrective action.
    fn corrected_cause(&self) -> Vec<Deed> {
        let measure = Measure {
            prefix: "ca",
            task: "corrective_action-1",
            form: "corrective-action",
            whose: "qianwei",
            plan: json!({
                "ca.nonconformity": "溶血标本未被识别即发出血钾危急值。", "ca.clause": "CL-CX-13",
                "ca.responsible": self.id("qianwei"), "ca.due": "2026-05-29",
            }),
            proposal: json!({
                "ca.cause": "血清指数报警阈值设置过高，审核时未看血清指数。",
                "ca.measures": [
                    { "measure": "调低溶血指数报警阈值", "responsible": "钱伟", "due": "2026-05-22" },
                    { "measure": "危急值发出前核对血清指数，写入审核规程", "responsible": "钱伟", "due": "2026-05-29" },
                ],
            }),
            done_at: "2026-05-29T15:00",
            evidence: json!({ "ca.evidence": "参数修改记录；新审核规程及培训签到。", "ca.verify_on": "2026-06-30" }),
            verified_at: "2026-06-30T10:00",
            effect: json!({
                "ca.effect": "effective", "ca.effect_basis": "6 月血钾危急值 14 例，血清指数均有核对记录，无溶血漏识。",
                "ca.prevention": "推广到乳酸脱氢酶、天门冬氨酸氨基转移酶等易受溶血影响的项目。",
            }),
        };
        let begun = std::iter::once(At("2026-05-21T09:00"));
        begun.chain(measure.taken()).collect()
    }

    /// The preventive action.
    fn prevented(&self) -> Vec<Deed> {
        let measure = Measure {
            prefix: "pa",
            task: "preventive_action-1",
            form: "preventive-action",
            whose: "jinzhe",
            plan: json!({
                "pa.potential": "脂血、黄疸标本的血清指数报警同样可能不被查看。", "pa.clause": "CL-CX-14",
                "pa.responsible": self.id("jinzhe"), "pa.due": "2026-07-10",
            }),
            proposal: json!({
                "pa.cause": "审核规程只写了溶血，没有写脂血和黄疸。",
                "pa.measures": [{ "measure": "审核规程补写脂血、黄疸指数的查看", "responsible": "金哲", "due": "2026-07-10" }],
            }),
            done_at: "2026-07-10T15:00",
            evidence: json!({ "pa.evidence": "修订后的审核规程及培训签到。", "pa.verify_on": "2026-07-31" }),
            verified_at: "2026-07-31T10:00",
            effect: json!({ "pa.effect": "effective", "pa.effect_basis": "7 月抽查 20 份脂血、黄疸标本，均有查看记录。" }),
        };
        measure.taken()
    }
}

/// A corrective or preventive action, from its plan to its verified effect.
struct Measure {
    /// Of its actions.
    prefix: &'static str,
    task: &'static str,
    form: &'static str,
    /// Who proposes it and carries it out.
    whose: &'static str,
    plan: Value,
    proposal: Value,
    done_at: &'static str,
    evidence: Value,
    verified_at: &'static str,
    effect: Value,
}

impl Measure {
    fn taken(self) -> Vec<Deed> {
        let on = |step: &str| format!("{}_{step}@{}", self.prefix, self.task);
        vec![
            act("suqing", &on("plan"), self.plan),
            act(self.whose, &on("propose"), self.proposal),
            act("fangyuan", &on("approve"), json!({})),
            At(self.done_at),
            act(self.whose, &on("done"), self.evidence),
            At(self.verified_at),
            act("mengfan", &on("verify"), self.effect),
            Issue("suqing", self.form, Some(self.task)),
        ]
    }
}

/// The investigation, responsibility of both sides, the plan and the director's signature.
fn planned() -> Vec<Deed> {
    vec![
        At("2026-05-11T09:00"),
        act(
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
        act(
            "suqing",
            "settle_extent@extent-1",
            json!({
                "extent.touched": "none", "extent.basis": "查 5 月 1 日至 8 日溶血指数 2+ 以上标本 9 份，均未发出受影响项目。",
            }),
        ),
        act(
            "tangyi",
            "propose_plan_investigator",
            json!({ "plan.text": "更正原报告；向病区书面说明；检验科承担复查费用；对病区采血人员作一次溶血预防培训。" }),
        ),
        At("2026-05-11T14:00"),
        act(
            "fangyuan",
            "director_sign",
            json!({ "plan.director_opinion": "同意，与病区协商。" }),
        ),
        At("2026-05-12T09:00"),
        act(
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
        act(
            "suqing",
            "submit_revised",
            json!({ "plan.revised": "在原方案上增加：危急值电话告知时说明标本性状（溶血、脂血、黄疸），并记入危急值登记。" }),
        ),
        At("2026-05-12T11:00"),
        act(
            "fangyuan",
            "forward",
            json!({ "plan.forward_opinion": "同意，请院长审定。" }),
        ),
        At("2026-05-12T15:00"),
        act(
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
        act(
            "suqing",
            "treat_staff",
            json!({ "staff.measures": "对审核人批评教育，暂停审核权一周并重新考核。" }),
        ),
        act(
            "suqing",
            "give_result",
            json!({
                "reply.to": "心内科病区", "reply.way": "letter",
                "reply.text": "原报告血钾 7.1 mmol/L 系标本溶血所致，现予更正为不合格标本，复采结果 4.3 mmol/L。复查费用由检验科承担，危急值告知将说明标本性状。",
            }),
        ),
        Issue("chenxia", "reply-letter", None),
        At("2026-05-13T15:00"),
        act(
            "chenxia",
            "record_response",
            json!({ "reply.accepted": "rejected" }),
        ),
        act(
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
        act(
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

/// What goes to the management review.
fn reviewed() -> Vec<Deed> {
    vec![
        act(
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
