//! A case's forms, the documents given out, and its values.

use super::{DocumentView, FormView, MissingView, ValueView};
use crate::{
    institution::procedures::field_view,
    masking::mask::Mask,
    text::words::{self, Names},
};
use redress_domain::{
    case::{Case, Issued},
    closing::form_missing,
    event::{Event, EventBody},
    procedure::Edition,
    record::{since, tasks_of},
    value::FieldKind,
};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) fn forms(edition: &Edition, case: &Case) -> Vec<FormView> {
    let mut all = Vec::new();
    if case.disposed {
        return all;
    }
    for id in &edition.procedure.forms {
        let Some(form) = edition.forms.get(id) else {
            continue;
        };
        for task in tasks_of(form, case) {
            let missing: Vec<MissingView> = form_missing(edition, case, form, task.as_deref())
                .into_iter()
                .map(|(code, title)| MissingView::of(code, title))
                .collect();
            let stands = |d: &&Issued| {
                let here = !form.per_round || d.round == case.round;
                &d.form == id && d.task == task && here && d.superseded_by.is_none()
            };
            let standing = case.documents.iter().rev().find(stands);
            all.push(FormView {
                id: id.clone(),
                title: form.title.clone(),
                standing: standing.map(|d| d.number.clone()),
                task: task.clone(),
                ready: missing.is_empty(),
                missing,
            });
        }
    }
    all
}

pub(super) fn documents(edition: &Edition, case: &Case, name: Names<'_>) -> Vec<DocumentView> {
    let later: Vec<Vec<String>> = case
        .documents
        .iter()
        .map(|d| since(edition, case, d))
        .collect();
    let view = |(d, since): (&Issued, Vec<String>)| DocumentView {
        outdated: !since.is_empty(),
        since,
        id: d.id.to_string(),
        form: d.form.clone(),
        task: d.task.clone(),
        title: edition
            .forms
            .get(&d.form)
            .map_or_else(|| d.form.clone(), |f| f.title.clone()),
        number: d.number.clone(),
        at: d.at.to_rfc3339(),
        by: name(d.by),
        pages: d.pages,
        superseded_by: d.superseded_by.clone(),
        copies: d.copies.iter().map(|c| c.kind.clone()).collect(),
    };
    case.documents.iter().zip(later).map(view).collect()
}

pub(super) fn values(
    edition: &Edition,
    case: &Case,
    events: &[Event],
    mask: &Mask,
    name: Names<'_>,
    may_correct: &dyn Fn(&str) -> bool,
) -> Vec<ValueView> {
    let mut origin: BTreeMap<&str, &Event> = BTreeMap::new();
    for e in events {
        match &e.body {
            EventBody::Corrected { field } => {
                origin.insert(field, e);
            }
            _ => origin.extend(e.values.keys().map(|k| (k.as_str(), e))),
        }
    }
    let order = |key: &str| {
        edition
            .procedure
            .fields
            .iter()
            .position(|f| key.rsplit('/').next() == Some(&f.id))
    };
    let mut keys: Vec<&String> = case.values.keys().collect();
    keys.sort_by_key(|k| (k.contains('/'), order(k)));
    let view = |key: &String| {
        let field = edition.field(key)?;
        let value = field.settled(case.values.get(key)?);
        let from = origin.get(key.as_str());
        Some(ValueView {
            key: key.clone(),
            title: field.title.clone(),
            text: mask.say(field, &words::value(field, &value, name)),
            covered: mask.covers(field),
            value: if mask.whole() || plain(field.kind) && !mask.covers(field) {
                value
            } else {
                Value::Null
            },
            by: from.map(|e| name(e.actor)).unwrap_or_default(),
            at: from.map(|e| e.at.to_rfc3339()).unwrap_or_default(),
            class: field.class,
            field: field_view(field, false),
            may_correct: may_correct(key),
        })
    };
    keys.into_iter().filter_map(view).collect()
}

/// What is picked and not typed: nothing else can stand in it.
fn plain(kind: FieldKind) -> bool {
    !matches!(
        kind,
        FieldKind::Text | FieldKind::LongText | FieldKind::Rows | FieldKind::Measure
    )
}
