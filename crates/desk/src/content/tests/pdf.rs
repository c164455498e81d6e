//! What a PDF does besides showing pages.

use super::said;
use std::io::Write;

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

fn scripts() -> Vec<Vec<u8>> {
    let script = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>";
    vec![
        pdf("/OpenAction 4 0 R", &[script]),
        pdf("/OpenAction << /S /J#61vaScript /J#53 (x) >>", &[]),
        pdf(
            "/Names << /JavaScript << /Names [(a) 4 0 R] >> >>",
            &[script],
        ),
        pdf("/AA << /WC << /S /JavaScript /JS (x) >> >>", &[]),
        pdf("", &[script]),
    ]
}

fn launches() -> Vec<Vec<u8>> {
    vec![
        pdf("/OpenAction << /S /Launch /F (cmd.exe) >>", &[]),
        pdf("/OpenAction << /S /URI /URI (https://example.org) >>", &[]),
        pdf(
            "/OpenAction 4 0 R",
            &["<< /Type /Action /S /URI /URI (https://example.org) >>"],
        ),
        pdf(
            "/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 4 0 R >>",
            &["<< /S /URI /URI (x) >>"],
        ),
        pdf("/OpenAction << /S /GoToR /F (\\\\\\\\host\\\\x) >>", &[]),
        pdf("", &["<< /S /SubmitForm /F (https://example.org) >>"]),
    ]
}

#[test]
fn a_pdf_that_does_something_is_refused_however_it_is_written() {
    let of = |code: &'static str, all: Vec<Vec<u8>>| all.into_iter().map(move |b| (code, b));
    let others = [
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
    ];
    let all = of("script", scripts()).chain(of("launch", launches()));
    for (expected, bytes) in all.chain(others) {
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
