//! The real window: a clerk signs in, registers a complaint and sees its receipt page.

#![cfg(target_os = "linux")]

use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder, Locator};
use redress_tests::house;
use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Programs of one test, in a process group each; dropping it ends them, newest first.
struct Screen {
    children: Vec<Child>,
    url: String,
    display: String,
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl Screen {
    /// A display, a session bus and a driver of their own.
    fn start(folder: &TempDir, data: &Path) -> Result<Self> {
        let mut x = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1366x768x24",
                "-nolisten",
                "tcp",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("Xvfb")?;
        let mut line = String::new();
        BufReader::new(x.stdout.take().context("Xvfb's number")?).read_line(&mut line)?;
        let display = format!(":{}", line.trim());
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let below = |name: &str| folder.path().join(name);
        for name in ["run", "share", "config", "cache"] {
            std::fs::create_dir_all(below(name))?;
        }
        let driver = Command::new("dbus-run-session")
            .args([
                "--",
                "WebKitWebDriver",
                &format!("--port={port}"),
                "--host=127.0.0.1",
            ])
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("XDG_RUNTIME_DIR", below("run"))
            .env("XDG_DATA_HOME", below("share"))
            .env("XDG_CONFIG_HOME", below("config"))
            .env("XDG_CACHE_HOME", below("cache"))
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env("REDRESS_DATA", data)
            .env("DISPLAY", &display)
            .env("LANG", "C.UTF-8")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("dbus-run-session")?;
        let screen = Self {
            children: vec![x, driver],
            url: format!("http://127.0.0.1:{port}"),
            display,
        };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            anyhow::ensure!(
                start.elapsed() < Duration::from_secs(20),
                "WebKitWebDriver did not start"
            );
            std::thread::yield_now();
        }
        Ok(screen)
    }

    /// A picture of the whole display, kept below `target/pictures`.
    fn picture(&self, name: &str) -> Result<()> {
        let folder = top().join("target/pictures");
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("window-{name}.png"));
        Command::new("import")
            .args(["-display", &self.display, "-window", "root"])
            .arg(path)
            .status()?;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            let group = format!("-{}", child.id());
            let _ = Command::new("kill")
                .args(["--", &group])
                .stderr(Stdio::null())
                .status();
            let _ = child.wait();
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(30);

async fn see(c: &Client, css: &str) -> Result<fantoccini::elements::Element> {
    let found = c
        .wait()
        .at_most(PATIENCE)
        .for_element(Locator::Css(css))
        .await;
    found.with_context(|| css.to_owned())
}

async fn type_in(c: &Client, field: &str, text: &str) -> Result<()> {
    Ok(see(c, &format!("[data-field='{field}']"))
        .await?
        .send_keys(text)
        .await?)
}

async fn choose(c: &Client, field: &str, choice: &str) -> Result<()> {
    let css = format!("[data-field='{field}'] [data-choice='{choice}']");
    Ok(see(c, &css).await?.click().await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_registers_in_the_real_window() -> Result<()> {
    let app = top()
        .join("target/debug/redress")
        .canonicalize()
        .context("build the window first: cargo xtask test")?;
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    h.practice.register(complaint).await?;
    h.practice.office.close().await;
    drop(h.practice);
    let screen = Screen::start(&h.folder, &h.folder.path().join("office"))?;
    let wanted = json!({ "webkitgtk:browserOptions": { "binary": app, "args": [] } });
    let c = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
        .capabilities(wanted.as_object().cloned().unwrap_or_default())
        .connect(&screen.url)
        .await?;
    see(&c, "[data-screen='signin']").await?;
    screen.picture("signin")?;
    type_in(&c, "login", "zhaomin").await?;
    type_in(&c, "password", "Redress-2026").await?;
    see(&c, "[data-action='sign-in']").await?.click().await?;
    see(&c, "[data-screen='desk'] [data-case='TS-2026-0001']").await?;
    screen.picture("desk")?;
    see(&c, "[data-action='register']").await?.click().await?;
    choose(&c, "channel", "visit").await?;
    choose(&c, "complaint.source", "customer").await?;
    type_in(&c, "complainant.name", "陈晓峰").await?;
    choose(&c, "complaint.nature", "service").await?;
    type_in(&c, "complaint.description", "大厅等候两个小时。").await?;
    choose(&c, "complaint.demand", "explain").await?;
    choose(&c, "complaint.about_us", "yes").await?;
    choose(&c, "immediate.measures", "none").await?;
    screen.picture("register")?;
    see(&c, "[data-action='register-and-print']")
        .await?
        .click()
        .await?;
    see(&c, "[data-screen='case'] svg.page").await?;
    see(&c, "[data-document$='-HZ-01']").await?;
    screen.picture("case")?;
    let number = see(&c, "[data-field='case.number']")
        .await?
        .prop("innerText")
        .await?;
    assert!(
        number.is_some_and(|n| n.starts_with("TS-")),
        "the new case has its number"
    );
    c.close().await?;
    Ok(())
}
