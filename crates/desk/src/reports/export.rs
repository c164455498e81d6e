//! The case list as a spreadsheet.

use crate::{
    access::log::note,
    cases::lists::{CaseListRequest, case_list},
    institution::numbers::skipped,
    office::handle::Office,
    reports::{period::skipped_numbers, summary::status_word},
    text::{
        error::ApiError,
        file::FileResponse,
        spreadsheet::{Cell, Sheet, workbook},
    },
};
use redress_domain::{calendar, id::PersonId};

/// Rows of an exported list, at most.
const EXPORT_MAX: usize = 10_000;

/// The case list as a spreadsheet: as much as the person sees on the screen, and no more.
///
/// # Errors
/// `export_too_large`, and those of the list.
pub(crate) async fn export_xlsx(
    office: &Office,
    person: PersonId,
    mut r: CaseListRequest,
) -> Result<FileResponse, ApiError> {
    let desk = office.desk().await?;
    let now = office.now();
    let mut rows = Vec::new();
    (r.cursor, r.limit) = (None, Some(crate::cases::lists::PAGE_MAX));
    loop {
        let page = case_list(office, person, r.clone()).await?;
        rows.extend(page.rows);
        if rows.len() > EXPORT_MAX {
            return Err(ApiError::new("export_too_large").with("max", EXPORT_MAX));
        }
        r.cursor = page.next;
        if r.cursor.is_none() {
            break;
        }
    }
    let cells = rows.into_iter().map(|l| {
        let what = if l.hidden {
            "保密案件".to_owned()
        } else {
            l.headline
        };
        let day = |t: &str| {
            let at = calendar::moment(t);
            at.map_or_else(|| t.to_owned(), |m| m.format("%Y-%m-%d %H:%M").to_string())
        };
        vec![
            Cell::from(l.number),
            what.into(),
            l.complainant.into(),
            status_word(&l.status).into(),
            l.step_title.into(),
            day(&l.received_at).into(),
            l.due.as_deref().map(day).unwrap_or_default().into(),
        ]
    });
    let sheet = Sheet {
        name: "案件",
        heads: [
            ("编号", 16),
            ("事项", 34),
            ("投诉人", 16),
            ("状态", 10),
            ("所处环节", 18),
            ("接到时间", 18),
            ("最近到期", 18),
        ]
        .map(|(t, w)| (t.to_owned(), w))
        .to_vec(),
        rows: cells.collect(),
    };
    let mut sheets = vec![sheet];
    let skipped = skipped(&desk).await;
    if !skipped.is_empty() {
        sheets.push(skipped_numbers(skipped));
    }
    let bytes = workbook(sheets)?;
    note(
        office,
        &desk,
        person,
        "export",
        None,
        Some("cases.xlsx"),
        "",
    )
    .await?;
    Ok(FileResponse {
        name: format!("redress-cases-{}.xlsx", now.format("%Y%m%d-%H%M%S")),
        bytes: bytes.into(),
    })
}
