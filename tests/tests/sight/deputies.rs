//! Authorised deputies (授权代理): on their days only, barred with whom they stand for, and named on paper.

use redress_desk::{ApiError, demo::Practice};
use redress_tests::{House, code, house};
use serde_json::{Value, json};

async fn stands_in(
    p: &Practice,
    who: &str,
    principal: &str,
    deputy: &str,
    days: [&str; 2],
) -> Result<Value, ApiError> {
    let [from, until] = days;
    let r = json!({ "principal": p.ids[principal], "deputy": p.ids[deputy], "from": from, "until": until });
    p.call(who, "delegate.set", r).await
}

/// A complaint about transport that waits for the director's signature; `named` is whom it is about.
async fn for_the_director(h: &mut House, named: &str) -> Result<String, ApiError> {
    h.practice.laboratory_people().await?;
    h.practice.clock("2026-05-13T09:10")?;
    let p = &h.practice;
    let register = json!({
        "procedure": "clinical-laboratory", "received_at": "2026-05-13T09:00:00+08:00", "channel": "written",
        "values": {
            "complaint.source": "customer", "complainant.name": "丁峰", "complaint.nature": "service",
            "complaint.description": "标本三次没有按时取走。", "complaint.demand": ["explain"],
            // Open, so that those who are barred get as far as the bar.
            "complaint.named_staff": [p.ids[named]], "confidential.wish": false, "complaint.about_us": true, "immediate.measures": ["none"],
        },
    });
    let made = p.call("chenxia", "case.register", register).await?;
    let case = made["number"].as_str().unwrap_or_default().to_owned();
    let level = json!({ "triage.opinion": "accept", "triage.level": "larger", "triage.reason": "重复发生", "triage.major": false });
    p.act("qianwei", &case, "triage_at_once", level).await?;
    let found = json!({
        "investigation.text": "车辆检修。", "responsibility.finding": "ours",
        "responsibility.ours": "未安排替代。", "responsibility.corrective": false, "responsibility.preventive": false,
    });
    let person = json!({ "investigation.person": p.ids["tangyi"] });
    p.act("suqing", &case, "assign_investigator", person)
        .await?;
    p.act("tangyi", &case, "record_investigation", found)
        .await?;
    p.act(
        "tangyi",
        &case,
        "propose_plan_investigator",
        json!({ "plan.text": "致歉。" }),
    )
    .await?;
    Ok(case)
}

#[tokio::test]
async fn a_deputy_signs_on_the_days_and_the_paper_says_for_whom() -> Result<(), ApiError> {
    let mut h = house().await?;
    let case = for_the_director(&mut h, "liuyang").await?;
    let p = &h.practice;
    let refused = stands_in(
        p,
        "mengfan",
        "fangyuan",
        "mengfan",
        ["2026-05-14", "2026-05-15"],
    )
    .await;
    assert_eq!(code(refused), "delegate_not_yours");
    stands_in(
        p,
        "fangyuan",
        "fangyuan",
        "mengfan",
        ["2026-05-14", "2026-05-15"],
    )
    .await?;
    let early = p.act("mengfan", &case, "director_sign", json!({})).await;
    assert_eq!(code(early), "role_missing", "the day before");
    p.clock("2026-05-16T08:30")?;
    let late = p.act("mengfan", &case, "director_sign", json!({})).await;
    assert_eq!(code(late), "role_missing", "the day after");
    p.clock("2026-05-14T08:30")?;
    let desk = p.call("mengfan", "worklist.get", json!({})).await?;
    assert!(
        desk.to_string().contains(&case),
        "what waits for the director waits for the deputy"
    );
    p.act("mengfan", &case, "director_sign", json!({})).await?;
    let form = json!({ "case": case, "form": "handling-reply", "variant": "filled" });
    let laid = p.call("suqing", "form.layout", form).await?.to_string();
    assert!(laid.contains("孟凡（代方圆）"), "{laid}");
    assert!(p.office.verify(None, redress_desk::Lang::Zh).await?.ok);
    Ok(())
}

#[tokio::test]
async fn a_deputy_is_barred_with_the_principal_and_as_oneself() -> Result<(), ApiError> {
    for (named, deputy) in [
        ("fangyuan", "mengfan"),
        ("mengfan", "mengfan"),
        ("liuyang", "tangyi"),
    ] {
        let mut h = house().await?;
        let case = for_the_director(&mut h, named).await?;
        let p = &h.practice;
        stands_in(
            p,
            "fangyuan",
            "fangyuan",
            deputy,
            ["2026-05-13", "2026-05-15"],
        )
        .await?;
        let answer = p.act(deputy, &case, "director_sign", json!({})).await;
        // Whose bar it is stands in the sentence: the principal's in the first case, the deputy's own in the others.
        let whose = if named == "liuyang" { deputy } else { named };
        let Err(e) = answer else {
            panic!("G1: about {named}, signed by {deputy}")
        };
        assert_eq!(
            e.code, "barred_hand",
            "G1: about {named}, signed by {deputy}"
        );
        assert_eq!(e.params["person"], p.ids[whose], "{e:?}");
    }
    Ok(())
}
