//! `cargo xtask faults [KILLS] [FAULTS] [PAGES] [MALFORMED] [SEED]`: what a machine, a disk and a stranger do to an office, for
//! hours. The same seed throws the same dice.

use anyhow::Result;
use redress_desk::{
    Address,
    demo::{PASSWORD, Practice},
};
use redress_tests::{
    config_at,
    database::database_on,
    injected::Faults,
    killed::kill_again_and_again,
    malformed::malformed,
    outlasts::outlast,
    pages::damaged,
    process::{Post, serve_if_told},
    served::served,
    server::Server,
};
use serde_json::{Value, json};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// Kills, faults, damaged pages, malformed requests where not said.
const COUNTS: [usize; 4] = [10_000, 2_000, 2_000, 100_000];
/// Windows of a host that is killed under load.
const MANY: usize = 8;

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

fn post(folder: &TempDir, database: Option<String>) -> Post {
    Post {
        data: folder.path().join("office"),
        database,
        clock: None,
        args: vec![],
    }
}

async fn kills(name: &str, database: Option<String>, times: usize, seed: u64) -> Result<()> {
    let folder = TempDir::new()?;
    let post = post(&folder, database);
    let opens = office(&post).await?;
    for (how, windows, times) in [
        ("single", 1, times / 2),
        ("under load", MANY, times - times / 2),
    ] {
        if times == 0 {
            continue;
        }
        let begun = Instant::now();
        let outcome = kill_again_and_again(&post, &opens, times, windows, seed).await?;
        println!(
            "{name}, {how}: {} kills, {} registrations acknowledged, {} of them sent more than once; each is there once, and the log is whole; {:.0} s",
            outcome.kills,
            outcome.acknowledged,
            outcome.again,
            begun.elapsed().as_secs_f64()
        );
    }
    Ok(())
}

async fn faults(times: usize, seed: u64) -> Result<()> {
    let folder = TempDir::new()?;
    let post = post(&folder, None);
    let opens = office(&post).await?;
    let begun = Instant::now();
    let faults = Faults::new(folder.path(), &post.data)?;
    let outcome = outlast(&post, &faults, &opens, times, seed).await?;
    println!(
        "{} faults below SQLite ({} calls failed; {:?}): refused {:?}; {} cases acknowledged and there, the log is whole, one process; {:.0} s",
        outcome.faults(),
        outcome.calls,
        outcome.rounds,
        outcome.refused,
        outcome.acknowledged,
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

async fn pages(times: usize, seed: u64) -> Result<()> {
    let begun = Instant::now();
    let o = damaged(times, seed).await?;
    println!(
        "{} damaged pages: {} offices opened ({} read-only, {} where nobody could sign in; the others: {:?}); {} cases read whole and as written, {} refused ({:?}), {} wrong, {} panics; {} salvaged with {} cases, each verified (the others: {:?}); {:.0} s",
        o.pages,
        o.opened,
        o.read_only,
        o.nobody,
        o.refused,
        o.whole,
        o.lost.values().sum::<usize>(),
        o.lost,
        o.wrong,
        o.panics,
        o.salvaged,
        o.brought_out,
        o.unsalvaged,
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

async fn requests(times: usize, seed: u64) -> Result<()> {
    let s = served().await?;
    let begun = Instant::now();
    let statuses = malformed(&s, times, seed).await?;
    println!(
        "{times} malformed requests, answered by status (0: line cut): {statuses:?}; the host works on; {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    s.host.stop().await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    serve_if_told().await?;
    let said: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse().ok())
        .collect();
    let count = |n: usize| -> Result<usize> {
        Ok(said
            .get(n)
            .map_or(Ok(COUNTS[n]), |said| usize::try_from(*said))?)
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let seed = said
        .get(COUNTS.len())
        .copied()
        .unwrap_or(now.as_secs())
        .max(1);
    println!("seed {seed}");
    if count(1)? > 0 {
        faults(count(1)?, seed).await?;
    }
    if count(2)? > 0 {
        pages(count(2)?, seed).await?;
    }
    if count(3)? > 0 {
        requests(count(3)?, seed).await?;
    }
    let half = count(0)? / 2;
    kills("SQLite", None, half, seed).await?;
    if half > 0 {
        // Every commit is on its disk: nothing is faster here than in an institution.
        let server = Server::lasting()?;
        let database = database_on(&server).await?;
        kills("PostgreSQL", Some(database), count(0)? - half, seed).await?;
    }
    Ok(())
}
