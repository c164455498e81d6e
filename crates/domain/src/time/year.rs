//! Taking in a year's file of holidays: what is wrong with it, and what the person should look at first.
//!
//! A notice speaks of its own year, of the December before and of the January after. Where the files of two years say
//! different things of one day, the later year's decides, whichever was imported first ([`Calendar::new`]). A year
//! that is imported again replaces its former file whole. Nothing that was known vanishes unseen.

use crate::{
    refusal::Refusal,
    time::calendar::{Calendar, YEARS, YearFile},
};
use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Notices of a year, and characters of each.
const PAPERS: (usize, usize) = (20, 200);

/// Characters of a holiday's name.
const NAME: usize = 50;

/// Days that a file names: those of a year, of a December and of a January.
const DAYS: usize = 366;

/// Days off by law, whatever is moved around them: a notice never names fewer.
const FEWEST: usize = 11;

/// Month and day of those that stand on the same date in every year.
const ALWAYS: [(u32, u32); 5] = [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)];

/// Refuses a file that is none, or that contradicts itself.
///
/// # Errors
/// `calendar_unsound`; `calendar_astray` for days of other years, `calendar_contradicts` for days that are both off
/// and on, each with the `dates`.
pub fn check(file: &YearFile) -> Result<(), Refusal> {
    let refused = |code: &str| Refusal::new(code).with("year", file.year);
    let long = |text: &str, max: usize| text.chars().count() > max;
    if !YEARS.contains(&file.year)
        || !(1..=DAYS).contains(&file.days.len())
        || file.papers.len() > PAPERS.0
        || file.papers.iter().any(|p| long(p, PAPERS.1))
        || file.days.iter().any(|d| long(&d.name, NAME))
    {
        return Err(refused("calendar_unsound"));
    }
    let astray: BTreeSet<NaiveDate> = file
        .days
        .iter()
        .map(|d| d.date)
        .filter(|d| !near(*d, file.year))
        .collect();
    if !astray.is_empty() {
        return Err(refused("calendar_astray").with("dates", dates(&astray)));
    }
    let mut said = BTreeMap::new();
    let both: BTreeSet<NaiveDate> = file
        .days
        .iter()
        .filter(|d| *said.entry(d.date).or_insert(d.is_off_day) != d.is_off_day)
        .map(|d| d.date)
        .collect();
    if !both.is_empty() {
        return Err(refused("calendar_contradicts").with("dates", dates(&both)));
    }
    Ok(())
}

/// Whether a notice of the year speaks of the day.
fn near(date: NaiveDate, year: i32) -> bool {
    match date.year() - year {
        0 => true,
        -1 => date.month() == 12,
        1 => date.month() == 1,
        _ => false,
    }
}

/// `2026-10-01、2026-10-02`.
fn dates(all: &BTreeSet<NaiveDate>) -> String {
    let all: Vec<String> = all.iter().map(NaiveDate::to_string).collect();
    all.join("、")
}

/// Asks before a file makes a known day another: lost, turned, overruled by a later year's file, or a holiday by law
/// that it makes a working day; and where it names fewer days than any notice does.
///
/// # Errors
/// `calendar_asks` with `dates`, and `changes` of `{date, name, kind}` with `lost`, `turned`, `overruled` or `works`;
/// `calendar_few` where no day changes.
pub fn weigh(known: &Calendar, file: &YearFile) -> Result<(), Refusal> {
    let years = known.years.values().filter(|y| y.year != file.year);
    let after = Calendar::new(known.hours.clone(), years.cloned().chain([file.clone()]));
    let said: BTreeMap<NaiveDate, bool> = after.named().map(|(d, _, off)| (d, off)).collect();
    let mut changes: BTreeMap<NaiveDate, (String, &str)> = BTreeMap::new();
    for (month, day) in ALWAYS {
        let date = NaiveDate::from_ymd_opt(file.year, month, day);
        if let Some(date) = date.filter(|d| said.get(d) != Some(&true)) {
            changes.insert(date, (String::new(), "works"));
        }
    }
    for d in &file.days {
        if said.get(&d.date).is_some_and(|off| *off != d.is_off_day) {
            changes.insert(d.date, (d.name.clone(), "overruled"));
        }
    }
    for (date, name, off) in known.named() {
        let kind = match said.get(&date) {
            None => "lost",
            Some(now) if *now != off => "turned",
            Some(_) => continue,
        };
        changes.insert(date, (name.to_owned(), kind));
    }
    let off: BTreeSet<NaiveDate> = file
        .days
        .iter()
        .filter(|d| d.is_off_day && d.date.year() == file.year)
        .map(|d| d.date)
        .collect();
    let asks = |code: &str| {
        Refusal::new(code)
            .with("year", file.year)
            .with("days", file.days.len())
            .with("off", off.len())
    };
    if !changes.is_empty() {
        let all = changes.keys().copied().collect();
        let list: Vec<Value> = changes
            .into_iter()
            .map(|(date, (name, kind))| json!({ "date": date, "name": name, "kind": kind }))
            .collect();
        return Err(asks("calendar_asks")
            .with("dates", dates(&all))
            .with("changes", list));
    }
    if off.len() < FEWEST {
        return Err(asks("calendar_few").with("fewest", FEWEST));
    }
    Ok(())
}
