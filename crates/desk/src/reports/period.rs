//! Reports of a week, a month, a shift.

use super::table::{Report, Table};
use crate::{
    access::log::note,
    anchors::anchor,
    institution::numbers::SkippedView,
    office::{
        editions::procedure_title,
        handle::{Office, OpenOffice},
        state::OfficeState,
    },
    reports::{
        kinds::{
            besides::besides,
            cases_of,
            departments::{departments, one_by_one},
            handover::handover,
            review::management_review,
            rows,
            timeliness::timeliness,
            within,
        },
        owed::{owed, report_made},
        summary::{Period, summarise, summary, unknown},
    },
    text::{
        error::ApiError,
        file::FileResponse,
        spreadsheet::{Cell, Sheet},
        words,
    },
};
use redress_domain::{clock::Moment, id::PersonId};
use serde::Deserialize;
use ts_rs::TS;

/// Which report.
#[derive(Debug, Deserialize, TS)]
pub struct ReportRequest {
    /// `week`, `month`, `timeliness`, `management_review` or `handover`.
    pub kind: String,
    /// Only cases of this procedure.
    #[serde(default)]
    #[ts(optional)]
    pub procedure: Option<String>,
    /// The duty of the procedure that is fulfilled with it, by its id.
    #[serde(default)]
    #[ts(optional)]
    pub duty: Option<String>,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, `YYYY-MM-DD`.
    pub to: String,
    /// `pdf` or `xlsx`.
    pub format: String,
}

/// A report with the log's anchor; as a fulfilled duty where one is named.
///
/// # Errors
/// `value_unknown_choice`, `time_not_understood`, `period_unsound`, `unknown_procedure`, `unknown_report`,
/// `role_missing`.
pub(crate) async fn report_period(
    office: &Office,
    person: PersonId,
    r: ReportRequest,
) -> Result<FileResponse, ApiError> {
    let now = office.now();
    let period = Period::new(&r.from, &r.to, now)?;
    let open = office.open_office().await?;
    let state = open.state().await;
    let procedure = r.procedure.as_deref();
    if let Some(id) = procedure {
        open.newest(id)?;
    }
    let duty = match &r.duty {
        Some(duty) => Some(owed(&open, &state, person, procedure, duty, &r.kind)?),
        None => None,
    };
    let said = said(&open, &state, person, &r, &period, now).await?;
    let title = match (&duty, procedure) {
        (Some(d), _) => d.title.clone(),
        (None, Some(id)) => format!("{}（{}）", said.title, procedure_title(&open, id)),
        (None, None) => said.title,
    };
    let to = duty.as_ref().map(|d| d.to.clone()).unwrap_or_default();
    let made = finish(
        office,
        &open,
        person,
        title,
        &period,
        (said.tables, said.signs, to),
        &r.format,
    )
    .await?;
    let (from, until) = period.days;
    let name = format!("redress-{}-{from}-{until}.{}", r.kind, r.format);
    note(office, &open, person, "report", None, Some(&name), "").await?;
    if let (Some(_), Some(duty), Some(procedure)) = (duty, r.duty, r.procedure) {
        report_made(office, person, procedure, duty, period.days).await?;
    }
    Ok(FileResponse {
        name,
        bytes: made.into(),
    })
}

/// What a report says before it is drawn.
struct Said {
    title: String,
    tables: Vec<Table>,
    signs: [&'static str; 2],
}

/// The tables of a kind of report, over what is there for whoever asks.
async fn said(
    open: &OpenOffice,
    state: &OfficeState,
    person: PersonId,
    r: &ReportRequest,
    period: &Period,
    now: Moment,
) -> Result<Said, ApiError> {
    let name = |p| state.name(p);
    let viewer = open.viewer(person, now).await;
    let rows = rows(open, r.procedure.as_deref(), &viewer).await?;
    let seconds = period.seconds;
    let (title, tables, signs) = match r.kind.as_str() {
        kind @ ("week" | "month") => {
            let sum = summarise(rows.clone(), seconds.0, seconds.1);
            let mut tables = summary(open, &sum, seconds.1, now);
            let cases = cases_of(open, &within(rows, seconds)).await?;
            let mut by = vec![departments(open, &cases, seconds, &viewer, &name)];
            // The summary of one procedure lists its sheets (L55).
            if r.procedure.is_some() {
                by.push(one_by_one(&cases, seconds, &viewer, &name));
            }
            tables.splice(1..1, by);
            tables.extend(besides(open, &cases, seconds, &viewer, &name));
            let word = if kind == "week" { "周" } else { "月" };
            (format!("投诉处理{word}汇总"), tables, ["制表人", "审阅人"])
        }
        "timeliness" => {
            let cases = cases_of(open, &within(rows, seconds)).await?;
            let mut tables = timeliness(open, &cases, seconds);
            tables.extend(besides(open, &cases, seconds, &viewer, &name));
            ("及时性考核".to_owned(), tables, ["考核人", "审阅人"])
        }
        "management_review" => {
            let cases = cases_of(open, &within(rows, seconds)).await?;
            let tables = management_review(&cases, seconds, &name);
            let title = "管理评审输入：重大投诉".to_owned();
            (title, tables, ["汇总人", "批准"])
        }
        "handover" => {
            let tables = handover(open, &rows, now);
            ("交接班单".to_owned(), tables, ["交班人", "接班人"])
        }
        _ => return Err(unknown("报告种类", &r.kind)),
    };
    Ok(Said {
        title,
        tables,
        signs,
    })
}

/// A report drawn, with its period, who made it, for whom, and the log's anchor.
pub(crate) async fn finish(
    office: &Office,
    open: &OpenOffice,
    person: PersonId,
    title: String,
    period: &Period,
    (tables, signs, to): (Vec<Table>, [&'static str; 2], String),
    format: &str,
) -> Result<Vec<u8>, ApiError> {
    let now = office.now();
    let by = open.state().await.name(person);
    let mut facts = vec![
        ("期间", period.words()),
        ("制表", format!("{by}　{}", words::moment(now))),
    ];
    if !to.is_empty() {
        facts.push(("报送", to));
    }
    facts.push(("记录锚点", anchor(open).await?));
    let report = Report {
        title,
        facts,
        tables,
        signs,
    };
    match format {
        "pdf" => report.paper(open, now).await,
        "xlsx" => report.sheets(now),
        other => Err(unknown("格式", other)),
    }
}

/// Numbers that no case of this office has, and why: a gap in the list is none in the record.
pub(crate) fn skipped_numbers(all: Vec<SkippedView>) -> Sheet {
    let heads = [
        ("程序文件", 34),
        ("跳过的编号（起）", 20),
        ("（止）", 20),
        ("个数", 8),
        ("原因", 40),
    ];
    let rows = all.into_iter().map(|s| {
        vec![
            Cell::from(s.title),
            s.first.into(),
            s.last.into(),
            Cell::Number(s.count),
            format!(
                "恢复备份前已经用过，{}登记",
                s.at.get(..10).unwrap_or(&s.at)
            )
            .into(),
        ]
    });
    Sheet {
        name: "跳过的编号",
        heads: heads.map(|(t, w)| (t.to_owned(), w)).to_vec(),
        rows: rows.collect(),
    }
}
