//! What must not be read: its characters travel behind a mask as wide as they are, and are drawn as bars.
//!
//! A filling is plain text, so the mask is a character too: of a private-use plane, one for each
//! character of the basic plane. Lines are broken as if it were not there; drawing stops at it.

/// The mask of U+0000; that of another character lies as far behind it as the character behind U+0000.
const FIRST: u32 = 0xF_0000;
/// The last two code points of a plane are no characters.
const LAST: u32 = FIRST + 0xFFFD;
/// Drawn in place of a character that has no mask of its own: rare Chinese ones are as wide.
const STAND_IN: char = '一';

/// A text that [`lay_out`](crate::lay_out) draws as bars, in the place and the lines of the words themselves.
///
/// Blanks, tabs and line ends stay, because lines and indents depend on them; so does what is redacted
/// already. The answer still tells its words: it is for a [`Filling`](redress_domain::form::Filling)
/// that is laid out, and never to be kept or shown.
pub fn redacted(text: &str) -> String {
    text.chars().map(mask).collect()
}

fn mask(ch: char) -> char {
    if ch.is_whitespace() || under(ch).is_some() {
        return ch;
    }
    own(ch).or_else(|| own(STAND_IN)).unwrap_or(STAND_IN)
}

fn own(ch: char) -> Option<char> {
    let at = FIRST + u32::from(ch);
    if at > LAST { None } else { char::from_u32(at) }
}

/// What a mask stands for; none where the character is no mask.
pub(crate) fn under(ch: char) -> Option<char> {
    let at = u32::from(ch);
    if !(FIRST..=LAST).contains(&at) {
        return None;
    }
    char::from_u32(at - FIRST).filter(|c| !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_stands_for_its_character() {
        for ch in ('\0'..='\u{FFFD}').filter(|c| !c.is_whitespace()) {
            let masks: Vec<char> = redacted(&ch.to_string()).chars().collect();
            assert!(masks.len() == 1 && masks[0] != ch, "{ch:?}: {masks:?}");
            assert_eq!(under(masks[0]), Some(ch));
            assert_eq!(under(ch), None, "{ch:?} is no mask");
        }
    }

    #[test]
    fn what_has_no_mask_of_its_own_is_hidden_by_another() {
        for ch in [
            '𠮷',
            '😀',
            '\u{FFFE}',
            '\u{FFFF}',
            '\u{FFFFE}',
            '\u{10FFFF}',
        ] {
            let masks: Vec<char> = redacted(&ch.to_string()).chars().collect();
            let shown: Vec<Option<char>> = masks.into_iter().map(under).collect();
            assert_eq!(shown, [Some(STAND_IN)], "{ch:?}");
        }
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
