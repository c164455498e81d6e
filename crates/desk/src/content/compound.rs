//! What an older office document (a compound file) does besides showing text.

use std::io::{Cursor, Read};

type Active = &'static str;

const OBJECT: Active = "attachment_office_object";
const CONTROL: Active = "attachment_office_control";
const REMOTE: Active = "attachment_office_remote";
const FIELD: Active = "attachment_office_field";
const MACRO: Active = "attachment_office_macro";
const PACKED: Active = "attachment_too_packed";
const UNREADABLE: Active = "attachment_unreadable";

/// Streams of one document.
const STREAMS: usize = 10_000;

/// Refuses a document with a program inside or behind it.
pub(super) fn refuse(bytes: &[u8]) -> Result<(), Active> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| UNREADABLE)?;
    let mut main = Vec::new();
    for (n, entry) in file.walk().enumerate() {
        if n > STREAMS {
            return Err(PACKED);
        }
        let name = entry.name().trim_matches(|c: char| c.is_control());
        let lower = name.to_lowercase();
        // Word keeps objects in one storage, Excel each in its own.
        let object = lower == "ole10native" || lower == "package" || lower.starts_with("mbd");
        let pool = lower == "objectpool"
            || entry
                .path()
                .components()
                .any(|c| c.as_os_str().eq_ignore_ascii_case("ObjectPool"));
        if (object && entry.path().components().count() > 1) || (pool && lower != "objectpool") {
            return Err(OBJECT);
        }
        if lower == "ctls" || lower.starts_with("ocx") {
            return Err(CONTROL);
        }
        if lower.contains("vba") || lower == "macros" {
            return Err(MACRO);
        }
        if entry.is_stream()
            && ["worddocument", "workbook", "book", "powerpoint document"].contains(&lower.as_str())
        {
            main.push((lower, entry.path().to_owned()));
        }
    }
    for (name, path) in main {
        let mut text = Vec::new();
        let stream = file.open_stream(&path).map_err(|_| UNREADABLE)?;
        // No stream is longer than the file that it is in.
        stream
            .take(bytes.len() as u64)
            .read_to_end(&mut text)
            .map_err(|_| UNREADABLE)?;
        match name.as_str() {
            "worddocument" => word(&text)?,
            "powerpoint document" => slides(&text, 0)?,
            _ => sheets(&text)?,
        }
    }
    Ok(())
}

/// A field begins with a character of its own; what it does stands after it, in one byte or two for each letter.
fn word(text: &[u8]) -> Result<(), Active> {
    let begins = text.iter().enumerate().filter(|(_, b)| **b == 0x13);
    for (at, _) in begins {
        let near = text[at + 1..].iter().take(64);
        let letters: Vec<u8> = near.filter(|b| **b != 0).copied().collect();
        let said = letters.trim_ascii_start().to_ascii_uppercase();
        if said.starts_with(b"DDE") {
            return Err(FIELD);
        }
    }
    Ok(())
}

/// Sheets of macros, and links that start another program.
fn sheets(text: &[u8]) -> Result<(), Active> {
    let mut at = 0;
    while let Some([k0, k1, l0, l1]) = text.get(at..at + 4) {
        let (kind, length) = (
            u16::from_le_bytes([*k0, *k1]),
            u16::from_le_bytes([*l0, *l1]),
        );
        let body = text
            .get(at + 4..at + 4 + usize::from(length))
            .unwrap_or_default();
        match kind {
            // A sheet, and of which kind: one of commands in Excel's older language.
            0x0085 if body.get(5) == Some(&1) => return Err(MACRO),
            // Another book begins with a letter of its own; else it is a program and its topic, parted by this one.
            0x01AE if body.get(5) == Some(&1) => return Err(REMOTE),
            0x01AE if body.len() > 5 && body.contains(&3) => return Err(FIELD),
            _ => {}
        }
        at += 4 + usize::from(length);
    }
    Ok(())
}

/// Records of a presentation, some of which hold others.
fn slides(text: &[u8], depth: usize) -> Result<(), Active> {
    if depth > 30 {
        return Err(PACKED);
    }
    let mut at = 0;
    while let Some([v0, _, k0, k1, l0, l1, l2, l3]) = text.get(at..at + 8) {
        let kind = u16::from_le_bytes([*k0, *k1]);
        let length =
            usize::try_from(u32::from_le_bytes([*l0, *l1, *l2, *l3])).unwrap_or(usize::MAX);
        match kind {
            // An object's storage, an object, one that is linked.
            0x1011 | 0x0FCC | 0x0FCE => return Err(OBJECT),
            0x0FEE => return Err(CONTROL),
            _ => {}
        }
        let end = (at + 8).saturating_add(length).min(text.len());
        if v0 & 0x0F == 0x0F {
            slides(&text[at + 8..end], depth + 1)?;
        }
        at = end;
    }
    Ok(())
}
