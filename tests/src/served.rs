//! A practice office behind a host, and windows that have joined it.

use crate::{House, config, house};
use anyhow::{Result, anyhow};
use redress_desk::{ApiError, Config, Lang, Office, demo::PASSWORD, session_id};
use redress_host::{Certificate, Client, Listening, Plan, Proxies, serve};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use serde_json::{Value, json};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// A host over a practice office.
pub struct Served {
    /// The host.
    pub host: Listening,
    /// Its certificate.
    pub certificate: Certificate,
    /// The office behind it.
    pub office: Arc<Office>,
    /// Its folder.
    pub folder: TempDir,
}

/// A practice office as it is on its first day, and a host over it.
///
/// # Errors
/// What the commands refuse, or the machine.
pub async fn served() -> Result<Served> {
    let House { practice, folder } = house().await?;
    practice.office.close().await;
    // The folder is free once nobody holds it.
    drop(practice);
    let config = config(&folder);
    over(folder, config, SocketAddr::from(([127, 0, 0, 1], 0))).await
}

/// A host over an office that is kept as the configuration says.
///
/// # Errors
/// What the machine or the data refuses.
pub async fn over(folder: TempDir, config: Config, listen: SocketAddr) -> Result<Served> {
    behind(folder, config, listen, Proxies::default()).await
}

/// The same behind reverse proxies.
///
/// # Errors
/// What the machine or the data refuses.
pub async fn behind(
    folder: TempDir,
    config: Config,
    listen: SocketAddr,
    proxies: Proxies,
) -> Result<Served> {
    let office = Arc::new(Office::open(config).await?);
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = Certificate::of(folder.path(), &names)?;
    let plan = Plan {
        office: office.clone(),
        ui: None,
        listen,
        certificate: certificate.clone(),
        proxies,
    };
    Ok(Served {
        host: serve(plan).await?,
        certificate,
        office,
        folder,
    })
}

impl Served {
    /// Stops the host and starts it again at the same address.
    ///
    /// # Errors
    /// What the machine refuses.
    pub async fn again(self) -> Result<Self> {
        let address = self.host.address;
        self.host.stop().await?;
        self.office.close().await;
        // The folder is free once nobody holds it.
        drop(self.office);
        let config = config(&self.folder);
        over(self.folder, config, address).await
    }

    /// What the host says to these bytes.
    ///
    /// # Errors
    /// Where the host is away.
    pub async fn says(&self, request: &[u8]) -> Result<String> {
        let mut line = line(self.host.address, &self.certificate).await?;
        // A host that has heard enough closes: what it said stands.
        let _ = line.write_all(request).await;
        Ok(rest(&mut line).await)
    }

    /// A window on another PC.
    ///
    /// # Errors
    /// Where this machine cannot speak TLS.
    pub fn pc(&self) -> Result<Pc> {
        let address = self.host.address.to_string();
        let client = Client::new(&address, &self.certificate.fingerprint)?;
        Ok(Pc { client })
    }

    /// A window in which somebody has signed in.
    ///
    /// # Errors
    /// What the host refuses.
    pub async fn signed_in(&self, login: &str) -> Result<Pc> {
        let pc = self.pc()?;
        pc.sign_in(login).await?;
        Ok(pc)
    }
}

/// A window on another PC.
pub struct Pc {
    /// Its side of the wire.
    pub client: Client,
}

impl Pc {
    /// Signs somebody in.
    ///
    /// # Errors
    /// What the host refuses.
    pub async fn sign_in(&self, login: &str) -> Result<()> {
        let who = json!({ "login": login, "password": PASSWORD });
        self.call("session.sign_in", who).await?;
        Ok(())
    }

    /// Runs a command under a key of its own.
    ///
    /// # Errors
    /// What the host refuses.
    pub async fn call(&self, name: &str, payload: Value) -> Result<Value> {
        self.send(name, &payload, &session_id()).await
    }

    /// Runs a command under a key.
    ///
    /// # Errors
    /// What the host refuses.
    pub async fn send(&self, name: &str, payload: &Value, key: &str) -> Result<Value> {
        let answer = self.client.call(name, payload, key, Lang::En).await;
        answer.map_err(|e| match serde_json::from_value::<ApiError>(e.clone()) {
            Ok(e) => e.into(),
            Err(_) => anyhow!("{e}"),
        })
    }
}

/// The code of what a host refused.
pub fn refused(answer: Result<Value>) -> String {
    match answer {
        Err(e) => match e.downcast_ref::<ApiError>() {
            Some(e) => e.code.clone(),
            None => e.to_string(),
        },
        Ok(v) => panic!("should have been refused, but gave {v}"),
    }
}

/// A bare line to a host that trusts one certificate, for what no window of ours would send.
///
/// # Errors
/// Where the host shows another certificate, or is away.
pub async fn line(to: SocketAddr, trusts: &Certificate) -> Result<TlsStream<TcpStream>> {
    line_from(Ipv4Addr::LOCALHOST, to, trusts).await
}

/// The same from one of this machine's own addresses.
///
/// # Errors
/// As [`line()`], and where the address is not this machine's.
pub async fn line_from(
    from: Ipv4Addr,
    to: SocketAddr,
    trusts: &Certificate,
) -> Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(
        trusts.certificate.as_bytes(),
    )?)?;
    let client = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    let stream = socket.connect(to).await?;
    let name = ServerName::try_from("localhost")?;
    Ok(TlsConnector::from(Arc::new(client))
        .connect(name, stream)
        .await?)
}

/// Everything that still comes.
pub async fn rest(line: &mut TlsStream<TcpStream>) -> String {
    let mut text = Vec::new();
    // A host that closes without a farewell has said what it had to say.
    let _ = line.read_to_end(&mut text).await;
    String::from_utf8_lossy(&text).into_owned()
}
