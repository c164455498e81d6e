//! Authorised deputies (授权代理): who acts for whom, on which days.

use crate::{
    office::{
        events::{append, event},
        handle::Office,
    },
    people::accounts::PersonRef,
    text::{error::ApiError, limits},
};
use chrono::NaiveDate;
use redress_domain::{
    calendar,
    event::{Account, EventBody},
    id::PersonId,
    value::Values,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who acts for whom, from which day to which, both included.
#[derive(Debug, Deserialize, TS)]
pub struct DelegateRequest {
    /// For whom.
    pub principal: String,
    /// Who acts.
    pub deputy: String,
    /// First day, `2026-05-11`.
    pub from: String,
    /// Last day, `2026-05-15`; one in the past ends the delegation.
    pub until: String,
}

/// A delegation.
#[derive(Debug, Serialize, TS)]
pub struct DelegateView {
    /// For whom.
    pub principal: String,
    /// Who acts.
    pub deputy: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Somebody else than the principal asked for it: it does nothing until a second person has confirmed it.
    pub waits: bool,
}

/// Characters of a day, `2026-05-11`.
const DAY: usize = 10;

/// Every delegation that was set.
pub(crate) async fn delegates(office: &Office) -> Result<Vec<DelegateView>, ApiError> {
    let state = office.open_office().await?.state().await;
    let one =
        |(principal, deputy): &(PersonId, PersonId), from: NaiveDate, until, waits| DelegateView {
            principal: principal.to_string(),
            deputy: deputy.to_string(),
            from: from.to_string(),
            until: NaiveDate::to_string(until),
            waits,
        };
    let set = state.deputies.iter();
    let set = set.map(|(pair, (from, until))| one(pair, *from, until, false));
    let asked = state.asked.iter();
    let asked = asked.map(|(pair, a)| one(pair, a.from, &a.until, true));
    Ok(set.chain(asked).collect())
}

/// Sets a deputy: the principal oneself at once; what an administrator sets waits for a second person, unless it
/// ends or shortens what there was.
pub(crate) async fn delegate_set(
    office: &Office,
    me: PersonId,
    r: DelegateRequest,
) -> Result<PersonRef, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let known = |text: &str| {
        let p = state.person(text)?;
        if p.closed || p.account == Account::Named {
            return Err(ApiError::new("unknown_person").with("person", text));
        }
        Ok(p)
    };
    let (principal, deputy) = (known(&r.principal)?, known(&r.deputy)?);
    let administrator = state
        .people
        .get(&me)
        .is_some_and(|p| p.account == Account::Administrator);
    if me != principal.id && !administrator {
        return Err(ApiError::new("delegate_not_yours"));
    }
    let day = |text: &str| {
        limits::text("代理日期", text, DAY)?;
        calendar::day(text).ok_or_else(|| ApiError::new("time_not_understood"))
    };
    let (from, until) = (day(&r.from)?, day(&r.until)?);
    if principal.id == deputy.id || until < from {
        return Err(ApiError::new("delegate_unsound"));
    }
    // The signature of a principal whose password was reset is not yet the principal's own.
    let own = me == principal.id && principal.stands();
    let less = state
        .deputies
        .get(&(principal.id, deputy.id))
        .is_some_and(|(a, b)| *a <= from && until <= *b);
    let over = until < office.now().date_naive();
    let body = EventBody::DelegateSet {
        waits: !own && !less && !over,
        principal: principal.id,
        deputy: deputy.id,
        from,
        until,
    };
    let set = event(me, office.now(), body, Values::new());
    let stream = format!("person:{}", principal.id);
    open.keep(vec![append(&stream, principal.seq, vec![set])?])
        .await?;
    open.refold().await?;
    Ok(PersonRef {
        id: principal.id.to_string(),
    })
}
