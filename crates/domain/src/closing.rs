//! What is still missing before a case may be closed (G7).

use crate::{
    case::Case,
    decide::look_over,
    form::Form,
    procedure::{Closing, Edition},
    value::given,
};

/// The requirements that are not met, in the order of the data.
pub fn missing<'a>(edition: &'a Edition, case: &Case) -> Vec<&'a Closing> {
    let of_round = case.of_round();
    let lacks = |c: &&Closing| {
        // A sheet of each round is asked of the round that runs: no earlier one can be given out any more.
        let own = edition.forms.get(&c.issued).is_some_and(|f| f.per_round);
        let case = if own { &of_round } else { case };
        c.when.holds(|f| look_over(case, None, f)) && !met(c, case)
    };
    edition.procedure.closing.iter().filter(lacks).collect()
}

fn met(rule: &Closing, case: &Case) -> bool {
    let of = |kind: &str| {
        case.tasks
            .iter()
            .filter(move |t| t.kind == kind)
            .collect::<Vec<_>>()
    };
    rule.must.holds(|f| look_over(case, None, f))
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
    let own;
    let case = if form.per_round {
        own = case.of_round();
        &own
    } else {
        case
    };
    let mut missing = Vec::new();
    let makers: Vec<_> = edition
        .actions()
        .filter(|a| a.issues.contains(&form.id))
        .collect();
    let made = |a: &&crate::procedure::Action| {
        let mut acts = case.acts.iter().filter(|x| x.action == a.id);
        acts.any(|x| task.is_none() || x.task.is_none() || x.task.as_deref() == task)
    };
    if let (Some(first), false) = (makers.first(), makers.iter().any(made)) {
        missing.push((first.id.clone(), first.title.clone()));
    }
    for id in &form.needs {
        if !given(look_over(case, task, id)) {
            let title = edition.field(id).map_or(id.as_str(), |f| f.title.as_str());
            missing.push((id.clone(), title.to_owned()));
        }
    }
    missing
}
