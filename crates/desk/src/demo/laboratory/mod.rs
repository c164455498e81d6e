//! Story 6: the clinical laboratory, in its three forms.

mod complaints;
mod minor;
mod potassium;
mod unsettled;

use super::{Practice, text};
use crate::ApiError;
use base64::{Engine, engine::general_purpose::STANDARD};
use complaints::Complaint;
use minor::minor;
use serde_json::{Value, json};
use unsettled::unsettled;

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
    Act(&'static str, String, Value),
    /// Who gives which form out, of which task.
    Issue(&'static str, &'static str, Option<&'static str>),
    /// The clock moves.
    At(&'static str),
}
use Deed::{At, Issue};

fn act(who: &'static str, action: &str, values: Value) -> Deed {
    Deed::Act(who, action.to_owned(), values)
}

impl Practice {
    /// Adds the laboratory's people, or signs in those who are there.
    ///
    /// # Errors
    /// What the commands refuse.
    pub async fn laboratory_people(&mut self) -> Result<(), ApiError> {
        let grant = |r: &&str| json!({ "procedure": "clinical-laboratory", "role": r });
        let all = PEOPLE.map(|(login, name, roles)| {
            let roles = roles.iter().map(grant).collect();
            (login, name, roles)
        });
        self.come_in(all).await
    }

    /// Registers one of story 6's complaints.
    ///
    /// # Errors
    /// What registering refuses.
    pub async fn laboratory_register(&mut self, story: Laboratory) -> Result<String, ApiError> {
        let Complaint {
            received,
            entered,
            channel,
            values,
        } = story.complaint();
        self.clock(entered)?;
        let request = json!({ "procedure": "clinical-laboratory", "received_at": received, "channel": channel, "values": values });
        let made = self.call("chenxia", "case.register", request).await?;
        let case = text(&made, "number")?.to_owned();
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
        let (parts, outcome, summary) = match story {
            Laboratory::Potassium => (
                self.potassium(),
                "partly",
                "技术复验不一致，确认标本溶血未识别；院长决定的方案已执行，院办调解成功，纠正措施有效。",
            ),
            Laboratory::Unsettled => (
                unsettled(self.id("tangyi")),
                "upheld",
                "协商未达成，按院长决定的方案处理；投诉方接受。",
            ),
            Laboratory::Minor => (
                minor(self.id("qianwei")),
                "upheld",
                "细小投诉，专业组长处理并备案。",
            ),
        };
        for deed in parts.into_iter().chain(filed(outcome, summary)) {
            match deed {
                At(time) => self.clock(time)?,
                Deed::Act(who, action, values) => {
                    self.act(who, &case, &action, values).await?;
                }
                Issue(who, form, task) => {
                    self.issue(who, &case, form, task).await?;
                }
            }
        }
        Ok(case)
    }
}

/// The reply form, the closing notice, closing and the archive.
fn filed(outcome: &str, summary: &str) -> Vec<Deed> {
    vec![
        Issue("suqing", "handling-reply", None),
        act(
            "suqing",
            "prepare_closing",
            json!({ "closing.outcome": outcome, "closing.summary": summary }),
        ),
        Issue("suqing", "closing-notice", None),
        act("fangyuan", "close", json!({})),
        act(
            "chenxia",
            "archive",
            json!({ "archive.location": "检验科资料柜 2 层" }),
        ),
        Issue("chenxia", "case-cover", None),
    ]
}
