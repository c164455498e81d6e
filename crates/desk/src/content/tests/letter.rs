//! What hangs on a letter or a page.

use super::{compound, ofd, real, said, zip};

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

const ATTACHMENT: &str =
    "Content-Type: application/octet-stream; name=\"a\"\r\nContent-Disposition: attachment";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";
const EXE: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff";

/// A program stays refused, however it is carried.
#[test]
fn what_hangs_on_a_letter_is_looked_at() {
    for (what, expected, bytes) in [
        ("a picture in a letter", "eml", letter(ATTACHMENT, PNG)),
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
            letter(ATTACHMENT, EXE),
        ),
        (
            "a program called a text",
            "attachment_letter_inside",
            letter("Content-Type: text/plain", EXE),
        ),
        (
            "a page that hangs on a letter",
            "attachment_letter_inside",
            letter(ATTACHMENT, b"<html><script>1</script></html>"),
        ),
        (
            "an archive in a letter",
            "attachment_letter_inside",
            letter(ATTACHMENT, &zip(&[("a.exe", "MZ")])),
        ),
        (
            "a program in a letter in a letter",
            "attachment_letter_inside",
            letter(ATTACHMENT, &letter(ATTACHMENT, EXE)),
        ),
    ] {
        assert_eq!(said(&bytes), expected, "{what}");
    }
}

#[test]
fn what_hangs_on_a_letter_of_outlook_is_looked_at() {
    let outlook = |content: &[u8]| {
        compound(&[
            ("__properties_version1.0", b"".as_slice()),
            ("__attach_version1.0_#00000000/__properties_version1.0", b""),
            (
                "__attach_version1.0_#00000000/__substg1.0_37010102",
                content,
            ),
        ])
    };
    for (what, expected, bytes) in [
        ("a picture in Outlook's", "msg", outlook(PNG)),
        (
            "a program in Outlook's",
            "attachment_letter_inside",
            outlook(EXE),
        ),
        (
            "a script in Outlook's",
            "attachment_letter_inside",
            outlook(b"#!/bin/sh\nx"),
        ),
        (
            "a letter in Outlook's",
            "msg",
            outlook(&letter(ATTACHMENT, PNG)),
        ),
        (
            "a program deep in Outlook's",
            "attachment_letter_inside",
            outlook(&outlook(EXE)),
        ),
        (
            "an object in Outlook's",
            "attachment_letter_inside",
            real(&[
                "__properties_version1.0",
                "__attach_version1.0_#00000000/\u{1}Ole10Native",
            ]),
        ),
    ] {
        assert_eq!(said(&bytes), expected, "{what}");
    }
}

#[test]
fn what_hangs_on_a_page_is_looked_at() {
    let open = "<ofd:Document xmlns:ofd='x'><ofd:Actions><ofd:Action Event=\"DO\"><ofd:URI URI=\"http://x\"/></ofd:Action></ofd:Actions></ofd:Document>";
    let click = "<ofd:Page><ofd:Actions><ofd:Action Event=\"CLICK\"><ofd:URI URI=\"http://x\"/></ofd:Action></ofd:Actions></ofd:Page>";
    for (what, expected, bytes) in [
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
    ] {
        assert_eq!(said(&bytes), expected, "{what}");
    }
}

#[test]
fn what_stands_in_a_document_of_wps_is_looked_at() {
    for (what, expected, bytes) in [
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
