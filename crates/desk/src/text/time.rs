//! Moments as doors send them.

use crate::text::error::ApiError;
use redress_domain::{
    calendar::{YEARS, here},
    clock::Moment,
};

/// RFC 3339 with any offset, taken to the institution's zone, or a refusal that shows how it looks: `time_not_understood`, `year_unknown`.
pub(crate) fn parse_time(text: &str) -> Result<Moment, ApiError> {
    let bad = |_| ApiError::new("time_not_understood");
    let moment = here(&chrono::DateTime::parse_from_rfc3339(text).map_err(bad)?);
    if !YEARS.contains(&chrono::Datelike::year(&moment)) {
        return Err(ApiError::new("year_unknown"));
    }
    Ok(moment)
}
