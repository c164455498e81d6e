//! A machine's clock that had run ahead: until an administrator confirms that it is right again, nothing is written (T8).

use crate::{
    error::ApiError,
    open::{Office, append, event},
};
use chrono::DateTime;
use redress_domain::{clock::Moment, event::EventBody, id::PersonId, value::Values};
use redress_store::{EventFilter, Store};
use serde::Serialize;
use ts_rs::TS;

/// The machine's clock beside the newest record.
#[derive(Debug, Serialize, TS)]
pub struct OfficeClock {
    /// What the clock says.
    pub now: String,
    /// Time of the newest record.
    pub newest: String,
    /// The clock stands so far before it that nothing is written.
    pub back: bool,
}

/// Records that windows side by side may have written in another order than they were decided.
const LATE: i64 = 100;
/// Seconds by which a record may be newer than the clock without anything being wrong.
const TURN: i64 = 20;

impl Office {
    async fn newest(&self) -> Result<Moment, ApiError> {
        let store = &self.desk().await?.store;
        let (pos, _) = store.tail().await?;
        let filter = EventFilter {
            stream: None,
            after: (pos - LATE).max(0),
            limit: 100,
        };
        let all = store.events(&filter).await?;
        let confirmed = all.iter().rposition(|e| e.kind == "clock_confirmed");
        let late = all[confirmed.unwrap_or_default()..].iter();
        let times = late.filter_map(|e| DateTime::parse_from_rfc3339(&e.at).ok());
        times
            .max()
            .ok_or_else(|| ApiError::internal("a log without a time"))
    }

    pub(crate) async fn office_clock(&self) -> Result<OfficeClock, ApiError> {
        let desk = self.desk().await?;
        let (now, newest) = (self.now(), self.newest().await?);
        let far = newest - now > chrono::Duration::seconds(TURN);
        Ok(OfficeClock {
            now: now.to_rfc3339(),
            newest: newest.to_rfc3339(),
            // In a training folder each case has its own time.
            back: far && !desk.house().await.training,
        })
    }

    /// # Errors
    /// `clock_not_back` where there is nothing to confirm.
    pub(crate) async fn confirm_clock(&self, by: PersonId) -> Result<OfficeClock, ApiError> {
        if !self.office_clock().await?.back {
            return Err(ApiError::new("clock_not_back"));
        }
        let desk = self.desk().await?;
        let before = self.newest().await?;
        let body = EventBody::ClockConfirmed { before };
        let one = event(by, self.now(), body, Values::new());
        let seq = desk.house().await.seq;
        desk.keep(vec![append("office", seq, vec![one])?]).await?;
        desk.refold().await?;
        self.office_clock().await
    }
}
