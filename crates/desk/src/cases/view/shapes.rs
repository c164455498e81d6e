//! The shapes in which a case crosses to a door.

use crate::{
    cases::{
        attachments::AttachmentView,
        merging::{MergedInView, MergedIntoView},
    },
    institution::procedures::{ActionView, FieldView},
};
use redress_domain::value::Class;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// Which case.
#[derive(Debug, Deserialize, TS)]
pub struct CaseRef {
    /// Id or number.
    pub case: String,
    /// Opens what is covered, for this session; kept in the access stream.
    #[serde(default)]
    #[ts(optional)]
    pub why: Option<String>,
}

/// A step on the way.
#[derive(Debug, Serialize, TS)]
pub struct WayStep {
    /// Id.
    pub id: String,
    /// Words.
    pub title: String,
    /// `done`, `now` or `ahead`.
    pub state: String,
    /// Why there is such a step: its clause, or 产品默认.
    pub note: String,
    /// The document speaks of no such step.
    pub ours: bool,
}

/// What stands open now.
#[derive(Debug, Serialize, TS)]
pub struct NowView {
    /// The step's id.
    pub step: String,
    /// The step's words.
    pub title: String,
    /// Source, or that it is a product default.
    pub note: String,
}

/// A limit.
#[derive(Debug, Serialize, TS)]
pub struct ClockView {
    /// Id within the case.
    pub id: String,
    /// Words.
    pub title: String,
    /// RFC 3339; none for 立即, 及时.
    pub due: Option<String>,
    /// Not before.
    pub opens: Option<String>,
    /// `waiting`, `running`, `late`, `met` or `missed`.
    pub state: String,
    /// When it was stopped.
    pub stopped_at: Option<String>,
    /// When it began.
    pub started_at: String,
    /// Why it is due then (T5).
    pub explanation: String,
    /// Why the limit is so, in the words of the document's readers: its clause, or 产品默认.
    pub basis: String,
    /// Line of the source.
    pub source: String,
    /// Decision where the source is silent.
    pub default_note: String,
    /// Computed past known data (T4).
    pub provisional: bool,
    /// 立即, 及时 (T6).
    pub word: String,
    /// The complainant's to keep, not ours: an objection period. Never late on our side.
    pub of_complainant: bool,
    /// The task that it belongs to.
    pub task: Option<String>,
}

/// A side task.
#[derive(Debug, Serialize, TS)]
pub struct TaskView {
    /// Id within the case.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Words.
    pub title: String,
    /// What tells it from its like.
    pub headline: String,
    /// Its step.
    pub step_title: String,
    /// Why there is such a task: its clause, or 产品默认.
    pub note: String,
    /// Ended.
    pub done: bool,
    /// Since when.
    pub opened_at: String,
}

/// Something that happened.
#[derive(Debug, Serialize, TS)]
pub struct TimelineView {
    /// When.
    pub at: String,
    /// Who.
    pub actor: String,
    /// What.
    pub title: String,
    /// The beginning of what was entered.
    pub detail: String,
    /// All that was entered.
    pub said: Vec<SaidView>,
    /// Position in the case.
    #[ts(type = "number")]
    pub seq: i64,
}

/// Something that was entered, in words.
#[derive(Debug, Serialize, TS)]
pub struct SaidView {
    /// Of which field.
    pub title: String,
    /// What.
    pub text: String,
}

/// Something missing.
#[derive(Debug, Serialize, TS)]
pub struct MissingView {
    /// Field, action, or what closing lacks (G7).
    pub code: String,
    /// In words.
    pub title: String,
    /// The paper that is to be given out.
    pub form: Option<String>,
    /// Its task.
    pub task: Option<String>,
}

impl MissingView {
    /// Something that is no paper.
    pub fn of(code: String, title: String) -> Self {
        Self {
            code,
            title,
            form: None,
            task: None,
        }
    }
}

/// A form that the case can print.
#[derive(Debug, Serialize, TS)]
pub struct FormView {
    /// Id.
    pub id: String,
    /// Words.
    pub title: String,
    /// The task that it is filled for.
    pub task: Option<String>,
    /// May be given out.
    pub ready: bool,
    /// Number of the document of this form that stands: given out, not superseded, and of this round where each round
    /// has its own.
    pub standing: Option<String>,
    /// What it waits for.
    pub missing: Vec<MissingView>,
}

/// A document given out.
#[derive(Debug, Serialize, TS)]
pub struct DocumentView {
    /// Id.
    pub id: String,
    /// Form id.
    pub form: String,
    /// The task that it is about.
    pub task: Option<String>,
    /// Form's words.
    pub title: String,
    /// Document number.
    pub number: String,
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Pages.
    pub pages: u32,
    /// Something that it shows was added or changed since.
    pub outdated: bool,
    /// What, in words.
    pub since: Vec<String>,
    /// A later one took its place.
    pub superseded_by: Option<String>,
    /// Kinds of its copies.
    pub copies: Vec<String>,
}

/// A recorded value.
#[derive(Debug, Serialize, TS)]
pub struct ValueView {
    /// Field, or `task/field`.
    pub key: String,
    /// Words.
    pub title: String,
    /// The value in words.
    pub text: String,
    /// The value.
    #[ts(type = "unknown")]
    pub value: Value,
    /// Covered for whoever looks (G11); the value is then null.
    pub covered: bool,
    /// Who entered it last.
    pub by: String,
    /// When.
    pub at: String,
    /// G11.
    #[ts(type = "'open'|'personal'|'sensitive'")]
    pub class: Class,
    /// Its field.
    pub field: FieldView,
    /// Whether whoever looks may correct it.
    pub may_correct: bool,
}

/// Something that was asked for and left open, which whoever looks may write down now (G14).
#[derive(Debug, Serialize, TS)]
pub struct LeftOpenView {
    /// Field, or `task/field`.
    pub key: String,
    /// Words.
    pub title: String,
    /// Its field.
    pub field: FieldView,
}

/// A person excluded by the case (G1).
#[derive(Debug, Serialize, TS)]
pub struct ExcludedView {
    /// Person id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Bar.
    pub relation: String,
    /// Its words.
    pub relation_title: String,
    /// An exception was recorded.
    pub excepted: bool,
}

/// One case.
#[derive(Debug, Serialize, TS)]
pub struct CaseView {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Procedure id.
    pub procedure: String,
    /// Its title.
    pub procedure_title: String,
    /// Edition it stays on.
    pub edition: String,
    /// `open`, `closed`, `withdrawn`, `merged`, `transferred` or `voided`.
    pub status: String,
    /// Filed.
    pub archived: bool,
    /// Its values were erased after retention (G10).
    pub disposed: bool,
    /// First day on which it may be disposed of, once it is archived.
    pub keep_until: Option<String>,
    /// Why it is confidential; empty: it is not.
    pub confidential: Vec<String>,
    /// Something is covered for whoever looks.
    pub covered: bool,
    /// A reason opens what is covered.
    pub may_reveal: bool,
    /// What it is called.
    pub headline: String,
    /// Who complains.
    pub complainant: String,
    /// T1.
    pub received_at: String,
    /// T1.
    pub entered_at: String,
    /// Channel in words.
    pub channel: String,
    /// Events so far.
    #[ts(type = "number")]
    pub seq: i64,
    /// Round (G4).
    pub round: u32,
    /// The way.
    pub steps: Vec<WayStep>,
    /// Now.
    pub now: NowView,
    /// What can be done, and by whom.
    pub actions: Vec<ActionView>,
    /// What is missing before the case can be closed (G7), and once it is closed, before it can be filed.
    pub missing: Vec<MissingView>,
    /// Limits.
    pub clocks: Vec<ClockView>,
    /// Side tasks.
    pub tasks: Vec<TaskView>,
    /// What happened.
    pub timeline: Vec<TimelineView>,
    /// Forms.
    pub forms: Vec<FormView>,
    /// Documents.
    pub documents: Vec<DocumentView>,
    /// Values.
    pub values: Vec<ValueView>,
    /// What was left open.
    pub left_open: Vec<LeftOpenView>,
    /// Files.
    pub attachments: Vec<AttachmentView>,
    /// Where it went, if it was merged into another.
    pub merged_into: Option<MergedIntoView>,
    /// Cases that were merged into it.
    pub merged_in: Vec<MergedInView>,
    /// 回避.
    pub excluded: Vec<ExcludedView>,
}
