//! A procedure is a controlled document: checked, installed, compared; open cases stay on theirs.

use anyhow::{Context, Result};
use redress_desk::{
    ApiError, Lang,
    demo::{PASSWORD, Practice},
};
use redress_tests::{code, config, house};
use serde_json::{Value, json};

const OURS: &str = include_str!("../../../procedures/inspection-station/procedure.toml");
const INTAKE: &str =
    include_str!("../../../procedures/inspection-station/forms/intake-pretreatment.toml");
const RECEIPT: &str =
    include_str!("../../../procedures/inspection-station/forms/complaint-receipt.toml");
const NOTICE: &str =
    include_str!("../../../procedures/inspection-station/forms/closing-notice.toml");

/// The station's files with another text of the procedure; the blocks are the product's own.
fn files(procedure: &str) -> Value {
    json!({ "files": [
        ["station/procedure.toml", procedure], ["station/forms/intake-pretreatment.toml", INTAKE],
        ["station/forms/complaint-receipt.toml", RECEIPT], ["station/forms/closing-notice.toml", NOTICE],
    ] })
}

/// 第C版: five working days instead of three, and a step by another name.
fn c() -> String {
    OURS.replace("edition = \"第B版\"", "edition = \"第C版\"")
        .replace(
            "within = { working_days = 3 }",
            "within = { working_days = 5 }",
        )
        .replace("title = \"六项核查\"", "title = \"六项检查\"")
}

async fn due(p: &Practice, case: &str) -> Result<Value, ApiError> {
    let view = p.call("admin", "case.get", json!({ "case": case })).await?;
    let all = view["clocks"].as_array().cloned().unwrap_or_default();
    let found = all.into_iter().find(|c| c["id"] == "judgement-1");
    Ok(json!([view["edition"], found.unwrap_or_default()["due"]]))
}

#[tokio::test(flavor = "multi_thread")]
async fn open_cases_stay_on_their_edition() -> Result<()> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let before = h.practice.register(complaint.clone()).await?;
    let p = &h.practice;
    assert_eq!(
        code(p.call("zhaomin", "procedure.install", files(&c())).await),
        "account_may_not"
    );
    assert_eq!(
        p.call("admin", "procedure.check", files(&c())).await?,
        json!([])
    );
    let made = p.call("admin", "procedure.install", files(&c())).await?;
    assert_eq!(made["edition"], "第C版");
    let after = h.practice.register(complaint).await?;
    assert_eq!(
        due(&h.practice, &before).await?,
        json!(["第B版", "2026-10-10T17:30:00+08:00"])
    );
    assert_eq!(
        due(&h.practice, &after).await?,
        json!(["第C版", "2026-10-13T17:30:00+08:00"])
    );
    // The older case goes on by what it was opened under, to its end.
    h.practice.judged(&before).await?;
    let known = h
        .practice
        .call(
            "zhaomin",
            "procedure.editions",
            json!({ "id": "inspection-station" }),
        )
        .await?;
    let told: Vec<Value> = known
        .as_array()
        .into_iter()
        .flatten()
        .map(|e| {
            json!([
                e["edition"],
                e["current"],
                e["shipped"],
                e["by"],
                e["open_cases"]
            ])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["第C版", true, false, "管理员", 1]),
            json!(["第B版", false, true, "", 1])
        ]
    );
    let old = json!({ "id": "inspection-station", "edition": "第B版" });
    assert_eq!(
        h.practice.call("zhaomin", "procedure.get", old).await?["edition"],
        "第B版"
    );
    // It survives the folder's closing.
    h.practice.office.close().await;
    let folder = h.folder;
    drop(h.practice);
    let again = Practice::open(config(&folder), PASSWORD).await?;
    let listed = again.call("admin", "procedure.list", json!({})).await?;
    let ours = listed
        .as_array()
        .into_iter()
        .flatten()
        .find(|l| l["id"] == "inspection-station")
        .context("ours")?
        .clone();
    assert_eq!(ours["edition"], "第C版");
    assert!(again.office.verify(None, Lang::Zh).await?.ok);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_shown() -> Result<()> {
    let h = house().await?;
    let p = &h.practice;
    p.call("admin", "procedure.install", files(&c())).await?;
    let diff = json!({ "id": "inspection-station", "from": "第B版", "to": "第C版" });
    let told = p.call("zhaomin", "procedure.diff", diff).await?;
    let all: Vec<String> = told
        .as_array()
        .into_iter()
        .flatten()
        .map(|d| {
            let word = |k: &str| d[k].as_str().unwrap_or_default().to_owned();
            let properties: Vec<&str> = d["details"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|x| x["property"].as_str())
                .collect();
            format!(
                "{} {} {} {}",
                word("what"),
                word("id"),
                word("turn"),
                properties.join(",")
            )
        })
        .collect();
    assert_eq!(
        all,
        [
            "head inspection-station changed edition",
            "step checks changed title",
            "clock judgement changed within",
            "clock checks changed title"
        ]
    );
    assert_eq!(told[2]["details"][0]["old"], json!({ "working_days": 3 }));
    assert_eq!(told[2]["details"][0]["new"], json!({ "working_days": 5 }));
    let none = json!({ "id": "inspection-station", "from": "第B版", "to": "第Z版" });
    assert_eq!(
        code(p.call("zhaomin", "procedure.diff", none).await),
        "unknown_edition"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_file_is_refused_with_what_to_do() -> Result<()> {
    let h = house().await?;
    let p = &h.practice;
    assert_eq!(
        code(p.call("admin", "procedure.install", files(OURS)).await),
        "edition_installed"
    );
    let same = OURS.replace(
        "within = { working_days = 3 }",
        "within = { working_days = 4 }",
    );
    assert_eq!(
        code(p.call("admin", "procedure.install", files(&same)).await),
        "edition_label_taken"
    );
    let wrong = c()
        .replace("step = \"review\"", "step = \"reveiw\"")
        .replace("by = [\"office\"]", "by = [\"ofice\"]");
    let problems = p.call("admin", "procedure.check", files(&wrong)).await?;
    let first = &problems[0];
    assert_eq!(first["code"], "role_unknown");
    assert_eq!(first["file"], "procedure.toml");
    assert!(first["line"].as_u64().is_some_and(|n| n > 1));
    assert!(
        first["message"]
            .as_str()
            .is_some_and(|m| m.contains("ofice") && m.contains("请"))
    );
    assert!(
        problems
            .as_array()
            .is_some_and(|a| a.iter().any(|x| x["code"] == "step_unknown"))
    );
    assert_eq!(
        code(p.call("admin", "procedure.install", files(&wrong)).await),
        "procedure_unsound"
    );
    assert_eq!(
        code(
            p.call("admin", "procedure.install", files("[procedure]\nid = 1"))
                .await
        ),
        "procedure_unsound"
    );
    let known = p
        .call(
            "admin",
            "procedure.editions",
            json!({ "id": "inspection-station" }),
        )
        .await?;
    assert_eq!(
        known.as_array().map(Vec::len),
        Some(1),
        "nothing was installed"
    );
    Ok(())
}

/// What hangs on the wall: from the data of every procedure, and with its flow chart.
#[tokio::test(flavor = "multi_thread")]
async fn every_procedure_is_described_for_the_public() -> Result<()> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let h = house().await?;
    let listed = h
        .practice
        .call("admin", "procedure.list", json!({}))
        .await?;
    for line in listed.as_array().into_iter().flatten() {
        let id = json!({ "id": line["id"] });
        let file = h.practice.call("zhaomin", "procedure.describe", id).await?;
        let bytes = STANDARD.decode(file["bytes"].as_str().unwrap_or_default())?;
        assert!(bytes.starts_with(b"%PDF") && bytes.len() > 20_000, "{line}");
    }
    let unknown = h
        .practice
        .call("zhaomin", "procedure.describe", json!({ "id": "bakery" }))
        .await;
    assert_eq!(code(unknown), "unknown_procedure");
    Ok(())
}
