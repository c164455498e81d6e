//! Where each line of the source lives in the data: `docs/source-lines.md` is written from the `source` marks,
//! and no line may be left without a place or a reason (`docs/source-lines-unbuilt.toml`).

#![expect(
    clippy::disallowed_methods,
    reason = "the tests read and write files of the repository"
)]

#[path = "walk/editions.rs"]
#[expect(dead_code, reason = "the walks use more of it")]
mod editions;

use editions::EDITIONS;
use redress_domain::procedure::Edition;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    ops::RangeInclusive,
};

const LINES: RangeInclusive<u32> = 5..=162;
const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");

/// `L14`, `L10–L12`, `L5、L7`.
fn lines(source: &str) -> BTreeSet<u32> {
    let mut all = BTreeSet::new();
    for part in source.split(['、', ',', '，', ';']) {
        let mut ends = part.split(['–', '-']).filter_map(|e| {
            let digits = e.trim().trim_start_matches('L');
            e.trim().starts_with('L').then(|| digits.parse().ok())?
        });
        if let Some(first) = ends.next() {
            let last: u32 = ends.next().unwrap_or(first);
            all.extend(first..=last);
        }
    }
    all
}

/// Everything of an edition that names its source: the mark, what it is, its title.
fn marks(edition: &Edition) -> Vec<(&str, &str, &str)> {
    let p = &edition.procedure;
    let mut all: Vec<(&str, &str, &str)> = Vec::new();
    all.extend(p.roles.iter().map(|r| (&*r.source, "岗位", &*r.title)));
    all.extend(p.channels.iter().map(|c| (&*c.source, "渠道", &*c.title)));
    all.extend(p.fields.iter().map(|f| (&*f.source, "字段", &*f.title)));
    let steps = p.steps.iter().chain(p.tasks.iter().flat_map(|t| &t.steps));
    all.extend(p.tasks.iter().map(|t| (&*t.source, "任务", &*t.title)));
    for s in steps {
        all.push((&s.source, "步骤", &s.title));
    }
    all.extend(edition.actions().map(|a| (&*a.source, "操作", &*a.title)));
    all.extend(p.clocks.iter().map(|c| (&*c.source, "时限", &*c.title)));
    all.extend(
        p.closing
            .iter()
            .map(|c| (&*c.source, "结案条件", &*c.title)),
    );
    all.extend(p.reports.iter().map(|r| (&*r.source, "报告", &*r.title)));
    all.extend(p.books.iter().map(|b| (&*b.source, "登记本", &*b.title)));
    all.extend(
        edition
            .forms
            .values()
            .map(|f| (&*f.source, "表单", &*f.title)),
    );
    all
}

#[derive(serde::Deserialize)]
struct Unbuilt {
    #[serde(default)]
    line: Vec<Left>,
}

#[derive(serde::Deserialize)]
struct Left {
    lines: String,
    reason: String,
}

#[test]
fn every_line_of_the_source_has_its_place_or_its_reason() {
    let text =
        std::fs::read_to_string(format!("{DOCS}/source-lines-unbuilt.toml")).expect("a list");
    let unbuilt: Unbuilt = toml::from_str(&text).expect("a list");
    let reasons: BTreeMap<u32, &str> = unbuilt
        .line
        .iter()
        .flat_map(|l| lines(&l.lines).into_iter().map(|n| (n, l.reason.as_str())))
        .collect();
    let mut places: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for edition in EDITIONS.iter() {
        // A shared form may name lines of another procedure: only its own count.
        let own = lines(&edition.procedure.head.source);
        assert!(
            !own.is_empty(),
            "{} names its lines",
            edition.procedure.head.id
        );
        for (source, what, title) in marks(edition) {
            for n in lines(source).intersection(&own) {
                let place = format!("{what}“{title}”");
                let all = places.entry(*n).or_default();
                if !all.contains(&place) {
                    all.push(place);
                }
            }
        }
    }
    let lost: Vec<u32> = LINES
        .filter(|n| !places.contains_key(n) && !reasons.contains_key(n))
        .collect();
    assert!(
        lost.is_empty(),
        "lines without a place or a reason: {lost:?}"
    );
    let twice: Vec<&u32> = reasons.keys().filter(|n| places.contains_key(n)).collect();
    assert!(twice.is_empty(), "built after all: {twice:?}");

    let mut page = String::from(
        "# Where each line of the source lives\n\nWritten by `cargo test -p redress-domain --test source_lines` from the `source` marks of the nine procedures; do not edit.\nLines that are not built, with the reason, stand in `source-lines-unbuilt.toml`.\n",
    );
    let mut order: Vec<_> = EDITIONS.iter().collect();
    order.sort_by_key(|e| lines(&e.procedure.head.source).first().copied());
    for edition in order {
        let head = &edition.procedure.head;
        let _ = write!(
            page,
            "\n## {}（{}，{}）\n\n| 行 | 在数据中 |\n|---|---|\n",
            head.title, head.id, head.source
        );
        for n in lines(&head.source) {
            let place = match (places.get(&n), reasons.get(&n)) {
                (Some(all), _) => all.join("；"),
                (None, Some(reason)) => format!("未做：{reason}"),
                (None, None) => String::new(),
            };
            let _ = writeln!(page, "| L{n} | {place} |");
        }
    }
    let file = format!("{DOCS}/source-lines.md");
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    if kept != page {
        std::fs::write(&file, &page).expect("the page is written");
        panic!("docs/source-lines.md was stale and is written anew: commit it");
    }
}

/// 依据 in the window and on paper names the clause.
#[test]
fn what_a_procedure_says_of_a_limit_or_a_step_is_cited_by_its_clause() {
    // A title and a definition have no number of their own.
    let unnumbered = [17, 104];
    for edition in EDITIONS.iter() {
        let p = &edition.procedure;
        let own = lines(&p.head.source);
        for (source, what, title) in marks(edition) {
            for n in lines(source).intersection(&own) {
                assert!(
                    unnumbered.contains(n) || p.clauses.contains_key(&format!("L{n}")),
                    "{}: L{n} of {what}“{title}” has no clause",
                    p.head.id
                );
            }
        }
        for key in p.clauses.keys() {
            assert!(
                !lines(key).is_disjoint(&own),
                "{key} is not of {}",
                p.head.id
            );
        }
    }
    let station = EDITIONS
        .iter()
        .map(|e| &e.procedure)
        .find(|p| p.head.id == "inspection-station")
        .expect("it ships");
    let cited = |source| station.clause(source);
    assert_eq!(
        cited("L13–L15、L16").as_deref(),
        Some("4.3.1、4.3.2、4.3.3")
    );
    assert_eq!(cited("L5").as_deref(), Some(""), "its title");
    assert_eq!(cited("L26"), None, "the hospital's");
    assert_eq!(cited("G7"), None, "a decision of the product");
}
