//! The end of a record (G10): kept for its years, listed, approved by two, printed, erased; the chain stays whole.

use base64::{Engine, engine::general_purpose::STANDARD};
use redress_desk::{
    ApiError, Lang,
    demo::{Laboratory, PASSWORD, Practice},
};
use redress_tests::{House, code, config, house};
use serde_json::{Value, json};

/// Words of the story that nothing may hold any more; none stands in another case.
const WORDS: &[&str] = &[
    "罗丽",
    "抽血窗口只开了一个",
    "等了四十分钟",
    "罗丽的字条",
    "协助查找",
    "遗失了回执",
    "王芳",
];

async fn overview(p: &Practice, who: &str) -> Result<Value, ApiError> {
    p.call(who, "disposal.list", json!({})).await
}

/// A case that was closed and archived in May 2026, with documents, a draft and a backup; six years later.
async fn old() -> Result<(House, String), ApiError> {
    let mut h = house().await?;
    h.practice.laboratory_people().await?;
    let case = h.practice.laboratory(Laboratory::Minor).await?;
    let id = h
        .practice
        .call("chenxia", "case.get", json!({ "case": case }))
        .await?;
    let draft = json!({ "key": format!("act:{}", id["id"].as_str().unwrap_or_default()), "value": { "note.text": "罗丽又来电话" } });
    h.practice.call("chenxia", "draft.put", draft).await?;
    let look = json!({ "case": case, "why": "协助查找罗丽的记录" });
    h.practice.call("admin", "case.get", look).await?;
    let receipt = json!({ "document": id["documents"][0]["id"], "why": "罗丽遗失了回执" });
    h.practice
        .call("chenxia", "document.reprint", receipt)
        .await?;
    h.practice.backup_key("suqing").await?;
    h.practice.call("admin", "backup.create", json!({})).await?;
    Ok((h, case))
}

/// Bytes of the search index as the file holds them.
async fn index_bytes(folder: &tempfile::TempDir) -> anyhow::Result<i64> {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path().join("office/redress.db"))
        .read_only(true);
    let pool = sqlx::SqlitePool::connect_with(options).await?;
    let sum = sqlx::query_scalar("SELECT sum(length(block)) FROM case_search_data")
        .fetch_one(&pool)
        .await?;
    pool.close().await;
    Ok(sum)
}

fn approve(id: &Value) -> Value {
    json!({ "disposal": id, "signature": { "meaning": "同意销毁", "password": PASSWORD } })
}

#[tokio::test]
async fn nothing_is_disposed_of_early_alone_or_by_one_hand() -> Result<(), ApiError> {
    let (h, case) = old().await?;
    let p = &h.practice;
    let propose = json!({ "cases": [case], "reason": "保存期满" });
    p.clock("2032-05-13T09:00")?;
    assert_eq!(overview(p, "admin").await?["due"], json!([]), "not yet due");
    assert_eq!(
        code(p.call("admin", "disposal.propose", propose.clone()).await),
        "disposal_too_early"
    );
    p.clock("2032-06-01T09:00")?;
    assert_eq!(
        overview(p, "admin").await?["due"][0]["number"],
        case.as_str()
    );
    assert_eq!(
        code(p.call("suqing", "disposal.propose", propose.clone()).await),
        "account_may_not"
    );
    let list = p.call("admin", "disposal.propose", propose.clone()).await?;
    assert_eq!(
        code(p.call("admin", "disposal.propose", propose).await),
        "disposal_listed"
    );
    let id = &list["id"];
    let carry = json!({ "disposal": id });
    assert_eq!(
        code(p.call("admin", "disposal.carry_out", carry.clone()).await),
        "disposal_unapproved"
    );
    for (who, refusal) in [
        ("admin", "disposal_own"),
        ("chenxia", "disposal_not_yours"),
        ("luoping", "disposal_not_yours"),
    ] {
        assert_eq!(
            code(p.call(who, "disposal.approve", approve(id)).await),
            refusal,
            "{who}"
        );
    }
    let unsigned = json!({ "disposal": id });
    assert_eq!(
        code(p.call("suqing", "disposal.approve", unsigned).await),
        "signature_needed"
    );
    let wrong = json!({ "disposal": id, "signature": { "password": "not this one" } });
    assert_eq!(
        code(p.call("suqing", "disposal.approve", wrong).await),
        "signature_password_wrong"
    );
    p.call("suqing", "disposal.approve", approve(id)).await?;
    assert_eq!(
        code(p.call("suqing", "disposal.approve", approve(id)).await),
        "disposal_twice"
    );
    assert_eq!(
        code(p.call("admin", "disposal.carry_out", carry.clone()).await),
        "disposal_unapproved"
    );
    // Refused, and the case stays; a new list starts from nothing.
    let refuse = json!({ "disposal": id, "reason": "另有诉讼，暂缓" });
    p.call("fangyuan", "disposal.refuse", refuse).await?;
    assert_eq!(
        code(p.call("admin", "disposal.carry_out", carry).await),
        "disposal_over"
    );
    let view = p
        .call("chenxia", "case.get", json!({ "case": case }))
        .await?;
    assert_eq!(view["complainant"], "罗丽");
    Ok(())
}

#[tokio::test]
async fn what_two_approved_is_erased_everywhere_and_the_chain_verifies() -> anyhow::Result<()> {
    let (h, case) = old().await?;
    let p = &h.practice;
    let before = p.office.verify(None, Lang::Zh).await?;
    anyhow::ensure!(before.ok, "{:?}", before.first_bad);
    let anchor = format!("{}:{}", before.anchor_pos, before.anchor_hash);
    p.clock("2032-06-01T09:00")?;
    let propose = json!({ "cases": [case], "reason": "保存期满" });
    let list = p.call("admin", "disposal.propose", propose).await?;
    let id = list["id"].clone();
    for who in ["suqing", "fangyuan"] {
        p.call(who, "disposal.approve", approve(&id)).await?;
    }
    let indexed = index_bytes(&h.folder).await?;
    let done = p
        .call("admin", "disposal.carry_out", json!({ "disposal": id }))
        .await?;
    let left = index_bytes(&h.folder).await?;
    assert!(
        left * 4 < indexed,
        "the index shrank from {indexed} to {left}"
    );
    assert_eq!(done["state"], "done");
    let backups = done["backups"].to_string();
    assert!(
        backups.contains(".backup"),
        "the backup is named: {backups}"
    );

    let paper = p
        .call("admin", "disposal.print", json!({ "disposal": id }))
        .await?;
    let pdf = STANDARD.decode(paper["pdf"].as_str().unwrap_or_default())?;
    assert!(pdf.starts_with(b"%PDF"));
    if let Ok(out) = std::env::var("REDRESS_LOOK") {
        std::fs::write(format!("{out}/disposal.pdf"), &pdf)?;
    }

    let view = p
        .call("chenxia", "case.get", json!({ "case": case }))
        .await?;
    assert_eq!(
        (
            &view["disposed"],
            &view["number"],
            &view["values"],
            &view["actions"]
        ),
        (&json!(true), &json!(case), &json!([]), &json!([]))
    );
    for text in ["罗丽", "抽血"] {
        let found = p
            .call("chenxia", "case.list", json!({ "text": text }))
            .await?;
        assert_eq!(found["total"], 0, "{text}");
    }
    let document = json!({ "document": view["documents"][0]["id"] });
    for command in ["document.get", "document.reprint"] {
        assert_eq!(
            code(p.call("chenxia", command, document.clone()).await),
            "unknown_document",
            "{command}"
        );
    }
    // Somebody looks at what is left, and says why.
    let look = json!({ "case": case, "why": "核对销毁情况" });
    p.call("admin", "case.get", look).await?;
    let issue = json!({ "case": case, "form": "complaint-receipt", "copies": [] });
    assert_eq!(
        code(p.call("chenxia", "form.issue", issue).await),
        "not_now"
    );
    let after = p.office.verify(Some(&anchor), Lang::Zh).await?;
    assert!(after.ok, "whole up to the anchor: {:?}", after.first_bad);
    assert_eq!(
        p.office.rebuild().await?,
        1,
        "what is left still folds and is derived"
    );
    let after = p.office.verify(None, Lang::Zh).await?;
    assert!(after.ok, "{:?}", after.first_bad);
    let rest = overview(p, "admin").await?;
    assert_eq!(rest["due"], json!([]), "it is not due again");

    // No byte of what was said is left in the folder.
    let House { practice, folder } = h;
    practice.office.close().await;
    drop(practice);
    for entry in std::fs::read_dir(folder.path().join("office"))? {
        let path = entry?.path();
        let bytes = std::fs::read(&path)?;
        for word in WORDS {
            let there = bytes.windows(word.len()).any(|w| w == word.as_bytes());
            assert!(!there, "{word} is still in {}", path.display());
        }
    }
    Ok(())
}

#[tokio::test]
async fn erasing_without_approval_or_only_in_part_is_found() -> anyhow::Result<()> {
    let (h, case) = old().await?;
    h.practice.clock("2032-06-01T09:00")?;
    let propose = json!({ "cases": [case], "reason": "保存期满" });
    let list = h
        .practice
        .call("admin", "disposal.propose", propose)
        .await?;
    for who in ["suqing", "fangyuan"] {
        h.practice
            .call(who, "disposal.approve", approve(&list["id"]))
            .await?;
    }
    let House { practice, folder } = h;
    practice.office.close().await;
    drop(practice);
    // Somebody erases the values by hand instead of carrying the list out.
    let file = folder.path().join("office/redress.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let pool = sqlx::SqlitePool::connect_with(options).await?;
    sqlx::query(
        "DELETE FROM value WHERE pos IN (SELECT pos FROM event WHERE stream LIKE 'case:%')",
    )
    .execute(&pool)
    .await?;
    pool.close().await;
    let again = redress_desk::Office::open(config(&folder)).await?;
    let r = again.verify(None, Lang::Zh).await?;
    assert_eq!(r.first_bad.map(|p| p.code).as_deref(), Some("value_lost"));
    Ok(())
}
