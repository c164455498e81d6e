//! The name under which a file is kept: one that every system takes, and that says what the file is.

use crate::content::{Kind, PDF};
use redress_domain::text;

/// Characters of a name, at most.
const NAME_MAX: usize = 200;

/// Names that Windows keeps for devices, whatever the ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Devices with a number behind.
const PORTS: [&str; 2] = ["com", "lpt"];

/// The name to keep: cleaned, with an ending that fits the content; nothing where no name is left.
///
/// An ending that does not fit stays where it was given, with the right one behind it: `rechnung.pdf.exe` that
/// is a PDF becomes `rechnung.pdf.exe.pdf`, so that the name hides neither what was sent nor what it is.
pub(crate) fn kept(given: &str, kind: &Kind) -> Option<String> {
    let name = clean(given);
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if kind.endings.contains(&&*ending.to_ascii_lowercase()) => {
            (stem, ending)
        }
        _ => (name.as_str(), kind.endings[0]),
    };
    let room = NAME_MAX - ending.len() - 1;
    let stem: String = stem.chars().take(room).collect();
    let stem = stem.trim_end_matches(edge);
    if stem.is_empty() {
        return None;
    }
    let guard = if device(stem) { "_" } else { "" };
    Some(format!("{guard}{stem}.{ending}"))
}

/// The name under which a PDF is written before a viewer opens it: the system picks the program by the ending.
pub fn pdf_name(given: &str) -> String {
    kept(given, &PDF).unwrap_or_else(|| "document.pdf".to_owned())
}

/// The last part of a path, without what hides, turns or cannot stand in a name: with a mark of direction `exe.jpg` can
/// look like `gpj.exe`. What an emoji is joined of stays joined.
fn clean(given: &str) -> String {
    let last = given
        .rsplit_once(['/', '\\'])
        .map_or(given, |(_, last)| last);
    let shown: String = text::line(last)
        .chars()
        .map(|c| if "<>:\"|?*".contains(c) { '_' } else { c })
        .collect();
    shown.trim_matches(edge).to_owned()
}

/// Windows drops these at the end of a name, and a point in front hides a file elsewhere.
fn edge(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

/// What stands before the first point is what Windows looks at.
fn device(stem: &str) -> bool {
    let first = stem.split_once('.').map_or(stem, |(first, _)| first);
    let first = first.trim_end();
    let first = first.to_ascii_lowercase();
    let port = |p: &&str| {
        first.strip_prefix(*p).is_some_and(|n| {
            let mut digits = n.chars();
            matches!(digits.next(), Some('0'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
        })
    };
    DEVICES.contains(&first.as_str()) || PORTS.iter().any(port)
}

#[cfg(test)]
mod tests {
    use super::{PDF, kept, pdf_name};
    use crate::content::Kind;

    const JPEG: Kind = Kind {
        media: "image/jpeg",
        endings: &["jpg", "jpeg"],
    };

    #[test]
    fn the_ending_says_what_the_file_is() {
        for (given, expected) in [
            ("报告.pdf", "报告.pdf"),
            ("报告.PDF", "报告.PDF"),
            ("报告", "报告.pdf"),
            ("2026.09.28 回访", "2026.09.28 回访.pdf"),
            ("rechnung.pdf.exe", "rechnung.pdf.exe.pdf"),
            ("photo.jpg", "photo.jpg.pdf"),
            (".pdf", "pdf.pdf"),
        ] {
            let name = kept(given, &PDF);
            assert_eq!(name.as_deref(), Some(expected), "{given}");
        }
        assert_eq!(kept("现场.jpeg", &JPEG).as_deref(), Some("现场.jpeg"));
    }

    #[test]
    fn a_name_neither_hides_nor_leads_elsewhere() {
        for (given, expected) in [
            ("..\\..\\Windows\\x.pdf", "x.pdf"),
            ("/etc/cron.d/x.pdf", "x.pdf"),
            ("a\u{202e}fdp.exe", "afdp.exe.pdf"),
            ("a\u{2066}b\u{2069}\u{200b}.pdf", "ab.pdf"),
            ("a\u{0}b\nc\u{7f}.pdf", "ab c.pdf"),
            (
                "现场\u{61c}\u{feff}\u{e0041}照\u{2028}片\u{180e}.pdf",
                "现场照 片.pdf",
            ),
            (
                "一家👨\u{200d}👩\u{200d}👧\u{200d}.pdf",
                "一家👨\u{200d}👩\u{200d}👧.pdf",
            ),
            ("a.txt:b.pdf", "a.txt_b.pdf"),
            ("a.pdf. . ", "a.pdf"),
            ("a .pdf", "a.pdf"),
            ("CON", "_CON.pdf"),
            ("con.pdf", "_con.pdf"),
            ("nul.x.pdf", "_nul.x.pdf"),
            ("COM1.pdf", "_COM1.pdf"),
            ("LPT¹.pdf", "_LPT¹.pdf"),
            ("com12.pdf", "com12.pdf"),
            ("control.pdf", "control.pdf"),
        ] {
            let name = kept(given, &PDF);
            assert_eq!(name.as_deref(), Some(expected), "{given:?}");
        }
        for nothing in ["", " ", "...", "a/", "\u{202e}"] {
            assert_eq!(kept(nothing, &PDF), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_viewer_is_given_a_pdf_and_nothing_else() {
        for (given, expected) in [
            ("TS-2026-0004-HZ-01.pdf", "TS-2026-0004-HZ-01.pdf"),
            ("a.bat", "a.bat.pdf"),
            ("../../a.hta", "a.hta.pdf"),
            ("a.bat:x.pdf", "a.bat_x.pdf"),
            ("", "document.pdf"),
        ] {
            assert_eq!(pdf_name(given), expected);
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = kept(&format!("{}.pdf", "长".repeat(500)), &PDF).expect("a name");
        assert_eq!(name.chars().count(), 200);
        assert!(name.ends_with("长.pdf"));
    }
}
