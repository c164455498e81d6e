//! What the reports say: timeliness, the management review's input, the shift's handover, departments, books.

use super::{
    summary::{due_words, seconds, span},
    table::Table,
};
use crate::{
    office::{editions::procedure_title, handle::OpenOffice, load::Loaded},
    text::{error::ApiError, words},
};
use redress_domain::{
    case::{Case, Running},
    clock::Moment,
    decide::look_over,
    event::EventBody,
    procedure::{Book, Edition},
    sight::{Part, circle},
    value::{Class, given},
};
use redress_store::{CaseRow, ClockRow, Store, TaskRow, Viewer};
use std::collections::BTreeMap;

/// Cases with their limits and tasks as lists know them.
pub(super) type Rows = Vec<(CaseRow, Vec<ClockRow>, Vec<TaskRow>)>;

fn heads(all: &[(&str, u16)]) -> Vec<(String, u16)> {
    all.iter().map(|(t, w)| ((*t).to_owned(), *w)).collect()
}

/// An open value in words; what is covered or not given is nothing (G11).
fn open_words(edition: &Edition, case: &Case, field: &str, name: words::Names<'_>) -> String {
    let known = edition.field(field).filter(|f| f.class == Class::Open);
    let value = look_over(case, None, field).filter(|v| given(Some(v)));
    match (known, value) {
        (Some(f), Some(v)) => words::value(f, v, name),
        _ => String::new(),
    }
}

fn first_of(edition: &Edition, case: &Case, ids: &[String], name: words::Names<'_>) -> String {
    let mut said = ids.iter().map(|id| open_words(edition, case, id, name));
    said.find(|t| !t.is_empty()).unwrap_or_default()
}

/// Whether more than number, step and times is covered: a confidential case in which whoever asks has no part.
fn covered(edition: &Edition, case: &Case, viewer: &Viewer) -> bool {
    let part = |c| viewer.part(&case.procedure, &c);
    circle(edition, case)
        .map(part)
        .is_some_and(|p| p != Part::Whole)
}

/// The cases themselves, for what no list keeps.
pub(super) async fn cases_of(desk: &OpenOffice, rows: &Rows) -> Result<Vec<Loaded>, ApiError> {
    let mut all = Vec::with_capacity(rows.len());
    for (row, ..) in rows.iter().filter(|(r, ..)| !r.disposed) {
        all.push(desk.load_case(&row.id.to_string()).await?);
    }
    Ok(all)
}

/// Received, closed, open and late by responsible department, with how satisfied people were.
pub(super) fn departments(
    desk: &OpenOffice,
    cases: &[Loaded],
    (from, to): (i64, i64),
    viewer: &Viewer,
    name: words::Names<'_>,
) -> Vec<Table> {
    #[derive(Default)]
    struct Sum {
        received: u32,
        closed: u32,
        open: u32,
        late: u32,
        over: i64,
        said: BTreeMap<String, u32>,
    }
    let mut sums: BTreeMap<(String, String), Sum> = BTreeMap::new();
    for Loaded { case, edition, .. } in cases {
        let head = &edition.procedure.head;
        let department = first_of(edition, case, &head.department, name);
        let apart = covered(edition, case, viewer);
        let department = if apart {
            "（保密案件）".to_owned()
        } else if department.is_empty() {
            "（未定）".to_owned()
        } else {
            department
        };
        let sum = sums
            .entry((procedure_title(desk, &head.id), department))
            .or_default();
        let at = |t: Moment| t.timestamp();
        sum.received += u32::from((from..to).contains(&at(case.received_at)));
        match case.ended_at.map(at).filter(|t| *t < to) {
            Some(t) => sum.closed += u32::from(t >= from),
            None => sum.open += 1,
        }
        let late = case.clocks.iter().filter_map(|c| overrun(c, edition, to));
        if let Some(most) = late.max() {
            sum.late += 1;
            sum.over = sum.over.max(most);
        }
        let said = open_words(edition, case, &head.satisfaction, name);
        if !said.is_empty() && !apart {
            *sum.said.entry(said).or_default() += 1;
        }
    }
    let line = |((procedure, department), s): ((String, String), Sum)| {
        let said: Vec<String> = s.said.iter().map(|(k, n)| format!("{k} {n}")).collect();
        let over = if s.late == 0 {
            String::new()
        } else {
            span(s.over)
        };
        vec![
            procedure,
            department,
            s.received.to_string(),
            s.closed.to_string(),
            s.open.to_string(),
            s.late.to_string(),
            over,
            said.join("，"),
        ]
    };
    vec![Table {
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
    }]
}

/// Each case that was received, closed or open in the period, with where it stands; no personal value.
pub(super) fn one_by_one(
    cases: &[Loaded],
    (_, to): (i64, i64),
    viewer: &Viewer,
    name: words::Names<'_>,
) -> Table {
    let mut lines = Vec::new();
    for Loaded { case, edition, .. } in cases {
        if case.received_at.timestamp() >= to {
            continue;
        }
        let head = &edition.procedure.head;
        let apart = covered(edition, case, viewer);
        let said = |text: String| if apart { String::new() } else { text };
        let ended = case.ended_at.filter(|t| t.timestamp() < to);
        let step = edition.step(&case.step).map_or("", |s| s.title.as_str());
        let over = case
            .clocks
            .iter()
            .filter_map(|c| overrun(c, edition, to))
            .max();
        lines.push((
            case.received_at,
            vec![
                case.number.clone(),
                said(first_of(edition, case, &head.headline, name)),
                said(first_of(edition, case, &head.department, name)),
                words::full_day(case.received_at.date_naive()),
                match ended {
                    Some(t) => format!("{}办结", words::full_day(t.date_naive())),
                    None => step.to_owned(),
                },
                over.map(span).unwrap_or_default(),
                said(open_words(edition, case, &head.satisfaction, name)),
            ],
        ));
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

/// What a procedure counts and lists besides: how often each answer was given in the cases received in the period, and
/// the cases, closed ones too, in which something is open; no personal value.
pub(super) fn besides(
    desk: &OpenOffice,
    cases: &[Loaded],
    (from, to): (i64, i64),
    viewer: &Viewer,
    name: words::Names<'_>,
) -> Vec<Table> {
    let mut counts: BTreeMap<(String, String, String), u32> = BTreeMap::new();
    let mut open = Vec::new();
    for Loaded { case, edition, .. } in cases {
        let p = &edition.procedure;
        if (from..to).contains(&case.received_at.timestamp()) {
            for t in &p.tallies {
                let said = open_words(edition, case, &t.field, name);
                if !said.is_empty() {
                    let key = (
                        procedure_title(desk, &case.procedure),
                        t.title.clone(),
                        said,
                    );
                    *counts.entry(key).or_default() += 1;
                }
            }
        }
        let held = p.listings.iter();
        for l in held.filter(|l| l.when.holds(|f| look_over(case, None, f))) {
            let word = |id: &String| {
                let text = open_words(edition, case, id, name);
                let title = edition.field(id).map_or("", |f| f.title.as_str());
                (!text.is_empty()).then(|| format!("{title}：{text}"))
            };
            let said: Vec<String> = if covered(edition, case, viewer) {
                vec!["保密案件，见案卷".to_owned()]
            } else {
                l.fields.iter().filter_map(word).collect()
            };
            open.push(vec![l.title.clone(), case.number.clone(), said.join("；")]);
        }
    }
    open.sort();
    let mut tables = Vec::new();
    if !counts.is_empty() {
        let line = |((procedure, title, said), n): ((String, String, String), u32)| {
            vec![procedure, title, said, n.to_string()]
        };
        tables.push(Table {
            name: "另行统计",
            heads: heads(&[("程序", 26), ("统计", 26), ("结果", 30), ("件数", 8)]),
            rows: counts.into_iter().map(line).collect(),
        });
    }
    if !open.is_empty() {
        tables.push(Table {
            name: "尚未了结的",
            heads: heads(&[("事项", 26), ("编号", 18), ("情况", 46)]),
            rows: open,
        });
    }
    tables
}

/// Seconds by which a limit of the house was passed, before `to`.
fn overrun(c: &Running, edition: &Edition, to: i64) -> Option<i64> {
    let ours = edition.clock(&c.rule).is_none_or(|r| !r.of_complainant);
    let due = c.due.at.filter(|_| ours)?.timestamp();
    let stopped = c.stopped_at.map_or(to, |t| t.timestamp()).min(to);
    (stopped > due).then_some(stopped - due)
}

/// How each limit that began in the period was kept.
pub(super) fn timeliness(
    desk: &OpenOffice,
    cases: &[Loaded],
    (from, to): (i64, i64),
) -> Vec<Table> {
    #[derive(Default)]
    struct Kept {
        met: u32,
        missed: u32,
        running: u32,
        over: i64,
    }
    let mut kept: BTreeMap<(String, String), Kept> = BTreeMap::new();
    let mut late = Vec::new();
    for Loaded { case, edition, .. } in cases {
        for c in &case.clocks {
            let Some(rule) = edition.clock(&c.rule).filter(|r| !r.of_complainant) else {
                continue;
            };
            if c.due.at.is_none() || !(from..to).contains(&c.due.start.timestamp()) {
                continue;
            }
            let own = if c.due.own_target && !rule.left_open {
                "（内部目标）"
            } else {
                ""
            };
            let title = format!("{}{own}", rule.title);
            let sum = kept
                .entry((procedure_title(desk, &case.procedure), title.clone()))
                .or_default();
            match overrun(c, edition, to) {
                Some(over) => {
                    sum.missed += 1;
                    sum.over += over;
                    let due = c.due.at.map(words::due_moment).unwrap_or_default();
                    late.push(vec![case.number.clone(), title, due, span(over)]);
                }
                None if c.stopped_at.is_some() => sum.met += 1,
                None => sum.running += 1,
            }
        }
    }
    let line = |((procedure, title), k): ((String, String), Kept)| {
        let ended = k.met + k.missed;
        let rate = (k.met * 100).checked_div(ended);
        let mean = match k.missed {
            0 => String::new(),
            n => span(k.over / i64::from(n)),
        };
        vec![
            procedure,
            title,
            k.met.to_string(),
            k.missed.to_string(),
            k.running.to_string(),
            rate.map(|r| format!("{r}%")).unwrap_or_default(),
            mean,
        ]
    };
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

/// 重大 complaints received or open in the period, with causes, measures and effects; no personal value.
pub(super) fn management_review(
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
        let told = |id: &String| {
            let text = open_words(edition, case, id, name);
            let title = edition.field(id).map_or("", |f| f.title.as_str());
            (!text.is_empty()).then(|| format!("{title}：{text}"))
        };
        let confidential = circle(edition, case).is_some();
        let said: Vec<String> = if confidential {
            vec!["保密案件，见案卷".to_owned()]
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

/// What the next shift takes over: everything open, the most urgent first.
pub(super) fn handover(desk: &OpenOffice, rows: &Rows, now: Moment) -> Vec<Table> {
    let mut open: Vec<_> = rows.iter().filter(|(r, ..)| r.status == "open").collect();
    open.sort_by_key(|(r, ..)| r.next_due.unwrap_or(i64::MAX));
    let current = desk.current();
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
        rows: open.iter().map(line).collect(),
    }]
}

/// A book over cases: one line for each run of its clock that began in the period.
pub(super) fn book(
    book: &Book,
    cases: &[Loaded],
    ((from, to), now): ((i64, i64), Moment),
    viewer: &Viewer,
    name: words::Names<'_>,
) -> Vec<Table> {
    let mut lines = Vec::new();
    let mut titles: Vec<(String, u16)> = vec![("编号".to_owned(), 19)];
    for loaded in cases {
        let Loaded { case, edition, .. } = loaded;
        if titles.len() == 1 {
            let title = |id: &String| edition.field(id).map(|f| (f.title.clone(), 17));
            titles.extend(book.fields.iter().filter_map(title));
        }
        let runs = case.clocks.iter().filter(|c| c.rule == book.clock);
        for c in runs.filter(|c| (from..to).contains(&c.due.start.timestamp())) {
            let mut line = vec![case.number.clone()];
            // A line stays as it was written: what the case held when the run began.
            let then = loaded.when(
                |e| matches!(&e.body, EventBody::ClockStarted { clock, .. } if clock == &c.id),
            );
            let then = then.as_ref().unwrap_or(case);
            let said = book.fields.iter();
            let apart = covered(edition, case, viewer);
            line.extend(said.map(|id| {
                if apart {
                    String::new()
                } else {
                    open_words(edition, then, id, name)
                }
            }));
            line.push(words::moment(c.due.start));
            line.push(c.stopped_at.map(words::moment).unwrap_or_default());
            line.push(match (overrun(c, edition, now.timestamp()), c.stopped_at) {
                (Some(over), _) => format!("是，超 {}", span(over)),
                (None, Some(_)) => "否".to_owned(),
                (None, None) => String::new(),
            });
            lines.push((c.due.start, line));
        }
    }
    lines.sort_by_key(|(at, line): &(Moment, Vec<String>)| (*at, line[0].clone()));
    titles.extend(book.titles.iter().map(|t| (t.clone(), 22)));
    vec![Table {
        name: "登记本",
        heads: titles,
        rows: lines.into_iter().map(|(_, l)| l).collect(),
    }]
}

/// Rows of what was there in the period: received before its end, and not over before its beginning.
pub(super) fn within(rows: Rows, (from, to): (i64, i64)) -> Rows {
    let there = |r: &CaseRow| {
        let ended = r.ended_at.as_deref().map(seconds);
        r.status != "voided" && seconds(&r.entered_at) < to && ended.is_none_or(|t| t >= from)
    };
    rows.into_iter().filter(|(r, ..)| there(r)).collect()
}

/// All rows that are there for whoever asks, of one procedure where one is named.
pub(super) async fn rows(
    desk: &OpenOffice,
    procedure: Option<&str>,
    viewer: &Viewer,
) -> Result<Rows, ApiError> {
    let all = desk.store.all_rows(viewer).await?;
    let wanted = |r: &CaseRow| procedure.is_none_or(|p| r.procedure == p);
    Ok(all.into_iter().filter(|(r, ..)| wanted(r)).collect())
}
