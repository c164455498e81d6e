//! What a procedure counts and lists besides.

use super::{CONFIDENTIAL, covered, heads, open_words, titled};
use crate::{
    office::{editions::procedure_title, handle::OpenOffice, load::Loaded},
    reports::table::Table,
    text::words,
};
use redress_domain::decide::look_over;
use redress_store::Viewer;
use std::collections::BTreeMap;

/// What a procedure counts and lists besides; tables without lines are left out.
pub(in crate::reports) fn besides(
    open: &OpenOffice,
    cases: &[Loaded],
    period: (i64, i64),
    viewer: &Viewer,
    name: words::Names<'_>,
) -> Vec<Table> {
    let tables = [
        tallies(open, cases, period, name),
        listings(cases, viewer, name),
    ];
    let said = tables.into_iter().filter(|t| !t.rows.is_empty());
    said.collect()
}

/// How often each answer was given in the cases received in the period.
fn tallies(
    open: &OpenOffice,
    cases: &[Loaded],
    (from, to): (i64, i64),
    name: words::Names<'_>,
) -> Table {
    let mut counts: BTreeMap<(String, String, String), u32> = BTreeMap::new();
    let received = |l: &&Loaded| (from..to).contains(&l.case.received_at.timestamp());
    for Loaded { case, edition, .. } in cases.iter().filter(received) {
        for t in &edition.procedure.tallies {
            let said = open_words(edition, case, &t.field, name);
            if !said.is_empty() {
                let title = procedure_title(open, &case.procedure);
                *counts.entry((title, t.title.clone(), said)).or_default() += 1;
            }
        }
    }
    let line = |((procedure, title, said), n): ((String, String, String), u32)| {
        vec![procedure, title, said, n.to_string()]
    };
    Table {
        name: "另行统计",
        heads: heads(&[("程序", 26), ("统计", 26), ("结果", 30), ("件数", 8)]),
        rows: counts.into_iter().map(line).collect(),
    }
}

/// The cases, closed ones too, in which something is open; no personal value.
fn listings(cases: &[Loaded], viewer: &Viewer, name: words::Names<'_>) -> Table {
    let mut open = Vec::new();
    for Loaded { case, edition, .. } in cases {
        let held = edition.procedure.listings.iter();
        for l in held.filter(|l| l.when.holds(|f| look_over(case, None, f))) {
            let word = |id: &String| titled(edition, case, id, name);
            let said: Vec<String> = if covered(edition, case, viewer) {
                vec![CONFIDENTIAL.to_owned()]
            } else {
                l.fields.iter().filter_map(word).collect()
            };
            open.push(vec![l.title.clone(), case.number.clone(), said.join("；")]);
        }
    }
    open.sort();
    Table {
        name: "尚未了结的",
        heads: heads(&[("事项", 26), ("编号", 18), ("情况", 46)]),
        rows: open,
    }
}
