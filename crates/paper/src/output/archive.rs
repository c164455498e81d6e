//! PDF/A-1b: a step on printpdf's own lopdf tree, and our own deflate.

use super::profile::srgb;
use crate::text::PaperError;
use lopdf::{Document, Object, Stream, StringFormat, dictionary};
use std::io::Write;

/// Level 6: two thirds of the time of a form go into deflate, and 9 gains next to nothing.
const LEVEL: u32 = 6;

fn broken(e: impl std::fmt::Display) -> PaperError {
    PaperError::Pdf(e.to_string())
}

/// Makes the tree conform; `when` is XMP's date, `id` the trailer's.
pub(super) fn conform(
    doc: &mut Document,
    title: &str,
    when: &str,
    id: &[u8; 16],
) -> Result<(), PaperError> {
    doc.version = "1.4".to_owned();
    doc.binary_mark = vec![0xE2, 0xE3, 0xCF, 0xD3];
    let icc = doc.add_object(Stream::new(dictionary! { "N" => 3 }, srgb()));
    let intent = dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => Object::string_literal("sRGB IEC61966-2.1"),
        "Info" => Object::string_literal("sRGB IEC61966-2.1"),
        "DestOutputProfile" => icc,
    };
    let xmp = Stream::new(
        dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
        xmp(title, when).into_bytes(),
    );
    let metadata = doc.add_object(xmp.with_compression(false));
    let root = doc
        .trailer
        .get(b"Root")
        .and_then(Object::as_reference)
        .map_err(broken)?;
    let catalog = doc
        .get_object_mut(root)
        .and_then(Object::as_dict_mut)
        .map_err(broken)?;
    catalog.set("OutputIntents", vec![Object::Dictionary(intent)]);
    catalog.set("Metadata", metadata);
    catalog.set("Lang", Object::string_literal("zh-CN"));
    let info = doc
        .trailer
        .get(b"Info")
        .and_then(Object::as_reference)
        .map_err(broken)?;
    let info = doc
        .get_object_mut(info)
        .and_then(Object::as_dict_mut)
        .map_err(broken)?;
    for key in [
        "GTS_PDFXVersion",
        "Identifier",
        "Trapped",
        "Author",
        "Subject",
        "Keywords",
    ] {
        info.remove(key.as_bytes());
    }
    cid_sets(doc)?;
    let id = Object::String(id.to_vec(), StringFormat::Hexadecimal);
    doc.trailer.set("ID", vec![id.clone(), id]);
    Ok(())
}

fn xmp(title: &str, when: &str) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
         xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\
         <pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance><dc:title><rdf:Alt>\
         <rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title><xmp:CreateDate>{when}</xmp:CreateDate>\
         <xmp:ModifyDate>{when}</xmp:ModifyDate><xmp:CreatorTool>Redress</xmp:CreatorTool>\
         <pdf:Producer>printpdf</pdf:Producer></rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>"
    )
}

/// PDF/A-1 wants a CIDSet for every subset font.
fn cid_sets(doc: &mut Document) -> Result<(), PaperError> {
    let mut found = Vec::new();
    for object in doc.objects.values() {
        let Ok(Object::Array(below)) = object.as_dict().and_then(|d| d.get(b"DescendantFonts"))
        else {
            continue;
        };
        let Some(font) = below.first().and_then(|f| f.as_dict().ok()) else {
            continue;
        };
        let widths = font.get(b"W").and_then(Object::as_array).map_err(broken)?;
        let mut set = vec![0x80_u8];
        for pair in widths.chunks_exact(2) {
            let from = usize::try_from(pair[0].as_i64().map_err(broken)?).map_err(broken)?;
            for cid in from..from + pair[1].as_array().map_err(broken)?.len() {
                if set.len() <= cid / 8 {
                    set.resize(cid / 8 + 1, 0);
                }
                set[cid / 8] |= 0x80 >> (cid % 8);
            }
        }
        let descriptor = font
            .get(b"FontDescriptor")
            .and_then(Object::as_reference)
            .map_err(broken)?;
        found.push((descriptor, set));
    }
    for (descriptor, set) in found {
        let id = doc.add_object(Stream::new(dictionary! {}, set));
        doc.get_object_mut(descriptor)
            .and_then(Object::as_dict_mut)
            .map_err(broken)?
            .set("CIDSet", id);
    }
    Ok(())
}

/// Compresses every stream that gains by it.
pub(super) fn deflate(doc: &mut Document) -> Result<(), PaperError> {
    for object in doc.objects.values_mut() {
        let Object::Stream(s) = object else { continue };
        if !s.allows_compression || s.dict.get(b"Filter").is_ok() || s.content.len() <= 64 {
            continue;
        }
        let mut encoder =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(LEVEL));
        encoder.write_all(&s.content).map_err(broken)?;
        let packed = encoder.finish().map_err(broken)?;
        if packed.len() + 20 < s.content.len() {
            s.dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
            s.set_content(packed);
        }
    }
    Ok(())
}
