//! G14 and G1: what was recorded is corrected by those who could record it; G4: what was closed begins anew.

use redress_desk::{ApiError, demo::EndsAs, demo::Practice};
use redress_tests::{code, house};
use serde_json::{Value, json};

fn correction(field: &str, new: Value) -> Value {
    json!({ "correction.field": field, "correction.new": new, "correction.reason": "写错" })
}

async fn get(p: &Practice, who: &str, case: &str) -> Result<Value, ApiError> {
    p.call(who, "case.get", json!({ "case": case })).await
}

#[tokio::test]
async fn nobody_corrects_what_excludes_them_or_a_finding_that_is_not_theirs() -> Result<(), ApiError>
{
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let case = h.practice.register(complaint).await?;
    h.practice.judged(&case).await?;
    h.practice.retested(&case, true).await?;
    let p = &h.practice;
    let operator = correction("report.operator", json!(p.ids["zhouheng"]));
    // 孙立 did the disputed work, and would be free to retest afterwards.
    assert_eq!(
        code(p.act("sunli", &case, "correct", operator.clone()).await),
        "barred"
    );
    let agrees = correction("retest.conclusion", json!("differs"));
    for (who, why) in [("sunli", "barred"), ("zhaomin", "role_missing")] {
        assert_eq!(
            code(p.act(who, &case, "correct", agrees.clone()).await),
            why,
            "{who}"
        );
    }
    let view = get(p, "zhaomin", &case).await?;
    let may = |key: &str| {
        let mut all = view["values"].as_array().into_iter().flatten();
        all.find(|v| v["key"] == key)
            .map(|v| v["may_correct"].clone())
    };
    assert_eq!(may("retest.conclusion"), Some(json!(false)));
    assert_eq!(may("complainant.phone"), Some(json!(true)));
    // A mistake in a name that excludes somebody is mended by somebody else.
    p.act("zhaomin", &case, "correct", operator).await?;
    Ok(())
}

#[tokio::test]
async fn what_was_left_open_is_written_down_later() -> Result<(), ApiError> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let case = h.practice.register(complaint).await?;
    let p = &h.practice;
    let named = correction("complaint.named_staff", json!([p.ids["sunli"]]));
    let view = get(p, "zhaomin", &case).await?;
    let open = view["left_open"].as_array().into_iter().flatten();
    assert!(
        open.map(|o| &o["key"])
            .any(|k| k == "complaint.named_staff"),
        "{}",
        view["left_open"]
    );
    p.act("zhaomin", &case, "correct", named).await?;
    let view = get(p, "zhaomin", &case).await?;
    let excluded = view["excluded"].as_array().into_iter().flatten();
    assert!(
        excluded
            .map(|x| &x["relation"])
            .any(|r| r == "named_in_complaint"),
        "G1 holds from now on"
    );
    let told = view["timeline"].as_array().and_then(|t| t.last().cloned());
    assert_eq!(
        told.map(|t| t["title"].clone()),
        Some(json!("补记：被投诉的工作人员"))
    );
    Ok(())
}

#[tokio::test]
async fn a_corrected_phone_leaves_the_papers_that_do_not_show_it() -> Result<(), ApiError> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let case = h.practice.register(complaint).await?;
    h.practice.judged(&case).await?;
    h.practice.retested(&case, true).await?;
    let p = &h.practice;
    p.act(
        "zhaomin",
        &case,
        "correct",
        correction("complainant.phone", json!("139 0013 8000")),
    )
    .await?;
    let view = get(p, "zhaomin", &case).await?;
    let outdated = |form: &str| {
        let mut all = view["documents"].as_array().into_iter().flatten();
        all.find(|d| d["form"] == form)
            .map(|d| d["outdated"].clone())
    };
    assert_eq!(outdated("intake-pretreatment"), Some(json!(true)));
    assert_eq!(
        outdated("reinspection-report"),
        Some(json!(false)),
        "it names no phone"
    );
    Ok(())
}

#[tokio::test]
async fn what_was_closed_begins_anew_and_can_be_appealed_against() -> Result<(), ApiError> {
    for (who, action, values, step) in [
        (
            "luoping",
            "reopen",
            json!({ "reopen.reason": "客户提交了新的材料" }),
            "review",
        ),
        (
            "zhaomin",
            "appeal_after_closing",
            json!({ "appeal.reason": "不同意复检结论", "appeal.date": "2026-11-02" }),
            "appeal",
        ),
    ] {
        let mut h = house().await?;
        let case = h.practice.story(EndsAs::Agrees).await?;
        let p = &h.practice;
        p.clock("2026-11-03T09:00")?;
        p.act(who, &case, action, values).await?;
        let view = get(p, "luoping", &case).await?;
        assert_eq!(view["status"], "open");
        assert_eq!(view["now"]["step"], step, "{action}");
        let ways = view["actions"].as_array().into_iter().flatten();
        assert!(
            ways.filter(|a| a["always"] == false).count() > 0,
            "{action}: there is something to do"
        );
    }
    Ok(())
}
