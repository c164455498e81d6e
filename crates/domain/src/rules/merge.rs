//! One case goes into another (G6): which one takes it in, and what the survivor's own record says of it.
//!
//! What points to another case points to one that lives. The survivor's events are appended in the same transaction
//! as the merged case's own, so that its place in the log is the lock: of two people who merge two cases into each
//! other at the same moment one is refused.

use crate::{
    case::{Case, MERGE_REASON},
    event::{Ending, Event, EventBody},
    refusal::Refusal,
    rules::{actor::Actor, context::Ctx},
    value::Values,
};

/// Refuses a case that can take none in. `living` is where a chain of merges that begins with `into` ends.
///
/// # Errors
/// `merge_itself`, `merge_circle`; `merge_target_merged` with the number of the one that lives; `merge_target_closed`,
/// `merge_target_withdrawn`, `merge_target_transferred`, `merge_target_voided`, `merge_target_disposed`.
pub fn takes_in(case: &Case, into: &Case, living: &Case) -> Result<(), Refusal> {
    if case.id == into.id {
        return Err(Refusal::new("merge_itself"));
    }
    let code = match into.ended {
        None => return Ok(()),
        Some(Ending::Merged) if living.id == case.id => "merge_circle",
        Some(Ending::Merged) => "merge_target_merged",
        Some(Ending::Withdrawn) => "merge_target_withdrawn",
        Some(Ending::Transferred) => "merge_target_transferred",
        Some(Ending::Voided) => "merge_target_voided",
        Some(Ending::Closed) if into.disposed => "merge_target_disposed",
        Some(Ending::Closed) => "merge_target_closed",
    };
    Err(Refusal::new(code)
        .with("number", into.number.as_str())
        .with("living", living.number.as_str()))
}

/// What the survivor keeps: that a case was merged into it, with those that had been merged into that one, and why.
pub fn taken_in(
    ctx: &Ctx<'_>,
    actor: &Actor,
    survivor: &Case,
    case: &Case,
    entered: &Values,
) -> Event {
    let mut with = Vec::new();
    for m in &case.merged_in {
        with.push(m.number.clone());
        with.extend(m.with.iter().cloned());
    }
    let reason = entered.get_key_value(MERGE_REASON);
    Event {
        actor: actor.person,
        at: ctx.event_time(survivor.last_at),
        body: EventBody::MergedIn {
            case: case.id,
            number: case.number.clone(),
            with,
        },
        values: reason
            .into_iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect(),
    }
}

/// What each case of the chain keeps when one that was merged is opened again: it stands on its own from now on.
pub fn let_go(ctx: &Ctx<'_>, actor: &Actor, survivor: &Case, case: &Case) -> Event {
    Event {
        actor: actor.person,
        at: ctx.event_time(survivor.last_at),
        body: EventBody::MergeUndone {
            case: case.id,
            number: case.number.clone(),
        },
        values: Values::new(),
    }
}

/// Refuses to withdraw a case or to void its number while others are merged into it: their complaints would end
/// unanswered, and nobody would hear of it.
///
/// # Errors
/// `merged_cases_here` with how many; their numbers are not told here, for one may be hidden from whoever asks.
pub(crate) fn carries_none(case: &Case) -> Result<(), Refusal> {
    if case.merged_in.is_empty() {
        return Ok(());
    }
    Err(Refusal::new("merged_cases_here")
        .with("number", case.number.as_str())
        .with("count", case.merged_in.len()))
}
