//! The office host: the same command list for other PCs' windows and for browsers.
//!
//! Permissions, 回避 and covering are the desk's own; the host adds what a network needs: TLS, sessions that expire and
//! belong to a device, limits of size and rate, and a log without anything that somebody typed.

mod act;
mod call;
mod change_feed;
mod client;
pub(crate) mod envelope;
mod file;
mod found;
mod health;
mod host;
mod limits;
mod origin;
mod pin;
mod routes;
mod serve;
mod sessions;
mod tls;
pub(crate) mod wire;
mod work;
pub(crate) mod writing;

pub use client::{Client, Notices, Shown, show};
pub use envelope::{packed, unpacked};
pub use found::{Beacon, Found, beacon, look};
pub use host::Host;
pub use origin::{Proxies, network};
pub use pin::code;
pub use routes::{Pages, routes};
pub use serve::{Listening, Plan, serve};
pub use tls::{Certificate, CertificateError, names};
