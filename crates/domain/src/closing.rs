//! What is still missing before a case may be closed (G7).

use crate::{
    case::Case,
    decide::look_up,
    form::Form,
    procedure::{Closing, Edition},
    value::given,
};

/// The requirements that are not met, in the order of the data.
pub fn missing<'a>(edition: &'a Edition, case: &Case) -> Vec<&'a Closing> {
    edition
        .procedure
        .closing
        .iter()
        .filter(|c| c.when.holds(|f| look_up(case, None, f)) && !met(c, case))
        .collect()
}

fn met(rule: &Closing, case: &Case) -> bool {
    let of = |kind: &str| {
        case.tasks
            .iter()
            .filter(move |t| t.kind == kind)
            .collect::<Vec<_>>()
    };
    rule.must.holds(|f| look_up(case, None, f))
        && (rule.issued.is_empty() || case.issued(&rule.issued))
        && (rule.tasks_opened.is_empty() || !of(&rule.tasks_opened).is_empty())
        && (rule.tasks_done.is_empty() || of(&rule.tasks_done).iter().all(|t| t.done_at.is_some()))
}

/// What a form still lacks before it may be given out: fields, or the action that makes it ready.
/// Each with its id and its words.
pub fn form_missing(
    edition: &Edition,
    case: &Case,
    form: &Form,
    task: Option<&str>,
) -> Vec<(String, String)> {
    let mut missing = Vec::new();
    let makers: Vec<_> = edition
        .actions()
        .filter(|a| a.issues.contains(&form.id))
        .collect();
    let made = |a: &&crate::procedure::Action| {
        case.last_act(&a.id, task).is_some()
            || case.last_act(&a.id, None).is_some_and(|x| x.task.is_none())
    };
    if let (Some(first), false) = (makers.first(), makers.iter().any(made)) {
        missing.push((first.id.clone(), first.title.clone()));
    }
    for id in &form.needs {
        if !given(look_up(case, task, id)) {
            let title = edition.field(id).map_or(id.as_str(), |f| f.title.as_str());
            missing.push((id.clone(), title.to_owned()));
        }
    }
    missing
}
