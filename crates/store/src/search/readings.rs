//! Initials of a name's readings: `王芳` is found by `wf`.
//!
//! Many characters are read in several ways, and a surname often in a rarer one (`曾` zēng, `单` shàn, `尉迟` yùchí). Every
//! reading counts, so that the surname's own is among them; a search by two letters finds a few more names than it needs to.

use super::normal;
use pinyin::ToPinyinMulti;

/// Combinations of one name, at most: a long name of many-read characters keeps its first ones.
const MOST: usize = 64;

/// The initials of a name in every reading; none where it has no Chinese character.
pub(super) fn initials(name: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for c in normal(name).chars() {
        let Some(readings) = c.to_pinyin_multi() else {
            continue;
        };
        let mut letters: Vec<char> = readings
            .into_iter()
            .filter_map(|p| p.plain().chars().next())
            .collect();
        letters.sort_unstable();
        letters.dedup();
        let longer = |one: &String| {
            let with = |l: &char| format!("{one}{l}");
            letters.iter().map(with).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).take(MOST).collect();
    }
    all.retain(|one| !one.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surname_is_found_by_its_own_reading_and_every_other() {
        for (name, letters) in [
            ("王芳", "wf"),
            ("曾晓燕", "zxy"),
            ("解文君", "xwj"),
            ("单田芳", "stf"),
            ("仇英", "qy"),
            ("查良镛", "zly"),
            ("翟志刚", "zzg"),
            ("区寄", "oj"),
            ("覃辉", "qh"),
            ("乐毅", "yy"),
            ("种师道", "csd"),
            ("朴树", "ps"),
            ("缪杰", "mj"),
            ("盖叫天", "gjt"),
            ("繁钦", "pq"),
            ("尉迟恭", "ycg"),
            ("万俟卨", "mqx"),
            ("长孙无忌", "zswj"),
            ("单于冒", "cym"),
            ("澹台灭明", "ttmm"),
            ("曾國藩", "zgf"),
            ("王\u{200B}芳", "wf"),
            ("王　芳", "wf"),
        ] {
            assert!(
                initials(name).iter().any(|i| i == letters),
                "{name} by {letters}: {:?}",
                initials(name)
            );
        }
        assert!(initials("Alice").is_empty());
        assert!(initials(&"单".repeat(40)).len() <= MOST);
    }
}
