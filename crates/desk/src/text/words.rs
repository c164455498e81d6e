//! Values, times and due times in the procedures' own language.

use crate::text::error::ApiError;
use chrono::{Datelike, NaiveDate};
use redress_domain::{
    amount::Amount,
    calendar::{self, Day},
    clock::{ClockState, CountedDay, Due, Moment, Span, Unit},
    form::BY_DEFAULT,
    id::PersonId,
    procedure::{ClockRule, Edition, Procedure},
    value::{Field, FieldKind, given, people_in},
};
use serde_json::Value;

/// A refusal that is about people by id, with their names.
pub(crate) fn named(mut e: ApiError, name: Names<'_>) -> ApiError {
    for (id, word) in [("person", "who"), ("principal", "whom")] {
        let person = e.params.get(id).and_then(Value::as_str);
        if let Some(person) = person.and_then(|p| p.parse().ok()) {
            e = e.with(word, name(person));
        }
    }
    e
}

/// Somebody with the bar that an exception lifts; an older exception does not say which.
pub(crate) fn with_bar(who: &str, edition: &Edition, bar: Option<&str>) -> String {
    match bar_title(edition, bar) {
        Some(title) => format!("{who}（{title}）"),
        None => who.to_owned(),
    }
}

/// A bar in the procedure's words.
pub(crate) fn bar_title<'e>(edition: &'e Edition, bar: Option<&str>) -> Option<&'e str> {
    let bars = edition.procedure.bars.iter();
    let mut same = bars.filter(|b| Some(b.id.as_str()) == bar);
    same.next().map(|b| b.title.as_str())
}

/// `10月9日`.
pub fn day(date: NaiveDate) -> String {
    format!("{}月{}日", date.month(), date.day())
}

/// `2026年10月9日`.
pub fn full_day(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `2026年10月9日 16:02`.
pub fn moment(at: Moment) -> String {
    format!("{} {}", full_day(at.date_naive()), at.format("%H:%M"))
}

/// A due moment: midnight is said as 24:00 of the day before (T3).
pub fn due_moment(at: Moment) -> String {
    if at.format("%H:%M:%S").to_string() == "00:00:00" {
        let before = at.date_naive().pred_opt().unwrap_or(at.date_naive());
        format!("{} 24:00", full_day(before))
    } else {
        moment(at)
    }
}

/// Why something is so, for readers of the document: its clause, or that it is a default of the product.
pub fn basis(procedure: &Procedure, source: &str) -> String {
    match procedure.clause(source).as_deref() {
        // A rule from elsewhere, as a national one, is named as it is.
        None if !procedure.ours(source) => format!("依据{source}"),
        None => BY_DEFAULT.to_owned(),
        Some("") => format!("依据《{}》", procedure.head.title),
        Some(clause) => format!("依据 {clause}"),
    }
}

/// The same for a limit: the document may say it without saying how it is counted.
pub fn clock_basis(procedure: &Procedure, rule: &ClockRule) -> String {
    partly(procedure, &rule.source, &rule.default_note, "算法")
}

/// The same for a step, a task or an act: the document may ask for it without saying how it is done.
pub fn act_basis(procedure: &Procedure, source: &str, default_note: &str) -> String {
    partly(procedure, source, default_note, "具体做法")
}

fn partly(procedure: &Procedure, source: &str, default_note: &str, what: &str) -> String {
    let basis = basis(procedure, source);
    if default_note.is_empty() || procedure.ours(source) {
        basis
    } else {
        format!("{basis}；{what}为{BY_DEFAULT}")
    }
}

/// Finds a person's name.
pub type Names<'a> = &'a dyn Fn(PersonId) -> String;

/// A value in words. `name` finds a person's name.
pub fn value(field: &Field, value: &Value, name: &dyn Fn(PersonId) -> String) -> String {
    if !given(Some(value)) {
        return String::new();
    }
    let choice = |v: &Value| {
        let id = v.as_str().unwrap_or_default();
        let found = field.choices.iter().find(|c| c.id == id);
        found.map_or_else(|| id.to_owned(), |c| c.title.clone())
    };
    match field.kind {
        FieldKind::Choice => choice(value),
        FieldKind::Many => join(value.as_array().into_iter().flatten().map(choice)),
        FieldKind::YesNo => if value.as_bool() == Some(true) {
            "是"
        } else {
            "否"
        }
        .to_owned(),
        FieldKind::Number => value.to_string(),
        FieldKind::Measure => {
            let v = match &value["value"] {
                Value::String(s) => s.clone(),
                other => other.to_string(),
            };
            format!("{v}{}", value["unit"].as_str().unwrap_or_default())
        }
        FieldKind::Date => value
            .as_str()
            .and_then(|s| s.parse().ok())
            .map_or_else(String::new, full_day),
        FieldKind::Time => value
            .as_str()
            .and_then(calendar::moment)
            .map_or_else(String::new, moment),
        FieldKind::Staff => match value.get("unknown").and_then(Value::as_str) {
            Some(reason) => format!("不详（{reason}）"),
            None => join(people_in(value).into_iter().map(name)),
        },
        FieldKind::Rows => {
            let rows = value.as_array().into_iter().flatten().map(|row| {
                let cells = field.columns.iter().filter_map(|c| {
                    let v = row.get(&c.id)?;
                    given(Some(v)).then(|| self::value(c, v, name))
                });
                cells.collect::<Vec<_>>().join(" ")
            });
            rows.collect::<Vec<_>>().join("；")
        }
        FieldKind::Party => value["name"].as_str().unwrap_or_default().to_owned(),
        FieldKind::Text | FieldKind::LongText | FieldKind::Attachment => {
            value.as_str().unwrap_or_default().to_owned()
        }
    }
}

fn join(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join("、")
}

/// `王芳` → `王＊`; digits keep the first three and the last four; anything else its first character (G11).
pub fn mask(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let chars: Vec<char> = text.chars().collect();
    if digits >= 7 {
        let head: String = chars.iter().take(3).collect();
        let tail: String = chars.iter().skip(chars.len().saturating_sub(4)).collect();
        return format!("{head}****{tail}");
    }
    match chars.split_first() {
        Some((first, rest)) if !rest.is_empty() => {
            format!("{first}{}", "＊".repeat(rest.len().min(2)))
        }
        Some(_) => "＊".to_owned(),
        None => String::new(),
    }
}

/// `3 个工作日`, `1.5 小时`, and half of one as an office says it: `半个工作日`.
pub fn span(span: Span) -> String {
    let (measure, unit) = match span.unit {
        Unit::Hours => ("", "小时"),
        Unit::WorkingHours => ("个", "工作小时"),
        Unit::WorkingDays => ("个", "工作日"),
        Unit::CalendarDays => ("", "天"),
    };
    if Some(span.amount) == Amount::new(0.5) {
        format!("半{measure}{unit}")
    } else {
        format!("{} {measure}{unit}", span.amount)
    }
}

/// The limit in words: `3 个工作日`.
pub fn limit(due: &Due, rule: Option<&ClockRule>) -> String {
    match due.span {
        Some(s) => span(s),
        None => match rule {
            Some(r) if !r.word.is_empty() => r.word.clone(),
            Some(r) if !r.agreed.is_empty() => "约定日期".to_owned(),
            _ => "未设定时限".to_owned(),
        },
    }
}

/// Why a due time is what it is (T5): made here from the kept facts.
pub fn explanation(due: &Due, rule: Option<&ClockRule>) -> String {
    let mut text = limit(due, rule);
    if due.own_target {
        let whose = if rule.is_some_and(|r| r.left_open) {
            "本机构设定"
        } else {
            "内部目标"
        };
        text = format!(
            "{text}（{whose}，非程序文件规定），自{}起",
            moment(due.start)
        );
    } else if due.at.is_none() && rule.is_some_and(|r| r.left_open) {
        "未设定时限：程序文件留给本机构规定".clone_into(&mut text);
    } else if due.at.is_none() {
        text = format!("“{text}”，程序文件未规定数字时限");
    } else if !due.counted.is_empty() {
        let days: Vec<String> = due.counted.iter().map(counted).collect();
        text = format!("{text}：{}", days.join("、"));
    } else if due.span.is_some_and(|s| matches!(s.unit, Unit::Hours)) {
        text = format!("{text}，自{}起连续计算", moment(due.start));
    } else if due.span.is_some() {
        text = format!("{text}，自{}起", moment(due.start));
    }
    if let Some(opens) = due.opens {
        text = format!("{text}；不早于{}", full_day(opens.date_naive()));
    }
    if let Some(last) = due.rolled_from {
        text = format!("{text}；{}", rolled(last));
    }
    let skipped = ranges(&due.skipped);
    if !skipped.is_empty() {
        text = format!("{text}；{skipped}");
    }
    if due.provisional {
        let years: Vec<String> = due.unknown_years.iter().map(|y| format!("{y}年")).collect();
        text = format!(
            "{text}；暂定：{}放假安排未导入，按周末推算",
            years.join("、")
        );
    }
    text
}

/// That a due time moved off a day that is no working day (T3): no procedure says so.
pub fn rolled(last: NaiveDate) -> String {
    format!(
        "{}不是工作日，顺延到下一个工作日（顺延为{BY_DEFAULT}）",
        day(last)
    )
}

fn counted(day_of: &CountedDay) -> String {
    match &day_of.day {
        Day::MakeUp { .. } => format!("{}（调休上班）", day(day_of.date)),
        _ => day(day_of.date),
    }
}

/// `10月1日至10月7日国庆节放假`, neighbouring days together.
fn ranges(days: &[CountedDay]) -> String {
    let why = |d: &Day| match d {
        Day::Holiday { name } => format!("{name}放假"),
        _ => "周末".to_owned(),
    };
    let mut out: Vec<(NaiveDate, NaiveDate, String)> = Vec::new();
    for d in days {
        let word = why(&d.day);
        match out.last_mut() {
            Some((_, last, w)) if *w == word && last.succ_opt() == Some(d.date) => *last = d.date,
            _ => out.push((d.date, d.date, word)),
        }
    }
    let said = out.into_iter().map(|(a, b, w)| {
        if a == b {
            format!("{}{w}", day(a))
        } else {
            format!("{}至{}{w}", day(a), day(b))
        }
    });
    said.collect::<Vec<_>>().join("，")
}

/// A clock's state on the wire.
pub fn state(state: ClockState) -> &'static str {
    match state {
        ClockState::Waiting => "waiting",
        ClockState::Running => "running",
        ClockState::Late => "late",
        ClockState::Met => "met",
        ClockState::Missed => "missed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use redress_domain::{
        calendar::Calendar,
        clock,
        procedure::{Edition, Limit},
    };
    use std::sync::Arc;

    fn edition(id: &str) -> Arc<Edition> {
        let all = crate::shipped::shipped(&[]).unwrap_or_else(|e| panic!("{e:#?}"));
        all[id].clone()
    }

    #[test]
    fn a_heading_says_what_is_ours() {
        let e = edition("hospital");
        let said = |id: &str| {
            let step = e.step(id).unwrap_or_else(|| panic!("a step"));
            act_basis(&e.procedure, &step.source, &step.default_note)
        };
        assert_eq!(said("approving"), BY_DEFAULT, "管理层批准");
        assert_eq!(said("planning"), "依据 第八条第3项");
        let both = format!("依据 第八条第1项；具体做法为{BY_DEFAULT}");
        assert_eq!(said("reviewing"), both);
    }

    #[test]
    fn a_deadline_that_rolled_says_that_rolling_is_ours() {
        let e = edition("inspection-institute");
        let rule = e.clock("reply").unwrap_or_else(|| panic!("三日内"));
        // A Thursday: three days end on a Sunday.
        let start = calendar::moment("2026-11-26T09:00:00+08:00").expect("a moment");
        let span = rule.within.as_ref().and_then(Limit::span);
        let span = span.unwrap_or_else(|| panic!("days"));
        let due = clock::due(span, start, rule.roll, &Calendar::default());
        assert_eq!(due.rolled_from.map(day).as_deref(), Some("11月29日"));
        let said = explanation(&due, Some(rule));
        let ours = format!("顺延到下一个工作日（顺延为{BY_DEFAULT}）");
        assert!(said.contains(&ours), "{said}");
    }
}
