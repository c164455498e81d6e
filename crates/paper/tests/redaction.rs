//! A redacted form keeps its layout, and nothing of what it covers is left in the page, the drawing or the file.

mod common;

use common::fonts;
use redress_domain::form::{Filling, Form};
use redress_paper::{About, Item, Laid, PaperError, lay_out, pdf, redacted, svg};
use std::collections::BTreeMap;

const FORM: &str = r#"
id = "probe"
title = "试表"
code = "SB"
[[block]]
kind = "grid"
rows = [
  [{ label = "投诉人", text = "{name}　{phone}" }, { label = "结论", text = "{result}" }],
  [{ label = "内容", long = "经核实：{body}。" }],
]
[[block]]
kind = "table"
title = "持有人"
rows = "copies"
columns = [{ id = "holder", title = "持有人" }, { id = "kind", title = "形式" }]
[[block]]
kind = "paragraph"
text = "{name}您好：您反映的事项（{result}）已办结。"
indent = true
[[block]]
kind = "sign"
cells = [{ label = "签发", text = "同意答复{name}", seal = true }]
"#;

/// What is covered, and nothing else, goes through `cover`.
fn filling(body: &str, cover: impl Fn(&str) -> String) -> Filling {
    let mut f = Filling::default();
    for (key, text) in [("name", "曌龘"), ("phone", "138 0571-2299"), ("body", body)] {
        f.texts.insert(key.to_owned(), cover(text));
    }
    f.texts.insert("result".to_owned(), "部分成立".to_owned());
    let row = |holder: &str| {
        BTreeMap::from([
            ("holder".to_owned(), cover(holder)),
            ("kind".to_owned(), "纸质".to_owned()),
        ])
    };
    f.rows
        .insert("copies".to_owned(), vec![row("曌龘"), row("𠮷靐")]);
    f
}

/// Where something is drawn: lines of text and bars by their baseline, everything else as it is.
fn shape(laid: &Laid) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    for (n, page) in laid.pages.iter().enumerate() {
        let mut lines: Vec<String> = Vec::new();
        for item in &page.items {
            match item {
                Item::Text { y, .. } => lines.push(format!("at {y:.2}")),
                Item::Fill {
                    y, grey, height, ..
                } if *grey == 0.0 => {
                    lines.push(format!("at {:.2}", y + height * 0.82 / 0.92));
                }
                other => all.push((n, format!("{other:?}"))),
            }
        }
        lines.sort();
        lines.dedup();
        all.extend(lines.into_iter().map(|l| (n, l)));
    }
    all
}

#[test]
fn a_redacted_page_has_the_same_lines_boxes_and_pages() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let form: Form = toml::from_str(FORM).expect("a form");
    let long =
        "靐说：“含水量4.2%，上月才1.1%（见 report JC-2026-0917）。”\n𠮷先生也在场，".repeat(400);
    for body in ["", "一", "靐 says hello，再见", &long] {
        let plain = lay_out(&form, &filling(body, str::to_owned), &fonts);
        let barred = lay_out(&form, &filling(body, redacted), &fonts);
        assert_eq!(plain.pages.len(), barred.pages.len());
        assert_eq!(
            shape(&plain),
            shape(&barred),
            "{} characters",
            body.chars().count()
        );
    }
    Ok(())
}

#[test]
fn nothing_covered_is_left_anywhere() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let form: Form = toml::from_str(FORM).expect("a form");
    let barred = lay_out(&form, &filling("靐 2299 secret", redacted), &fonts);
    let created = chrono::DateTime::parse_from_rfc3339("2026-10-10T16:02:00+08:00")
        .map_err(|e| PaperError::Pdf(e.to_string()))?;
    let bytes = pdf(
        &barred,
        &fonts,
        &About {
            title: "试表",
            created,
        },
    )?;
    let mut said = serde_json::to_string(&barred).expect("JSON");
    for page in 0..barred.pages.len() {
        said.push_str(&svg(&barred, page));
    }
    // Every stream of the file, unpacked: page content, fonts, character maps.
    let mut file = lopdf::Document::load_mem(&bytes).map_err(|e| PaperError::Pdf(e.to_string()))?;
    file.decompress();
    let mut streams = Vec::new();
    file.save_to(&mut streams)
        .map_err(|e| PaperError::Pdf(e.to_string()))?;
    let streams = String::from_utf8_lossy(&streams).to_uppercase();
    for c in "曌龘靐𠮷".chars() {
        assert!(!said.contains(c), "{c} is in the boxes");
        let code = format!("{:04X}", u32::from(c));
        assert!(
            !streams.contains(&format!("<{code}>")),
            "{c} is in a character map"
        );
    }
    for word in ["2299", "0571", "secret", "\u{F4E00}"] {
        assert!(!said.contains(word), "{word} is in the boxes");
    }
    assert!(
        said.contains("部分成立") && said.contains("您好"),
        "the rest is readable"
    );
    assert!(barred.missing.is_empty(), "{:?}", barred.missing);
    let known = format!("<{:04X}>", u32::from('成'));
    assert!(streams.contains(&known), "the probe would find a character");
    Ok(())
}
