//! What every form may rely on, with forms made up for the purpose.

mod common;

use common::{fonts, form, lay_out};
use redress_domain::form::{Filling, Signature};
use redress_paper::{About, Item, Laid, Page, PaperError, pdf};
use std::collections::BTreeMap;

fn texts(pairs: &[(&str, String)]) -> Filling {
    Filling {
        texts: pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), v.clone()))
            .collect(),
        ..Filling::default()
    }
}

/// All words of a page, in drawing order.
fn said(page: &Page) -> String {
    let words = page.items.iter().filter_map(|i| match i {
        Item::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    words.collect()
}

const LETTER: &str = r#"
[[block]]
kind = "grid"
rows = [[{ label = "内容", long = "{body}" }]]
[[block]]
kind = "sign"
cells = [{ label = "签发", act = "approve", seal = true }, { label = "经手" }]
"#;

#[test]
fn the_same_form_gives_the_same_bytes() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let filling = texts(&[("body", "复检结果与原结果之差在允差之内。".to_owned())]);
    let created = chrono::DateTime::parse_from_rfc3339("2026-10-10T16:02:00+08:00")
        .map_err(|e| PaperError::Pdf(e.to_string()))?;
    let make = || {
        let laid = lay_out(&form(LETTER), &filling, &fonts);
        pdf(
            &laid,
            &fonts,
            &About {
                title: "试表",
                created,
            },
        )
    };
    assert!(make()? == make()?, "two runs differ");
    Ok(())
}

#[test]
fn a_character_that_no_font_has_is_reported() -> Result<(), PaperError> {
    let fonts = fonts()?;
    // U+10FFFD is for private use; U+20BB7 is a family name that only the fallback has.
    let filling = texts(&[("body", "𠮷先生\u{10FFFD}".to_owned())]);
    let laid = lay_out(&form(LETTER), &filling, &fonts);
    let [missing] = &laid.missing[..] else {
        panic!("one character: {:?}", laid.missing);
    };
    let told = (missing.code.as_str(), missing.character.as_str());
    assert_eq!(told, ("U+10FFFD", "\u{10FFFD}"));
    assert_eq!(
        (missing.field.as_str(), missing.title.as_str()),
        ("body", "内容")
    );
    let said = said(&laid.pages[0]);
    assert!(said.contains("缺字：U+10FFFD（内容）"), "{said}");
    assert!(
        said.contains("10F") && said.contains("FFD"),
        "framed: {said}"
    );
    Ok(())
}

#[test]
fn a_signature_is_never_alone_on_a_page() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let mut turned = 0;
    for lines in 1..90 {
        let filling = texts(&[("body", "一行。\n".repeat(lines))]);
        let laid = lay_out(&form(LETTER), &filling, &fonts);
        let last = laid.pages.last().map(said).unwrap_or_default();
        assert!(
            last.contains("签发") && last.contains("一行。"),
            "{lines} lines: {last}"
        );
        turned = turned.max(laid.pages.len());
    }
    assert!(turned > 1, "the walk crosses a page");
    Ok(())
}

#[test]
fn an_empty_row_stays_with_its_signature() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let blocks = r#"
[[block]]
kind = "grid"
rows = [[{ label = "内容", long = "{body}" }], [{ label = "备注", long = "{note}", lines = 1 }]]
[[block]]
kind = "sign"
cells = [{ label = "签发" }]
"#;
    for lines in 1..60 {
        let filling = texts(&[("body", "一行。\n".repeat(lines))]);
        let laid = lay_out(&form(blocks), &filling, &fonts);
        let last = laid.pages.last().map(said).unwrap_or_default();
        assert!(last.contains("备注"), "{lines} lines: {last}");
    }
    Ok(())
}

/// Widths from the seal's left edge to the frame, free of everything but lines of the frame.
#[test]
fn nothing_stands_where_the_seal_goes() -> Result<(), PaperError> {
    const SEAL: f32 = 45.0;
    let fonts = fonts()?;
    let mut filling = texts(&[("body", "内容".to_owned())]);
    let by = Signature {
        name: "欧阳修远之".to_owned(),
        meaning: "批准".into(),
        code: "1a2b3c4d".into(),
        at: "2026年10月10日 16:02".to_owned(),
    };
    filling.signatures.insert("approve".to_owned(), by);
    filling.qr = Some("RD1:TS-2026-0001-SB-01:0123456789abcdef".to_owned());
    let laid = lay_out(&form(LETTER), &filling, &fonts);
    let items = &laid.pages[0].items;
    let label = items.iter().find_map(|i| match i {
        Item::Text { text, y, .. } if text.starts_with("签发") => Some(*y),
        _ => None,
    });
    let top = label.unwrap_or_default() - 5.0;
    // The seal's cell ends where the second cell begins: the upright line nearest to its label.
    let second = items.iter().find_map(|i| match i {
        Item::Text { text, x, .. } if text.starts_with("经手") => Some(*x),
        _ => None,
    });
    let right = second.unwrap_or_default() - 1.0;
    let inside = |x: f32, y: f32| x > right - SEAL + 1.0 && x < right && y > top && y < top + SEAL;
    for item in items {
        match item {
            Item::Text {
                x,
                y,
                width,
                text,
                angle,
                ..
            } if *angle == 0.0 && !text.contains("章") => {
                assert!(
                    !inside(*x, *y) && !inside(x + width, *y),
                    "{text} stands in the seal's place"
                );
            }
            Item::Fill { x, y, .. } => {
                assert!(!inside(*x, *y), "the code stands in the seal's place")
            }
            _ => {}
        }
    }
    Ok(())
}

#[test]
fn twenty_thousand_characters_flow_over_pages_with_the_label_repeated() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let filling = texts(&[("body", "客户反映的情况".repeat(2857))]);
    let laid = lay_out(&form(LETTER), &filling, &fonts);
    assert!(laid.pages.len() > 8, "{} pages", laid.pages.len());
    for page in &laid.pages[1..] {
        assert!(said(page).contains("（续）"), "a page without its label");
    }
    let all: usize = laid
        .pages
        .iter()
        .map(|p| said(p).matches('映').count())
        .sum();
    assert_eq!(all, 2857, "not a character is lost");
    inside_the_sheet(&laid);
    Ok(())
}

#[test]
fn a_table_repeats_its_head_and_a_slip_is_a5() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let mut filling = Filling::default();
    let row = |i: usize| BTreeMap::from([("name".to_owned(), format!("第{i}号样品"))]);
    filling
        .rows
        .insert("list".to_owned(), (1..=60).map(row).collect());
    let blocks = r#"
page = "a5-landscape"
[[block]]
kind = "table"
rows = "list"
numbered = true
columns = [{ id = "name", title = "样品名称" }]
"#;
    let laid = lay_out(&form(blocks), &filling, &fonts);
    assert_eq!((laid.width, laid.height), (210.0, 148.0));
    assert!(laid.pages.len() > 2);
    for page in &laid.pages {
        assert!(said(page).contains("样品名称"), "a page without the head");
    }
    assert!(said(&laid.pages[laid.pages.len() - 1]).contains("第60号样品"));
    inside_the_sheet(&laid);
    Ok(())
}

fn inside_the_sheet(laid: &Laid) {
    for page in &laid.pages {
        for item in &page.items {
            if let Item::Text {
                x,
                y,
                width,
                text,
                angle,
                ..
            } = item
                && *angle == 0.0
            {
                assert!(
                    *x >= 0.0 && x + width <= laid.width && *y <= laid.height,
                    "{text} leaves the sheet"
                );
            }
        }
    }
}

#[test]
fn a_row_is_as_tall_as_its_label() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let blocks = r#"
[[block]]
kind = "grid"
rows = [
  [{ label = "联系不上时告知的处理进度和下一步打算", long = "{body}", lines = 1 }],
  [{ label = "说明", long = "{body}", lines = 1 }],
]
"#;
    let laid = lay_out(&form(blocks), &texts(&[("body", "无".to_owned())]), &fonts);
    let Some(page) = laid.pages.first() else {
        panic!("a page");
    };
    let label: Vec<f32> = page
        .items
        .iter()
        .filter_map(|i| match i {
            Item::Text { x, y, bold, .. } if *bold && *x < 45.0 => Some(*y),
            _ => None,
        })
        .collect();
    let [a, b, c, next] = label[..] else {
        panic!("three lines and the next label: {label:?}");
    };
    assert!(c - b < 6.0 && b - a < 6.0, "one label: {label:?}");
    assert!(next - c > c - b, "the next row stands below it: {label:?}");
    Ok(())
}

/// A table of a million rows is given up, not drawn to its end.
#[test]
fn what_is_longer_than_a_document_is_refused_quickly() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let long = form(
        "[[block]]\nkind = \"table\"\nrows = \"r\"\nmin_rows = 1000000\ncolumns = [{ id = \"a\", title = \"甲\" }]",
    );
    let begun = std::time::Instant::now();
    let laid = redress_paper::lay_out(&long, &Filling::default(), &fonts);
    assert!(matches!(laid, Err(PaperError::TooLong(_))));
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    Ok(())
}

/// What is the product's and not the document's: a part, a signature, and the form as its foot says.
#[test]
fn what_is_ours_says_so_on_paper() -> Result<(), PaperError> {
    const MARK: &str = "产品默认，非程序文件规定";
    let blocks = |note: &str| {
        format!(
            r#"
[[block]]
kind = "heading"
text = "三、后续途径"
{note}
[[block]]
kind = "grid"
rows = [[{{ label = "内容", text = "无" }}]]
[[block]]
kind = "sign"
cells = [{{ label = "批准"{} }}, {{ label = "经手" }}]
"#,
            if note.is_empty() {
                ""
            } else {
                ", default_note = \"G1\""
            }
        )
    };
    let fonts = fonts()?;
    let marks = |form: &redress_domain::form::Form| {
        let laid = lay_out(form, &Filling::default(), &fonts);
        said(&laid.pages[0]).matches(MARK).count()
    };
    assert_eq!(marks(&form(&blocks(""))), 0);
    let mut marked = form(&blocks("default_note = \"G8\""));
    assert_eq!(marks(&marked), 2, "beside the heading, under the label");
    marked.ours = vec!["表单式样".to_owned(), "保存期限".to_owned()];
    assert_eq!(marks(&marked), 3);
    let laid = lay_out(&marked, &Filling::default(), &fonts);
    let foot = format!("表单式样、保存期限：{MARK}");
    assert!(said(&laid.pages[0]).contains(&foot));
    Ok(())
}
