//! A machine's clock that had run ahead: until an administrator confirms that it is right again, nothing is written (T8).

use crate::{
    office::{
        events::{append, event},
        handle::Office,
    },
    text::error::ApiError,
};
use chrono::DateTime;
use redress_domain::{event::EventBody, id::PersonId, value::Values};
use redress_store::Store;
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

pub(crate) async fn office_clock(office: &Office) -> Result<OfficeClock, ApiError> {
    let open = office.open_office().await?;
    let (earliest_us, newest) = open.store.clock_limit().await?;
    let now = office.now();
    Ok(OfficeClock {
        now: now.to_rfc3339(),
        newest,
        // In a training folder each case has its own time.
        back: now.timestamp_micros() < earliest_us && !open.state().await.training,
    })
}

/// # Errors
/// `clock_not_back` where there is nothing to confirm.
pub(crate) async fn confirm_clock(office: &Office, by: PersonId) -> Result<OfficeClock, ApiError> {
    let stands = office_clock(office).await?;
    if !stands.back {
        return Err(ApiError::new("clock_not_back"));
    }
    let open = office.open_office().await?;
    let before = DateTime::parse_from_rfc3339(&stands.newest).map_err(ApiError::internal)?;
    let body = EventBody::ClockConfirmed { before };
    let one = event(by, office.now(), body, Values::new());
    let seq = open.state().await.seq;
    open.keep(vec![append("office", seq, vec![one])?]).await?;
    open.refold().await?;
    office_clock(office).await
}
