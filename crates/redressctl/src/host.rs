//! `redressctl serve`: the office host for other PCs' windows and browsers.

use crate::{Args, Stop, open};
use redress_desk::ApiError;
use redress_host::{Certificate, Listening, Pages, Plan, beacon, code, names, serve};
use serde_json::{Value, json};
use std::{net::SocketAddr, path::Path, sync::Arc};
use tracing_appender::rolling::{RollingFileAppender, Rotation};

/// Where a host listens unless told otherwise: every address of this machine.
const LISTEN: &str = "0.0.0.0:8443";

/// Serves until SIGTERM or Ctrl-C, then finishes what was accepted.
pub(crate) async fn run(args: &Args, data: &Path) -> Result<Value, Stop> {
    until(args, data, |_| (), ended()).await
}

/// Serves until the end comes; says when it listens.
pub(crate) async fn until(
    args: &Args,
    data: &Path,
    listens: impl FnOnce(&SocketAddr),
    end: impl Future<Output = std::io::Result<()>>,
) -> Result<Value, Stop> {
    log(args.log.as_deref())?;
    let listen = args.listen.as_deref().unwrap_or(LISTEN);
    let listen: SocketAddr = listen
        .parse()
        .map_err(|_| Stop::Usage(format!("--listen needs ADDRESS:PORT, not {listen}")))?;
    let certificate = match (&args.certificate, &args.key) {
        (Some(certificate), Some(key)) => Certificate::read(certificate, key),
        (None, None) => Certificate::of(data, &names(listen)),
        _ => return Err(Stop::Usage("--certificate and --key go together".into())),
    };
    let certificate = certificate
        .map_err(|e| ApiError::new("certificate_unusable").with("detail", e.to_string()))?;
    let office = open(data, args).await?;
    let fingerprint = certificate.fingerprint.clone();
    let organisation = office.organisation().await;
    let plan = Plan {
        office: Arc::new(office),
        ui: args.ui.clone().map(Pages::Folder),
        listen,
        certificate,
        proxies: args.proxies.iter().copied().collect(),
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

/// Days of which the log is kept.
const DAYS: usize = 30;

/// One JSON object for each request: on standard error, or in a folder, a file a day, as a service has no terminal.
fn log(folder: Option<&Path>) -> std::io::Result<()> {
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true);
    // A second host in this process goes on with the first one's log.
    let _ = match folder {
        None => subscriber.with_writer(std::io::stderr).try_init(),
        Some(folder) => {
            // What the log's files may is the folder's affair, and the service's umask.
            redress_desk::private::new_folder(folder)?;
            let days = RollingFileAppender::builder()
                .rotation(Rotation::DAILY)
                .filename_prefix("redress-host")
                .filename_suffix("log")
                .max_log_files(DAYS)
                .build(folder)
                .map_err(std::io::Error::other)?;
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
