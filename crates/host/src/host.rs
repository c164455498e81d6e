//! What every request of a host shares.

use crate::{
    limits::{Rate, Whose},
    origin::{Origin, Proxies},
    sessions::Sessions,
    work::Work,
    writing::Writing,
};
use axum::http::{Extensions, HeaderMap};
use redress_desk::Office;
use std::sync::Arc;
use tokio::sync::watch;

/// What every request of a host shares.
pub struct Host {
    pub(crate) office: Arc<Office>,
    pub(crate) sessions: Sessions,
    pub(crate) rate: Rate,
    pub(crate) writing: Writing,
    pub(crate) work: Work,
    pub(crate) proxies: Proxies,
    /// Cookies travel over TLS alone.
    pub(crate) secure: bool,
    /// Nothing new is taken: whoever listens is sent away.
    pub(crate) closing: watch::Sender<bool>,
}

impl Host {
    /// A host for an office; `secure` where it is reached over TLS.
    pub fn new(office: Arc<Office>, secure: bool) -> Self {
        Self {
            office,
            sessions: Sessions::default(),
            rate: Rate::new(),
            writing: Writing::default(),
            work: Work::new(),
            proxies: Proxies::default(),
            secure,
            closing: watch::channel(false).0,
        }
    }

    /// Whether somebody who shows no session may ask once more.
    pub(crate) fn admits_stranger(&self, from: &Extensions, headers: &HeaderMap) -> bool {
        let Origin { address, .. } = self.proxies.origin(from, headers);
        self.rate.admits(&Whose::Address(address))
    }

    /// The same behind these proxies.
    #[must_use]
    pub fn behind(mut self, proxies: Proxies) -> Self {
        self.proxies = proxies;
        self
    }

    /// Ends what lasts: windows that listen are sent away, and come back to whoever serves then.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }
}
