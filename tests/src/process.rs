//! A host in a process of its own, which can be killed at any moment: this very binary, started again.

use crate::config_at;
use anyhow::{Context, Result};
use redress_desk::{Address, Office};
use redress_host::{Certificate, Plan, Proxies, serve};
use std::{
    ffi::OsString,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

const DATA: &str = "REDRESS_HOST_DATA";
const LISTEN: &str = "REDRESS_HOST_LISTEN";
/// Debian's libfaketime.
const FAKE_TIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
const DATABASE: &str = "REDRESS_HOST_DATABASE";

/// What a host works on, and how this binary is started as one.
#[derive(Debug, Clone)]
pub struct Post {
    /// Its folder; with a database only for the certificate.
    pub data: PathBuf,
    /// A database, as an address with its password.
    pub database: Option<String>,
    /// The clock of the process, as libfaketime takes it: `+2d`, `-1h`.
    pub clock: Option<String>,
    /// Arguments that lead to [`serve_if_told`].
    pub args: Vec<String>,
}

/// A host that runs.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Post {
    /// Starts a host, and waits until it listens.
    ///
    /// # Errors
    /// Where the process does not start, or ends before it listens.
    pub fn start(&self, listen: SocketAddr) -> Result<Process> {
        self.start_under(listen, &[])
    }

    /// The same with more in its environment.
    ///
    /// # Errors
    /// As [`Post::start`].
    pub fn start_under(&self, listen: SocketAddr, more: &[(&str, OsString)]) -> Result<Process> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(&self.args)
            .env(DATA, &self.data)
            .env(LISTEN, listen.to_string())
            .envs(self.database.iter().map(|url| (DATABASE, url)))
            .envs(
                self.clock
                    .iter()
                    .flat_map(|by| [("FAKETIME", by.as_str()), ("LD_PRELOAD", FAKE_TIME)]),
            )
            .envs(more.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .spawn()?;
        let out = BufReader::new(child.stdout.take().context("output")?);
        let said = out.lines().find_map(|line| {
            let line = line.ok()?;
            let (_, address) = line.split_once("listening ")?;
            address.parse().ok()
        });
        Ok(Process {
            address: said.context("the host ended before it listened")?,
            child,
        })
    }
}

impl Process {
    /// Whether it has not ended.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(&mut self) {
        // One that has ended already is as dead.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// In the started process: serves until it is killed. In any other there is nothing to do.
///
/// # Errors
/// What the machine or the data refuses.
pub async fn serve_if_told() -> Result<()> {
    let Some(data) = std::env::var_os(DATA) else {
        return Ok(());
    };
    let data = Path::new(&data);
    let mut config = config_at(data);
    config.database = std::env::var(DATABASE).ok().map(Address::new);
    let office = Arc::new(Office::open(config).await?);
    let plan = Plan {
        office,
        ui: None,
        listen: std::env::var(LISTEN)?.parse()?,
        certificate: Certificate::of(data, &["localhost".to_owned()])?,
        proxies: Proxies::default(),
    };
    let host = serve(plan).await?;
    println!("listening {}", host.address);
    std::future::pending().await
}
