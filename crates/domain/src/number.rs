//! Case numbers as people type them: in lower case, full-width, with spaces, with another dash, pasted from a chat.

/// Every dash that a keyboard, an input method or a text program puts where a number has a hyphen.
const DASHES: [char; 9] = ['－', '–', '—', '‐', '‑', '‒', '―', '−', '﹣'];

/// The ways in which what was typed may stand in the record, the likeliest first: as typed, then without what means
/// nothing, then in capitals.
pub fn forms(typed: &str) -> Vec<String> {
    let typed = typed.trim();
    let plain: String = typed
        .chars()
        .filter(|c| !(c.is_whitespace() || c.is_control() || invisible(*c)))
        .map(|c| match c {
            c if DASHES.contains(&c) => '-',
            // Full-width letters, digits and signs stand in the same order as the half-width ones.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c),
            c => c,
        })
        .collect();
    let capital = plain.to_uppercase();
    let mut all = vec![typed.to_owned()];
    for one in [plain, capital] {
        if !one.is_empty() && !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// Characters without a width that a chat or a web page leaves in what is copied.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::forms;

    #[test]
    fn a_number_is_the_same_however_it_is_typed() {
        for typed in [
            "TS-2026-0012",
            " ts-2026-0012\u{a0}",
            "ＴＳ－２０２６－００１２",
            "ts–2026—0012",
            "TS - 2026 - 0012",
            "TS-2026-\u{200b}0012\u{feff}",
            "Ts\u{3000}-2026-0012\t",
        ] {
            let all = forms(typed);
            assert!(
                all.contains(&"TS-2026-0012".to_owned()),
                "{typed:?}: {all:?}"
            );
        }
        assert_eq!(forms("  "), [""]);
    }
}
