//! 案卷: the whole file of a case as one PDF.

use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use redress_desk::demo::{EndsAs, Practice};
use redress_tests::{code, house};
use serde_json::{Value, json};

/// The file's pages and their words.
async fn file(p: &Practice, who: &str, case: &str, variant: &str) -> Result<(usize, String)> {
    let request = json!({ "case": case, "variant": variant, "why": "归档前核对" });
    let made = p.call(who, "case.file", request).await?;
    let bytes = STANDARD.decode(made["bytes"].as_str().context("bytes")?)?;
    let pdf = lopdf::Document::load_mem(&bytes)?;
    let pages: Vec<u32> = pdf.get_pages().keys().copied().collect();
    Ok((
        pages.len(),
        pdf.extract_text(&pages)?.split_whitespace().collect(),
    ))
}

#[tokio::test]
async fn the_whole_file_is_one_pdf_with_page_numbers() -> Result<()> {
    let mut h = house().await?;
    let case = h.practice.story(EndsAs::Differs).await?;
    let p = &h.practice;
    let view = p
        .call("zhaomin", "case.get", json!({ "case": case }))
        .await?;
    let documents = view["documents"].as_array().context("documents")?;
    let inside: u64 = documents.iter().filter_map(|d| d["pages"].as_u64()).sum();
    let (pages, words) = file(p, "zhaomin", &case, "filled").await?;
    assert!(
        pages as u64 > inside + 1,
        "{pages}: every document, one page of contents, and the course of the case"
    );
    // A measure is on no form in these words, and longer than the window's line.
    assert!(words.contains("办理经过") && words.contains("点检表增加检定有效期"));
    for n in 1..=pages {
        assert!(
            words.contains(&format!("案卷第{n}页共{pages}页")),
            "page {n}"
        );
    }
    for d in documents {
        let number = d["number"].as_str().unwrap_or_default();
        assert!(
            words.matches(number).count() > 1,
            "{number} stands in the contents and on its page"
        );
    }
    assert!(words.contains("王芳"));
    let (covered, words) = file(p, "zhaomin", &case, "redacted").await?;
    assert_eq!(covered, pages);
    for personal in ["王芳", "13800138000", "长河路"] {
        assert!(!words.contains(personal), "{personal}");
    }
    let kept = p
        .call("admin", "access.list", json!({ "what": "print" }))
        .await?;
    let printed = kept.as_array().into_iter().flatten();
    let printed = printed.filter(|r| r["about"] == "case-file" && r["number"] == case.as_str());
    let printed = printed.count();
    assert_eq!(printed, 2, "{kept}");
    Ok(())
}

#[tokio::test]
async fn a_case_without_documents_has_no_file() -> Result<()> {
    let h = house().await?;
    let values: Value = h.practice.complaint();
    let opens = json!({ "procedure": "inspection-station", "channel": "visit", "received_at": "2026-09-28T08:00:00+08:00", "values": values });
    let made = h.practice.call("zhaomin", "case.register", opens).await?;
    let case = made["number"].clone();
    let request = json!({ "case": case, "variant": "filled" });
    let answer = h.practice.call("zhaomin", "case.file", request).await;
    assert_eq!(code(answer), "file_empty");
    Ok(())
}
