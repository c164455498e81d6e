//! One case as a person sees it: enough for a program that knows no procedure to walk it to its end.

mod offers;
mod papers;
pub(crate) mod shapes;
mod timeline;

pub use shapes::*;

use crate::{
    access::look::{Seen, look, may_reveal},
    cases::{
        act::RegisterRequest,
        attachments::AttachmentView,
        merging::{merged_view, untold},
    },
    index::case_row::status,
    institution::procedures::field_view,
    masking::{headline::headline, mask::Mask},
    office::{events::new_id, handle::Office, load::Loaded, session::Eyes},
    text::{
        error::{ApiError, Lang},
        time::parse_time,
        words::{self, Names},
    },
};
use offers::actions;
use papers::{documents, forms, values};
use redress_domain::{
    case::{Case, Running},
    clock::Moment,
    closing::{Lack, missing, unfiled},
    correction::{left_open, may_correct},
    decide::{Ctx, Registration},
    disposal::keep_until,
    event::MoveCause,
    id::{CaseId, PersonId},
    impartial::{Exclusion, excluded},
    issue::preview,
    procedure::{Edition, Effect, Step},
    sight::{Sight, circle},
    value::Class,
};
use redress_store::Store;
pub(crate) use timeline::timeline;

/// One case.
pub(crate) async fn case_get(
    office: &Office,
    eyes: Eyes<'_>,
    r: CaseRef,
    lang: Lang,
) -> Result<CaseView, ApiError> {
    let open = office.open_office().await?;
    let seen = look(office, &open, eyes, &r.case, r.why.as_deref()).await?;
    let attachments = open.store.attachments(seen.loaded.case.id).await?;
    let state = open.state().await;
    let name = |p| state.name(p);
    let ctx = state.ctx(&seen.loaded.edition, office.now());
    let mut view = view(&seen, &ctx, &name, lang);
    let viewer = open.viewer(eyes.person, office.now()).await;
    let untold = untold(&open, &seen.loaded.events, &viewer).await?;
    view.timeline.retain(|t| !untold.contains(&t.seq));
    let merged = merged_view(&open, &seen.loaded.case, &viewer).await?;
    (view.merged_into, view.merged_in) = merged;
    let account = state.people.get(&eyes.person).map(|p| p.account);
    view.may_reveal = view.covered && may_reveal(&seen.actor, account);
    view.attachments = attachments
        .into_iter()
        .map(|a| covered_file(a.into(), seen.sight))
        .collect();
    Ok(view)
}

/// The limits that a registration would start.
pub(crate) async fn preview_clocks(
    office: &Office,
    person: PersonId,
    r: RegisterRequest,
) -> Result<Vec<ClockView>, ApiError> {
    let open = office.open_office().await?;
    let edition = open.newest(&r.procedure)?;
    let state = open.state().await;
    let actor = open.actor(person, &r.procedure, office.now()).await;
    let ctx = state.ctx(&edition, office.now());
    let new = Registration {
        case: CaseId(new_id()),
        number: String::new(),
        channel: r.channel,
        received_at: parse_time(&r.received_at)?,
        values: r.values,
        confirmed: r.confirmed,
    };
    let clocks = preview(&ctx, &actor, &new);
    Ok(clocks
        .iter()
        .map(|c| clock_view(&edition, c, ctx.now))
        .collect())
}

pub(crate) fn clock_view(edition: &Edition, c: &Running, now: Moment) -> ClockView {
    let rule = edition.clock(&c.rule);
    let mut explanation = words::explanation(&c.due, rule);
    if c.moved.contains(&MoveCause::Extension) {
        explanation = format!("{explanation}；已延长");
    }
    ClockView {
        id: c.id.clone(),
        title: rule.map_or_else(|| c.rule.clone(), |r| r.title.clone()),
        due: c.due.at.map(|t| t.to_rfc3339()),
        opens: c.due.opens.map(|t| t.to_rfc3339()),
        state: words::state(redress_domain::clock::state(&c.due, c.stopped_at, now)).to_owned(),
        stopped_at: c.stopped_at.map(|t| t.to_rfc3339()),
        started_at: c.due.start.to_rfc3339(),
        explanation,
        basis: rule.map_or_else(String::new, |r| words::clock_basis(&edition.procedure, r)),
        source: rule.map(|r| r.source.clone()).unwrap_or_default(),
        default_note: rule.map(|r| r.default_note.clone()).unwrap_or_default(),
        provisional: c.due.provisional,
        word: rule.map(|r| r.word.clone()).unwrap_or_default(),
        of_complainant: rule.is_some_and(|r| r.of_complainant),
        task: c.task.clone(),
    }
}

/// The name of a file may name somebody.
pub(crate) fn covered_file(mut file: AttachmentView, sight: Sight) -> AttachmentView {
    if !sight.shows(Class::Personal) {
        file.name = words::mask(&file.name);
    }
    file
}

/// What stands in the way of closing, and of filing once the case is closed.
fn lacks(edition: &Edition, case: &Case) -> Vec<MissingView> {
    let all = match case.is_open() {
        true => missing(edition, case),
        false if case.archived || case.disposed => vec![],
        false => unfiled(edition, case),
    };
    let view = |l: Lack| MissingView {
        code: l.code,
        title: l.title,
        form: l.form,
        task: l.task,
    };
    all.into_iter().map(view).collect()
}

fn view(seen: &Seen, ctx: &Ctx<'_>, name: Names<'_>, lang: Lang) -> CaseView {
    let Loaded {
        case,
        edition,
        events,
    } = &seen.loaded;
    let mask = Mask::screen(seen.sight, edition, &case.values);
    let head = &edition.procedure.head;
    let may_correct =
        |key: &str| case.is_open() && may_correct(edition, case, &seen.actor, key).is_ok();
    let mut channels = edition.procedure.channels.iter();
    let channel = channels.find(|c| c.id == case.channel);
    let clocks = case.clocks.iter().map(|c| clock_view(edition, c, ctx.now));
    CaseView {
        id: case.id.to_string(),
        number: case.number.clone(),
        procedure: case.procedure.clone(),
        procedure_title: head.title.clone(),
        edition: case.edition.clone(),
        status: status(case).to_owned(),
        archived: case.archived,
        disposed: case.disposed,
        keep_until: keep_until(edition, case).map(|d| d.to_string()),
        confidential: circle(edition, case).map_or_else(Vec::new, |c| c.reasons),
        covered: seen.sight != Sight::FULL && !case.disposed,
        may_reveal: false,
        headline: mask.within(&headline(edition, &case.values, name)),
        complainant: complainant(edition, case, &mask, name),
        received_at: case.received_at.to_rfc3339(),
        entered_at: case.entered_at.to_rfc3339(),
        channel: channel.map(|c| c.title.clone()).unwrap_or_default(),
        seq: case.seq,
        round: case.round,
        steps: way(edition, case),
        missing: lacks(edition, case),
        now: now(edition, case),
        actions: actions(ctx, case, &seen.actor, name, lang),
        clocks: clocks.collect(),
        tasks: tasks(edition, case, &mask, name),
        timeline: timeline(edition, case, events, &mask, name),
        forms: forms(edition, case),
        documents: documents(edition, case, name),
        values: values(edition, case, events, &mask, name, &may_correct),
        left_open: still_open(edition, case, &may_correct),
        attachments: vec![],
        merged_into: None,
        merged_in: vec![],
        excluded: kept_out(edition, case, name),
    }
}

/// Who complains, as far as whoever looks may see it.
fn complainant(edition: &Edition, case: &Case, mask: &Mask, name: Names<'_>) -> String {
    let said = |id: &String| {
        let field = edition.field(id)?;
        let text = words::value(field, case.values.get(id)?, name);
        Some(mask.say(field, &text)).filter(|s| !s.is_empty())
    };
    let all: Vec<String> = edition
        .procedure
        .head
        .complainant
        .iter()
        .filter_map(said)
        .collect();
    all.join(" · ")
}

/// Where the case stands.
fn now(edition: &Edition, case: &Case) -> NowView {
    let step = edition.step(&case.step);
    let note = step.map(|s| words::act_basis(&edition.procedure, &s.source, &s.default_note));
    NowView {
        step: case.step.clone(),
        title: step.map(|s| s.title.clone()).unwrap_or_default(),
        note: note.unwrap_or_default(),
    }
}

/// What an act left open and whoever looks may add.
fn still_open(
    edition: &Edition,
    case: &Case,
    may_correct: &dyn Fn(&str) -> bool,
) -> Vec<LeftOpenView> {
    let view = |key: String| {
        let field = edition.field(&key)?;
        Some(LeftOpenView {
            title: field.title.clone(),
            field: field_view(field, true),
            key,
        })
    };
    let open = left_open(edition, case).into_iter();
    open.filter(|key| may_correct(key))
        .filter_map(view)
        .collect()
}

/// Who may not act, by which bar, and whether an exception was made.
fn kept_out(edition: &Edition, case: &Case, name: Names<'_>) -> Vec<ExcludedView> {
    let view = |x: Exclusion| ExcludedView {
        id: x.person.to_string(),
        name: name(x.person),
        excepted: x.excepted(case),
        relation: x.bar,
        relation_title: x.title,
    };
    excluded(edition, case).into_iter().map(view).collect()
}

/// The steps passed in the order in which they came, the current one, and those that the data puts after it.
fn way(edition: &Edition, case: &Case) -> Vec<WayStep> {
    let p = &edition.procedure;
    let one = |id: &str, state: &str| {
        let step = edition.step(id);
        WayStep {
            id: id.to_owned(),
            title: step.map(|s| s.title.clone()).unwrap_or_default(),
            state: state.to_owned(),
            note: step.map_or_else(String::new, |s| {
                words::act_basis(p, &s.source, &s.default_note)
            }),
            ours: step.is_some_and(|s| p.ours(&s.source)),
        }
    };
    let mut all: Vec<WayStep> = Vec::new();
    for id in &case.passed {
        if all.iter().all(|s| &s.id != id) && id != &case.step {
            all.push(one(id, "done"));
        }
    }
    all.push(one(&case.step, if case.is_open() { "now" } else { "done" }));
    if case.is_open() {
        // Where closing is done; the appeal and other steps of blocks may stand after it.
        let closes = |s: &&Step| s.actions.iter().any(|a| a.effect == Effect::Close);
        let last = edition.procedure.steps.iter().find(closes);
        let last = last.map(|s| &s.id);
        let ways = edition
            .step(&case.step)
            .into_iter()
            .flat_map(|s| &s.actions)
            .flat_map(|a| &a.to);
        let next: Vec<String> = ways
            .map(|w| w.step.clone())
            .filter(|s| !s.is_empty())
            .collect();
        let order = edition.procedure.steps.iter().map(|s| &s.id);
        for id in order.filter(|id| next.contains(id) || Some(*id) == last) {
            if all.iter().all(|s| &s.id != id) {
                all.push(one(id, "ahead"));
            }
        }
    }
    all
}

/// The field of an extension that says which limit.
const EXTENDED: &str = "extension.clock";

/// A limit that runs or ran, by its id.
fn clock_title(edition: &Edition, case: &Case, id: &str) -> String {
    let clock = case.clocks.iter().find(|c| c.id == id);
    let rule = clock.and_then(|c| edition.clock(&c.rule));
    let of_task = clock.and_then(|c| case.task(c.task.as_deref()?));
    let task = of_task.and_then(|t| edition.task(&t.kind));
    match (rule, task) {
        (Some(r), Some(t)) => format!("{}（{}）", r.title, t.title),
        (Some(r), None) => r.title.clone(),
        (None, _) => id.to_owned(),
    }
}

fn tasks(edition: &Edition, case: &Case, mask: &Mask, name: Names<'_>) -> Vec<TaskView> {
    let view = |t: &redress_domain::case::Task| {
        let kind = edition.task(&t.kind);
        let parts = kind.into_iter().flat_map(|k| &k.headline).filter_map(|id| {
            let v = case.values.get(&format!("{}/{id}", t.id))?;
            let field = edition.field(id)?;
            Some(mask.say(field, &words::value(field, v, name)))
        });
        TaskView {
            id: t.id.clone(),
            kind: t.kind.clone(),
            title: kind.map(|k| k.title.clone()).unwrap_or_default(),
            headline: parts.collect::<Vec<_>>().join(" · "),
            step_title: kind
                .and_then(|k| k.steps.iter().find(|s| s.id == t.step))
                .map(|s| s.title.clone())
                .unwrap_or_default(),
            note: kind.map_or_else(String::new, |k| {
                words::act_basis(&edition.procedure, &k.source, &k.default_note)
            }),
            done: t.done_at.is_some(),
            opened_at: t.opened_at.to_rfc3339(),
        }
    };
    case.tasks.iter().map(view).collect()
}
