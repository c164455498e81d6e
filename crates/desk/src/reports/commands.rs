//! Commands of this room: reports and exports.

use crate::{
    cases::lists::CaseListRequest,
    office::command::{Nothing, commands},
    reports::{
        book::{BookRequest, report_book},
        export::export_xlsx,
        owed::{DutiesView, report_due},
        period::{ReportRequest, report_period},
    },
    text::file::FileResponse,
};

commands! {
    "report.book", "A book over cases, e.g. of hand-overs and returns.", Reader(stale Records), BookRequest => FileResponse,
        |c, r| report_book(c.office, c.me()?, r).await?;
    "report.due", "Reports that I owe now, and those that were made.", Reader(reads Reports | Cases), Nothing => DutiesView,
        |c, r| report_due(c.office, c.me()?).await?;
    "report.period", "Summaries of a week or a month, timeliness, management review, handover; with the log's anchor.", Reader(stale Reports | Records), ReportRequest => FileResponse,
        |c, r| report_period(c.office, c.me()?, r).await?;
    "export.xlsx", "The case list as a spreadsheet: as much as the person sees.", Reader, CaseListRequest => FileResponse,
        |c, r| export_xlsx(c.office, c.me()?, r).await?;
}
