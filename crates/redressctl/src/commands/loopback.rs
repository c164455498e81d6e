//! A host for the browser tests: the same command list on 127.0.0.1, without TLS.
//!
//! The page runs under the window's own Content-Security-Policy, so that the browser tests hold for both.

use crate::{office::Folder, stop::Stop};
use clap::Args;
use redress_desk::Office;
use redress_host::{Host, Pages, routes};
use serde_json::{Value, json};
use std::{net::SocketAddr, path::PathBuf, sync::Arc};

/// Serve this machine alone, without TLS: for browser tests and development
#[derive(Args)]
pub(crate) struct Loopback {
    #[command(flatten)]
    folder: Folder,
    /// Folder of the built page
    #[arg(long, value_name = "FOLDER")]
    ui: Option<PathBuf>,
}

impl Loopback {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        let office = self.folder.open().await?;
        serve(office, self.ui).await?;
        Ok(json!({ "stopped": true }))
    }
}

/// Serves until the process is ended; says its address on standard output.
async fn serve(office: Office, ui: Option<PathBuf>) -> std::io::Result<()> {
    let app = routes(
        Arc::new(Host::new(Arc::new(office), false)),
        ui.map(Pages::Folder),
    )?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!(
        "{}",
        json!({ "listening": format!("http://{}", listener.local_addr()?) })
    );
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).await
}
