//! Figures of a period: what came in, what ended, what was late.

use super::table::Table;
use crate::{
    office::{editions::procedure_title, handle::OpenOffice},
    text::{error::ApiError, words},
};
use chrono::{Days, NaiveDate};
use redress_domain::{calendar, clock::Moment};
use redress_store::{CaseRow, ClockRow, TaskRow};
use std::collections::BTreeMap;

/// Days of one summary, at most.
const DAYS_MAX: i64 = 366;

/// The figures of one procedure.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    received: i64,
    closed: i64,
    closed_late: i64,
    open: i64,
    late: i64,
}

/// A case that is open and past due at the end of the period.
pub(crate) struct Late {
    number: String,
    step: String,
    clock: String,
    due: i64,
}

/// What a summary says; no personal value stands in it.
pub(crate) struct Summary {
    by_procedure: BTreeMap<String, Figures>,
    late: Vec<Late>,
}

pub(crate) fn seconds(text: &str) -> i64 {
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
pub(crate) fn summarise(
    cases: Vec<(CaseRow, Vec<ClockRow>, Vec<TaskRow>)>,
    from: i64,
    to: i64,
) -> Summary {
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
                    .filter_map(|c| Some((c.due_at.filter(|d| *d < to)?, c)))
                    .min_by_key(|(due, _)| *due);
                if let Some((due, c)) = over {
                    f.late += 1;
                    sum.late.push(Late {
                        number: row.number,
                        step: row.step_title,
                        clock: c.title.clone(),
                        due,
                    });
                }
            }
        }
    }
    sum.late.sort_by_key(|l| l.due);
    sum
}

/// `2天3小时`.
pub(crate) fn span(seconds: i64) -> String {
    let hours = seconds / 3600;
    match (hours / 24, hours % 24) {
        (0, 0) => "不到1小时".to_owned(),
        (0, h) => format!("{h}小时"),
        (d, 0) => format!("{d}天"),
        (d, h) => format!("{d}天{h}小时"),
    }
}

/// The days of a period, and its first and last second.
pub(crate) struct Period {
    pub(crate) days: (NaiveDate, NaiveDate),
    pub(crate) seconds: (i64, i64),
}

impl Period {
    /// # Errors
    /// `time_not_understood`, `period_unsound`.
    pub(crate) fn new(from: &str, to: &str, now: Moment) -> Result<Self, ApiError> {
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

    pub(crate) fn words(&self) -> String {
        let (from, to) = self.days;
        format!("{} 至 {}", words::full_day(from), words::full_day(to))
    }
}

pub(crate) fn unknown(title: &str, choice: &str) -> ApiError {
    ApiError::new("value_unknown_choice")
        .with("title", title)
        .with("choice", choice)
}

pub(crate) fn due_words(due: i64, like: Moment) -> String {
    use chrono::TimeZone;
    let at = like.offset().timestamp_opt(due, 0).single();
    at.map(words::due_moment).unwrap_or_default()
}

pub(crate) fn status_word(status: &str) -> &'static str {
    match status {
        "open" => "在办",
        "closed" => "已结案",
        "withdrawn" => "已撤回",
        "merged" => "已并入",
        "transferred" => "已转出",
        _ => "已作废",
    }
}

pub(crate) fn summary(open: &OpenOffice, sum: &Summary, end: i64, now: Moment) -> Vec<Table> {
    let heads = |all: &[(&str, u16)]| all.iter().map(|(t, w)| ((*t).to_owned(), *w)).collect();
    let figures = sum.by_procedure.iter().map(|(id, f)| {
        let mut row = vec![procedure_title(open, id)];
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
