//! What a fresh machine needs: Debian packages, npm packages, the built window.

use crate::sh::{has, root, sh};
use anyhow::{Result, bail};
use std::{io::Write, path::Path, process::Command};

/// To build and run the window, with and without a display, to look at papers, and for the tests of a shared database.
const DEBIAN: [&str; 17] = [
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
    "libssl-dev",
    "webkit2gtk-driver",
    "xvfb",
    "dbus",
    "fonts-noto-cjk",
    "fonts-hanazono",
    "fonts-babelstone-han",
    "chromium",
    "chromium-driver",
    "poppler-utils",
    "imagemagick",
    "libfaketime",
    "postgresql",
    "pkg-config",
    "build-essential",
];

/// What the page needs and no more.
pub fn page() -> Result<()> {
    node()?;
    npm()
}

/// Everything; `more` are packages that one task needs besides.
pub fn all(more: &[&str]) -> Result<()> {
    node()?;
    if cfg!(target_os = "linux") {
        debian(more)?;
    } else {
        elsewhere();
    }
    npm()
}

fn node() -> Result<()> {
    if has("node") {
        return Ok(());
    }
    bail!("Node.js 20 or later is missing: install it, then run this again")
}

fn elsewhere() {
    let what = if cfg!(windows) {
        "Windows: needed are Visual Studio Build Tools (C++), the WebView2 runtime (part of Windows 11) and Node.js 20. \
         The browser tests and the window test run on Debian only."
    } else {
        "macOS: needed are the Xcode command line tools and Node.js 20. The browser tests and the window test run on Debian only."
    };
    println!("{what}");
}

fn installed(package: &str) -> bool {
    let out = Command::new("dpkg-query")
        .args(["-W", "-f=${Status}", package])
        .output();
    out.is_ok_and(|o| String::from_utf8_lossy(&o.stdout).contains("ok installed"))
}

fn debian(more: &[&str]) -> Result<()> {
    if !has("dpkg-query") {
        println!(
            "Not a Debian system: please install the counterparts of {}",
            DEBIAN.join(" ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = DEBIAN
        .iter()
        .chain(more)
        .copied()
        .filter(|p| !installed(p))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    let root_user = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|o| o.stdout.starts_with(b"0\n"));
    let asked =
        std::env::var_os("CI").is_some() || root_user || yes(&format!("Install {list}? [y/N] "))?;
    if !asked {
        bail!("these Debian packages are missing: {list}");
    }
    let sudo = if root_user { "" } else { "sudo " };
    sh("", &format!("{sudo}apt-get update -qq"))?;
    sh(
        "",
        &format!(
            "{sudo}env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends {list}"
        ),
    )
}

fn yes(question: &str) -> Result<bool> {
    print!("{question}");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().eq_ignore_ascii_case("y"))
}

fn age(path: &Path) -> Option<std::time::SystemTime> {
    path.metadata().and_then(|m| m.modified()).ok()
}

/// npm's own mark of the last install tells whether the lock file is newer.
fn npm() -> Result<()> {
    let ui = root().join("ui");
    let mark = age(&ui.join("node_modules/.package-lock.json"));
    if mark.is_none() || mark < age(&ui.join("package-lock.json")) {
        sh("ui", "npm ci --no-audit --no-fund")?;
    }
    Ok(())
}
