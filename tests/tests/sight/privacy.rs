//! Who sees what (G11): confidential cases, covered values, and reasons that are kept.

use redress_desk::{
    ApiError,
    demo::{PASSWORD, Practice, STORIES, Story},
};
use redress_tests::{House, code, config, house};
use serde_json::{Value, json};
use tempfile::TempDir;

/// An office with the laboratory's people, an auditor, and a case of which nothing has been done yet.
async fn with_case(more: Value) -> Result<(House, String), ApiError> {
    let mut h = house().await?;
    h.practice.laboratory_people().await?;
    let auditor = json!({ "name": "审计员", "login": "auditor", "password": "Redress-2026", "account": "auditor", "roles": [] });
    h.practice.call("admin", "person.add", auditor).await?;
    h.practice.sign_in_as("auditor").await?;
    h.practice.clock("2026-10-09T09:00")?;
    let mut values = json!({
        "complaint.source": "customer", "complainant.name": "贺兰", "complainant.phone": "138 0571 2299",
        "complaint.nature": "test_result", "complaint.description": "贺兰说抽血时被训斥，化验单也没有当面给。",
        "complaint.demand": ["explain"], "report.number": "20261009-0001", "report.item": "血糖",
        "report.patient": "贺兰之母", "complaint.about_us": true, "immediate.measures": ["none"],
        "immediate.note": "已请贺兰先回病房。",
    });
    if let (Some(all), Value::Object(more)) = (values.as_object_mut(), more) {
        all.extend(more);
    }
    let request = json!({ "procedure": "clinical-laboratory", "received_at": "2026-10-09T08:50:00+08:00", "channel": "oral", "values": values });
    let made = h.practice.call("chenxia", "case.register", request).await?;
    let number = made["number"].as_str().unwrap_or_default().to_owned();
    Ok((h, number))
}

async fn get(h: &House, who: &str, case: &str) -> Result<Value, ApiError> {
    h.practice
        .call(who, "case.get", json!({ "case": case }))
        .await
}

async fn why(h: &House, who: &str, case: &str, why: &str) -> Result<Value, ApiError> {
    let ask = json!({ "case": case, "why": why });
    h.practice.call(who, "case.get", ask).await
}

async fn found(h: &House, who: &str, text: &str) -> Result<Vec<Value>, ApiError> {
    let page = h
        .practice
        .call(who, "case.list", json!({ "text": text }))
        .await?;
    Ok(page["rows"].as_array().cloned().unwrap_or_default())
}

/// The newest line of the access stream of a kind.
async fn kept(h: &House, what: &str) -> Result<Value, ApiError> {
    let all = h
        .practice
        .call("auditor", "access.list", json!({ "what": what }))
        .await?;
    Ok(all[0].clone())
}

#[tokio::test]
async fn a_confidential_case_is_a_number_to_whoever_has_no_part_in_it() -> Result<(), ApiError> {
    let (h, case) = with_case(json!({ "confidential.wish": true })).await?;
    // A clerk of another counter, the laboratory's director whose turn it is not, and the administrator.
    for (who, may_open) in [("zhaomin", false), ("fangyuan", true), ("admin", false)] {
        let refused = get(&h, who, &case).await.expect_err("hidden");
        assert_eq!(refused.code, "case_confidential", "{who}");
        assert_eq!(refused.params["may_open"], may_open, "{who}");
        assert_eq!(refused.params["number"], case.as_str());
        let list = h.practice.call(who, "case.list", json!({})).await?;
        let row = &list["rows"][0];
        assert_eq!(
            (&row["hidden"], &row["headline"], &row["complainant"]),
            (&json!(true), &json!(""), &json!("")),
            "{who}"
        );
        for text in ["贺兰", "hl", "13805712299", "训斥", "血糖", "20261009-0001"] {
            assert!(found(&h, who, text).await?.is_empty(), "{who} finds {text}");
        }
        let by_number = found(&h, who, &case).await?;
        assert_eq!(by_number.len(), 1, "{who} finds the number");
        assert_eq!(by_number[0]["hidden"], true);
        let desk = h
            .practice
            .call(who, "worklist.get", json!({}))
            .await?
            .to_string();
        assert!(!desk.contains("贺"), "{who}'s desk: {desk}");
        let similar = h
            .practice
            .call("zhaomin", "case.similar", json!({ "text": "贺兰" }))
            .await?;
        assert_eq!(similar["total"], 0);
        for (command, payload) in [
            (
                "form.layout",
                json!({ "case": case, "form": "complaint-receipt" }),
            ),
            (
                "form.render",
                json!({ "case": case, "form": "complaint-receipt", "why": "看看" }),
            ),
            ("attachment.list", json!({ "case": case })),
        ] {
            let answer = h.practice.call(who, command, payload).await;
            // The director may open it with a reason, and printing with one is opening it.
            if command == "form.render" && who == "fangyuan" {
                answer?;
            } else if who != "fangyuan" {
                assert_eq!(code(answer), "case_confidential", "{who} {command}");
            }
        }
    }
    for who in ["zhaomin", "baiyun"] {
        let note = json!({ "note.text": "想看看" });
        assert_eq!(
            code(h.practice.act(who, &case, "note", note).await),
            "case_confidential",
            "{who} acts"
        );
    }
    // Whoever registered it and whoever's turn it is work on it as ever.
    for who in ["chenxia", "qianwei", "suqing"] {
        let view = get(&h, who, &case).await?;
        assert_eq!(view["complainant"], "贺兰", "{who}");
        assert_eq!(view["confidential"], json!(["按要求保密"]), "{who}");
        assert_eq!(found(&h, who, "贺兰").await?.len(), 1, "{who}");
    }
    Ok(())
}

#[tokio::test]
async fn opening_with_a_reason_is_for_those_who_answer_for_it_and_is_kept() -> Result<(), ApiError>
{
    let (h, case) = with_case(json!({ "confidential.wish": true })).await?;
    for who in ["admin", "zhaomin", "baiyun"] {
        assert_eq!(
            code(why(&h, who, &case, "好奇").await),
            "case_confidential",
            "{who} says why and is refused all the same"
        );
    }
    for (who, name) in [("auditor", "审计员"), ("fangyuan", "方圆")] {
        assert_eq!(code(why(&h, who, &case, "看").await), "why_unfit");
        let view = why(&h, who, &case, "年度内审抽查").await?;
        assert_eq!(view["complainant"], "贺兰", "{who}");
        let line = kept(&h, "open_confidential").await?;
        assert_eq!(
            (&line["who"], &line["number"], &line["why"]),
            (&json!(name), &json!(case), &json!("年度内审抽查"))
        );
        get(&h, who, &case).await?;
    }
    // Signing in again forgets what was opened.
    let mut h = h;
    h.practice.sign_in_as("auditor").await?;
    assert_eq!(code(get(&h, "auditor", &case).await), "case_confidential");
    Ok(())
}

#[tokio::test]
async fn a_complaint_about_staff_is_hidden_from_whom_it_is_about() -> Result<(), ApiError> {
    let (h, case) = {
        let probe = with_case(json!({})).await?;
        let named = probe.0.practice.ids["qianwei"].clone();
        let (h, _) = probe;
        let values = json!({
            "complaint.source": "customer", "complainant.name": "贺兰", "complaint.nature": "service",
            "complaint.description": "被组长训斥。", "complaint.demand": ["apologise"],
            "complaint.named_staff": [named], "complaint.about_us": true, "immediate.measures": ["none"],
        });
        let request = json!({ "procedure": "clinical-laboratory", "received_at": "2026-10-09T08:50:00+08:00", "channel": "oral", "values": values });
        let made = h.practice.call("chenxia", "case.register", request).await?;
        (h, made["number"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(
        get(&h, "chenxia", &case).await?["confidential"],
        json!(["涉及本机构工作人员"])
    );
    // A group leader's turn, but not this one's; nor by a reason, nor through a principal.
    assert_eq!(
        code(why(&h, "qianwei", &case, "我要看").await),
        "unknown_case"
    );
    get(&h, "jinzhe", &case).await?;
    let deputy = json!({ "principal": h.practice.ids["qianwei"], "deputy": h.practice.ids["baiyun"], "from": "2026-10-01", "until": "2026-10-31" });
    h.practice.call("qianwei", "delegate.set", deputy).await?;
    assert_eq!(
        code(get(&h, "baiyun", &case).await),
        "unknown_case",
        "deputy of whom it is about"
    );
    let named = json!({ "principal": h.practice.ids["qianwei"], "deputy": h.practice.ids["fangyuan"], "from": "2026-10-01", "until": "2026-10-31" });
    h.practice.call("qianwei", "delegate.set", named).await?;
    assert_eq!(
        code(why(&h, "fangyuan", &case, "核实情况").await),
        "unknown_case",
        "whoever answers for it and stands in for whom it is about"
    );
    let lift = json!({ "confidential.wish": false, "confidential.reason": "双方已当面说开，同意公开办理" });
    h.practice
        .act("chenxia", &case, "keep_confidential", lift)
        .await?;
    assert_eq!(
        get(&h, "qianwei", &case).await?["confidential"],
        json!([]),
        "lifted by a recorded act"
    );
    Ok(())
}

#[tokio::test]
async fn values_are_covered_for_whoever_does_not_need_them_until_a_reason_is_given()
-> Result<(), ApiError> {
    let (h, case) = with_case(json!({})).await?;
    for who in ["admin", "zhaomin", "auditor"] {
        let view = get(&h, who, &case).await?;
        let text = view.to_string();
        for secret in ["贺兰", "0571", "训斥"] {
            assert!(!text.contains(secret), "{who} sees {secret}: {text}");
        }
        assert_eq!(view["covered"], true, "{who}");
        assert_eq!(view["complainant"], "贺＊", "{who}");
        let rows = h.practice.call(who, "case.list", json!({})).await?;
        assert_eq!(rows["rows"][0]["complainant"], "贺＊", "{who}");
        for text in ["贺兰", "hl", "训斥"] {
            assert!(found(&h, who, text).await?.is_empty(), "{who} finds {text}");
        }
        assert_eq!(
            found(&h, who, "血糖").await?.len(),
            1,
            "{who} finds what is open"
        );
        let layout = json!({ "case": case, "form": "complaint-receipt" });
        let laid = h.practice.call(who, "form.layout", layout).await?;
        assert!(!laid.to_string().contains('贺'), "{who}'s page has bars");
    }
    let view = get(&h, "baiyun", &case).await?;
    assert_eq!(
        view["complainant"], "贺兰",
        "the president's office needs names"
    );
    assert!(
        !view.to_string().contains("之母"),
        "and no health details: {view}"
    );
    assert_eq!(
        code(why(&h, "zhaomin", &case, "随便看看").await),
        "reveal_not_yours"
    );
    let print = json!({ "case": case, "form": "complaint-receipt" });
    assert_eq!(
        code(h.practice.call("admin", "form.render", print).await),
        "why_needed"
    );
    let view = why(&h, "admin", &case, "协助更正录入").await?;
    assert_eq!(view["complainant"], "贺兰");
    let line = kept(&h, "reveal").await?;
    assert_eq!(
        (&line["who"], &line["why"]),
        (&json!("管理员"), &json!("协助更正录入"))
    );
    Ok(())
}

#[tokio::test]
async fn printing_exporting_and_taking_out_are_kept_with_who_when_and_why() -> Result<(), ApiError>
{
    let (h, case) = with_case(json!({})).await?;
    let print = json!({ "case": case, "form": "complaint-receipt", "variant": "redacted" });
    h.practice.call("chenxia", "form.render", print).await?;
    let issue = json!({ "case": case, "form": "complaint-receipt", "copies": [] });
    let made = h.practice.call("chenxia", "form.issue", issue).await?;
    let document = json!({ "document": made["document"], "why": "补一份给患者" });
    h.practice
        .call("chenxia", "document.get", document.clone())
        .await?;
    h.practice
        .call("chenxia", "document.reprint", document)
        .await?;
    let file = json!({ "case": case, "name": "化验单.txt", "bytes": "5YyW6aqM5Y2V" });
    let file = h.practice.call("chenxia", "attachment.add", file).await?;
    h.practice
        .call("chenxia", "attachment.get", json!({ "id": file["id"] }))
        .await?;
    h.practice.call("chenxia", "export.xlsx", json!({})).await?;
    h.practice
        .call(
            "chenxia",
            "report.period",
            json!({ "kind": "week", "from": "2026-10-05", "to": "2026-10-11", "format": "xlsx" }),
        )
        .await?;
    h.practice.call("admin", "audit.anchor", json!({})).await?;
    for (what, who, why) in [
        ("print", "陈霞", "办理案件"),
        ("document", "陈霞", "补一份给患者"),
        ("attachment", "陈霞", "办理案件"),
        ("export", "陈霞", ""),
        ("report", "陈霞", ""),
        ("anchor", "管理员", ""),
    ] {
        let line = kept(&h, what).await?;
        assert_eq!(
            (&line["who"], &line["why"]),
            (&json!(who), &json!(why)),
            "{what}: {line}"
        );
    }
    let all = h.practice.call("auditor", "access.list", json!({})).await?;
    let reprint = all
        .as_array()
        .into_iter()
        .flatten()
        .find(|l| l["what"] == "reprint");
    assert_eq!(
        reprint.map(|l| &l["why"]),
        Some(&json!("补一份给患者")),
        "a reprint says why"
    );
    Ok(())
}

/// A paper and a file cannot be covered in part: whoever sees only some of a case says why, and that is kept.
#[tokio::test]
async fn a_paper_asks_a_reason_of_whoever_sees_only_part_of_the_case() -> anyhow::Result<()> {
    let service = STORIES.iter().find(|(name, _)| *name == "customer-service");
    let (_, text) = service.expect("a told story");
    let story = Story::read(text)?;
    let folder = TempDir::new()?;
    let mut p = Practice::bare(config(&folder), PASSWORD, story.begins()?).await?;
    p.tell(&story).await?;
    let list = p.call("kf_songlin", "case.list", json!({})).await?;
    let mut all = list["rows"].as_array().into_iter().flatten();
    let number = all.next().expect("a case")["number"].clone();
    let get = json!({ "case": number });
    let view = p.call("kf_songlin", "case.get", get).await?;
    let document = view["documents"][0]["id"].clone();
    for command in ["document.get", "document.reprint"] {
        let bare = json!({ "document": document });
        let refused = p.call("kf_raoping", command, bare.clone()).await;
        assert_eq!(code(refused), "why_needed", "{command}");
        p.call("kf_songlin", command, bare).await?;
    }
    let said = json!({ "document": document, "why": "核对客户来电时的原话" });
    p.call("kf_raoping", "document.get", said).await?;
    Ok(())
}
