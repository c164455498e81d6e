//! A limit as a procedure or the institution writes it.

use crate::{
    amount::Amount,
    time::clock::{Span, Unit},
};
use serde::{Deserialize, Serialize};

/// `{ working_days = 3 }`, `{ working_days = 0.5 }`: exactly one unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Elapsed hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Amount>,
    /// Hours within opening periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_hours: Option<Amount>,
    /// Working days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<Amount>,
    /// Calendar days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_days: Option<Amount>,
}

impl Limit {
    /// So many of one unit.
    pub fn of(unit: Unit, amount: Amount) -> Self {
        let mut limit = Self::default();
        let place = match unit {
            Unit::Hours => &mut limit.hours,
            Unit::WorkingHours => &mut limit.working_hours,
            Unit::WorkingDays => &mut limit.working_days,
            Unit::CalendarDays => &mut limit.calendar_days,
        };
        *place = Some(amount);
        limit
    }

    /// The one unit that is given.
    pub fn span(&self) -> Option<Span> {
        let all = [
            (Unit::Hours, self.hours),
            (Unit::WorkingHours, self.working_hours),
            (Unit::WorkingDays, self.working_days),
            (Unit::CalendarDays, self.calendar_days),
        ];
        let mut given = all
            .into_iter()
            .filter_map(|(unit, n)| n.map(|amount| Span { unit, amount }));
        let one = given.next();
        if given.next().is_some() { None } else { one }
    }
}
