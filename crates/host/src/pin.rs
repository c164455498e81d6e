//! A window trusts one certificate: the one whose code its person compared when it joined.

use redress_desk::content_hash;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use std::sync::{Arc, Mutex, PoisonError};

/// The code that both sides show: twelve letters and digits of the certificate's SHA-256, without those that look
/// alike. 60 bits: nobody finds another certificate of the same code while two people compare.
pub fn code(fingerprint: &str) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let bits = u64::from_str_radix(fingerprint.get(..15).unwrap_or_default(), 16);
    let bits = bits.unwrap_or_default();
    let letter = |n: u32| {
        char::from(LETTERS[usize::try_from(bits >> (55 - 5 * n) & 31).unwrap_or_default()])
    };
    let all: Vec<String> = (0..3)
        .map(|group| (0..4).map(|n| letter(group * 4 + n)).collect())
        .collect();
    all.join("-")
}

/// What a handshake may end in.
#[derive(Debug)]
pub(crate) enum Trust {
    /// The certificate of this fingerprint alone.
    Pinned(String),
    /// Any: only to show its code. Nothing is sent.
    Shown,
}

/// Looks at the certificate of a host and keeps its fingerprint.
#[derive(Debug)]
pub(crate) struct Verifier {
    trust: Trust,
    provider: Arc<CryptoProvider>,
    seen: Mutex<Option<String>>,
}

impl Verifier {
    pub(crate) fn new(trust: Trust) -> Arc<Self> {
        Arc::new(Self {
            trust,
            provider: Arc::new(ring::default_provider()),
            seen: Mutex::default(),
        })
    }

    /// The fingerprint of the last certificate that was shown.
    pub(crate) fn seen(&self) -> Option<String> {
        let seen = self.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A client's configuration with this verifier.
    pub(crate) fn config(self: &Arc<Self>) -> Result<ClientConfig, Error> {
        let config = ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(self.clone())
            .with_no_client_auth();
        Ok(config)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let fingerprint = content_hash(end_entity);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(fingerprint.clone());
        match &self.trust {
            Trust::Pinned(pinned) if *pinned != fingerprint => {
                Err(CertificateError::ApplicationVerificationFailure.into())
            }
            Trust::Pinned(_) | Trust::Shown => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_twelve_letters_of_the_fingerprint() {
        assert_eq!(code(&"0".repeat(64)), "0000-0000-0000");
        assert_eq!(code(&"f".repeat(64)), "ZZZZ-ZZZZ-ZZZZ");
        // 0x084210842108421 is 1, 1, 1 … in groups of five bits.
        assert_eq!(code("084210842108421ffff"), "1111-1111-1111");
        assert_ne!(
            code("084210842108420ffff"),
            "1111-1111-1111",
            "every bit counts"
        );
    }
}
