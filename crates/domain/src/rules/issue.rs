//! Giving documents out (G18).

use crate::{
    case::Case,
    event::{Event, EventBody},
    refusal::Refusal,
    rules::{actor::Actor, clocks, context::Ctx, run::Run},
};
use serde_json::Value;

/// A document about to be given out (G18).
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Made outside.
    pub document: crate::id::DocumentId,
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
    let missing = crate::rules::closing::form_missing(ctx.edition, case, form, new.task.as_deref());
    if !missing.is_empty() {
        let titles: Vec<&str> = missing.iter().map(|(_, t)| t.as_str()).collect();
        return Err(Refusal::new("form_not_ready")
            .with("form", form.title.as_str())
            .with("titles", titles.join("、")));
    }
    let shown = form.shown(ctx.edition);
    let mut run = Run::new(ctx, actor, case.clone());
    let values = new
        .copies
        .iter()
        .enumerate()
        .map(|(n, (_, holder))| {
            (
                format!("copy.{}.holder", n + 1),
                Value::from(holder.as_str()),
            )
        })
        .collect();
    let copies = new
        .copies
        .iter()
        .map(|(kind, _)| crate::event::CopyOut { kind: kind.clone() })
        .collect();
    run.push(
        EventBody::Issued {
            document: new.document,
            form: new.form.clone(),
            task: new.task.clone(),
            number: new.number.clone(),
            copies,
            content: new.content.clone(),
            pages: new.pages,
            fields: case
                .values
                .keys()
                .filter(|k| shown.value(k))
                .cloned()
                .collect(),
            per_round: form.per_round,
        },
        values,
    );
    clocks::happened(
        &mut run,
        &format!("issued:{}", new.form),
        new.task.as_deref(),
    );
    Ok(run.events)
}
