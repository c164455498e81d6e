//! A redacted form stands as the filled one does, and tells nothing of what its bars cover.

mod common;

use common::{fonts, form, lay_out};
use redress_domain::form::{Block, Filling, Form, Mark, Picked, Signature};
use redress_paper::{About, Fonts, Item, Laid, PaperError, pdf, redacted, svg};
use skrifa::{
    FontRef, MetadataProvider,
    instance::{LocationRef, Size},
    outline::OutlinePen,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// A bar's top above the baseline, in its heights.
const ABOVE: f32 = 0.86;

/// What people write: Chinese punctuation, words, digits, blanks, paragraphs, a rare family name.
const WORDS: &str = "客户𠮷先生称：“样品（编号TS-2026-0001）的含水量为4.2%，上月才1.1%。”他问《报告》的依据……\n\
    来电 138 0000 0000，e-mail to lab.office@example.com；要求复检、更正。　　\r\n\
    \t“不可能！”他说：‘三十余年——从未如此／如是。’费用￥1200元，误差±0.05℃；see Annex B-12 for details.\n";

fn words(length: usize) -> String {
    WORDS.chars().cycle().take(length).collect()
}

/// Every form that a procedure carries.
fn forms() -> Vec<Form> {
    let top = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../procedures");
    let folders = std::fs::read_dir(top).expect("procedures");
    let files = folders
        .filter_map(|f| std::fs::read_dir(f.ok()?.path().join("forms")).ok())
        .flatten();
    let mut paths: Vec<PathBuf> = files.filter_map(|f| Some(f.ok()?.path())).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    assert!(paths.len() > 10, "the forms are found");
    let read = |p: &PathBuf| {
        let text = std::fs::read_to_string(p).expect("a form's file");
        toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", p.display()))
    };
    paths.iter().map(read).collect()
}

/// Everything that the blocks ask for: `long` in the cells that flow over pages, `short` elsewhere.
fn fill(blocks: &[Block], long: &str, short: &str) -> Filling {
    let mut filling = Filling {
        organisation: short.chars().take(12).collect(),
        number: short.chars().take(12).collect(),
        qr: Some("RD1:TS-2026-0001-SB-01:0123456789abcdef".to_owned()),
        ..Filling::default()
    };
    let put = |filling: &mut Filling, template: &str, text: &str| {
        for key in template
            .split('{')
            .skip(1)
            .filter_map(|t| t.split_once('}'))
        {
            filling.texts.insert(key.0.to_owned(), text.to_owned());
        }
    };
    let picked = |picked: bool| Picked {
        title: short.chars().take(9).collect(),
        picked,
    };
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Cut { text } => {
                put(&mut filling, text, short);
            }
            Block::Grid { rows } => {
                for cell in rows.iter().flatten() {
                    put(&mut filling, &cell.text, short);
                    put(&mut filling, &cell.long, long);
                    filling
                        .choices
                        .insert(cell.choice.clone(), vec![picked(true), picked(false)]);
                }
            }
            Block::Table { rows, columns, .. } => {
                let row: BTreeMap<String, String> = columns
                    .iter()
                    .map(|c| (c.id.clone(), short.to_owned()))
                    .collect();
                filling.rows.insert(rows.clone(), vec![row; 4]);
            }
            Block::Sign { cells } => {
                for cell in cells {
                    put(&mut filling, &cell.text, short);
                    let name = short.chars().take(5).collect();
                    let by = Signature {
                        name,
                        meaning: "批准".to_owned(),
                        at: "2026年10月10日 16:02".to_owned(),
                        code: "1a2b3c4d".to_owned(),
                    };
                    filling.signatures.insert(cell.act.clone(), by);
                }
            }
            Block::Each { over, blocks } => {
                let own = fill(blocks, long, short);
                filling.groups.insert(over.clone(), vec![own; 3]);
            }
            Block::Only { given, blocks } => {
                filling.texts.insert(given.clone(), short.to_owned());
                let own = fill(blocks, long, short);
                filling.texts.extend(own.texts);
            }
            Block::PageBreak | Block::Flow { .. } => {}
        }
    }
    filling
}

/// The same filling, every text of it redacted but the QR code's.
fn hide(filling: &Filling) -> Filling {
    let mut out = filling.clone();
    let hide_one = |text: &mut String| *text = redacted(text);
    hide_one(&mut out.organisation);
    hide_one(&mut out.number);
    out.texts.values_mut().for_each(hide_one);
    let rows = out.rows.values_mut().flatten();
    rows.flat_map(|row| row.values_mut()).for_each(hide_one);
    for option in out.choices.values_mut().flatten() {
        hide_one(&mut option.title);
    }
    for by in out.signatures.values_mut() {
        for text in [&mut by.name, &mut by.meaning, &mut by.at, &mut by.code] {
            hide_one(text);
        }
    }
    for mark in &mut out.marks {
        match mark {
            Mark::Reprint { at } => hide_one(at),
            Mark::Superseded { by } => hide_one(by),
            Mark::Practice | Mark::Preview => {}
        }
    }
    for own in out.groups.values_mut().flatten() {
        *own = hide(own);
    }
    out
}

/// The modules of a QR code are black too, and a third as high.
fn is_bar(item: &Item) -> bool {
    matches!(item, Item::Fill { grey, height, .. } if *grey == 0.0 && *height > 2.0)
}

fn bars(laid: &Laid) -> usize {
    let items = laid.pages.iter().flat_map(|p| &p.items);
    items.filter(|i| is_bar(i)).count()
}

/// Each line as page, baseline, left and right end, in drawing order; text or bar is all the same.
fn stands(laid: &Laid) -> Vec<(usize, f32, f32, f32)> {
    const POINT: f32 = 25.4 / 72.0;
    let mut all: Vec<(usize, f32, f32, f32)> = Vec::new();
    for (n, page) in laid.pages.iter().enumerate() {
        for item in &page.items {
            let (x, y, right) = match item {
                Item::Text {
                    x,
                    y,
                    width,
                    spacing,
                    angle,
                    ..
                } if *angle == 0.0 => (*x, *y, x + width - spacing * POINT),
                Item::Fill {
                    x,
                    y,
                    width,
                    height,
                    ..
                } if is_bar(item) => (*x, y + height * ABOVE, x + width),
                _ => continue,
            };
            match all.last_mut() {
                Some(last) if last.0 == n && near(last.1, y) && x > last.2 => last.3 = right,
                _ => all.push((n, y, x, right)),
            }
        }
    }
    all
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() < 0.01
}

/// What is neither text nor bar.
fn rest(laid: &Laid) -> Vec<Vec<&Item>> {
    let drawn = |i: &&Item| !matches!(i, Item::Text { angle, .. } if *angle == 0.0) && !is_bar(i);
    laid.pages
        .iter()
        .map(|p| p.items.iter().filter(drawn).collect())
        .collect()
}

/// The filled form and the redacted one stand alike; answers the redacted one's pages.
fn alike(form: &Form, filling: &Filling, fonts: &Fonts, of: &str) -> usize {
    let (filled, bare) = (
        lay_out(form, filling, fonts),
        lay_out(form, &hide(filling), fonts),
    );
    let of = format!("{} of {of}", form.id);
    assert_eq!(bars(&filled), 0, "{of}: a bar where nothing is redacted");
    let any = filling.texts.values().any(|t| !t.trim().is_empty());
    assert!(bars(&bare) > 0 || !any, "{of}: no bar");
    assert_eq!(filled.pages.len(), bare.pages.len(), "{of}: pages");
    assert!(rest(&filled) == rest(&bare), "{of}: frames and rules");
    let (a, b) = (stands(&filled), stands(&bare));
    for (n, (a, b)) in a.iter().zip(&b).enumerate() {
        let same = a.0 == b.0 && near(a.1, b.1) && near(a.2, b.2) && near(a.3, b.3);
        assert!(same, "{of}: line {n} stands at {a:?} and at {b:?}");
    }
    assert_eq!(a.len(), b.len(), "{of}: lines");
    bare.pages.len()
}

#[test]
fn a_redacted_form_stands_as_the_filled_one() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let mut most = 0;
    for form in forms() {
        for length in [0, 1, 7, 45, 160, 900] {
            let mut filling = fill(&form.blocks, &words(length), &words(length.min(160)));
            filling.marks = vec![
                Mark::Practice,
                Mark::Superseded {
                    by: words(length.min(20)),
                },
            ];
            alike(&form, &filling, &fonts, &format!("{length} characters"));
        }
        let flows = |b: &Block| matches!(b, Block::Grid { rows } if rows.iter().any(|r| r.len() == 1 && !r[0].long.is_empty()));
        if most == 0 && form.blocks.iter().any(flows) {
            let filling = fill(&form.blocks, &words(20_000), &words(40));
            most = alike(&form, &filling, &fonts, "20,000 characters");
        }
    }
    assert!(most > 8, "{most} pages");
    Ok(())
}

/// Lines are broken as the words are, wherever in them the line ends.
#[test]
fn every_measure_breaks_alike() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let blocks = r#"
[[block]]
kind = "paragraph"
text = "兹证明{a}，{b}（{a}）。"
[[block]]
kind = "table"
rows = "list"
columns = [{ id = "a", title = "甲", width = 1 }, { id = "b", title = "乙", width = 9, align = "right" }]
"#;
    let form = form(blocks);
    for start in 0..WORDS.chars().count() {
        let text = |length| {
            let all = WORDS.chars().cycle().skip(start);
            all.take(length).collect::<String>()
        };
        let pairs = [("a", text(start % 23)), ("b", text(start + 40))];
        let all: BTreeMap<String, String> =
            pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        let filling = Filling {
            texts: all.clone(),
            rows: BTreeMap::from([("list".to_owned(), vec![all])]),
            ..Filling::default()
        };
        alike(&form, &filling, &fonts, &format!("the words from {start}"));
    }
    Ok(())
}

const PROBE: &str = r#"
[[block]]
kind = "grid"
rows = [[{ label = "姓名", text = "{name}先生" }, { label = "方式", choice = "way" }], [{ label = "内容", long = "{body}" }]]
[[block]]
kind = "table"
rows = "list"
columns = [{ id = "name", title = "样品" }]
[[block]]
kind = "sign"
cells = [{ label = "签发", act = "approve", text = "意见：{name}" }]
[[block]]
kind = "cut"
text = "回执　{name}"
"#;
/// In no form's own words.
const SECRET: &str = "龘曌𠮷ÞŁ";

fn probe(text: &str) -> Filling {
    let form = form(PROBE);
    let mut filling = fill(&form.blocks, &text.repeat(900), text);
    filling.marks = vec![
        Mark::Superseded {
            by: text.to_owned(),
        },
        Mark::Reprint {
            at: text.to_owned(),
        },
    ];
    filling
}

fn written(laid: &Laid, fonts: &Fonts) -> Result<lopdf::Document, PaperError> {
    let created = chrono::DateTime::parse_from_rfc3339("2026-10-10T16:02:00+08:00");
    let about = About {
        title: "试表",
        created: created.map_err(|e| PaperError::Pdf(e.to_string()))?,
    };
    let bytes = pdf(laid, fonts, &about)?;
    lopdf::Document::load_mem(&bytes).map_err(|e| PaperError::Pdf(e.to_string()))
}

/// The document's streams, unpacked.
fn streams(doc: &lopdf::Document) -> Vec<Vec<u8>> {
    let all = doc.objects.values().filter_map(|o| o.as_stream().ok());
    let unpack = |s: &lopdf::Stream| {
        let plain = s.decompressed_content();
        plain.unwrap_or_else(|_| s.content.clone())
    };
    all.map(unpack).collect()
}

/// What a reader could copy out of the PDF: the characters of all ToUnicode maps.
fn copied(doc: &lopdf::Document) -> BTreeSet<char> {
    let maps = streams(doc)
        .into_iter()
        .filter_map(|s| String::from_utf8(s).ok());
    let mut out = BTreeSet::new();
    for map in maps.filter(|m| m.contains("begincmap")) {
        for line in map.lines().filter(|l| l.starts_with('<')) {
            let last = line.rsplit('<').next().unwrap_or_default();
            let units: Vec<u16> = last
                .trim_end_matches('>')
                .as_bytes()
                .chunks(4)
                .filter_map(|c| u16::from_str_radix(std::str::from_utf8(c).ok()?, 16).ok())
                .collect();
            out.extend(String::from_utf16_lossy(&units).chars());
        }
    }
    out
}

#[derive(Default)]
struct Outline(String);

impl OutlinePen for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0 += &format!("m{x},{y}");
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0 += &format!("l{x},{y}");
    }
    fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
        self.0 += &format!("q{a},{b},{x},{y}");
    }
    fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
        self.0 += &format!("c{a},{b},{c},{d},{x},{y}");
    }
    fn close(&mut self) {
        self.0.push('z');
    }
}

/// The shapes in the embedded fonts, the one of no character left out.
fn shapes(doc: &lopdf::Document) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for bytes in streams(doc) {
        let Ok(font) = FontRef::new(&bytes) else {
            continue;
        };
        let all = font.outline_glyphs();
        for (id, glyph) in all.iter().filter(|(id, _)| id.to_u32() > 0) {
            let mut shape = Outline::default();
            let drawn = glyph.draw((Size::unscaled(), LocationRef::default()), &mut shape);
            assert!(drawn.is_ok(), "glyph {id}");
            if !shape.0.is_empty() {
                out.insert(shape.0);
            }
        }
    }
    out
}

fn tells(text: &str) -> Option<char> {
    let secret = |c: &char| SECRET.contains(*c) || u32::from(*c) > 0xE_FFFF;
    text.chars().find(secret)
}

#[test]
fn nothing_of_the_words_is_left() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let form = form(PROBE);
    let filled = lay_out(&form, &probe(SECRET), &fonts);
    let bare = lay_out(&form, &hide(&probe(SECRET)), &fonts);
    assert!(bare.pages.len() > 1 && bars(&bare) > 20);

    let json = |laid| serde_json::to_string(laid).map_err(|e| PaperError::Pdf(e.to_string()));
    assert!(tells(&json(&filled)?).is_some());
    assert_eq!(tells(&json(&bare)?), None);
    for n in 0..bare.pages.len() {
        assert!(tells(&svg(&filled, n)).is_some());
        assert_eq!(tells(&svg(&bare, n)), None);
        assert!(svg(&bare, n).contains("rgb(0% 0% 0%)"), "its bars are seen");
    }

    let (filled, bare) = (written(&filled, &fonts)?, written(&bare, &fonts)?);
    let found = copied(&filled);
    assert!(
        SECRET.chars().all(|c| found.contains(&c)),
        "the words of a filled form are found: {found:?}"
    );
    let left: String = copied(&bare).into_iter().collect();
    assert!(left.contains("签") && left.contains("先"), "{left}");
    assert_eq!(tells(&left), None);

    // The form's own words with the secret beside them: what that adds are the secret's shapes.
    let plain = |text: &str| {
        let block = format!("[[block]]\nkind = \"paragraph\"\ntext = \"字{text}\"\n");
        let laid = lay_out(&common::form(&block), &Filling::default(), &fonts);
        written(&laid, &fonts).map(|d| shapes(&d))
    };
    let secret: BTreeSet<String> = &plain(SECRET)? - &plain("")?;
    assert_eq!(secret.len(), SECRET.chars().count(), "one shape each");
    assert!(
        secret.is_subset(&shapes(&filled)),
        "a filled form embeds them"
    );
    assert!(
        secret.is_disjoint(&shapes(&bare)),
        "a redacted one must not"
    );
    Ok(())
}

#[test]
fn fixed_words_are_read_and_a_value_is_one_bar() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let block = "[[block]]\nkind = \"paragraph\"\ntext = \"兹证明{name}（{phone}）来访。\"\n";
    let pairs = [("name", "欧阳𠮷"), ("phone", "138\u{10FFFE}\u{10FFFD}5")];
    let given = |how: fn(&str) -> String| {
        let all = pairs.iter().map(|(k, v)| ((*k).to_owned(), how(v)));
        let filling = Filling {
            texts: all.collect(),
            ..Filling::default()
        };
        lay_out(&form(block), &filling, &fonts)
    };
    let missing: Vec<String> = given(str::to_owned)
        .missing
        .into_iter()
        .map(|m| m.character)
        .collect();
    assert_eq!(missing, ["\u{10FFFD}"], "what is no character is not drawn");
    let laid = given(redacted);
    assert!(
        laid.missing.is_empty(),
        "what is hidden is not missed: {:?}",
        laid.missing
    );
    let line = laid.pages[0].items.iter().filter_map(|i| match i {
        Item::Text { text, .. } if !text.contains("页") && text != "试表" => Some(text.as_str()),
        i if is_bar(i) => Some("▇"),
        _ => None,
    });
    assert_eq!(
        line.collect::<Vec<_>>(),
        ["兹证明", "▇", "（", "▇", "）来访。"]
    );
    Ok(())
}

/// A bar covers its own words: no other words, no rule, no frame.
#[test]
fn a_bar_covers_nothing_else() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let laid = lay_out(&form(PROBE), &hide(&probe("欧阳修 2026-10-10 ")), &fonts);
    for page in &laid.pages {
        for bar in page.items.iter().filter(|i| is_bar(i)) {
            let Item::Fill {
                x: left,
                y: top,
                width,
                height,
                ..
            } = bar
            else {
                continue;
            };
            let (right, bottom) = (left + width, top + height);
            let over = |x1: f32, y1: f32, x2: f32, y2: f32| {
                let gap = 0.01;
                x1 < right - gap && x2 > left + gap && y1 < bottom - gap && y2 > top + gap
            };
            for other in page.items.iter().filter(|i| !std::ptr::eq(*i, bar)) {
                let covered = match other {
                    Item::Text {
                        x, y, width, size, ..
                    } => over(*x, y - size * 0.25, x + width, *y),
                    Item::Line { x1, y1, x2, y2, .. } => over(*x1, *y1, *x2, *y2),
                    Item::Stroke { points, .. } => points
                        .iter()
                        .zip(points.iter().cycle().skip(1))
                        .any(|(a, b)| over(a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1))),
                    Item::Fill {
                        x,
                        y,
                        width,
                        height,
                        grey,
                    } => *grey == 0.0 && over(*x, *y, x + width, y + height),
                };
                assert!(!covered, "{bar:?} covers {other:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_redacted_code_is_black() -> Result<(), PaperError> {
    let fonts = fonts()?;
    let code = |data: String| {
        let filling = Filling {
            qr: Some(data),
            ..Filling::default()
        };
        lay_out(&form(PROBE), &filling, &fonts)
    };
    let (shown, hidden) = (
        code("王五".to_owned()),
        code(format!("RD1:{}", redacted("王五"))),
    );
    let black = |i: &&Item| matches!(i, Item::Fill { grey, .. } if *grey == 0.0);
    assert!(shown.pages[0].items.iter().filter(black).count() > 50);
    assert_eq!(hidden.pages[0].items.iter().filter(black).count(), 1);
    assert_eq!(stands(&shown).len() + 1, stands(&hidden).len());
    Ok(())
}
