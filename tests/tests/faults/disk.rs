//! What a disk, a lack of memory or another program does to an office: it is said, and the same process goes on.

#![cfg(target_os = "linux")]

use anyhow::{Context, Result, ensure};
use redress_desk::{Lang, Office, session_id};
use redress_host::{Certificate, Client};
use redress_tests::{
    House, config_at, house,
    injected::{Faults, Kind, Order},
    older::make_older,
    outlasts::outlast,
    process::{Post, serve_if_told},
    served::{Pc, refused, served},
};
use serde_json::{Value, json};
use sqlx::Connection;
use std::{net::SocketAddr, path::Path, time::Duration};
use tempfile::TempDir;

/// The host under the faults: this test, where it is told a folder.
#[tokio::test(flavor = "multi_thread")]
async fn victim() -> Result<()> {
    serve_if_told().await
}

fn post(data: &Path) -> Post {
    Post {
        data: data.to_owned(),
        database: None,
        clock: None,
        args: ["--exact", "disk::victim", "--nocapture"]
            .map(str::to_owned)
            .to_vec(),
    }
}

const ANYWHERE: ([u8; 4], u16) = ([127, 0, 0, 1], 0);

fn window(address: SocketAddr, data: &Path) -> Result<Pc> {
    let certificate = Certificate::of(data, &[])?;
    let client = Client::new(&address.to_string(), &certificate.fingerprint)?;
    Ok(Pc { client })
}

/// An office on its first day; what its reception writes down.
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

/// `cargo xtask faults` does it two thousand times.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_outlasts_what_fails_below_its_database() -> Result<()> {
    let (folder, opens) = office().await?;
    let data = folder.path().join("office");
    let faults = Faults::new(folder.path(), &data)?;
    let outcome = outlast(&post(&data), &faults, &opens, 24, 0xD15C).await?;
    println!("{outcome:?}");
    // The others are seldom asked of a disk.
    for kind in [
        Kind::Full,
        Kind::Write,
        Kind::Sync,
        Kind::Read,
        Kind::Memory,
    ] {
        ensure!(outcome.rounds.contains_key(&kind), "{kind:?} never failed");
    }
    Ok(())
}

/// Memory that runs out in the middle of a list is an error: what is answered is the whole list.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_whole_or_refused_when_memory_runs_out() -> Result<()> {
    let (folder, opens) = office().await?;
    let data = folder.path().join("office");
    let faults = Faults::new(folder.path(), &data)?;
    let host = faults.start(&post(&data), SocketAddr::from(ANYWHERE))?;
    faults.reach_memory()?;
    let pc = window(host.address, &data)?;
    pc.sign_in("zhaomin").await?;
    const CASES: usize = 30;
    for _ in 0..CASES {
        pc.call("case.register", opens.clone()).await?;
    }
    let (mut whole, mut refusals) = (0, 0);
    for from in (1..900).step_by(11) {
        faults.order(&Order {
            kind: Kind::Memory,
            from,
            to: from,
            every: 1,
        })?;
        let answer = pc.call("case.list", json!({ "limit": 50 })).await;
        let failed = faults.stop()?;
        match answer {
            Ok(list) => {
                let rows = list["rows"].as_array().map_or(0, Vec::len);
                ensure!(
                    rows == CASES && list["total"] == CASES && list["unreadable"] == 0,
                    "call {from}: {rows} rows of {CASES}, {} unreadable",
                    list["unreadable"]
                );
                whole += 1;
                if failed == 0 {
                    break;
                }
            }
            Err(e) => {
                let said = refused(Err(e));
                ensure!(
                    // Memory that fails while a lock is taken looks like a lock that another program holds.
                    [
                        "out_of_memory",
                        "disk_failed",
                        "database_locked",
                        "sign_in_first"
                    ]
                    .contains(&said.as_str()),
                    "call {from}: {said}"
                );
                refusals += 1;
                if said == "sign_in_first" {
                    pc.sign_in("zhaomin").await?;
                }
            }
        }
    }
    println!("{whole} whole, {refusals} refused");
    ensure!(refusals > 10, "{refusals}");
    Ok(())
}

/// Whatever is left over of a set-up that failed, the next one begins as the first did.
#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_that_fails_leaves_nothing_half_made() -> Result<()> {
    let folder = TempDir::new()?;
    let data = folder.path().join("office");
    let faults = Faults::new(folder.path(), &data)?;
    let host = faults.start(&post(&data), SocketAddr::from(ANYWHERE))?;
    let pc = window(host.address, &data)?;
    let setup = json!({ "organisation": { "name": "示范中心" }, "admin": { "name": "方圆", "login": "admin", "password": "Qingshan-97-luoye" } });
    let mut failures = 0;
    for from in [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144] {
        for kind in [Kind::Full, Kind::Write, Kind::Sync, Kind::Truncate] {
            faults.order(&Order {
                kind,
                from,
                to: u64::MAX,
                every: 1,
            })?;
            let answer = pc.call("office.setup", setup.clone()).await;
            let failed = faults.stop()?;
            match answer {
                Ok(_) => {
                    ensure!(failed == 0 || failures > 0, "nothing failed");
                    println!("{failures} set-ups failed, then {kind:?} from {from} did not");
                    let report = pc.call("audit.verify", json!({})).await?;
                    ensure!(report["ok"] == true, "{report}");
                    return Ok(());
                }
                Err(e) => {
                    let e = refused(Err(e));
                    ensure!(["disk_full", "disk_failed"].contains(&e.as_str()), "{e}");
                    failures += 1;
                    for file in ["redress.db", "redress.db-wal", "redress.db-shm"] {
                        ensure!(
                            !data.join(file).exists(),
                            "{file} is left by {kind:?} {from}"
                        );
                    }
                }
            }
        }
    }
    anyhow::bail!("no set-up came through")
}

/// A start that fails while it migrates is made again as if it had not been.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_fails_is_done_by_the_next_start() -> Result<()> {
    let (folder, _) = office().await?;
    let data = folder.path().join("office");
    let faults = Faults::new(folder.path(), &data)?;
    let post = post(&data);
    let mut failures = 0;
    for from in [3, 6, 12, 25, 50, 100] {
        make_older(&data).await?;
        faults.order(&Order {
            kind: Kind::Full,
            from,
            to: u64::MAX,
            every: 1,
        })?;
        let started = faults.start(&post, SocketAddr::from(ANYWHERE));
        faults.stop()?;
        failures += usize::from(started.is_err());
        drop(started);
        let half = data.join("redress-before-migration.tmp");
        ensure!(!half.exists(), "half a copy is left");
        let office = Office::open(config_at(&data)).await?;
        let report = office.verify(None, Lang::Zh).await?;
        ensure!(report.ok, "{:?}", report.first_bad);
        office.close().await;
    }
    ensure!(failures > 3, "{failures}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_held_by_another_program_is_said_and_passes() -> Result<()> {
    let s = served().await?;
    let pc = s.signed_in("zhaomin").await?;
    let file = s.folder.path().join("office/redress.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut other = sqlx::SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut other).await?;
    let (draft, key) = (
        json!({ "key": "register", "value": { "typed": 1 } }),
        session_id(),
    );
    assert_eq!(
        refused(pc.send("draft.put", &draft, &key).await),
        "database_locked"
    );
    // The health is asked until a trial has waited long enough.
    let said = loop {
        match pc.client.reach().await {
            Ok(()) => tokio::time::sleep(Duration::from_millis(500)).await,
            Err(e) => break e,
        }
    };
    assert_eq!(said.code, "database_locked");
    pc.call("draft.list", json!({})).await.context("reading")?;
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await?;
    pc.send("draft.put", &draft, &key)
        .await
        .context("free again")?;
    // A trial that waited for the lock may end now only.
    while let Err(e) = pc.client.reach().await {
        ensure!(e.code == "database_locked", "{e}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    s.host.stop().await?;
    Ok(())
}
