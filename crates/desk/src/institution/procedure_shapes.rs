//! A field, an action and a procedure as they stand on the wire.

use redress_domain::{
    condition::Condition,
    procedure::Effect,
    value::{Class, FieldKind},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// One option.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ChoiceView {
    /// Stored.
    pub id: String,
    /// Shown.
    pub title: String,
}

/// A field to be asked.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FieldView {
    /// Field id.
    pub id: String,
    /// Shown beside the input.
    pub title: String,
    /// Kind.
    #[ts(
        type = "'text'|'long_text'|'number'|'measure'|'date'|'time'|'choice'|'many'|'yes_no'|'staff'|'attachment'|'party'|'rows'"
    )]
    pub kind: FieldKind,
    /// Needed while it is shown.
    pub required: bool,
    /// Options.
    pub choices: Vec<ChoiceView>,
    /// Columns of rows.
    pub columns: Vec<FieldView>,
    /// G11.
    #[ts(type = "'open'|'personal'|'sensitive'")]
    pub class: Class,
    /// Characters or rows.
    pub max: Option<usize>,
    /// Several people.
    pub multiple: bool,
    /// "Unknown" with a reason and a second person is an answer.
    pub unknown_allowed: bool,
    /// Shown while this holds.
    #[ts(type = "Record<string, unknown>")]
    pub when: Condition,
    /// A fact: not in the future.
    pub past: bool,
    /// Something to come: one that has passed is asked about.
    pub future: bool,
    /// The least that a number may be; none: any.
    pub least: Option<f64>,
    /// The most that a number may be.
    pub most: Option<f64>,
    /// Decimals of a number; 0: whole; none: any.
    pub decimals: Option<u8>,
    /// What a number counts.
    pub unit: String,
    /// A helping sentence.
    pub hint: String,
    /// Line of the source.
    pub source: String,
    /// Decision where the source is silent.
    pub default_note: String,
    /// Where registration shows it: `who`, `what` or `first`.
    pub section: String,
}

/// An action that stands open, allowed or not.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ActionView {
    /// `action` or `action@task`.
    pub id: String,
    /// On the button.
    pub title: String,
    /// Whose it is.
    pub who: String,
    /// What the signature means; empty: none.
    pub signs: String,
    /// The person may do it now.
    pub allowed: bool,
    /// Why not.
    #[ts(type = "null | { code: string, params: Record<string, unknown>, message: string }")]
    pub refusal: Value,
    /// Line of the source.
    pub source: String,
    /// Decision where the source is silent.
    pub default_note: String,
    /// Why it is so, in the words of the document's readers: its clause, or 产品默认, or both.
    pub basis: String,
    /// The task that it belongs to.
    pub task: Option<String>,
    /// Possible at every step (G15).
    pub always: bool,
    /// What it does beyond recording, e.g. `close`, `withdraw`, `correct`; `record`: nothing.
    #[ts(type = "string")]
    pub effect: Effect,
    /// Asked in this order.
    pub fields: Vec<FieldView>,
}

/// One line of the procedure list.
#[derive(Debug, Serialize, TS)]
pub struct ProcedureLine {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Document number.
    pub number: String,
    /// Edition.
    pub edition: String,
    /// Kind of institution.
    pub organisation_kind: String,
    /// The institution takes complaints in under it.
    pub in_use: bool,
    /// The person who asks may register under it.
    pub may_register: bool,
    /// Its roles.
    pub roles: Vec<NamedView>,
    /// Its books over cases.
    pub books: Vec<NamedView>,
}

/// Which procedure.
#[derive(Debug, Deserialize, TS)]
pub struct ProcedureGetRequest {
    /// Id.
    pub id: String,
    /// An older edition, by label or hash; the newest where none is named.
    #[serde(default)]
    #[ts(optional)]
    pub edition: Option<String>,
}

/// An id with its title and source.
#[derive(Debug, Serialize, TS)]
pub struct NamedView {
    /// Id.
    pub id: String,
    /// Words.
    pub title: String,
    /// Line of the source.
    pub source: String,
}

/// A step.
#[derive(Debug, Serialize, TS)]
pub struct StepView {
    /// Id.
    pub id: String,
    /// Words.
    pub title: String,
    /// Line of the source.
    pub source: String,
    /// Decision where the source is silent.
    pub default_note: String,
    /// Actions.
    pub actions: Vec<ActionView>,
}

/// A kind of task.
#[derive(Debug, Serialize, TS)]
pub struct TaskKindView {
    /// Id.
    pub id: String,
    /// Words.
    pub title: String,
    /// Line of the source.
    pub source: String,
    /// Steps.
    pub steps: Vec<StepView>,
}

/// A limit.
#[derive(Debug, Serialize, TS)]
pub struct ClockRuleView {
    /// Id.
    pub id: String,
    /// Words.
    pub title: String,
    /// The limit in words.
    pub limit: String,
    /// Line of the source.
    pub source: String,
    /// Decision where the source is silent.
    pub default_note: String,
}

/// A procedure in full.
#[derive(Debug, Serialize, TS)]
pub struct ProcedureView {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Document number.
    pub number: String,
    /// Edition.
    pub edition: String,
    /// Lines of the source.
    pub source: String,
    /// Content hash.
    pub hash: String,
    /// Received more than so many hours before it is entered needs a reason (T1).
    pub late_entry_hours: u32,
    /// Roles.
    pub roles: Vec<NamedView>,
    /// Channels.
    pub channels: Vec<NamedView>,
    /// Fields.
    pub fields: Vec<FieldView>,
    /// Registration.
    pub register: ActionView,
    /// The way.
    pub steps: Vec<StepView>,
    /// Side tasks.
    pub tasks: Vec<TaskKindView>,
    /// Limits.
    pub clocks: Vec<ClockRuleView>,
    /// Forms.
    pub forms: Vec<NamedView>,
}
