//! The institution's own limits (T6).

use crate::{
    office::{
        events::{append, event},
        handle::Office,
    },
    text::error::ApiError,
};
use redress_domain::{
    amount::Amount,
    clock::{SPAN_MAX, Unit},
    decide::target,
    event::EventBody,
    id::PersonId,
    procedure::{Edition, Limit},
    value::Values,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};
use ts_rs::TS;

/// An institution's own limit for one clock; none takes it back.
#[derive(Debug, Deserialize, TS)]
pub struct TargetSet {
    /// Procedure id.
    pub procedure: String,
    /// Clock id.
    pub clock: String,
    /// `{ "working_days": 3 }`, `{ "hours": 1.5 }`: one unit, two decimals at most.
    #[serde(default)]
    #[ts(optional, type = "Record<string, number>")]
    pub limit: Option<BTreeMap<Unit, f64>>,
}

/// A limit that the institution set or could set.
#[derive(Debug, Serialize, TS)]
pub struct TargetView {
    /// Procedure id.
    pub procedure: String,
    /// Its title.
    pub procedure_title: String,
    /// Clock id.
    pub clock: String,
    /// Its title.
    pub title: String,
    /// The procedure's word, or 未设定时限 where it leaves the limit open.
    pub word: String,
    /// The procedure leaves the limit to the institution (P3); else it is an 内部目标.
    pub left_open: bool,
    /// What is set.
    #[ts(type = "Record<string, number> | null")]
    pub limit: Option<Limit>,
}

/// The one limit that is given, more than nothing and no longer than is counted.
fn one_limit(given: &BTreeMap<Unit, f64>) -> Option<Limit> {
    let mut all = given.iter();
    let (Some((unit, number)), None) = (all.next(), all.next()) else {
        return None;
    };
    let amount = Amount::new(*number);
    let amount = amount.filter(|a| !a.is_zero() && *a <= Amount::whole(SPAN_MAX))?;
    Some(Limit::of(*unit, amount))
}

/// Limits that the institution may set: those of a word, and those that a procedure leaves open.
pub(crate) async fn target_list(office: &Office) -> Result<Vec<TargetView>, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let view = |e: &Arc<Edition>| {
        let head = e.procedure.head.clone();
        let rules = e.procedure.clocks.clone();
        let settable = rules
            .into_iter()
            .filter(|c| c.left_open || !c.word.is_empty());
        let of = |c: redress_domain::procedure::ClockRule| TargetView {
            limit: state.targets.get(&target(e, &c)).copied(),
            procedure: head.id.clone(),
            procedure_title: head.title.clone(),
            word: if c.left_open {
                "未设定时限".to_owned()
            } else {
                c.word
            },
            clock: c.id,
            title: c.title,
            left_open: c.left_open,
        };
        settable.map(of).collect::<Vec<_>>()
    };
    Ok(open.current().values().flat_map(view).collect())
}

/// Sets the institution's own limit; running clocks keep theirs (T5).
///
/// # Errors
/// `unknown_procedure`, `unknown_clock`, `limit_unsound`.
pub(crate) async fn target_set(
    office: &Office,
    by: PersonId,
    r: TargetSet,
) -> Result<Vec<TargetView>, ApiError> {
    let open = office.open_office().await?;
    let edition = open.newest(&r.procedure)?;
    let settable = |c: &&redress_domain::procedure::ClockRule| c.left_open || !c.word.is_empty();
    let known = edition.clock(&r.clock).filter(settable);
    let rule = known.ok_or_else(|| ApiError::new("unknown_clock").with("clock", r.clock))?;
    let unsound = || ApiError::new("limit_unsound").with("title", rule.title.as_str());
    let limit = match r.limit {
        None => None,
        Some(given) => Some(one_limit(&given).ok_or_else(unsound)?),
    };
    let body = EventBody::TargetSet {
        procedure: r.procedure,
        clock: rule.id.clone(),
        limit,
    };
    let seq = open.state().await.seq;
    let set = event(by, office.now(), body, Values::new());
    open.keep(vec![append("office", seq, vec![set])?]).await?;
    open.refold().await?;
    target_list(office).await
}
