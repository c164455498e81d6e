//! The checks over a procedure that was read: everything that is named exists, every step is reached and left.

use crate::{
    procedure::{
        check::{
            actions, clocks, forms,
            problem::{Problem, found},
            reports, ways,
        },
        edition::Edition,
        limits,
        step::LATE,
    },
    value::{FieldKind, condition::Condition},
};
use std::collections::BTreeSet;

pub(super) struct Look<'a> {
    pub(super) edition: &'a Edition,
    pub(super) file: &'a (String, String),
    pub(super) problems: &'a mut Vec<Problem>,
}

impl Look<'_> {
    pub(super) fn bad(&mut self, code: &str, about: &str) {
        if self.problems.len() >= limits::PROBLEMS {
            return;
        }
        let p = found(self.file, code, about);
        if !self.problems.contains(&p) {
            self.problems.push(p);
        }
    }

    pub(super) fn over(&mut self) {
        let p = &self.edition.procedure;
        self.unique("id_twice", p.fields.iter().map(|f| f.id.as_str()));
        self.unique("id_twice", p.steps.iter().map(|s| s.id.as_str()));
        self.unique("id_twice", self.edition.actions().map(|a| a.id.as_str()));
        self.unique("id_twice", p.clocks.iter().map(|c| c.id.as_str()));
        if p.steps.is_empty() {
            self.bad("no_steps", &p.head.id);
        }
        for f in &p.fields {
            if matches!(f.kind, FieldKind::Choice | FieldKind::Many)
                && f.choices.is_empty()
                && f.id != "correction.field"
                && f.id != "extension.clock"
            {
                self.bad("choices_missing", &f.id);
            }
            if f.kind == FieldKind::Rows && f.columns.is_empty() {
                self.bad("columns_missing", &f.id);
            }
            if !f.range_sound() {
                self.bad("range_unfit", &f.id);
            }
            if f.duty {
                actions::duty(self, f);
            }
            if let Some(late) = f.when.fields().find(|c| c.starts_with(LATE)) {
                self.bad("field_unknown", late);
            }
            self.condition(&f.when);
        }
        for b in &p.bars {
            if !b.field.is_empty() {
                self.field(&b.field);
            }
        }
        for t in &p.tallies {
            self.field(&t.field);
            reports::in_summary(self, &t.field, |f| {
                matches!(f.kind, FieldKind::Choice | FieldKind::YesNo)
            });
        }
        for l in &p.listings {
            self.condition(&l.when);
            for f in &l.fields {
                self.field(f);
                reports::in_summary(self, f, |f| {
                    !matches!(f.kind, FieldKind::Staff | FieldKind::Party)
                });
            }
        }
        // Without the year each January begins with a number that is taken.
        let format = &p.head.number_format;
        if !number_format(format) {
            self.bad("number_format_unfit", format);
        }
        for form in p.form_numbers.keys().filter(|f| !p.forms.contains(f)) {
            self.bad("form_unknown", form);
        }
        for c in &p.confidential {
            self.condition(&c.when);
            if !c.about.is_empty() {
                self.field(&c.about);
            }
        }
        actions::steps(self, &p.steps);
        for t in &p.tasks {
            actions::steps(self, &t.steps);
        }
        actions::action(self, &p.register, &p.steps);
        for a in &p.always {
            actions::action(self, a, &p.steps);
        }
        ways::reachable(self);
        clocks::clocks(self);
        reports::reports(self);
        reports::closings(self);
        forms::forms(self);
    }

    pub(super) fn unique<'s>(&mut self, code: &str, ids: impl Iterator<Item = &'s str>) {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id) {
                self.bad(code, id);
            }
        }
    }

    pub(super) fn field(&mut self, id: &str) {
        if self.edition.field(id).is_none() {
            self.bad("field_unknown", id);
        }
    }

    pub(super) fn condition(&mut self, c: &Condition) {
        let ids: Vec<String> = c.fields().map(str::to_owned).collect();
        for id in ids {
            match id.strip_prefix(LATE) {
                Some(rule) if self.edition.clock(rule).is_none() => self.bad("clock_unknown", rule),
                Some(_) => {}
                None => self.field(&id),
            }
        }
    }

    pub(super) fn form(&mut self, id: &str) {
        if !self.edition.forms.contains_key(id) {
            self.bad("form_unknown", id);
        }
    }

    pub(super) fn task(&mut self, kind: &str) {
        if self.edition.task(kind).is_none() {
            self.bad("task_unknown", kind);
        }
    }

    pub(super) fn roles(&mut self, ids: &[String]) {
        for role in ids {
            if self.edition.procedure.roles.iter().all(|r| &r.id != role) {
                self.bad("role_unknown", role);
            }
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
