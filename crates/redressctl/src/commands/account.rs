//! Accounts whose owner cannot get in any more.

use crate::{
    office::{Place, secret},
    stop::Stop,
};
use clap::Args;
use serde_json::{Value, json};

/// Turn off a second step whose phone and recovery codes are lost
///
/// Only where no two others can reset it. The log keeps who did it.
#[derive(Args)]
pub(crate) struct SecondFactorOff {
    #[command(flatten)]
    place: Place,
    /// Whose second step; the password is asked
    #[arg(long = "as", value_name = "USER")]
    user: String,
}

impl SecondFactorOff {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        let office = self.place.open().await?;
        let password = secret("REDRESS_PASSWORD")?;
        office.second_factor_lost(&self.user, &password).await?;
        Ok(json!({ "login": self.user, "second_factor": false }))
    }
}
