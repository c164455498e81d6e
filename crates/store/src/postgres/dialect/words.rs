//! A case's words as `tsvector`, and what is looked for as `tsquery`: literals with positions made here.

use crate::search::{Indexed, Terms, Wanted};
use std::collections::BTreeMap;

/// The last position that PostgreSQL keeps is 16383.
const POSITIONS: usize = 16_000;
/// It keeps 255 positions of a word.
const TIMES: usize = 250;
/// Terms of a long phrase that the next part repeats: a phrase as long as this is found wherever it stands.
const OVERLAP: usize = 200;

/// The parts of a case's words, each with whether it is personal.
pub fn parts(all: &Indexed) -> Vec<(bool, String)> {
    let open = of_terms(&all.open).into_iter().map(|words| (false, words));
    let own = of_terms(&all.own).into_iter().map(|words| (true, words));
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
fn of_terms(terms: &Terms) -> Vec<String> {
    let mut done = Vec::new();
    let mut part = Part::default();
    for phrase in &terms.phrases {
        for (n, term) in phrase.iter().enumerate() {
            if part.full(term) {
                done.push(std::mem::take(&mut part));
                for again in &phrase[n.saturating_sub(OVERLAP)..n] {
                    part.push(again);
                }
            }
            part.push(term);
        }
        // An empty place between phrases, so that none crosses it.
        part.last += 1;
    }
    done.push(part);
    let mut texts: Vec<String> = done.into_iter().map(Part::text).collect();
    let singles: Vec<String> = terms.singles.iter().map(|s| quoted(s)).collect();
    if let Some(first) = texts.first_mut() {
        *first = format!("{first} {}", singles.join(" ")).trim().to_owned();
    }
    texts.retain(|t| !t.is_empty());
    texts
}

/// As it is looked for: one character by itself, terms one after the other.
pub fn query(wanted: &Wanted) -> String {
    match wanted {
        Wanted::Single(one) => quoted(one),
        Wanted::Phrase(all) => {
            let all: Vec<String> = all.iter().map(|t| quoted(t)).collect();
            all.join(" <-> ")
        }
    }
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(phrase: Vec<String>) -> Terms {
        Terms {
            phrases: vec![phrase],
            ..Terms::default()
        }
    }

    fn pairs(text: &[char]) -> Vec<String> {
        text.windows(2).map(|w| w.iter().collect()).collect()
    }

    #[test]
    fn a_phrase_has_places_and_singles_have_none() {
        let two = pairs(&['含', '水', '量']);
        let mut all = terms(two.clone());
        all.singles
            .extend(["含", "水", "量"].map(ToOwned::to_owned));
        assert_eq!(of_terms(&all), ["'含水':1 '水量':2 '含' '水' '量'"]);
        assert_eq!(query(&Wanted::Phrase(two)), "'含水' <-> '水量'");
        assert_eq!(query(&Wanted::Single("水".to_owned())), "'水'");
    }

    #[test]
    fn what_is_too_long_goes_on_in_another_part() {
        let same = of_terms(&terms(pairs(&['哈'; 1000])));
        assert!(same.len() > 1, "no word more often than PostgreSQL counts");
        let long: Vec<char> = (0..40_000)
            .filter_map(|n| char::from_u32(0x4E00 + n % 20_000))
            .collect();
        let parts = of_terms(&terms(pairs(&long)));
        assert_eq!(
            parts.len(),
            3,
            "no place beyond those that PostgreSQL keeps"
        );
    }
}
