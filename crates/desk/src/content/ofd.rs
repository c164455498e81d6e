//! OFD (GB/T 33190): a zip of XML pages, as invoices and official papers come in this country.

use std::io::{Cursor, Read};
use zip::ZipArchive;

type Active = &'static str;

const EMBEDDED: Active = "attachment_ofd_embedded";
const LAUNCH: Active = "attachment_ofd_launch";
const PACKED: Active = "attachment_too_packed";
const UNREADABLE: Active = "attachment_unreadable";

/// Parts of one document.
const PARTS: usize = 10_000;
/// Bytes that its parts unpack to, all together.
const UNPACKED: u64 = 128 * 1024 * 1024;
/// Bytes of its first part that are read to know it.
const FIRST: u64 = 64 * 1024;

/// Whether a zip is one: its first part is `OFD.xml`, and says so itself.
pub(super) fn is(bytes: &[u8]) -> bool {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else {
        return false;
    };
    let Ok(part) = zip.by_name("OFD.xml") else {
        return false;
    };
    let mut text = Vec::new();
    if part.take(FIRST).read_to_end(&mut text).is_err() {
        return false;
    }
    let text = String::from_utf8_lossy(&text);
    let root = text.split('<').map(str::trim_start).find(|e| {
        let named = |c: char| c.is_alphabetic();
        e.starts_with(named)
    });
    root.is_some_and(|e| {
        let name: &str = e
            .split([' ', '>', '\t', '\r', '\n', '/'])
            .next()
            .unwrap_or("");
        name.rsplit(':').next() == Some("OFD") && text.contains("ofdspec.org")
    })
}

/// Refuses a document that starts something, or carries what would not be taken by itself: an invoice carries its own
/// data as XML, which is.
pub(super) fn refuse(bytes: &[u8]) -> Result<(), Active> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| UNREADABLE)?;
    if zip.len() > PARTS {
        return Err(PACKED);
    }
    let mut left = UNPACKED;
    for n in 0..zip.len() {
        let part = zip.by_index(n).map_err(|_| UNREADABLE)?;
        if part.is_dir() {
            continue;
        }
        let name = part.name().map_err(|_| UNREADABLE)?.to_ascii_lowercase();
        let mut content = Vec::new();
        let mut part = part.take(left + 1);
        part.read_to_end(&mut content).map_err(|_| UNREADABLE)?;
        left = left.checked_sub(content.len() as u64).ok_or(PACKED)?;
        if super::starts_something(&content) {
            return Err(EMBEDDED);
        }
        if name.ends_with(".xml") {
            starts_by_itself(&content)?;
        } else if name.contains("attach") && !super::shows(&content) {
            return Err(EMBEDDED);
        }
    }
    Ok(())
}

/// Refuses a page or document that does something when it is opened: a link that somebody clicks is none.
fn starts_by_itself(xml: &[u8]) -> Result<(), Active> {
    let text = String::from_utf8_lossy(xml);
    // An action with the event DO (the document is opened) or PO (a page is), and what it does.
    for action in text.split("Action ").skip(1) {
        let head = action.split_once('>').map_or(action, |(head, _)| head);
        let opens = ["\"DO\"", "'DO'", "\"PO\"", "'PO'"];
        if !opens.iter().any(|o| head.contains(o)) {
            continue;
        }
        let body = action.split_once("Action>");
        let body = body.map_or(action, |(body, _)| body);
        let does = ["URI", "GotoA", "Movie", "Sound", "JavaScript"];
        let element =
            |name: &str| body.contains(&format!(":{name}")) || body.contains(&format!("<{name}"));
        if does.iter().any(|d| element(d)) {
            return Err(LAUNCH);
        }
    }
    Ok(())
}
