//! A disk that is really full, and a process that is really killed.

#![cfg(target_os = "linux")]

use anyhow::{Context, Result, ensure};
use redress_desk::{
    Config, Office,
    demo::{PASSWORD, Practice},
};
use redress_tests::config;
use serde_json::json;
use std::{path::Path, process::Command};
use tempfile::TempDir;

/// A small tmpfs; it vanishes when dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Result<Self> {
        let dir = TempDir::new()?;
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "redress"])
            .arg(dir.path())
            .status()?;
        ensure!(
            done.success(),
            "a tmpfs needs root: run this test as root, as CI does"
        );
        Ok(Self(dir))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_refuses_and_loses_nothing_acknowledged() -> Result<()> {
    let disk = SmallDisk::mount("6m")?;
    let start = chrono::DateTime::parse_from_rfc3339("2026-09-28T08:00:00+08:00")?;
    let c = Config {
        data: disk.0.path().join("office"),
        database: None,
        ..config(&TempDir::new()?)
    };
    let practice = Practice::create(c.clone(), PASSWORD, start).await?;
    practice.clock("2026-09-30T16:12")?;
    let request = json!({
        "procedure": "inspection-station", "received_at": "2026-09-30T16:10:00+08:00", "channel": "visit",
    });
    let mut acknowledged = 0;
    let refusal = loop {
        let mut r = request.clone();
        r["values"] = practice.complaint();
        r["values"]["complaint.description"] = json!("满".repeat(40_000));
        match practice.call("zhaomin", "case.register", r).await {
            Ok(_) => acknowledged += 1,
            Err(e) => break e,
        }
        ensure!(
            acknowledged < 1_000,
            "six megabytes hold no thousand long complaints"
        );
    };
    assert_eq!(refusal.code, "disk_full");
    let list = practice.call("admin", "case.list", json!({})).await?;
    assert_eq!(
        list["total"], acknowledged,
        "every acknowledged case is there, and no other"
    );
    practice.office.close().await;
    Ok(())
}

fn kill(data: &Path) -> Result<()> {
    // The test's own binary as the victim: it registers until it is killed.
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--exact", "crash::victim", "--nocapture"])
        .env("REDRESS_VICTIM", data)
        .stdout(std::process::Stdio::piped())
        .spawn()?;
    let out = child.stdout.take().context("output")?;
    let mut seen = 0;
    for line in std::io::BufRead::lines(std::io::BufReader::new(out)) {
        if line?.contains("acknowledged") {
            seen += 1;
        }
        if seen == 5 {
            child.kill()?;
            break;
        }
    }
    child.wait()?;
    ensure!(seen == 5, "the victim registered");
    Ok(())
}

/// Registers without end where it is told a folder; without one there is nothing to do.
#[tokio::test]
async fn victim() -> Result<()> {
    let Some(data) = std::env::var_os("REDRESS_VICTIM") else {
        return Ok(());
    };
    let c = Config {
        data: data.into(),
        database: None,
        ..config(&TempDir::new()?)
    };
    let start = chrono::DateTime::parse_from_rfc3339("2026-09-28T08:00:00+08:00")?;
    let practice = Practice::create(c, PASSWORD, start).await?;
    practice.clock("2026-09-30T16:12")?;
    loop {
        let r = json!({
            "procedure": "inspection-station", "received_at": "2026-09-30T16:10:00+08:00", "channel": "visit",
            "values": practice.complaint(),
        });
        let made = practice.call("zhaomin", "case.register", r).await?;
        println!("acknowledged {}", made["number"]);
    }
}

#[tokio::test]
async fn a_killed_process_loses_nothing_acknowledged() -> Result<()> {
    let dir = TempDir::new()?;
    let data = dir.path().join("office");
    kill(&data)?;
    let office = Office::open(Config {
        data,
        database: None,
        ..config(&dir)
    })
    .await?;
    let report = office.verify(None, redress_desk::Lang::Zh).await?;
    assert!(report.ok, "{:?}", report.first_bad);
    assert!(
        office.rebuild().await? >= 5,
        "every acknowledged case is there"
    );
    Ok(())
}
