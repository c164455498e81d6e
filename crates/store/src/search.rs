//! Chinese search: characters and pairs of characters, made here and found as phrases.
//!
//! Every value is a line. Within a line, spaces and hyphens between letters and digits vanish (so
//! `138 0013 8000` is found by `13800138000`, `JC-2026-0917` by `2026-0917`); other punctuation
//! parts runs. A run of n characters gives n singles and n-1 pairs; each database keeps them its own way.

use crate::CaseProjection;
use pinyin::ToPinyin;

/// Characters that stand together.
pub(crate) type Run = Vec<char>;

/// What is indexed of a case.
#[derive(Debug)]
pub(crate) struct Indexed {
    /// What everybody finds.
    pub open: Vec<Run>,
    /// What is personal, with the pinyin initials of names.
    pub own: Vec<Run>,
}

/// The runs of a case's words.
pub(crate) fn indexed(p: &CaseProjection) -> Indexed {
    let initials: Vec<String> = p.names.iter().map(|n| initials(n)).collect();
    let own = p.own_words.lines();
    let own = own.chain(initials.iter().map(String::as_str));
    Indexed {
        open: p.words.lines().flat_map(runs).collect(),
        own: own.flat_map(runs).collect(),
    }
}

/// What a person looks for; none where nothing can be looked for.
pub(crate) fn wanted(text: &str) -> Option<Vec<Run>> {
    Some(runs(text)).filter(|r| !r.is_empty())
}

/// The pairs of a run.
pub(crate) fn pairs(run: &Run) -> impl Iterator<Item = String> {
    run.windows(2).map(|w| w.iter().collect())
}

/// The single characters of runs, each once.
pub(crate) fn singles<'a>(runs: impl Iterator<Item = &'a Run>) -> Vec<String> {
    let mut all: Vec<String> = runs.flatten().map(ToString::to_string).collect();
    all.sort();
    all.dedup();
    all
}

fn runs(line: &str) -> Vec<Run> {
    let chars: Vec<char> = line.chars().flat_map(char::to_lowercase).collect();
    let mut all = vec![Vec::new()];
    for (i, c) in chars.iter().enumerate() {
        let ascii = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
        let next = chars[i + 1..].iter().find(|c| !matches!(c, ' ' | '-'));
        let glue =
            matches!(c, ' ' | '-') && ascii(all.last().and_then(|r: &Run| r.last())) && ascii(next);
        if c.is_alphanumeric() {
            if let Some(run) = all.last_mut() {
                run.push(*c);
            }
        } else if !glue {
            all.push(Vec::new());
        }
    }
    all.retain(|r| !r.is_empty());
    all
}

/// `王芳` → `wf`; a name without Chinese characters gives nothing.
fn initials(name: &str) -> String {
    name.to_pinyin()
        .flatten()
        .filter_map(|p| p.plain().chars().next())
        .collect()
}
