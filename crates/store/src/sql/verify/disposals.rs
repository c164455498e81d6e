//! Whether what was erased was on a list that two others approved (G10).

use super::Line;
use redress_domain::disposal::APPROVALS;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The lists so far, and the cases that were disposed of.
#[derive(Default)]
pub(super) struct Disposals {
    lists: BTreeMap<String, List>,
    /// Cases whose values may be absent, and the position from which on.
    pub(super) disposed: BTreeMap<String, i64>,
}

#[derive(Default)]
struct List {
    by: String,
    cases: BTreeSet<String>,
    approved_by: BTreeSet<String>,
}

impl Disposals {
    /// What is wrong with an event about disposal.
    pub(super) fn judge(&mut self, line: &Line, body: &Value) -> Option<&'static str> {
        let id = body["disposal"].as_str().unwrap_or_default();
        match line.kind.as_str() {
            "disposal_listed" => {
                let cases = body["cases"].as_array().into_iter().flatten();
                let list = List {
                    by: line.actor.clone(),
                    cases: cases
                        .filter_map(|c| c.as_str().map(str::to_owned))
                        .collect(),
                    approved_by: BTreeSet::new(),
                };
                self.lists.insert(id.to_owned(), list);
            }
            "disposal_approved" => {
                if let Some(list) = self.lists.get_mut(id).filter(|l| l.by != line.actor) {
                    list.approved_by.insert(line.actor.clone());
                }
            }
            "disposed" => {
                let case = line.stream.strip_prefix("case:").unwrap_or_default();
                self.disposed.insert(case.to_owned(), line.pos);
                let good = self
                    .lists
                    .get(id)
                    .is_some_and(|l| l.cases.contains(case) && l.approved_by.len() >= APPROVALS);
                return (!good).then_some("disposed_unapproved");
            }
            _ => {}
        }
        None
    }
}
