//! The endings under which files are kept.

use super::{document, ofd, real};
use crate::content::{file_name::kept, taken};

/// What is given, its bytes, the name under which it is kept, and its media type.
type Given<'a> = (&'a str, Vec<u8>, &'a str, &'a str);

fn are_kept<'a>(table: impl IntoIterator<Item = Given<'a>>) {
    for (given, bytes, name, media) in table {
        let kind = taken(&bytes).unwrap_or_else(|e| panic!("{given}: {}", e.code));
        assert_eq!(kept(given, &kind).as_deref(), Some(name), "{given}");
        assert_eq!(kind.media, media, "{given}");
    }
}

/// C10: what an office gets besides PDF and Office is taken for what it is, under its own ending.
#[test]
fn the_endings_of_an_office_are_kept() {
    are_kept([
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
    ]);
}

#[test]
fn what_is_called_otherwise_gets_the_ending_of_what_it_is() {
    are_kept([
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
    ]);
}
