//! What an office document of today does besides showing text: programs and objects inside, templates and pictures
//! that are fetched, fields that start something.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use std::io::{Cursor, Read};
use zip::ZipArchive;

type Active = &'static str;

const OBJECT: Active = "attachment_office_object";
const CONTROL: Active = "attachment_office_control";
const REMOTE: Active = "attachment_office_remote";
const FIELD: Active = "attachment_office_field";
const PACKED: Active = "attachment_too_packed";
const UNREADABLE: Active = "attachment_unreadable";

/// Parts of one document.
const PARTS: usize = 10_000;
/// Bytes that the parts which are looked at unpack to, all together.
const UNPACKED: u64 = 128 * 1024 * 1024;
/// Documents inside documents: a chart keeps its table in one.
const INSIDE: usize = 2;

/// Refuses a document with a program inside or behind it.
pub(super) fn refuse(bytes: &[u8]) -> Result<(), Active> {
    let mut left = UNPACKED;
    look(bytes, 0, &mut left)
}

fn look(bytes: &[u8], inside: usize, left: &mut u64) -> Result<(), Active> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| UNREADABLE)?;
    if zip.len() > PARTS {
        return Err(PACKED);
    }
    for n in 0..zip.len() {
        let part = zip.by_index(n).map_err(|_| UNREADABLE)?;
        let name = part.name().map_err(|_| UNREADABLE)?.to_ascii_lowercase();
        if name.contains("activex") || name.contains("/ctrlprops/") {
            return Err(CONTROL);
        }
        if name.contains("oleobject") {
            return Err(OBJECT);
        }
        let embedded = name.contains("/embeddings/");
        let xml = [".xml", ".rels", ".vml"].iter().any(|e| name.ends_with(e));
        if !embedded && !xml {
            continue;
        }
        let mut text = Vec::new();
        let mut content = part.take(*left + 1);
        content.read_to_end(&mut text).map_err(|_| UNREADABLE)?;
        *left = left.checked_sub(text.len() as u64).ok_or(PACKED)?;
        if embedded {
            // The table of a chart is a document of its own; anything else that is opened by a click is not shown.
            if inside >= INSIDE || super::macros::open_xml(&text).is_none() {
                return Err(OBJECT);
            }
            look(&text, inside + 1, left)?;
        } else if name.ends_with(".rels") {
            relations(&text)?;
        } else if !name.starts_with("customxml/") {
            // Data that a form keeps is shown by nothing that stands in it.
            fields(&text, name.contains("externallinks/"))?;
        }
    }
    Ok(())
}

/// An attribute's value by its name without a prefix.
fn attribute(e: &BytesStart<'_>, name: &str) -> Result<String, Active> {
    for a in e.attributes() {
        let a = a.map_err(|_| UNREADABLE)?;
        if a.key.local_name().as_ref() == name {
            let plain = quick_xml::escape::unescape(&a.value).map_err(|_| UNREADABLE)?;
            return Ok(plain.into_owned());
        }
    }
    Ok(String::new())
}

/// What a document refers to outside itself: links that somebody clicks, and nothing else.
fn relations(xml: &[u8]) -> Result<(), Active> {
    each(xml, |e| {
        if e.local_name().as_ref() != "Relationship" {
            return Ok(());
        }
        let (kind, mode) = (attribute(e, "Type")?, attribute(e, "TargetMode")?);
        let kind = kind.rsplit_once('/').map_or(&*kind, |(_, last)| last);
        let kind = kind.to_ascii_lowercase();
        match kind.as_str() {
            "oleobject" => return Err(OBJECT),
            "control" | "activexcontrol" | "activexcontrolbinary" | "ctrlprop" => {
                return Err(CONTROL);
            }
            "vbaproject" | "attachedtoolbars" | "customui" => return Err("attachment_type"),
            _ => {}
        }
        if !mode.trim().eq_ignore_ascii_case("external") {
            return Ok(());
        }
        let target = attribute(e, "Target")?.trim().to_ascii_lowercase();
        let harmless = ["http://", "https://", "mailto:", "tel:", "#"];
        if kind == "hyperlink" && harmless.iter().any(|s| target.starts_with(s)) {
            return Ok(());
        }
        Err(REMOTE)
    })
}

/// Fields that start another program or fetch a file, in texts and in sheets.
fn fields(xml: &[u8], external: bool) -> Result<(), Active> {
    let mut reader = Reader::from_reader(xml);
    let (mut instructions, mut formula, mut within) = (String::new(), String::new(), Vec::new());
    loop {
        let event = reader.read_event().map_err(|_| UNREADABLE)?;
        match event {
            Event::Eof => break,
            Event::DocType(_) => return Err(UNREADABLE),
            Event::Start(ref e) | Event::Empty(ref e) => {
                let name = e.local_name().as_ref().to_owned();
                match name.as_str() {
                    "ddeLink" | "oleLink" if external => return Err(FIELD),
                    "OLEObject" | "oleObj" | "oleObject" => return Err(OBJECT),
                    "control" => return Err(CONTROL),
                    "fldSimple" => starts(&attribute(e, "instr")?)?,
                    // A field that begins ends what stood before it.
                    "fldChar" if attribute(e, "fldCharType")? == "begin" => instructions.push('\n'),
                    _ => {}
                }
                if matches!(event, Event::Start(_)) {
                    within.push(name);
                }
            }
            Event::End(_) => {
                let ended = within.pop();
                if ended.as_deref() == Some("f") {
                    calls(&formula)?;
                    formula.clear();
                }
            }
            Event::Text(t) => text_of(&within, t.as_ref(), &mut instructions, &mut formula)?,
            // A letter that is written as a number is the letter.
            Event::GeneralRef(r) => {
                let written = format!("&{};", r.as_ref());
                let plain = quick_xml::escape::unescape(&written).map_err(|_| UNREADABLE)?;
                text_of(&within, &plain, &mut instructions, &mut formula)?;
            }
            Event::CData(t) => text_of(&within, t.as_ref(), &mut instructions, &mut formula)?,
            _ => {}
        }
    }
    instructions.lines().try_for_each(starts)
}

fn text_of(
    within: &[String],
    text: &str,
    instructions: &mut String,
    formula: &mut String,
) -> Result<(), Active> {
    let into = match within.last().map(String::as_str) {
        Some("instrText" | "delInstrText") => instructions,
        Some("f") => formula,
        _ => return Ok(()),
    };
    into.push_str(text);
    Ok(())
}

/// Refuses a field's instruction that does more than show: dynamic data exchange, and text or pictures from elsewhere.
fn starts(instruction: &str) -> Result<(), Active> {
    let text = instruction.trim_start().to_ascii_uppercase();
    let word: String = text
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let outside = text.contains("://") || text.contains("\\\\\\\\") || text.contains("\"\\\\");
    match word.as_str() {
        "DDE" | "DDEAUTO" => Err(FIELD),
        "INCLUDETEXT" | "INCLUDEPICTURE" | "LINK" if outside || word == "LINK" => Err(REMOTE),
        _ if text.contains("DDEAUTO") => Err(FIELD),
        _ => Ok(()),
    }
}

/// Refuses a formula that calls another program: outside its texts and names in quotes no formula has a bar.
fn calls(formula: &str) -> Result<(), Active> {
    let mut quoted = None;
    for c in formula.chars() {
        match quoted {
            Some(q) if c == q => quoted = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quoted = Some(c),
            None if c == '|' => return Err(FIELD),
            None => {}
        }
    }
    Ok(())
}

/// Every element of a small part.
fn each(
    xml: &[u8],
    mut look: impl FnMut(&BytesStart<'_>) -> Result<(), Active>,
) -> Result<(), Active> {
    let mut reader = Reader::from_reader(xml);
    loop {
        match reader.read_event().map_err(|_| UNREADABLE)? {
            Event::Eof => return Ok(()),
            Event::DocType(_) => return Err(UNREADABLE),
            Event::Start(e) | Event::Empty(e) => look(&e)?,
            _ => {}
        }
    }
}
