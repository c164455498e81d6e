//! Reports over a period or a shift, books over cases, and the case list as a spreadsheet.

pub(crate) mod commands;
pub(crate) mod owed;

mod kinds;
mod table;

use crate::{
    access::log::note,
    anchors::anchor,
    cases::lists::{CaseListRequest, case_list},
    institution::numbers::{SkippedView, skipped},
    office::editions::procedure_title,
    office::handle::{Office, OpenOffice},
    reports::kinds::cases_of,
    reports::owed::report_made,
    text::error::ApiError,
    text::file::FileResponse,
    text::spreadsheet::{Cell, Sheet, workbook},
    text::words,
};
use chrono::{Days, NaiveDate};
use redress_domain::{calendar, clock::Moment, id::PersonId};
use redress_store::{CaseRow, ClockRow, TaskRow};
use serde::Deserialize;
use std::collections::BTreeMap;
use table::{Report, Table};
use ts_rs::TS;

/// Days of one summary, at most.
const DAYS_MAX: i64 = 366;
/// Rows of an exported list, at most.
const EXPORT_MAX: usize = 10_000;

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

/// Which book.
#[derive(Debug, Deserialize, TS)]
pub struct BookRequest {
    /// Procedure.
    pub procedure: String,
    /// Its book.
    pub book: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, `YYYY-MM-DD`.
    pub to: String,
    /// `pdf` or `xlsx`.
    pub format: String,
}

/// The figures of one procedure.
#[derive(Debug, Default, PartialEq, Eq)]
struct Figures {
    received: i64,
    closed: i64,
    closed_late: i64,
    open: i64,
    late: i64,
}

/// A case that is open and past due at the end of the period.
struct Late {
    number: String,
    step: String,
    clock: String,
    due: i64,
}

/// What a summary says; no personal value stands in it.
struct Summary {
    by_procedure: BTreeMap<String, Figures>,
    late: Vec<Late>,
}

fn seconds(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text).map_or(i64::MAX, |t| t.timestamp())
}

/// From the first second to the last of the days, in the office's own time.
fn bounds(from: NaiveDate, to: NaiveDate, like: Moment) -> Option<(i64, i64)> {
    let at = |d: NaiveDate| {
        let start = d.and_hms_opt(0, 0, 0)?;
        let start = start.and_local_timezone(*like.offset()).single()?;
        Some(start.timestamp())
    };
    Some((at(from)?, at(to.checked_add_days(Days::new(1))?)?))
}

/// Counts what was received and closed between two moments, and what is open and late at the second.
fn summarise(cases: Vec<(CaseRow, Vec<ClockRow>, Vec<TaskRow>)>, from: i64, to: i64) -> Summary {
    let mut sum = Summary {
        by_procedure: BTreeMap::new(),
        late: Vec::new(),
    };
    for (row, clocks, _) in cases {
        // A void number is no complaint.
        if seconds(&row.entered_at) >= to || row.status == "voided" {
            continue;
        }
        let f = sum.by_procedure.entry(row.procedure.clone()).or_default();
        let ended = row.ended_at.as_deref().map(seconds).filter(|t| *t < to);
        f.received += i64::from(seconds(&row.received_at) >= from);
        let missed = |until: i64| {
            let over = |c: &&ClockRow| {
                let stopped = c.stopped_at.filter(|s| *s < to).unwrap_or(until);
                c.due_at.is_some_and(|due| due < stopped)
            };
            clocks.iter().filter(over).min_by_key(|c| c.due_at)
        };
        match ended {
            Some(at) if at >= from => {
                f.closed += 1;
                f.closed_late += i64::from(missed(at).is_some());
            }
            Some(_) => {}
            None => {
                f.open += 1;
                let running = clocks
                    .iter()
                    .filter(|c| c.stopped_at.is_none_or(|s| s >= to));
                let over = running
                    .filter(|c| c.due_at.is_some_and(|d| d < to))
                    .min_by_key(|c| c.due_at);
                if let Some(c) = over {
                    f.late += 1;
                    sum.late.push(Late {
                        number: row.number,
                        step: row.step_title,
                        clock: c.title.clone(),
                        due: c.due_at.unwrap_or_default(),
                    });
                }
            }
        }
    }
    sum.late.sort_by_key(|l| l.due);
    sum
}

/// `2天3小时`.
fn span(seconds: i64) -> String {
    let hours = seconds / 3600;
    match (hours / 24, hours % 24) {
        (0, 0) => "不到1小时".to_owned(),
        (0, h) => format!("{h}小时"),
        (d, 0) => format!("{d}天"),
        (d, h) => format!("{d}天{h}小时"),
    }
}

/// The days of a period, and its first and last second.
struct Period {
    days: (NaiveDate, NaiveDate),
    seconds: (i64, i64),
}

impl Period {
    /// # Errors
    /// `time_not_understood`, `period_unsound`.
    fn new(from: &str, to: &str, now: Moment) -> Result<Self, ApiError> {
        let day =
            |text: &str| calendar::day(text).ok_or_else(|| ApiError::new("time_not_understood"));
        let (from, to) = (day(from)?, day(to)?);
        let between = bounds(from, to, now).filter(|_| {
            from <= to && (to - from).num_days() < DAYS_MAX && from <= now.date_naive()
        });
        let (start, end) = between.ok_or_else(|| ApiError::new("period_unsound"))?;
        Ok(Self {
            days: (from, to),
            // A period that is not over is counted up to now.
            seconds: (start, end.min(now.timestamp())),
        })
    }

    fn words(&self) -> String {
        let (from, to) = self.days;
        format!("{} 至 {}", words::full_day(from), words::full_day(to))
    }
}

fn unknown(title: &str, choice: &str) -> ApiError {
    ApiError::new("value_unknown_choice")
        .with("title", title)
        .with("choice", choice)
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
    let desk = office.desk().await?;
    let house = desk.house().await;
    let name = |p| house.name(p);
    let procedure = r.procedure.as_deref();
    if let Some(id) = procedure {
        desk.newest(id)?;
    }
    let duty = match &r.duty {
        Some(duty) => Some(owed::owed(&desk, &house, person, procedure, duty, &r.kind)?),
        None => None,
    };
    let viewer = desk.viewer(person, now).await;
    let rows = kinds::rows(&desk, procedure, &viewer).await?;
    let seconds = period.seconds;
    let (title, tables, signs) = match r.kind.as_str() {
        kind @ ("week" | "month") => {
            let sum = summarise(rows.clone(), seconds.0, seconds.1);
            let mut tables = summary(&desk, &sum, seconds.1, now);
            let cases = cases_of(&desk, &kinds::within(rows, seconds)).await?;
            let mut by = kinds::departments(&desk, &cases, seconds, &viewer, &name);
            // The summary of one procedure lists its sheets (L55).
            if procedure.is_some() {
                by.push(kinds::one_by_one(&cases, seconds, &viewer, &name));
            }
            tables.splice(1..1, by);
            let besides = kinds::besides(&desk, &cases, seconds, &viewer, &name);
            tables.extend(besides);
            let word = if kind == "week" { "周" } else { "月" };
            (format!("投诉处理{word}汇总"), tables, ["制表人", "审阅人"])
        }
        "timeliness" => {
            let cases = cases_of(&desk, &kinds::within(rows, seconds)).await?;
            let mut tables = kinds::timeliness(&desk, &cases, seconds);
            let besides = kinds::besides(&desk, &cases, seconds, &viewer, &name);
            tables.extend(besides);
            ("及时性考核".to_owned(), tables, ["考核人", "审阅人"])
        }
        "management_review" => {
            let cases = cases_of(&desk, &kinds::within(rows, seconds)).await?;
            let tables = kinds::management_review(&cases, seconds, &name);
            (
                "管理评审输入：重大投诉".to_owned(),
                tables,
                ["汇总人", "批准"],
            )
        }
        "handover" => {
            let tables = kinds::handover(&desk, &rows, now);
            ("交接班单".to_owned(), tables, ["交班人", "接班人"])
        }
        _ => return Err(unknown("报告种类", &r.kind)),
    };
    let title = match (&duty, procedure) {
        (Some(d), _) => d.title.clone(),
        (None, Some(id)) => format!("{title}（{}）", procedure_title(&desk, id)),
        (None, None) => title,
    };
    let to = duty.as_ref().map(|d| d.to.clone()).unwrap_or_default();
    let made = finish(
        office,
        &desk,
        person,
        title,
        &period,
        (tables, signs, to),
        &r.format,
    )
    .await?;
    let (from, until) = period.days;
    let name = format!("redress-{}-{from}-{until}.{}", r.kind, r.format);
    note(office, &desk, person, "report", None, Some(&name), "").await?;
    if let (Some(_), Some(duty), Some(procedure)) = (duty, r.duty, r.procedure) {
        report_made(office, person, procedure, duty, period.days).await?;
    }
    Ok(FileResponse {
        name,
        bytes: made.into(),
    })
}

/// A book over cases, e.g. 交付/返回登记本.
///
/// # Errors
/// `unknown_procedure`, `unknown_report`, `role_missing`, `time_not_understood`, `period_unsound`.
pub(crate) async fn report_book(
    office: &Office,
    person: PersonId,
    r: BookRequest,
) -> Result<FileResponse, ApiError> {
    let now = office.now();
    let period = Period::new(&r.from, &r.to, now)?;
    let desk = office.desk().await?;
    let house = desk.house().await;
    let edition = desk.newest(&r.procedure)?;
    let mut books = edition.procedure.books.iter();
    let book = books.find(|b| b.id == r.book);
    let book = book.ok_or_else(|| ApiError::new("unknown_report").with("report", r.book))?;
    let account = house.people.get(&person).map(|p| p.account);
    let reads = account != Some(redress_domain::event::Account::Member);
    if !reads && house.roles(person, &r.procedure).is_empty() {
        return Err(ApiError::new("role_missing")
            .with("action", book.title.as_str())
            .with("who", ""));
    }
    let viewer = desk.viewer(person, now).await;
    let rows = kinds::rows(&desk, Some(&r.procedure), &viewer).await?;
    let cases = cases_of(&desk, &kinds::within(rows, period.seconds)).await?;
    let tables = kinds::book(book, &cases, (period.seconds, now), &viewer, &|p| {
        house.name(p)
    });
    let signs = ["登记人", "审阅人"];
    let made = finish(
        office,
        &desk,
        person,
        book.title.clone(),
        &period,
        (tables, signs, String::new()),
        &r.format,
    )
    .await?;
    let (from, to) = period.days;
    let name = format!("redress-{}-{from}-{to}.{}", book.id, r.format);
    note(office, &desk, person, "report", None, Some(&name), "").await?;
    Ok(FileResponse {
        name,
        bytes: made.into(),
    })
}

async fn finish(
    office: &Office,
    desk: &OpenOffice,
    person: PersonId,
    title: String,
    period: &Period,
    (tables, signs, to): (Vec<Table>, [&'static str; 2], String),
    format: &str,
) -> Result<Vec<u8>, ApiError> {
    let now = office.now();
    let by = desk.house().await.name(person);
    let mut facts = vec![
        ("期间", period.words()),
        ("制表", format!("{by}　{}", words::moment(now))),
    ];
    if !to.is_empty() {
        facts.push(("报送", to));
    }
    facts.push(("记录锚点", anchor(desk).await?));
    let report = Report {
        title,
        facts,
        tables,
        signs,
    };
    match format {
        "pdf" => report.paper(desk, now).await,
        "xlsx" => report.sheets(now),
        other => Err(unknown("格式", other)),
    }
}

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

/// Numbers that no case of this office has, and why: a gap in the list is none in the record.
fn skipped_numbers(all: Vec<SkippedView>) -> Sheet {
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
                s.at.get(..10).unwrap_or_default()
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

fn due_words(due: i64, like: Moment) -> String {
    use chrono::TimeZone;
    let at = like.offset().timestamp_opt(due, 0).single();
    at.map(words::due_moment).unwrap_or_default()
}

fn status_word(status: &str) -> &'static str {
    match status {
        "open" => "在办",
        "closed" => "已结案",
        "withdrawn" => "已撤回",
        "merged" => "已并入",
        "transferred" => "已转出",
        _ => "已作废",
    }
}

fn summary(desk: &OpenOffice, sum: &Summary, end: i64, now: Moment) -> Vec<Table> {
    let heads = |all: &[(&str, u16)]| all.iter().map(|(t, w)| ((*t).to_owned(), *w)).collect();
    let figures = sum.by_procedure.iter().map(|(id, f)| {
        let mut row = vec![procedure_title(desk, id)];
        let counts = [f.received, f.closed, f.closed_late, f.open, f.late];
        row.extend(counts.map(|n| n.to_string()));
        row
    });
    let late = sum.late.iter().map(|l| {
        vec![
            l.number.clone(),
            l.step.clone(),
            l.clock.clone(),
            due_words(l.due, now),
            span(end - l.due),
        ]
    });
    vec![
        Table {
            name: "各程序的受理与办结",
            heads: heads(&[
                ("程序", 34),
                ("受理", 8),
                ("办结", 8),
                ("其中超期", 10),
                ("期末在办", 10),
                ("期末超期", 10),
            ]),
            rows: figures.collect(),
        },
        Table {
            name: "期末超期在办的案件",
            heads: heads(&[
                ("编号", 16),
                ("所处环节", 18),
                ("超期的时限", 20),
                ("应于", 22),
                ("已超", 14),
            ]),
            rows: late.collect(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use redress_domain::id::{CaseId, PersonId};

    /// A case by the days of 2026 on which it was received, due and ended.
    fn case(
        status: &str,
        received: &str,
        due: &str,
        ended: Option<&str>,
    ) -> (CaseRow, Vec<ClockRow>, Vec<TaskRow>) {
        let at = |day: &str| format!("2026-{day}T10:00:00+08:00");
        let id = CaseId(uuid::Uuid::from_u128(1));
        let row = CaseRow {
            id,
            number: format!("X-{received}"),
            procedure: "p".to_owned(),
            edition: String::new(),
            status: status.to_owned(),
            archived: false,
            step: String::new(),
            step_title: "调查".to_owned(),
            headline: String::new(),
            complainant: String::new(),
            masked: String::new(),
            open_headline: String::new(),
            circle: None,
            channel: String::new(),
            received_at: at(received),
            entered_at: at(received),
            last_at: String::new(),
            ended_at: ended.map(at),
            keep_until: None,
            disposed: false,
            next_due: None,
            seq: 1,
            registered_by: PersonId(uuid::Uuid::nil()),
            people: vec![],
        };
        let clock = ClockRow {
            word: String::new(),
            started_at: 0,
            case: id,
            id: "c-1".to_owned(),
            rule: "c".to_owned(),
            task: None,
            title: "时限".to_owned(),
            due_at: Some(seconds(&at(due))),
            opens_at: None,
            stopped_at: ended.map(|d| seconds(&at(d))),
            provisional: false,
        };
        (row, vec![clock], vec![])
    }

    #[test]
    fn a_month_counts_what_came_what_went_and_what_is_late_at_its_end() {
        let cases = vec![
            case("closed", "09-20", "09-25", Some("09-24")), // over before
            case("closed", "09-28", "10-05", Some("10-03")), // closed in time
            case("closed", "10-02", "10-05", Some("10-09")), // closed late
            case("closed", "10-20", "10-30", Some("11-02")), // late when October ended
            case("open", "10-28", "11-05", None),            // open, not yet due
            case("open", "10-10", "10-15", None),            // open and late
            case("voided", "10-11", "10-12", Some("10-11")), // no complaint
            case("open", "11-01", "11-02", None),            // afterwards
        ];
        let from = seconds("2026-10-01T00:00:00+08:00");
        let to = seconds("2026-11-01T00:00:00+08:00");
        let sum = summarise(cases, from, to);
        let expected = Figures {
            received: 4,
            closed: 2,
            closed_late: 1,
            open: 3,
            late: 2,
        };
        assert_eq!(sum.by_procedure.get("p"), Some(&expected));
        let late: Vec<&str> = sum.late.iter().map(|l| l.number.as_str()).collect();
        assert_eq!(late, ["X-10-10", "X-10-20"], "the longest overdue first");
    }
}
