//! Each form of story 1 as laid-out boxes: filled, and blank. A snapshot that changes is looked at
//! on paper first (`redressctl demo … --out`), then accepted.

use redress_desk::{
    ApiError,
    demo::{EndsAs, Laboratory, PASSWORD, Practice, STORIES, Story},
};
use redress_tests::{House, config, house};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};
use tempfile::TempDir;

/// A page in words: what stands where, in tenths of a millimetre, without the modules of a code.
fn told(laid: &Value) -> String {
    let mut out = format!("{} × {} mm\n", laid["width"], laid["height"]);
    for (n, page) in laid["pages"].as_array().into_iter().flatten().enumerate() {
        let _ = writeln!(out, "-- page {}", n + 1);
        for i in page["items"].as_array().into_iter().flatten() {
            let mm = |k: &str| i[k].as_f64().unwrap_or_default();
            if code_alone(i["text"].as_str().unwrap_or_default()) {
                continue;
            }
            let _ = match i["kind"].as_str() {
                Some("text") => writeln!(
                    out,
                    "{:6.1} {:6.1} {}{} {}",
                    mm("x"),
                    mm("y"),
                    mm("size"),
                    if i["bold"] == true { "b" } else { "" },
                    unsigned(i["text"].as_str().unwrap_or_default())
                ),
                Some("line") => writeln!(
                    out,
                    "{:6.1} {:6.1} - {:.1} {:.1}{}",
                    mm("x1"),
                    mm("y1"),
                    mm("x2"),
                    mm("y2"),
                    if i["dashed"] == true { " dashed" } else { "" }
                ),
                Some("fill") => writeln!(
                    out,
                    "{:6.1} {:6.1} fill {:.1} {:.1}",
                    mm("x"),
                    mm("y"),
                    mm("width"),
                    mm("height")
                ),
                _ => writeln!(out, "stroke {}", i["points"].as_array().map_or(0, Vec::len)),
            };
        }
    }
    out
}

/// A signature's first characters differ from run to run, and with their widths where the line breaks; that the
/// signature stands there does not.
fn unsigned(text: &str) -> String {
    match text.split_once("签名 ") {
        Some((before, _)) => format!("{before}签名"),
        None => text.trim_end().to_owned(),
    }
}

/// The characters of a signature that stand on a line of their own.
fn code_alone(text: &str) -> bool {
    let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    text.len() == 8 && text.chars().all(hex)
}

/// The frame of a page: its lines, each once.
fn lines(laid: &Value) -> Vec<String> {
    let told = told(laid);
    told.lines()
        .filter(|l| l.contains(" - ") || l.starts_with("--"))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn each_form_of_the_station_is_laid_out_as_it_was() -> Result<(), ApiError> {
    let mut h = house().await?;
    let case = h.practice.story(EndsAs::Differs).await?;
    let personal = ["王芳", "138 0013 8000", "长河路"];
    each_form(&h, &case, "zhaomin", "", &personal, 11).await
}

#[tokio::test]
async fn each_form_of_the_laboratory_is_laid_out_as_it_was() -> Result<(), ApiError> {
    let mut h = house().await?;
    let case = h.practice.laboratory(Laboratory::Potassium).await?;
    let personal = ["韩雪", "院内 6208", "0417733"];
    each_form(&h, &case, "suqing", "laboratory-", &personal, 12).await
}

/// Tells one story and lays out every form that it gives out and none before gave out.
async fn forms_of(
    text: &str,
    prefix: &str,
    seen: &mut BTreeSet<String>,
) -> anyhow::Result<Vec<String>> {
    let story = Story::read(text)?;
    let folder = TempDir::new()?;
    let mut p = Practice::bare(config(&folder), PASSWORD, story.begins()?).await?;
    let cases = p.tell(&story).await?;
    let registers = story.deeds.iter().find(|d| d.register.is_some());
    let who = registers.map(|d| d.who.clone()).unwrap_or_default();
    for case in cases.values() {
        let view = p.call(&who, "case.get", json!({ "case": case })).await?;
        let values = view["values"].as_array().into_iter().flatten();
        let personal: Vec<&str> = values
            .filter(|v| v["class"] != "open")
            .filter(|v| matches!(v["field"]["kind"].as_str(), Some("text" | "long_text")))
            .filter_map(|v| v["text"].as_str())
            .filter(|t| t.chars().count() > 1)
            .collect();
        let given = view["documents"].as_array().into_iter().flatten();
        for d in given {
            let form = d["form"].as_str().unwrap_or_default();
            if seen.insert(form.to_owned()) {
                one_form(&p, case, form, &d["task"], &who, prefix, &personal).await?;
            }
        }
    }
    let get = json!({ "id": story.procedure });
    let procedure = p.call("admin", "procedure.get", get).await?;
    let all = procedure["forms"].as_array().into_iter().flatten();
    let ids = all.filter_map(|f| f["id"].as_str());
    Ok(ids
        .filter(|f| !seen.contains(*f))
        .map(str::to_owned)
        .collect())
}

/// Every form of the other seven procedures is given out in some story, and is laid out as it was.
#[tokio::test(flavor = "multi_thread")]
async fn each_form_of_the_told_stories_is_laid_out_as_it_was() -> anyhow::Result<()> {
    for (name, text) in STORIES {
        let (prefix, mut seen) = (format!("{name}-"), BTreeSet::new());
        let mut lost = forms_of(text, &prefix, &mut seen).await?;
        for beside in ["rare", "held"] {
            if lost.is_empty() {
                break;
            }
            let file = format!(
                "{}/stories/{name}-{beside}.toml",
                env!("CARGO_MANIFEST_DIR")
            );
            lost = forms_of(&std::fs::read_to_string(file)?, &prefix, &mut seen).await?;
        }
        assert!(lost.is_empty(), "{name}: no story gives out {lost:?}");
    }
    Ok(())
}

/// Lays every form of a walked case out.
async fn each_form(
    h: &House,
    case: &str,
    who: &str,
    prefix: &str,
    personal: &[&str],
    count: usize,
) -> Result<(), ApiError> {
    let p = &h.practice;
    let view = p.call("admin", "case.get", json!({ "case": case })).await?;
    let mut forms = BTreeMap::new();
    for f in view["forms"].as_array().into_iter().flatten() {
        forms.insert(f["id"].as_str().unwrap_or_default(), f["task"].clone());
    }
    assert_eq!(forms.len(), count, "{:?}", forms.keys());
    for (form, task) in forms {
        one_form(p, case, form, &task, who, prefix, personal).await?;
    }
    Ok(())
}

/// As it was; the redacted one with the same lines and nothing personal; every character in the fonts.
async fn one_form(
    p: &Practice,
    case: &str,
    form: &str,
    task: &Value,
    who: &str,
    prefix: &str,
    personal: &[&str],
) -> Result<(), ApiError> {
    let mut laid = BTreeMap::new();
    for variant in ["filled", "redacted", "blank"] {
        let request = json!({ "case": case, "form": form, "task": task, "variant": variant });
        laid.insert(variant, p.call(who, "form.layout", request).await?);
    }
    insta::assert_snapshot!(format!("{prefix}{form}-filled"), told(&laid["filled"]));
    insta::assert_snapshot!(format!("{prefix}{form}-blank"), told(&laid["blank"]));
    assert_eq!(
        lines(&laid["filled"]),
        lines(&laid["redacted"]),
        "{form}: a redacted form keeps its layout"
    );
    let redacted = told(&laid["redacted"]);
    for said in personal {
        assert!(!redacted.contains(said), "{form} shows {said}");
    }
    assert_eq!(laid["filled"]["missing"], json!([]), "{form}");
    Ok(())
}
