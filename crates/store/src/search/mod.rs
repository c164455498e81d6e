//! Chinese search: what is written and what is looked for are brought into one form, cut into terms here, and found as
//! phrases by the database.
//!
//! Every value is a line. A line is cut into runs of letters, digits and ideographs; spaces and hyphens between letters
//! and digits vanish (so `138 0013 8000` is found by `13800138000`, `JC-2026-0917` by `2026-0917`), other punctuation
//! parts runs. A run of n characters gives n singles and n-1 pairs; a stretch of Latin letters and digits gives its fours
//! as well, since pairs of digits stand in every case and a number of a dozen of them would be slow to find.

mod normal;
mod numbers;
mod readings;

pub use normal::normal;

use crate::CaseProjection;
use std::collections::BTreeSet;

/// Characters that stand together.
type Run = Vec<char>;
/// Letters and digits from which on a stretch is found by its fours.
const FOUR: usize = 4;
/// A short line of ideographs with gaps between is taken without them as well: names are written like that.
const NAME: usize = 12;

/// Terms of one part of a case.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Terms that stand one after the other.
    pub phrases: Vec<Vec<String>>,
    /// Single characters, each once.
    pub singles: BTreeSet<String>,
}

/// What is indexed of a case.
#[derive(Debug)]
pub(crate) struct Indexed {
    /// What everybody finds.
    pub open: Terms,
    /// What is personal, with the initials of names.
    pub own: Terms,
}

/// One of the things that a case must have to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A single character.
    Single(String),
    /// Terms one after the other.
    Phrase(Vec<String>),
}

/// The terms of a case's words.
pub(crate) fn indexed(p: &CaseProjection) -> Indexed {
    let initials: Vec<String> = p.names.iter().flat_map(|n| readings::initials(n)).collect();
    let own = p.own_words.lines();
    let own = own.chain(initials.iter().map(String::as_str));
    Indexed {
        open: terms(p.words.lines()),
        own: terms(own),
    }
}

/// What a person looks for; none where nothing can be looked for.
pub(crate) fn wanted(text: &str) -> Option<Vec<Wanted>> {
    let text = numbers::as_looked_for(&normal(text));
    let mut all: Vec<Wanted> = Vec::new();
    for run in text.split_whitespace().flat_map(runs) {
        let one = match run.as_slice() {
            [one] => Wanted::Single(one.to_string()),
            _ if run.len() >= FOUR && run.iter().all(char::is_ascii) => {
                Wanted::Phrase(grams(&run, FOUR))
            }
            _ => Wanted::Phrase(grams(&run, 2)),
        };
        if !all.contains(&one) {
            all.push(one);
        }
    }
    Some(all).filter(|all| !all.is_empty())
}

fn terms<'a>(lines: impl Iterator<Item = &'a str>) -> Terms {
    let mut terms = Terms::default();
    for line in lines.map(normal) {
        let mut all = runs(&line);
        all.extend(numbers::as_written(&line).map(|n| n.chars().collect()));
        all.extend(without_gaps(&line));
        for run in &all {
            terms.singles.extend(run.iter().map(ToString::to_string));
            if run.len() > 1 {
                terms.phrases.push(grams(run, 2));
            }
            let stretches = run.chunk_by(|a, b| a.is_ascii() == b.is_ascii());
            let long = stretches.filter(|s| s.len() >= FOUR && s[0].is_ascii());
            terms.phrases.extend(long.map(|s| grams(s, FOUR)));
        }
    }
    terms
}

fn grams(run: &[char], n: usize) -> Vec<String> {
    run.windows(n).map(|w| w.iter().collect()).collect()
}

const fn dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}'
    )
}

fn runs(line: &str) -> Vec<Run> {
    let gap = |c: char| c == ' ' || dash(c);
    let mut all: Vec<Run> = vec![Vec::new()];
    let mut rest = line.chars();
    for c in line.chars() {
        rest.next();
        if c.is_alphanumeric() {
            if let Some(run) = all.last_mut() {
                run.push(c);
            }
            continue;
        }
        let last = all.last().and_then(|r| r.last());
        let next = rest.clone().find(|c| !gap(*c));
        let glues = gap(c)
            && last.is_some_and(char::is_ascii_alphanumeric)
            && next.is_some_and(|c| c.is_ascii_alphanumeric());
        if !glues {
            all.push(Vec::new());
        }
    }
    all.retain(|r| !r.is_empty());
    all
}

/// A short line of ideographs without the gaps between them: `王　芳`, `阿依古丽·买买提`.
fn without_gaps(line: &str) -> Option<Run> {
    let gap = |c: char| c.is_whitespace() || "·・•‧".contains(c);
    let line = line.trim();
    let short = line.chars().count() <= NAME && line.chars().any(gap);
    let ideographs = |c: char| c.is_alphabetic() && !c.is_ascii();
    (short && line.chars().all(|c| gap(c) || ideographs(c)))
        .then(|| line.chars().filter(|c| !gap(*c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whether what is looked for is found in one line, as a database finds it.
    fn found(line: &str, text: &str) -> bool {
        let terms = terms(line.lines());
        let holds = |w: &Wanted| match w {
            Wanted::Single(one) => terms.singles.contains(one),
            Wanted::Phrase(all) => {
                let mut phrases = terms.phrases.iter();
                phrases.any(|p| p.windows(all.len()).any(|w| w == all))
            }
        };
        wanted(text).is_some_and(|all| all.iter().all(holds))
    }

    #[test]
    fn another_way_to_write_it_is_found() {
        for (written, sought) in [
            // Width, compatibility forms, radicals from a PDF.
            ("０１３８００１３８０００", "013800138000"),
            ("ＪＣ－２０２６－0917", "jc-2026-0917"),
            ("JC-2026-0917", "ＪＣ－２０２６"),
            ("Ａｌｉｃｅ", "alice"),
            ("\u{2F45}\u{2F42}", "方文"),
            ("方文", "\u{2F45}\u{2F42}"),
            ("\u{2F45}\u{2F42}", "\u{2F45}\u{2F42}"),
            ("\u{2EA0}\u{2ED3}", "民长"),
            ("㈱东方", "株"),
            ("ＳＮ①②", "sn12"),
            // What is not seen.
            ("王\u{200B}芳", "王芳"),
            ("王芳", "王\u{FEFF}芳"),
            ("制动\u{AD}液", "制动液"),
            ("葛\u{E0100}洲", "葛洲"),
            // Gaps in names.
            ("王　芳", "王芳"),
            ("王芳", "王　芳"),
            ("阿依古丽·买买提", "阿依古丽买买提"),
            ("阿依古丽买买提", "阿依古丽•买买提"),
            // Traditional and simplified.
            ("複檢", "复检"),
            ("复检", "複檢"),
            ("臺灣檢驗", "台湾检验"),
            ("頭髮", "头发"),
            ("發現", "发现"),
            // Dashes, accents, case.
            ("JC–2026—0917", "JC-2026-0917"),
            ("JC-2026-0917", "jc‑2026"),
            ("José Müller", "jose muller"),
            ("RÉSUMÉ", "résumé"),
            // Phones.
            ("13977770101", "+86 13977770101"),
            ("13977770101", "0086-139 7777 0101"),
            ("13977770101", "(86)13977770101"),
            ("13977770101", "86-13977770101"),
            ("+86 139 7777 0101", "13977770101"),
            ("（0571）8800-1234", "057188001234"),
            ("0571-88001234", "(0571) 8800 1234"),
            ("0571-88001234", "+86 571 8800 1234"),
            ("+86 (0)571 88001234", "88001234"),
            ("139.7777.0101", "13977770101"),
            ("13977770101", "139.7777.0101"),
            ("88001234转8012", "88001234"),
            ("13977770101", "0101"),
            // Several things at once.
            ("JC 2026 0917", "jc 0917"),
            ("方 139 7777 0101", "139 7777 0101"),
        ] {
            assert!(found(written, sought), "{written} by {sought}");
        }
    }

    #[test]
    fn something_else_is_not_found() {
        for (written, sought) in [
            ("13977770101", "13977770102"),
            ("JC-2026-0917", "jc-2026-0918"),
            ("20260917", "0712"),
            ("王芳", "芳王"),
            ("王一", "一一"),
            ("8620260917123", "0260917124"),
        ] {
            assert!(!found(written, sought), "{written} by {sought}");
        }
    }

    #[test]
    fn two_numbers_are_two_things() {
        let case = "13977770101\nJC-2026-0917";
        assert!(found(case, "13977770101 JC-2026-0917"));
        assert!(!found(case, "13977770101 JC-2026-0918"));
        assert!(found("13977770101\n13977770102", "13977770102 13977770101"));
    }

    #[test]
    fn a_long_number_is_found_by_terms_that_are_rare() {
        let looked = wanted("JC-2026-0917").unwrap_or_default();
        let Some(Wanted::Phrase(terms)) = looked.first() else {
            panic!("{looked:?}")
        };
        assert!(terms.iter().all(|t| t.len() == FOUR), "{terms:?}");
    }

    const PIECES: &[&str] = &[
        "王芳",
        "複檢",
        "报告",
        "JC",
        "-",
        " ",
        "2026",
        "0917",
        "　",
        "·",
        "Ａｂ",
        "é",
        "\u{2F45}",
        "乙",
        "，",
        "(",
        ")",
        "\u{200B}",
        "13800138000",
        "+86",
        "。",
        "7",
        "ག",
        "ئا",
        "𰻞",
    ];

    fn line() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(PIECES), 1..12).prop_map(|p| p.concat())
    }

    fn wide(text: &str) -> String {
        let one = |c: char| match c {
            '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
            c => c,
        };
        text.chars().map(one).collect()
    }

    proptest! {
        /// Whatever is stored is found by itself, and by each of its other forms.
        #[test]
        fn what_is_stored_is_found_by_itself_and_its_other_forms(line in line()) {
            if wanted(&line).is_some() {
                let forms = [
                    line.clone(),
                    wide(&line),
                    line.to_uppercase(),
                    line.to_lowercase(),
                    normal(&line),
                    hanconv::s2t(&line),
                    hanconv::t2s(&line),
                ];
                for form in &forms {
                    prop_assert!(found(&line, form), "{line:?} by {form:?}");
                    prop_assert!(found(form, &line), "{form:?} by {line:?}");
                }
            }
        }

        /// Every part of a word or a number is found.
        #[test]
        fn a_part_is_found(line in "[A-Z]{0,3}[0-9]{1,14}|[一-龥]{1,8}", from in 0_usize..8, length in 1_usize..8) {
            let part: String = line.chars().skip(from).take(length).collect();
            prop_assume!(!part.is_empty());
            prop_assert!(found(&line, &part), "{line} by {part}");
        }
    }
}
