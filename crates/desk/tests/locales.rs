//! Every code has its sentence in both languages, every word of the window too, and none is said twice.

use serde_json::Value;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, ends: &[&str], out: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, ends, out);
        } else if ends
            .iter()
            .any(|e| path.extension().is_some_and(|x| x == *e))
        {
            out.extend(std::fs::read_to_string(&path));
        }
    }
}

/// What stands between `before` and the next `end`.
fn said(texts: &[String], before: &str, end: char) -> BTreeSet<String> {
    let parts = texts.iter().flat_map(|t| t.split(before).skip(1));
    parts
        .filter_map(|rest| rest.split(end).next())
        .filter(|s| {
            !s.is_empty()
                && s.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_.".contains(c))
        })
        .map(str::to_owned)
        .collect()
}

fn keys(prefix: &str, value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (k, v) in map {
                let path = if prefix.is_empty() {
                    k.clone()
                } else {
                    format!("{prefix}.{k}")
                };
                keys(&path, v, out);
            }
        }
        _ => {
            out.insert(prefix.to_owned());
        }
    }
}

fn locale(name: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(top().join("locales").join(name)).expect("a locale");
    let mut all = BTreeSet::new();
    keys(
        "",
        &serde_json::from_str(&text).expect("a locale"),
        &mut all,
    );
    all
}

#[test]
fn every_code_has_its_sentence_in_both_languages() {
    let mut rust = Vec::new();
    for folder in [
        "crates/domain/src",
        "crates/desk/src",
        "crates/store/src",
        "crates/paper/src",
        "crates/redressctl/src",
        "src-tauri/src",
    ] {
        files(&top().join(folder), &["rs"], &mut rust);
    }
    let mut data = Vec::new();
    files(&top().join("procedures"), &["toml"], &mut data);
    let mut used = said(&rust, "Refusal::new(\"", '"');
    used.extend(said(&rust, "ApiError::new(\"", '"'));
    used.extend(said(&data, "refusal = \"", '"'));
    let (zh, en) = (locale("errors.zh-CN.json"), locale("errors.en.json"));
    assert_eq!(zh, en, "both languages have the same codes");
    assert!(used.len() > 60, "only {} codes were found", used.len());
    let silent: Vec<_> = used.difference(&zh).collect();
    assert!(silent.is_empty(), "codes without a sentence: {silent:?}");
}

#[test]
fn the_window_has_every_word_in_both_languages() {
    let mut pages = Vec::new();
    files(&top().join("ui/src"), &["vue", "ts"], &mut pages);
    let (zh, en) = (locale("ui.zh-CN.json"), locale("ui.en.json"));
    assert_eq!(zh, en, "both languages have the same words");
    let used = said(&pages, "t('", '\'');
    let silent: Vec<_> = used
        .iter()
        .filter(|k| k.contains('.') && !zh.contains(*k))
        .collect();
    assert!(silent.is_empty(), "words that nobody wrote: {silent:?}");
}
