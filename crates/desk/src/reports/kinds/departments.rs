//! Cases by responsible department, and one by one.

use super::{covered, first_of, heads, open_words, overrun};
use crate::{
    office::{editions::procedure_title, handle::OpenOffice, load::Loaded},
    reports::{summary::span, table::Table},
    text::words,
};
use redress_domain::{case::Case, clock::Moment, procedure::Edition};
use redress_store::Viewer;
use std::collections::BTreeMap;

/// What a summary says of a case; of a confidential one neither department nor opinion.
struct Said<'a> {
    case: &'a Case,
    edition: &'a Edition,
    covered: bool,
    department: String,
    satisfaction: String,
    /// Seconds by which a limit was passed at most.
    over: Option<i64>,
}

impl<'a> Said<'a> {
    fn of(loaded: &'a Loaded, to: i64, viewer: &Viewer, name: words::Names<'_>) -> Self {
        let Loaded { case, edition, .. } = loaded;
        let head = &edition.procedure.head;
        let covered = covered(edition, case, viewer);
        let said = |text: String| if covered { String::new() } else { text };
        let late = case.clocks.iter().filter_map(|c| overrun(c, edition, to));
        Self {
            case,
            edition,
            covered,
            department: said(first_of(edition, case, &head.department, name)),
            satisfaction: said(open_words(edition, case, &head.satisfaction, name)),
            over: late.max(),
        }
    }

    /// When the case ended, where that was before the end of the period.
    fn ended(&self, to: i64) -> Option<Moment> {
        self.case.ended_at.filter(|t| t.timestamp() < to)
    }
}

/// The cases of one department.
#[derive(Default)]
struct Sum {
    received: u32,
    closed: u32,
    open: u32,
    late: u32,
    over: i64,
    /// How often each opinion was given.
    said: BTreeMap<String, u32>,
}

impl Sum {
    fn add(&mut self, one: Said<'_>, (from, to): (i64, i64)) {
        let received = one.case.received_at.timestamp();
        self.received += u32::from((from..to).contains(&received));
        match one.ended(to) {
            Some(t) => self.closed += u32::from(t.timestamp() >= from),
            None => self.open += 1,
        }
        if let Some(most) = one.over {
            self.late += 1;
            self.over = self.over.max(most);
        }
        if !one.satisfaction.is_empty() {
            *self.said.entry(one.satisfaction).or_default() += 1;
        }
    }

    fn line(&self, procedure: String, department: String) -> Vec<String> {
        let said: Vec<String> = self.said.iter().map(|(k, n)| format!("{k} {n}")).collect();
        let over = match self.late {
            0 => String::new(),
            _ => span(self.over),
        };
        vec![
            procedure,
            department,
            self.received.to_string(),
            self.closed.to_string(),
            self.open.to_string(),
            self.late.to_string(),
            over,
            said.join("，"),
        ]
    }
}

/// Received, closed, open and late by responsible department, with how satisfied people were.
pub(in crate::reports) fn departments(
    open: &OpenOffice,
    cases: &[Loaded],
    period: (i64, i64),
    viewer: &Viewer,
    name: words::Names<'_>,
) -> Table {
    let mut sums: BTreeMap<(String, String), Sum> = BTreeMap::new();
    for loaded in cases {
        let one = Said::of(loaded, period.1, viewer, name);
        let department = match one.department.as_str() {
            _ if one.covered => "（保密案件）",
            "" => "（未定）",
            known => known,
        };
        let title = procedure_title(open, &one.edition.procedure.head.id);
        let sum = sums.entry((title, department.to_owned())).or_default();
        sum.add(one, period);
    }
    let line =
        |((procedure, department), s): ((String, String), Sum)| s.line(procedure, department);
    Table {
        name: "按责任部门",
        heads: heads(&[
            ("程序", 26),
            ("责任部门", 18),
            ("受理", 8),
            ("办结", 8),
            ("期末在办", 8),
            ("有超期", 8),
            ("最多超出", 12),
            ("满意度", 22),
        ]),
        rows: sums.into_iter().map(line).collect(),
    }
}

/// Each case that was received, closed or open in the period, with where it stands; no personal value.
pub(in crate::reports) fn one_by_one(
    cases: &[Loaded],
    (_, to): (i64, i64),
    viewer: &Viewer,
    name: words::Names<'_>,
) -> Table {
    let mut lines = Vec::new();
    let received = |l: &&Loaded| l.case.received_at.timestamp() < to;
    for loaded in cases.iter().filter(received) {
        let one = Said::of(loaded, to, viewer, name);
        let Said { case, edition, .. } = one;
        let what = match one.covered {
            true => String::new(),
            false => first_of(edition, case, &edition.procedure.head.headline, name),
        };
        let step = edition.step(&case.step).map_or("", |s| s.title.as_str());
        let state = match one.ended(to) {
            Some(t) => format!("{}办结", words::full_day(t.date_naive())),
            None => step.to_owned(),
        };
        let line = vec![
            case.number.clone(),
            what,
            one.department,
            words::full_day(case.received_at.date_naive()),
            state,
            one.over.map(span).unwrap_or_default(),
            one.satisfaction,
        ];
        lines.push((case.received_at, line));
    }
    lines.sort_by_key(|(at, line): &(Moment, Vec<String>)| (*at, line[0].clone()));
    Table {
        name: "逐件",
        heads: heads(&[
            ("编号", 18),
            ("事项", 20),
            ("责任部门", 14),
            ("接到日期", 17),
            ("状态", 20),
            ("最多超出", 12),
            ("客户意见", 10),
        ]),
        rows: lines.into_iter().map(|(_, l)| l).collect(),
    }
}
