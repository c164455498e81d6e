//! What is the product's and not the document's says so wherever it shows, letters speak Chinese, and no text that a
//! person reads has a code of ours.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests read the procedures that ship with the product"
)]

#[path = "walk/editions.rs"]
#[expect(dead_code, reason = "the walks use more of it")]
mod editions;

use editions::EDITIONS;
use redress_domain::{
    form::{Block, Form, SignCell},
    procedure::Edition,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

fn edition(id: &str) -> &'static Edition {
    let mut all = EDITIONS.iter();
    all.find(|e| e.procedure.head.id == id).expect("it ships")
}

fn signatures(blocks: &[Block]) -> Vec<&SignCell> {
    let mut all = Vec::new();
    for block in blocks {
        match block {
            Block::Sign { cells } => all.extend(cells),
            Block::Each { blocks, .. } | Block::Only { blocks, .. } => {
                all.extend(signatures(blocks));
            }
            _ => {}
        }
    }
    all
}

/// Every form of every procedure as it is printed.
fn printed() -> impl Iterator<Item = (&'static Edition, Form)> {
    EDITIONS.iter().flat_map(|e| {
        let ids = e.procedure.forms.iter();
        ids.filter_map(move |id| Some((e, e.form(id)?)))
    })
}

/// 管理层批准, 主管批准, 处理意见的批准: the source speaks of no such approval.
#[test]
fn an_approval_of_ours_cites_no_clause() {
    for (id, step, act) in [
        ("hospital", "approving", "approve_plan"),
        ("hospital", "reviewing", "review_case"),
        ("hospital", "footage_allowed", "allow_footage"),
        ("customer-service", "approving", "approve_solution"),
        ("factory", "opinion", "approve_opinion"),
        ("inspection-station", "retest_review", "review_retest"),
        ("inspection-station", "retest_approval", "approve_retest"),
        ("inspection-station", "ca_approval", "ca_approve"),
    ] {
        let e = edition(id);
        let tasks = e.procedure.tasks.iter().flat_map(|t| &t.steps);
        let mut steps = e.procedure.steps.iter().chain(tasks);
        let step = steps.find(|s| s.id == step).expect("a step");
        assert!(!step.default_note.is_empty(), "{id}: {}", step.title);
        let act = e.action(act).expect("an act");
        assert_eq!(e.procedure.clause(&act.source), None, "{id}: {}", act.title);
        assert!(!act.default_note.is_empty(), "{id}: {}", act.title);
    }
}

#[test]
fn a_signature_of_ours_is_marked_on_every_form() {
    let (mut marked, mut plain) = (0, 0);
    for (e, form) in printed() {
        let p = &e.procedure;
        let whole = p.ours(&form.source);
        for cell in signatures(&form.blocks) {
            let acts = || cell.act.split('|').filter_map(|a| e.action(a));
            let ours = acts().count() > 0 && acts().all(|a| p.ours(&a.source));
            let place = format!("{}/{}: {}", p.head.id, form.id, cell.label);
            if whole {
                assert!(cell.default_note.is_empty(), "{place}: the foot says it");
            } else if ours && cell.source.is_empty() {
                assert!(!cell.default_note.is_empty(), "{place}");
            }
            if cell.default_note.is_empty() {
                plain += 1;
            } else {
                marked += 1;
            }
        }
        assert_eq!(
            whole,
            form.ours.iter().any(|o| o == "本表单"),
            "{}",
            form.id
        );
    }
    assert!(marked > 15 && plain > 50, "{marked} marked, {plain} not");
    let reply = edition("hospital").form("reply-letter").expect("it ships");
    let heads: Vec<(&str, bool)> = reply
        .blocks
        .iter()
        .filter_map(|b| match b {
            Block::Heading {
                text, default_note, ..
            } => Some((text.as_str(), !default_note.is_empty())),
            _ => None,
        })
        .collect();
    let routes = ("三、后续途径", true);
    assert!(heads.contains(&routes) && heads.iter().filter(|h| h.1).count() == 1);
}

/// Numbers, editions and retention in head and foot: empty, the document's, or said to be ours.
#[test]
fn form_numbers_are_the_institutions_to_set() {
    let mut numbered = Vec::new();
    for (e, form) in printed() {
        let place = format!("{}/{}", e.procedure.head.id, form.id);
        if !form.number.is_empty() {
            numbered.push((form.number.clone(), form.edition.clone()));
        } else {
            assert!(form.edition.is_empty(), "{place}: an edition of ours");
        }
        let said = form.ours.iter().any(|o| o == "保存期限");
        assert_eq!(said, !form.keep.is_empty(), "{place}: retention");
    }
    let document = ("CL-CX-11-JL/01-0".to_owned(), "0".to_owned());
    assert_eq!(numbered, [document]);
}

/// P3-a: where the duty of the first-asked ends is ours.
#[test]
fn a_decision_of_ours_is_not_printed_as_a_rule() {
    let form = edition("first-asked").form("first-asked-transfer");
    let text = toml::to_string(&form.expect("it ships")).expect("a form");
    let rule = "责任即告完成（产品默认，非程序文件规定）";
    assert!(text.contains(rule), "{text}");
}

#[test]
fn every_channel_has_its_phrase_for_letters() {
    let mut letters = 0;
    for e in EDITIONS.iter() {
        let says = |f: &Form| {
            let text = toml::to_string(f).expect("a form");
            assert!(
                !text.contains("通过{case.channel}"),
                "{}: {}",
                e.procedure.head.id,
                f.id
            );
            text.contains("{case.channel_phrase}")
        };
        letters += e
            .procedure
            .forms
            .iter()
            .filter(|id| says(&e.forms[*id]))
            .count();
        for c in &e.procedure.channels {
            let place = format!("{}: {}", e.procedure.head.id, c.title);
            // "您于 2026年9月30日 16:10 来函反映的问题": the phrase has its verb and stands before 的.
            let verb = ["反映", "提出"].iter().any(|v| c.phrase.ends_with(v));
            assert!(verb, "{place}: {}", c.phrase);
            assert!(!c.phrase.contains("通过来"), "{place}: {}", c.phrase);
        }
    }
    assert!(letters >= 9, "{letters} letters");
}

/// G1, P3-a, T5: the names of our decisions.
fn code(text: &str) -> Option<&str> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for (n, (at, c)) in chars.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|b| chars.get(b)).map(|p| p.1);
        let digit = chars.get(n + 1).is_some_and(|p| p.1.is_ascii_digit());
        let joined = before.is_some_and(|b| b.is_ascii_alphanumeric() || b == '-' || b == '_');
        if matches!(c, 'G' | 'P' | 'T') && digit && !joined {
            return Some(&text[*at..]);
        }
    }
    None
}

fn files(folder: &Path, ends: &str, out: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|e| e.path()) {
        if path.is_dir() {
            files(&path, ends, out);
        } else if path.extension().is_some_and(|e| e == ends) {
            out.push(path);
        }
    }
}

/// Every string, but for the notes that name a decision on purpose and for what only the program reads.
fn texts(value: &serde_json::Value, key: &str, out: &mut Vec<String>) {
    use serde_json::Value;
    match value {
        Value::String(text) => {
            let notes = ["source", "default_note", "keep_note", "id", "refusal"];
            if !notes.contains(&key) {
                out.push(text.clone());
            }
        }
        Value::Array(all) => all.iter().for_each(|v| texts(v, key, out)),
        Value::Object(map) => map.iter().for_each(|(k, v)| texts(v, k, out)),
        _ => {}
    }
}

#[test]
fn no_text_that_a_person_reads_has_a_code_of_ours() {
    assert_eq!(code("应当回避（G1）"), Some("G1）"));
    assert_eq!(code("2026-09-30T16:10 PNG JG1"), None);
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut json, mut toml) = (vec![], vec![]);
    files(&top.join("locales"), "json", &mut json);
    files(&top.join("procedures"), "toml", &mut toml);
    let (mut wrong, mut read) = (vec![], 0);
    for path in json.into_iter().chain(toml) {
        let text = std::fs::read_to_string(&path).expect("a file of ours");
        let value: serde_json::Value = if path.extension().is_some_and(|e| e == "json") {
            serde_json::from_str(&text).expect("a locale")
        } else {
            toml::from_str(&text).expect("a procedure")
        };
        let mut said = Vec::new();
        texts(&value, "", &mut said);
        read += said.len();
        let found = said.iter().filter(|t| code(t).is_some());
        wrong.extend(found.map(|t| format!("{}: {t}", path.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read > 8000, "{read} texts");
}

/// A refusal of a procedure names no role, and no work, that only another procedure has.
#[test]
fn a_refusal_speaks_of_the_procedure_at_hand() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales/errors.zh-CN.json");
    let text = std::fs::read_to_string(top).expect("a file of ours");
    let sentences: BTreeMap<String, String> = serde_json::from_str(&text).expect("a locale");
    // Words of the one whom the other does not use: the laboratory calibrates and repeats, the station verifies and retests.
    let words = [("clinical-laboratory", ["复检", "检定"])];
    let titles = |e: &'static Edition| -> BTreeSet<&'static str> {
        e.procedure.roles.iter().map(|r| &*r.title).collect()
    };
    // 办公室 is also what an institution sets up here.
    let everybody: BTreeSet<&str> = EDITIONS.iter().flat_map(titles).collect();
    let named = |sentence: &str| -> Vec<&str> {
        let roles = everybody
            .iter()
            .filter(|t| **t != "办公室" && **t != "领导");
        roles.copied().filter(|t| sentence.contains(t)).collect()
    };
    let mut by_procedure: BTreeSet<&str> = BTreeSet::new();
    for e in EDITIONS.iter() {
        let own = titles(e);
        for r in e.actions().flat_map(|a| &a.requires) {
            by_procedure.insert(&r.refusal);
            let sentence = &sentences[&r.refusal];
            let place = format!("{}: {} {sentence}", e.procedure.head.id, r.refusal);
            for role in named(sentence) {
                assert!(own.contains(role), "{place}: {role}");
            }
            for (id, foreign) in &words {
                let none = foreign.iter().all(|w| !sentence.contains(w));
                assert!(*id != e.procedure.head.id || none, "{place}");
            }
        }
    }
    for (code, sentence) in &sentences {
        let general = !by_procedure.contains(code.as_str());
        let roles = named(sentence);
        assert!(!general || roles.is_empty(), "{code}: {roles:?}");
    }
}
