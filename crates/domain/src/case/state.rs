//! Where a case stands.

use crate::{
    case::parts::{Act, Exception, Issued, MergedIn, Running, Task},
    event::Ending,
    id::{AttachmentId, CaseId, PersonId},
    time::clock::Moment,
    value::Values,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a case stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its number (G12).
    pub number: String,
    /// Procedure id.
    pub procedure: String,
    /// Edition it was opened under.
    pub edition: String,
    /// Content hash of that edition.
    pub edition_hash: String,
    /// Channel id.
    pub channel: String,
    /// T1.
    pub received_at: Moment,
    /// T1.
    pub entered_at: Moment,
    /// Who registered it.
    pub registered_by: PersonId,
    /// Events so far: the optimistic lock.
    pub seq: i64,
    /// Time of the newest event (T8).
    pub last_at: Moment,
    /// How it ended; none while open.
    pub ended: Option<Ending>,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// The case that it was merged into, while it is merged.
    #[serde(default)]
    pub merged_into: Option<CaseId>,
    /// Cases that are merged into this one, in order.
    #[serde(default)]
    pub merged_in: Vec<MergedIn>,
    /// Filed.
    pub archived: bool,
    /// Its values, documents and files were erased after retention (G10).
    #[serde(default)]
    pub disposed: bool,
    /// 1, then one more for each further round (G4).
    pub round: u32,
    /// Position of the act that began the round: that act and what follows belong to it.
    pub round_from: i64,
    /// Position at which each value was last entered; a correction leaves it.
    pub entered: BTreeMap<String, i64>,
    /// Position at which each value was last corrected.
    pub corrected: BTreeMap<String, i64>,
    /// The current step.
    pub step: String,
    /// Steps that were left, in order.
    pub passed: Vec<String>,
    /// Side tasks.
    pub tasks: Vec<Task>,
    /// Limits that were started.
    pub clocks: Vec<Running>,
    /// Current values.
    pub values: Values,
    /// What was done, in order.
    pub acts: Vec<Act>,
    /// Documents given out.
    pub documents: Vec<Issued>,
    /// People who may act in spite of a bar, and who allowed it.
    pub exceptions: Vec<Exception>,
    /// Files.
    pub attachments: Vec<AttachmentId>,
}

impl Case {
    /// Whether the case is open.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// A task by id.
    pub fn task(&self, id: &str) -> Option<&Task> {
        self.tasks.iter().find(|t| t.id == id)
    }

    /// The case as its current round knows it: what was registered, and what was done, entered and given out since
    /// the round began (G4).
    #[must_use]
    pub fn of_round(&self) -> Self {
        let mut case = self.clone();
        let here = |seq: i64| seq == 1 || seq >= self.round_from;
        case.values
            .retain(|key, _| self.entered.get(key).is_none_or(|&seq| here(seq)));
        let began = self.acts.iter().find(|a| a.seq == self.round_from);
        case.tasks
            .retain(|t| began.is_none_or(|b| t.opened_at >= b.at));
        case.documents.retain(|d| d.round == self.round);
        let tasks: Vec<String> = case.tasks.iter().map(|t| t.id.clone()).collect();
        let kept = |a: &Act| a.task.as_ref().is_none_or(|t| tasks.contains(t));
        case.acts.retain(|a| here(a.seq) && kept(a));
        case
    }

    pub(super) fn enter(&mut self, values: &Values) {
        for (key, value) in values {
            self.entered.insert(key.clone(), self.seq);
            self.values.insert(key.clone(), value.clone());
        }
    }

    /// The newest act of an action, in a task or in the case itself: work that was returned and redone has a new author.
    pub fn newest_act(&self, action: &str, task: Option<&str>) -> Option<&Act> {
        let own = |a: &&Act| a.action == action && (a.task.is_none() || a.task.as_deref() == task);
        self.acts.iter().rev().find(own)
    }

    /// Whether a document of the form was given out.
    pub fn issued(&self, form: &str) -> bool {
        self.documents.iter().any(|d| d.form == form)
    }
}
