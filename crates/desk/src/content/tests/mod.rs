//! Small real files of every kind, and what is refused whatever it is called.

mod endings;
mod letter;
mod office;
mod pdf;

use super::{Kind, of, taken};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// A zip with these files.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        out.start_file(*name, SimpleFileOptions::default())
            .expect("a file");
        out.write_all(text.as_bytes()).expect("its bytes");
    }
    out.finish().expect("a zip").into_inner()
}

/// A document of today with this main part.
fn document(main: &str, folder: &str) -> Vec<u8> {
    let parts = format!(
        "<Types><Override PartName=\"/{folder}\" ContentType=\"application/vnd.openxmlformats-officedocument.{main}.main+xml\"/></Types>"
    );
    // Another order than Word's: it is the list that counts.
    zip(&[(folder, "<x/>"), ("[Content_Types].xml", &parts)])
}

/// An older document: a header and a directory with these streams.
fn ole(streams: &[&str]) -> Vec<u8> {
    let mut out = crate::content::macros::OLE.to_vec();
    out.resize(512, 0);
    for name in streams {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(128, 0);
        out.extend(entry);
    }
    out
}

/// An OFD with one page and these parts besides.
fn ofd(more: &[(&str, &str)]) -> Vec<u8> {
    let mut parts = vec![
        (
            "OFD.xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ofd:OFD xmlns:ofd=\"http://www.ofdspec.org/2016\" Version=\"1.1\" DocType=\"OFD\"><ofd:DocBody/></ofd:OFD>",
        ),
        (
            "Doc_0/Document.xml",
            "<ofd:Document xmlns:ofd=\"http://www.ofdspec.org/2016\"/>",
        ),
        ("Doc_0/Pages/Page_0/Content.xml", "<ofd:Page/>"),
    ];
    parts.extend(more);
    zip(&parts)
}

/// A compound file that reads back, with these streams; a name with a slash stands in a storage.
fn real(streams: &[&str]) -> Vec<u8> {
    compound(
        &streams
            .iter()
            .map(|s| (*s, b"".as_slice()))
            .collect::<Vec<_>>(),
    )
}

/// A compound file with these streams and what stands in them.
fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a file");
    for (name, content) in streams {
        let path = std::path::Path::new("/").join(name);
        if let Some(above) = path.parent() {
            file.create_storage_all(above).expect("a storage");
        }
        let mut stream = file.create_stream(&path).expect("a stream");
        stream.write_all(content).expect("its bytes");
    }
    file.flush().expect("written");
    file.into_inner().into_inner()
}

fn ftyp(brand: &str) -> Vec<u8> {
    let mut out = vec![0, 0, 0, 24];
    out.extend(b"ftyp");
    out.extend(brand.as_bytes());
    out.extend([0, 0, 0, 0]);
    out.extend(brand.as_bytes());
    out.extend(b"isom");
    out
}

fn riff(form: &[u8]) -> Vec<u8> {
    let mut out = b"RIFF\x24\x00\x00\x00".to_vec();
    out.extend(form);
    out.extend([0; 24]);
    out
}

fn matroska(name: &[u8]) -> Vec<u8> {
    let mut out = b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x86\x81\x01\x42\x82".to_vec();
    out.push(0x80 | u8::try_from(name.len()).expect("a short name"));
    out.extend(name);
    out.resize(300, 0);
    out
}

fn ending(bytes: &[u8]) -> &'static str {
    of(bytes).map_or("refused", |k: Kind| k.endings[0])
}

/// The kind that a file is taken for, or the code with which it is refused.
fn said(bytes: &[u8]) -> String {
    taken(bytes).map_or_else(|e| e.code, |k| k.endings[0].to_owned())
}

/// Small files of every kind that is taken, each with its ending.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    [pictures(), documents(), letters(), recordings()].concat()
}

fn pictures() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01".to_vec()),
        ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01".to_vec()),
        ("gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
        ("bmp", b"BM\x1e\0\0\0\0\0\0\0\x1a\0\0\0".to_vec()),
        ("tif", b"II*\0\x08\0\0\0\0\0\0\0\0\0".to_vec()),
        ("tif", b"MM\0*\0\0\0\x08\0\0\0\0\0\0".to_vec()),
        ("webp", riff(b"WEBPVP8 ")),
        ("heic", ftyp("heic")),
    ]
}

fn documents() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj".to_vec()),
        (
            "docx",
            document("wordprocessingml.document", "word/document.xml"),
        ),
        ("xlsx", document("spreadsheetml.sheet", "xl/workbook.xml")),
        (
            "pptx",
            document("presentationml.presentation", "ppt/presentation.xml"),
        ),
        ("doc", ole(&["Root Entry", "WordDocument"])),
        ("xls", ole(&["Root Entry", "Workbook"])),
        ("ppt", ole(&["Root Entry", "PowerPoint Document"])),
        ("ofd", ofd(&[])),
        (
            "ofd",
            ofd(&[("Doc_0/Attachs/original_invoice.xml", "<invoice/>")]),
        ),
        (
            "docx",
            zip(&[(
                "[Content_Types].xml",
                "<Types><Override ContentType=\"application/vnd.wps-officedocument.wordprocessing.document\"/></Types>",
            )]),
        ),
    ]
}

fn letters() -> Vec<(&'static str, Vec<u8>)> {
    let gb = encoding_rs::GB18030.encode("投诉人来电：排队太久。").0;
    vec![
        ("txt", "投诉人来电：排队太久。\r\n".into()),
        ("txt", gb.into_owned()),
        ("txt", b"BMW, MZ 1234, PK 5, ID3".to_vec()),
        ("txt", b"<note><to>QM</to></note>".to_vec()),
        (
            "eml",
            b"From: a@example.org\nSubject: x\n\n<html><script>1</script></html>".to_vec(),
        ),
        ("eml", b"Received: by x; today\r\n\tid 1\r\nfrom: =?gbk?B?1tA=?= <a@b.cn>\r\nTo: b@b.cn\r\n\r\nhello".to_vec()),
        ("eml", "\u{feff}From: 王芳 <a@b.cn>\nDate: x\n\n您好".into()),
        ("txt", b"From: only this line looks like one".to_vec()),
        ("txt", "投诉人: 王芳\n电话: 1\n\n内容".into()),
        ("txt", b"To: b\nSubject: a memo without a sender\n\nx".to_vec()),
        ("msg", ole(&["Root Entry", "__nameid_version1.0", "__properties_version1.0"])),
        ("msg", ole(&["Root Entry", "__properties_version1.0", "__attach_version1.0_#00000000", "WordDocument"])),
    ]
}

fn recordings() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("mp3", b"ID3\x03\0\0\0\0\0\x0f".to_vec()),
        ("mp3", b"\xff\xfb\x90\x64\0\0\0\0".to_vec()),
        ("wav", riff(b"WAVEfmt ")),
        ("m4a", ftyp("M4A ")),
        ("ogg", b"OggS\0\x02\0\0\0\0".to_vec()),
        ("amr", b"#!AMR\n\x3c\x91\x17\x16".to_vec()),
        ("mp4", ftyp("isom")),
        ("mp4", ftyp("mp42")),
        ("mov", ftyp("qt  ")),
        ("avi", riff(b"AVI LIST")),
        ("mkv", matroska(b"matroska")),
        ("webm", matroska(b"webm")),
    ]
}

#[test]
fn what_shows_something_is_taken_for_what_it_is() {
    for (expected, bytes) in samples() {
        assert_eq!(ending(&bytes), expected, "{:?}", bytes.get(..16));
    }
}

/// What starts something, or hides what it is.
fn programs() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("empty", vec![0; 8]),
        ("MZ", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff".to_vec()),
        (
            "ELF",
            [b"\x7fELF\x02\x01\x01\0".as_slice(), &[0; 60]].concat(),
        ),
        ("Mach-O", b"\xcf\xfa\xed\xfe\x07\0\0\x01".to_vec()),
        ("class", b"\xca\xfe\xba\xbe\0\0\0\x34".to_vec()),
        (
            "shortcut",
            b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0".to_vec(),
        ),
        ("shell", b"#!/bin/sh\nrm -rf ~\n".to_vec()),
        ("shell", b"\xef\xbb\xbf#!/bin/sh\n".to_vec()),
        ("html", b"<!DOCTYPE html><p>hello".to_vec()),
        ("html", b"\n  <HTML><body onload=x()>".to_vec()),
        ("html", b"<!-- note --><script>x()</script>".to_vec()),
        ("html", "<p>投诉<script>x()</script>".into()),
        ("php", b"<?php system('x');".to_vec()),
        (
            "svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec(),
        ),
        ("svg", b"<?xml version='1.0'?>\n<svg></svg>".to_vec()),
        (
            "xml",
            b"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><a/>".to_vec(),
        ),
    ]
}

/// What is packed, and nobody sees into or should.
fn archives() -> Vec<(&'static str, Vec<u8>)> {
    let macros = "<Types><Override ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/></Types>";
    let docx = "<Types><Override ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    vec![
        ("rtf", b"{\\rtf1\\object}".to_vec()),
        ("zip", zip(&[("bill.exe", "MZ")])),
        ("zip", zip(&[])),
        ("zip", b"PK\x03\x04 not one".to_vec()),
        ("jar", zip(&[("META-INF/MANIFEST.MF", "Main-Class: x")])),
        ("7z", b"7z\xbc\xaf\x27\x1c\0\x04".to_vec()),
        ("rar", b"Rar!\x1a\x07\x01\0".to_vec()),
        ("gz", b"\x1f\x8b\x08\0\0\0\0\0".to_vec()),
        ("docm", zip(&[("[Content_Types].xml", macros)])),
        (
            "docx with macros",
            zip(&[("[Content_Types].xml", docx), ("word/VBAProject.bin", "x")]),
        ),
        (
            "doc with macros",
            ole(&[
                "Root Entry",
                "WordDocument",
                "Macros",
                "VBA",
                "_VBA_PROJECT",
            ]),
        ),
        (
            "xls with macros",
            ole(&["Root Entry", "Workbook", "_VBA_PROJECT_CUR"]),
        ),
        ("msi", ole(&["Root Entry", "\u{4840}\u{3f3f}"])),
    ]
}

#[test]
fn what_starts_something_is_refused() {
    for (what, bytes) in [programs(), archives()].concat() {
        assert_eq!(ending(&bytes), "refused", "{what}");
    }
}

#[test]
fn a_refusal_names_the_kinds_and_nothing_of_the_file() {
    let refused = taken(b"MZ\x90\0").expect_err("an executable");
    assert_eq!(refused.code, "attachment_type");
    assert_eq!(refused.params.keys().collect::<Vec<_>>(), ["kinds"]);
    let kinds = refused.params["kinds"].as_str().expect("words");
    assert!(kinds.starts_with("pdf jpg png "), "{kinds}");
}

/// A file may end anywhere: the libraries that look at it may not fall.
#[test]
fn a_cut_file_is_answered_too() {
    for (_, bytes) in samples() {
        for end in 0..bytes.len().min(600) {
            let _ = of(&bytes[..end]);
            let mut bent = bytes.clone();
            bent[end] ^= 0xff;
            let _ = of(&bent);
        }
    }
}
