//! What must not be read: its characters travel behind a mask as wide as they are, and are drawn as bars.
//!
//! A filling is plain text, so the mask is a character too: of a private-use plane, one for each
//! character of the basic plane and of the next, where emoji are. Lines are broken as if it were not there; drawing
//! stops at it. Words that hold a character of those planes themselves come through [`plain`].

/// The mask of U+0000; that of another character lies as far behind it as the character behind U+0000.
const FIRST: u32 = 0xF_0000;
/// The last two code points of a plane are no characters.
const LAST: u32 = FIRST + 0xFFFD;
/// The mask of the next plane's first character.
const NEXT: u32 = 0x10_0000;
/// Behind here the next plane holds no characters yet.
const NEXT_LAST: u32 = NEXT + 0xFBFF;
/// Drawn in place of a character that has no mask of its own: rare Chinese ones are as wide.
const STAND_IN: char = '一';
/// What follows is itself and no mask. No character, so that it is in no words.
const ITSELF: char = '\u{FDD0}';

/// A text that [`lay_out`](crate::lay_out) draws as bars, in the place and the lines of the words themselves.
///
/// Blanks, tabs and line ends stay, because lines and indents depend on them; so does what is redacted
/// already. The answer still tells its words: it is for a [`Filling`](redress_domain::form::Filling)
/// that is laid out, and never to be kept or shown.
pub fn redacted(text: &str) -> String {
    let mut itself = false;
    let covered = text.chars().filter_map(|c| {
        if !itself && c == ITSELF {
            itself = true;
            return None;
        }
        let ch = if itself { STAND_IN } else { c };
        itself = false;
        Some(mask(ch))
    });
    covered.collect()
}

/// Words as they are drawn, whatever they hold: a character that would be taken for a mask is none.
pub fn plain(text: &str) -> String {
    if !text.chars().any(private) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if private(c) {
            out.push(ITSELF);
        }
        out.push(c);
    }
    out
}

fn private(c: char) -> bool {
    c == ITSELF || u32::from(c) >= FIRST
}

/// A character to draw, and whether it is covered.
pub(crate) struct Shown {
    pub(crate) ch: char,
    pub(crate) hidden: bool,
}

/// What the characters of a filling's text stand for.
pub(crate) fn shown(text: &str) -> impl Iterator<Item = Shown> {
    let mut all = text.chars();
    std::iter::from_fn(move || {
        let (c, itself) = match all.next()? {
            ITSELF => (all.next()?, true),
            c => (c, false),
        };
        let under = if itself { None } else { under(c) };
        Some(Shown {
            ch: under.unwrap_or(c),
            hidden: under.is_some(),
        })
    })
}

fn mask(ch: char) -> char {
    if ch.is_whitespace() || under(ch).is_some() {
        return ch;
    }
    own(ch).or_else(|| own(STAND_IN)).unwrap_or(STAND_IN)
}

fn own(ch: char) -> Option<char> {
    let at = u32::from(ch);
    match at {
        0x1_0000.. => Some(NEXT + at - 0x1_0000).filter(|at| *at <= NEXT_LAST),
        _ => Some(FIRST + at).filter(|at| *at <= LAST),
    }
    .and_then(char::from_u32)
}

/// What a mask stands for; none where the character is no mask.
pub(crate) fn under(ch: char) -> Option<char> {
    let at = u32::from(ch);
    let stands_for = match at {
        FIRST..=LAST => at - FIRST,
        NEXT..=NEXT_LAST => at - NEXT + 0x1_0000,
        _ => return None,
    };
    char::from_u32(stands_for).filter(|c| !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_stands_for_its_character() {
        for ch in ('\0'..='\u{FFFD}').filter(|c| !c.is_whitespace() && *c != ITSELF) {
            let masks: Vec<char> = redacted(&ch.to_string()).chars().collect();
            assert!(masks.len() == 1 && masks[0] != ch, "{ch:?}: {masks:?}");
            assert_eq!(under(masks[0]), Some(ch));
            assert_eq!(under(ch), None, "{ch:?} is no mask");
        }
    }

    #[test]
    fn what_has_no_mask_of_its_own_is_hidden_by_another() {
        for ch in ['𠮷', '\u{FFFE}', '\u{FFFF}', '\u{FFFFE}', '\u{10FFFF}'] {
            let masks: Vec<char> = redacted(&ch.to_string()).chars().collect();
            let shown: Vec<Option<char>> = masks.into_iter().map(under).collect();
            assert_eq!(shown, [Some(STAND_IN)], "{ch:?}");
        }
    }

    #[test]
    fn emoji_have_masks_of_their_own() {
        for ch in ['😀', '\u{1F3FB}', '\u{10000}', '\u{1FAFF}'] {
            let masks: Vec<char> = redacted(&ch.to_string()).chars().collect();
            assert_eq!(under(masks[0]), Some(ch));
        }
    }

    #[test]
    fn words_that_hold_a_mask_are_drawn_as_they_are() {
        let words = "a\u{F4E00}b\u{10F600}\u{FDD0}c\u{10FFFD}";
        let given = plain(words);
        let drawn: Vec<(char, bool)> = shown(&given).map(|s| (s.ch, s.hidden)).collect();
        let expected: Vec<(char, bool)> = words.chars().map(|c| (c, false)).collect();
        assert_eq!(drawn, expected);
        let covered = redacted(&given);
        assert!(shown(&covered).all(|s| s.hidden), "{covered:?}");
        assert_eq!(covered.chars().count(), words.chars().count());
        assert_eq!(plain("王五 😀"), "王五 😀");
    }

    #[test]
    fn blanks_stay_and_masks_are_not_masked_again() {
        let blanks = " \u{3000}\t\r\n\u{A0}\u{2028}";
        assert_eq!(redacted(blanks), blanks);
        let once = redacted("王五 13800000000\n");
        assert_eq!(redacted(&once), once);
        // Half of a surrogate pair and a blank are under no mask.
        assert_eq!(under('\u{FD800}'), None);
        assert_eq!(under('\u{F0020}'), None);
    }
}
