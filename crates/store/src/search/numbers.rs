//! Phones and other long numbers: the same digits in however many groups, with or without the country's code.

use super::dash;

/// Digits of what is taken for one number.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=20;
/// Digits of a mobile phone.
const MOBILE: usize = 11;

/// What may stand between the digits of a number.
fn between(c: char) -> bool {
    dash(c) || matches!(c, ' ' | '(' | ')' | '.' | '/' | '+' | '·' | '_')
}

/// A stretch of digits and what is between them: where it lies in the text.
struct Stretch<'a> {
    start: usize,
    text: &'a str,
}

impl Stretch<'_> {
    fn digits(&self) -> String {
        self.text.chars().filter(char::is_ascii_digit).collect()
    }

    /// Several numbers one after the other are not one.
    fn one(&self) -> bool {
        let count = |t: &str| t.chars().filter(char::is_ascii_digit).count();
        let whole = self.text.split(' ').filter(|p| count(p) > 0);
        let alone = whole.filter(|p| count(p) >= *DIGITS.start()).count();
        let pieces = self.text.split(' ').filter(|p| count(p) > 0).count();
        DIGITS.contains(&count(self.text)) && (alone == 0 || pieces == 1 || self.prefixed())
    }

    /// It begins with the country's code.
    fn prefixed(&self) -> bool {
        let digits = self.digits();
        let plus = self.text.starts_with("+86") || digits.starts_with("0086");
        let parens = self.text.starts_with("(86)") || self.text.starts_with("(+86)");
        let rest = digits.strip_prefix("86").unwrap_or_default();
        let mobile = rest.len() == MOBILE && rest.starts_with('1');
        let parted = self.text.starts_with("86") && self.text.chars().nth(2).is_some_and(between);
        plus || parens || mobile || (parted && rest.len() >= 10)
    }
}

/// The stretches that are no part of a word.
fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let mut all = Vec::new();
    let mut start: Option<usize> = None;
    let mut end = 0;
    let mut take = |start: &mut Option<usize>, end: usize| {
        if let Some(from) = start.take() {
            // `JC-2026-0917` is a word with digits in it.
            let part = |c: char| between(c) && !matches!(c, ' ' | '(' | ')' | '+');
            let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
            let before = text[..from].trim_end_matches(part).chars().next_back();
            let next = text[end..].trim_start_matches(part).chars().next();
            if !word(before) && !word(next) {
                all.push(Stretch {
                    start: from,
                    text: &text[from..end],
                });
            }
        }
    };
    for (i, c) in text.char_indices() {
        if c.is_ascii_digit() {
            start.get_or_insert_with(|| {
                // `+86`, `(0571)`: what opens a number belongs to it.
                let opened = text[..i].trim_end_matches(['+', '(']);
                opened.len()
            });
            end = i + 1;
        } else if !between(c) {
            take(&mut start, end);
        }
    }
    take(&mut start, end);
    all
}

/// Numbers of a line whose digits are parted by more than gaps and hyphens, which vanish anyway.
pub(super) fn as_written(line: &str) -> impl Iterator<Item = String> {
    let all = stretches(line).into_iter().filter(Stretch::one);
    let parted = |s: &Stretch| s.text.contains(|c| between(c) && c != ' ' && !dash(c));
    all.filter(parted).map(|s| s.digits())
}

/// What is looked for, with every number as its bare digits without the country's code.
pub(super) fn as_looked_for(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    let mut done = 0;
    for s in stretches(text).into_iter().filter(Stretch::one) {
        let digits = s.digits();
        let rest = match s.prefixed() {
            // The zero of an area is not dialled after the country's code.
            true => {
                let rest = digits.trim_start_matches("00");
                let rest = rest.strip_prefix("86").unwrap_or(rest);
                rest.trim_start_matches('0')
            }
            false => digits.as_str(),
        };
        all.push_str(&text[done..s.start]);
        all.push(' ');
        all.push_str(rest);
        all.push(' ');
        done = s.start + s.text.len();
    }
    all.push_str(&text[done..]);
    all
}
