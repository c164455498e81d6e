//! The register of people, organisations and products (G16), and the institution's own limits (T6).

use redress_desk::{ApiError, demo::PASSWORD};
use redress_tests::{code, house};
use serde_json::{Value, json};

#[tokio::test]
async fn a_party_is_kept_changed_and_closed() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let new = json!({ "sort": "organisation", "name": "东方轴承厂", "phone": "0571-8888 1234", "marks": ["important"] });
    let made = p.call("zhaomin", "party.keep", new).await?;
    let find = json!({ "text": "轴承" });
    let found = p.call("zhaomin", "party.list", find.clone()).await?;
    assert_eq!(found[0]["name"], "东方轴承厂");
    assert_eq!(found[0]["marks"], json!(["important"]));
    let change = |name: &str, seq: &Value| json!({ "id": made["id"], "sort": "organisation", "name": name, "seq": seq });
    p.call(
        "zhaomin",
        "party.keep",
        change("东方轴承有限公司", &made["seq"]),
    )
    .await?;
    let stale = p
        .call("zhaomin", "party.keep", change("别的", &made["seq"]))
        .await;
    assert_eq!(code(stale), "changed");
    for (entry, refusal) in [
        (json!({ "sort": "product", "name": " " }), "fields_missing"),
        (
            json!({ "sort": "product", "name": "轴承", "marks": ["golden"] }),
            "value_unknown_choice",
        ),
        (
            json!({ "sort": "product", "name": "字".repeat(201) }),
            "value_too_long",
        ),
        (
            json!({ "id": "nobody", "sort": "product", "name": "轴承" }),
            "unknown_party",
        ),
    ] {
        assert_eq!(code(p.call("zhaomin", "party.keep", entry).await), refusal);
    }
    let close = json!({ "id": made["id"], "sort": "organisation", "name": "东方轴承有限公司", "closed": true });
    p.call("zhaomin", "party.keep", close).await?;
    let gone = p.call("zhaomin", "party.list", find).await?;
    assert_eq!(gone, json!([]), "closed ones are not offered");
    let all = json!({ "text": "轴承", "closed": true });
    assert_eq!(
        p.call("zhaomin", "party.list", all).await?[0]["closed"],
        true
    );
    assert!(p.office.verify(None, redress_desk::Lang::Zh).await?.ok);
    Ok(())
}

/// G11: whoever has no part in any procedure learns nobody's name or phone here.
#[tokio::test]
async fn people_are_covered_for_whoever_has_no_part_in_any_procedure() -> Result<(), ApiError> {
    let mut h = house().await?;
    let p = &mut h.practice;
    let new = json!({ "sort": "person", "name": "王芳", "phone": "138 0013 8000", "address": "江北区长河路 21 号" });
    p.call("zhaomin", "party.keep", new).await?;
    let keeper = json!({ "name": "机房管理员", "login": "keeper", "password": PASSWORD, "account": "member", "roles": [] });
    p.call("admin", "person.add", keeper).await?;
    p.sign_in_as("keeper").await?;
    let seen = async |who: &str| p.call(who, "party.list", json!({})).await;
    assert_eq!(seen("zhaomin").await?[0]["phone"], "138 0013 8000");
    let covered = seen("keeper").await?;
    for hidden in ["王芳", "0013", "长河路"] {
        assert!(!covered.to_string().contains(hidden), "{covered}");
    }
    Ok(())
}

/// T6: 及时 is a word; an institution's own target is shown as such, and moves no clock that runs.
#[tokio::test]
async fn an_internal_target_is_the_institutions_own() -> Result<(), ApiError> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let before = h.practice.register(complaint.clone()).await?;
    let p = &mut h.practice;
    let clock = async |p: &redress_desk::demo::Practice, case: &str| -> Result<Value, ApiError> {
        let view = p.call("admin", "case.get", json!({ "case": case })).await?;
        let all = view["clocks"].as_array().cloned().unwrap_or_default();
        Ok(all
            .into_iter()
            .find(|c| c["id"] == "to_qm-1")
            .unwrap_or_default())
    };
    let word = clock(p, &before).await?;
    assert_eq!(word["due"], Value::Null);
    assert_eq!(word["word"], "及时");
    let set = |limit: Value| json!({ "procedure": "inspection-station", "clock": "to_qm", "limit": limit });
    let member = p
        .call("zhaomin", "target.set", set(json!({ "working_hours": 4 })))
        .await;
    assert_eq!(code(member), "account_may_not");
    for (request, refusal) in [
        (set(json!({ "working_hours": 0 })), "limit_unsound"),
        (
            set(json!({ "hours": 1, "working_days": 1 })),
            "limit_unsound",
        ),
        (
            json!({ "procedure": "inspection-station", "clock": "judgement", "limit": { "hours": 1 } }),
            "unknown_clock",
        ),
    ] {
        assert_eq!(code(p.call("admin", "target.set", request).await), refusal);
    }
    p.call("admin", "target.set", set(json!({ "working_hours": 4 })))
        .await?;
    let after = p.register(complaint).await?;
    let own = clock(p, &after).await?;
    assert_eq!(own["due"], "2026-10-08T10:40:00+08:00");
    let why = own["explanation"].as_str().unwrap_or_default();
    assert!(why.contains("内部目标"), "{why}");
    assert_eq!(clock(p, &before).await?["due"], Value::Null, "T5");
    p.call("admin", "target.set", set(Value::Null)).await?;
    let listed = p.call("admin", "target.list", json!({})).await?;
    let listed = listed.as_array().cloned().unwrap_or_default();
    assert!(listed.iter().all(|t| t["limit"].is_null()));
    Ok(())
}

/// An institution works by one or two of the procedures; the others take nothing in.
#[tokio::test]
async fn only_procedures_in_use_take_complaints_in() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let choose = |ids: &[&str]| json!({ "procedures": ids });
    let unknown = p.call("admin", "office.set", choose(&["bakery"])).await;
    assert_eq!(code(unknown), "unknown_procedure");
    p.call("admin", "office.set", choose(&["clinical-laboratory"]))
        .await?;
    p.clock("2026-09-30T16:12")?;
    let request = json!({ "procedure": "inspection-station", "received_at": "2026-09-30T16:10:00+08:00", "channel": "visit", "values": p.complaint() });
    let refused = p.call("zhaomin", "case.register", request.clone()).await;
    assert_eq!(code(refused), "procedure_not_in_use");
    let listed = p.call("zhaomin", "procedure.list", json!({})).await?;
    let may = |id: &str| {
        let all = listed.as_array().into_iter().flatten();
        all.into_iter()
            .any(|l| l["id"] == id && l["may_register"] == true)
    };
    assert!(!may("inspection-station"));
    p.call("admin", "office.set", choose(&[])).await?;
    p.call("zhaomin", "case.register", request).await?;
    Ok(())
}
