//! An action on a case becomes new events, or a refusal that says why.

use crate::{
    case::Case,
    event::{Ending, Event, EventBody},
    procedure::Effect,
    refusal::Refusal,
    rules::{
        actor::Actor,
        clocks, closing,
        context::Ctx,
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
        return Err(not_offered(ctx, request.action));
    };
    ctx.clock_right(case.last_at)?;
    let permit = permitted(ctx, case, actor, offer)?;
    let actor = actor.as_permitted(permit);
    let action = offer.action;
    let task = offer.task.map(|t| t.id.as_str());
    let entered = settled(ctx.edition, &request.values);
    let look = |f: &str| entered.get(f).or_else(|| look_up(case, task, f));
    let values = take(ctx.edition, action, task, &entered, &look)?;
    if let Standing::Barred(x) = standing(ctx.edition, case, &entered, action, actor) {
        return Err(is_barred(actor, x, action));
    }
    let mut run = Run::new(ctx, actor, case.clone());
    requirements::check(&run, action, task, &entered)?;
    match action.effect {
        Effect::Close => lacking("closing_incomplete", &closing::missing(ctx.edition, case))?,
        Effect::Archive => lacking("archive_incomplete", &closing::unfiled(ctx.edition, case))?,
        _ => {}
    }
    confirmed(weigh(ctx, action, &entered)?, &request.confirmed)?;
    run.push(
        EventBody::Acted {
            action: action.id.clone(),
            task: task.map(str::to_owned),
            step: offer
                .task
                .map_or_else(|| case.step.clone(), |t| t.step.clone()),
            signs: (!action.signs.is_empty()).then(|| action.signs.clone()),
            excepted: permit.excepted,
            on_behalf_of: permit.acts_for,
        },
        values,
    );
    effect::carry_out(&mut run, action, &entered, request)?;
    clocks::happened(&mut run, &format!("action:{}", action.id), task);
    // What was withdrawn, merged or passed on goes on where it stood; only what was closed begins anew (G4).
    let resumes = action.effect == Effect::Reopen && case.ended != Some(Ending::Closed);
    if !resumes {
        ways::follow(&mut run, action, task);
    }
    Ok(run.events)
}

/// Why an action that does not stand open is not done.
fn not_offered(ctx: &Ctx<'_>, asked: &str) -> Refusal {
    let bare = asked.split_once('@').map_or(asked, |(action, _)| action);
    match ctx.edition.action(bare) {
        None => Refusal::new("unknown_action").with("action", asked),
        Some(a) => Refusal::new("not_now").with("action", a.title.as_str()),
    }
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
