//! A decision in the making: requirements, ways, tasks and clocks that an act sets off.

use crate::{
    case::{Case, apply},
    event::{Event, EventBody},
    rules::{actor::Actor, context::Ctx},
    value::Values,
};

/// A decision in the making: the case as it is so far, and the events so far.
pub(crate) struct Run<'a> {
    pub(crate) ctx: &'a Ctx<'a>,
    pub(crate) actor: &'a Actor,
    pub(crate) case: Case,
    pub(crate) events: Vec<Event>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(ctx: &'a Ctx<'a>, actor: &'a Actor, case: Case) -> Self {
        Self {
            ctx,
            actor,
            case,
            events: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, body: EventBody, values: Values) {
        let event = Event {
            actor: self.actor.person,
            at: self.ctx.event_time(self.case.last_at),
            body,
            values,
        };
        self.case = apply(self.case.clone(), &event);
        self.events.push(event);
    }
}
