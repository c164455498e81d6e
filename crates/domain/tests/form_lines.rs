//! What each form prints, and the line of the source behind it: `docs/form-lines.md` is written from the data, and no
//! form may print a key that nothing fills.

#![expect(
    clippy::disallowed_methods,
    reason = "the test reads and writes files of the repository"
)]

#[path = "walk/editions.rs"]
#[expect(dead_code, reason = "the walks use more of it")]
mod editions;

use editions::EDITIONS;
use redress_domain::{
    form::{Block, Form},
    procedure::Edition,
};
use std::fmt::Write;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/form-lines.md");

/// What the host itself fills in, besides fields and clocks.
const OF_THE_CASE: [&str; 17] = [
    "document.number",
    "document.date",
    "case.number",
    "case.received_at",
    "case.entered_at",
    "case.channel",
    "case.channel_phrase",
    "case.registered_by",
    "case.closed_at",
    "case.headline",
    "case.procedure",
    "case.edition",
    "organisation.name",
    "organisation.address",
    "organisation.phone",
    "exceptions",
    "documents",
];

/// One printed place: its words, and the keys that fill it.
fn places(edition: &Edition, blocks: &[Block]) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Cut { text } => {
                let keys = template(text);
                if !keys.is_empty() {
                    all.push((String::new(), keys));
                }
            }
            Block::Grid { rows } => {
                for cell in rows.iter().flatten() {
                    let mut keys = template(&cell.text);
                    keys.extend(template(&cell.long));
                    keys.extend((!cell.choice.is_empty()).then(|| cell.choice.clone()));
                    all.push((cell.label.clone(), keys));
                }
            }
            Block::Table {
                title,
                rows,
                columns,
                ..
            } => {
                let heads: Vec<&str> = columns.iter().map(|c| c.title.as_str()).collect();
                let said = if title.is_empty() {
                    heads.join("、")
                } else {
                    format!("{title}（{}）", heads.join("、"))
                };
                all.push((said, vec![rows.clone()]));
            }
            Block::Sign { cells } => {
                for cell in cells {
                    let signed = (!cell.act.is_empty()).then(|| format!("!{}", cell.act));
                    let mut keys: Vec<String> = signed.into_iter().collect();
                    keys.extend(template(&cell.text));
                    all.push((cell.label.clone(), keys));
                }
            }
            // A shared form has places for what other procedures ask.
            Block::Only { given, .. } if behind(edition, given).is_none() => {}
            Block::Each { blocks, .. } | Block::Only { blocks, .. } => {
                all.extend(places(edition, blocks));
            }
            Block::PageBreak | Block::Flow { .. } => {}
        }
    }
    all
}

fn template(text: &str) -> Vec<String> {
    let keys = text.split('{').skip(1);
    keys.filter_map(|k| Some(k.split_once('}')?.0.to_owned()))
        .collect()
}

/// The line or the decision behind a key; none where nothing fills it.
fn behind(edition: &Edition, key: &str) -> Option<String> {
    let said = |source: &str, note: &str| match (source, note) {
        ("", "") => "–".to_owned(),
        (s, "") => s.to_owned(),
        ("", n) => format!("产品默认（{n}）"),
        (s, n) => format!("{s}，{n}"),
    };
    if let Some(actions) = key.strip_prefix('!') {
        // A shared form names the acts of several procedures.
        let a = actions.split('|').find_map(|a| edition.action(a))?;
        return Some(said(&a.source, &a.default_note));
    }
    if OF_THE_CASE.contains(&key) || key.ends_with(".index") {
        return Some("案件".to_owned());
    }
    if let Some(rest) = key.strip_prefix("clock.") {
        let rule = edition.clock(rest.rsplit_once('.')?.0)?;
        return Some(said(&rule.source, &rule.default_note));
    }
    let exact = edition.field(key);
    // A table of checks is named by what its fields have in common.
    let below = || {
        edition
            .procedure
            .fields
            .iter()
            .find(|f| f.id.starts_with(&format!("{key}.")))
    };
    exact
        .or_else(below)
        .map(|f| said(&f.source, &f.default_note))
}

fn table(edition: &Edition, form: &Form, out: &mut String) -> Vec<String> {
    let mut unfilled = Vec::new();
    let owed = form.record.as_ref().map_or("", |r| r.source.as_str());
    let record = if form.record.is_some() {
        format!("；记录（{owed}）：结案前必须发出，且写齐")
    } else {
        String::new()
    };
    let _ = writeln!(
        out,
        "\n### {}（`{}`，{}{record}）\n\n| 栏目 | 由什么填写 | 来源 |\n|---|---|---|",
        form.title,
        form.id,
        if form.source.is_empty() {
            "–"
        } else {
            &form.source
        }
    );
    for (label, keys) in places(edition, &form.blocks) {
        let mut from = Vec::new();
        for key in &keys {
            match behind(edition, key) {
                Some(line) if from.contains(&line) => {}
                Some(line) => from.push(line),
                None => unfilled.push(format!("{}: {key}", form.id)),
            }
        }
        let said: Vec<String> = keys
            .iter()
            .map(|k| match k.strip_prefix('!') {
                Some(acts) => {
                    let own = acts.split('|').filter_map(|a| edition.action(a));
                    let titles: Vec<&str> = own.map(|a| a.title.as_str()).collect();
                    format!("{}（签）", titles.join("／"))
                }
                None => format!("`{k}`"),
            })
            .collect();
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            label.replace('|', "／"),
            said.join("、"),
            from.join("；")
        );
    }
    unfilled
}

#[test]
fn every_place_on_every_form_has_its_line() {
    let mut out = String::from(
        "# Forms, places and lines\n\nWritten by `cargo test -p redress-domain --test form_lines` from the data: what each form prints, what fills it, and the line of\nthe source or the decision behind it (产品默认). A place without a key is for ink.\n",
    );
    let mut unfilled = Vec::new();
    for edition in EDITIONS.iter() {
        let head = &edition.procedure.head;
        let _ = writeln!(out, "\n## {}（`{}`）", head.title, head.id);
        for form in edition
            .procedure
            .forms
            .iter()
            .filter_map(|id| edition.forms.get(id))
        {
            unfilled.extend(
                table(edition, form, &mut out)
                    .into_iter()
                    .map(|u| format!("{}/{u}", head.id)),
            );
        }
    }
    assert!(unfilled.is_empty(), "nothing fills: {unfilled:#?}");
    if std::fs::read_to_string(TABLE).ok().as_deref() != Some(&out) {
        std::fs::write(TABLE, &out).expect("docs/form-lines.md");
        panic!("docs/form-lines.md was stale and is written anew: commit it");
    }
}
