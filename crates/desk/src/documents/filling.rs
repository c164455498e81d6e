//! A case in the words of a form: everything that a page needs, ready to be laid out.

use crate::{
    documents::about::{about_case, organisation},
    masking::mask::Mask,
    text::words,
};
use redress_domain::{
    case::{Act, Case},
    decide::{key, look_over, look_up},
    form::{Filling, Form, Mark, Picked, Signature},
    id::PersonId,
    procedure::Edition,
    value::{Field, FieldKind, given},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a page needs besides the case.
pub struct Surroundings<'a> {
    /// The edition of the case, or of a blank form.
    pub edition: &'a Edition,
    /// A person's name.
    pub name: &'a (dyn Fn(PersonId) -> String + Sync),
    /// Name, address, phone of the institution.
    pub organisation: &'a Organisation,
    /// What is covered (G11).
    pub(crate) mask: &'a Mask,
    /// 演练.
    pub training: bool,
    /// Hashes of the case's signed events, by position in the case.
    pub signed: &'a BTreeMap<i64, String>,
}

pub use crate::office::state::organisation::Organisation;

/// A blank form: the same boxes, nothing in them but the institution's name.
pub fn blank(s: &Surroundings<'_>) -> Filling {
    let mut filling = Filling {
        blank: true,
        organisation: s.organisation.name.clone(),
        ..Filling::default()
    };
    organisation(&mut filling.texts, s);
    for field in &s.edition.procedure.fields {
        if let Some(options) = options(field, None) {
            filling.choices.insert(field.id.clone(), options);
        }
    }
    filling.rows.extend(checks(s, None, None));
    for rule in s.edition.procedure.tasks.iter() {
        filling.groups.insert(
            rule.id.clone(),
            vec![Filling {
                blank: true,
                ..Filling::default()
            }],
        );
    }
    for (name, _, _) in groups(s.edition) {
        let mut one = Filling {
            blank: true,
            ..Filling::default()
        };
        one.choices.clone_from(&filling.choices);
        filling.groups.insert(name, vec![one]);
    }
    if s.training {
        filling.marks.push(Mark::Practice);
    }
    filling
}

/// A filled form.
pub fn filled(form: &Form, case: &Case, task: Option<&str>, s: &Surroundings<'_>) -> Filling {
    let own;
    let case = if form.per_round {
        own = case.of_round();
        &own
    } else {
        case
    };
    let mut filling = Filling {
        organisation: s.organisation.name.clone(),
        ..Filling::default()
    };
    organisation(&mut filling.texts, s);
    about_case(&mut filling.texts, case, s);
    for field in &s.edition.procedure.fields {
        let v = shown(case, task, field, s);
        fill(&mut filling, field, v, s);
    }
    filling.rows.extend(checks(s, Some(case), task));
    filling
        .rows
        .insert("documents".to_owned(), documents(case, s));
    filling.groups.extend(rows_of_groups(case, s));
    filling.signatures.extend(signatures(case, task, s));
    if s.training {
        filling.marks.push(Mark::Practice);
    }
    filling
}

/// Each row that opens a task, as a filling of its own.
fn rows_of_groups(case: &Case, s: &Surroundings<'_>) -> BTreeMap<String, Vec<Filling>> {
    let of = |(name, per, into): (String, String, String)| {
        let rows = case.values.get(&per).and_then(Value::as_array);
        let rows = rows.map_or(&[][..], Vec::as_slice);
        let each = rows.iter().enumerate();
        let each = each.map(|(n, row)| copy(row, &into, n, rows.len(), s));
        (name, each.collect())
    };
    groups(s.edition).into_iter().map(of).collect()
}

/// Who did what, by action: of a task's form the case's own acts and those of that task.
fn signatures(
    case: &Case,
    task: Option<&str>,
    s: &Surroundings<'_>,
) -> BTreeMap<String, Signature> {
    let here = |a: &&Act| task.is_none() || a.task.is_none() || a.task.as_deref() == task;
    let one = |act: &Act| {
        let corrected = match corrected_since(s.edition, case, act) {
            true => "（签后有更正）",
            false => "",
        };
        let code = s.signed.get(&act.seq);
        let signature = Signature {
            name: match act.on_behalf_of {
                None => (s.name)(act.actor),
                Some(p) => format!("{}（代{}）", (s.name)(act.actor), (s.name)(p)),
            },
            meaning: act.signs.clone().unwrap_or_default(),
            at: format!("{}{corrected}", words::moment(act.at)),
            code: code
                .map(|hash| hash.chars().take(8).collect())
                .unwrap_or_default(),
        };
        (act.action.clone(), signature)
    };
    case.acts.iter().filter(here).map(one).collect()
}

/// Whether something that was signed with an act was corrected afterwards (G14).
fn corrected_since(edition: &Edition, case: &Case, act: &Act) -> bool {
    let Some(action) = edition.action(&act.action).filter(|_| act.signs.is_some()) else {
        return false;
    };
    let later = |field: &str| {
        let corrected = case.corrected.get(&key(act.task.as_deref(), field));
        corrected.is_some_and(|&seq| seq > act.seq)
    };
    action.asked().any(|(field, _)| later(field))
}

/// A value as the form shows it. Tasks that stand for rows have a group of their own.
fn shown<'a>(
    case: &'a Case,
    task: Option<&str>,
    field: &Field,
    s: &Surroundings<'_>,
) -> Option<&'a Value> {
    let of_rows = groups(s.edition)
        .iter()
        .any(|(_, _, into)| !into.is_empty() && field.id.starts_with(into.as_str()));
    if of_rows {
        look_up(case, task, &field.id)
    } else {
        look_over(case, task, &field.id)
    }
}

fn fill(filling: &mut Filling, field: &Field, value: Option<&Value>, s: &Surroundings<'_>) {
    filling.titles.insert(field.id.clone(), field.title.clone());
    let shown = value.filter(|_| !s.mask.covers(field));
    if let Some(options) = options(field, shown) {
        filling.choices.insert(field.id.clone(), options);
    }
    let Some(value) = value else { return };
    if field.kind == FieldKind::Rows {
        let rows = value.as_array().into_iter().flatten();
        let lines = rows.map(|row| cells(field, row, s)).collect();
        filling.rows.insert(field.id.clone(), lines);
    }
    filling
        .texts
        .insert(field.id.clone(), said(field, value, s));
}

fn said(field: &Field, value: &Value, s: &Surroundings<'_>) -> String {
    s.mask.say(field, &words::value(field, value, s.name))
}

fn cells(field: &Field, row: &Value, s: &Surroundings<'_>) -> BTreeMap<String, String> {
    let cell = |c: &Field| Some((c.id.clone(), said(c, row.get(&c.id)?, s)));
    field.columns.iter().filter_map(cell).collect()
}

fn options(field: &Field, value: Option<&Value>) -> Option<Vec<Picked>> {
    let is = |id: &str| match value {
        Some(Value::String(v)) => v == id,
        Some(Value::Array(all)) => all.iter().any(|v| v.as_str() == Some(id)),
        _ => false,
    };
    match field.kind {
        FieldKind::Choice | FieldKind::Many => Some(
            field
                .choices
                .iter()
                .map(|c| Picked {
                    title: c.title.clone(),
                    picked: is(&c.id),
                })
                .collect(),
        ),
        FieldKind::YesNo => {
            let v = value.and_then(Value::as_bool);
            let one = |title: &str, when| Picked {
                title: title.to_owned(),
                picked: v == Some(when),
            };
            Some(vec![one("是", true), one("否", false)])
        }
        _ => None,
    }
}

/// Choices that stand in pairs with a `.note` become rows under their common prefix: item, answer, note.
fn checks(
    s: &Surroundings<'_>,
    case: Option<&Case>,
    task: Option<&str>,
) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    let mut all: BTreeMap<String, Vec<BTreeMap<String, String>>> = BTreeMap::new();
    for field in s
        .edition
        .procedure
        .fields
        .iter()
        .filter(|f| f.kind == FieldKind::Choice)
    {
        let note = format!("{}.note", field.id);
        let (Some(note_field), Some((prefix, _))) =
            (s.edition.field(&note), field.id.split_once('.'))
        else {
            continue;
        };
        let look = |f: &Field| {
            let v = case.and_then(|c| look_up(c, task, &f.id));
            v.map(|v| said(f, v, s)).unwrap_or_default()
        };
        let row = BTreeMap::from([
            ("item".to_owned(), field.title.clone()),
            ("answer".to_owned(), look(field)),
            ("note".to_owned(), look(note_field)),
        ]);
        all.entry(prefix.to_owned()).or_default().push(row);
    }
    all
}

/// Groups that forms can repeat over: the rows that open a task each. Name, rows-field, prefix.
fn groups(edition: &Edition) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for start in edition
        .actions()
        .flat_map(|a| &a.to)
        .flat_map(|w| &w.starts)
    {
        if !start.per.is_empty() {
            let name = start
                .per
                .rsplit_once('.')
                .map_or(&*start.per, |(_, name)| name);
            all.push((name.to_owned(), start.per.clone(), start.into.clone()));
        }
    }
    all
}

fn copy(row: &Value, into: &str, n: usize, total: usize, s: &Surroundings<'_>) -> Filling {
    let mut one = Filling::default();
    one.texts
        .insert(format!("{into}index"), format!("{} / {total}", n + 1));
    for (column, value) in row.as_object().into_iter().flatten() {
        let id = format!("{into}{column}");
        if let Some(field) = s.edition.field(&id) {
            fill(&mut one, field, given(Some(value)).then_some(value), s);
        }
    }
    one
}

fn documents(case: &Case, s: &Surroundings<'_>) -> Vec<BTreeMap<String, String>> {
    let line = |(n, d): (usize, &redress_domain::case::Issued)| {
        let title = s
            .edition
            .forms
            .get(&d.form)
            .map_or(d.form.clone(), |f| f.title.clone());
        BTreeMap::from([
            ("no".to_owned(), (n + 1).to_string()),
            ("number".to_owned(), d.number.clone()),
            ("title".to_owned(), title),
            ("date".to_owned(), words::full_day(d.at.date_naive())),
            ("pages".to_owned(), d.pages.to_string()),
        ])
    };
    case.documents.iter().enumerate().map(line).collect()
}
