//! Every code has its sentence in both languages, every word of the window too, and none is said twice.

use redress_desk::{ApiError, Lang};
use serde_json::{Map, Value};
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
                    .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
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

fn sentences(lang: &str) -> Map<String, Value> {
    let file = top().join(format!("locales/errors.{lang}.json"));
    let text = std::fs::read_to_string(file).expect("a locale");
    serde_json::from_str(&text).expect("a locale")
}

/// What a sentence names between braces.
fn named(sentence: &str) -> BTreeSet<String> {
    let parts = sentence
        .split('{')
        .skip(1)
        .filter_map(|p| p.split_once('}'));
    let name = |n: &str| n.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && !n.is_empty();
    parts
        .map(|(n, _)| n.to_owned())
        .filter(|n| name(n) && !(n == "year" && sentence.contains("{seq:")))
        .collect()
}

/// Where something is missing in a sentence one sees a hole: quotes or brackets around nothing, two spaces, a sign after
/// a space, or the name of what should stand there.
fn hole(text: &str) -> Option<&'static str> {
    let signs = [
        "“”", "《》", "（）", "()", "\"\"", "  ", " 。", " ，", " ；", " .", " ,", " ;", "：。",
        "：；", "、。", "null",
    ];
    signs.into_iter().find(|s| text.contains(s))
}

/// C20: every sentence of every code, with its parameters, without each of them, and without any.
#[test]
fn no_sentence_has_a_hole() {
    let mut rendered = 0;
    for (lang, tag) in [(Lang::Zh, "zh-CN"), (Lang::En, "en")] {
        let all = sentences(tag);
        for (code, sentence) in &all {
            let names = named(sentence.as_str().unwrap_or_default());
            let full = || {
                names
                    .iter()
                    .fold(ApiError::new(code), |e, n| e.with(n, "某某"))
            };
            let mut tried = vec![
                ("whole".to_owned(), full()),
                ("bare".to_owned(), ApiError::new(code)),
            ];
            for name in &names {
                let mut lacks = full();
                lacks.params.remove(name);
                tried.push((format!("without {name}"), lacks));
                for empty in [Value::from(""), Value::from(" \u{3000}"), Value::Null] {
                    let what = format!("{name} = {empty}");
                    tried.push((what, full().with(name, empty)));
                }
            }
            for (what, e) in tried {
                let text = e.message(lang);
                rendered += 1;
                let place = format!("{code} in {tag}, {what}: {text}");
                assert_eq!(hole(&text), None, "{place}");
                let left: Vec<&String> = names
                    .iter()
                    .filter(|n| text.contains(&format!("{{{n}}}")))
                    .collect();
                assert!(left.is_empty(), "{left:?} in {place}");
                let ends = ["。", "？", "！", ".", "?", "!", "”"];
                let ends = ends.iter().any(|s| text.ends_with(s));
                let whole = sentence.as_str().unwrap_or_default();
                assert!(ends || what != "whole" || whole.ends_with('}'), "{place}");
            }
        }
    }
    assert!(rendered > 2_000, "{rendered}");
}

/// The names that are given to a code where it is made, read from the source.
fn given(rest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = rest;
    loop {
        let next = rest.trim_start();
        let Some(call) = next.strip_prefix(".with(") else {
            return names;
        };
        if let Some(name) = call
            .trim_start()
            .strip_prefix('"')
            .and_then(|n| n.split('"').next())
        {
            names.insert(name.to_owned());
        }
        // To the end of the call, whatever brackets and texts stand in it.
        let (mut depth, mut quoted, mut escaped) = (1, false, false);
        let end = call.char_indices().find_map(|(at, c)| {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(at + 1)
        });
        rest = call.get(end.unwrap_or(call.len())..).unwrap_or_default();
    }
}

/// C20: whoever makes a refusal gives what its sentence names.
#[test]
fn every_code_is_made_with_what_its_sentence_names() {
    let mut rust = Vec::new();
    for folder in [
        "crates/domain/src",
        "crates/desk/src",
        "crates/redressctl/src",
        "crates/host/src",
        "src-tauri/src",
    ] {
        files(&top().join(folder), &["rs"], &mut rust);
    }
    let (zh, en) = (sentences("zh-CN"), sentences("en"));
    let (mut seen, mut lacking) = (0, Vec::new());
    // Kept under a name first, and finished where it is used.
    let kept = |rest: &str| rest.trim_start().starts_with(['}', ';']);
    for text in &rust {
        for start in ["Refusal::new(\"", "ApiError::new(\""] {
            for rest in text.split(start).skip(1) {
                let Some((code, rest)) = rest.split_once('"') else {
                    continue;
                };
                let Some(rest) = rest.strip_prefix(')') else {
                    continue;
                };
                let names = given(rest);
                seen += 1;
                for all in [&zh, &en] {
                    let sentence = all.get(code).and_then(Value::as_str).unwrap_or_default();
                    for name in named(sentence) {
                        let passed_on = names.is_empty() && kept(rest);
                        if !(names.contains(&name) || passed_on) {
                            lacking.push(format!("{code}: {name}"));
                        }
                    }
                }
            }
        }
    }
    lacking.sort();
    lacking.dedup();
    assert!(seen > 250, "{seen}");
    assert_eq!(lacking, Vec::<String>::new());
}

/// What procedures name as the refusal of a requirement gets these three; a comparison names the row besides.
#[test]
fn every_refusal_of_a_procedure_names_only_what_it_gets() {
    let (zh, en) = (sentences("zh-CN"), sentences("en"));
    let mut data = Vec::new();
    files(&top().join("procedures"), &["toml"], &mut data);
    let compared: Vec<String> = data
        .iter()
        .flat_map(|text| text.lines())
        .filter(|line| line.contains("compares = "))
        .map(str::to_owned)
        .collect();
    let compared = said(&compared, "refusal = \"", '"');
    for code in said(&data, "refusal = \"", '"') {
        let rows = compared.contains(&code);
        for all in [&zh, &en] {
            let names = named(all.get(&code).and_then(Value::as_str).unwrap_or_default());
            let fits = names.iter().all(|n| {
                ["field", "title", "action"].contains(&n.as_str())
                    || rows && ["row", "item"].contains(&n.as_str())
            });
            assert!(fits, "{code} names {names:?}");
        }
    }
}
