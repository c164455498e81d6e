//! The end of a record (G10): kept for its years, then listed, approved by two people, and erased.
//!
//! Nothing is disposed of by itself. A list is made by one person and approved by two others, each with a
//! signature; only then may it be carried out. The lists are folded from the office's events.

use crate::{
    case::Case,
    event::{Event, EventBody},
    id::{CaseId, DisposalId, PersonId},
    procedure::Edition,
    refusal::Refusal,
    time::clock::Moment,
};
use chrono::{Datelike, NaiveDate};

/// Approvals that a list needs.
pub const APPROVALS: usize = 2;

/// Cases on one list, at most.
pub const CASES_MAX: usize = 500;

/// What an approval's signature means.
pub const MEANING: &str = "同意销毁";

/// Key of the reason in the values of a listing or a refusal.
pub const REASON: &str = "disposal.reason";

/// The first day on which an ended and archived case may be disposed of; none while it is open or not archived.
///
/// Counted from the day on which it ended; 29 February counts as 1 March where the year has none.
pub fn keep_until(edition: &Edition, case: &Case) -> Option<NaiveDate> {
    let ended = case.ended_at.filter(|_| case.archived && !case.disposed)?;
    years_after(ended.date_naive(), edition.procedure.head.retention_years)
}

fn years_after(day: NaiveDate, years: u32) -> Option<NaiveDate> {
    let year = day.year().checked_add(i32::try_from(years).ok()?)?;
    day.with_year(year)
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
}

/// One approval of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// The event's place in the office's stream, where its signature stands.
    pub seq: i64,
}

/// A list of cases to dispose of.
#[derive(Debug, Clone, PartialEq)]
pub struct Disposal {
    /// Its id.
    pub id: DisposalId,
    /// Its cases.
    pub cases: Vec<CaseId>,
    /// Who made it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approvals: Vec<Approval>,
    /// Who refused it, when and why.
    pub refused: Option<(PersonId, Moment, String)>,
    /// When it was carried out, and the backups that still held the cases.
    pub done: Option<(Moment, Vec<String>)>,
}

/// Folds one event of the office, at its place in the stream, into the lists.
pub fn fold(lists: &mut Vec<Disposal>, event: &Event, seq: i64) {
    let reason = || {
        let said = event.values.get(REASON).and_then(|v| v.as_str());
        said.unwrap_or_default().to_owned()
    };
    if let EventBody::DisposalListed { disposal, cases } = &event.body {
        lists.push(Disposal {
            id: *disposal,
            cases: cases.clone(),
            by: event.actor,
            at: event.at,
            reason: reason(),
            approvals: vec![],
            refused: None,
            done: None,
        });
        return;
    }
    let (EventBody::DisposalApproved { disposal, .. }
    | EventBody::DisposalRefused { disposal }
    | EventBody::DisposalDone { disposal, .. }) = &event.body
    else {
        return;
    };
    let Some(list) = lists.iter_mut().find(|l| l.id == *disposal) else {
        return;
    };
    match &event.body {
        EventBody::DisposalApproved { .. } => list.approvals.push(Approval {
            by: event.actor,
            at: event.at,
            seq,
        }),
        EventBody::DisposalRefused { .. } => list.refused = Some((event.actor, event.at, reason())),
        EventBody::DisposalDone { backups, .. } => list.done = Some((event.at, backups.clone())),
        _ => {}
    }
}

impl Disposal {
    /// Whether it still waits for somebody.
    pub fn open(&self) -> bool {
        self.refused.is_none() && self.done.is_none()
    }

    /// Holds an approval against the rule of the second and third person.
    ///
    /// # Errors
    /// `disposal_over`, `disposal_own`, `disposal_twice`.
    pub fn may_approve(&self, person: PersonId) -> Result<(), Refusal> {
        if !self.open() {
            return Err(Refusal::new("disposal_over"));
        }
        if self.by == person {
            return Err(Refusal::new("disposal_own"));
        }
        if self.approvals.iter().any(|a| a.by == person) {
            return Err(Refusal::new("disposal_twice"));
        }
        Ok(())
    }

    /// Whether it may be carried out.
    ///
    /// # Errors
    /// `disposal_over`, `disposal_unapproved` with how many approvals are missing.
    pub fn may_carry_out(&self) -> Result<(), Refusal> {
        if !self.open() {
            return Err(Refusal::new("disposal_over"));
        }
        match APPROVALS.saturating_sub(self.approvals.len()) {
            0 => Ok(()),
            missing => Err(Refusal::new("disposal_unapproved").with("missing", missing)),
        }
    }
}

/// Whether a case may stand on a list on a day.
///
/// # Errors
/// `disposal_too_early` with the case's number and the day from which it may.
pub fn due(edition: &Edition, case: &Case, today: NaiveDate) -> Result<(), Refusal> {
    let until = match keep_until(edition, case) {
        None => "—".to_owned(),
        Some(until) if today < until => until.to_string(),
        Some(_) => return Ok(()),
    };
    Err(Refusal::new("disposal_too_early")
        .with("case", case.number.as_str())
        .with("until", until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_end_on_the_same_day_and_never_before() {
        for (day, years, end) in [
            ("2026-05-15", 6, "2032-05-15"),
            ("2028-02-29", 6, "2034-03-01"),
            ("2028-02-29", 8, "2036-02-29"),
        ] {
            let day: NaiveDate = day.parse().expect("a day");
            assert_eq!(
                years_after(day, years).map(|d| d.to_string()).as_deref(),
                Some(end)
            );
        }
    }
}
