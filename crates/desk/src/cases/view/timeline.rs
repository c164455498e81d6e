//! What happened on a case, in words.

use super::{EXTENDED, SaidView, TimelineView, clock_title};
use crate::{
    masking::mask::Mask,
    text::words::{self, Names},
};
use redress_domain::{
    case::{CORRECTED_NEW, CORRECTED_OLD, Case, MERGE_REASON},
    event::{Ending, Event, EventBody, MoveCause},
    procedure::{Action, Edition},
};

pub(crate) fn timeline(
    edition: &Edition,
    case: &Case,
    events: &[Event],
    mask: &Mask,
    name: Names<'_>,
) -> Vec<TimelineView> {
    let course = Course {
        edition,
        case,
        events,
        mask,
        name,
    };
    let line = |(n, e)| course.line(n, e);
    events.iter().enumerate().filter_map(line).collect()
}

/// What the lines are told from.
struct Course<'a> {
    edition: &'a Edition,
    case: &'a Case,
    events: &'a [Event],
    mask: &'a Mask,
    name: Names<'a>,
}

impl Course<'_> {
    /// One event as a line; none where it says nothing to a reader.
    fn line(&self, n: usize, e: &Event) -> Option<TimelineView> {
        let keys = self.keys(e);
        let (title, detail) = self.title_and_detail(e, &keys)?;
        let all = keys.into_iter().filter_map(|k| {
            let text = self.said(e, k).filter(|t| !t.is_empty())?;
            let title = self.edition.field(k)?.title.clone();
            Some(SaidView { title, text })
        });
        let said = match &e.body {
            EventBody::Acted { .. } | EventBody::Registered { .. } => all.collect(),
            _ => vec![],
        };
        Some(TimelineView {
            said,
            at: e.at.to_rfc3339(),
            actor: (self.name)(e.actor),
            title,
            detail,
            seq: i64::try_from(n + 1).unwrap_or(i64::MAX),
        })
    }

    /// What was entered, as it was asked: the checks a to f in their order. Which value a correction is about stands in
    /// the line of the correction itself.
    fn keys<'e>(&self, e: &'e Event) -> Vec<&'e str> {
        let asked = asked(self.edition, &e.body);
        let mut keys: Vec<&str> = e.values.keys().map(String::as_str).collect();
        keys.retain(|k| *k != "correction.field");
        keys.sort_by_key(|k| {
            let own = |id: &&str| k.rsplit('/').next() == Some(*id);
            asked.iter().position(own).unwrap_or(usize::MAX)
        });
        keys
    }

    /// A value of an event in words.
    fn said(&self, e: &Event, key: &str) -> Option<String> {
        let v = e.values.get(key)?;
        if key == EXTENDED {
            return Some(clock_title(self.edition, self.case, v.as_str()?));
        }
        let field = self.edition.field(key)?;
        Some(self.mask.say(field, &words::value(field, v, self.name)))
    }

    fn title_and_detail(&self, e: &Event, keys: &[&str]) -> Option<(String, String)> {
        let name = self.name;
        let only = |title: &str| (title.to_owned(), String::new());
        Some(match &e.body {
            EventBody::Registered { number, .. } => only(&format!("登记 {number}")),
            EventBody::Acted { action, task, .. } => (
                self.acted_title(action, task.as_deref()),
                self.acted_detail(e, keys),
            ),
            EventBody::Corrected { field } => self.corrected(e, field),
            EventBody::Issued { form, number, .. } => {
                let known = self.edition.forms.get(form);
                let title = known.map_or(form.as_str(), |f| f.title.as_str());
                (format!("出具《{title}》"), number.clone())
            }
            EventBody::Excepted {
                person,
                second,
                bar,
            } => {
                let who = words::with_bar(&name(*person), self.edition, bar.as_deref());
                let detail = format!("{who}，经{}同意", name(*second));
                ("回避的例外".to_owned(), detail)
            }
            EventBody::MergedIn { number, with, .. } => {
                (format!("{number} 并入本案"), self.merged_with(e, with))
            }
            EventBody::MergeUndone { number, .. } => {
                only(&format!("{number} 重新办理，不再并入本案"))
            }
            EventBody::Attached { .. } => only("添加附件"),
            EventBody::ClockMoved { clock, due, cause } => {
                let clock = clock_title(self.edition, self.case, clock);
                (
                    format!("{}：{clock}", moved(*cause)),
                    due.at.map(words::due_moment).unwrap_or_default(),
                )
            }
            EventBody::Ended { how, .. } => only(ended(*how)),
            EventBody::Reopened { .. } => only("重新办理"),
            EventBody::Archived {} => only("归档"),
            EventBody::Disposed { .. } => only("保存期满，按批准的清单销毁"),
            EventBody::TaskOpened { task_kind, .. } => {
                let kind = self.edition.task(task_kind);
                only(&format!("开始：{}", kind.map_or("", |k| &k.title)))
            }
            _ => return None,
        })
    }

    /// The act, and of which task it is.
    fn acted_title(&self, action: &str, task: Option<&str>) -> String {
        let known = self.edition.action(action);
        let title = known.map_or(action, |a| a.title.as_str());
        match task.and_then(|t| task_title(self.edition, self.events, t)) {
            Some(task) => format!("{title}（{task}）"),
            None => title.to_owned(),
        }
    }

    /// The beginning of what was entered, behind whom it was done for and what it signs.
    fn acted_detail(&self, e: &Event, keys: &[&str]) -> String {
        let first = keys.iter().take(3).filter_map(|k| self.said(e, k));
        let short = first.filter(|said| !said.is_empty());
        let mut words: Vec<String> = short.map(|said| said.chars().take(60).collect()).collect();
        if let EventBody::Acted {
            signs,
            excepted,
            on_behalf_of,
            ..
        } = &e.body
        {
            if let Some(s) = signs {
                words.insert(0, format!("［{s}］"));
            }
            if let Some(p) = on_behalf_of {
                words.insert(0, format!("代{}", (self.name)(*p)));
            }
            if *excepted {
                words.push("（回避的例外）".to_owned());
            }
        }
        words.join("　")
    }

    fn corrected(&self, e: &Event, field: &str) -> (String, String) {
        let known = self.edition.field(field);
        let title = known.map_or(field, |f| f.title.as_str());
        let word = |k: &str| {
            known
                .zip(e.values.get(k))
                .map(|(f, v)| self.mask.say(f, &words::value(f, v, self.name)))
                .unwrap_or_default()
        };
        if e.values.contains_key(CORRECTED_OLD) {
            let change = format!("{} → {}", word(CORRECTED_OLD), word(CORRECTED_NEW));
            (format!("更正：{title}"), change)
        } else {
            (format!("补记：{title}"), word(CORRECTED_NEW))
        }
    }

    /// Which cases came along, and why.
    fn merged_with(&self, e: &Event, with: &[String]) -> String {
        let mut words: Vec<String> = Vec::new();
        if !with.is_empty() {
            words.push(format!("连同此前并入它的{}", with.join("、")));
        }
        words.extend(self.said(e, MERGE_REASON));
        words.join("　")
    }
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

fn moved(cause: MoveCause) -> &'static str {
    match cause {
        MoveCause::Extension => "时限延长",
        MoveCause::Reclassification => "改类后时限变动",
        MoveCause::Recalculation => "放假安排导入后重新计算时限",
    }
}

fn ended(how: Ending) -> &'static str {
    match how {
        Ending::Closed => "结案",
        Ending::Withdrawn => "投诉人撤回",
        Ending::Merged => "并入另一案件",
        Ending::Transferred => "转出",
        Ending::Voided => "编号作废",
    }
}
