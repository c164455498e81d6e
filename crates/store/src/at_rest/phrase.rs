//! The recovery phrase: what opens an encrypted folder where the keystore is lost.
//!
//! Eight groups of four of Crockford's signs, which are typed alike under any language and have no I, L, O or U to be
//! misread: 144 random bits, and 16 by which a mistyped one is known before it is tried.

use crate::StoreError;
use data_encoding::{Encoding, Specification};
use std::{fmt, sync::OnceLock};
use zeroize::Zeroizing;

const RANDOM: usize = 18;
const CHECK: usize = 2;
const GROUP: usize = 4;

/// What is printed once and kept in a safe.
#[derive(Clone, PartialEq, Eq)]
pub struct Phrase(Zeroizing<Vec<u8>>);

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phrase(…)")
    }
}

fn signs() -> Result<&'static Encoding, StoreError> {
    static SIGNS: OnceLock<Option<Encoding>> = OnceLock::new();
    let made = SIGNS.get_or_init(|| {
        let mut s = Specification::new();
        s.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
        s.translate.from.push_str("abcdefghjkmnpqrstvwxyzOoIiLl");
        s.translate.to.push_str("ABCDEFGHJKMNPQRSTVWXYZ001111");
        s.encoding().ok()
    });
    let none = || StoreError::Internal("the signs of a phrase".to_owned());
    made.as_ref().ok_or_else(none)
}

fn check(random: &[u8]) -> [u8; CHECK] {
    let hash = redress_domain::chain::sha256(random);
    [hash[0], hash[1]]
}

impl Phrase {
    /// A new one.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn random() -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new(vec![0; RANDOM]);
        getrandom::fill(&mut bytes).map_err(|e| StoreError::Internal(e.to_string()))?;
        let tail = check(&bytes);
        bytes.extend_from_slice(&tail);
        Ok(Self(bytes))
    }

    /// As somebody typed it: small letters, other or no gaps, and what looks alike are understood.
    ///
    /// # Errors
    /// `PhraseMistyped`.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let plain = |c: char| match c {
            // Full-width, as a Chinese keyboard writes them.
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            _ => c,
        };
        let typed = text.chars().map(plain);
        let typed = typed.filter(|c| !c.is_whitespace() && !"-–—・\u{3000}".contains(*c));
        let typed = Zeroizing::new(typed.collect::<String>());
        let bytes = signs()?.decode(typed.as_bytes());
        let bytes = Zeroizing::new(bytes.map_err(|_| StoreError::PhraseMistyped)?);
        let sound = bytes.len() == RANDOM + CHECK && check(&bytes[..RANDOM]) == bytes[RANDOM..];
        match sound {
            true => Ok(Self(bytes)),
            false => Err(StoreError::PhraseMistyped),
        }
    }

    /// In groups, for paper and screen.
    ///
    /// # Errors
    /// None in practice: the signs are sound.
    pub fn groups(&self) -> Result<Zeroizing<String>, StoreError> {
        let text = Zeroizing::new(signs()?.encode(&self.0));
        let groups: Vec<&str> = (0..text.len())
            .step_by(GROUP)
            .filter_map(|n| text.get(n..n + GROUP))
            .collect();
        Ok(Zeroizing::new(groups.join("-")))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_read_as_people_type_it() {
        let phrase = Phrase::random().expect("random");
        let text = phrase.groups().expect("groups");
        assert_eq!(
            (text.len(), text.matches('-').count()),
            (39, 7),
            "{}",
            *text
        );
        let small = text
            .to_lowercase()
            .replace('-', "  ")
            .replace('0', "o")
            .replace('1', "l");
        let wide: String = text
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c))
            .collect();
        for typed in [text.as_str(), &small, &wide.replace('－', "—")] {
            assert_eq!(Phrase::parse(typed).ok().as_ref(), Some(&phrase), "{typed}");
        }
        assert!(!format!("{phrase:?}").contains(&text[..4]));
    }

    #[test]
    fn a_mistyped_phrase_is_known_as_one() {
        let phrase = Phrase::random().expect("random");
        let text = phrase.groups().expect("groups");
        let swapped = format!("{}{}", &text[5..10], &text[..5]) + &text[10..];
        let wrong = [
            "",
            "ABCD",
            &text[..34],
            "ÄBCD-EFGH",
            &format!("{}0000", *text),
            if swapped == *text { "" } else { &swapped },
        ]
        .map(|typed| Phrase::parse(typed).err().map(|e| e.code()));
        assert_eq!(wrong, [Some("recovery_phrase_mistyped"); 6]);
    }
}
