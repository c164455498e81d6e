//! Calendars that an administrator imports, opening hours, and limits computed with them.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use redress_domain::{
    amount::Amount,
    calendar::{Calendar, Hours, YearFile},
    clock::{Moment, Span, due},
};
use redress_fuzz::{at_most, change};
use serde_json::Value;

/// The longest limit, and the years, that the command list lets through.
const AMOUNT_MAX: u32 = 3660;
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

fn read<T: serde::de::DeserializeOwned>(from: &Value, part: &str) -> Option<T> {
    serde_json::from_value(from.get(part)?.clone()).ok()
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(input) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let hours: Hours = read(&input, "hours").unwrap_or_default();
    let years: Vec<YearFile> = read(&input, "years").unwrap_or_default();
    let (Some(start), Some(span)) = (
        read::<Moment>(&input, "start"),
        read::<Span>(&input, "span"),
    ) else {
        return;
    };
    let year = chrono::Datelike::year(&start);
    if !hours.sound() || span.amount > Amount::whole(AMOUNT_MAX) || !YEARS.contains(&year) {
        return;
    }
    let calendar = Calendar::new(hours, years);
    at_most(|| {
        let _ = calendar.version();
        for roll in [true, false] {
            let due = due(span, start, roll, &calendar);
            // Whatever is due is due after it began.
            assert!(due.at.is_none_or(|at| at >= start), "{due:?}");
        }
    });
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    match change::json(&data[..size], seed, &[]) {
        Some(new) if !seed.is_multiple_of(8) => change::put(data, size, Some(new)),
        _ => fuzzer_mutate(data, size, max_size),
    }
});
