//! Reports over periods, those that are owed, and books over cases; nobody's name stands in one.

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use redress_desk::demo::{PASSWORD, Practice, STORIES, Story};
use redress_tests::{code, config, house};
use serde_json::{Value, json};
use std::io::Read;
use tempfile::TempDir;

async fn told(name: &str) -> Result<(TempDir, Practice)> {
    let (_, text) = STORIES
        .iter()
        .find(|(n, _)| *n == name)
        .context("a story")?;
    let story = Story::read(text)?;
    let folder = TempDir::new()?;
    let mut p = Practice::bare(config(&folder), PASSWORD, story.begins()?).await?;
    p.tell(&story).await?;
    Ok((folder, p))
}

/// Everything that a spreadsheet says: its parts, unpacked.
fn said(answer: &Value) -> Result<String> {
    let bytes = STANDARD.decode(answer["bytes"].as_str().unwrap_or_default())?;
    let mut out = String::new();
    let word = |o: usize| usize::from(u16::from_le_bytes([bytes[o], bytes[o + 1]]));
    let long = |o: usize| word(o) | (word(o + 2) << 16);
    let ends = bytes.windows(4).rposition(|w| w == b"PK\x05\x06");
    let mut entry = long(ends.context("a zip")? + 16);
    while bytes.get(entry..entry + 4) == Some(b"PK\x01\x02") {
        let (method, packed, local) = (word(entry + 10), long(entry + 20), long(entry + 42));
        let data = local + 30 + word(local + 26) + word(local + 28);
        let part = &bytes[data..data + packed];
        if method == 8 {
            flate2::read::DeflateDecoder::new(part).read_to_string(&mut out)?;
        } else {
            out.push_str(&String::from_utf8_lossy(part));
        }
        entry += 46 + word(entry + 28) + word(entry + 30) + word(entry + 32);
    }
    ensure!(!out.is_empty(), "an empty spreadsheet");
    Ok(out)
}

fn due(answer: &Value) -> Vec<String> {
    let all = answer["due"].as_array().into_iter().flatten();
    let one = |d: &Value| {
        let word = |k: &str| d[k].as_str().unwrap_or_default().to_owned();
        format!(
            "{} {}–{} {}",
            word("duty"),
            word("from"),
            word("to"),
            word("due")
        )
    };
    all.map(one).collect()
}

/// T2, L55: the week is owed on Monday, the month on its first working day; what was made is owed no more.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_due_until_it_is_made() -> Result<()> {
    let (_folder, p) = told("car-dealer").await?;
    p.clock("2026-11-29T10:00")?;
    let sunday = p.call("gz_lixin", "report.due", json!({})).await?;
    assert_eq!(due(&sunday), ["weekly 2026-11-16–2026-11-22 2026-11-23"]);
    assert_eq!(sunday["due"][0]["late"], true);
    p.clock("2026-11-30T08:00")?;
    let monday = p.call("gz_lixin", "report.due", json!({})).await?;
    assert_eq!(
        due(&monday),
        [
            "weekly 2026-11-16–2026-11-22 2026-11-23",
            "weekly 2026-11-23–2026-11-29 2026-11-30"
        ]
    );
    let others = p.call("gz_hanke", "report.due", json!({})).await?;
    assert_eq!(due(&others), [""; 0], "the workshop owes nothing");
    let week = json!({ "kind": "week", "procedure": "car-dealer", "duty": "weekly", "from": "2026-11-16", "to": "2026-11-22", "format": "xlsx" });
    assert_eq!(
        code(p.call("gz_hanke", "report.period", week.clone()).await),
        "role_missing"
    );
    let mut other = week.clone();
    other["kind"] = json!("month");
    assert_eq!(
        code(p.call("gz_lixin", "report.period", other).await),
        "unknown_report"
    );
    p.call("gz_lixin", "report.period", week).await?;
    let after = p.call("gz_lixin", "report.due", json!({})).await?;
    assert_eq!(due(&after), ["weekly 2026-11-23–2026-11-29 2026-11-30"]);
    let second = json!({ "kind": "week", "procedure": "car-dealer", "from": "2026-11-23", "to": "2026-11-29", "format": "xlsx" });
    let text = said(&p.call("gz_lixin", "report.period", second).await?)?;
    for word in [
        "逐件",
        "GZ-2026-0001",
        "GZ-2026-0005",
        "首保等候三小时",
        "维修部",
    ] {
        ensure!(
            text.contains(word),
            "L55: the summary lists the sheets: {word}"
        );
    }
    assert_eq!(after["made"][0]["by"], "李欣");
    // The National Day week: October's report on the 8th, and nothing for the time before the first case.
    p.clock("2027-01-04T08:00")?;
    let year = p.call("gz_lixin", "report.due", json!({})).await?;
    let monthly: Vec<String> = due(&year)
        .into_iter()
        .filter(|d| d.starts_with("monthly"))
        .collect();
    assert_eq!(
        monthly,
        [
            "monthly 2026-11-01–2026-11-30 2026-12-01",
            "monthly 2026-12-01–2026-12-31 2027-01-01"
        ]
    );
    ensure!(p.office.verify(None, redress_desk::Lang::Zh).await?.ok);
    Ok(())
}

/// L48: 25 hours stand in the book as one hour too many; L54: and in the timeliness of the limit.
#[tokio::test(flavor = "multi_thread")]
async fn the_book_and_the_assessment_show_the_25_hours() -> Result<()> {
    let (_folder, p) = told("car-dealer").await?;
    let book = json!({ "procedure": "car-dealer", "book": "handover-book", "from": "2026-11-01", "to": "2026-11-30", "format": "xlsx" });
    let text = said(&p.call("gz_lixin", "report.book", book.clone()).await?)?;
    for word in [
        "GZ-2026-0001",
        "浙A·7T319",
        "维修部",
        "是，超 1小时",
        "否",
        "是否超过24小时",
    ] {
        ensure!(text.contains(word), "{word} is missing");
    }
    // A line stays as it was written, though the sheet went to another department later (G15).
    let mut day = book.clone();
    day["to"] = json!("2026-11-20");
    day["from"] = json!("2026-11-20");
    let text = said(&p.call("gz_lixin", "report.book", day).await?)?;
    ensure!(text.contains("销售部"), "the first hand-over is forgotten");
    let mut wrong = book;
    wrong["book"] = json!("cook-book");
    assert_eq!(
        code(p.call("gz_lixin", "report.book", wrong).await),
        "unknown_report"
    );
    let period = |kind: &str, format: &str| json!({ "kind": kind, "from": "2026-11-01", "to": "2026-11-30", "format": format });
    let text = said(
        &p.call("gz_lixin", "report.period", period("timeliness", "xlsx"))
            .await?,
    )?;
    ensure!(text.contains("责任部门处理（交付至返回）") && text.contains("及时率"));
    let text = said(
        &p.call("gz_lixin", "report.period", period("month", "xlsx"))
            .await?,
    )?;
    for word in ["维修部", "销售部", "满意度", "记录锚点"] {
        ensure!(text.contains(word), "{word} is missing");
    }
    for word in ["顾军", "138 0571 2046", "梁晓", "刹车有抖动，问接待员"] {
        ensure!(!text.contains(word), "{word} stands in a report");
    }
    for kind in [
        "week",
        "month",
        "timeliness",
        "management_review",
        "handover",
    ] {
        let pdf = p
            .call("gz_lixin", "report.period", period(kind, "pdf"))
            .await?;
        let bytes = STANDARD.decode(pdf["bytes"].as_str().unwrap_or_default())?;
        ensure!(bytes.starts_with(b"%PDF"), "{kind}");
        if let Some(out) = std::env::var_os("REDRESS_PICTURES") {
            std::fs::write(
                std::path::Path::new(&out).join(format!("{kind}.pdf")),
                bytes,
            )?;
        }
    }
    assert_eq!(
        code(
            p.call("gz_lixin", "report.period", period("novel", "pdf"))
                .await
        ),
        "value_unknown_choice"
    );
    let seen = p
        .call("admin", "access.list", json!({ "what": "report" }))
        .await?;
    ensure!(
        seen.as_array().is_some_and(|a| a.len() >= 8),
        "each report is kept on record"
    );
    Ok(())
}

/// L141, L95: 重大 with causes, measures and effects; what is personal stays in the file.
#[tokio::test(flavor = "multi_thread")]
async fn the_management_review_gets_what_was_major() -> Result<()> {
    let (_folder, p) = told("inspection-institute").await?;
    let year = json!({ "kind": "management_review", "procedure": "inspection-institute", "from": "2026-01-01", "to": "2026-12-31", "format": "xlsx" });
    p.clock("2026-12-30T10:00")?;
    let text = said(&p.call("jy_lubo", "report.period", year).await?)?;
    for word in [
        "JY-2026-0001",
        "主因为铅封后调整",
        "有效",
        "2026 年度管理评审",
    ] {
        ensure!(text.contains(word), "{word} is missing");
    }
    for word in ["JY-2026-0002", "聂主任", "长丰化工"] {
        ensure!(!text.contains(word), "{word} stands there");
    }
    Ok(())
}

/// The next shift sees what is open, for whom it waits, and by when.
#[tokio::test]
async fn a_shift_is_handed_over() -> Result<()> {
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let case = h.practice.register(complaint).await?;
    let today =
        json!({ "kind": "handover", "from": "2026-09-30", "to": "2026-09-30", "format": "xlsx" });
    let text = said(&h.practice.call("zhaomin", "report.period", today).await?)?;
    for word in [case.as_str(), "受理", "办公室", "余 "] {
        ensure!(text.contains(word), "{word} is missing");
    }
    ensure!(!text.contains("王芳"));
    Ok(())
}
