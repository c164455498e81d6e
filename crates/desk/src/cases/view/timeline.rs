//! What happened on a case, in words.

use super::{EXTENDED, SaidView, TimelineView, clock_title};
use crate::{
    masking::mask::Mask,
    text::words::{self, Names},
};
use redress_domain::{
    case::{CORRECTED_NEW, CORRECTED_OLD, Case, MERGE_REASON},
    event::{Event, EventBody, MoveCause},
    procedure::{Action, Edition},
};

pub(crate) fn timeline(
    edition: &Edition,
    case: &Case,
    events: &[Event],
    veil: &Mask,
    name: Names<'_>,
) -> Vec<TimelineView> {
    let line = |(n, e): (usize, &Event)| {
        let said = |k: &str| {
            let v = e.values.get(k)?;
            if k == EXTENDED {
                return Some(clock_title(edition, case, v.as_str().unwrap_or_default()));
            }
            let field = edition.field(k)?;
            Some(veil.say(field, &words::value(field, v, name)))
        };
        // Which value a correction is about stands in the line of the correction itself. The others come as they were
        // asked: the checks a to f in their order.
        let asked = asked(edition, &e.body);
        let mut told: Vec<&String> = e.values.keys().collect();
        told.retain(|k| *k != "correction.field");
        told.sort_by_key(|k| {
            let own = |id: &&str| k.rsplit('/').next() == Some(*id);
            asked.iter().position(own).unwrap_or(usize::MAX)
        });
        let told = || told.iter().copied();
        let (title, detail) = match &e.body {
            EventBody::Registered { number, .. } => (format!("登记 {number}"), String::new()),
            EventBody::Acted {
                action,
                task,
                signs,
                excepted,
                on_behalf_of,
                ..
            } => {
                let a = edition.action(action);
                let mut detail: Vec<String> = told().take(3).filter_map(|k| said(k)).collect();
                detail.retain(|d| !d.is_empty());
                let short = detail
                    .into_iter()
                    .map(|d| d.chars().take(60).collect::<String>());
                let mut words: Vec<String> = short.collect();
                if let Some(s) = signs {
                    words.insert(0, format!("［{s}］"));
                }
                if let Some(p) = on_behalf_of {
                    words.insert(0, format!("代{}", name(*p)));
                }
                if *excepted {
                    words.push("（回避的例外）".to_owned());
                }
                let suffix = task
                    .as_ref()
                    .and_then(|t| task_title(edition, events, t))
                    .map(|t| format!("（{t}）"))
                    .unwrap_or_default();
                (
                    a.map_or_else(|| action.clone(), |a| a.title.clone()) + &suffix,
                    words.join("　"),
                )
            }
            EventBody::Corrected { field } => {
                let f = edition.field(field);
                let word = |k: &str| {
                    f.zip(e.values.get(k))
                        .map(|(f, v)| veil.say(f, &words::value(f, v, name)))
                        .unwrap_or_default()
                };
                let title = f.map_or_else(|| field.clone(), |f| f.title.clone());
                match e.values.contains_key(CORRECTED_OLD) {
                    true => (
                        format!("更正：{title}"),
                        format!("{} → {}", word(CORRECTED_OLD), word(CORRECTED_NEW)),
                    ),
                    false => (format!("补记：{title}"), word(CORRECTED_NEW)),
                }
            }
            EventBody::Issued { form, number, .. } => {
                let f = edition
                    .forms
                    .get(form)
                    .map_or(form.as_str(), |f| f.title.as_str());
                (format!("出具《{f}》"), number.clone())
            }
            EventBody::Excepted {
                person,
                second,
                bar,
            } => {
                let who = words::with_bar(&name(*person), edition, bar.as_deref());
                (
                    "回避的例外".to_owned(),
                    format!("{who}，经{}同意", name(*second)),
                )
            }
            EventBody::MergedIn { number, with, .. } => {
                let mut words: Vec<String> = Vec::new();
                if !with.is_empty() {
                    words.push(format!("连同此前并入它的{}", with.join("、")));
                }
                words.extend(said(MERGE_REASON));
                (format!("{number} 并入本案"), words.join("　"))
            }
            EventBody::MergeUndone { number, .. } => {
                (format!("{number} 重新办理，不再并入本案"), String::new())
            }
            EventBody::Attached { .. } => ("添加附件".to_owned(), String::new()),
            EventBody::ClockMoved { clock, due, cause } => (
                format!(
                    "{}：{}",
                    match cause {
                        MoveCause::Extension => "时限延长",
                        MoveCause::Reclassification => "改类后时限变动",
                        MoveCause::Recalculation => "放假安排导入后重新计算时限",
                    },
                    clock_title(edition, case, clock)
                ),
                due.at.map(words::due_moment).unwrap_or_default(),
            ),
            EventBody::Ended { how, .. } => (ended(*how).to_owned(), String::new()),
            EventBody::Reopened { .. } => ("重新办理".to_owned(), String::new()),
            EventBody::Archived {} => ("归档".to_owned(), String::new()),
            EventBody::Disposed { .. } => ("保存期满，按批准的清单销毁".to_owned(), String::new()),
            EventBody::TaskOpened { task_kind, .. } => {
                let title = edition
                    .task(task_kind)
                    .map(|k| k.title.clone())
                    .unwrap_or_default();
                (format!("开始：{title}"), String::new())
            }
            _ => return None,
        };
        let acted = matches!(
            &e.body,
            EventBody::Acted { .. } | EventBody::Registered { .. }
        );
        let all = told().filter(|_| acted).filter_map(|k| {
            let text = said(k).filter(|t| !t.is_empty())?;
            let title = edition.field(k)?.title.clone();
            Some(SaidView { title, text })
        });
        Some(TimelineView {
            said: all.collect(),
            at: e.at.to_rfc3339(),
            actor: name(e.actor),
            title,
            detail,
            seq: i64::try_from(n).unwrap_or_default() + 1,
        })
    };
    events.iter().enumerate().filter_map(line).collect()
}

/// The fields in the order in which an act or a registration asks them, then all others as the procedure names them.
fn asked<'a>(edition: &'a Edition, body: &EventBody) -> Vec<&'a str> {
    let action = match body {
        EventBody::Registered { .. } => Some(&edition.procedure.register),
        EventBody::Acted { action, .. } => edition.action(action),
        _ => None,
    };
    let own = action.into_iter().flat_map(Action::asked).map(|(id, _)| id);
    let all = edition.procedure.fields.iter().map(|f| f.id.as_str());
    own.chain(all).collect()
}

fn task_title<'a>(edition: &'a Edition, events: &[Event], id: &str) -> Option<&'a str> {
    let kind = events.iter().find_map(|e| match &e.body {
        EventBody::TaskOpened {
            task, task_kind, ..
        } if task == id => Some(task_kind),
        _ => None,
    })?;
    edition.task(kind).map(|k| k.title.as_str())
}

fn ended(how: redress_domain::event::Ending) -> &'static str {
    use redress_domain::event::Ending;
    match how {
        Ending::Closed => "结案",
        Ending::Withdrawn => "投诉人撤回",
        Ending::Merged => "并入另一案件",
        Ending::Transferred => "转出",
        Ending::Voided => "编号作废",
    }
}
