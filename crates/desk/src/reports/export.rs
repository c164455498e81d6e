//! The case list as a spreadsheet.

use crate::{
    access::log::note,
    cases::lists::{CaseLine, CaseListRequest, PAGE_MAX, case_list},
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
    r: CaseListRequest,
) -> Result<FileResponse, ApiError> {
    let open = office.open_office().await?;
    let now = office.now();
    let rows = every_page(office, person, r).await?;
    let mut sheets = vec![cases_sheet(rows)];
    let skipped = skipped(&open).await;
    if !skipped.is_empty() {
        sheets.push(skipped_numbers(skipped));
    }
    let bytes = workbook(sheets)?;
    note(
        office,
        &open,
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

/// All rows that match, page by page.
///
/// # Errors
/// `export_too_large`, and those of the list.
async fn every_page(
    office: &Office,
    person: PersonId,
    mut r: CaseListRequest,
) -> Result<Vec<CaseLine>, ApiError> {
    let mut rows = Vec::new();
    (r.cursor, r.limit) = (None, Some(PAGE_MAX));
    loop {
        let page = case_list(office, person, r.clone()).await?;
        rows.extend(page.rows);
        if rows.len() > EXPORT_MAX {
            return Err(ApiError::new("export_too_large").with("max", EXPORT_MAX));
        }
        r.cursor = page.next;
        if r.cursor.is_none() {
            return Ok(rows);
        }
    }
}

fn cases_sheet(rows: Vec<CaseLine>) -> Sheet {
    let moment = |t: &str| {
        let at = calendar::moment(t);
        at.map_or_else(|| t.to_owned(), |m| m.format("%Y-%m-%d %H:%M").to_string())
    };
    let cells = rows.into_iter().map(|l| {
        let what = match l.hidden {
            true => "保密案件".to_owned(),
            false => l.headline,
        };
        vec![
            Cell::from(l.number),
            what.into(),
            l.complainant.into(),
            status_word(&l.status).into(),
            l.step_title.into(),
            moment(&l.received_at).into(),
            l.due.as_deref().map(moment).unwrap_or_default().into(),
        ]
    });
    let heads = [
        ("编号", 16),
        ("事项", 34),
        ("投诉人", 16),
        ("状态", 10),
        ("所处环节", 18),
        ("接到时间", 18),
        ("最近到期", 18),
    ];
    Sheet {
        name: "案件",
        heads: heads.map(|(t, w)| (t.to_owned(), w)).to_vec(),
        rows: cells.collect(),
    }
}
