//! Words that are covered on paper: set like any others, so that the page keeps its layout, and drawn as bars.
//!
//! A covered character travels as one of plane 15, which nobody types: [`redacted`] puts it there, line
//! breaking and measuring look under it, and the pen draws a bar. The character itself reaches no box.

/// Where covered characters stand: U+F0000 and what they are.
const PLANE: u32 = 0xF_0000;
/// Stands for a character beyond the first plane: as wide, and breaking lines alike.
const WIDE: u32 = '一' as u32;

/// The text with every character covered; spaces and line ends stay, for they tell nothing and shape the lines.
pub fn redacted(text: &str) -> String {
    let cover = |c: char| {
        if c.is_whitespace() {
            return c;
        }
        let code = u32::from(c);
        let low = if code <= 0xFFFF { code } else { WIDE };
        char::from_u32(PLANE + low).unwrap_or('\u{F4E00}')
    };
    text.chars().map(cover).collect()
}

/// The character under a cover; none where there is no cover.
pub(crate) fn under(c: char) -> Option<char> {
    let code = u32::from(c);
    (PLANE..=PLANE + 0xFFFF)
        .contains(&code)
        .then(|| char::from_u32(code - PLANE).unwrap_or('一'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_found_again_under_its_cover() {
        for c in (0..=0xFFFF).filter_map(char::from_u32) {
            let covered = redacted(&c.to_string());
            let found: Vec<Option<char>> = covered.chars().map(under).collect();
            let expected = if c.is_whitespace() { None } else { Some(c) };
            assert_eq!(found, [expected], "U+{:04X}", u32::from(c));
        }
        assert_eq!(
            redacted("𠮷").chars().map(under).collect::<Vec<_>>(),
            [Some('一')]
        );
    }
}
