//! How each limit was kept.

use super::{heads, overrun};
use crate::{
    office::{editions::procedure_title, handle::OpenOffice, load::Loaded},
    reports::{summary::span, table::Table},
    text::words,
};
use std::collections::BTreeMap;

/// How a limit of a procedure was kept.
#[derive(Default)]
struct Kept {
    met: u32,
    missed: u32,
    running: u32,
    /// Seconds by which it was passed, all together.
    over: i64,
}

impl Kept {
    fn line(&self, procedure: String, title: String) -> Vec<String> {
        let rate = (self.met * 100).checked_div(self.met + self.missed);
        let mean = match self.missed {
            0 => String::new(),
            n => span(self.over / i64::from(n)),
        };
        vec![
            procedure,
            title,
            self.met.to_string(),
            self.missed.to_string(),
            self.running.to_string(),
            rate.map(|r| format!("{r}%")).unwrap_or_default(),
            mean,
        ]
    }
}

/// How each limit that began in the period was kept.
pub(in crate::reports) fn timeliness(
    open: &OpenOffice,
    cases: &[Loaded],
    (from, to): (i64, i64),
) -> Vec<Table> {
    let mut kept: BTreeMap<(String, String), Kept> = BTreeMap::new();
    let mut late = Vec::new();
    for Loaded { case, edition, .. } in cases {
        for c in &case.clocks {
            let Some(rule) = edition.clock(&c.rule).filter(|r| !r.of_complainant) else {
                continue;
            };
            let Some(due) = c.due.at else { continue };
            if !(from..to).contains(&c.due.start.timestamp()) {
                continue;
            }
            let own = if c.due.own_target && !rule.left_open {
                "（内部目标）"
            } else {
                ""
            };
            let title = format!("{}{own}", rule.title);
            let sum = kept
                .entry((procedure_title(open, &case.procedure), title.clone()))
                .or_default();
            match overrun(c, edition, to) {
                Some(over) => {
                    sum.missed += 1;
                    sum.over += over;
                    let due = words::due_moment(due);
                    late.push(vec![case.number.clone(), title, due, span(over)]);
                }
                None if c.stopped_at.is_some() => sum.met += 1,
                None => sum.running += 1,
            }
        }
    }
    let line = |((procedure, title), k): ((String, String), Kept)| k.line(procedure, title);
    vec![
        Table {
            name: "各时限的及时性",
            heads: heads(&[
                ("程序", 26),
                ("时限", 24),
                ("按时", 8),
                ("超时", 8),
                ("进行中", 8),
                ("及时率", 8),
                ("平均超出", 14),
            ]),
            rows: kept.into_iter().map(line).collect(),
        },
        Table {
            name: "超时的",
            heads: heads(&[("编号", 16), ("时限", 26), ("应于", 24), ("超出", 14)]),
            rows: late,
        },
    ]
}
