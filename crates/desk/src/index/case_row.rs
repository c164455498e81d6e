//! What lists, searches and the desk know of a case, derived anew with every append.

use crate::{masking::headline::headline, masking::mask::Veil, text::words};
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
    let said = |id: &str| -> String {
        let field = edition.field(id);
        let value = case.values.get(id);
        field
            .zip(value)
            .map(|(f, v)| words::value(f, v, name))
            .unwrap_or_default()
    };
    let named = |id: &&String| !said(id).is_empty();
    let who = edition.procedure.head.complainant.iter().find(named);
    let complainant = who.map(|id| said(id)).unwrap_or_default();
    let open = |id: &str| edition.field(id).is_some_and(|f| f.class == Class::Open);
    let masked = match who {
        Some(id) if !open(id) => words::mask(&complainant),
        _ => complainant.clone(),
    };
    let names = edition.procedure.head.complainant.iter().map(|id| said(id));
    let names: Vec<String> = names.filter(|s| !s.is_empty()).collect();
    let veil = Veil::screen(Sight::UpTo(Class::Open), edition, &case.values);
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
        let covered = veil.covers(field) || veil.within(&text) != text;
        let personal_cells = field.columns.iter().any(|c| veil.covers(c));
        if covered || personal_cells {
            own_words.push(text);
        } else {
            words.push(text);
        }
    }
    let seconds = |m: Moment| m.timestamp();
    // The complainant's own window (D17) is no deadline of the house.
    let ours = |c: &&Running| edition.clock(&c.rule).is_none_or(|r| !r.of_complainant);
    let open_clocks = case
        .clocks
        .iter()
        .filter(|c| c.stopped_at.is_none())
        .filter(ours);
    let next_due = if case.is_open() {
        open_clocks.filter_map(|c| c.due.at).map(seconds).min()
    } else {
        None
    };
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
    let mut tasks = vec![TaskRow {
        case: case.id,
        id: String::new(),
        kind: String::new(),
        title: step.map(|s| s.title.clone()).unwrap_or_default(),
        step: case.step.clone(),
        done: !case.is_open(),
        doors: doors(None),
    }];
    tasks.extend(case.tasks.iter().map(|t| {
        TaskRow {
            case: case.id,
            id: t.id.clone(),
            kind: t.kind.clone(),
            title: edition
                .task(&t.kind)
                .map(|k| k.title.clone())
                .unwrap_or_default(),
            step: t.step.clone(),
            done: t.done_at.is_some() || !case.is_open(),
            doors: doors(Some(&t.id)),
        }
    }));
    let clocks = case.clocks.iter().filter(ours).map(|c| ClockRow {
        case: case.id,
        id: c.id.clone(),
        rule: c.rule.clone(),
        task: c.task.clone(),
        title: edition
            .clock(&c.rule)
            .map(|r| {
                // T6: an internal target is never taken for a limit of the document.
                let own = c.due.own_target && !r.left_open;
                format!("{}{}", r.title, if own { "（内部目标）" } else { "" })
            })
            .unwrap_or_default(),
        word: edition
            .clock(&c.rule)
            .map(|r| r.word.clone())
            .unwrap_or_default(),
        started_at: seconds(c.due.start),
        due_at: c.due.at.map(seconds),
        opens_at: c.due.opens.map(seconds),
        stopped_at: c.stopped_at.map(seconds),
        provisional: c.due.provisional,
    });
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
            headline: headline(edition, &case.values, name),
            complainant,
            masked,
            open_headline: veil.within(&headline(edition, &case.values, name)),
            circle: circle(edition, case),
            channel: case.channel.clone(),
            received_at: case.received_at.to_rfc3339(),
            entered_at: case.entered_at.to_rfc3339(),
            last_at: case.last_at.to_rfc3339(),
            ended_at: case.ended_at.map(|t| t.to_rfc3339()),
            keep_until: keep_until(edition, case).map(|d| d.to_string()),
            disposed: case.disposed,
            next_due,
            seq: case.seq,
            registered_by: case.registered_by,
            people: vec![case.registered_by],
        },
        clocks: clocks.collect(),
        tasks,
        words: words.join("\n"),
        own_words: own_words.join("\n"),
        names,
    }
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
