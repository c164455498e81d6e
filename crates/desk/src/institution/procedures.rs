//! A field, an action and a procedure as doors see them.

use crate::{
    institution::editions::edition_by,
    office::handle::Office,
    text::{error::ApiError, words},
};
use redress_domain::{
    condition::Condition,
    id::PersonId,
    procedure::{Action, Edition, Limit, Step},
    value::{Class, Field, FieldKind},
};
use serde::{Deserialize, Serialize};
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
    pub refusal: serde_json::Value,
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
    pub effect: redress_domain::procedure::Effect,
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

/// A field as asked.
pub(crate) fn field_view(field: &Field, required: bool) -> FieldView {
    FieldView {
        id: field.id.clone(),
        title: field.title.clone(),
        kind: field.kind,
        required,
        choices: field
            .choices
            .iter()
            .map(|c| ChoiceView {
                id: c.id.clone(),
                title: c.title.clone(),
            })
            .collect(),
        columns: field
            .columns
            .iter()
            .map(|c| field_view(c, c.required))
            .collect(),
        class: field.class,
        max: field.max(),
        multiple: field.multiple,
        unknown_allowed: field.unknown_allowed,
        when: field.when.clone(),
        past: field.past,
        future: field.future,
        least: field.least,
        most: field.most,
        decimals: field.decimals,
        unit: field.unit.clone(),
        hint: field.hint.clone(),
        source: field.source.clone(),
        default_note: field.default_note.clone(),
        section: section(&field.id).to_owned(),
    }
}

/// Registration is entered in speaking order, in three sections: who, what, what first.
fn section(field: &str) -> &'static str {
    let who = ["complaint.source", "late_entry"];
    let first = [
        "complaint.about_us",
        "complaint.directed_to",
        "immediate",
        "report.operator",
        "report.reviewer",
        "report.signatory",
    ];
    if field.starts_with("complainant") || who.iter().any(|p| field.starts_with(p)) {
        "who"
    } else if first.iter().any(|p| field.starts_with(p)) {
        "first"
    } else {
        "what"
    }
}

/// An action with its fields, not yet held against anyone.
pub(crate) fn action_view(
    edition: &Edition,
    action: &Action,
    id: String,
    task: Option<String>,
) -> ActionView {
    let who: Vec<&str> = action.by.iter().map(|r| edition.role_title(r)).collect();
    ActionView {
        id,
        title: action.title.clone(),
        who: who.join("、"),
        signs: action.signs.clone(),
        allowed: true,
        refusal: serde_json::Value::Null,
        source: action.source.clone(),
        default_note: action.default_note.clone(),
        basis: words::act_basis(&edition.procedure, &action.source, &action.default_note),
        task,
        always: edition.procedure.always.iter().any(|a| a.id == action.id),
        effect: action.effect,
        fields: action
            .asked()
            .filter_map(|(f, required)| Some(field_view(edition.field(f)?, required)))
            .collect(),
    }
}

fn step_view(edition: &Edition, step: &Step) -> StepView {
    StepView {
        id: step.id.clone(),
        title: step.title.clone(),
        source: step.source.clone(),
        default_note: step.default_note.clone(),
        actions: step
            .actions
            .iter()
            .map(|a| action_view(edition, a, a.id.clone(), None))
            .collect(),
    }
}

fn limit_words(limit: Option<Limit>) -> Option<String> {
    Some(words::span(limit?.span()?))
}

fn role_view(role: &redress_domain::procedure::Role) -> NamedView {
    NamedView {
        id: role.id.clone(),
        title: role.title.clone(),
        source: role.source.clone(),
    }
}

pub(crate) async fn procedure_list(
    office: &Office,
    me: PersonId,
) -> Result<Vec<ProcedureLine>, ApiError> {
    let desk = office.desk().await?;
    let house = desk.house().await;
    let line = |e: &std::sync::Arc<Edition>| {
        let h = &e.procedure.head;
        ProcedureLine {
            id: h.id.clone(),
            title: h.title.clone(),
            number: h.number.clone(),
            edition: h.edition.clone(),
            organisation_kind: h.organisation_kind.clone(),
            in_use: house.uses(&h.id),
            may_register: house.uses(&h.id) && {
                let by = &e.procedure.register.by;
                let roles = house.roles(me, &h.id);
                roles.iter().any(|r| by.is_empty() || by.contains(r))
            },
            roles: e.procedure.roles.iter().map(role_view).collect(),
            books: e
                .procedure
                .books
                .iter()
                .map(|b| NamedView {
                    id: b.id.clone(),
                    title: b.title.clone(),
                    source: b.source.clone(),
                })
                .collect(),
        }
    };
    Ok(desk.current().values().map(line).collect())
}

pub(crate) async fn procedure_get(
    office: &Office,
    id: &str,
    edition: Option<&str>,
) -> Result<ProcedureView, ApiError> {
    let e = match edition {
        Some(which) => edition_by(office, id, which).await?,
        None => office.desk().await?.newest(id)?,
    };
    let p = &e.procedure;
    let named = |id: &str, title: &str, source: &str| NamedView {
        id: id.to_owned(),
        title: title.to_owned(),
        source: source.to_owned(),
    };
    Ok(ProcedureView {
        id: p.head.id.clone(),
        title: p.head.title.clone(),
        number: p.head.number.clone(),
        edition: p.head.edition.clone(),
        source: p.head.source.clone(),
        hash: e.hash.clone(),
        late_entry_hours: p.head.late_entry_hours,
        roles: p.roles.iter().map(role_view).collect(),
        channels: p
            .channels
            .iter()
            .map(|c| named(&c.id, &c.title, &c.source))
            .collect(),
        fields: p.fields.iter().map(|f| field_view(f, false)).collect(),
        register: action_view(&e, &p.register, p.register.id.clone(), None),
        steps: p.steps.iter().map(|s| step_view(&e, s)).collect(),
        tasks: p
            .tasks
            .iter()
            .map(|t| TaskKindView {
                id: t.id.clone(),
                title: t.title.clone(),
                source: t.source.clone(),
                steps: t.steps.iter().map(|s| step_view(&e, s)).collect(),
            })
            .collect(),
        clocks: p
            .clocks
            .iter()
            .map(|c| ClockRuleView {
                id: c.id.clone(),
                title: c.title.clone(),
                limit: limit_words(c.within)
                    .or_else(|| limit_words(c.not_before))
                    .unwrap_or_else(|| {
                        if c.word.is_empty() {
                            "约定日期".to_owned()
                        } else {
                            c.word.clone()
                        }
                    }),
                source: c.source.clone(),
                default_note: c.default_note.clone(),
            })
            .collect(),
        forms: e
            .forms
            .values()
            .map(|f| named(&f.id, &f.title, &f.source))
            .collect(),
    })
}
