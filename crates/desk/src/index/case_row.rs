//! What lists, searches and the desk know of a case, derived anew with every append.

use crate::{
    masking::{headline::headline, mask::Mask},
    text::words,
};
use redress_domain::{
    case::{Case, Running},
    clock::Moment,
    decide::offers,
    disposal::keep_until,
    eligible::eligible,
    id::PersonId,
    procedure::Edition,
    sight::{self, Sight},
    value::{Class, FieldKind},
};
use redress_store::{CaseProjection, CaseRow, Circle, ClockRow, Door, TaskRow};
use std::collections::BTreeSet;

/// What lists and searches know of a case.
pub(crate) fn project(
    edition: &Edition,
    case: &Case,
    name: &dyn Fn(PersonId) -> String,
) -> CaseProjection {
    let mask = Mask::screen(Sight::UpTo(Class::Open), edition, &case.values);
    let who = complainant(edition, case, name);
    let (words, own_words) = searched(edition, case, &mask, name);
    let headline = headline(edition, &case.values, name);
    let step = edition.step(&case.step);
    CaseProjection {
        row: CaseRow {
            id: case.id,
            number: case.number.clone(),
            procedure: case.procedure.clone(),
            edition: case.edition.clone(),
            status: status(case).to_owned(),
            archived: case.archived,
            step: case.step.clone(),
            step_title: step.map(|s| s.title.clone()).unwrap_or_default(),
            open_headline: mask.within(&headline),
            headline,
            complainant: who.name,
            masked: who.masked,
            circle: circle(edition, case),
            channel: case.channel.clone(),
            received_at: case.received_at.to_rfc3339(),
            entered_at: case.entered_at.to_rfc3339(),
            last_at: case.last_at.to_rfc3339(),
            ended_at: case.ended_at.map(|t| t.to_rfc3339()),
            keep_until: keep_until(edition, case).map(|d| d.to_string()),
            disposed: case.disposed,
            next_due: next_due(edition, case),
            seq: case.seq,
            registered_by: case.registered_by,
            people: vec![case.registered_by],
        },
        clocks: ours(edition, case)
            .map(|c| clock_row(edition, case, c))
            .collect(),
        tasks: task_rows(edition, case),
        words: words.join("\n"),
        own_words: own_words.join("\n"),
        names: who.names,
    }
}

/// Who complains: the first of the procedure's fields for it that says something.
struct Complainant {
    name: String,
    /// As lists show it to those who need no names.
    masked: String,
    /// Every one of the fields that says something.
    names: Vec<String>,
}

fn complainant(edition: &Edition, case: &Case, name: &dyn Fn(PersonId) -> String) -> Complainant {
    let said = |id: &String| {
        let field = edition.field(id)?;
        let text = words::value(field, case.values.get(id)?, name);
        (!text.is_empty()).then_some((field, text))
    };
    let all: Vec<_> = edition
        .procedure
        .head
        .complainant
        .iter()
        .filter_map(said)
        .collect();
    let first = all.first();
    let masked = first.map(|(field, text)| match field.class {
        Class::Open => text.clone(),
        _ => words::mask(text),
    });
    Complainant {
        name: first.map(|(_, text)| text.clone()).unwrap_or_default(),
        masked: masked.unwrap_or_default(),
        names: all.into_iter().map(|(_, text)| text).collect(),
    }
}

/// The words by which everybody finds the case, and those that only find it for people who need names.
fn searched(
    edition: &Edition,
    case: &Case,
    mask: &Mask,
    name: &dyn Fn(PersonId) -> String,
) -> (Vec<String>, Vec<String>) {
    let (mut words, mut own_words) = (vec![case.number.clone()], Vec::new());
    for (key, v) in &case.values {
        let Some(field) = edition.field(key) else {
            continue;
        };
        if matches!(
            field.kind,
            FieldKind::Choice | FieldKind::Many | FieldKind::YesNo | FieldKind::Staff
        ) {
            continue;
        }
        let text = words::value(field, v, name);
        // A name that stands in an open text is personal there as well.
        let covered = mask.covers(field) || mask.within(&text) != text;
        let personal_cells = field.columns.iter().any(|c| mask.covers(c));
        if covered || personal_cells {
            own_words.push(text);
        } else {
            words.push(text);
        }
    }
    (words, own_words)
}

/// Clocks of the institution: the complainant's own window (D17) is no deadline of it.
fn ours<'a>(edition: &'a Edition, case: &'a Case) -> impl Iterator<Item = &'a Running> {
    let ours = |c: &&Running| edition.clock(&c.rule).is_none_or(|r| !r.of_complainant);
    case.clocks.iter().filter(ours)
}

fn next_due(edition: &Edition, case: &Case) -> Option<i64> {
    let running = ours(edition, case).filter(|c| c.stopped_at.is_none() && case.is_open());
    running
        .filter_map(|c| c.due.at)
        .map(|m| m.timestamp())
        .min()
}

fn clock_row(edition: &Edition, case: &Case, c: &Running) -> ClockRow {
    let rule = edition.clock(&c.rule);
    let title = rule.map(|r| {
        // T6: an internal target is never taken for a limit of the document.
        let own = c.due.own_target && !r.left_open;
        format!("{}{}", r.title, if own { "（内部目标）" } else { "" })
    });
    let seconds = |m: Moment| m.timestamp();
    ClockRow {
        case: case.id,
        id: c.id.clone(),
        rule: c.rule.clone(),
        task: c.task.clone(),
        title: title.unwrap_or_default(),
        word: rule.map(|r| r.word.clone()).unwrap_or_default(),
        started_at: seconds(c.due.start),
        due_at: c.due.at.map(seconds),
        opens_at: c.due.opens.map(seconds),
        stopped_at: c.stopped_at.map(seconds),
        provisional: c.due.provisional,
    }
}

/// The case's own step and its tasks, each with who can do something there.
fn task_rows(edition: &Edition, case: &Case) -> Vec<TaskRow> {
    let waiting = offers(edition, case);
    let doors = |task: Option<&str>| -> Vec<Door> {
        let here = waiting
            .iter()
            .filter(|o| o.task.map(|t| t.id.as_str()) == task)
            .filter(|o| edition.procedure.always.iter().all(|a| a.id != o.action.id));
        let all: BTreeSet<Door> = here.filter_map(|o| eligible(edition, case, o)).collect();
        all.into_iter().collect()
    };
    let step = edition.step(&case.step);
    let mut rows = vec![TaskRow {
        case: case.id,
        id: String::new(),
        kind: String::new(),
        title: step.map(|s| s.title.clone()).unwrap_or_default(),
        step: case.step.clone(),
        done: !case.is_open(),
        doors: doors(None),
    }];
    rows.extend(case.tasks.iter().map(|t| {
        let kind = edition.task(&t.kind);
        TaskRow {
            case: case.id,
            id: t.id.clone(),
            kind: t.kind.clone(),
            title: kind.map(|k| k.title.clone()).unwrap_or_default(),
            step: t.step.clone(),
            done: t.done_at.is_some() || !case.is_open(),
            doors: doors(Some(&t.id)),
        }
    }));
    rows
}

/// The circle of a confidential case as lists keep it.
pub(crate) fn circle(edition: &Edition, case: &Case) -> Option<Circle> {
    sight::circle(edition, case).map(|c| Circle {
        reasons: vec![],
        ..c
    })
}

/// The status on the wire.
pub(crate) fn status(case: &Case) -> &'static str {
    use redress_domain::event::Ending;
    match case.ended {
        None => "open",
        Some(Ending::Closed) => "closed",
        Some(Ending::Withdrawn) => "withdrawn",
        Some(Ending::Merged) => "merged",
        Some(Ending::Transferred) => "transferred",
        Some(Ending::Voided) => "voided",
    }
}
