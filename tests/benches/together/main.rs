//! `cargo xtask together`: fifty windows on one host for a minute, and two hundred power cuts; on SQLite and on
//! PostgreSQL. The host runs in a process of its own on the same machine as the windows.

use anyhow::Result;
use redress_host::Certificate;
use redress_tests::{
    House, house,
    killed::kill_again_and_again,
    load::{Times, work},
    process::{Post, serve_if_told},
};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tempfile::TempDir;

const WINDOWS: u64 = 50;
const LASTS: Duration = Duration::from_secs(60);
const KILLS: usize = 200;

fn show(what: &str, mut times: Times, aim: &str) {
    times.sort();
    let at = |percent: usize| {
        let i = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(i).map_or(0.0, |d| d.as_secs_f64() * 1000.0)
    };
    println!(
        "{what:<28} {:>6} times   p50 {:>7.2}   p95 {:>7.2} ms   {aim}",
        times.len(),
        at(50),
        at(95)
    );
}

/// An office on its first day, kept where the post says, and what its reception writes down.
async fn office() -> Result<(TempDir, Value)> {
    let House { practice, folder } = house().await?;
    let mut values = practice.complaint();
    values["late_entry.reason"] = json!("停电，纸上先记");
    let opens = json!({
        "procedure": "inspection-station", "channel": "visit", "received_at": "2026-09-28T08:00:00+08:00", "values": values,
    });
    practice.office.close().await;
    Ok((folder, opens))
}

async fn measure(name: &str) -> Result<()> {
    let (folder, opens) = office().await?;
    let post = Post {
        data: folder.path().join("office"),
        database: None,
        args: vec![],
    };
    let host = post.start(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let certificate = Certificate::of(&post.data, &[])?;
    let m = work(host.address, &certificate, &opens, WINDOWS, LASTS).await?;
    println!(
        "{name}: {WINDOWS} windows, {} s, {} registered, {} notices",
        LASTS.as_secs(),
        m.numbers.len(),
        m.told
    );
    show("a page", m.page, "aim p95 <= 100 ms");
    show("a search", m.search, "");
    show("a registration", m.register, "aim p95 <= 150 ms");
    show("the bare answer beside it", m.bare, "");
    drop(host);
    let outcome = kill_again_and_again(&post, &opens, KILLS, 4).await?;
    println!("{name}: {outcome:?}: every acknowledged act is there, once, and the log is whole");
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    serve_if_told().await?;
    measure("SQLite").await
}
