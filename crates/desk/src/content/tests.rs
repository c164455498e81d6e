//! Small real files of every kind, and what is refused whatever it is called.

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
    let mut out = super::macros::OLE.to_vec();
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

fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let gb = encoding_rs::GB18030.encode("投诉人来电：排队太久。").0;
    vec![
        ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj".to_vec()),
        ("jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01".to_vec()),
        ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01".to_vec()),
        ("gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
        ("bmp", b"BM\x1e\0\0\0\0\0\0\0\x1a\0\0\0".to_vec()),
        ("tif", b"II*\0\x08\0\0\0\0\0\0\0\0\0".to_vec()),
        ("tif", b"MM\0*\0\0\0\x08\0\0\0\0\0\0".to_vec()),
        ("webp", riff(b"WEBPVP8 ")),
        ("heic", ftyp("heic")),
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
        ("ofd", ofd(&[])),
        ("ofd", ofd(&[("Doc_0/Attachs/original_invoice.xml", "<invoice/>")])),
        ("msg", ole(&["Root Entry", "__nameid_version1.0", "__properties_version1.0"])),
        ("msg", ole(&["Root Entry", "__properties_version1.0", "__attach_version1.0_#00000000", "WordDocument"])),
        ("docx", zip(&[("[Content_Types].xml", "<Types><Override ContentType=\"application/vnd.wps-officedocument.wordprocessing.document\"/></Types>")])),
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

#[test]
fn what_starts_something_is_refused() {
    let macros = "<Types><Override ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/></Types>";
    let docx = "<Types><Override ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let refused: Vec<(&str, Vec<u8>)> = vec![
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
    ];
    for (what, bytes) in refused {
        assert_eq!(ending(&bytes), "refused", "{what}");
    }
}

#[test]
fn a_refusal_names_the_kinds_and_nothing_of_the_file() {
    let refused = taken(b"MZ\x90\0").expect_err("an executable");
    assert_eq!(refused.code, "attachment_type");
    assert_eq!(refused.params.keys().collect::<Vec<_>>(), ["kinds"]);
    let kinds = refused.params["kinds"].as_str().unwrap_or_default();
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

/// A PDF with these objects besides its catalogue and one page.
fn pdf(catalog: &str, objects: &[&str]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut at = Vec::new();
    let fixed = [
        format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>".to_owned(),
    ];
    for (n, object) in fixed
        .iter()
        .map(String::as_str)
        .chain(objects.iter().copied())
        .enumerate()
    {
        at.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", at.len() + 1).bytes());
    for offset in &at {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = at.len() + 1;
    out.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    out
}

/// The same with its objects packed, as writers of today do.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut doc = lopdf::Document::load_mem(bytes).expect("a PDF");
    let mut out = Vec::new();
    doc.save_modern(&mut out).expect("written");
    out
}

fn said(bytes: &[u8]) -> String {
    taken(bytes).map_or_else(|e| e.code, |k| k.endings[0].to_owned())
}

#[test]
fn a_pdf_that_shows_pages_is_taken() {
    let signature = "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /Contents <00ff> /ByteRange [0 1 2 3] /M (D:20261126) >>";
    let link = "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /Type /Action /S /URI /URI (https://example.org) >> >>";
    for (what, bytes) in [
        ("plain", pdf("", &[])),
        ("begins at a page", pdf("/OpenAction [3 0 R /Fit]", &[])),
        (
            "begins at a page by an action",
            pdf("/OpenAction << /S /GoTo /D [3 0 R /Fit] >>", &[]),
        ),
        (
            "a form without a script, signed",
            pdf(
                "/AcroForm << /Fields [4 0 R] /SigFlags 3 >>",
                &["<< /FT /Sig /T (s) /V 5 0 R >>", signature],
            ),
        ),
        ("a link that is clicked", pdf("", &[link])),
        (
            "a text about scripts",
            pdf(
                "",
                &["<< /Length 26 >>\nstream\n(/JavaScript /Launch) Tj   \nendstream"],
            ),
        ),
        ("a name that begins alike", pdf("/JSX 1 /Launcher 2", &[])),
    ] {
        assert_eq!(said(&bytes), "pdf", "{what}");
        assert_eq!(said(&packed(&bytes)), "pdf", "{what}, packed");
    }
}

#[test]
fn a_pdf_that_does_something_is_refused_however_it_is_written() {
    let script = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>";
    for (expected, bytes) in [
        ("script", pdf("/OpenAction 4 0 R", &[script])),
        (
            "script",
            pdf("/OpenAction << /S /J#61vaScript /J#53 (x) >>", &[]),
        ),
        (
            "script",
            pdf(
                "/Names << /JavaScript << /Names [(a) 4 0 R] >> >>",
                &[script],
            ),
        ),
        (
            "script",
            pdf("/AA << /WC << /S /JavaScript /JS (x) >> >>", &[]),
        ),
        ("script", pdf("", &[script])),
        (
            "launch",
            pdf("/OpenAction << /S /Launch /F (cmd.exe) >>", &[]),
        ),
        (
            "launch",
            pdf("/OpenAction << /S /URI /URI (https://example.org) >>", &[]),
        ),
        (
            "launch",
            pdf(
                "/OpenAction 4 0 R",
                &["<< /Type /Action /S /URI /URI (https://example.org) >>"],
            ),
        ),
        (
            "launch",
            pdf(
                "/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 4 0 R >>",
                &["<< /S /URI /URI (x) >>"],
            ),
        ),
        (
            "launch",
            pdf("/OpenAction << /S /GoToR /F (\\\\\\\\host\\\\x) >>", &[]),
        ),
        (
            "launch",
            pdf("", &["<< /S /SubmitForm /F (https://example.org) >>"]),
        ),
        (
            "embedded",
            pdf("/Names << /EmbeddedFiles << /Names [] >> >>", &[]),
        ),
        (
            "embedded",
            pdf(
                "",
                &["<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream"],
            ),
        ),
        ("form", pdf("/AcroForm << /XFA 4 0 R >>", &["[]"])),
        (
            "media",
            pdf("", &["<< /Type /Annot /Subtype /RichMedia >>"]),
        ),
    ] {
        let code = format!("attachment_pdf_{expected}");
        assert_eq!(said(&bytes), code, "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(said(&packed(&bytes)), code, "packed");
        // A table that leads nowhere: a reader looks for the objects itself.
        let text = String::from_utf8_lossy(&bytes);
        if !text.contains("/URI") {
            let lost = text.replace("startxref", "startxxxx");
            assert_eq!(said(lost.as_bytes()), code, "without its table");
        }
    }
}

#[test]
fn a_pdf_that_nobody_can_look_into_is_refused() {
    let bytes = pdf(
        "",
        &[
            "<< /Filter /Standard /V 1 /R 2 /O (oooooooooooooooooooooooooooooooo) /U (uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu) /P -4 >>",
        ],
    );
    let text = String::from_utf8_lossy(&bytes)
        .replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 4 0 R /ID [(a) (a)]");
    assert_eq!(said(text.as_bytes()), "attachment_pdf_locked");
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    assert_eq!(said(&pdf("", &[&deep])), "attachment_too_packed");
    let mut bomb = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..80 {
        bomb.write_all(&[b' '; 1024 * 1024]).expect("packed");
    }
    let bomb = bomb.finish().expect("packed");
    let mut bytes = pdf("", &[]);
    let head = format!(
        "9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {} >>\nstream\n",
        bomb.len()
    );
    bytes.extend(head.bytes());
    bytes.extend(bomb);
    bytes.extend(b"\nendstream\nendobj\n");
    assert_eq!(said(&bytes), "attachment_too_packed");
}

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

/// An older document with these streams.
fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a file");
    for (path, bytes) in streams {
        let path = std::path::Path::new(path);
        if let Some(above) = path.parent() {
            file.create_storage_all(above).expect("a storage");
        }
        let mut stream = file.create_stream(path).expect("a stream");
        stream.write_all(bytes).expect("its bytes");
    }
    file.flush().expect("written");
    file.into_inner().into_inner()
}

#[test]
fn an_older_office_document_is_looked_into_as_well() {
    let sheet = |kind: u8| [&[0x85, 0, 8, 0, 0, 0, 0, 0, 0][..], &[kind, 1, b'A']].concat();
    let linked = |path: &[u8]| {
        let length = u16::try_from(path.len() + 5).expect("short").to_le_bytes();
        let count = u16::try_from(path.len()).expect("short").to_le_bytes();
        [&[0xAE, 1][..], &length, &[1, 0], &count, &[0], path].concat()
    };
    let (link, other) = (linked(b"cmd\x03/c x"), linked(b"\x01c:\x03a.xls"));
    let slide = |kind: u16| {
        let inner = [&[0, 0][..], &kind.to_le_bytes(), &[0, 0, 0, 0]].concat();
        let length = u32::try_from(inner.len()).expect("short").to_le_bytes();
        [&[0x0F, 0, 0xE8, 0x03][..], &length, &inner].concat()
    };
    let wide: Vec<u8> = "\u{13} DDEAUTO c:\\x"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let (book, notes, object) = (sheet(0), slide(0x03F0), slide(0x1011));
    let commands = sheet(1);
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
        ("attachment_unreadable", vec![]),
    ] {
        let bytes = if streams.is_empty() {
            ole(&["Root Entry", "WordDocument"])
        } else {
            compound(&streams)
        };
        assert_eq!(said(&bytes), expected, "{streams:?}");
    }
}

/// C10: what an office gets besides PDF and Office is taken for what it is, under its own ending.
#[test]
fn the_endings_of_an_office_are_kept() {
    use crate::content::file_name::kept;
    let table: [(&str, Vec<u8>, &str, &str); 12] = [
        ("电子发票.ofd", ofd(&[]), "电子发票.ofd", "application/ofd"),
        (
            "说明.wps",
            real(&["WordDocument"]),
            "说明.wps",
            "application/msword",
        ),
        (
            "说明.wps",
            document("wordprocessingml.document", "word/document.xml"),
            "说明.wps",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "台账.et",
            real(&["Workbook", "ETExtData"]),
            "台账.et",
            "application/vnd.ms-excel",
        ),
        (
            "台账.ET",
            document("spreadsheetml.sheet", "xl/workbook.xml"),
            "台账.ET",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            "汇报.dps",
            real(&["PowerPoint Document"]),
            "汇报.dps",
            "application/vnd.ms-powerpoint",
        ),
        (
            "汇报.dps",
            document("presentationml.presentation", "ppt/presentation.xml"),
            "汇报.dps",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        (
            "投诉.msg",
            real(&["__properties_version1.0", "__substg1.0_1000001F"]),
            "投诉.msg",
            "application/vnd.ms-outlook",
        ),
        (
            "投诉.eml",
            b"From: a@b.cn\nTo: b@b.cn\n\nhi".to_vec(),
            "投诉.eml",
            "message/rfc822",
        ),
        (
            "投诉.txt",
            b"From: a@b.cn\nTo: b@b.cn\n\nhi".to_vec(),
            "投诉.txt.eml",
            "message/rfc822",
        ),
        (
            "记录.eml",
            b"just a note".to_vec(),
            "记录.eml.txt",
            "text/plain",
        ),
        ("发票.zip", ofd(&[]), "发票.zip.ofd", "application/ofd"),
    ];
    for (given, bytes, name, media) in table {
        let kind = taken(&bytes).unwrap_or_else(|e| panic!("{given}: {}", e.code));
        assert_eq!(kept(given, &kind).as_deref(), Some(name), "{given}");
        assert_eq!(kind.media, media, "{given}");
    }
}

/// A compound file that reads back, with these streams; a name with a slash stands in a storage.
fn real(streams: &[&str]) -> Vec<u8> {
    filled(
        &streams
            .iter()
            .map(|s| (*s, b"".as_slice()))
            .collect::<Vec<_>>(),
    )
}

fn filled(streams: &[(&str, &[u8])]) -> Vec<u8> {
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

fn letter(heads: &str, bytes: &[u8]) -> Vec<u8> {
    use base64::Engine;
    let body = base64::engine::general_purpose::STANDARD.encode(bytes);
    let lines: Vec<String> = body
        .as_bytes()
        .chunks(76)
        .map(|c| String::from_utf8_lossy(c).into_owned())
        .collect();
    format!(
        "From: a@b.cn\r\nTo: b@b.cn\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n\
         --x\r\nContent-Type: text/plain\r\n\r\nsee below\r\n--x\r\n{heads}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--x--\r\n",
        lines.join("\r\n")
    )
    .into_bytes()
}

/// A program stays refused, however it is carried.
#[test]
fn what_hangs_on_a_letter_or_a_page_is_looked_at() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01".to_vec();
    let exe = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff".to_vec();
    let outlook = |content: &[u8]| {
        filled(&[
            ("__properties_version1.0", b"".as_slice()),
            ("__attach_version1.0_#00000000/__properties_version1.0", b""),
            (
                "__attach_version1.0_#00000000/__substg1.0_37010102",
                content,
            ),
        ])
    };
    let attachment =
        "Content-Type: application/octet-stream; name=\"a\"\r\nContent-Disposition: attachment";
    let open = "<ofd:Document xmlns:ofd='x'><ofd:Actions><ofd:Action Event=\"DO\"><ofd:URI URI=\"http://x\"/></ofd:Action></ofd:Actions></ofd:Document>";
    let click = "<ofd:Page><ofd:Actions><ofd:Action Event=\"CLICK\"><ofd:URI URI=\"http://x\"/></ofd:Action></ofd:Actions></ofd:Page>";
    for (what, expected, bytes) in [
        ("a picture in a letter", "eml", letter(attachment, &png)),
        (
            "a text in a letter",
            "eml",
            letter("Content-Type: text/plain; charset=utf-8", "您好".as_bytes()),
        ),
        (
            "a page in a letter",
            "eml",
            letter("Content-Type: text/html", b"<html><b>x</b></html>"),
        ),
        (
            "a program in a letter",
            "attachment_letter_inside",
            letter(attachment, &exe),
        ),
        (
            "a program called a text",
            "attachment_letter_inside",
            letter("Content-Type: text/plain", &exe),
        ),
        (
            "a page that hangs on a letter",
            "attachment_letter_inside",
            letter(attachment, b"<html><script>1</script></html>"),
        ),
        (
            "an archive in a letter",
            "attachment_letter_inside",
            letter(attachment, &zip(&[("a.exe", "MZ")])),
        ),
        (
            "a program in a letter in a letter",
            "attachment_letter_inside",
            letter(attachment, &letter(attachment, &exe)),
        ),
        ("a picture in Outlook's", "msg", outlook(&png)),
        (
            "a program in Outlook's",
            "attachment_letter_inside",
            outlook(&exe),
        ),
        (
            "a script in Outlook's",
            "attachment_letter_inside",
            outlook(b"#!/bin/sh\nx"),
        ),
        (
            "a letter in Outlook's",
            "msg",
            outlook(&letter(attachment, &png)),
        ),
        (
            "a program deep in Outlook's",
            "attachment_letter_inside",
            outlook(&outlook(&exe)),
        ),
        (
            "an object in Outlook's",
            "attachment_letter_inside",
            real(&[
                "__properties_version1.0",
                "__attach_version1.0_#00000000/\u{1}Ole10Native",
            ]),
        ),
        (
            "a link on a page",
            "ofd",
            ofd(&[("Doc_0/Pages/Page_1/Content.xml", click)]),
        ),
        (
            "what is opened with it",
            "attachment_ofd_launch",
            ofd(&[("Doc_0/Annots.xml", open)]),
        ),
        (
            "a program in it",
            "attachment_ofd_embedded",
            ofd(&[("Doc_0/Attachs/a.bin", "MZ\u{90}")]),
        ),
        (
            "a script in it",
            "attachment_ofd_embedded",
            ofd(&[("Doc_0/Res/a.sh", "#!/bin/sh")]),
        ),
        (
            "a page in it",
            "attachment_ofd_embedded",
            ofd(&[("Doc_0/Attachs/a.htm", "<html>x</html>")]),
        ),
        (
            "a zip that is none",
            "attachment_type",
            zip(&[("OFD.xml", "<x/>")]),
        ),
        (
            "WPS with macros",
            "attachment_office_macro",
            real(&["WordDocument", "Macros/VBA/dir"]),
        ),
        (
            "a sheet of WPS with an object",
            "attachment_office_object",
            real(&["Workbook", "MBD0001/\u{1}Ole10Native"]),
        ),
    ] {
        assert_eq!(said(&bytes), expected, "{what}");
    }
}
