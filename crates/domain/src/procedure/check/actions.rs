//! Actions: who may, what is asked, what is required, where they lead.

use crate::{
    procedure::{
        Requirement, Way,
        check::look::Look,
        requirement::Comparison,
        step::{ACTOR, Action, Step},
    },
    value::{
        Field, FieldKind,
        condition::{Condition, Expect},
    },
};

/// A duty that was answered with no has a reason asked with it, a way to make it good, and a rule in closing.
pub(super) fn duty(look: &mut Look<'_>, f: &Field) {
    let p = &look.edition.procedure;
    let is_no = |c: &Condition| c.0.get(&f.id) == Some(&Expect::Flag(false));
    let reasons: Vec<&str> = p
        .fields
        .iter()
        .filter(|r| is_no(&r.when))
        .map(|r| r.id.as_str())
        .collect();
    let asks = |a: &&Action| a.asked().any(|(id, _)| id == f.id);
    let explained = |a: &Action| {
        a.asked()
            .any(|(id, needed)| needed && reasons.contains(&id))
    };
    let later = |a: &&Action| is_no(&a.when);
    let sound = f.kind == FieldKind::YesNo
        && look
            .edition
            .actions()
            .filter(asks)
            .all(|a| later(&a) || explained(a))
        && p.always.iter().filter(asks).any(|a| later(&a))
        && p.closing
            .iter()
            .any(|c| c.must.0.get(&f.id) == Some(&Expect::Flag(true)));
    if !sound {
        look.bad("duty_unfit", &f.id);
    }
}

pub(super) fn steps(look: &mut Look<'_>, steps: &[Step]) {
    for step in steps {
        for a in &step.actions {
            action(look, a, steps);
        }
    }
}

pub(super) fn action(look: &mut Look<'_>, a: &Action, steps: &[Step]) {
    look.roles(&a.by);
    for bar in &a.bars {
        if look.edition.procedure.bars.iter().all(|b| &b.id != bar) {
            look.bad("bar_unknown", bar);
        }
    }
    let asked: Vec<String> = a.asked().map(|(f, _)| f.to_owned()).collect();
    for f in asked
        .iter()
        .chain(&a.by_person)
        .chain((!a.department.is_empty()).then_some(&a.department))
    {
        look.field(f);
    }
    look.condition(&a.when);
    for r in &a.requires {
        requirement(look, a, r);
    }
    for f in &a.issues {
        look.form(f);
    }
    for w in &a.to {
        way(look, w, steps);
    }
}

fn requirement(look: &mut Look<'_>, a: &Action, r: &Requirement) {
    look.condition(&r.when);
    for f in [&r.field, &r.not_in].into_iter().filter(|f| !f.is_empty()) {
        look.field(f);
    }
    for f in [&r.not_before, &r.not_after] {
        if !f.is_empty() && f != "today" {
            look.field(f);
        }
    }
    for other in &r.other_than {
        if look.edition.action(other).is_none() {
            look.bad("action_unknown", other);
        }
    }
    if !r.issued.is_empty() {
        look.form(&r.issued);
    }
    if !r.tasks_done.is_empty() {
        look.task(&r.tasks_done);
    }
    look.condition(&r.never);
    if !r.opened.is_empty() && look.edition.clock(&r.opened).is_none() {
        look.bad("clock_unknown", &r.opened);
    }
    if let Some(c) = &r.compares {
        compares(look, c, &r.field);
    }
    if r.refusal.is_empty() {
        look.bad("refusal_missing", &a.id);
    }
}

fn way(look: &mut Look<'_>, way: &Way, steps: &[Step]) {
    look.condition(&way.when);
    if !way.step.is_empty() && steps.iter().all(|s| s.id != way.step) {
        look.bad("step_unknown", &way.step);
    }
    for (f, v) in &way.sets {
        look.field(f);
        let staff = |f: &Field| f.kind == FieldKind::Staff && !f.multiple;
        if v.as_str() == Some(ACTOR) && !look.edition.field(f).is_some_and(staff) {
            look.bad("field_unknown", f);
        }
    }
    for s in &way.starts {
        look.task(&s.task);
        if !s.per.is_empty() {
            look.field(&s.per);
        }
        look.condition(&s.when);
    }
}

/// A comparison names columns of its table and answers of its field.
pub(super) fn compares(look: &mut Look<'_>, c: &Comparison, answer: &str) {
    let edition = look.edition;
    let Some(rows) = edition.field(&c.rows).filter(|f| f.kind == FieldKind::Rows) else {
        look.bad("field_unknown", &c.rows);
        return;
    };
    let verdict = Some(&c.verdict).filter(|v| !v.is_empty());
    for column in [&c.first, &c.second, &c.tolerance]
        .into_iter()
        .chain(verdict)
    {
        if rows.columns.iter().all(|x| &x.id != column) {
            look.bad("field_unknown", column);
        }
    }
    let choices = edition
        .field(answer)
        .map(|f| &f.choices[..])
        .unwrap_or_default();
    for wanted in [&c.within, &c.beyond] {
        if choices.iter().all(|x| &x.id != wanted) {
            look.bad("field_unknown", wanted);
        }
    }
}
