//! One form for everything that is written in several ways and read as the same. It is for finding alone: what is kept
//! and shown stays as it was typed.

use std::{collections::HashMap, sync::LazyLock};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Ideographs of both scripts and of their extensions; each is asked once how it is written in simplified characters.
const IDEOGRAPHS: [std::ops::RangeInclusive<char>; 3] = [
    '\u{3400}'..='\u{4DBF}',
    '\u{4E00}'..='\u{9FFF}',
    '\u{20000}'..='\u{2A6DF}',
];

/// Radicals that a PDF gives for characters and that Unicode's compatibility forms leave alone, each before the
/// character that it looks like (`EquivalentUnifiedIdeograph`).
const RADICALS: &str = "⺋㔾⺖忄⺘扌⺞歺⺠民⺡氵⺣灬⺤爫⺦丬⺨犭⺫罒⺬示⺭礻⺯糹⺰纟⺲罒⺼月⺾艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻋车⻌辶\
⻍辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻲亀";

/// Each character with the one that it is taken for.
static ONE_FOR_ANOTHER: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let all: String = IDEOGRAPHS
        .into_iter()
        .flatten()
        .flat_map(|c| [c, '\n'])
        .collect();
    // Character by character: what a character becomes must not hang on its neighbours, or its parts are not found.
    let simplified = hanconv::t2s(&all);
    let pairs = all.lines().zip(simplified.lines());
    let pairs = pairs.filter(|(a, b)| a != b && b.chars().count() == 1);
    let mut table: HashMap<char, char> = pairs
        .filter_map(|(a, b)| a.chars().next().zip(b.chars().next()))
        .collect();
    // 薴 is written 苧, and that 苎.
    let once = table.clone();
    for to in table.values_mut() {
        while let Some(further) = once.get(to) {
            *to = *further;
        }
    }
    let radicals: Vec<char> = RADICALS.chars().collect();
    for pair in radicals.chunks_exact(2) {
        let stands_for = table.get(&pair[1]).copied().unwrap_or(pair[1]);
        table.insert(pair[0], stands_for);
    }
    table
});

/// Characters that nobody sees: joiners, marks of direction, selectors of variants, soft hyphens.
const fn unseen(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Latin letters lose their accents.
const fn accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// The form in which texts are compared: compatibility forms as what they stand for, half-width, small letters without
/// accents, simplified characters, nothing that is not seen.
///
/// ```
/// assert_eq!(redress_store::normal("ＪＣ－２０２６　複檢"), "jc-2026 复检");
/// ```
pub fn normal(text: &str) -> String {
    let table = &*ONE_FOR_ANOTHER;
    let plain = text.nfkd().filter(|c| !unseen(*c) && !accent(*c));
    let mut all: String = plain.nfc().flat_map(char::to_lowercase).collect();
    // Small letters of some capitals come with an accent of their own.
    if all.chars().any(|c| accent(c) && is_combining_mark(c)) {
        all.retain(|c| !accent(c));
    }
    all.chars()
        .map(|c| table.get(&c).copied().unwrap_or(c))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_its_form_stays_in_it() {
        for c in ('\u{20}'..='\u{2FFFF}').map(String::from) {
            let once = normal(&c);
            assert_eq!(normal(&once), once, "{c}");
        }
    }

    #[test]
    fn every_radical_stands_for_a_character() {
        let all: Vec<char> = RADICALS.chars().collect();
        assert!(all.len().is_multiple_of(2));
        for pair in all.chunks_exact(2) {
            assert!(('\u{2E80}'..='\u{2EFF}').contains(&pair[0]), "{}", pair[0]);
            assert!(pair[1] > '\u{3000}', "{}", pair[1]);
        }
    }
}
