//! What an office document carries or reaches out for.

use super::{compound, document, ole, said, zip};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// A document of today with these parts besides its list.
fn office(more: &[(&str, &str)]) -> Vec<u8> {
    let parts = "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let mut files = vec![("[Content_Types].xml", parts)];
    files.extend(more);
    zip(&files)
}

fn relation(kind: &str, target: &str, mode: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}' Target='{target}' TargetMode='{mode}'/></Relationships>"
    )
}

#[test]
fn an_office_document_that_shows_text_is_taken() {
    let rels = "word/_rels/document.xml.rels";
    for (what, more) in [
        ("plain", ("word/document.xml", "<w:document xmlns:w='w'><w:t>DDEAUTO 是什么？a|b</w:t></w:document>".to_owned())),
        ("links", (rels, relation("hyperlink", "https://example.org/?a=1&amp;b=2", "External"))),
        ("a letter", (rels, relation("hyperlink", "mailto:a@example.org", "External"))),
        ("pictures inside", (rels, relation("image", "media/image1.png", "Internal"))),
        ("page numbers", ("word/footer1.xml", "<w:f xmlns:w='w'><w:fldSimple w:instr=' PAGE '/><w:instrText> DATE \\@ \"yyyy\" </w:instrText></w:f>".to_owned())),
        ("a formula with a bar in a text", ("xl/worksheets/sheet1.xml", "<c><f>IF(A1=\"a|b\",'表|1'!A1,1)</f></c>".to_owned())),
    ] {
        let bytes = office(&[(more.0, &more.1)]);
        assert_eq!(said(&bytes), "docx", "{what}");
    }
    let table = document("spreadsheetml.sheet", "xl/workbook.xml");
    assert_eq!(
        said(&with_bytes("word/embeddings/Sheet1.xlsx", &table)),
        "docx",
        "a chart's table"
    );
}

/// A document of today with a part of bytes.
fn with_bytes(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("[Content_Types].xml", &b"<Types><Override ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"[..]),
        (name, bytes),
    ] {
        out.start_file(name, SimpleFileOptions::default()).expect("a file");
        out.write_all(bytes).expect("its bytes");
    }
    out.finish().expect("a zip").into_inner()
}

#[test]
fn an_office_document_with_a_program_in_or_behind_it_is_refused() {
    let rels = "word/_rels/settings.xml.rels";
    let dde = "<w:p xmlns:w='w'><w:instrText>DD</w:instrText><w:instrText>EAUTO c:\\x</w:instrText></w:p>";
    for (expected, name, text) in [
        ("office_object", "word/embeddings/oleObject1.bin", "x".to_owned()),
        ("office_object", "word/embeddings/bill.exe", "MZ".to_owned()),
        ("office_object", "word/document.xml", "<w:object xmlns:w='w' xmlns:o='o'><o:OLEObject Type='Embed'/></w:object>".to_owned()),
        ("office_object", rels, relation("oleObject", "embeddings/x.bin", "Internal")),
        ("office_control", "word/activeX/activeX1.xml", "<x/>".to_owned()),
        ("office_control", "word/document.xml", "<w:control xmlns:w='w'/>".to_owned()),
        ("office_remote", rels, relation("attachedTemplate", "https://example.org/a.dotm", "External")),
        ("office_remote", rels, relation("image", "https://example.org/a.png", " external ")),
        ("office_remote", rels, relation("hyperlink", "file:///c:/x.exe", "External")),
        ("office_remote", rels, relation("hyperlink", "java&#115;cript:x", "External")),
        ("office_remote", "word/document.xml", "<w:p xmlns:w='w'><w:fldSimple w:instr='INCLUDEPICTURE &quot;https://example.org/x&quot;'/></w:p>".to_owned()),
        ("office_field", "word/document.xml", dde.to_owned()),
        ("office_field", "word/document.xml", "<w:p xmlns:w='w'><w:instrText>D&#68;E c x</w:instrText></w:p>".to_owned()),
        ("office_field", "word/document.xml", "<w:p xmlns:w='w'><w:fldSimple w:instr=' dde c x'/></w:p>".to_owned()),
        ("office_field", "xl/externalLinks/externalLink1.xml", "<externalLink><ddeLink ddeService='cmd'/></externalLink>".to_owned()),
        ("office_field", "xl/worksheets/sheet1.xml", "<c><f>cmd|'/c calc'!A0</f></c>".to_owned()),
        ("unreadable", "word/document.xml", "<!DOCTYPE x [<!ENTITY a 'DDE'>]><x>&a;</x>".to_owned()),
        ("unreadable", rels, "<Relationships><Relationship".to_owned()),
    ] {
        let bytes = office(&[(name, &text)]);
        assert_eq!(said(&bytes), format!("attachment_{expected}"), "{name} {text}");
    }
}

/// A sheet of a workbook, of this kind: 0 a table, 1 commands.
fn sheet(kind: u8) -> Vec<u8> {
    [&[0x85, 0, 8, 0, 0, 0, 0, 0, 0][..], &[kind, 1, b'A']].concat()
}

/// A workbook's link to another file.
fn linked(path: &[u8]) -> Vec<u8> {
    let length = u16::try_from(path.len() + 5).expect("short").to_le_bytes();
    let count = u16::try_from(path.len()).expect("short").to_le_bytes();
    [&[0xAE, 1][..], &length, &[1, 0], &count, &[0], path].concat()
}

/// A slide with a record of this kind.
fn slide(kind: u16) -> Vec<u8> {
    let inner = [&[0, 0][..], &kind.to_le_bytes(), &[0, 0, 0, 0]].concat();
    let length = u32::try_from(inner.len()).expect("short").to_le_bytes();
    [&[0x0F, 0, 0xE8, 0x03][..], &length, &inner].concat()
}

#[test]
fn an_older_office_document_that_shows_text_is_taken() {
    let (book, notes) = (sheet(0), slide(0x03F0));
    for (expected, streams) in [
        (
            "doc",
            vec![
                ("/WordDocument", &b"text \x13 PAGE \x14 1 \x15"[..]),
                ("/\u{1}CompObj", b"x"),
            ],
        ),
        ("xls", vec![("/Workbook", &book[..])]),
        ("ppt", vec![("/PowerPoint Document", &notes[..])]),
    ] {
        assert_eq!(said(&compound(&streams)), expected, "{streams:?}");
    }
}

#[test]
fn an_older_office_document_is_looked_into_as_well() {
    let (link, other) = (linked(b"cmd\x03/c x"), linked(b"\x01c:\x03a.xls"));
    let wide: Vec<u8> = "\u{13} DDEAUTO c:\\x"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let (book, commands, object) = (sheet(0), sheet(1), slide(0x1011));
    for (expected, streams) in [
        (
            "attachment_office_object",
            vec![
                ("/WordDocument", &b"x"[..]),
                ("/ObjectPool/_1/\u{1}Ole10Native", b"x"),
            ],
        ),
        (
            "attachment_office_object",
            vec![("/Workbook", &book[..]), ("/MBD0018D4CE/\u{1}Ole", b"x")],
        ),
        (
            "attachment_office_object",
            vec![("/PowerPoint Document", &object[..])],
        ),
        (
            "attachment_office_control",
            vec![("/Workbook", &book[..]), ("/Ctls", b"x")],
        ),
        (
            "attachment_office_field",
            vec![("/WordDocument", &wide[..])],
        ),
        (
            "attachment_office_field",
            vec![("/WordDocument", &b"\x13DDE c x"[..])],
        ),
        ("attachment_office_field", vec![("/Workbook", &link[..])]),
        ("attachment_office_remote", vec![("/Workbook", &other[..])]),
        (
            "attachment_office_macro",
            vec![("/Workbook", &commands[..])],
        ),
        (
            "attachment_office_macro",
            vec![("/WordDocument", &b"x"[..]), ("/Macros/VBA/dir", b"x")],
        ),
    ] {
        assert_eq!(said(&compound(&streams)), expected, "{streams:?}");
    }
    let torn = ole(&["Root Entry", "WordDocument"]);
    assert_eq!(said(&torn), "attachment_unreadable");
}
