//! The management review's input.

use super::{CONFIDENTIAL, first_of, heads, titled};
use crate::{office::load::Loaded, reports::table::Table, text::words};
use redress_domain::{decide::look_over, sight::circle};

/// 重大 complaints received or open in the period, with causes, measures and effects; no personal value.
pub(in crate::reports) fn management_review(
    cases: &[Loaded],
    (from, to): (i64, i64),
    name: words::Names<'_>,
) -> Vec<Table> {
    let mut rows = Vec::new();
    for Loaded { case, edition, .. } in cases {
        let head = &edition.procedure.head;
        let major = !head.major.0.is_empty() && head.major.holds(|f| look_over(case, None, f));
        let ended = case.ended_at.map(|t| t.timestamp());
        let within = case.received_at.timestamp() < to && ended.is_none_or(|t| t >= from);
        if !major || !within {
            continue;
        }
        let told = |id: &String| titled(edition, case, id, name);
        let confidential = circle(edition, case).is_some();
        let said: Vec<String> = if confidential {
            vec![CONFIDENTIAL.to_owned()]
        } else {
            head.review.iter().filter_map(told).collect()
        };
        let step = edition.step(&case.step).map_or("", |s| s.title.as_str());
        let state = if case.is_open() { step } else { "已结案" };
        let what = first_of(edition, case, &head.headline, name);
        rows.push(vec![
            case.number.clone(),
            if confidential { String::new() } else { what },
            words::full_day(case.received_at.date_naive()),
            state.to_owned(),
            said.iter()
                .map(|s| s.trim_end_matches(['。', '；']))
                .collect::<Vec<_>>()
                .join("；"),
        ]);
    }
    vec![Table {
        name: "重大投诉的原因、措施和效果",
        heads: heads(&[
            ("编号", 18),
            ("事项", 14),
            ("接到日期", 19),
            ("状态", 12),
            ("原因、措施、效果", 46),
        ]),
        rows,
    }]
}
