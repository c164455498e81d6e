//! What a PDF does besides showing pages: scripts, programs, files inside, forms that load themselves.
//!
//! Two looks, because readers differ: the tree as it is parsed, with compressed object streams and locked files
//! opened; and the names as they stand in the bytes, for what a parser passes over and a reader may repair.

use flate2::read::ZlibDecoder;
use lopdf::{Dictionary, Document, LoadOptions, Object};
use std::io::Read;

/// Bytes that the compressed objects of one file unpack to at most.
const UNPACKED: usize = 64 * 1024 * 1024;
/// Levels of dictionaries and arrays in one object.
const DEPTH: usize = 100;

/// What is in it, as the code of a refusal.
type Active = &'static str;

const SCRIPT: Active = "attachment_pdf_script";
const LAUNCH: Active = "attachment_pdf_launch";
const EMBEDDED: Active = "attachment_pdf_embedded";
const FORM: Active = "attachment_pdf_form";
const MEDIA: Active = "attachment_pdf_media";
const LOCKED: Active = "attachment_pdf_locked";
const PACKED: Active = "attachment_too_packed";

/// Refuses a PDF that does more than show pages. Links that somebody clicks, signatures and plain forms are none of it.
pub(super) fn refuse(bytes: &[u8]) -> Result<(), Active> {
    let mut look = Look::default();
    look.scan(bytes)?;
    let options = LoadOptions::with_max_decompressed_size(UNPACKED);
    match Document::load_mem_with_options(bytes, options) {
        Ok(doc) if doc.is_encrypted() => Err(LOCKED),
        Ok(doc) => doc.objects.values().try_for_each(|o| walk(&doc, o, 0)),
        Err(_) if look.locked => Err(LOCKED),
        // What is no PDF to a parser shows nothing to a reader either, and its names were looked at.
        Err(_) => Ok(()),
    }
}

/// What a name means wherever it stands.
fn named(name: &[u8]) -> Option<Active> {
    match name {
        b"JavaScript" | b"JS" => Some(SCRIPT),
        b"Launch" | b"GoToR" | b"GoToE" | b"ImportData" | b"SubmitForm" => Some(LAUNCH),
        b"EmbeddedFile" | b"EmbeddedFiles" => Some(EMBEDDED),
        b"XFA" => Some(FORM),
        b"RichMedia" | b"RichMediaExecute" => Some(MEDIA),
        _ => None,
    }
}

fn walk(doc: &Document, object: &Object, depth: usize) -> Result<(), Active> {
    if depth > DEPTH {
        return Err(PACKED);
    }
    match object {
        Object::Array(all) => all.iter().try_for_each(|o| walk(doc, o, depth + 1)),
        Object::Dictionary(d) => dictionary(doc, d, depth),
        Object::Stream(s) => dictionary(doc, &s.dict, depth),
        Object::Name(name) => named(name).map_or(Ok(()), Err),
        _ => Ok(()),
    }
}

fn dictionary(doc: &Document, d: &Dictionary, depth: usize) -> Result<(), Active> {
    for (key, value) in d.iter() {
        if let Some(active) = named(key) {
            return Err(active);
        }
        // What opens by itself may go to another page, and nowhere else.
        if (key == b"OpenAction" || key == b"AA") && calls_out(doc, value, 0) {
            return Err(LAUNCH);
        }
        walk(doc, value, depth + 1)?;
    }
    Ok(())
}

/// Links of an action to the next, at most.
const CHAIN: usize = 20;

fn calls_out(doc: &Document, value: &Object, depth: usize) -> bool {
    if depth > CHAIN {
        return true;
    }
    match value {
        Object::Dictionary(d) => {
            let kind = d.get(b"S").and_then(Object::as_name).unwrap_or_default();
            kind == b"URI"
                || d.iter()
                    .any(|(k, v)| k != b"D" && k != b"Parent" && calls_out(doc, v, depth + 1))
        }
        Object::Reference(id) => doc
            .get_object(*id)
            .is_ok_and(|o| is_action(o) && calls_out(doc, o, depth + 1)),
        Object::Array(all) => all.iter().any(|v| calls_out(doc, v, depth + 1)),
        _ => false,
    }
}

/// Whether an object that is referred to is an action, or a table of them, rather than the page that one goes to.
fn is_action(object: &Object) -> bool {
    match object {
        Object::Dictionary(d) => {
            d.get(b"Type")
                .and_then(Object::as_name)
                .is_ok_and(|t| t == b"Action")
                || d.get(b"Type").is_err()
        }
        Object::Array(_) => true,
        _ => false,
    }
}

/// The names in the bytes of a file.
#[derive(Default)]
struct Look {
    /// It is encrypted.
    locked: bool,
    /// Bytes that were unpacked so far.
    unpacked: usize,
}

impl Look {
    fn scan(&mut self, bytes: &[u8]) -> Result<(), Active> {
        let (mut at, mut depth) = (0, 0_usize);
        let (mut objects, mut name) = (false, Vec::new());
        while at < bytes.len() {
            let rest = &bytes[at..];
            if rest[0] == b'/' {
                at += 1 + read_name(&rest[1..], &mut name);
                if let Some(active) = named(&name) {
                    return Err(active);
                }
                self.locked |= name == b"Encrypt";
                objects |= name == b"ObjStm";
                continue;
            }
            if rest.starts_with(b"stream") && !bytes[..at].ends_with(b"end") {
                let length = find(rest, b"endstream").unwrap_or(rest.len());
                if objects {
                    self.unpack(&rest[b"stream".len()..length])?;
                }
                at += length.max(1);
                continue;
            }
            if rest.starts_with(b"endobj") {
                (objects, depth) = (false, 0);
            }
            if rest.starts_with(b"<<") || rest[0] == b'[' {
                depth += 1;
            } else if rest.starts_with(b">>") || rest[0] == b']' {
                depth = depth.saturating_sub(1);
            }
            if depth > DEPTH {
                return Err(PACKED);
            }
            at += if rest.starts_with(b"<<") || rest.starts_with(b">>") {
                2
            } else {
                1
            };
        }
        Ok(())
    }

    /// Looks into a stream of objects; what is packed in another way the parser unpacks.
    fn unpack(&mut self, packed: &[u8]) -> Result<(), Active> {
        let begin = packed.iter().position(|b| !b"\r\n".contains(b));
        let packed = &packed[begin.unwrap_or(0)..];
        let left = UNPACKED - self.unpacked;
        let mut out = Vec::new();
        let mut zip = ZlibDecoder::new(packed).take(left as u64 + 1);
        // What is cut off in the middle is looked at as far as it goes.
        let _ = zip.read_to_end(&mut out);
        if out.len() > left {
            return Err(PACKED);
        }
        self.unpacked += out.len();
        self.scan(&out)
    }
}

/// Reads a name without its slash, its `#` escapes undone; answers its length in the bytes.
fn read_name(bytes: &[u8], out: &mut Vec<u8>) -> usize {
    out.clear();
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        if b <= b' ' || b"()<>[]{}/%".contains(&b) {
            break;
        }
        let hex = |n: usize| {
            let digit = char::from(*bytes.get(n)?).to_digit(16)?;
            u8::try_from(digit).ok()
        };
        match (b, hex(at + 1), hex(at + 2)) {
            (b'#', Some(high), Some(low)) => {
                out.push(high * 16 + low);
                at += 3;
            }
            _ => {
                out.push(b);
                at += 1;
            }
        }
    }
    at
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|w| w == word)
}
