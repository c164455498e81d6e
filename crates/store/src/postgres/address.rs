//! The address of a database; whoever reports it leaves the password out.

use crate::StoreError;
use sqlx::postgres::PgConnectOptions;

/// A host that stands still with the turn in its hands loses it, so that the others can go on.
const IDLE: &str = "60s";
/// So long a host waits for its turn.
const WAIT: &str = "15s";

/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
pub fn read(url: &str) -> Result<PgConnectOptions, StoreError> {
    let options: PgConnectOptions = url.parse().map_err(|_| StoreError::DatabaseAddress)?;
    Ok(options.application_name("redress").options([
        ("idle_in_transaction_session_timeout", IDLE),
        ("lock_timeout", WAIT),
    ]))
}
