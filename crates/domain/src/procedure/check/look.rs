//! Looking at a procedure that was read, and noting what is wrong in it.

use crate::{
    procedure::{
        check::problem::{Problem, found},
        edition::Edition,
        limits,
        step::LATE,
    },
    value::condition::Condition,
};
use std::collections::BTreeSet;

/// An edition, the file that it stands in, and what was found wrong so far.
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
