//! Clocks: each has one limit, something that starts it and something that stops it.

use crate::procedure::check::look::Look;

pub(super) fn clocks(look: &mut Look<'_>) {
    for c in &look.edition.procedure.clocks {
        let limits = [
            c.within.is_some(),
            c.not_before.is_some(),
            !c.by_class.is_empty(),
            c.left_open,
            !c.agreed.is_empty(),
            !c.word.is_empty(),
        ];
        let broken = |l: &Option<crate::time::Limit>| l.is_some_and(|l| l.span().is_none());
        if limits.iter().filter(|g| **g).count() != 1
            || broken(&c.within)
            || broken(&c.not_before)
            || c.by_class.iter().any(|l| l.within.span().is_none())
        {
            look.bad("clock_needs_one_limit", &c.id);
        }
        if c.stops.is_empty() {
            look.bad("clock_never_stops", &c.id);
        }
        if c.source.is_empty() && c.default_note.is_empty() {
            look.bad("source_missing", &c.id);
        }
        if c.starts.is_empty() {
            look.bad("clock_event_unknown", &c.id);
        }
        for event in c.starts.iter().chain(&c.stops) {
            clock_event(look, event);
        }
        look.condition(&c.when);
        for l in &c.by_class {
            look.condition(&l.when);
        }
        for field in [&c.from, &c.agreed].into_iter().filter(|f| !f.is_empty()) {
            look.field(field);
        }
    }
}

pub(super) fn clock_event(look: &mut Look<'_>, event: &str) {
    let p = &look.edition.procedure;
    let known = match event.split_once(':') {
        None => matches!(event, "registered" | "closed" | "round"),
        Some(("action", id)) => look.edition.action(id).is_some(),
        Some(("step", id)) => p
            .steps
            .iter()
            .chain(p.tasks.iter().flat_map(|t| &t.steps))
            .any(|s| s.id == id),
        Some(("task", id)) => look.edition.task(id).is_some(),
        Some(("issued", id)) => look.edition.forms.contains_key(id),
        Some(_) => false,
    };
    if !known {
        look.bad("clock_event_unknown", event);
    }
}
