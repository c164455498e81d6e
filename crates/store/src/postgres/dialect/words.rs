//! A case's words as `tsvector`, and what is looked for as `tsquery`: literals with positions made here.

use crate::search::{self, Indexed, Run};
use std::collections::BTreeMap;

/// The last position that PostgreSQL keeps is 16383.
const POSITIONS: usize = 16_000;
/// It keeps 255 positions of a word.
const TIMES: usize = 250;
/// Pairs of a long run that the next part repeats: a phrase as long as this is found wherever it stands.
const OVERLAP: usize = 200;

/// The parts of a case's words, each with whether it is personal.
pub fn parts(all: &Indexed) -> Vec<(bool, String)> {
    let open = of_runs(&all.open).into_iter().map(|words| (false, words));
    let own = of_runs(&all.own).into_iter().map(|words| (true, words));
    open.chain(own).collect()
}

/// A part that is being filled.
#[derive(Default)]
struct Part {
    places: BTreeMap<String, Vec<usize>>,
    last: usize,
}

impl Part {
    fn full(&self, next: &str) -> bool {
        self.last >= POSITIONS || self.places.get(next).is_some_and(|p| p.len() >= TIMES)
    }

    fn push(&mut self, pair: &str) {
        self.last += 1;
        self.places
            .entry(pair.to_owned())
            .or_default()
            .push(self.last);
    }

    fn text(self) -> String {
        let word = |(pair, places): (String, Vec<usize>)| {
            let places: Vec<String> = places.iter().map(ToString::to_string).collect();
            format!("{}:{}", quoted(&pair), places.join(","))
        };
        let all: Vec<String> = self.places.into_iter().map(word).collect();
        all.join(" ")
    }
}

/// Singles stand in the first part, without places.
fn of_runs(runs: &[Run]) -> Vec<String> {
    let mut done = Vec::new();
    let mut part = Part::default();
    for run in runs {
        let pairs: Vec<String> = search::pairs(run).collect();
        for (n, pair) in pairs.iter().enumerate() {
            if part.full(pair) {
                done.push(std::mem::take(&mut part));
                for again in &pairs[n.saturating_sub(OVERLAP)..n] {
                    part.push(again);
                }
            }
            part.push(pair);
        }
        // An empty place between runs, so that no phrase crosses it.
        part.last += 1;
    }
    done.push(part);
    let mut texts: Vec<String> = done.into_iter().map(Part::text).collect();
    let singles: Vec<String> = search::singles(runs.iter())
        .iter()
        .map(|s| quoted(s))
        .collect();
    if let Some(first) = texts.first_mut() {
        *first = format!("{first} {}", singles.join(" ")).trim().to_owned();
    }
    texts.retain(|t| !t.is_empty());
    texts
}

/// A run as it is looked for: one character by itself, pairs one after the other.
pub fn query(run: &Run) -> String {
    match run.as_slice() {
        [one] => quoted(&one.to_string()),
        _ => {
            let two: Vec<String> = search::pairs(run).map(|p| quoted(&p)).collect();
            two.join(" <-> ")
        }
    }
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> Run {
        text.chars().collect()
    }

    #[test]
    fn a_run_has_pairs_with_places_and_singles_without() {
        let texts = of_runs(&[run("含水量"), run("水")]);
        assert_eq!(texts, ["'含水':1 '水量':2 '含' '水' '量'"]);
        assert_eq!(query(&run("含水量")), "'含水' <-> '水量'");
        assert_eq!(query(&run("水")), "'水'");
    }

    #[test]
    fn what_is_too_long_goes_on_in_another_part() {
        let same = of_runs(&[vec!['哈'; 1000]]);
        assert!(same.len() > 1, "no word more often than PostgreSQL counts");
        let long: Run = (0..40_000)
            .filter_map(|n| char::from_u32(0x4E00 + n % 20_000))
            .collect();
        let parts = of_runs(&[long]);
        assert_eq!(
            parts.len(),
            3,
            "no place beyond those that PostgreSQL keeps"
        );
    }
}
