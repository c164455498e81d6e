//! Chinese search: characters and pairs of characters, made here and found as phrases.
//!
//! Every value is a line. Within a line, spaces and hyphens between letters and digits vanish (so
//! `138 0013 8000` is found by `13800138000`, `JC-2026-0917` by `2026-0917`); other punctuation
//! parts runs. A run of n characters gives n singles and n-1 pairs.

use pinyin::ToPinyin;

/// What is indexed of a case: pairs, and singles.
pub fn grams(words: &str, names: &[String]) -> (String, String) {
    let mut pairs = Vec::new();
    let mut singles = Vec::new();
    let initials: Vec<String> = names.iter().map(|n| initials(n)).collect();
    for line in words.lines().chain(initials.iter().map(String::as_str)) {
        for run in runs(line) {
            pairs.extend(run.windows(2).map(|w| w.iter().collect::<String>()));
            // A stop between runs, so that no phrase crosses it.
            pairs.push("\u{4E00}\u{4E00}".to_owned());
            singles.extend(run.iter().map(ToString::to_string));
        }
    }
    singles.sort();
    singles.dedup();
    (pairs.join(" "), singles.join(" "))
}

/// The FTS5 query for what a person typed; none where nothing can be looked for.
pub fn query(text: &str) -> Option<String> {
    let parts: Vec<String> = runs(text)
        .into_iter()
        .map(|run| {
            if run.len() == 1 {
                format!("singles:\"{}\"", run[0])
            } else {
                let pairs: Vec<String> = run.windows(2).map(|w| w.iter().collect()).collect();
                format!("grams:\"{}\"", pairs.join(" "))
            }
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

fn runs(line: &str) -> Vec<Vec<char>> {
    let chars: Vec<char> = line.chars().flat_map(char::to_lowercase).collect();
    let mut all = vec![Vec::new()];
    for (i, c) in chars.iter().enumerate() {
        let ascii = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
        let next = chars[i + 1..].iter().find(|c| !matches!(c, ' ' | '-'));
        let glue = matches!(c, ' ' | '-')
            && ascii(all.last().and_then(|r: &Vec<char>| r.last()))
            && ascii(next);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_is_indexed() {
        let words = "王芳\n138 0013 8000\nJC-2026-0917\n制动液含水量4.2%，怀疑搞错了";
        let (pairs, singles) = grams(words, &["王芳".to_owned()]);
        let found = |text: &str| {
            let Some(q) = query(text) else { return false };
            q.split(" AND ").all(|part| match part.split_once(':') {
                Some(("singles", s)) => singles.split(' ').any(|x| x == s.trim_matches('"')),
                Some((_, p)) => {
                    format!(" {pairs} ").contains(&format!(" {} ", p.trim_matches('"')))
                }
                None => false,
            })
        };
        for hit in [
            "水",
            "含水",
            "含水量",
            "王芳",
            "wf",
            "WF",
            "13800138000",
            "0013",
            "JC-2026-0917",
            "2026 0917",
            "jc2026",
        ] {
            assert!(found(hit), "{hit} should be found");
        }
        for miss in ["火", "水王", "量怀", "13900", "芳制", "!!"] {
            assert!(!found(miss), "{miss} should not be found");
        }
    }
}
