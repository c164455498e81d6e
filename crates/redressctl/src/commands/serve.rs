//! The office host for other PCs' windows and browsers.

use crate::{files::of, office::Folder, stop::Stop};
use clap::Args;
use redress_desk::ApiError;
use redress_host::{Certificate, Listening, Pages, Plan, beacon, code, names, network, serve};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use tracing_appender::rolling::{RollingFileAppender, Rotation};

/// Serve an office to other PCs over TLS
///
/// It stops at SIGTERM or Ctrl-C, after finishing what it accepted.
#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    folder: Folder,
    /// Where to listen; every address of this machine where nothing else is said
    #[arg(long, value_name = "ADDR:PORT", default_value = "0.0.0.0:8443")]
    listen: SocketAddr,
    /// Folder of the built page, for browsers
    #[arg(long, value_name = "FOLDER")]
    ui: Option<PathBuf>,
    /// Certificate of the institution (PEM); else one is made and kept beside the data
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// Its private key (PEM)
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// Write the log of requests into this folder, a file a day, instead of standard error
    #[arg(long, value_name = "FOLDER")]
    log: Option<PathBuf>,
    /// Run as the Windows service that started this
    #[arg(long)]
    pub(crate) service: bool,
    /// Reverse proxy, or network of them, whose word counts about where a request comes from; may be repeated
    #[arg(long = "trusted-proxy", value_name = "ADDR|NETWORK", value_parser = network)]
    proxies: Vec<ipnet::IpNet>,
}

impl Serve {
    /// Serves until SIGTERM or Ctrl-C, then finishes what was accepted.
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        self.until(|_| (), ended()).await
    }

    fn certificate(&self) -> Result<Certificate, Stop> {
        let certificate = match (&self.certificate, &self.key) {
            (Some(certificate), Some(key)) => Certificate::read(certificate, key),
            _ => Certificate::of(&self.folder.data, &names(self.listen)),
        };
        certificate.map_err(|e| {
            ApiError::new("certificate_unusable")
                .with("detail", e.to_string())
                .into()
        })
    }

    /// Serves until the end comes; says when it listens.
    pub(crate) async fn until(
        self,
        listens: impl FnOnce(&SocketAddr),
        end: impl Future<Output = std::io::Result<()>>,
    ) -> Result<Value, Stop> {
        log(self.log.as_deref())?;
        let certificate = self.certificate()?;
        let office = self.folder.open().await?;
        let fingerprint = certificate.fingerprint.clone();
        let organisation = office.organisation().await;
        let plan = Plan {
            office: Arc::new(office),
            ui: self.ui.map(Pages::Folder),
            listen: self.listen,
            certificate,
            proxies: self.proxies.into_iter().collect(),
        };
        let host = serve(plan)
            .await
            .map_err(|e| ApiError::new("cannot_listen").with("detail", e.to_string()))?;
        let Listening { address, .. } = host;
        println!(
            "{}",
            json!({ "listening": format!("https://{address}"), "code": code(&fingerprint), "fingerprint": fingerprint })
        );
        // Where the network takes none, windows join by address.
        let _beacon = beacon(&organisation, address, &fingerprint).ok().flatten();
        listens(&address);
        end.await?;
        host.stop().await?;
        Ok(json!({ "stopped": true }))
    }
}

/// Days of which the log is kept.
const DAYS: usize = 30;

/// One JSON object for each request: on standard error, or in a folder, a file a day, as a service has no terminal.
fn log(folder: Option<&Path>) -> Result<(), Stop> {
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true);
    // A second host in this process goes on with the first one's log.
    let _ = match folder {
        None => subscriber.with_writer(std::io::stderr).try_init(),
        Some(folder) => {
            // What the log's files may is the folder's affair, and the service's umask.
            redress_desk::private::new_folder(folder).map_err(of(folder))?;
            let days = RollingFileAppender::builder()
                .rotation(Rotation::DAILY)
                .filename_prefix("redress-host")
                .filename_suffix("log")
                .max_log_files(DAYS)
                .build(folder)
                .map_err(|e| of(folder)(std::io::Error::other(e)))?;
            subscriber
                .with_writer(std::sync::Mutex::new(days))
                .try_init()
        }
    };
    Ok(())
}

#[cfg(unix)]
async fn ended() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut term = signal(SignalKind::terminate())?;
    tokio::select! {
        done = tokio::signal::ctrl_c() => done,
        _ = term.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn ended() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

#[cfg(test)]
mod tests {
    use super::super::Command;
    use crate::words::read;

    #[test]
    fn every_proxy_counts_and_of_other_options_the_last() {
        let line = "serve d --listen 127.0.0.1:1 --trusted-proxy 10.0.0.1 --trusted-proxy 10.1.0.0/16 --listen [::1]:2";
        match read(line.split(' ').map(Into::into)) {
            Ok(Command::Serve(serve)) => {
                assert_eq!(serve.proxies.len(), 2);
                assert_eq!(serve.listen.to_string(), "[::1]:2");
            }
            _ => panic!("not understood"),
        }
    }
}
