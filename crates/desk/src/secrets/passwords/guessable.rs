//! Whether a password is soon guessed: zxcvbn's lists and patterns, the words that people here choose first, and
//! what a colleague knows of the person and the institution.

use crate::text::error::ApiError;
use pinyin::ToPinyin;
use std::sync::LazyLock;
use zxcvbn::{Score, zxcvbn};

/// What is chosen first, from the file beside this one.
static COMMON: LazyLock<Vec<String>> = LazyLock::new(|| {
    let lines = include_str!("common.txt").lines();
    let words = lines.filter(|l| !l.is_empty() && !l.starts_with("# "));
    words.map(spelled).collect()
});

/// Characters as their pinyin: zxcvbn takes a character for one of ten, and people type either.
fn spelled(text: &str) -> String {
    let one = |c: char| match c.to_pinyin() {
        Some(p) => p.plain().to_owned(),
        None => c.to_string(),
    };
    text.chars().map(one).collect()
}

/// Fewer guesses than these are soon made by whoever has the folder (zxcvbn: 3 is more than 10^8).
const ENOUGH: Score = Score::Three;
/// Characters that remain unknown when what everybody knows is taken away.
const REST: usize = 6;

/// Whose password it is to be.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub login: String,
    /// The institution's name.
    pub institution: String,
    /// The same for the phone number and address of the institution.
    pub more: Vec<String>,
}

/// A name as people type it: itself, in pinyin, and its initials.
fn forms(name: &str) -> Vec<String> {
    let name = name.trim().to_lowercase();
    let parts = name.split(|c: char| c.is_whitespace() || "()（）·-_@.".contains(c));
    let mut all: Vec<String> = parts.map(str::to_owned).collect();
    let letters: Vec<&str> = name
        .as_str()
        .to_pinyin()
        .flatten()
        .map(pinyin::Pinyin::plain)
        .collect();
    let first = |s: &&str| s.chars().next();
    all.push(letters.concat());
    // An institution is called by the beginning of its name.
    let written: Vec<char> = name.chars().filter(|c| c.to_pinyin().is_some()).collect();
    for n in 2..=letters.len().min(4) {
        all.push(letters[..n].concat());
        all.push(written[..n].iter().collect());
    }
    all.push(letters.iter().filter_map(first).collect());
    if letters.len() > 1 {
        // Without the family name, and with it behind.
        all.push(letters[1..].concat());
        all.push(format!("{}{}", letters[1..].concat(), letters[0]));
        let initials: String = letters[1..].iter().filter_map(first).collect();
        all.push(format!("{}{initials}", letters[0]));
    }
    all.push(name);
    all.retain(|w| w.chars().count() > 1);
    all
}

/// Whether little is left of a password without these words.
fn is_made_of(password: &str, words: &[String]) -> bool {
    let mut rest = password.to_lowercase();
    let before = rest.chars().count();
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.len()));
    for w in words {
        // Two letters stand in many words by chance.
        if w.chars().count() > 2 || !w.is_ascii() {
            rest = rest.replace(w.as_str(), "");
        }
    }
    let left = rest.chars().count();
    left < before && left < REST
}

fn weak(password: &str, words: &[&str]) -> bool {
    zxcvbn(&spelled(password), words).score() < ENOUGH
}

/// Refuses a password that is soon guessed.
///
/// # Errors
/// `password_about_person`, `password_about_institution`, `password_common`.
pub(crate) fn refuse(password: &str, about: &About) -> Result<(), ApiError> {
    let mut person = forms(&about.name);
    person.extend(forms(&about.login));
    let mut institution = forms(&about.institution);
    for more in &about.more {
        institution.extend(forms(more));
    }
    let with = |own: &[String]| {
        let words: Vec<&str> = own
            .iter()
            .chain(COMMON.iter())
            .map(String::as_str)
            .collect();
        weak(password, &words)
    };
    if is_made_of(password, &person) {
        return Err(ApiError::new("password_about_person"));
    }
    if is_made_of(password, &institution) {
        return Err(ApiError::new("password_about_institution"));
    }
    if with(&[]) {
        return Err(ApiError::new("password_common"));
    }
    if with(&person) {
        return Err(ApiError::new("password_about_person"));
    }
    if with(&institution) {
        return Err(ApiError::new("password_about_institution"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(password: &str) -> String {
        let about = About {
            name: "陈霞".to_owned(),
            login: "chenxia".to_owned(),
            institution: "海川机动车检测站".to_owned(),
            more: vec!["海川市安平路18号".to_owned(), "0000-7654321".to_owned()],
        };
        match refuse(password, &about) {
            Ok(()) => "taken".to_owned(),
            Err(e) => e.code,
        }
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for password in [
            "password1",
            "P@ssw0rd123",
            "qwertyuiop",
            "1qaz2wsx",
            "1qaz@WSX3edc",
            "qweasdzxc123",
            "asdfghjkl;",
            "88888888888",
            "woaini1314",
            "woaini5201314",
            "5201314520a",
            "a123456789",
            "Aa123456",
            "abc@12345",
            "aaaaaaaaaaaa",
            "abcdefghijkl",
            "abcabcabcabc",
            "19900101zhang",
            "20261126",
            "wangwei1990",
            "Beijing2026",
            "zhongguo888",
            "admin@2026",
            "Admin888",
            "mima123456",
            "Redress-2026",
            "redress2026",
            "密码12345678",
            "welcome2026",
        ] {
            assert_eq!(said(password), "password_common", "{password}");
        }
    }

    #[test]
    fn what_everybody_knows_of_person_and_institution_is_refused() {
        for password in [
            "chenxia2026",
            "ChenXia@1",
            "xiachen1234",
            "陈霞12345",
            "chenxiacx",
            "Chenxia!",
        ] {
            assert_eq!(said(password), "password_about_person", "{password}");
        }
        for password in [
            "haichuan2026",
            "海川机动车检测站1",
            "Haichuanjidongchejiancezhan",
            "hcjdcjcz2026",
            "7654321海川",
        ] {
            let said = said(password);
            assert!(
                ["password_about_institution", "password_common"].contains(&said.as_str()),
                "{password}: {said}"
            );
        }
    }

    #[test]
    fn a_password_with_thought_in_it_is_taken() {
        for password in [
            "only-I-know-it",
            "另一个密码-雨伞在门后",
            "gingko-lantern-47",
            "雨停了再去买豆腐",
            "Tofu%river7lamp",
            "xk3-Pq92-vvT",
            "correct horse battery",
        ] {
            assert_eq!(said(password), "taken", "{password}");
        }
    }
}
