//! `cargo xtask together`: fifty windows on one host for a minute, and two hundred power cuts; on SQLite and on
//! PostgreSQL. The host runs in a process of its own on the same machine as the windows.
//!
//! `together [CASES]`: the minute once more in a house that has so many cases already.

use anyhow::{Result, ensure};
use redress_desk::{
    Address,
    demo::{PASSWORD, Practice},
    move_house,
};
use redress_host::Certificate;
use redress_tests::{
    config_at,
    database::database_on,
    full::full,
    killed::kill_again_and_again,
    load::{Times, work},
    process::{Post, serve_if_told},
    server::Server,
};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    process::Command,
    time::{Duration, Instant},
};
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

/// An office on its first day, kept where the post says; what its reception writes down.
async fn office(post: &Post) -> Result<Value> {
    let start = chrono::DateTime::parse_from_rfc3339("2026-09-28T08:00:00+08:00")?;
    let mut config = config_at(&post.data);
    config.database = post.database.clone().map(Address::new);
    let practice = Practice::create(config, PASSWORD, start).await?;
    let mut values = practice.complaint();
    values["late_entry.reason"] = json!("停电，纸上先记");
    practice.office.close().await;
    Ok(json!({
        "procedure": "inspection-station", "channel": "visit", "received_at": "2026-09-28T08:00:00+08:00", "values": values,
    }))
}

/// A minute's work behind a post.
async fn load(name: &str, post: &Post, opens: &Value) -> Result<()> {
    let host = post.start(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let certificate = Certificate::of(&post.data, &[])?;
    let m = work(host.address, &certificate, opens, WINDOWS, LASTS).await?;
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
    Ok(())
}

async fn measure(name: &str, database: Option<String>) -> Result<Value> {
    let folder = TempDir::new()?;
    let post = Post {
        data: folder.path().join("office"),
        database,
        clock: None,
        args: vec![],
    };
    let opens = office(&post).await?;
    load(name, &post, &opens).await?;
    let outcome = kill_again_and_again(&post, &opens, KILLS, 4, 0x5EED).await?;
    println!("{name}: {outcome:?}: every acknowledged act is there, once, and the log is whole");
    Ok(opens)
}

/// The same minute in a house of many cases: in a copy of its folder, and moved to a database.
async fn measure_full(cases: usize, server: &Server, opens: &Value) -> Result<()> {
    let folder = TempDir::new()?;
    let mut post = Post {
        data: folder.path().join("office"),
        database: None,
        clock: None,
        args: vec![],
    };
    let copied = Command::new("cp")
        .arg("-r")
        .arg(full(cases).await?.join("office"))
        .arg(&post.data)
        .status()?;
    ensure!(copied.success(), "cp: {copied}");
    let database = database_on(server).await?;
    let mut there = config_at(&post.data);
    there.database = Some(Address::new(database.clone()));
    let begun = Instant::now();
    let moved = move_house(&config_at(&post.data), &there).await?;
    println!(
        "{cases} cases moved to PostgreSQL: {} events in {:.0} s",
        moved.events,
        begun.elapsed().as_secs_f64()
    );
    load(&format!("SQLite, {cases} cases"), &post, opens).await?;
    post.database = Some(database);
    load(&format!("PostgreSQL, {cases} cases"), &post, opens).await
}

#[tokio::main]
async fn main() -> Result<()> {
    serve_if_told().await?;
    let cases = std::env::args().skip(1).find_map(|a| a.parse().ok());
    measure("SQLite", None).await?;
    // Every commit is on its disk: nothing is faster here than in an institution.
    let server = Server::lasting()?;
    let opens = measure("PostgreSQL", Some(database_on(&server).await?)).await?;
    match cases {
        Some(cases) => measure_full(cases, &server, &opens).await,
        None => Ok(()),
    }
}
