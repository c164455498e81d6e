//! Makers of what is appended: ids, salts, events, appends.

use crate::text::error::ApiError;
use redress_domain::{
    clock::Moment,
    event::{Event, EventBody},
    id::PersonId,
    value::Values,
};
use redress_store::{Append, NewEvent};
use uuid::Uuid;

/// A new time-ordered id.
pub(crate) fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// An event with a fresh salt for each of its values.
pub(crate) fn salted(event: Event) -> Result<NewEvent, ApiError> {
    let mut salts = Vec::with_capacity(event.values.len());
    for _ in 0..event.values.len() {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(ApiError::internal)?;
        salts.push(salt);
    }
    Ok(NewEvent { event, salts })
}

/// Events for a stream, salted, with nothing else in the transaction.
pub(crate) fn append(
    stream: &str,
    expected_seq: i64,
    events: Vec<Event>,
) -> Result<Append, ApiError> {
    let events = events.into_iter().map(salted).collect::<Result<_, _>>()?;
    Ok(Append {
        stream: stream.to_owned(),
        expected_seq,
        events,
        ..Append::default()
    })
}

/// An event of the office.
pub(crate) fn event(actor: PersonId, at: Moment, body: EventBody, values: Values) -> Event {
    Event {
        actor,
        at,
        body,
        values,
    }
}
