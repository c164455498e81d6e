//! A PostgreSQL database of one's own on this test's server.

use crate::server::Server;
use anyhow::{Result, ensure};
use redress_desk::{Address, prepare};
use std::process::Command;

/// The address of a prepared database that is empty, under the host's own role, on a server.
///
/// # Errors
/// Where PostgreSQL is missing or refuses.
pub async fn database_on(server: &Server) -> Result<String> {
    let name = server.name();
    let role = format!("host_{name}");
    let made = Command::new("psql")
        .args(["-q", "-c", &format!("CREATE DATABASE {name}")])
        .args(["-c", &format!("CREATE ROLE {role} LOGIN")])
        .arg(server.url("postgres", "postgres"))
        .status()?;
    ensure!(made.success(), "psql: {made}");
    prepare(&Address::new(server.url("postgres", &name)), &role).await?;
    Ok(server.url(&role, &name))
}

/// The same on the server that the tests of this process share.
///
/// # Errors
/// Where PostgreSQL is missing or refuses.
pub async fn database() -> Result<Address> {
    Ok(Address::new(database_on(Server::shared()).await?))
}
