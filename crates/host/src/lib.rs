//! The office host: the same command list for other PCs' windows and for browsers.
//!
//! Permissions, 回避 and covering are the desk's own; the host adds what a network needs: TLS, sessions that expire and
//! belong to a device, limits of size and rate, and a log without anything that somebody typed.

mod call;
mod limits;
mod serve;
mod sessions;
mod tls;

pub use call::{Host, routes};
pub use serve::{Listening, Plan, serve};
pub use tls::{Certificate, CertificateError};
