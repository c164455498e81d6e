//! What a case consists of: tasks, clocks, acts, exceptions, documents.

use crate::{
    event::{CopyOut, MoveCause},
    id::{CaseId, DocumentId, PersonId},
    time::clock::{Due, Moment},
};
use serde::{Deserialize, Serialize};

/// A side task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Id within the case.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Current step.
    pub step: String,
    /// When it was opened.
    pub opened_at: Moment,
    /// When it ended.
    pub done_at: Option<Moment>,
}

/// A limit that was started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Running {
    /// Id within the case.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The task that it belongs to.
    pub task: Option<String>,
    /// Due time and facts, as fixed (T5).
    pub due: Due,
    /// When it was stopped.
    pub stopped_at: Option<Moment>,
    /// Why it moved, each time.
    pub moved: Vec<MoveCause>,
    /// Position in the case of what last started, moved or stopped it.
    pub seq: i64,
}

/// Something done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// Action id.
    pub action: String,
    /// In which task.
    pub task: Option<String>,
    /// Who.
    pub actor: PersonId,
    /// When.
    pub at: Moment,
    /// By an exception (G1).
    pub excepted: bool,
    /// As whose deputy.
    pub on_behalf_of: Option<PersonId>,
    /// What the signature means, where the act is one.
    pub signs: Option<String>,
    /// The event's position in the case.
    pub seq: i64,
}

/// A case that was merged into this one (G6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedIn {
    /// Which.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Numbers of those that came with it.
    pub with: Vec<String>,
    /// When.
    pub at: Moment,
}

/// That somebody excluded may take part after all (G1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Who.
    pub person: PersonId,
    /// Which bar is lifted; none: all of the person's, as older exceptions said it.
    #[serde(default)]
    pub bar: Option<String>,
    /// Who agreed.
    pub second: PersonId,
    /// Why.
    pub reason: String,
}

impl Exception {
    /// Whether it lifts a bar for somebody: of this person alone, and this bar alone.
    pub fn lifts(&self, person: PersonId, bar: &str) -> bool {
        self.person == person && self.bar.as_deref().is_none_or(|b| b == bar)
    }
}

impl Act {
    /// Whoever acted, and for whom.
    pub fn hands(&self) -> impl Iterator<Item = PersonId> {
        std::iter::once(self.actor).chain(self.on_behalf_of)
    }
}

/// A document given out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issued {
    /// Its id.
    pub id: DocumentId,
    /// Form id.
    pub form: String,
    /// The task that it is about.
    pub task: Option<String>,
    /// Document number.
    pub number: String,
    /// When.
    pub at: Moment,
    /// In which round.
    pub round: u32,
    /// By whom.
    pub by: PersonId,
    /// Copies.
    pub copies: Vec<CopyOut>,
    /// SHA-256 of the PDF.
    pub content: String,
    /// Pages.
    pub pages: u32,
    /// Values that it shows.
    pub fields: Vec<String>,
    /// The event's position in the case: what was entered later stands on no copy of it.
    pub seq: i64,
    /// The number of the later document of the same form.
    pub superseded_by: Option<String>,
}
