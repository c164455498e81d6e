//! An action on a case becomes new events, or a refusal that says why.

use crate::{
    case::Case,
    event::{Ending, Event, EventBody},
    procedure::Effect,
    refusal::Refusal,
    rules::{
        actor::Actor,
        clocks, closing,
        context::{ClockConfirmed, Ctx},
        effect,
        entry::{settled, take, weigh},
        impartial::{Standing, standing},
        lookup::look_up,
        offer::offers,
        permit::{is_barred, permitted},
        request::Request,
        requirements,
        run::Run,
        ways,
    },
    time::calendar::here,
    value::range::confirmed,
};
use serde_json::Value;

/// Answers an action with new events.
///
/// # Errors
/// A refusal: not offered now, not permitted, incomplete, or against a rule.
pub fn decide(
    ctx: &Ctx<'_>,
    case: &Case,
    actor: &Actor,
    request: &Request<'_>,
) -> Result<Vec<Event>, Refusal> {
    let all = offers(ctx.edition, case);
    let Some(offer) = all.iter().find(|o| o.id() == request.action) else {
        let bare = request.action.split('@').next().unwrap_or_default();
        return Err(match ctx.edition.action(bare) {
            None => Refusal::new("unknown_action").with("action", request.action),
            Some(a) => Refusal::new("not_now").with("action", a.title.as_str()),
        });
    };
    let excused = |c: ClockConfirmed| c.excuses(case.last_at, ctx.now);
    let excused = ctx.confirmed.is_some_and(excused);
    if ctx.beside(case.last_at) < case.last_at && !excused {
        return Err(Refusal::new("clock_set_back").with("newest", here(&case.last_at).to_rfc3339()));
    }
    let permit = permitted(ctx, case, actor, offer)?;
    let actor = match permit.acts_for {
        None => actor,
        Some(p) => actor
            .principals
            .iter()
            .find(|a| a.acts_for == Some(p))
            .unwrap_or(actor),
    };
    let task = offer.task.map(|t| t.id.as_str());
    let entered = settled(ctx.edition, &request.values);
    let look = |f: &str| {
        let fresh = entered.get(f);
        if fresh.is_some() {
            fresh
        } else {
            look_up(case, task, f)
        }
    };
    let values = take(ctx.edition, offer.action, task, &entered, &look)?;
    if let Standing::Barred(x) = standing(ctx.edition, case, &entered, offer.action, actor) {
        return Err(is_barred(actor, x, offer.action));
    }
    let mut run = Run::new(ctx, actor, case.clone());
    requirements::check(&run, offer.action, task, &entered)?;
    if offer.action.effect == Effect::Close {
        lacking("closing_incomplete", &closing::missing(ctx.edition, case))?;
    }
    if offer.action.effect == Effect::Archive {
        lacking("archive_incomplete", &closing::unfiled(ctx.edition, case))?;
    }
    confirmed(weigh(ctx, offer.action, &entered)?, &request.confirmed)?;
    run.push(
        EventBody::Acted {
            action: offer.action.id.clone(),
            task: task.map(str::to_owned),
            step: offer
                .task
                .map_or_else(|| case.step.clone(), |t| t.step.clone()),
            signs: (!offer.action.signs.is_empty()).then(|| offer.action.signs.clone()),
            excepted: permit.excepted,
            on_behalf_of: permit.acts_for,
        },
        values,
    );
    effect::carry_out(&mut run, offer.action, &entered, request)?;
    clocks::happened(&mut run, &format!("action:{}", offer.action.id), task);
    // What was withdrawn, merged or passed on goes on where it stood; only what was closed begins anew (G4).
    let resumes = offer.action.effect == Effect::Reopen && case.ended != Some(Ending::Closed);
    if !resumes {
        ways::follow(&mut run, offer.action, task);
    }
    Ok(run.events)
}

/// Refuses with everything that lacks.
fn lacking(code: &str, lacks: &[closing::Lack]) -> Result<(), Refusal> {
    if lacks.is_empty() {
        return Ok(());
    }
    let list: Vec<Value> = lacks
        .iter()
        .map(|l| serde_json::json!({ "code": l.code, "title": l.title, "form": l.form, "task": l.task }))
        .collect();
    let titles: Vec<&str> = lacks.iter().map(|l| l.title.as_str()).collect();
    Err(Refusal::new(code)
        .with("missing", list)
        .with("titles", titles.join("；")))
}
