//! C21–C23: the desk lists what somebody may do, `case.get` offers it, acting agrees, and a refusal names whose bar it is.

use redress_desk::{ApiError, Lang, demo::Practice};
use redress_tests::{code, house};
use serde_json::{Value, json};

/// A judged case whose original test `operator` did; `deputy` stands for `principal`.
async fn set_up(p: &mut Practice, deputy: &str, principal: &str) -> Result<String, ApiError> {
    let complaint = p.complaint();
    let case = p.register(complaint).await?;
    p.judged(&case).await?;
    p.clock("2026-10-10T11:00")?;
    let r = json!({ "principal": p.ids[principal], "deputy": p.ids[deputy], "from": "2026-10-10", "until": "2026-10-12" });
    p.call(principal, "delegate.set", r).await?;
    Ok(case)
}

async fn listed(p: &Practice, who: &str, case: &str) -> Result<bool, ApiError> {
    let desk = p.call(who, "worklist.get", json!({})).await?;
    let mut mine = ["late", "soon", "mine"]
        .into_iter()
        .flat_map(|g| desk[g].as_array().cloned().unwrap_or_default());
    Ok(mine.any(|i| i["number"] == *case))
}

async fn offered(p: &Practice, who: &str, case: &str, action: &str) -> Result<Value, ApiError> {
    let seen = p.call(who, "case.get", json!({ "case": case })).await?;
    let all = seen["actions"].as_array().cloned().unwrap_or_default();
    Ok(all
        .into_iter()
        .find(|a| a["id"] == action)
        .unwrap_or_default())
}

/// Sunli did the original test; whoever stands for him may not retest either, until his own bar is lifted.
#[tokio::test]
async fn an_exception_for_one_hand_is_none_for_the_other() -> Result<(), ApiError> {
    let mut h = house().await?;
    let p = &mut h.practice;
    // A colleague without a role of her own, who stands for him.
    let new = json!({ "name": "钱多", "login": "qianduo", "password": redress_desk::demo::PASSWORD, "account": "member", "roles": [] });
    p.call("admin", "person.add", new).await?;
    p.sign_in_as("qianduo").await?;
    let case = set_up(p, "qianduo", "sunli").await?;
    let act = async |p: &Practice| {
        p.act("qianduo", &case, "record_retest", Practice::retest(true))
            .await
    };
    let Err(refused) = act(p).await else {
        panic!("a barred principal")
    };
    assert_eq!(refused.code, "barred_hand");
    for lang in [Lang::Zh, Lang::En] {
        let text = refused.message(lang);
        assert!(text.contains("孙立") && text.contains("原检验"), "{text}");
    }
    assert!(!listed(p, "qianduo", &case).await?);
    assert_eq!(
        offered(p, "qianduo", &case, "record_retest").await?["refusal"]["code"],
        "barred_hand"
    );

    // For her there is nothing to lift; for him there is one bar, and it is named.
    let except = |who: &str, bar: Option<&str>| {
        let mut v = json!({ "exception.person": p.ids[who], "exception.second": p.ids["wuyue"], "exception.reason": "其余人员外出" });
        if let Some(bar) = bar {
            v["exception.bar"] = json!(bar);
        }
        v
    };
    for (values, expected) in [
        (except("qianduo", None), "exception_nobody_barred"),
        (
            except("qianduo", Some("did_original")),
            "exception_nobody_barred",
        ),
        (
            except("sunli", Some("reviewed_original")),
            "exception_other_bar",
        ),
    ] {
        assert_eq!(
            code(p.act("luoping", &case, "except", values).await),
            expected
        );
    }
    let bars = offered(p, "luoping", &case, "except").await?["fields"].clone();
    let bar = bars
        .as_array()
        .into_iter()
        .flatten()
        .find(|f| f["id"] == "exception.bar")
        .cloned()
        .unwrap_or_default();
    assert!(bar["choices"].to_string().contains("原检验：孙立"), "{bar}");
    p.act(
        "luoping",
        &case,
        "except",
        except("sunli", Some("did_original")),
    )
    .await?;
    assert!(listed(p, "qianduo", &case).await?);
    assert_eq!(
        offered(p, "qianduo", &case, "record_retest").await?["allowed"],
        true
    );
    act(p).await?;
    Ok(())
}

/// C23: thirty-one more urgent cases of another procedure push nothing out of anybody's waiting.
#[tokio::test]
async fn urgent_cases_of_another_desk_push_nothing_out() -> Result<(), ApiError> {
    let mut h = house().await?;
    h.practice.laboratory_people().await?;
    let p = &mut h.practice;
    let complaint = p.complaint();
    let case = p.register(complaint).await?;
    let laboratory = json!({
        "procedure": "clinical-laboratory", "received_at": "2026-09-30T16:11:00+08:00", "channel": "written",
        "values": {
            "complaint.source": "customer", "complainant.name": "丁峰", "complaint.nature": "service",
            "complaint.description": "标本没有按时取走。", "complaint.demand": ["explain"],
            "complaint.about_us": true, "immediate.measures": ["none"],
        },
    });
    for _ in 0..35 {
        p.call("chenxia", "case.register", laboratory.clone())
            .await?;
    }
    let waiting = async |who: &str| -> Result<Vec<String>, ApiError> {
        let desk = p.call(who, "worklist.get", json!({})).await?;
        let all = ["late", "soon", "mine", "waiting"]
            .into_iter()
            .flat_map(|g| desk[g].as_array().cloned().unwrap_or_default());
        Ok(all
            .filter_map(|i| i["number"].as_str().map(str::to_owned))
            .collect())
    };
    // Whose turn it is, and a colleague who only waits.
    for who in ["zhaomin", "luoping", "sunli", "linlan"] {
        let seen = waiting(who).await?;
        assert!(seen.contains(&case), "{who} sees {seen:?}");
        assert!(
            seen.iter().all(|n| n.starts_with("TS-")),
            "{who} sees {seen:?}"
        );
    }
    Ok(())
}
