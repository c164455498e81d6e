//! Giving documents out (G18).

use crate::{
    case::Case,
    event::{CopyOut, Event, EventBody},
    form::Form,
    id::DocumentId,
    procedure::Shown,
    refusal::Refusal,
    rules::{actor::Actor, clocks, closing, context::Ctx, run::Run},
    value::Values,
};
use serde_json::Value;

/// A document about to be given out (G18).
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Made outside.
    pub document: DocumentId,
    /// Form id.
    pub form: String,
    /// The task that it is about.
    pub task: Option<String>,
    /// Document number.
    pub number: String,
    /// Kind and holder of each copy.
    pub copies: Vec<(String, String)>,
    /// SHA-256 of the PDF.
    pub content: String,
    /// Pages of the PDF.
    pub pages: u32,
}

/// Gives a document out.
///
/// # Errors
/// `unknown_form`, `role_missing`, `form_not_ready` with what is missing.
pub fn issue(
    ctx: &Ctx<'_>,
    case: &Case,
    actor: &Actor,
    new: &Issue,
) -> Result<Vec<Event>, Refusal> {
    let Some(form) = ctx.edition.forms.get(&new.form) else {
        return Err(Refusal::new("unknown_form").with("form", new.form.as_str()));
    };
    // What was erased after retention (G10) cannot be given out again.
    if case.disposed {
        return Err(Refusal::new("not_now").with("action", form.title.as_str()));
    }
    if !actor.takes_part() {
        return Err(Refusal::new("role_missing")
            .with("action", form.title.as_str())
            .with("who", ""));
    }
    let missing = closing::form_missing(ctx.edition, case, form, new.task.as_deref());
    if !missing.is_empty() {
        let titles: Vec<&str> = missing.iter().map(|(_, t)| t.as_str()).collect();
        return Err(Refusal::new("form_not_ready")
            .with("form", form.title.as_str())
            .with("titles", titles.join("、")));
    }
    let mut run = Run::new(ctx, actor, case.clone());
    let (body, values) = given_out(ctx, case, form, new);
    run.push(body, values);
    clocks::happened(
        &mut run,
        &format!("issued:{}", new.form),
        new.task.as_deref(),
    );
    Ok(run.events)
}

/// The event: kinds of copies and what is shown in its body, holders of copies beside it.
fn given_out(ctx: &Ctx<'_>, case: &Case, form: &Form, new: &Issue) -> (EventBody, Values) {
    let shown = Shown::of(form, ctx.edition);
    let holders = new.copies.iter().enumerate();
    let values = holders
        .map(|(n, (_, holder))| {
            let key = format!("copy.{}.holder", n + 1);
            (key, Value::from(holder.as_str()))
        })
        .collect();
    let copies = new.copies.iter();
    let copies = copies.map(|(kind, _)| CopyOut { kind: kind.clone() });
    let fields = case.values.keys().filter(|k| shown.value(k));
    let body = EventBody::Issued {
        document: new.document,
        form: new.form.clone(),
        task: new.task.clone(),
        number: new.number.clone(),
        copies: copies.collect(),
        content: new.content.clone(),
        pages: new.pages,
        fields: fields.cloned().collect(),
        per_round: form.per_round,
    };
    (body, values)
}
