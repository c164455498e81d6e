//! A field, an action and a procedure as doors see them.

pub use super::procedure_shapes::*;

use crate::{
    institution::editions::edition_by,
    office::handle::Office,
    text::{error::ApiError, words},
};
use redress_domain::{
    id::PersonId,
    procedure::{Action, ClockRule, Edition, Limit, Role, Step, TaskKind},
    value::Field,
};

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

fn task_view(edition: &Edition, task: &TaskKind) -> TaskKindView {
    TaskKindView {
        id: task.id.clone(),
        title: task.title.clone(),
        source: task.source.clone(),
        steps: task.steps.iter().map(|s| step_view(edition, s)).collect(),
    }
}

fn clock_rule_view(c: &ClockRule) -> ClockRuleView {
    let limit = limit_words(c.within).or_else(|| limit_words(c.not_before));
    let word = match c.word.as_str() {
        "" => "约定日期",
        word => word,
    };
    ClockRuleView {
        id: c.id.clone(),
        title: c.title.clone(),
        limit: limit.unwrap_or_else(|| word.to_owned()),
        source: c.source.clone(),
        default_note: c.default_note.clone(),
    }
}

fn limit_words(limit: Option<Limit>) -> Option<String> {
    Some(words::span(limit?.span()?))
}

fn named(id: &str, title: &str, source: &str) -> NamedView {
    NamedView {
        id: id.to_owned(),
        title: title.to_owned(),
        source: source.to_owned(),
    }
}

fn role_view(role: &Role) -> NamedView {
    named(&role.id, &role.title, &role.source)
}

pub(crate) async fn procedure_list(
    office: &Office,
    me: PersonId,
) -> Result<Vec<ProcedureLine>, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let line = |e: &std::sync::Arc<Edition>| {
        let h = &e.procedure.head;
        let books = e.procedure.books.iter();
        ProcedureLine {
            id: h.id.clone(),
            title: h.title.clone(),
            number: h.number.clone(),
            edition: h.edition.clone(),
            organisation_kind: h.organisation_kind.clone(),
            in_use: state.uses(&h.id),
            may_register: state.uses(&h.id) && {
                let by = &e.procedure.register.by;
                let roles = state.roles(me, &h.id);
                roles.iter().any(|r| by.is_empty() || by.contains(r))
            },
            roles: e.procedure.roles.iter().map(role_view).collect(),
            books: books.map(|b| named(&b.id, &b.title, &b.source)).collect(),
        }
    };
    Ok(open.current().values().map(line).collect())
}

pub(crate) async fn procedure_get(
    office: &Office,
    id: &str,
    edition: Option<&str>,
) -> Result<ProcedureView, ApiError> {
    let e = match edition {
        Some(which) => edition_by(office, id, which).await?,
        None => office.open_office().await?.newest(id)?,
    };
    let p = &e.procedure;
    let channels = p.channels.iter();
    let forms = e.forms.values();
    Ok(ProcedureView {
        id: p.head.id.clone(),
        title: p.head.title.clone(),
        number: p.head.number.clone(),
        edition: p.head.edition.clone(),
        source: p.head.source.clone(),
        hash: e.hash.clone(),
        late_entry_hours: p.head.late_entry_hours,
        roles: p.roles.iter().map(role_view).collect(),
        channels: channels
            .map(|c| named(&c.id, &c.title, &c.source))
            .collect(),
        fields: p.fields.iter().map(|f| field_view(f, false)).collect(),
        register: action_view(&e, &p.register, p.register.id.clone(), None),
        steps: p.steps.iter().map(|s| step_view(&e, s)).collect(),
        tasks: p.tasks.iter().map(|t| task_view(&e, t)).collect(),
        clocks: p.clocks.iter().map(clock_rule_view).collect(),
        forms: forms.map(|f| named(&f.id, &f.title, &f.source)).collect(),
    })
}
