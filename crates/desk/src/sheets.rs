//! Spreadsheets. What somebody typed is text there and never a formula.

use crate::error::ApiError;
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

/// A text that no spreadsheet takes for a formula, also after it was saved as CSV and opened again.
fn harmless(text: &str) -> String {
    let text: String = text.chars().take(CELL_MAX).collect();
    let begins = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠'
        )
    };
    if text.trim_start_matches(' ').starts_with(begins) {
        format!("'{text}")
    } else {
        text
    }
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
    let text = Format::new().set_num_format("@").set_text_wrap();
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
                    Cell::Text(t) => page.write_string_with_format(line, n, harmless(&t), &text),
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

    #[test]
    fn what_looks_like_a_formula_is_text() {
        for bad in [
            "=1+1",
            "+86 571",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "  =cmd|' /C calc'!A0",
            "＝1",
        ] {
            assert!(harmless(bad).starts_with('\''), "{bad}");
        }
        for good in ["王芳", "2026-09-30", "138 0013 8000", "4.2%", "a=b"] {
            assert_eq!(harmless(good), good);
        }
    }
}
