//! Correcting what was recorded, and writing down later what was left open (G14).
//!
//! A finding is corrected by those who may make it: by the role of the action that asked for it, and by nobody whom
//! the case excludes from that action (G1). Who is excluded is not corrected by the excluded themselves.

use crate::{
    case::{CORRECTED_NEW, CORRECTED_OLD, Case, key},
    event::EventBody,
    procedure::{Action, Edition},
    refusal::Refusal,
    rules::{
        actor::Actor,
        impartial::{Standing, standing},
        lookup::look_up,
        permit::may,
        run::Run,
    },
    value::{Values, given, people_in, range},
};
use serde_json::Value;
use std::collections::BTreeSet;

/// The task of a key, where it has one, and the field.
fn parts(key: &str) -> (Option<&str>, &str) {
    match key.split_once('/') {
        Some((task, field)) => (Some(task), field),
        None => (None, key),
    }
}

/// What was done that asked for the field, set it, or opened the task with it.
fn makers<'a>(edition: &'a Edition, case: &Case, key: &str) -> Vec<&'a Action> {
    let (task, field) = parts(key);
    let kind = task.and_then(|t| case.task(t)).map(|t| t.kind.as_str());
    let asks = |a: &Action| a.asked().any(|(f, _)| f == field);
    let sets = |a: &Action| a.to.iter().any(|w| w.sets.contains_key(field));
    let opens = |a: &Action| {
        let mut starts = a.to.iter().flat_map(|w| &w.starts);
        kind.is_some_and(|k| starts.any(|s| s.task == k))
    };
    let done = case.acts.iter().filter_map(|act| {
        let action = edition.action(&act.action)?;
        let here = act.task.as_deref() == task && (asks(action) || sets(action));
        (here || opens(action)).then_some(action)
    });
    let register = &edition.procedure.register;
    let registered = task.is_none() && (asks(register) || sets(register));
    registered
        .then_some(register)
        .into_iter()
        .chain(done)
        .collect()
}

/// Whether somebody may correct a value, or write it down where it was left open.
///
/// # Errors
/// `nothing_to_correct`, `barred`, `role_missing`, `other_department`.
pub fn may_correct(
    edition: &Edition,
    case: &Case,
    actor: &Actor,
    key: &str,
) -> Result<(), Refusal> {
    let own = alone(edition, case, actor, key);
    let as_deputy = |p: &Actor| alone(edition, case, p, key).is_ok();
    if own.is_err() && actor.principals.iter().any(as_deputy) {
        return Ok(());
    }
    own
}

fn alone(edition: &Edition, case: &Case, actor: &Actor, key: &str) -> Result<(), Refusal> {
    let (task, id) = parts(key);
    let nothing = || Refusal::new("nothing_to_correct").with("field", key);
    let field = edition.field(id).ok_or_else(nothing)?;
    let old = case.values.get(key);
    let bar = edition.procedure.bars.iter().find(|b| b.field == id);
    let concerned = old.map(people_in).unwrap_or_default();
    if let Some(bar) = bar.filter(|_| actor.hands().any(|p| concerned.contains(&p))) {
        return Err(Refusal::new("barred")
            .with("relation", bar.title.as_str())
            .with("action", field.title.as_str()));
    }
    let mut refusal = nothing();
    for maker in makers(edition, case, key) {
        // What was noted without a signature and by nobody in particular, as the complainant's phone.
        if maker.bars.is_empty() && maker.signs.is_empty() && actor.takes_part() {
            return Ok(());
        }
        let department = look_up(case, task, &maker.department).and_then(Value::as_str);
        let allowed = may(edition, maker, actor, department).and_then(|()| {
            match standing(edition, case, &Values::new(), maker, actor) {
                Standing::Free | Standing::Excepted => Ok(()),
                Standing::Barred(x) => Err(Refusal::new("barred")
                    .with("relation", x.title)
                    .with("action", field.title.as_str())),
            }
        });
        match allowed {
            Ok(()) => return Ok(()),
            Err(r) => refusal = r,
        }
    }
    Err(refusal)
}

/// What was asked for and left open, by its key: it can be written down later, by whoever may.
pub fn left_open(edition: &Edition, case: &Case) -> Vec<String> {
    let register = (&edition.procedure.register, None);
    let done = case.acts.iter().filter_map(|act| {
        let own = edition.procedure.always.iter().all(|a| a.id != act.action);
        let action = edition.action(&act.action).filter(|_| own)?;
        Some((action, act.task.as_deref()))
    });
    let mut all: Vec<String> = Vec::new();
    for (action, task) in std::iter::once(register).chain(done) {
        for (id, _) in action.asked() {
            let Some(field) = edition.field(id) else {
                continue;
            };
            let key = key(task, id);
            let asked = field.when.holds(|f| look_up(case, task, f));
            if asked && !given(case.values.get(&key)) && !all.contains(&key) {
                all.push(key);
            }
        }
    }
    all
}

/// The value is held against its field; old and new are kept, and documents that show it are flagged.
///
/// # Errors
/// `nothing_to_correct`, `fields_missing`, `field_not_asked`, `correction_same`, `value_asks`, and what [`may_correct`] refuses.
pub(crate) fn correct(
    run: &mut Run<'_>,
    entered: &Values,
    meant: &BTreeSet<String>,
) -> Result<(), Refusal> {
    let edition = run.ctx.edition;
    let key = entered.get("correction.field").and_then(Value::as_str);
    // Where none is named there is nothing to correct; where nothing is entered it is missing.
    let key = key.unwrap_or_default();
    let new = entered.get(CORRECTED_NEW).cloned().unwrap_or_default();
    let (task, id) = parts(key);
    let nothing = || Refusal::new("nothing_to_correct").with("field", key);
    let field = edition.field(id).ok_or_else(nothing)?;
    let new = field.taken(new);
    may_correct(edition, &run.case, run.actor, key)?;
    if !given(Some(&new)) {
        return Err(Refusal::new("fields_missing")
            .with("fields", vec![CORRECTED_NEW])
            .with("titles", field.title.as_str()));
    }
    let new = field.settled(&new);
    field.check(&new)?;
    range::confirmed(field.weigh(&new, run.ctx.now)?, meant)?;
    let old = run.case.values.get(key).cloned();
    if old.is_none() && !field.when.holds(|f| look_up(&run.case, task, f)) {
        return Err(Refusal::new("field_not_asked").with("title", field.title.as_str()));
    }
    if old.as_ref() == Some(&new) {
        return Err(Refusal::new("correction_same").with("title", field.title.as_str()));
    }
    let mut values = Values::from([(CORRECTED_NEW.to_owned(), new)]);
    values.extend(old.map(|v| (CORRECTED_OLD.to_owned(), v)));
    let body = EventBody::Corrected {
        field: key.to_owned(),
    };
    run.push(body, values);
    Ok(())
}
