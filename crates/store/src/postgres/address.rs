//! The address of a database; whoever reports it leaves the password out.

use crate::StoreError;
use sqlx::postgres::PgConnectOptions;
use std::fmt;

/// A host that stands still with the turn in its hands loses it, so that the others can go on.
const IDLE: &str = "60s";
/// So long a host waits for its turn.
const WAIT: &str = "15s";

/// Where a database is: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. It is shown without who signs in and how.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// An address as it was typed; whether it is one is seen when it is used.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The address as the driver takes it.
    pub(super) fn options(&self) -> Result<PgConnectOptions, StoreError> {
        let ours = ["postgres://", "postgresql://"];
        if !ours.iter().any(|scheme| self.0.starts_with(scheme)) {
            return Err(StoreError::DatabaseAddress);
        }
        let options: PgConnectOptions = self.0.parse().map_err(|_| StoreError::DatabaseAddress)?;
        Ok(options.application_name("redress").options([
            ("idle_in_transaction_session_timeout", IDLE),
            ("lock_timeout", WAIT),
            // How many cases a word finds decides how to look for it.
            ("plan_cache_mode", "force_custom_plan"),
        ]))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.options() {
            Ok(o) => {
                // Without one the server takes the role's.
                let database = o.get_database().unwrap_or_default();
                write!(f, "{}:{}/{database}", o.get_host(), o.get_port())
            }
            Err(_) => f.write_str("?"),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
