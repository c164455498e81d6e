//! How much a procedure's file may hold: every number has a range, every list, table and text a length.
//!
//! The limits lie far above what an office writes and far below what would make others wait. They are held on the
//! bytes as they were written, before anything is built from them, so that each refusal names its line.

use crate::{amount::Amount, procedure::check::Problem, time::clock::SPAN_MAX, value::NUMBER_MAX};
use serde_spanned::Spanned;
use std::{borrow::Cow, ops::Range};
use toml::de::{DeTable, DeValue};

/// Bytes of one file.
pub const FILE_BYTES: usize = 256 * 1024;

/// Bytes of all files of an edition together.
pub const BUNDLE_BYTES: usize = 1024 * 1024;

/// Files of an edition.
pub const FILES: usize = 200;

/// Problems that are told at once: whoever mends them looks again.
pub const PROBLEMS: usize = 100;

/// What building blocks may stand for, all in all, once every `$name` is replaced.
pub(crate) const STANDS_FOR: usize = 20_000;

/// Digits of a case's running number.
pub const NUMBER_DIGITS: usize = 9;

/// Levels of tables and lists in one another.
const DEPTH: usize = 16;

/// Elements of a list that is not named below.
const ELEMENTS: usize = 100;

/// Keys of one table.
const KEYS: usize = 200;

/// Characters of a text that is not named below.
const CHARACTERS: usize = 1_000;

/// Characters of a key.
const KEY: usize = 100;

/// A number that is not named below: a value that an action sets.
const OTHER: (f64, f64) = (-1e12, 1e12);

/// Numbers by their key: the least and the most.
const NUMBERS: [(&str, f64, f64); 18] = [
    ("calendar_days", 0.0, SPAN_MAX as f64),
    ("decimals", 0.0, 9.0),
    ("from", 0.0, 200.0),
    ("hours", 0.0, SPAN_MAX as f64),
    ("late_entry_hours", 0.0, 8760.0),
    ("least", -NUMBER_MAX, NUMBER_MAX),
    ("lines", 0.0, 40.0),
    ("min_rows", 0.0, 100.0),
    ("most", -NUMBER_MAX, NUMBER_MAX),
    ("retention_years", 1.0, 100.0),
    ("span", 1.0, 24.0),
    ("to", 0.0, 200.0),
    ("usual_most", -NUMBER_MAX, NUMBER_MAX),
    ("usual_years", 0.0, 200.0),
    ("width", 0.05, 100.0),
    ("working_days", 0.0, SPAN_MAX as f64),
    ("working_hours", 0.0, SPAN_MAX as f64),
    ("year", 1900.0, 2200.0),
];

/// The amounts of limits: they have two decimals at most.
const AMOUNTS: [&str; 4] = ["calendar_days", "hours", "working_days", "working_hours"];

/// Lists by their key: the most elements.
const LISTS: [(&str, usize); 16] = [
    ("block", 200),
    ("by_class", 30),
    ("cells", 8),
    ("choices", 300),
    ("clock", 200),
    ("columns", 30),
    ("edges", 200),
    ("field", 500),
    ("fields", 200),
    ("include", 30),
    ("nodes", 100),
    ("requires", 30),
    ("rows", 200),
    ("starts", 30),
    ("stops", 40),
    ("to", 30),
];

/// Texts by their key: the most characters.
const TEXTS: [(&str, usize); 6] = [
    ("code", 20),
    ("edition", 50),
    ("id", 100),
    ("long", 10_000),
    ("number_format", 60),
    ("text", 10_000),
];

/// Cells beside one another in a grid.
const CELLS: usize = 24;

/// Blocks in one another.
const NESTED: usize = 4;

/// Holds a file against the limits. What cannot be read at all is told by whoever reads it for good.
pub(crate) fn hold(file: &(String, String), problems: &mut Vec<Problem>) -> bool {
    let before = problems.len();
    let mut held = Held { file, problems };
    if file.1.len() > FILE_BYTES {
        held.bad(0..0, "file_too_large", format!("{} KB", FILE_BYTES / 1024));
    } else if let Ok(all) = DeTable::parse(&file.1) {
        held.table(all.get_ref(), all.span(), "", Nested::default());
    }
    problems.len() == before
}

/// How deep a value lies.
#[derive(Clone, Copy, Default)]
struct Nested {
    levels: usize,
    blocks: usize,
    lists: usize,
}

struct Held<'a> {
    file: &'a (String, String),
    problems: &'a mut Vec<Problem>,
}

fn named<T: Copy>(all: &[(&str, T)], key: &str) -> Option<T> {
    all.iter().find(|(k, _)| *k == key).map(|(_, max)| *max)
}

impl Held<'_> {
    fn bad(&mut self, at: Range<usize>, code: &str, about: String) {
        if self.problems.len() < PROBLEMS {
            self.problems.push(Problem {
                file: self.file.0.clone(),
                line: line(&self.file.1, at.start),
                code: code.to_owned(),
                about,
            });
        }
    }

    fn most(&mut self, at: Range<usize>, key: &str, actual: usize, max: usize) {
        if actual > max {
            let about = format!("{}: {actual} > {max}", short(key));
            self.bad(at, "file_over_limit", about);
        }
    }

    fn table(&mut self, table: &DeTable<'_>, at: Range<usize>, key: &str, mut deep: Nested) {
        deep.levels += 1;
        deep.lists = 0;
        deep.blocks += usize::from(key == "block");
        self.most(at.clone(), key, table.len(), KEYS);
        if deep.levels > DEPTH || deep.blocks > NESTED {
            self.bad(at, "file_too_deep", short(key));
            return;
        }
        for (name, value) in table {
            let name: &Spanned<Cow<'_, str>> = name;
            self.most(
                name.span(),
                name.get_ref(),
                name.get_ref().chars().count(),
                KEY,
            );
            self.value(value, name.get_ref(), deep);
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, key: &str, mut deep: Nested) {
        let at = value.span();
        match value.get_ref() {
            DeValue::String(text) => {
                let max = named(&TEXTS, key).unwrap_or(CHARACTERS);
                self.most(at, key, text.chars().count(), max);
            }
            DeValue::Integer(n) => {
                let number = i64::from_str_radix(n.as_str(), n.radix());
                // Beyond an i64 it is beyond every range as well.
                let number = number.map_or(f64::INFINITY, |n| n as f64);
                self.number(at, key, number);
            }
            DeValue::Float(n) => self.number(at, key, n.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Array(all) => {
                deep.levels += 1;
                deep.lists += 1;
                // A list in a list is a row of a grid.
                let max = if deep.lists > 1 {
                    CELLS
                } else {
                    named(&LISTS, key).unwrap_or(ELEMENTS)
                };
                self.most(at.clone(), key, all.len(), max);
                if deep.levels > DEPTH {
                    self.bad(at, "file_too_deep", short(key));
                    return;
                }
                for value in all {
                    self.value(value, key, deep);
                }
            }
            DeValue::Table(table) => self.table(table, at, key, deep),
            DeValue::Boolean(_) | DeValue::Datetime(_) => {}
        }
    }

    fn number(&mut self, at: Range<usize>, key: &str, number: f64) {
        let known = NUMBERS.iter().find(|(k, ..)| *k == key);
        let (least, most) = known.map_or(OTHER, |(_, least, most)| (*least, *most));
        // NaN lies in no range. The place is one of this text: toml found the number there.
        if !(least..=most).contains(&number) {
            let written: String = self.file.1.get(at.clone()).unwrap_or_default().to_owned();
            let about = format!("{} = {} ({least} – {most})", short(key), short(&written));
            self.bad(at, "number_out_of_range", about);
        } else if AMOUNTS.contains(&key) && Amount::new(number).is_none() {
            let written = self.file.1.get(at.clone()).unwrap_or_default();
            let about = format!("{} = {}", short(key), short(written));
            self.bad(at, "number_too_fine", about);
        }
    }
}

/// The line of a byte, from 1.
pub(crate) fn line(text: &str, at: usize) -> usize {
    let before = &text.as_bytes()[..at.min(text.len())];
    1 + before.iter().filter(|b| **b == b'\n').count()
}

/// What is shown of a word that may be as long as a file.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}
