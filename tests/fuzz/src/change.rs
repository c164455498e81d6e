//! Changes of structured input: a byte changed at random hardly ever leaves JSON or TOML readable.

use serde_json::{Map, Value, json};

/// Numbers that look random, from the seed that the fuzzer gives.
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    pub fn new(seed: u32) -> Self {
        Self(u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// From 0 to below `n`; 0 for none.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or_default() % n.max(1)
    }

    /// One of a list.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

const WORDS: [&str; 24] = [
    "",
    " ",
    "0",
    "-1",
    "null",
    "投诉",
    "王＊",
    "\u{202e}",
    "\n",
    "{",
    "{x}",
    "%",
    "a.b",
    "*",
    "2026-02-29",
    "9999-12-31",
    "-262143-01-01",
    "+262142-12-31T23:59:59+23:59",
    "2026-09-30T16:10:00+08:00",
    "1970-01-01T00:00:00Z",
    "24:00:00",
    "𠮷",
    "\u{feff}",
    "\"' OR 1=1",
];

/// A value that is often forgotten.
fn odd(dice: &mut Dice) -> Value {
    match dice.below(14) {
        0 => json!(0),
        1 => json!(-1),
        2 => json!(u32::MAX),
        3 => json!(i64::MAX),
        4 => json!(i64::MIN),
        5 => json!(1e308),
        6 => json!(true),
        7 => json!([]),
        8 => json!({}),
        9 => json!("一".repeat(1 << dice.below(12))),
        10 => json!(dice.below(400)),
        11 => json!(0.1),
        _ => json!(dice.one(&WORDS)),
    }
}

fn key(dice: &mut Dice, of: &Map<String, Value>) -> Option<String> {
    let at = dice.below(of.len());
    of.keys().nth(at).cloned()
}

/// Some part of a value, for putting elsewhere.
fn part(value: &Value, dice: &mut Dice) -> Value {
    let below: Vec<&Value> = match value {
        Value::Array(all) => all.iter().collect(),
        Value::Object(all) => all.values().collect(),
        _ => return value.clone(),
    };
    match dice.one(&below) {
        Some(inner) if dice.below(4) > 0 => part(inner, dice),
        _ => value.clone(),
    }
}

/// Changes one place of a value; `lent` are parts that may be put there.
pub fn change(value: &mut Value, dice: &mut Dice, lent: &[Value]) {
    let whole = value.clone();
    place(value, dice, &whole, lent);
}

fn place(value: &mut Value, dice: &mut Dice, whole: &Value, lent: &[Value]) {
    match value {
        Value::Array(all) if !all.is_empty() && dice.below(8) > 0 => {
            let at = dice.below(all.len());
            match dice.below(8) {
                0 => drop(all.remove(at)),
                1 => all.insert(at, all[at].clone()),
                2 => {
                    let other = dice.below(all.len());
                    all.swap(at, other);
                }
                3 => {
                    let new = dice
                        .one(lent)
                        .map_or_else(|| part(whole, dice), Clone::clone);
                    all.insert(at, new);
                }
                _ => place(&mut all[at], dice, whole, lent),
            }
        }
        Value::Object(all) if !all.is_empty() && dice.below(12) > 0 => {
            let Some(name) = key(dice, all) else { return };
            match dice.below(10) {
                0 => drop(all.remove(&name)),
                1 => {
                    let new = part(whole, dice);
                    all.insert(name, new);
                }
                _ => {
                    if let Some(inner) = all.get_mut(&name) {
                        place(inner, dice, whole, lent);
                    }
                }
            }
        }
        Value::Number(n) if dice.below(2) == 0 => {
            let by = i64::try_from(dice.below(17)).unwrap_or_default() - 8;
            let n = n.as_i64().unwrap_or_default();
            *value = match dice.below(3) {
                0 => json!(n.wrapping_add(by)),
                1 => json!(n.wrapping_mul(by)),
                _ => json!(1_i64 << dice.below(63)),
            };
        }
        Value::String(text) if dice.below(3) == 0 => {
            let at = dice.below(text.chars().count() + 1);
            let word = dice.one(&WORDS).copied().unwrap_or_default();
            let (before, after): (String, String) = (
                text.chars().take(at).collect(),
                text.chars().skip(at + dice.below(3)).collect(),
            );
            *text = format!("{before}{word}{after}");
        }
        other => {
            *other = if dice.below(2) == 0 {
                odd(dice)
            } else {
                part(whole, dice)
            }
        }
    }
}

/// Takes away what TOML cannot say.
fn without_null(value: &mut Value) {
    match value {
        Value::Array(all) => {
            all.retain(|v| !v.is_null());
            all.iter_mut().for_each(without_null);
        }
        Value::Object(all) => {
            all.retain(|_, v| !v.is_null());
            all.values_mut().for_each(without_null);
        }
        _ => {}
    }
}

/// JSON, changed in up to four places; nothing where it was none.
pub fn json(bytes: &[u8], seed: u32, lent: &[Value]) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(bytes).ok()?;
    let mut dice = Dice::new(seed);
    for _ in 0..=dice.below(4) {
        change(&mut value, &mut dice, lent);
    }
    serde_json::to_vec(&value).ok()
}

/// TOML, likewise.
pub fn toml(text: &str, seed: u32) -> Option<String> {
    let mut value: Value = toml::from_str(text).ok()?;
    let mut dice = Dice::new(seed);
    for _ in 0..=dice.below(4) {
        change(&mut value, &mut dice, &[]);
    }
    without_null(&mut value);
    toml::to_string(&value).ok()
}

/// Puts changed bytes where the fuzzer wants them; `size` is what it had there, where they do not fit or are none.
pub fn put(data: &mut [u8], size: usize, new: Option<Vec<u8>>) -> usize {
    match new {
        Some(new) if !new.is_empty() && new.len() <= data.len() => {
            data[..new.len()].copy_from_slice(&new);
            new.len()
        }
        _ => size,
    }
}

/// The mutator of TOML files: structure mostly, bytes now and then.
pub fn toml_or_bytes(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let new = std::str::from_utf8(&data[..size])
        .ok()
        .and_then(|text| toml(text, seed))
        .filter(|_| !seed.is_multiple_of(8));
    match new {
        Some(new) => put(data, size, Some(new.into_bytes())),
        None => libfuzzer_sys::fuzzer_mutate(data, size, max_size),
    }
}
