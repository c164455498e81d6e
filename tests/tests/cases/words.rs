//! What people type, paste and say comes in clean, stops no paper, and is printed.

use redress_desk::ApiError;
use redress_tests::{House, house};
use serde_json::{Value, json};
use std::process::Command;

/// Registers with this name and these words, and gives the receipt out: the case, and what is copied out of the PDF.
async fn receipt(h: &House, name: &str, words: &str) -> Result<(String, String, Value), ApiError> {
    let p = &h.practice;
    let mut values = p.complaint();
    values["complainant.name"] = json!(name);
    values["complaint.description"] = json!(words);
    let request = json!({
        "procedure": "inspection-station", "received_at": "2026-09-30T16:10:00+08:00", "channel": "visit", "values": values,
    });
    let made = p.call("zhaomin", "case.register", request).await?;
    let case = made["case"].as_str().unwrap_or_default().to_owned();
    let form = json!({ "case": case, "form": "complaint-receipt" });
    let issued = p.call("zhaomin", "form.issue", form.clone()).await?;
    let view = p
        .call("zhaomin", "case.get", json!({ "case": case }))
        .await?;
    Ok((
        case,
        copied(
            h,
            issued["number"].as_str().unwrap_or_default(),
            &issued["pdf"],
        ),
        view,
    ))
}

fn copied(h: &House, number: &str, pdf: &Value) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let path = h.folder.path().join("receipt.pdf");
    let bytes = STANDARD.decode(pdf.as_str().unwrap_or_default());
    std::fs::write(&path, bytes.expect("base64")).expect("written");
    // `cargo xtask check-pdfa` holds them against PDF/A as well.
    if let Some(dir) = std::env::var_os("REDRESS_PAPERS") {
        let name = format!("words-{number}.pdf");
        std::fs::copy(&path, std::path::Path::new(&dir).join(name)).expect("kept");
    }
    let out = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8"])
        .arg(&path)
        .arg("-")
        .output();
    let text = out.expect("pdftotext of poppler-utils").stdout;
    String::from_utf8_lossy(&text).into_owned()
}

fn value(view: &Value, field: &str) -> String {
    let values = view["values"].as_array().into_iter().flatten();
    let found = values.filter(|v| v["field"]["id"] == field);
    let text = found.map(|v| v["value"].as_str().unwrap_or_default());
    text.collect()
}

/// Name and words as given; name as kept; what the receipt must hold.
const SAID: [(&str, &str, &str, &str); 13] = [
    (
        "王\u{200B}芳",
        "等了两个小时😡没人管❤\u{FE0F}",
        "王芳",
        "😡",
    ),
    (
        "\u{FEFF}王芳\u{2060}",
        "一家👨\u{200D}👩\u{200D}👧\u{200D}👦来了三次",
        "王芳",
        "👨",
    ),
    (
        "王\t芳\r\n",
        "第一行\r\n第二行\u{B}第三行\u{2028}第四行",
        "王 芳",
        "第四行",
    ),
    (
        "\u{2F45}\u{2F42}",
        "报告\u{0}上\u{7F}没有章",
        "\u{2F45}\u{2F42}",
        "报告上没有章",
    ),
    ("ئەركىن", "ئۇيغۇرچە خەت", "ئەركىن", "خ"),
    ("བསོད་ནམས", "བོད་ཡིག", "བསོད་ནམས", "བསོད"),
    ("阿\u{200D}木", "ꆈꌠꁱꂷ和𰻞", "阿木", "𰻞"),
    ("สมชาย", "हिन्दी 한국어 ƅouчƨɯŋ", "สมชาย", "한국어"),
    (
        "王\u{202E}芳\u{202C}",
        "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}zalgo",
        "王芳",
        "zalgo",
    ),
    (
        "葛\u{E0100}城",
        "🇨🇳👍🏿1\u{FE0F}\u{20E3}",
        "葛\u{E0100}城",
        "🇨🇳",
    ),
    ("　王　芳　", "soft\u{AD}hyphen", "王　芳", "softhyphen"),
    (
        "\u{F4E00}王",
        "图标\u{F0001}\u{E123}\u{FFFC}",
        "\u{F4E00}王",
        "缺字：U+E123",
    ),
    (
        "Alexandra Konstantinidou-Papadopoulou",
        "网上公布的方法与报告不符，网址是https://www.example.com/standards/2026/methods/brake-fluid?id=GB12981-2012&from=search&token=abcdefghijklmnopqrstuvwxyz0123456789ABCDEF，请工作人员按这个网址核对第三段，并书面答复；另外等待时间超过了两个小时，没有人解释。",
        "Alexandra Konstantinidou-Papadopoulou",
        "example.com",
    ),
];

#[tokio::test]
async fn nothing_that_is_said_stops_a_receipt() -> Result<(), ApiError> {
    let h = house().await?;
    h.practice.clock("2026-09-30T16:12")?;
    let mut wrong = Vec::new();
    for (name, words, kept, shown) in SAID {
        let (_, text, view) = receipt(&h, name, words).await?;
        if value(&view, "complainant.name") != kept {
            wrong.push(format!(
                "{name:?} kept as {:?}",
                value(&view, "complainant.name")
            ));
        }
        if !text.contains(shown) {
            wrong.push(format!("{words:?}: no {shown} in {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn what_no_font_has_is_told_by_its_code_and_field() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    p.clock("2026-09-30T16:12")?;
    let (case, text, view) = receipt(&h, "王芳", "图标\u{E123}在\u{F0001}这里").await?;
    assert_eq!(
        value(&view, "complaint.description"),
        "图标\u{E123}在\u{F0001}这里"
    );
    let title = view["values"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|v| v["field"]["id"] == "complaint.description")
        .and_then(|v| v["field"]["title"].as_str())
        .unwrap_or_default()
        .to_owned();
    let foot = format!("缺字：U+E123（{title}）、U+F0001（{title}）");
    assert!(text.contains(&foot), "{foot}: {text}");
    let form = json!({ "case": case, "form": "complaint-receipt", "why": "核对" });
    let rendered = p.call("zhaomin", "form.render", form.clone()).await?;
    let missing = json!([
        { "code": "U+E123", "character": "\u{E123}", "field": "complaint.description", "title": title },
        { "code": "U+F0001", "character": "\u{F0001}", "field": "complaint.description", "title": title },
    ]);
    assert_eq!(rendered["missing_glyphs"], missing);
    // Covered, there is nothing to miss.
    let redacted =
        json!({ "case": case, "form": "complaint-receipt", "variant": "redacted", "why": "核对" });
    let redacted = p.call("zhaomin", "form.render", redacted).await?;
    assert_eq!(redacted["missing_glyphs"], json!([]));
    let typed = json!({ "text": "图标\u{E123}😡，复检" });
    let typed = p.call("zhaomin", "form.glyphs", typed).await?;
    assert_eq!(
        typed,
        json!({ "missing": [{ "code": "U+E123", "character": "\u{E123}" }] })
    );
    Ok(())
}

/// Other doors than a case: people, parties, searches, reasons, names of files.
#[tokio::test]
async fn every_door_is_cleaned() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let person = json!({ "name": "江\u{200B}雨\u{202E}", "login": "jiangyu\u{FEFF}", "password": "Jiang\u{200B}yu-2026", "account": "member", "roles": [] });
    p.call("admin", "person.add", person).await?;
    let people = p.call("admin", "person.list", json!({})).await?;
    let people = people.as_array().cloned().unwrap_or_default();
    let kept = people
        .iter()
        .find(|x| x["login"] == "jiangyu")
        .cloned()
        .unwrap_or_default();
    assert_eq!(kept["name"], "江雨");
    // A password is what was typed, at setting and at signing in.
    for (password, right) in [("Jiang\u{200B}yu-2026", true), ("Jiangyu-2026", false)] {
        let request = json!({ "login": "jiangyu\u{200B}", "password": password });
        let session = redress_desk::Session::new();
        let answer = p
            .office
            .call(&session, "session.sign_in", request, redress_desk::Lang::Zh)
            .await;
        assert_eq!(answer.is_ok(), right, "{password:?}: {answer:?}");
    }
    p.clock("2026-09-30T16:12")?;
    let (case, _, _) = receipt(&h, "王芳", "等了两个小时").await?;
    use base64::{Engine, engine::general_purpose::STANDARD};
    let pdf = STANDARD.encode(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n");
    let file = json!({ "case": case, "name": "证据\u{202E}fdp.exe\u{200B}.pdf", "kind": "其他\t\u{FEFF}", "bytes": pdf });
    let added = p.call("zhaomin", "attachment.add", file).await?;
    assert_eq!(added["name"], "证据fdp.exe.pdf");
    assert_eq!(added["kind"], "其他");
    let found = p
        .call("zhaomin", "case.list", json!({ "text": "王\u{200B}芳" }))
        .await?;
    assert_eq!(
        found["total"]
            .as_i64()
            .or(found["rows"].as_array().map(|r| r.len() as i64)),
        Some(1),
        "{found}"
    );
    Ok(())
}
