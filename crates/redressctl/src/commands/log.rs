//! The log, and what is derived from it.

use crate::{files::text, office::Place, stop::Stop};
use clap::Args;
use redress_desk::{ApiError, Lang, Office, VerifyResponse};
use serde_json::{Value, json};

/// Check chain, signatures, attachments and all that is derived; Ctrl-C stops it
#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    place: Place,
    /// Compare with an anchor noted elsewhere, or with `@file` as it was exported
    #[arg(long, value_name = "POS:HASH")]
    anchor: Option<String>,
}

impl Verify {
    pub(crate) async fn run(self, lang: Lang) -> Result<Value, Stop> {
        let office = self.place.open().await?;
        let anchor = match self.anchor {
            Some(given) => Some(match given.strip_prefix('@') {
                Some(file) => text(std::path::Path::new(file))?,
                None => given,
            }),
            None => None,
        };
        let report = check(&office, anchor.as_deref(), lang).await?;
        let report = serde_json::to_value(report)?;
        if report["ok"] == json!(true) {
            return Ok(report);
        }
        let bad = &report["first_bad"];
        let mut e = ApiError::new("log_not_whole");
        for key in ["code", "stream", "seq", "about", "message"] {
            e = e.with(key, bad[key].clone());
        }
        Err(e.into())
    }
}

/// Checks the log, says on standard error how far it is, and stops at Ctrl-C.
async fn check(
    office: &Office,
    anchor: Option<&str>,
    lang: Lang,
) -> Result<VerifyResponse, ApiError> {
    let verify = office.verify(anchor, lang);
    tokio::pin!(verify);
    let mut tick = tokio::time::interval(std::time::Duration::from_secs(1));
    // The first tick comes at once, before there is anything to say.
    tick.tick().await;
    loop {
        tokio::select! {
            done = &mut verify => return done,
            _ = tick.tick() => {
                let p = office.verify_progress();
                eprintln!("{} / {}", p.done, p.total);
            }
            _ = tokio::signal::ctrl_c() => {
                office.verify_stop();
            }
        }
    }
}

/// Derive anew from the log what lists and searches read
#[derive(Args)]
pub(crate) struct Rebuild {
    #[command(flatten)]
    place: Place,
}

impl Rebuild {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        let cases = self.place.open().await?.rebuild().await?;
        Ok(json!({ "cases": cases }))
    }
}
