//! What is still missing before a case may be closed (G7), and before it may be filed.

use crate::{
    case::Case,
    form::Form,
    procedure::{Closing, Edition},
    rules::{
        lookup::look_over,
        record::{self, Want, Wanting},
    },
    value::given,
};

/// Something that lacks: a rule of the data that is not met, or a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The rule's id; `record_missing`, `record_incomplete` or `record_outdated` with the form.
    pub code: String,
    /// In words.
    pub title: String,
    /// The paper that is to be given out.
    pub form: Option<String>,
    /// Its task.
    pub task: Option<String>,
}

/// What lacks before closing, in the order of the data; the records after the rules.
pub fn missing(edition: &Edition, case: &Case) -> Vec<Lack> {
    let of_round = case.of_round();
    let rule = |c: &Closing| -> Option<Lack> {
        // A sheet of each round is asked of the round that runs: no earlier one can be given out any more.
        let own = edition.forms.get(&c.issued).is_some_and(|f| f.per_round);
        let case = if own { &of_round } else { case };
        let lack = |title: String| Lack {
            code: c.id.clone(),
            title,
            form: (!c.issued.is_empty()).then(|| c.issued.clone()),
            task: None,
        };
        if !c.when.holds(|f| look_over(case, None, f)) {
            return None;
        }
        if !met(c, case) {
            return Some(lack(c.title.clone()));
        }
        let later = record::newest(case, &c.issued, None).map(|p| record::since(edition, case, p));
        let later = later.filter(|l| !l.is_empty())?;
        Some(lack(outdated(title_of(edition, &c.issued), &later)))
    };
    let mut all: Vec<Lack> = edition.procedure.closing.iter().filter_map(rule).collect();
    for w in record::wanting(edition, case) {
        // A rule of the data says it already.
        if all.iter().all(|l| l.form.as_ref() != Some(&w.form)) {
            all.push(of_record(edition, w));
        }
    }
    all
}

/// What lacks before filing: the records as they were at closing, with what closing itself put on them.
pub fn unfiled(edition: &Edition, case: &Case) -> Vec<Lack> {
    // What was withdrawn, passed on or voided is filed as it stands.
    if case.ended != Some(crate::event::Ending::Closed) {
        return vec![];
    }
    let all = record::wanting(edition, case).into_iter();
    all.map(|w| of_record(edition, w)).collect()
}

fn title_of<'a>(edition: &'a Edition, form: &'a str) -> &'a str {
    edition.forms.get(form).map_or(form, |f| f.title.as_str())
}

fn outdated(form: &str, later: &[String]) -> String {
    format!("《{form}》出具以后又有{}，请重新出具", quoted(later))
}

fn quoted(titles: &[String]) -> String {
    let all: Vec<String> = titles.iter().map(|t| format!("“{t}”")).collect();
    all.join("、")
}

fn of_record(edition: &Edition, w: Wanting) -> Lack {
    let form = title_of(edition, &w.form);
    let (kind, title) = match &w.want {
        Want::Paper => ("record_missing", format!("《{form}》尚未出具")),
        Want::Values(blank) => (
            "record_incomplete",
            format!("《{form}》还缺{}", quoted(blank)),
        ),
        Want::Anew(later) => ("record_outdated", outdated(form, later)),
    };
    Lack {
        code: format!("{kind}:{}", w.form),
        title,
        form: Some(w.form),
        task: w.task,
    }
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
