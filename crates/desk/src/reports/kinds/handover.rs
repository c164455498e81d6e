//! The shift's handover.

use super::{Rows, heads};
use crate::{
    office::handle::OpenOffice,
    reports::{
        summary::{due_words, span},
        table::Table,
    },
};
use redress_domain::clock::Moment;
use redress_store::{CaseRow, ClockRow, TaskRow};

/// What the next shift takes over: everything open, the most urgent first.
pub(in crate::reports) fn handover(open: &OpenOffice, rows: &Rows, now: Moment) -> Vec<Table> {
    let mut waiting: Vec<_> = rows.iter().filter(|(r, ..)| r.status == "open").collect();
    waiting.sort_by_key(|(r, ..)| r.next_due.unwrap_or(i64::MAX));
    let current = open.current();
    let line = |(row, clocks, tasks): &&(CaseRow, Vec<ClockRow>, Vec<TaskRow>)| {
        let edition = current.get(&row.procedure);
        let mut who: Vec<&str> = tasks
            .iter()
            .filter(|t| !t.done)
            .flat_map(TaskRow::roles)
            .map(|r| edition.map_or(r, |e| e.role_title(r)))
            .collect();
        who.dedup();
        let running = clocks.iter().filter(|c| c.stopped_at.is_none());
        let next = running
            .filter(|c| c.due_at.is_some())
            .min_by_key(|c| c.due_at);
        let due = next.and_then(|c| c.due_at);
        let over = due.map_or(String::new(), |d| {
            if d < now.timestamp() {
                format!("已超 {}", span(now.timestamp() - d))
            } else {
                format!("余 {}", span(d - now.timestamp()))
            }
        });
        vec![
            row.number.clone(),
            row.step_title.clone(),
            who.join("、"),
            next.map(|c| c.title.clone()).unwrap_or_default(),
            due.map(|d| due_words(d, now)).unwrap_or_default(),
            over,
        ]
    };
    vec![Table {
        name: "在办案件",
        heads: heads(&[
            ("编号", 16),
            ("所处环节", 16),
            ("等待谁", 22),
            ("最近的时限", 18),
            ("应于", 22),
            ("时间", 14),
        ]),
        rows: waiting.iter().map(line).collect(),
    }]
}
