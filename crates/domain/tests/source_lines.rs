//! How each line of the source is kept: `docs/source-lines.toml` says it, every rule, form and test that it names must be
//! there, and `docs/source-lines.md` is written from it.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests read and write files of the repository"
)]

#[path = "walk/editions.rs"]
#[expect(dead_code, reason = "the walks use more of it")]
mod editions;

use editions::EDITIONS;
use redress_domain::{form::Block, procedure::Edition};
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

/// How one or several lines are kept (`docs/source-lines.toml` says what the words mean).
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    lines: String,
    #[serde(default)]
    enforced: Vec<String>,
    #[serde(default)]
    counted: Vec<String>,
    #[serde(default)]
    printed: Vec<String>,
    #[serde(default)]
    offered: Vec<String>,
    #[serde(default)]
    not_built: String,
    #[serde(default)]
    tests: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// The test that holds the engine to every rule of a kind.
    proof: BTreeMap<String, String>,
    line: Vec<Line>,
}

fn kept() -> Kept {
    let text = std::fs::read_to_string(format!("{DOCS}/source-lines.toml")).expect("a list");
    toml::from_str(&text).expect("a list")
}

/// A rule in words, or what the data does not have.
fn enforced(e: &Edition, rule: &str) -> Result<String, String> {
    let lost = |what: &str| Err(format!("{rule}: {what}"));
    let Some((kind, about)) = rule.split_once(':') else {
        return lost("no kind");
    };
    if kind == "closing" {
        let found = e.procedure.closing.iter().find(|c| c.id == about);
        return found.map_or_else(
            || lost("no such condition of closing"),
            |c| Ok(format!("结案条件“{}”", c.title)),
        );
    }
    match kind {
        "duty" => return duty(e, about).map_or_else(|| lost("no such duty"), Ok),
        "record" => return record(e, about).map_or_else(|| lost("the record does not ask it"), Ok),
        _ => {}
    }
    let (id, more) = match kind {
        "asks" | "needs" => about.split_once('.').unwrap_or((about, "")),
        "way" | "opens" => about.split_once('>').unwrap_or((about, "")),
        _ => (about, ""),
    };
    let Some(act) = e.action(id) else {
        return lost("no such act");
    };
    let title = &act.title;
    match kind {
        "by" if !act.by.is_empty() => {
            let who: Vec<&str> = act.by.iter().map(|r| e.role_title(r)).collect();
            Ok(format!("“{title}”限{}", who.join("、")))
        }
        "person" if !act.by_person.is_empty() => {
            let fields = act.by_person.iter().filter_map(|f| e.field(f));
            let named: Vec<&str> = fields.map(|f| f.title.as_str()).collect();
            Ok(format!("“{title}”限“{}”所写的人", named.join("”“")))
        }
        "department" if !act.department.is_empty() => {
            let field = e.field(&act.department).map_or("", |f| f.title.as_str());
            Ok(format!("“{title}”限“{field}”所写的部门"))
        }
        "asks" => match (act.asked().find(|(f, _)| *f == more), e.field(more)) {
            (Some((_, true)), Some(f)) => Ok(format!("“{title}”须填“{}”", f.title)),
            _ => lost("not asked, or may be left empty"),
        },
        "needs" if act.requires.iter().any(|r| r.refusal == more) => {
            Ok(format!("“{title}”有前提（{more}）"))
        }
        "bars" if !act.bars.is_empty() => Ok(format!("“{title}”须回避的人不能办")),
        "signs" if !act.signs.is_empty() => Ok(format!("“{title}”是签名（{}）", act.signs)),
        "way" => {
            let tasks = e.procedure.tasks.iter().flat_map(|t| &t.steps);
            let mut steps = e.procedure.steps.iter().chain(tasks);
            match steps.find(|s| s.id == more) {
                Some(s) if act.to.iter().any(|w| w.step == more) => {
                    Ok(format!("“{title}”之后到“{}”", s.title))
                }
                _ => lost("does not lead there"),
            }
        }
        "opens" => {
            let starts = act.to.iter().flat_map(|w| &w.starts);
            match (starts.into_iter().find(|s| s.task == more), e.task(more)) {
                (Some(_), Some(t)) => Ok(format!("“{title}”开出“{}”", t.title)),
                _ => lost("does not open it"),
            }
        }
        _ => lost("the act has no such rule"),
    }
}

/// `FIELD`: a no needs its reason, is made good by an act, and closing waits for it (the check holds every duty to that).
fn duty(e: &Edition, id: &str) -> Option<String> {
    let field = e.field(id).filter(|f| f.duty)?;
    let mut always = e.procedure.always.iter();
    let later = always.find(|a| a.asked().any(|(f, _)| f == id))?;
    Some(format!(
        "“{}”必须做到：答“否”须写原因，以“{}”补办，补办以前不能结案",
        field.title, later.title
    ))
}

/// `FORM`, `FORM.FIELD` or `FORM@ACT`: the case owes the form as its record, and with it the field or the signature.
fn record(e: &Edition, about: &str) -> Option<String> {
    let at = about.find(['.', '@']).unwrap_or(about.len());
    let (id, more) = (&about[..at], about.get(at + 1..).unwrap_or_default());
    let form = e.forms.get(id)?;
    let owed = form.record.as_ref()?;
    let title = &form.title;
    if about[at..].starts_with('@') {
        let mut signed = owed.signed.iter().flat_map(|ids| ids.split('|'));
        signed.find(|a| *a == more)?;
        let act = e.action(more)?;
        return Some(format!("没有“{}”的签名，《{title}》不能结案", act.title));
    }
    if more.is_empty() {
        return Some(format!(
            "《{title}》没有出具、没有填全或者已经过时的，不能结案"
        ));
    }
    owed.must.iter().find(|f| *f == more)?;
    let field = e.field(more)?;
    Some(format!("《{title}》缺“{}”的，不能结案", field.title))
}

fn counted(e: &Edition, id: &str) -> Result<String, String> {
    let clock = e.clock(id).ok_or_else(|| format!("{id}: no such clock"))?;
    Ok(format!("“{}”", clock.title))
}

/// Keys in braces, choices, rows and acts of a form.
fn stands_on(blocks: &[Block], key: &str, act: &str) -> bool {
    let braced = format!("{{{key}}}");
    let holds = |text: &str| !key.is_empty() && text.contains(&braced);
    blocks.iter().any(|b| match b {
        Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Cut { text } => {
            holds(text)
        }
        Block::Grid { rows } => {
            let mut cells = rows.iter().flatten();
            cells.any(|c| holds(&c.text) || holds(&c.long) || (!key.is_empty() && c.choice == key))
        }
        Block::Table { rows, .. } => rows == key,
        Block::Sign { cells } => cells
            .iter()
            .any(|c| holds(&c.text) || (!act.is_empty() && c.act.split('|').any(|a| a == act))),
        Block::Each { blocks, .. } | Block::Only { blocks, .. } => stands_on(blocks, key, act),
        Block::PageBreak | Block::Flow { .. } => false,
    })
}

fn printed(e: &Edition, place: &str) -> Result<String, String> {
    let lost = |what: &str| Err(format!("{place}: {what}"));
    let at = place.find(['.', '@']).unwrap_or(place.len());
    let (id, key) = (&place[..at], place.get(at + 1..).unwrap_or_default());
    let Some(form) = e.forms.get(id) else {
        return lost("no such form");
    };
    let signed = place[at..].starts_with('@');
    let (key, act) = if signed { ("", key) } else { (key, "") };
    if !stands_on(&form.blocks, key, act) {
        return lost("does not stand on it");
    }
    let title = &form.title;
    if signed {
        let act = e.action(act).map_or(act, |a| a.title.as_str());
        return Ok(format!("《{title}》的签名“{act}”"));
    }
    let field = e.field(key).map_or("", |f| f.title.as_str());
    Ok(match field {
        "" => format!("《{title}》"),
        field => format!("《{title}》的“{field}”"),
    })
}

fn offered(e: &Edition, what: &str) -> Result<String, String> {
    let p = &e.procedure;
    let (kind, id) = what.split_once(':').unwrap_or(("", what));
    let found = match kind {
        "" => e.action(id).map(|a| ("操作", a.title.as_str())),
        "field" => e.field(id).map(|f| ("字段", f.title.as_str())),
        "task" => e.task(id).map(|t| ("任务", t.title.as_str())),
        "form" => e.forms.get(id).map(|f| ("表单", f.title.as_str())),
        "channel" => {
            let mut all = p.channels.iter();
            all.find(|c| c.id == id).map(|c| ("渠道", c.title.as_str()))
        }
        "role" => {
            let mut all = p.roles.iter();
            all.find(|r| r.id == id).map(|r| ("岗位", r.title.as_str()))
        }
        "report" => {
            let mut all = p.reports.iter();
            all.find(|r| r.id == id).map(|r| ("报告", r.title.as_str()))
        }
        "book" => {
            let mut all = p.books.iter();
            all.find(|b| b.id == id)
                .map(|b| ("登记本", b.title.as_str()))
        }
        "tally" => {
            let mut all = p.tallies.iter();
            all.find(|t| t.field == id)
                .map(|t| ("汇总统计", t.title.as_str()))
        }
        "listing" => {
            let mut all = p.listings.iter();
            all.find(|l| l.title == id)
                .map(|l| ("汇总列出", l.title.as_str()))
        }
        _ => None,
    };
    let (word, title) = found.ok_or_else(|| format!("{what}: not there"))?;
    Ok(format!("{word}“{title}”"))
}

/// `path::name`: the file has a test of that name.
fn test_stands(test: &str) -> bool {
    let Some((path, name)) = test.rsplit_once("::") else {
        return false;
    };
    let text = std::fs::read_to_string(format!("{DOCS}/../{path}")).unwrap_or_default();
    let starts = format!("fn {name}(");
    text.match_indices(&starts).any(|(at, _)| {
        // The attributes above it, however many cases they name.
        let above = text[..at].lines().rev();
        let before: Vec<&str> = above.take_while(|l| !l.trim().is_empty()).collect();
        let marked = |l: &&str| {
            l.contains("#[test]") || l.contains("#[rstest]") || l.contains("tokio::test")
        };
        before.iter().any(marked)
    })
}

#[test]
fn every_line_of_the_source_is_kept_as_it_is_said() {
    let kept = kept();
    let mut wrong: Vec<String> = Vec::new();
    for test in kept.proof.values() {
        if !test_stands(test) {
            wrong.push(format!("{test}: no such test"));
        }
    }
    let mut page = String::from(
        "# How each line of the source is kept\n\nWritten by `cargo test -p redress-domain --test source_lines` from `source-lines.toml`, where the words are explained; do not edit.\n执行：不照做就办不下去；计时：有时限、留下是否超期，不拦；印：印在表单上；可用：备着，不用也不拦；未做：没有规则管它，及其原因。\n",
    );
    let mut order: Vec<_> = EDITIONS.iter().collect();
    order.sort_by_key(|e| lines(&e.procedure.head.source).first().copied());
    let mut said: BTreeMap<u32, &str> = BTreeMap::new();
    for e in order {
        let head = &e.procedure.head;
        let own = lines(&head.source);
        assert!(!own.is_empty(), "{} names its lines", head.id);
        let _ = write!(
            page,
            "\n## {}（{}，{}）\n\n| 行 | 怎样落实 |\n|---|---|\n",
            head.title, head.id, head.source
        );
        // A shared form may name lines of another procedure: only its own count.
        let marked: BTreeSet<u32> = marks(e)
            .iter()
            .flat_map(|(source, _, _)| lines(source))
            .filter(|n| own.contains(n))
            .collect();
        for line in &kept.line {
            let here = lines(&line.lines);
            if here.is_disjoint(&own) {
                continue;
            }
            assert!(here.is_subset(&own), "{}: of two procedures", line.lines);
            for n in &here {
                if said.insert(*n, &line.lines).is_some() {
                    wrong.push(format!("L{n} twice"));
                }
            }
            let mut parts: Vec<String> = Vec::new();
            let mut part = |word: &str, all: Vec<Result<String, String>>| {
                let (good, bad): (Vec<_>, Vec<_>) = all.into_iter().partition(Result::is_ok);
                wrong.extend(
                    bad.into_iter()
                        .filter_map(Result::err)
                        .map(|w| format!("{}: {w}", line.lines)),
                );
                let good: Vec<String> = good.into_iter().filter_map(Result::ok).collect();
                if !good.is_empty() {
                    parts.push(format!("**{word}**：{}", good.join("；")));
                }
            };
            let all = |list: &[String], f: fn(&Edition, &str) -> Result<String, String>| {
                list.iter().map(|x| f(e, x)).collect::<Vec<_>>()
            };
            part("执行", all(&line.enforced, enforced));
            part("计时", all(&line.counted, counted));
            part("印", all(&line.printed, printed));
            part("可用", all(&line.offered, offered));
            let done = !parts.is_empty();
            if !line.not_built.is_empty() {
                parts.push(format!("**未做**：{}", line.not_built));
            }
            if parts.is_empty() {
                wrong.push(format!("{}: nothing is said of it", line.lines));
            }
            // A mark on something in the data would claim what is said not to be built.
            for n in here.iter().filter(|n| !done && marked.contains(n)) {
                wrong.push(format!(
                    "L{n}: marked in the data, and said not to be built"
                ));
            }
            for rule in &line.enforced {
                let kind = rule.split(':').next().unwrap_or_default();
                if !kept.proof.contains_key(kind) {
                    wrong.push(format!("{rule}: no test holds the kind"));
                }
            }
            for test in line.tests.iter().filter(|t| !test_stands(t)) {
                wrong.push(format!("{test}: no such test"));
            }
            if !line.tests.is_empty() {
                let names: Vec<&str> = line
                    .tests
                    .iter()
                    .filter_map(|t| Some(t.rsplit_once("::")?.1))
                    .collect();
                parts.push(format!("测试：`{}`", names.join("`、`")));
            }
            let _ = writeln!(page, "| {} | {} |", line.lines, parts.join("<br>"));
        }
    }
    let lost: Vec<u32> = LINES.filter(|n| !said.contains_key(n)).collect();
    assert!(lost.is_empty(), "lines of which nothing is said: {lost:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let _ = write!(
        page,
        "\n## 测试\n\n| 规则 | 证明引擎照办的测试 |\n|---|---|\n"
    );
    for (kind, test) in &kept.proof {
        let _ = writeln!(page, "| {kind} | `{test}` |");
    }
    let file = format!("{DOCS}/source-lines.md");
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    if before != page {
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
