//! What a file is, by its bytes: the name that somebody gave it proves nothing.
//!
//! Only kinds that show something and start nothing are taken. An archive is refused because nobody can see
//! what is in it; an office document with macros because it is a program.

mod compound;
pub(crate) mod file_name;
mod letter;
mod macros;
mod ofd;
mod office;
mod pdf;
mod plain;
#[cfg(test)]
mod tests;

use crate::text::error::ApiError;

/// A kind of file that is taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// Its media type.
    pub media: &'static str,
    /// The endings that a name of this kind may have; the first is given to a name without one of them.
    pub endings: &'static [&'static str],
}

/// The media type of a file that is none of the kinds.
const UNKNOWN: &str = "application/octet-stream";

const fn kind(media: &'static str, endings: &'static [&'static str]) -> Kind {
    Kind { media, endings }
}

const TEXT: Kind = kind("text/plain", &["txt", "csv", "log", "md"]);
const LETTER: Kind = kind("message/rfc822", &["eml"]);
const OUTLOOK: Kind = kind("application/vnd.ms-outlook", &["msg"]);
const OFD: Kind = kind("application/ofd", &["ofd"]);
pub(crate) const PDF: Kind = kind("application/pdf", &["pdf"]);
const AMR: Kind = kind("audio/amr", &["amr"]);
const DOCX: Kind = kind(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    &["docx", "wps", "wpsx"],
);
const XLSX: Kind = kind(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    &["xlsx", "et", "etx"],
);
const PPTX: Kind = kind(
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    &["pptx", "dps", "dpsx"],
);
// WPS keeps the same kinds, old and new, under endings of its own.
const DOC: Kind = kind("application/msword", &["doc", "wps"]);
const XLS: Kind = kind("application/vnd.ms-excel", &["xls", "et"]);
const PPT: Kind = kind("application/vnd.ms-powerpoint", &["ppt", "dps"]);

/// Every kind that is taken.
const KINDS: [Kind; 28] = [
    PDF,
    kind("image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
    kind("image/png", &["png"]),
    kind("image/heif", &["heic", "heif"]),
    kind("image/gif", &["gif"]),
    kind("image/bmp", &["bmp", "dib"]),
    kind("image/tiff", &["tif", "tiff"]),
    kind("image/webp", &["webp"]),
    DOC,
    XLS,
    PPT,
    DOCX,
    XLSX,
    PPTX,
    OFD,
    LETTER,
    OUTLOOK,
    TEXT,
    kind("audio/mpeg", &["mp3"]),
    kind("audio/wav", &["wav"]),
    kind("audio/mp4", &["m4a"]),
    kind("audio/ogg", &["ogg", "oga", "opus"]),
    AMR,
    kind("video/mp4", &["mp4", "m4v"]),
    kind("video/quicktime", &["mov"]),
    kind("video/x-msvideo", &["avi"]),
    kind("video/x-matroska", &["mkv"]),
    kind("video/webm", &["webm"]),
];

/// The kind of a file, or nothing where it is not taken.
pub(crate) fn of(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(b"%PDF-") {
        return Some(PDF);
    }
    // A recording of a telephone begins like a script.
    if bytes.starts_with(b"#!AMR\n") {
        return Some(AMR);
    }
    // Before the tables: two letters are enough for them, and a text may begin with any.
    if let Some(text) = plain::text(bytes) {
        let kind = if letter::is(&text) { LETTER } else { TEXT };
        return plain::harmless(&text).then_some(kind);
    }
    if bytes.starts_with(b"PK") {
        return if ofd::is(bytes) {
            Some(OFD)
        } else {
            macros::open_xml(bytes)
        };
    }
    // Before the office's own: one of those may hang on a letter.
    if bytes.starts_with(macros::OLE) && letter::is_outlook(bytes) {
        return Some(OUTLOOK);
    }
    if bytes.starts_with(macros::OLE) {
        return macros::ole(bytes);
    }
    by_ending(infer::get(bytes)?.extension())
}

/// The kind of a file that is taken.
///
/// # Errors
/// `attachment_type` with the kinds that are; `attachment_pdf_…` and `attachment_office_…` for what does more than
/// show something, `attachment_too_packed`, `attachment_unreadable`.
pub(crate) fn taken(bytes: &[u8]) -> Result<Kind, ApiError> {
    let refused = |code: &str| {
        let kinds: Vec<_> = KINDS.iter().map(|k| k.endings[0]).collect();
        match code {
            "attachment_type" => ApiError::new(code).with("kinds", kinds.join(" ")),
            _ => ApiError::new(code),
        }
    };
    let kind = of(bytes).ok_or_else(|| refused("attachment_type"))?;
    look(&kind, bytes).map_err(refused)?;
    Ok(kind)
}

/// What a file of a kind does besides showing something.
fn look(kind: &Kind, bytes: &[u8]) -> Result<(), &'static str> {
    match kind {
        k if *k == PDF => pdf::refuse(bytes),
        k if *k == OFD => ofd::refuse(bytes),
        k if *k == OUTLOOK => letter::refuse_outlook(bytes),
        k if *k == LETTER => plain::text(bytes).map_or(Ok(()), |text| letter::refuse(&text)),
        k if [DOCX, XLSX, PPTX].contains(k) => office::refuse(bytes),
        k if [DOC, XLS, PPT].contains(k) => compound::refuse(bytes),
        _ => Ok(()),
    }
}

/// Whether what hangs on a letter or a document would be taken by itself. A letter or document that hangs on one is
/// looked into as deep as the file goes: each time it is shorter.
fn shows(bytes: &[u8]) -> bool {
    of(bytes).is_some_and(|kind| look(&kind, bytes).is_ok())
}

/// How programs and scripts begin.
const PROGRAMS: [&[u8]; 9] = [
    b"MZ",
    b"\x7fELF",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!/",
    b"L\0\0\0\x01\x14\x02\0",
    b"dex\n",
    b"\0asm",
];

/// Whether bytes are a program, or a document that would have to be looked into.
fn starts_something(bytes: &[u8]) -> bool {
    PROGRAMS.iter().any(|p| bytes.starts_with(p))
        || bytes.starts_with(b"PK\x03\x04") && !shows(bytes)
}

fn by_ending(ending: &str) -> Option<Kind> {
    KINDS
        .into_iter()
        .find(|k| k.endings.iter().any(|e| e.eq_ignore_ascii_case(ending)))
}

/// The media type of the content that is there, by its bytes; `application/octet-stream` for a kind that is not taken.
pub fn media(bytes: &[u8]) -> &'static str {
    of(bytes).map_or(UNKNOWN, |k| k.media)
}

/// The media type by a name that was kept: its ending was made to fit the content.
pub(crate) fn media_by_name(name: &str) -> &'static str {
    name.rsplit_once('.')
        .and_then(|(_, ending)| by_ending(ending))
        .map_or(UNKNOWN, |k| k.media)
}
