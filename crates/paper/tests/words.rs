//! Whatever people type is printed: emoji, other scripts, rare characters, addresses without end.

mod common;

use common::{fonts, form, lay_out};
use redress_domain::form::Filling;
use redress_paper::{About, Fonts, Item, Laid, PaperError, pdf, redacted};
use std::{collections::BTreeMap, process::Command};

const LETTER: &str = r#"
[[block]]
kind = "grid"
rows = [[{ label = "内容", long = "{body}" }], [{ label = "姓名", text = "{name}" }, { label = "电话", text = "{phone}" }]]
"#;

fn laid(fonts: &Fonts, body: &str, name: &str) -> Laid {
    let texts = [("body", body), ("name", name), ("phone", "138 0013 8000")];
    let texts = texts.map(|(k, v)| (k.to_owned(), v.to_owned()));
    let filling = Filling {
        texts: BTreeMap::from(texts),
        ..Filling::default()
    };
    lay_out(&form(LETTER), &filling, fonts)
}

fn written(laid: &Laid, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let created = chrono::DateTime::parse_from_rfc3339("2026-10-10T16:02:00+08:00")
        .map_err(|e| PaperError::Pdf(e.to_string()))?;
    pdf(
        laid,
        fonts,
        &About {
            title: "试表",
            created,
        },
    )
}

/// What is copied out of a PDF.
fn copied(pdf: &[u8]) -> String {
    let folder = std::env::temp_dir().join(format!("words-{}-{:p}", std::process::id(), pdf));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("x.pdf");
    std::fs::write(&path, pdf).expect("written");
    let out = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8"])
        .arg(&path)
        .arg("-")
        .output();
    let _ = std::fs::remove_dir_all(&folder);
    String::from_utf8_lossy(&out.expect("pdftotext of poppler-utils").stdout).into_owned()
}

/// Each with what the page must hold; all of it has a font.
const WORDS: [(&str, &str); 27] = [
    ("等了两个小时😡没人管", "😡"),
    ("❤\u{FE0F}", "❤"),
    ("❤", "❤"),
    ("一家👨\u{200D}👩\u{200D}👧\u{200D}👦来", "👨"),
    ("👩🏽\u{200D}⚕\u{FE0F}护士", "👩"),
    ("👍🏿好", "👍"),
    ("🇨🇳国旗", "🇨🇳"),
    (
        "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        "🏴",
    ),
    ("按1\u{FE0F}\u{20E3}键", "1"),
    ("☎☑✈♻☯", "☎"),
    ("བོད་ཡིག", "བོད"),
    ("ᠮᠣᠩᠭᠣᠯ", "ᠮ"),
    ("ئۇيغۇرچە", "ئ"),
    ("قازاق", "ق"),
    ("ꆈꌠꁱꂷ", "ꆈꌠꁱꂷ"),
    ("Vahcuengh ƅouчƨɯŋ", "ƨɯŋ"),
    ("陕西\u{30EDE}面", "\u{30EDE}"),
    ("𠮷𪚥𫝀", "𠮷"),
    ("ภาษาไทย", "ภ"),
    ("हिन्दी में", "ह"),
    ("한국어 전화", "한국어"),
    ("한국", "한국"),
    ("Việt Nam, Žižek, Ελλάδα, Россия", "Россия"),
    ("e\u{301}a\u{308}", "e\u{301}a\u{308}"),
    ("ꓡꓲꓢꓴ", "ꓡ"),
    ("⽅⽂", "⽅⽂"),
    ("①②㈱㎡℡№", "①②"),
];

#[test]
fn every_word_is_printed_and_can_be_copied() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let mut wrong = Vec::new();
    for (words, shown) in WORDS {
        let laid = laid(&fonts, words, words);
        if !laid.missing.is_empty() {
            wrong.push(format!("{words}: no font has {:?}", laid.missing));
        }
        assert_eq!(fonts.lacking(words), Vec::<char>::new(), "{words}");
        let text = copied(&written(&laid, &fonts)?);
        if !text.contains(shown) {
            wrong.push(format!("{words}: {shown} is not in {text:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Uyghur letters stand in joined forms, from right to left.
#[test]
fn letters_that_join_are_joined() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let laid = laid(&fonts, "ئۇيغۇرچە", "王芳");
    let drawn = laid.pages[0].items.iter().find_map(|i| match i {
        Item::Text { drawn, text, .. } if !drawn.is_empty() => Some((drawn.clone(), text.clone())),
        _ => None,
    });
    let (drawn, text) = drawn.expect("a shaped run");
    assert_eq!(text, "ئۇيغۇرچە");
    let alone: Vec<u16> = text
        .chars()
        .filter_map(|c| {
            let laid = self::laid(&fonts, &c.to_string(), "王芳");
            laid.pages[0].items.iter().find_map(|i| match i {
                Item::Text { drawn, .. } if !drawn.is_empty() => drawn.first().map(|d| d.id),
                _ => None,
            })
        })
        .collect();
    let forms: Vec<u16> = drawn.iter().map(|d| d.id).collect();
    let joined = forms.iter().filter(|f| !alone.contains(f)).count();
    assert!(joined >= 3, "{forms:?} of {alone:?}");
    // The last letter stands at the left.
    assert_eq!(drawn[0].text, "ە");
    Ok(())
}

/// What an older record holds is left out, and turns nothing round.
#[test]
fn what_cannot_be_seen_leaves_no_trace() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let plain = laid(&fonts, "等了两个小时\n没人管", "王芳");
    for (body, name) in [
        ("等了\u{200B}两个\u{FEFF}小时\u{2028}没人管", "王\u{200B}芳"),
        ("等了两个小时\r\n没人管\u{2060}", "\u{202E}王芳\u{202C}"),
        ("等了两\u{200D}个小时\u{B}没人管", "王\u{200C}芳"),
        ("\u{FE0F}等了两个小时\u{85}没人管", "王\u{7}芳\u{FFFE}"),
        ("等了两个\u{AD}小时\u{2029}没人管", "王芳"),
    ] {
        let other = laid(&fonts, body, name);
        let texts = |l: &Laid| -> Vec<String> {
            let all = l.pages[0].items.iter().filter_map(|i| match i {
                Item::Text { text, .. } => Some(text.trim().to_owned()),
                _ => None,
            });
            all.collect()
        };
        assert_eq!(texts(&other).concat(), texts(&plain).concat(), "{body:?}");
        assert!(other.missing.is_empty(), "{:?}", other.missing);
    }
    Ok(())
}

/// Between two characters of Chinese a line is stretched a little; the letters of an address never are.
#[test]
fn a_long_address_is_broken_inside_and_nothing_is_stretched() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let address = "https://www.example.com/redress/complaints/2026/11/receipt?number=TS-2026-0001&token=abcdefghijklmnopqrstuvwxyz0123456789&from=wechat";
    let unbroken = "a".repeat(150);
    let digits = "0123456789".repeat(12);
    let thai = "ภาษาไทย".repeat(20);
    for long in [
        address,
        &unbroken,
        &digits,
        &thai,
        "ааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааа",
    ] {
        let body = format!(
            "客户在网上看到的说明见下面的网址，请核对内容：{long}，其中第三段与报告不符，要求书面答复并说明依据。"
        );
        let laid = laid(&fonts, &body, "王芳");
        let mut lines: BTreeMap<i32, (f32, String)> = BTreeMap::new();
        for item in &laid.pages[0].items {
            let Item::Text {
                x,
                y,
                width,
                size,
                spacing,
                text,
                ..
            } = item
            else {
                continue;
            };
            assert!(
                *spacing <= size * 0.125 + 0.001,
                "{text} is stretched by {spacing}"
            );
            if text.is_ascii() {
                assert_eq!(*spacing, 0.0, "{text}");
            }
            assert!(x + width < 190.1, "{text} leaves its cell");
            #[expect(clippy::cast_possible_truncation, reason = "millimetres")]
            let line = lines.entry((y * 10.0) as i32).or_default();
            line.0 = line.0.max(x + width);
            line.1 += text;
        }
        // No line of the text but the last is left mostly empty.
        let of_body: Vec<&(f32, String)> = lines
            .values()
            .filter(|l| l.1.chars().count() > 20)
            .collect();
        assert!(of_body.len() >= 2, "{lines:?}");
        for (right, text) in &of_body[..of_body.len() - 1] {
            assert!(*right > 160.0, "{text} ends at {right}");
        }
    }
    Ok(())
}

#[test]
fn a_soft_hyphen_is_seen_where_the_line_is_broken_and_nowhere_else() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let said = |body: &str| -> Vec<String> {
        let laid = laid(&fonts, body, "王芳");
        let all = laid.pages[0].items.iter().filter_map(|i| match i {
            Item::Text { text, .. } => Some(text.clone()),
            _ => None,
        });
        all.collect()
    };
    assert!(
        said("Be\u{AD}schwer\u{AD}de")
            .iter()
            .any(|t| t.contains("Beschwerde"))
    );
    let word =
        "Be\u{AD}schwer\u{AD}de\u{AD}ma\u{AD}na\u{AD}ge\u{AD}ment\u{AD}sys\u{AD}tem".repeat(6);
    let lines = said(&word);
    let hyphens: usize = lines.iter().map(|t| t.matches('-').count()).sum();
    assert_eq!(
        hyphens,
        lines.iter().filter(|t| t.ends_with('-')).count(),
        "{lines:?}"
    );
    assert!(hyphens >= 1, "{lines:?}");
    assert!(!lines.concat().contains('\u{AD}'));
    Ok(())
}

/// Marks piled on a letter do not reach the lines beside it.
#[test]
fn piled_marks_stay_in_their_line() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let marks: String = ('\u{300}'..='\u{32F}').collect();
    let body: String = "complaint"
        .chars()
        .flat_map(|c| std::iter::once(c).chain(marks.chars()))
        .collect();
    let laid = laid(&fonts, &body, "王芳");
    for item in &laid.pages[0].items {
        if let Item::Text { drawn, size, .. } = item {
            let line = size * 25.4 / 72.0;
            assert!(drawn.iter().all(|d| d.rise.abs() < line * 0.4), "{drawn:?}");
        }
    }
    assert!(!written(&laid, &fonts)?.is_empty());
    Ok(())
}

/// Covered words stand as the words do, emoji and joined letters too, and are told by nothing.
#[test]
fn covered_words_keep_their_places() -> Result<(), PaperError> {
    let fonts = fonts()?;
    for (words, _) in WORDS {
        // Latin letters stand in the form itself as well.
        if words.is_ascii() {
            continue;
        }
        let open = laid(&fonts, "内容", words);
        let covered = laid(&fonts, "内容", &redacted(words));
        assert_eq!(covered.pages.len(), open.pages.len());
        let text: String = covered.pages[0]
            .items
            .iter()
            .filter_map(|i| match i {
                Item::Text { text, .. } => Some(text.clone()),
                _ => None,
            })
            .collect();
        assert!(
            !words.chars().any(|c| c > '\u{2FF}' && text.contains(c)),
            "{words}: {text}"
        );
        let bars = covered.pages[0]
            .items
            .iter()
            .filter(|i| matches!(i, Item::Fill { grey, .. } if *grey == 0.0))
            .count();
        assert_eq!(bars, words.split_whitespace().count(), "{words}");
        assert!(covered.missing.is_empty());
    }
    Ok(())
}

#[test]
fn an_absent_fallback_stops_nothing() -> Result<(), PaperError> {
    let only = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../ui/node_modules/@expo-google-fonts/noto-serif-sc");
    let fonts = Fonts::load(&[only])?;
    let laid = laid(
        &fonts,
        "等了😡两个小时ئۇ，一家👨\u{200D}👩\u{200D}👧",
        "王芳",
    );
    let codes: Vec<&str> = laid.missing.iter().map(|m| m.code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "U+0626", "U+06C7", "U+1F468", "U+1F469", "U+1F467", "U+1F621"
        ]
        .map(|c| c)
        .iter()
        .copied()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    assert_eq!(fonts.lacking("等了😡，❤\u{FE0F}"), ['😡', '❤']);
    assert!(!written(&laid, &fonts)?.is_empty());
    Ok(())
}
