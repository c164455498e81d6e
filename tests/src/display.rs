//! A virtual display of one's own.

use anyhow::{Context, Result};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// An X server that ends with this value.
#[derive(Debug)]
pub struct Display {
    server: Child,
    /// `:7`, for `DISPLAY`.
    pub name: String,
}

impl Display {
    /// Starts one of 1366 × 768, the common screen, on a free number.
    ///
    /// # Errors
    /// Xvfb is missing or did not start.
    pub fn start() -> Result<Self> {
        // -noreset: without it the server begins anew whenever its last window closes, and cuts off the next.
        let args = "-displayfd 1 -screen 0 1366x768x24 -nolisten tcp -noreset";
        let mut server = Command::new("Xvfb")
            .args(args.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb")?;
        let mut line = String::new();
        BufReader::new(server.stdout.take().context("Xvfb's number")?).read_line(&mut line)?;
        let name = format!(":{}", line.trim());
        Ok(Self { server, name })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
