//! Plain text: what can be read and starts nothing.

use encoding_rs::GB18030;
use std::borrow::Cow;

/// The text in UTF-8 or GB18030, or nothing where it is something else.
pub(super) fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let control = |b: &u8| (*b < b' ' && !b"\t\n\r\x0c".contains(b)) || *b == 0x7f;
    if bytes.iter().any(control) {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => GB18030.decode_without_bom_handling_and_without_replacement(bytes),
    }
}

/// What a page, a picture with a script or a program in a page has near its beginning.
const ACTIVE: [&str; 9] = [
    "<!doctype html",
    "<html",
    "<svg",
    "<script",
    "<iframe",
    "<body",
    "<?php",
    "xml-stylesheet",
    "javascript:",
];

/// Neither a script, nor a page, nor a drawing or data with a script in it.
pub(super) fn harmless(text: &str) -> bool {
    let text = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_ascii_lowercase();
    // These begin so, and are documents with programs inside rather than text.
    if ["#!", "{\\rtf", "%!ps"].iter().any(|s| text.starts_with(s)) {
        return false;
    }
    // A letter as a file has its pages further down, which no reader of text would run.
    let markup = text.strip_prefix('<').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || "!?".contains(c))
    });
    !markup || ACTIVE.iter().all(|a| !text.contains(a))
}
