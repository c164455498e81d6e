//! Reports that were owed and made.

use chrono::NaiveDate;
use redress_domain::{
    clock::Moment,
    event::{Event, EventBody},
    id::PersonId,
};

/// A report that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportMade {
    /// Procedure id.
    pub procedure: String,
    /// The duty.
    pub report: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Who made it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
}

/// From its event.
pub(crate) fn made(e: &Event) -> Option<ReportMade> {
    let EventBody::ReportMade {
        procedure,
        report,
        from,
        to,
    } = &e.body
    else {
        return None;
    };
    Some(ReportMade {
        procedure: procedure.clone(),
        report: report.clone(),
        from: *from,
        to: *to,
        by: e.actor,
        at: e.at,
    })
}
