//! What a printed form is made of, and what is filled into it.
//!
//! A [`Form`] is data of the procedure's edition: blocks of cells, in the order in which they
//! stand on the page. A [`Filling`] is everything that a page needs besides: the texts, ticks,
//! rows and signatures of one case, already in words. This room never draws: paper draws a form with a
//! filling, and knows neither case nor procedure.

mod block;
mod filling;

pub use block::{Align, Block, Cell, FlowEdge, FlowNode, SignCell, TableColumn};
pub use filling::{Filling, Mark, Picked, Signature};

use crate::value::condition::Condition;
use serde::{Deserialize, Serialize};

/// What is printed and shown beside everything that is the product's and not the document's.
pub const BY_DEFAULT: &str = "产品默认，非程序文件规定";

/// One printed form, as its file says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Stable id, e.g. `complaint-receipt`.
    pub id: String,
    /// The title, centred on top of the first page.
    pub title: String,
    /// The institution's own form number (表单编号), printed at the upper left.
    #[serde(default)]
    pub number: String,
    /// The form's edition (版本), printed in the foot.
    #[serde(default)]
    pub edition: String,
    /// How long the record is kept (保存期限), printed in the foot.
    #[serde(default)]
    pub keep: String,
    /// The part of a document number that names the form, e.g. `HZ` in `TS-2026-0001-HZ-01`.
    pub code: String,
    /// The decision behind the retention, where it is the product's: the foot says so.
    #[serde(default)]
    pub keep_note: String,
    /// Size and direction of the page.
    #[serde(default)]
    pub page: PageSize,
    /// Line of the source that asks for the form, or the decision.
    #[serde(default)]
    pub source: String,
    /// The decision behind the form, where the source asks for what stands on it but names no such form (`house`: it
    /// is composed by the product): the foot says that its layout is the product's.
    #[serde(default)]
    pub default_note: String,
    /// What of it is the product's and not the document's, in words, said under the foot; filled by
    /// [`Edition::form`](crate::procedure::Edition::form).
    #[serde(skip)]
    pub ours: Vec<String>,
    /// The form is offered only while this holds.
    #[serde(default)]
    pub when: Condition,
    /// Fields that must have a value before the form may be given out.
    #[serde(default)]
    pub needs: Vec<String>,
    /// A form that is filled for one task, e.g. one corrective action: the task's kind.
    #[serde(default)]
    pub task: Option<String>,
    /// A new sheet for each round (G4): besides what was registered it shows only what its own round entered and
    /// signed, and it supersedes none of another round.
    #[serde(default)]
    pub per_round: bool,
    /// That the case owes this paper as its record: closing asks for it, complete and up to date (G7).
    #[serde(default)]
    pub record: Option<Owed>,
    /// The blocks, from top to bottom.
    #[serde(rename = "block")]
    pub blocks: Vec<Block>,
}

/// When a form is owed as a record, and what it must show by closing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owed {
    /// Owed while this holds.
    #[serde(default)]
    pub when: Condition,
    /// Owed once one of these actions was done; none: from registration on. For a form of a task: in the task.
    #[serde(default)]
    pub after: Vec<String>,
    /// Fields that have a value by closing, where the case asks for them at all.
    #[serde(default)]
    pub must: Vec<String>,
    /// Actions that are done by closing: who signs the record has signed. Of several, parted by `|`, one.
    #[serde(default)]
    pub signed: Vec<String>,
    /// Line of the source that names the record.
    #[serde(default)]
    pub source: String,
    /// The decision where the source is silent.
    #[serde(default)]
    pub default_note: String,
}

impl Form {
    /// A paper of the house itself, of no procedure: only a title and what stands below it.
    pub fn paper(id: &str, title: &str, blocks: Vec<Block>) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            number: String::new(),
            edition: String::new(),
            keep: String::new(),
            keep_note: String::new(),
            code: String::new(),
            page: PageSize::A4,
            source: String::new(),
            default_note: String::new(),
            ours: vec![],
            when: Condition::default(),
            needs: vec![],
            task: None,
            per_round: false,
            record: None,
            blocks,
        }
    }
}

/// Page size and direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageSize {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 210 × 148 mm, for slips.
    A5Landscape,
}
