//! Office documents: which one it is, and whether it holds macros.

use super::{DOC, DOCX, Kind, PPT, PPTX, XLS, XLSX};
use std::io::{Cursor, Read};

/// How the older documents begin.
pub(super) const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Bytes of the list of parts that are read: it is a few kilobytes, and a hostile one unpacks to gigabytes.
const PARTS_MAX: u64 = 1024 * 1024;

/// A document of today: a zip whose list of parts says what it is. Any other zip is nothing.
pub(super) fn open_xml(bytes: &[u8]) -> Option<Kind> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let plain = |name: &str| !name.to_ascii_lowercase().contains("vbaproject");
    if !zip.file_names().all(|n| n.is_ok_and(|n| plain(&n))) {
        return None;
    }
    let mut parts = String::new();
    let list = zip.by_name("[Content_Types].xml").ok()?;
    list.take(PARTS_MAX).read_to_string(&mut parts).ok()?;
    let parts = parts.to_ascii_lowercase();
    if parts.contains("macroenabled") || parts.contains("vbaproject") {
        return None;
    }
    // A template is told apart from a document by this very word.
    [
        ("wordprocessingml.document.main+xml", DOCX),
        ("spreadsheetml.sheet.main+xml", XLSX),
        ("presentationml.presentation.main+xml", PPTX),
    ]
    .into_iter()
    .find_map(|(main, kind)| parts.contains(main).then_some(kind))
    .or_else(|| wps(&parts))
}

/// The kinds under the names that WPS gives them in a zip of its own.
fn wps(parts: &str) -> Option<Kind> {
    let ours = parts.split('"').filter(|t| {
        t.starts_with("application/wps-office.") || t.starts_with("application/vnd.wps-office")
    });
    let mut all = ours.filter_map(|t| {
        [
            ("wordprocessing", DOCX),
            ("wps-office.wps", DOCX),
            ("spreadsheet", XLSX),
            ("wps-office.et", XLSX),
            ("presentation", PPTX),
            ("wps-office.dps", PPTX),
        ]
        .into_iter()
        .find_map(|(main, kind)| t.contains(main).then_some(kind))
    });
    all.next()
}

/// An older document: a folder of streams in one file, each named in an entry of 128 bytes.
pub(super) fn ole(bytes: &[u8]) -> Option<Kind> {
    let named = |name: &str| {
        let wide: Vec<u8> = name.bytes().flat_map(|b| [b, 0]).collect();
        bytes
            .chunks_exact(128)
            .any(|entry| entry[..wide.len()].eq_ignore_ascii_case(&wide))
    };
    if named("_VBA_PROJECT") {
        return None;
    }
    [
        ("WordDocument\0", DOC),
        ("Workbook\0", XLS),
        ("Book\0", XLS),
        ("PowerPoint Document\0", PPT),
    ]
    .into_iter()
    .find_map(|(stream, kind)| named(stream).then_some(kind))
}
