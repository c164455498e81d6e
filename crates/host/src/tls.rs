//! The host's certificate: made at the first start and kept beside the data, or the institution's own.

use redress_desk::{content_hash, private};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// A certificate and its key, as PEM.
#[derive(Clone)]
pub struct Certificate {
    /// The certificate, or the chain that begins with it.
    pub certificate: String,
    /// The private key.
    pub key: String,
    /// SHA-256 of the certificate: both sides show its beginning, and a window pins it.
    pub fingerprint: String,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// It cannot be made.
    #[error("the certificate cannot be made: {0}")]
    Make(#[from] rcgen::Error),
    /// The file holds none.
    #[error("{0} holds no certificate")]
    Empty(PathBuf),
}

const FOLDER: &str = "host";

impl Certificate {
    /// The one beside the data; made for these names where there is none yet.
    ///
    /// # Errors
    /// Where a file cannot be read or written, or the certificate cannot be made.
    pub fn of(data: &Path, names: &[String]) -> Result<Self, CertificateError> {
        let folder = data.join(FOLDER);
        let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
        if !certificate.exists() {
            let made = rcgen::generate_simple_self_signed(names)?;
            let file = |path: &Path| {
                let path = path.to_owned();
                move |e| CertificateError::File(path, e)
            };
            private::folder(data).map_err(file(data))?;
            private::folder(&folder).map_err(file(&folder))?;
            // A key without a certificate was left by a start that was cut off.
            if key.exists() {
                std::fs::remove_file(&key).map_err(file(&key))?;
            }
            let pem = made.signing_key.serialize_pem();
            private::write(&key, pem.as_bytes()).map_err(file(&key))?;
            let pem = made.cert.pem();
            private::write(&certificate, pem.as_bytes()).map_err(file(&certificate))?;
        }
        private::mend_and_say(data);
        Self::read(&certificate, &key)
    }

    /// The institution's own.
    ///
    /// # Errors
    /// Where a file cannot be read, or holds no certificate.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, CertificateError> {
        let text = |path: &Path| {
            std::fs::read_to_string(path).map_err(|e| CertificateError::File(path.to_owned(), e))
        };
        let pem = text(certificate)?;
        let der = <rustls::pki_types::CertificateDer<'_> as rustls::pki_types::pem::PemObject>::from_pem_slice(pem.as_bytes())
            .map_err(|_| CertificateError::Empty(certificate.to_owned()))?;
        Ok(Self {
            fingerprint: content_hash(&der),
            certificate: pem,
            key: text(key)?,
        })
    }
}

/// Names and addresses under which other PCs reach this one; `localhost` and `127.0.0.1` among them.
pub fn names(listen: SocketAddr) -> Vec<String> {
    let mut all = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    if listen.ip().is_unspecified() {
        // A machine whose addresses cannot be read is still reached by its name.
        let own = if_addrs::get_if_addrs().unwrap_or_default();
        let v4 = own
            .into_iter()
            .map(|i| i.ip())
            .filter(std::net::IpAddr::is_ipv4);
        all.extend(v4.filter(|ip| !ip.is_loopback()).map(|ip| ip.to_string()));
    } else if !listen.ip().is_loopback() {
        all.push(listen.ip().to_string());
    }
    let own = std::env::var("COMPUTERNAME")
        .or_else(|_| std::fs::read_to_string("/etc/hostname").map(|name| name.trim().to_owned()));
    // A name in Chinese letters is none for a certificate.
    let name = own.ok().filter(|name| !name.is_empty() && name.is_ascii());
    all.extend(name);
    all
}
