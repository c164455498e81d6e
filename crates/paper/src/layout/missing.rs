//! Where a character stands that no font has: its code point, and what the field is called that holds it.

use crate::boxes::Missing;
use redress_domain::form::{Block, Filling, Form};
use std::collections::{BTreeMap, BTreeSet};

/// `U+1F9FF`.
pub(super) fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// A character as the foot of a page names it: `U+1F9FF（投诉内容）`.
pub(super) fn said(c: char, missing: &[Missing]) -> String {
    let code = code(c);
    let mut titles: Vec<&str> = Vec::new();
    for one in missing
        .iter()
        .filter(|m| m.code == code && !m.title.is_empty())
    {
        if !titles.contains(&one.title.as_str()) {
            titles.push(&one.title);
        }
    }
    if titles.is_empty() {
        return code;
    }
    format!("{code}（{}）", titles.join("、"))
}

/// Each character of each page, with every key that holds it; one line without a key where only the form does.
pub(super) fn places(
    form: &Form,
    filling: &Filling,
    lacking: &BTreeMap<usize, BTreeSet<char>>,
) -> Vec<Missing> {
    let all: BTreeSet<char> = lacking.values().flatten().copied().collect();
    if all.is_empty() {
        return Vec::new();
    }
    let mut texts = Vec::new();
    gather(form, filling, &mut texts);
    let mut out = Vec::new();
    for c in all {
        let one = |(field, title): (&str, &str)| Missing {
            code: code(c),
            character: c.to_string(),
            field: field.to_owned(),
            title: title.to_owned(),
        };
        let holding = texts.iter().filter(|t| t.words.contains(c));
        let (named, unnamed): (Vec<_>, Vec<_>) = holding.partition(|t| !t.title.is_empty());
        // What is put together of fields is named by them.
        let found = if named.is_empty() { unnamed } else { named };
        let mut keys = BTreeSet::new();
        for text in &found {
            if keys.insert(text.key) {
                out.push(one((text.key, &text.title)));
            }
        }
        if found.is_empty() {
            out.push(one(("", "")));
        }
    }
    out
}

struct Text<'a> {
    key: &'a str,
    title: String,
    words: &'a str,
}

/// Every text of a filling; the title is empty where nobody gave one.
fn gather<'a>(form: &'a Form, filling: &'a Filling, out: &mut Vec<Text<'a>>) {
    for (key, words) in &filling.texts {
        let title = filling.titles.get(key).cloned();
        let title = title
            .or_else(|| label(&form.blocks, key))
            .unwrap_or_default();
        out.push(Text { key, title, words });
    }
    for (key, rows) in &filling.rows {
        let title = filling.titles.get(key).cloned().unwrap_or_default();
        for words in rows.iter().flat_map(BTreeMap::values) {
            let title = title.clone();
            out.push(Text { key, title, words });
        }
    }
    for group in filling.groups.values().flatten() {
        gather(form, group, out);
    }
}

/// The label of the cell in which a key is printed.
fn label(blocks: &[Block], key: &str) -> Option<String> {
    let holds = |template: &str| template.contains(&format!("{{{key}}}"));
    blocks.iter().find_map(|block| match block {
        Block::Grid { rows } => rows
            .iter()
            .flatten()
            .find(|c| !c.label.is_empty() && (holds(&c.text) || holds(&c.long)))
            .map(|c| c.label.clone()),
        Block::Each { blocks, .. } | Block::Only { blocks, .. } => label(blocks, key),
        _ => None,
    })
}
