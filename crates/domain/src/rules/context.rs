//! What a decision may look at besides the case: edition, calendar, clock, targets.

use crate::{
    procedure::{ClockRule, Edition},
    refusal::Refusal,
    time::{
        Limit,
        calendar::{Calendar, here},
        clock::Moment,
    },
};
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// Acts wait for their turn, and hosts' clocks differ by a little: whatever is so much earlier than the newest record
/// was not written by a clock that was set back (T8).
pub const ABREAST: TimeDelta = TimeDelta::seconds(20);

/// What a decision may look at besides the case.
#[derive(Debug, Clone, Copy)]
pub struct Ctx<'a> {
    /// The edition that the case was opened under.
    pub edition: &'a Edition,
    /// Working days and hours.
    pub calendar: &'a Calendar,
    /// Now.
    pub now: Moment,
    /// A training folder.
    pub training: bool,
    /// The institution's own limits (T6), by [`target`].
    pub targets: &'a Targets,
    /// A clock that had run ahead and was confirmed to be right again (T8).
    pub confirmed: Option<ClockConfirmed>,
}

/// A clock that was confirmed to be right although it stands before what was recorded (T8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockConfirmed {
    /// When it was confirmed, by the right clock.
    pub at: Moment,
    /// The newest record of the wrong one.
    pub before: Moment,
}

impl Ctx<'_> {
    /// The time of what is recorded after a record of `newest`: this clock's, or that of the record where the clock
    /// is behind it by no more than [`ABREAST`], so that no case runs backwards.
    pub(crate) fn event_time(&self, newest: Moment) -> Moment {
        // A folder for practice has one clock, which is set by hand.
        if !self.training && self.now < newest && newest - self.now <= ABREAST {
            newest
        } else {
            self.now
        }
    }

    /// Refuses while the clock stands before the newest record of a case, and nobody has confirmed that it is right.
    pub(crate) fn clock_right(&self, newest: Moment) -> Result<(), Refusal> {
        let excused = self.confirmed.is_some_and(|c| c.excuses(newest, self.now));
        if self.event_time(newest) < newest && !excused {
            return Err(Refusal::new("clock_set_back").with("newest", here(&newest).to_rfc3339()));
        }
        Ok(())
    }
}

impl ClockConfirmed {
    /// Whether a record of the wrong clock may be followed by one of now.
    fn excuses(self, recorded: Moment, now: Moment) -> bool {
        self.at <= now && recorded <= self.before
    }
}

/// The institution's own limits by `procedure/clock`: 内部目标, and those that a procedure leaves open.
pub type Targets = BTreeMap<String, Limit>;

/// The key of an institution's own limit for a clock.
pub fn target(edition: &Edition, rule: &ClockRule) -> String {
    format!("{}/{}", edition.procedure.head.id, rule.id)
}
