//! Everything that a network, a power cut or a stranger does to a host.

#![cfg(target_os = "linux")]

use anyhow::{Result, ensure};
use redress_desk::{
    Address, ApiError, Lang, Office,
    demo::{PASSWORD, Practice},
    session_id,
};
use redress_host::{Certificate, Client};
use redress_tests::{
    House, config_at,
    database::database_on,
    house,
    killed::kill_again_and_again,
    malformed::{malformed, sound},
    process::{Post, serve_if_told},
    served::{Pc, line, over, refused, served},
    server::Server,
};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;

fn victim_args() -> Vec<String> {
    ["--exact", "machine::victim", "--nocapture"]
        .map(str::to_owned)
        .to_vec()
}

/// The killed process: this test, where it is told a folder.
#[tokio::test(flavor = "multi_thread")]
async fn victim() -> Result<()> {
    serve_if_told().await
}

fn opens(values: Value) -> Value {
    let mut values = values;
    values["late_entry.reason"] = json!("停电，纸上先记");
    json!({
        "procedure": "inspection-station", "channel": "visit", "received_at": "2026-09-28T08:00:00+08:00", "values": values,
    })
}

/// `cargo xtask together` does it two hundred times, and on PostgreSQL.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_killed_at_any_moment_loses_and_doubles_nothing() -> Result<()> {
    let House { practice, folder } = house().await?;
    let opens = opens(practice.complaint());
    practice.office.close().await;
    drop(practice);
    let post = Post {
        data: folder.path().join("office"),
        database: None,
        clock: None,
        args: ["--exact", "machine::victim", "--nocapture"]
            .map(str::to_owned)
            .to_vec(),
    };
    let outcome = kill_again_and_again(&post, &opens, 12, 4, 0x5EED).await?;
    assert!(outcome.acknowledged > 12, "{outcome:?}");
    println!("{outcome:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_malformed_requests_and_cut_lines_do_no_harm() -> Result<()> {
    let s = served().await?;
    println!("{:?}", malformed(&s, 1_000, 0xBAD).await?);
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_hold_nobody_up() -> Result<()> {
    let s = served().await?;
    let good = sound(&s, Ipv4Addr::LOCALHOST).await?;
    let mut slow = Vec::new();
    for n in 0..50 {
        let mut line = line(s.host.address, &s.certificate).await?;
        line.write_all(&good[..good.len() * n / 50]).await?;
        // Kept open, and nothing more is sent.
        slow.push(line);
    }
    ensure!(s.says(&good).await?.starts_with("HTTP/1.1 200"));
    drop(slow);
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_stopped_is_said_and_nothing_is_done_twice() -> Result<()> {
    let mut server = Server::lasting()?;
    let folder = TempDir::new()?;
    let mut config = config_at(&folder.path().join("office"));
    config.database = Some(Address::new(database_on(&server).await?));
    let start = chrono::DateTime::parse_from_rfc3339("2026-09-28T08:00:00+08:00")?;
    let practice = Practice::create(config.clone(), PASSWORD, start).await?;
    let opens = opens(practice.complaint());
    practice.office.close().await;
    drop(practice);
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let s = over(folder, config, anywhere).await?;
    let pc = s.signed_in("zhaomin").await?;
    let (before, during) = (session_id(), session_id());
    let made = pc.send("case.register", &opens, &before).await?;
    server.stop()?;
    for key in [&before, &during] {
        assert_eq!(
            refused(pc.send("case.register", &opens, key).await),
            "database_away"
        );
    }
    ensure!(
        pc.client.reach().await.is_err(),
        "the host says that it cannot work"
    );
    server.start()?;
    while pc.client.reach().await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(pc.send("case.register", &opens, &before).await?, made);
    pc.send("case.register", &opens, &during).await?;
    pc.send("case.register", &opens, &during).await?;
    assert_eq!(pc.call("case.list", json!({})).await?["total"], 2);
    s.host.stop().await?;
    s.office.close().await;
    Ok(())
}

/// Whatever a command is sent, it is refused by a code with a sentence, and never by a failure of the program.
#[tokio::test(flavor = "multi_thread")]
async fn no_command_fails_on_what_is_not_for_it() -> Result<()> {
    let s = served().await?;
    let pc = s.signed_in("admin").await?;
    let odd = [
        json!(null),
        json!([]),
        json!("text"),
        json!(-1),
        json!({ "case": 5 }),
        json!({ "case": "no such", "form": "no such", "document": "x", "id": "x", "key": "", "year": -1 }),
        json!({ "values": { "a": { "b": [1, { "c": null }] } }, "seq": 9_007_199_254_740_993_i64 }),
    ];
    for command in redress_desk::commands::list() {
        // These end the session, or change what the rest needs.
        if command.name.starts_with("session.") {
            continue;
        }
        for payload in &odd {
            if let Err(e) = pc.call(command.name, payload.clone()).await {
                let e = e.downcast::<ApiError>()?;
                ensure!(e.code != "internal", "{} {payload}: {e}", command.name);
                ensure!(!e.message(Lang::Zh).is_empty());
            }
        }
    }
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_writes_nothing_until_it_is_confirmed() -> Result<()> {
    let folder = TempDir::new()?;
    let data = folder.path().join("office");
    let at = |clock: Option<&str>| Post {
        data: data.clone(),
        database: None,
        clock: clock.map(str::to_owned),
        args: victim_args(),
    };
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut host = at(None).start(anywhere)?;
    let certificate = Certificate::of(&data, &[])?;
    let window = |address: SocketAddr| -> Result<Pc> {
        let client = Client::new(&address.to_string(), &certificate.fingerprint)?;
        Ok(Pc { client })
    };
    // An office in earnest: a training folder lets time go as it likes.
    let setup = json!({ "organisation": { "name": "示范中心" }, "admin": { "name": "方圆", "login": "admin", "password": "tofu%river7lamp" } });
    window(host.address)?.call("office.setup", setup).await?;
    let enters = json!({ "login": "admin", "password": "tofu%river7lamp" });
    let change = |minutes: u32| json!({ "idle_minutes": minutes });
    let mut minutes = 10;
    let mut steps = async |clock: Option<&str>, expected: &str, confirm: bool| -> Result<()> {
        host.kill();
        host = at(clock).start(anywhere)?;
        let pc = window(host.address)?;
        pc.call("session.sign_in", enters.clone()).await?;
        minutes += 1;
        let said = match pc.call("office.set", change(minutes)).await {
            Ok(_) => String::new(),
            refusal => refused(refusal),
        };
        ensure!(said == expected, "{clock:?}: {said:?}");
        let stands = pc.call("office.clock", json!({})).await?;
        ensure!(
            stands["back"] == (expected == "clock_set_back"),
            "{clock:?}: {stands}"
        );
        if confirm {
            pc.call("office.confirm_clock", json!({})).await?;
            pc.call("office.set", change(minutes)).await?;
        } else if expected.is_empty() {
            assert_eq!(
                refused(pc.call("office.confirm_clock", json!({})).await),
                "clock_not_back"
            );
        }
        Ok(())
    };
    steps(None, "", false).await?;
    steps(Some("-1h"), "clock_set_back", false).await?;
    steps(None, "", false).await?;
    steps(Some("+2d"), "", false).await?;
    steps(None, "clock_set_back", true).await?;
    steps(None, "", false).await?;
    drop(host);
    let office = Office::open(config_at(&data)).await?;
    let report = office.verify(None, Lang::Zh).await?;
    ensure!(report.ok, "{:?}", report.first_bad);
    Ok(())
}
