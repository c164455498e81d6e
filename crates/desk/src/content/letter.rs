//! Letters: as a file of text (`.eml`), and as Outlook keeps one (`.msg`). What hangs on one is looked at as well.

use base64::Engine;
use std::io::{Cursor, Read};

type Active = &'static str;

const INSIDE: Active = "attachment_letter_inside";
const PACKED: Active = "attachment_too_packed";
const UNREADABLE: Active = "attachment_unreadable";

/// Lines in which the heads of a letter end at the latest.
const HEADS: usize = 500;
/// Streams of one letter, and of those that hang on it.
const STREAMS: usize = 10_000;

/// Heads that a letter has; one alone may stand in any text.
const TELLING: [&str; 9] = [
    "to",
    "date",
    "subject",
    "received",
    "message-id",
    "mime-version",
    "return-path",
    "reply-to",
    "sender",
];

/// Whether a text is a letter: heads, one of which says from whom, then an empty line or the end.
pub(super) fn is(text: &str) -> bool {
    let (mut from, mut others) = (false, 0);
    for line in text.trim_start_matches('\u{feff}').lines().take(HEADS) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            if !from && others == 0 {
                return false;
            }
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            return false;
        };
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(word) {
            return false;
        }
        let name = name.to_ascii_lowercase();
        from |= name == "from";
        others += usize::from(TELLING.contains(&name.as_str()));
    }
    from && others > 0
}

/// Refuses a letter on which something hangs that would not be taken by itself.
pub(super) fn refuse(text: &str) -> Result<(), Active> {
    // Heads of each part, then its body up to the next boundary.
    let (mut heads, mut body, mut in_heads) = (String::new(), String::new(), true);
    let mut lines = text.lines();
    loop {
        let line = lines.next();
        let boundary = line.is_none_or(|l| l.starts_with("--"));
        if boundary {
            part(&heads, &body)?;
            (heads, body, in_heads) = (String::new(), String::new(), true);
            if line.is_none() {
                return Ok(());
            }
        } else if let Some(line) = line {
            if in_heads && line.is_empty() {
                // A letter inside a letter begins with heads again.
                in_heads = heads.to_ascii_lowercase().contains("message/rfc822");
                if in_heads {
                    heads.clear();
                }
            } else if in_heads {
                heads.push_str(line);
                heads.push('\n');
            } else {
                body.push_str(line);
            }
        }
    }
}

fn part(heads: &str, body: &str) -> Result<(), Active> {
    let heads = heads.to_ascii_lowercase();
    let packed = heads
        .lines()
        .any(|l| l.starts_with("content-transfer-encoding") && l.contains("base64"));
    if !packed {
        // A program in letters begins as a program does.
        return match body.starts_with("begin 6") || body.starts_with("begin 7") {
            true => Err(INSIDE),
            false => Ok(()),
        };
    }
    let plain: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.trim_end_matches('=');
    let engine = base64::engine::general_purpose::STANDARD_NO_PAD;
    let bytes = engine.decode(plain).map_err(|_| UNREADABLE)?;
    let shown = heads.contains("content-type: text/")
        && !heads.contains("attachment")
        && super::plain::text(&bytes).is_some();
    if shown || super::shows(&bytes) {
        Ok(())
    } else {
        Err(INSIDE)
    }
}

/// Whether a compound file is a letter of Outlook: its properties say so, before anything that hangs on it.
pub(super) fn is_outlook(bytes: &[u8]) -> bool {
    let wide: Vec<u8> = "__properties_version1.0"
        .bytes()
        .flat_map(|b| [b, 0])
        .collect();
    let mut entries = bytes.chunks_exact(128);
    entries.any(|e| e.starts_with(&wide))
}

/// Refuses a letter of Outlook on which something hangs that would not be taken by itself. A letter that hangs on
/// another one is looked through with it.
pub(super) fn refuse_outlook(bytes: &[u8]) -> Result<(), Active> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| UNREADABLE)?;
    let mut hanging = Vec::new();
    for (n, entry) in file.walk().enumerate() {
        if n > STREAMS {
            return Err(PACKED);
        }
        let lower = entry.name().to_lowercase();
        // The file that hangs on it, as it was sent.
        if entry.is_stream() && lower.starts_with("__substg1.0_37010102") {
            hanging.push(entry.path().to_owned());
        }
        // A program of Office in place of a file: only another letter may stand here.
        let plain = lower.trim_start_matches(|c: char| c.is_control());
        let objects = [
            "ole10native",
            "package",
            "worddocument",
            "workbook",
            "contents",
        ];
        if objects.contains(&plain) || plain.contains("vba") {
            return Err(INSIDE);
        }
    }
    for path in hanging {
        let mut content = Vec::new();
        let stream = file.open_stream(&path).map_err(|_| UNREADABLE)?;
        // No stream is longer than the file that it is in.
        let mut stream = stream.take(bytes.len() as u64);
        stream.read_to_end(&mut content).map_err(|_| UNREADABLE)?;
        if !super::shows(&content) {
            return Err(INSIDE);
        }
    }
    Ok(())
}
