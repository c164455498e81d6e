//! A window's side of the wire: commands to a host whose certificate is pinned.

use crate::{
    envelope::{ANSWER, BYTES, REQUEST, decoded, encoded},
    pin::{Trust, Verifier},
    wire::{KEY, SPEAKS},
};
use bytes::Bytes;
use redress_desk::{ApiError, Lang, Told, commands::VERSION};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// To find a host or be told that there is none.
const CONNECT: Duration = Duration::from_secs(5);
/// A line on which nothing comes for so long is cut; the host breathes every 10 s while somebody listens.
const SILENT: Duration = Duration::from_secs(60);

/// A host as one window knows it.
pub struct Client {
    http: reqwest::Client,
    verifier: Arc<Verifier>,
    pinned: String,
    base: String,
}

/// A host before anybody trusts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// SHA-256 of its certificate.
    pub fingerprint: String,
}

/// Notices of a host, one after another.
pub struct Notices {
    response: Response,
    /// What came after the last whole line: a chunk may end within a character.
    rest: Vec<u8>,
}

/// `ADDRESS`, `ADDRESS:PORT` or `https://…` as a base without a path.
fn base(address: &str) -> String {
    let bare = address.trim().trim_start_matches("https://");
    let bare = bare.split('/').next().unwrap_or_default();
    let port = bare
        .rsplit_once(':')
        .is_some_and(|(_, p)| p.parse::<u16>().is_ok());
    let default = if port { "" } else { ":8443" };
    format!("https://{bare}{default}")
}

fn http(verifier: &Arc<Verifier>) -> Result<reqwest::Client, ApiError> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(verifier.config().map_err(ApiError::internal)?)
        // The house's own network, whatever the PC's browser is told.
        .no_proxy()
        .cookie_store(true)
        .connect_timeout(CONNECT)
        .tcp_keepalive(CONNECT)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(ApiError::internal)
}

/// Looks who answers at an address, so that its code can be compared. Nothing but the question is sent.
///
/// # Errors
/// `host_away`, `host_is_none` where something else answers.
pub async fn show(address: &str) -> Result<Shown, ApiError> {
    let verifier = Verifier::new(Trust::Shown);
    let answer = http(&verifier)?
        .get(format!("{}/health", base(address)))
        .send();
    let answer = answer.await.map_err(|_| ApiError::new("host_away"))?;
    let none = || ApiError::new("host_is_none");
    let health: Value = read(answer).await.ok_or_else(none)?;
    health["version"].as_str().ok_or_else(none)?;
    let fingerprint = verifier.seen().ok_or_else(none)?;
    Ok(Shown { fingerprint })
}

async fn read(answer: Response) -> Option<Value> {
    let bytes = answer.bytes().await.ok()?;
    serde_json::from_slice(&bytes).ok()
}

impl Client {
    /// A host at an address, by the certificate of this fingerprint.
    ///
    /// # Errors
    /// `internal` where this machine cannot speak TLS.
    pub fn new(address: &str, fingerprint: &str) -> Result<Self, ApiError> {
        let verifier = Verifier::new(Trust::Pinned(fingerprint.to_owned()));
        Ok(Self {
            http: http(&verifier)?,
            verifier,
            pinned: fingerprint.to_owned(),
            base: base(address),
        })
    }

    /// Why there was no answer: the host is away, or is not the one that was joined.
    fn unanswered(&self) -> ApiError {
        let other = self.verifier.seen().filter(|seen| *seen != self.pinned);
        match other {
            Some(seen) => {
                ApiError::new("host_certificate_changed").with("code", crate::code(&seen))
            }
            None => ApiError::new("host_away"),
        }
    }

    /// Runs a command at the host; the error is what a door shows.
    ///
    /// # Errors
    /// What the host refuses, and `host_away`, `host_certificate_changed`.
    pub async fn call(
        &self,
        name: &str,
        payload: &Value,
        key: &str,
        lang: Lang,
    ) -> Result<Value, Value> {
        let request = self
            .request("call", name, key, lang)
            .header("content-type", "application/json")
            .body(payload.to_string());
        let unanswered = || self.unanswered().to_door(lang);
        let answer = request.send().await.map_err(|_| unanswered())?;
        let good = answer.status() == StatusCode::OK;
        let value = read(answer).await.ok_or_else(unanswered)?;
        if good { Ok(value) } else { Err(value) }
    }

    fn request(&self, way: &str, name: &str, key: &str, lang: Lang) -> reqwest::RequestBuilder {
        let request = self
            .http
            .post(format!("{}/{way}/{name}", self.base))
            .header("accept-language", lang.tag())
            .header(SPEAKS, VERSION);
        match key {
            "" => request,
            key => request.header(KEY, key),
        }
    }

    /// Runs a command at the host, with the file that it takes and the one that it gives beside the JSON.
    ///
    /// # Errors
    /// As for [`Client::call`].
    pub async fn call_with_file(
        &self,
        name: &str,
        payload: &Value,
        file: Option<Bytes>,
        key: &str,
        lang: Lang,
    ) -> Result<(Value, Option<Bytes>), Value> {
        let request = self.request("file", name, key, lang);
        let request = match file {
            Some(file) => request
                .header("content-type", BYTES)
                .header(REQUEST, encoded(payload.to_string().as_bytes()))
                .body(file),
            None => request
                .header("content-type", "application/json")
                .body(payload.to_string()),
        };
        let unanswered = || self.unanswered().to_door(lang);
        let answer = request.send().await.map_err(|_| unanswered())?;
        let good = answer.status() == StatusCode::OK;
        if good && answer.headers().contains_key(ANSWER) {
            let value = decoded(answer.headers(), ANSWER).map_err(|_| unanswered())?;
            let file = answer.bytes().await.map_err(|_| unanswered())?;
            return Ok((value, Some(file)));
        }
        let value = read(answer).await.ok_or_else(unanswered)?;
        if good { Ok((value, None)) } else { Err(value) }
    }

    /// Asks whether the host answers and can write.
    ///
    /// # Errors
    /// `host_away`, `host_certificate_changed`, and what the host says that keeps it from working.
    pub async fn reach(&self) -> Result<(), ApiError> {
        let health = self.http.get(format!("{}/health", self.base));
        match health.timeout(CONNECT).send().await {
            Ok(answer) if answer.status() == StatusCode::OK => Ok(()),
            Ok(answer) => {
                let why = read(answer).await;
                let why = why.and_then(|why| serde_json::from_value(why).ok());
                Err(why.unwrap_or_else(|| ApiError::new("host_away")))
            }
            Err(_) => Err(self.unanswered()),
        }
    }

    /// Listens to the host's notices; whoever is not signed in hears nothing.
    ///
    /// # Errors
    /// `host_away`, `host_certificate_changed`, `sign_in_first`.
    pub async fn listen(&self) -> Result<Notices, ApiError> {
        let told = self.http.get(format!("{}/told", self.base)).send();
        let response = told.await.map_err(|_| self.unanswered())?;
        if response.status() != StatusCode::OK {
            return Err(ApiError::new("sign_in_first"));
        }
        Ok(Notices {
            response,
            rest: Vec::new(),
        })
    }
}

impl Notices {
    /// The next notice; none when the line is cut or the session over.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            while let Some(end) = self.rest.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                let told = line.strip_prefix(b"data:").map(serde_json::from_slice);
                // What a newer host says besides is not for us.
                if let Some(Ok(told)) = told {
                    return Some(told);
                }
            }
            let more = tokio::time::timeout(SILENT, self.response.chunk());
            let more = more.await.ok()?.ok()??;
            self.rest.extend_from_slice(&more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("192.168.1.5", "https://192.168.1.5:8443")]
    #[case(" office-pc:9000 ", "https://office-pc:9000")]
    #[case(
        "https://complaints.example.cn/redress",
        "https://complaints.example.cn:8443"
    )]
    #[case("[fe80::1]", "https://[fe80::1]:8443")]
    #[case("[fe80::1]:9000", "https://[fe80::1]:9000")]
    fn an_address_is_taken_as_people_write_it(#[case] address: &str, #[case] expected: &str) {
        assert_eq!(base(address), expected);
    }
}
