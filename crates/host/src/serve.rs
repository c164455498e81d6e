//! Listening, and stopping without dropping what was accepted.

use crate::{
    host::Host,
    origin::Proxies,
    routes::{Pages, routes},
    tls::Certificate,
};
use axum_server::{Handle, tls_rustls::RustlsConfig};
use redress_desk::Office;
use std::{
    io::Error,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

/// What shall be served, and where.
pub struct Plan {
    /// The office.
    pub office: Arc<Office>,
    /// The built page; none: commands alone.
    pub ui: Option<Pages>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// With which certificate.
    pub certificate: Certificate,
    /// Whose word counts about where a request comes from.
    pub proxies: Proxies,
}

/// A host that listens.
pub struct Listening {
    /// Its address, with the port that it got.
    pub address: SocketAddr,
    handle: Handle<SocketAddr>,
    host: Arc<Host>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

/// A line on which nobody says anything, or nobody is any more, is hung up after so long.
const SILENT: Duration = Duration::from_secs(20);
/// So long what was accepted may take after the stop.
const LAST: Duration = Duration::from_secs(30);

/// Listens and answers until it is stopped.
///
/// # Errors
/// Where the address is taken or not this machine's, or the certificate is not usable.
pub async fn serve(plan: Plan) -> std::io::Result<Listening> {
    // A second host in the same process finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Certificate {
        certificate, key, ..
    } = plan.certificate;
    let tls = RustlsConfig::from_pem(certificate.into_bytes(), key.into_bytes()).await?;
    let listener = TcpListener::bind(plan.listen)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let host = Arc::new(Host::new(plan.office, true).behind(plan.proxies));
    let app = routes(host.clone(), plan.ui)?.into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    let mut server = axum_server::from_tcp_rustls(listener, tls)?
        .handle(handle.clone())
        .first_request_timeout(SILENT);
    server.http_builder().http1().header_read_timeout(SILENT);
    server
        .http_builder()
        .http2()
        .keep_alive_interval(SILENT)
        .keep_alive_timeout(SILENT);
    let served = tokio::spawn(server.serve(app));
    Ok(Listening {
        address,
        handle,
        host,
        served,
    })
}

impl Listening {
    /// Takes nothing new from now on.
    pub fn begin_stop(&self) {
        self.host.close();
        self.handle.graceful_shutdown(Some(LAST));
    }

    /// Takes nothing new, finishes what was accepted, and ends.
    ///
    /// # Errors
    /// Where serving had failed.
    pub async fn stop(self) -> std::io::Result<()> {
        self.begin_stop();
        self.served.await.map_err(Error::other)?
    }
}
