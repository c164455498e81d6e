//! Whether a paper still says what the record says: what it shows was added or changed after it was given out (G14,
//! G18), and which papers the case owes as its records (G7).

use crate::{
    case::{Case, Issued},
    form::Form,
    procedure::{Edition, Effect, Shown},
    rules::lookup::look_over,
    value::given,
};
use std::collections::BTreeMap;

/// What came after a paper was given out and would stand on it now, in words; empty where it is up to date, where a
/// later one stands for it, or where it belongs to an earlier round.
pub fn since(edition: &Edition, case: &Case, paper: &Issued) -> Vec<String> {
    let Some(form) = edition.forms.get(&paper.form) else {
        return vec![];
    };
    let earlier_round = form.per_round && paper.round < case.round;
    if paper.superseded_by.is_some() || earlier_round {
        return vec![];
    }
    let shown = Shown::of(form, edition);
    let values = values_since(edition, case, paper, &shown);
    let acts = acts_since(edition, case, paper, &shown);
    let clocks = clocks_since(edition, case, paper, &shown);
    let mut all: Vec<String> = Vec::new();
    for words in values.into_iter().chain(acts).chain(clocks) {
        if all.iter().all(|w| w != words) {
            all.push(words.to_owned());
        }
    }
    all
}

/// Whether something of a task, or of the case, belongs on the paper.
fn belongs(paper: &Issued, task: Option<&str>) -> bool {
    paper.task.is_none() || task.is_none() || task == paper.task.as_deref()
}

fn values_since<'a>(
    edition: &'a Edition,
    case: &'a Case,
    paper: &Issued,
    shown: &Shown<'_>,
) -> Vec<&'a str> {
    // A group repeats over the rows themselves: what a row's task holds stands on no paper of the case.
    let starts = edition
        .actions()
        .flat_map(|a| &a.to)
        .flat_map(|w| &w.starts);
    let of_rows: Vec<&str> = starts
        .filter(|s| !s.per.is_empty() && !s.into.is_empty())
        .map(|s| s.into.as_str())
        .collect();
    let apart = |key: &str| {
        let own = key.split_once('/').map(|(_, field)| field);
        own.is_some_and(|f| of_rows.iter().any(|into| f.starts_with(into)))
    };
    // What was never entered or corrected stands before every paper.
    let at = |of: &BTreeMap<String, i64>, key: &str| of.get(key).copied().unwrap_or(0);
    let mut all = Vec::new();
    for key in case.values.keys() {
        if paper.task.is_none() && apart(key) {
            continue;
        }
        let changed = at(&case.entered, key).max(at(&case.corrected, key));
        let task = key.split_once('/').map(|(task, _)| task);
        if changed > paper.seq && belongs(paper, task) && shown.value(key) {
            all.push(edition.field(key).map_or(key.as_str(), |f| &f.title));
        }
    }
    all
}

fn acts_since<'a>(
    edition: &'a Edition,
    case: &Case,
    paper: &Issued,
    shown: &Shown<'_>,
) -> Vec<&'a str> {
    let later = case.acts.iter().filter(|a| a.seq > paper.seq);
    let own = later.filter(|a| belongs(paper, a.task.as_deref()));
    own.filter_map(|act| {
        let action = edition.action(&act.action)?;
        let named = match action.effect {
            Effect::Close => shown.text("case.closed_at"),
            Effect::Except => shown.text("exceptions"),
            _ => false,
        };
        (named || shown.signed_with(&act.action)).then_some(action.title.as_str())
    })
    .collect()
}

fn clocks_since<'a>(
    edition: &'a Edition,
    case: &Case,
    paper: &Issued,
    shown: &Shown<'_>,
) -> Vec<&'a str> {
    let later = case.clocks.iter().filter(|c| c.seq > paper.seq);
    let own = later.filter(|c| belongs(paper, c.task.as_deref()));
    own.filter_map(|clock| {
        let rule = edition.clock(&clock.rule)?;
        // Giving the paper out itself may be what the clock waits for.
        let own = format!("issued:{}", paper.form);
        let by_itself = rule.starts.contains(&own) || rule.stops.contains(&own);
        let named = shown.text_within(&format!("clock.{}", rule.id));
        (!by_itself && named).then_some(rule.title.as_str())
    })
    .collect()
}

/// What stands in the way of a paper that is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// It was never given out.
    Paper,
    /// It was given out, and these came after.
    Anew(Vec<String>),
    /// These have no value yet.
    Values(Vec<String>),
}

/// A paper that is owed as a record and is not there as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanting {
    /// Form id.
    pub form: String,
    /// Of a form for one task: which.
    pub task: Option<String>,
    /// What is wanting.
    pub want: Want,
}

/// The records that the case owes and that are not given out, complete and up to date, in the order of the forms.
pub fn wanting(edition: &Edition, case: &Case) -> Vec<Wanting> {
    let mut all = Vec::new();
    for form in edition
        .procedure
        .forms
        .iter()
        .filter_map(|id| edition.forms.get(id))
    {
        let of_round = form.per_round.then(|| case.of_round());
        let case = of_round.as_ref().unwrap_or(case);
        for task in tasks_of(form, case) {
            let task = task.as_deref();
            if owes(case, form, task)
                && let Some(want) = want(edition, case, form, task)
            {
                all.push(Wanting {
                    form: form.id.clone(),
                    task: task.map(str::to_owned),
                    want,
                });
            }
        }
    }
    all
}

/// The tasks that a form is filled for, or the case itself.
pub fn tasks_of(form: &Form, case: &Case) -> Vec<Option<String>> {
    match &form.task {
        None => vec![None],
        Some(kind) => {
            let own = case.tasks.iter().filter(|t| &t.kind == kind);
            own.map(|t| Some(t.id.clone())).collect()
        }
    }
}

fn owes(case: &Case, form: &Form, task: Option<&str>) -> bool {
    let Some(owed) = &form.record else {
        return false;
    };
    (owed.after.is_empty() || owed.after.iter().any(|id| done(case, task, id)))
        && owed.when.holds(|f| look_over(case, task, f))
}

/// Whether an action was done, in the task where it is one of a task.
fn done(case: &Case, task: Option<&str>, id: &str) -> bool {
    let mut acts = case.acts.iter().filter(|a| a.action == id);
    acts.any(|a| task.is_none() || a.task.is_none() || a.task.as_deref() == task)
}

fn want(edition: &Edition, case: &Case, form: &Form, task: Option<&str>) -> Option<Want> {
    let must = form.record.iter().flat_map(|r| &r.must);
    let blank: Vec<String> = must
        .filter_map(|id| {
            let field = edition.field(id)?;
            let asked = field.when.holds(|f| look_over(case, task, f));
            (asked && !given(look_over(case, task, id))).then(|| field.title.clone())
        })
        .collect();
    let unsigned = form.record.iter().flat_map(|r| &r.signed);
    let unsigned = unsigned.filter(|ids| !ids.split('|').any(|id| done(case, task, id)));
    let unsigned = unsigned.map(|ids| {
        let first = ids.split_once('|').map_or(ids.as_str(), |(first, _)| first);
        edition
            .action(first)
            .map_or_else(|| first.to_owned(), |a| a.title.clone())
    });
    let blank: Vec<String> = blank.into_iter().chain(unsigned).collect();
    if !blank.is_empty() {
        return Some(Want::Values(blank));
    }
    match newest(case, &form.id, task) {
        None => Some(Want::Paper),
        Some(paper) => {
            let later = since(edition, case, paper);
            (!later.is_empty()).then_some(Want::Anew(later))
        }
    }
}

/// The newest paper of a form, of a task or of the case.
pub fn newest<'a>(case: &'a Case, form: &str, task: Option<&str>) -> Option<&'a Issued> {
    let own = |d: &&Issued| d.form == form && (task.is_none() || d.task.as_deref() == task);
    case.documents.iter().rev().find(own)
}
