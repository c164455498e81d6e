//! Spreadsheets. What somebody typed is text there and never a formula.

use crate::text::error::ApiError;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// One cell.
pub(crate) enum Cell {
    /// Words, as somebody may have typed them.
    Text(String),
    /// A count.
    Number(i64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// One sheet with its heads.
pub(crate) struct Sheet {
    /// On its tab.
    pub(crate) name: &'static str,
    /// Heads of the columns, with their widths in characters.
    pub(crate) heads: Vec<(String, u16)>,
    /// Lines.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// Characters that a spreadsheet's cell holds at most.
const CELL_MAX: usize = 32_000;

/// A text as it was typed, as far as a cell holds it. A cell that says of itself that it is text is never calculated: no
/// sign is put before `=`, `+`, `-` or `@` (docs/decisions/0012).
fn text(typed: &str) -> String {
    typed.chars().take(CELL_MAX).collect()
}

fn failed(e: XlsxError) -> ApiError {
    ApiError::internal(e)
}

/// The bytes of an xlsx file.
///
/// # Errors
/// `internal` where the library refuses.
pub(crate) fn workbook(sheets: Vec<Sheet>) -> Result<Vec<u8>, ApiError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_text_wrap();
    let words = Format::new().set_num_format("@").set_text_wrap();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(sheet.name).map_err(failed)?;
        for (n, (title, width)) in sheet.heads.iter().enumerate() {
            let n = u16::try_from(n).unwrap_or(u16::MAX);
            page.set_column_width(n, f64::from(*width))
                .map_err(failed)?;
            page.write_string_with_format(0, n, title, &head)
                .map_err(failed)?;
        }
        for (line, row) in sheet.rows.into_iter().enumerate() {
            let line = u32::try_from(line + 1).unwrap_or(u32::MAX);
            for (n, cell) in row.into_iter().enumerate() {
                let n = u16::try_from(n).unwrap_or(u16::MAX);
                match cell {
                    Cell::Text(t) => page.write_string_with_format(line, n, text(&t), &words),
                    #[expect(clippy::cast_precision_loss, reason = "counts of cases")]
                    Cell::Number(v) => page.write_number(line, n, v as f64),
                }
                .map_err(failed)?;
            }
        }
        page.set_freeze_panes(1, 0).map_err(failed)?;
    }
    book.save_to_buffer().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quick_xml::{Reader, events::Event};
    use std::io::{Cursor, Read};

    /// One part of the file as text.
    fn part(book: &[u8], name: &str) -> String {
        let mut zip = zip::ZipArchive::new(Cursor::new(book)).expect("a zip");
        let mut text = String::new();
        let mut part = zip.by_name(name).expect(name);
        part.read_to_string(&mut text).expect("text");
        text
    }

    /// The shared texts, in order, as a reader takes them.
    fn shared(book: &[u8]) -> Vec<String> {
        let xml = part(book, "xl/sharedStrings.xml");
        let mut reader = Reader::from_str(&xml);
        let (mut all, mut within) = (Vec::new(), false);
        loop {
            match reader.read_event().expect("sound") {
                Event::Eof => return all,
                Event::Start(e) if e.local_name().as_ref() == "t" => {
                    within = true;
                    all.push(String::new());
                }
                Event::End(e) if e.local_name().as_ref() == "t" => within = false,
                Event::Text(t) if within => {
                    if let Some(last) = all.last_mut() {
                        last.push_str(t.as_ref());
                    }
                }
                Event::GeneralRef(r) if within => {
                    let written = format!("&{};", r.as_ref());
                    let plain = quick_xml::escape::unescape(&written).expect("a sign");
                    if let Some(last) = all.last_mut() {
                        last.push_str(&plain);
                    }
                }
                _ => {}
            }
        }
    }

    /// C35: read back, each text is what was typed, in a cell that says that it is text, and nothing is a formula.
    #[test]
    fn what_was_typed_is_read_back_as_it_was() {
        let typed = [
            "=1+1",
            "+86 571",
            "-王芳",
            "@SUM(A1)",
            "\t=1",
            "  =cmd|' /C calc'!A0",
            "＝1",
            "'quoted",
            "王芳 <a&b> \"x\"",
            "110101199003074258",
            "013800138000",
            "2026-09-30",
            "=HYPERLINK(\"http://x\",\"y\")",
        ];
        let rows = typed.iter().map(|t| vec![Cell::from(*t), Cell::Number(3)]);
        let sheet = Sheet {
            name: "案件",
            heads: vec![("=头".to_owned(), 10), ("数".to_owned(), 10)],
            rows: rows.collect(),
        };
        let book = workbook(vec![sheet]).expect("a book");
        let texts = shared(&book);
        for t in typed.iter().chain(&["=头"]) {
            assert!(texts.iter().any(|x| x == t), "{t:?} in {texts:?}");
        }
        let cells = part(&book, "xl/worksheets/sheet1.xml");
        assert!(
            !cells.contains("<f>") && !cells.contains("<f "),
            "a formula"
        );
        let text = cells.matches("t=\"s\"").count();
        assert_eq!(text, typed.len() + 2, "{cells}");
        assert!(!part(&book, "xl/styles.xml").contains("quotePrefix"));
    }
}
