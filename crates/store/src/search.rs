//! Chinese search: characters and pairs of characters, made here and found as phrases.
//!
//! Every value is a line. Within a line, spaces and hyphens between letters and digits vanish (so
//! `138 0013 8000` is found by `13800138000`, `JC-2026-0917` by `2026-0917`); other punctuation
//! parts runs. A run of n characters gives n singles and n-1 pairs.

use pinyin::ToPinyin;

/// What is indexed of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grams {
    /// Pairs of what everybody finds.
    pub pairs: String,
    /// Its single characters.
    pub singles: String,
    /// Pairs of what is personal.
    pub own_pairs: String,
    /// Its single characters.
    pub own_singles: String,
}

/// Pairs and singles of open words, and of personal words with the names' pinyin initials.
pub fn grams(words: &str, own_words: &str, names: &[String]) -> Grams {
    let initials: Vec<String> = names.iter().map(|n| initials(n)).collect();
    let own = own_words.lines().chain(initials.iter().map(String::as_str));
    let (pairs, singles) = of_lines(words.lines());
    let (own_pairs, own_singles) = of_lines(own);
    Grams {
        pairs,
        singles,
        own_pairs,
        own_singles,
    }
}

fn of_lines<'a>(lines: impl Iterator<Item = &'a str>) -> (String, String) {
    let mut pairs = Vec::new();
    let mut singles = Vec::new();
    for run in lines.flat_map(runs) {
        pairs.extend(run.windows(2).map(|w| w.iter().collect::<String>()));
        // A stop between runs, so that no phrase crosses it.
        pairs.push("\u{4E00}\u{4E00}".to_owned());
        singles.extend(run.iter().map(ToString::to_string));
    }
    singles.sort();
    singles.dedup();
    (pairs.join(" "), singles.join(" "))
}

/// The FTS5 query for what a person typed; none where nothing can be looked for. Personal words are found in
/// the named procedures only.
pub fn query(text: &str, names_in: &[String]) -> Option<String> {
    let runs: Vec<Vec<char>> = runs(text).into_iter().filter(|r| !r.is_empty()).collect();
    if runs.is_empty() {
        return None;
    }
    let all = |pairs: &str, singles: &str| -> String {
        let part = |run: &Vec<char>| match run.as_slice() {
            [one] => format!("{{{singles}}} : \"{one}\""),
            run => {
                let two: Vec<String> = run.windows(2).map(|w| w.iter().collect()).collect();
                format!("{{{pairs}}} : \"{}\"", two.join(" "))
            }
        };
        let parts: Vec<String> = runs.iter().map(part).collect();
        format!("({})", parts.join(" AND "))
    };
    let open = all("grams", "singles");
    if names_in.is_empty() {
        return Some(open);
    }
    let whole = all("grams own_grams", "singles own_singles");
    let here: Vec<String> = names_in
        .iter()
        .map(|p| format!("procedure : \"{}\"", p.replace('"', "")))
        .collect();
    Some(format!("{open} OR ({whole} AND ({}))", here.join(" OR ")))
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
    use sqlx::{Connection, SqliteConnection};

    /// What the index itself finds of one case of the procedure `p-1`.
    async fn found(text: &str, names_in: &[&str]) -> bool {
        let mut c = SqliteConnection::connect("sqlite::memory:")
            .await
            .expect("a database");
        sqlx::query("CREATE VIRTUAL TABLE case_search USING fts5 (grams, singles, own_grams, own_singles, procedure)")
            .execute(&mut c)
            .await
            .expect("a table");
        let open = "JC-2026-0917\n制动液含水量4.2%，怀疑搞错了";
        let g = grams(open, "王芳\n138 0013 8000", &["王芳".to_owned()]);
        sqlx::query("INSERT INTO case_search VALUES ($1, $2, $3, $4, 'p-1')")
            .bind(g.pairs)
            .bind(g.singles)
            .bind(g.own_pairs)
            .bind(g.own_singles)
            .execute(&mut c)
            .await
            .expect("a row");
        let names_in: Vec<String> = names_in.iter().map(ToString::to_string).collect();
        let Some(q) = query(text, &names_in) else {
            return false;
        };
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM case_search WHERE case_search MATCH $1")
            .bind(q)
            .fetch_one(&mut c)
            .await
            .expect("a count")
            == 1
    }

    #[tokio::test]
    async fn open_words_are_found_by_everybody_and_personal_ones_where_they_are_needed() {
        let open = [
            "水",
            "含水",
            "含水量",
            "JC-2026-0917",
            "2026 0917",
            "jc2026",
        ];
        let personal = [
            "王芳",
            "王",
            "wf",
            "WF",
            "13800138000",
            "0013",
            "王芳 含水量",
        ];
        let nothing = ["火", "水王", "量怀", "13900", "芳制", "!!", "p-1"];
        for text in open {
            assert!(found(text, &[]).await, "{text} is open");
        }
        for text in personal {
            assert!(found(text, &["p-0", "p-1"]).await, "{text} is needed");
            assert!(!found(text, &[]).await, "{text} is personal");
            assert!(
                !found(text, &["p-2"]).await,
                "{text} is another procedure's"
            );
        }
        for text in nothing {
            assert!(!found(text, &["p-1"]).await, "{text} is not there");
        }
    }
}
