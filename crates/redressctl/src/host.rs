//! `redressctl serve`: the office host for other PCs' windows and browsers.

use crate::{Args, Stop, open};
use redress_desk::ApiError;
use redress_host::{Certificate, Listening, Plan, serve};
use serde_json::{Value, json};
use std::{net::SocketAddr, path::Path};

/// Where a host listens unless told otherwise: every address of this machine.
const LISTEN: &str = "0.0.0.0:8443";

/// Serves until SIGTERM or Ctrl-C, then finishes what was accepted.
pub(crate) async fn run(args: &Args, data: &Path) -> Result<Value, Stop> {
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
    log();
    let plan = Plan {
        office,
        ui: args.ui.clone(),
        listen,
        certificate,
    };
    let host = serve(plan)
        .await
        .map_err(|e| ApiError::new("cannot_listen").with("detail", e.to_string()))?;
    let Listening { address, .. } = host;
    println!(
        "{}",
        json!({ "listening": format!("https://{address}"), "fingerprint": fingerprint })
    );
    ended().await?;
    host.stop().await?;
    Ok(json!({ "stopped": true }))
}

/// Names under which other PCs reach this one.
fn names(listen: SocketAddr) -> Vec<String> {
    let mut all = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    if !listen.ip().is_unspecified() && !listen.ip().is_loopback() {
        all.push(listen.ip().to_string());
    }
    let own = std::env::var("COMPUTERNAME")
        .or_else(|_| std::fs::read_to_string("/etc/hostname").map(|name| name.trim().to_owned()));
    all.extend(own.ok().filter(|name| !name.is_empty()));
    all
}

/// One JSON object for each request, on standard error.
fn log() {
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true);
    let _ = subscriber.with_writer(std::io::stderr).try_init();
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
