//! What is counted and listed in reports, and what closing asks for.

use crate::{
    procedure::check::look::Look,
    value::{Class, Field, FieldKind},
};

/// What a period's summary counts and lists.
pub(super) fn summaries(look: &mut Look<'_>) {
    let p = &look.edition.procedure;
    for t in &p.tallies {
        look.field(&t.field);
        in_summary(look, &t.field, |f| {
            matches!(f.kind, FieldKind::Choice | FieldKind::YesNo)
        });
    }
    for l in &p.listings {
        look.condition(&l.when);
        for f in &l.fields {
            look.field(f);
            in_summary(look, f, |f| {
                !matches!(f.kind, FieldKind::Staff | FieldKind::Party)
            });
        }
    }
}

/// A summary names nobody: what it counts and lists is open, and fit for it.
fn in_summary(look: &mut Look<'_>, id: &str, fit: impl Fn(&Field) -> bool) {
    let field = look.edition.field(id);
    if field.is_some_and(|f| f.class != Class::Open || !fit(f)) {
        look.bad("summary_unfit", id);
    }
}

pub(super) fn reports(look: &mut Look<'_>) {
    let p = &look.edition.procedure;
    let told = p.head.department.iter().chain(&p.head.review);
    for id in told.chain((!p.head.satisfaction.is_empty()).then_some(&p.head.satisfaction)) {
        look.field(id);
    }
    look.condition(&p.head.major);
    for r in &p.reports {
        look.roles(&r.by);
        if !REPORT_KINDS.contains(&r.kind.as_str()) {
            look.bad("report_unknown", &r.kind);
        }
    }
    for b in &p.books {
        if look.edition.clock(&b.clock).is_none() {
            look.bad("clock_unknown", &b.clock);
        }
        if b.titles.len() != 3 {
            look.bad("book_needs_three_titles", &b.id);
        }
        for f in &b.fields {
            look.field(f);
        }
    }
}

pub(super) fn closings(look: &mut Look<'_>) {
    for c in &look.edition.procedure.closing {
        look.condition(&c.when);
        look.condition(&c.must);
        if !c.issued.is_empty() {
            look.form(&c.issued);
        }
        for kind in [&c.tasks_done, &c.tasks_opened] {
            if !kind.is_empty() {
                look.task(kind);
            }
        }
    }
    let closes = look
        .edition
        .actions()
        .any(|a| a.effect == crate::procedure::step::Effect::Close);
    if !closes {
        look.bad("nothing_closes", &look.edition.procedure.head.id.clone());
    }
}

/// Kinds of reports that a procedure's file may owe.
pub const REPORT_KINDS: [&str; 4] = ["week", "month", "timeliness", "management_review"];
