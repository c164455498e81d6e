//! Story 1: the inspection station, with its three endings.

mod complaint;
mod retest;
mod retraction;

use crate::{ApiError, demo::Practice};
use serde_json::json;

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

    /// The reply, and that it was accepted.
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
}
