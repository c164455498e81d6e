//! The checks over a procedure that was read: everything that is named exists, every step is reached and left.

use crate::{
    procedure::{
        check::{actions, clocks, forms, look::Look, reports, ways},
        limits,
        step::LATE,
    },
    value::FieldKind,
};

/// Checks the whole, in the order in which problems are told.
pub(super) fn check(look: &mut Look<'_>) {
    let p = &look.edition.procedure;
    ids(look);
    fields(look);
    for bar in p.bars.iter().filter(|b| !b.field.is_empty()) {
        look.field(&bar.field);
    }
    reports::summaries(look);
    head(look);
    actions::steps(look, &p.steps);
    for t in &p.tasks {
        actions::steps(look, &t.steps);
    }
    actions::action(look, &p.register, &p.steps);
    for a in &p.always {
        actions::action(look, a, &p.steps);
    }
    ways::reachable(look);
    clocks::clocks(look);
    reports::reports(look);
    reports::closings(look);
    forms::forms(look);
}

/// Nothing is defined twice, and there is a first step.
fn ids(look: &mut Look<'_>) {
    let edition = look.edition;
    let p = &edition.procedure;
    look.unique("id_twice", p.fields.iter().map(|f| f.id.as_str()));
    look.unique("id_twice", p.steps.iter().map(|s| s.id.as_str()));
    look.unique("id_twice", edition.actions().map(|a| a.id.as_str()));
    look.unique("id_twice", p.clocks.iter().map(|c| c.id.as_str()));
    if p.steps.is_empty() {
        look.bad("no_steps", &p.head.id);
    }
}

fn fields(look: &mut Look<'_>) {
    for f in &look.edition.procedure.fields {
        if matches!(f.kind, FieldKind::Choice | FieldKind::Many)
            && f.choices.is_empty()
            && f.id != "correction.field"
            && f.id != "extension.clock"
        {
            look.bad("choices_missing", &f.id);
        }
        if f.kind == FieldKind::Rows && f.columns.is_empty() {
            look.bad("columns_missing", &f.id);
        }
        if !f.range_sound() {
            look.bad("range_unfit", &f.id);
        }
        if f.duty {
            actions::duty(look, f);
        }
        if let Some(late) = f.when.fields().find(|c| c.starts_with(LATE)) {
            look.bad("field_unknown", late);
        }
        look.condition(&f.when);
    }
}

/// Numbers of cases and forms, and what makes a case confidential.
fn head(look: &mut Look<'_>) {
    let p = &look.edition.procedure;
    let format = &p.head.number_format;
    if !number_format(format) {
        look.bad("number_format_unfit", format);
    }
    for form in p.form_numbers.keys().filter(|f| !p.forms.contains(f)) {
        look.bad("form_unknown", form);
    }
    for c in &p.confidential {
        look.condition(&c.when);
        if !c.about.is_empty() {
            look.field(&c.about);
        }
    }
}

/// Without the year each January begins with a number that is taken; more digits than a number has are none.
fn number_format(format: &str) -> bool {
    let width = |rest: &str| {
        let width = rest.split_once('}').map(|(w, _)| w);
        width.is_some_and(|w| {
            let digits = w.strip_prefix(':').map(str::parse::<usize>);
            w.is_empty() || matches!(digits, Some(Ok(n)) if n <= limits::NUMBER_DIGITS)
        })
    };
    format.contains("{year}")
        && format
            .split_once("{seq")
            .is_some_and(|(_, rest)| width(rest))
}
