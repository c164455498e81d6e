//! A display, a session bus and a driver of their own for one real window.

use crate::hand::LOOK;
use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder};
use redress_tests::display::Display;
use serde_json::json;
use std::{
    ffi::OsString,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A display, and a driver in a process group of its own; dropping it ends both.
pub struct Screen {
    driver: Child,
    _display: Display,
    pub url: String,
    /// What a program needs to start beside the window.
    pub env: Vec<(&'static str, OsString)>,
}

/// The moment at which the window stands still: after every date in the story.
pub const NOW: &str = "2026-12-30T09:40:00+08:00";

pub fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl Screen {
    /// A display, a session bus and a driver of their own.
    pub fn start(folder: &TempDir, data: &Path, at: Option<&str>) -> Result<Self> {
        let display = Display::start()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let below = |name: &str| folder.path().join(name);
        for name in ["run", "share", "config", "cache"] {
            std::fs::create_dir_all(below(name))?;
        }
        let mut env: Vec<(&str, OsString)> = vec![
            ("TAURI_AUTOMATION", "true".into()),
            ("TAURI_WEBVIEW_AUTOMATION", "true".into()),
            ("XDG_RUNTIME_DIR", below("run").into()),
            ("XDG_DATA_HOME", below("share").into()),
            ("XDG_CONFIG_HOME", below("config").into()),
            ("XDG_CACHE_HOME", below("cache").into()),
            ("WEBKIT_DISABLE_COMPOSITING_MODE", "1".into()),
            ("REDRESS_DATA", data.into()),
            ("DISPLAY", display.name.as_str().into()),
            ("LANG", "C.UTF-8".into()),
        ];
        env.extend(at.map(|at| ("REDRESS_AT", at.into())));
        let start = format!(
            "echo $DBUS_SESSION_BUS_ADDRESS; exec WebKitWebDriver --port={port} --host=127.0.0.1"
        );
        let mut driver = Command::new("dbus-run-session")
            .args(["--", "sh", "-c", &start])
            .envs(env.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("dbus-run-session")?;
        let mut bus = String::new();
        BufReader::new(driver.stdout.take().context("the bus")?).read_line(&mut bus)?;
        env.push(("DBUS_SESSION_BUS_ADDRESS", bus.trim().into()));
        let screen = Self {
            driver,
            _display: display,
            url: format!("http://127.0.0.1:{port}"),
            env,
        };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            anyhow::ensure!(
                start.elapsed() < Duration::from_secs(20),
                "WebKitWebDriver did not start"
            );
            std::thread::sleep(LOOK);
        }
        Ok(screen)
    }

    /// A picture of the whole display, kept below `target/pictures`.
    pub fn picture(&self, name: &str) -> Result<()> {
        let folder = top().join("target/pictures");
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("window-{name}.png"));
        Command::new("import")
            .args(["-window", "root"])
            .arg(path)
            .envs(self.env.iter().cloned())
            .status()?;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill")
            .args(["--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = self.driver.wait();
    }
}

pub async fn window(screen: &Screen, app: &Path) -> Result<Client> {
    let wanted = json!({ "webkitgtk:browserOptions": { "binary": app, "args": [] } });
    let c = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
        .capabilities(wanted.as_object().cloned().unwrap_or_default())
        .connect(&screen.url)
        .await?;
    Ok(c)
}

pub fn built() -> Result<PathBuf> {
    top()
        .join("target/debug/redress")
        .canonicalize()
        .context("build the window first: cargo xtask test")
}
