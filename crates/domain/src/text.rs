//! Words as they are taken into the record: what cannot be seen and means nothing is dropped, ends of lines are
//! of one kind. What can be seen is never changed, whoever's name it is.
//!
//! People paste from chats, spreadsheets, letters and PDF files, and what they paste carries marks of those: none
//! of them is worth a refusal. What is invisible and does mean something stays: joiners in scripts and emoji
//! that need them, the selectors of a character's form, soft hyphens.

/// A text of several lines: every end of a line is `\n`, tabs stay.
///
/// Doing it again changes nothing.
pub fn lines(text: &str) -> String {
    if text.chars().all(plain) {
        return text.to_owned();
    }
    let mut seen: Vec<char> = Vec::with_capacity(text.len());
    let mut all = text.chars().peekable();
    while let Some(c) = all.next() {
        match c {
            '\r' => {
                // One end of a line, not two.
                all.next_if_eq(&'\n');
                seen.push('\n');
            }
            '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => seen.push('\n'),
            '\n' | '\t' => seen.push(c),
            _ if c.is_control() || nothing(c) => {}
            _ => seen.push(c),
        }
    }
    let kept = meaningful(&seen);
    let all = seen.iter().zip(kept);
    all.filter(|(_, kept)| *kept).map(|(c, _)| c).collect()
}

/// Which of these characters are seen, or mean something where they stand. Those that never do are not asked about.
pub fn meaningful(all: &[char]) -> Vec<bool> {
    let mut before = None;
    let each = all.iter().enumerate().map(|(n, &c)| {
        let keep = match kind(c) {
            Kind::Seen => true,
            Kind::Joiner => {
                let mut after = all[n..].iter().copied();
                joins(before, after.find(|c| kind(*c) != Kind::Joiner))
            }
            Kind::Selector => before.is_some_and(|b| !b.is_whitespace() && kind(b) == Kind::Seen),
            Kind::Mongolian => before.is_some_and(mongolian),
            Kind::Tag => before.is_some_and(|b| b == FLAG || kind(b) == Kind::Tag),
            Kind::Jamo => {
                let after = all.get(n + 1).copied();
                before.is_some_and(jamo) || after.is_some_and(jamo)
            }
        };
        if keep {
            before = Some(c);
        }
        keep
    });
    each.collect()
}

/// A text of one line: ends of lines and tabs are a blank, and none stands at either end.
///
/// Doing it again changes nothing.
pub fn line(text: &str) -> String {
    let flat: String = lines(text)
        .chars()
        .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
        .collect();
    let trimmed = flat.trim();
    if trimmed.len() == flat.len() {
        return flat;
    }
    // What stood behind a blank at the front may now stand at the front itself.
    line(trimmed)
}

/// Black flag: what a sequence of tags makes a region's flag of.
const FLAG: char = '\u{1F3F4}';

/// What is there in nearly every text, and needs no second look.
fn plain(c: char) -> bool {
    matches!(c, '\n' | '\t' | ' '..='~' | '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3163}' | '\u{3400}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF9F}')
}

/// Cannot be seen, and means nothing wherever it stands: zero width blanks, marks and overrides of direction, the
/// mark of a file's byte order, deprecated formats, code points that are no characters.
fn nothing(c: char) -> bool {
    matches!(c,
        '\u{34F}' | '\u{61C}' | '\u{17B4}' | '\u{17B5}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E001F}' | '\u{E0080}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Whether a character can be seen, or what it needs beside it to mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Seen, a blank, or an end of a line.
    Seen,
    /// Zero width joiner or non-joiner.
    Joiner,
    /// Picks the form of the character before.
    Selector,
    /// The same, of Mongolian letters.
    Mongolian,
    /// A letter of a flag's region.
    Tag,
    /// Stands for a part of a Korean syllable that is not there.
    Jamo,
}

fn kind(c: char) -> Kind {
    match c {
        '\u{200C}' | '\u{200D}' => Kind::Joiner,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => Kind::Selector,
        '\u{180B}'..='\u{180F}' => Kind::Mongolian,
        '\u{E0020}'..='\u{E007F}' => Kind::Tag,
        '\u{115F}' | '\u{1160}' => Kind::Jamo,
        _ => Kind::Seen,
    }
}

/// Whether a joiner between these means something: within an emoji, or beside a letter of a script that joins.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let Some(before) = before.filter(|b| kind(*b) != Kind::Joiner) else {
        return false;
    };
    let emoji = (pictograph(before) || before == '\u{FE0F}') && after.is_some_and(pictograph);
    emoji || joining(before)
}

/// Scripts whose letters join or stack: Arabic and its kin, the Indic scripts, Tibetan, Myanmar, Khmer, Mongolian.
fn joining(c: char) -> bool {
    matches!(u32::from(c),
        0x600..=0x8FF | 0x900..=0xDFF | 0xF00..=0x109F | 0x1780..=0x17FF | 0x1800..=0x18AF | 0x1A20..=0x1BFF
        | 0xA800..=0xA8FF | 0xA900..=0xAAFF | 0xABC0..=0xABFF | 0xFB50..=0xFDCF | 0xFE70..=0xFEFE | 0x10A00..=0x10FFF
        | 0x11000..=0x11FFF | 0x1E900..=0x1E95F)
}

/// Pictures that an emoji may be joined of, wide enough for those of later years.
fn pictograph(c: char) -> bool {
    matches!(u32::from(c),
        0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2190..=0x21FF | 0x2300..=0x23FF | 0x2460..=0x24FF
        | 0x25A0..=0x27BF | 0x2900..=0x297F | 0x2B00..=0x2BFF | 0x3030 | 0x303D | 0x3297 | 0x3299 | 0x1F000..=0x1FAFF)
}

fn mongolian(c: char) -> bool {
    matches!(c, '\u{1800}'..='\u{180A}' | '\u{180B}'..='\u{180F}' | '\u{1810}'..='\u{18AF}')
}

fn jamo(c: char) -> bool {
    // The two that stand for nothing themselves aside.
    matches!(c, '\u{1100}'..='\u{115E}' | '\u{1161}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{D7B0}'..='\u{D7FF}')
}

/// Whether a character takes part in what is seen without being seen itself: joiners, selectors, tags, soft hyphens.
///
/// For whoever draws: no font needs a picture of it.
pub fn unseen(c: char) -> bool {
    kind(c) != Kind::Seen || c == '\u{AD}'
}

/// Whether a character is never taken. Older records may hold it: whoever draws leaves it out.
pub fn dropped(c: char) -> bool {
    nothing(c) || (c.is_control() && !matches!(c, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_means_nothing_is_dropped() {
        for (given, kept) in [
            ("张\u{200B}伟", "张伟"),
            ("张\u{200D}伟", "张伟"),
            ("张\u{200C}伟", "张伟"),
            ("\u{FEFF}张伟\u{2060}", "张伟"),
            ("张\u{202E}伟\u{202C}", "张伟"),
            ("\u{2067}张伟\u{2069}\u{200E}\u{200F}\u{61C}", "张伟"),
            ("张\u{3164}伟", "张伟"),
            ("张\u{FE00}", "张\u{FE00}"),
            ("葛\u{E0100}城", "葛\u{E0100}城"),
            ("\u{FE0F}张伟", "张伟"),
            ("张\u{0}伟\u{7F}\u{9F}\u{1B}", "张伟"),
            ("张\u{FFFE}伟\u{10FFFF}\u{FDD0}", "张伟"),
            ("张\u{E0041}伟", "张伟"),
            ("\u{200B}\u{200B}", ""),
            ("投\u{FFFD}诉\u{FFFC}", "投\u{FFFD}诉\u{FFFC}"),
            // Radicals and full-width letters stay as they were typed.
            ("\u{2F45}\u{2F42}Ａｌｉｃｅ", "\u{2F45}\u{2F42}Ａｌｉｃｅ"),
        ] {
            assert_eq!(line(given), kept, "{given:?}");
            assert_eq!(lines(given), kept, "{given:?}");
        }
    }

    #[test]
    fn what_is_invisible_and_means_something_stays() {
        for text in [
            "👨\u{200D}👩\u{200D}👧\u{200D}👦",
            "❤\u{FE0F}\u{200D}🔥",
            "👩🏽\u{200D}⚕\u{FE0F}",
            "1\u{FE0F}\u{20E3}",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "می\u{200C}خواهم",
            "क्\u{200D}ष",
            "ශ්\u{200D}රී",
            "ᠠᠨ\u{180E}ᠠ ᠭ\u{180B}",
            "投\u{AD}诉",
            "\u{1100}\u{1160}",
            "\u{115F}\u{1161}",
            "བོད་ཡིག",
        ] {
            assert_eq!(lines(text), text, "{text:?}");
        }
        // Beside a face and nothing else a joiner joins nothing.
        assert_eq!(lines("😡\u{200D}"), "😡");
        assert_eq!(lines("😡\u{200D}气"), "😡气");
        assert_eq!(lines("👨\u{200D}\u{200D}👩"), "👨\u{200D}👩");
    }

    #[test]
    fn ends_of_lines_and_tabs() {
        let pasted = "一\r\n二\r三\u{B}四\u{C}五\u{85}六\u{2028}七\u{2029}八\n九\t十";
        assert_eq!(lines(pasted), "一\n二\n三\n四\n五\n六\n七\n八\n九\t十");
        assert_eq!(line(pasted), "一 二 三 四 五 六 七 八 九 十");
        assert_eq!(line("\t张伟\r\n"), "张伟");
        assert_eq!(line("　\u{FEFF} 张　伟 \u{A0}"), "张　伟");
        assert_eq!(lines("  一\n\n二  "), "  一\n\n二  ");
        assert_eq!(line(" \u{FE0F}张"), "张");
    }

    /// Characters of every kind that this file speaks of, and any other.
    fn typed() -> impl Strategy<Value = String> {
        let marks = prop::sample::select(
            "\u{200B}\u{200C}\u{200D}\u{FE0F}\u{FE00}\u{E0100}\u{180B}\u{180E}\u{E0067}\u{E007F}\u{1F3F4}\u{115F}\u{1160}\u{1100}\
             \u{FEFF}\u{202E}\u{2028}\u{85}\r\n\t \u{3000}\u{B}\u{0}\u{AD}\u{34F}张伟👨🏽👩❤♀1\u{20E3}مकᠠབa\u{301}\u{FFFE}\u{FFFD}"
                .chars()
                .collect::<Vec<_>>(),
        );
        prop::collection::vec(prop_oneof![4 => marks, 1 => any::<char>()], 0..24)
            .prop_map(|all| all.into_iter().collect())
    }

    /// Neither a blank nor in the lists above.
    fn visible(text: &str) -> String {
        let blank = |c: char| c.is_whitespace() || dropped(c) || unseen(c);
        text.chars().filter(|c| !blank(*c)).collect()
    }

    proptest! {
        #[test]
        fn again_changes_nothing(text in typed()) {
            let (one, many) = (line(&text), lines(&text));
            prop_assert_eq!(line(&one), one.clone());
            prop_assert_eq!(lines(&many), many.clone());
            // Whoever takes a line of what was taken as lines gets the same line.
            prop_assert_eq!(line(&many), one.clone());
            prop_assert_eq!(lines(&one), one);
        }

        #[test]
        fn what_is_seen_is_never_changed(text in typed()) {
            prop_assert_eq!(visible(&line(&text)), visible(&text));
            prop_assert_eq!(visible(&lines(&text)), visible(&text));
        }

        #[test]
        fn nothing_is_left_that_stops_a_line(text in typed()) {
            let one = line(&text);
            prop_assert!(!one.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')), "{one:?}");
            prop_assert_eq!(one.trim(), one.as_str());
            prop_assert!(!lines(&text).chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')));
        }
    }
}
