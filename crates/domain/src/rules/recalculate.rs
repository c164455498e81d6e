//! When a year of the calendar becomes known: due times that were computed on weekdays alone (T4).

use crate::{
    case::{Case, Running},
    event::{Event, EventBody, MoveCause},
    rules::{actor::Actor, context::Ctx, run::Run},
    time::clock::{self, Due},
    value::Values,
};

/// The running limits of a case that were provisional, with what the calendar of today makes of them.
///
/// Limits whose years are still unknown are left out: nothing about them has become known.
pub fn provisional(ctx: &Ctx<'_>, case: &Case) -> Vec<(Running, Due)> {
    let open = case.clocks.iter().filter(|_| case.is_open());
    open.filter(|c| c.stopped_at.is_none() && c.due.provisional)
        .filter_map(|c| Some((c.clone(), again(ctx, c)?)))
        .collect()
}

fn again(ctx: &Ctx<'_>, running: &Running) -> Option<Due> {
    let span = running.due.span?;
    let start = running.due.start;
    let fresh = if running.due.opens.is_some() {
        clock::not_before(span, start, ctx.calendar)
    } else {
        let roll = ctx.edition.clock(&running.rule).is_none_or(|r| r.roll);
        clock::due(span, start, roll, ctx.calendar)
    };
    (fresh.unknown_years != running.due.unknown_years).then_some(fresh)
}

/// Moves them, each by a recorded act; nothing else moves (T4, T5).
pub fn recalculate(ctx: &Ctx<'_>, case: &Case, actor: &Actor) -> Vec<Event> {
    let mut run = Run::new(ctx, actor, case.clone());
    for (running, due) in provisional(ctx, case) {
        let body = EventBody::ClockMoved {
            clock: running.id,
            due,
            cause: MoveCause::Recalculation,
        };
        run.push(body, Values::new());
    }
    run.events
}
