//! What somebody may do on a case now, and what is picked there among what the case knows.

use super::{EXTENDED, clock_title};
use crate::{
    institution::procedures::{ActionView, ChoiceView, action_view},
    text::{
        error::Lang,
        words::{self, Names},
    },
};
use redress_domain::{
    case::{Case, EXCEPTED_BAR},
    decide::{Actor, Ctx, offers, permitted},
    impartial::excluded,
    procedure::{Edition, Effect},
    value::FieldKind,
};

/// Every action that stands open, each with why not where it is not allowed.
pub(super) fn actions(
    ctx: &Ctx<'_>,
    case: &Case,
    actor: &Actor,
    name: Names<'_>,
    lang: Lang,
) -> Vec<ActionView> {
    offers(ctx.edition, case)
        .iter()
        .map(|o| {
            let mut a = action_view(ctx.edition, o.action, o.id(), o.task.map(|t| t.id.clone()));
            match o.action.effect {
                Effect::Extend => offer_clocks(ctx.edition, case, &mut a),
                Effect::Except => offer_bars(ctx.edition, case, &mut a, name),
                _ => {}
            }
            if let Err(refusal) = permitted(ctx, case, actor, o) {
                a.allowed = false;
                a.refusal = words::named(refusal.into(), name).to_door(lang);
            }
            a
        })
        .collect()
}

/// Which limit is extended is picked among those that run, not typed.
fn offer_clocks(edition: &Edition, case: &Case, action: &mut ActionView) {
    let running = case.clocks.iter().filter(|c| c.stopped_at.is_none());
    let choices = running.map(|c| ChoiceView {
        id: c.id.clone(),
        title: clock_title(edition, case, &c.id),
    });
    let choices: Vec<ChoiceView> = choices.collect();
    for f in action.fields.iter_mut().filter(|f| f.id == EXTENDED) {
        f.kind = FieldKind::Choice;
        f.choices.clone_from(&choices);
    }
}

/// Which bar an exception lifts is picked among those that keep somebody out, each with whom.
fn offer_bars(edition: &Edition, case: &Case, action: &mut ActionView, name: Names<'_>) {
    let mut choices: Vec<ChoiceView> = Vec::new();
    for x in excluded(edition, case) {
        if x.excepted(case) {
            continue;
        }
        let who = name(x.person);
        match choices.iter_mut().find(|c| c.id == x.bar) {
            Some(c) => c.title = format!("{}、{who}", c.title),
            None => choices.push(ChoiceView {
                title: format!("{}：{who}", x.title),
                id: x.bar,
            }),
        }
    }
    for f in action.fields.iter_mut().filter(|f| f.id == EXCEPTED_BAR) {
        f.kind = FieldKind::Choice;
        f.choices.clone_from(&choices);
    }
}
