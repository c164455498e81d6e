//! The same stories on PostgreSQL, told at two hosts in turn; then the house moves to a folder and back.
#![cfg(target_os = "linux")]

use anyhow::{Context, Result, ensure};
use redress_desk::{
    Address, Config, Lang, Office, Session,
    demo::{PASSWORD, Practice, Story},
    move_house,
};
use redress_tests::{config, database::database, house};
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::Path, sync::Arc};
use tempfile::TempDir;
use tokio::task::JoinSet;
use totp_rs::{Builder, Secret};

fn on(database: &Address, folder: &TempDir) -> Config {
    Config {
        database: Some(database.clone()),
        ..config(folder)
    }
}

fn story(name: &str) -> Result<Story> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("stories")
        .join(name);
    Ok(Story::read(&std::fs::read_to_string(file)?)?)
}

async fn anchor(office: &Office) -> Result<String> {
    let report = office.verify(None, Lang::Zh).await?;
    ensure!(report.ok, "the log is whole");
    Ok(format!("{}:{}", report.anchor_pos, report.anchor_hash))
}

/// Each case ends filed, the log is whole, and what lists read follows from it.
#[tokio::test(flavor = "multi_thread")]
async fn every_story_goes_as_told_on_postgresql() -> Result<()> {
    let mut told = 0;
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("stories"))? {
        let name = file?.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".toml") {
            continue;
        }
        let story = story(&name)?;
        let folder = TempDir::new()?;
        let config = on(&database().await?, &folder);
        let mut p = Practice::bare(config.clone(), PASSWORD, story.begins()?).await?;
        let cases = p.tell(&story).await.with_context(|| name.clone())?;
        for (label, case) in cases {
            let view = p.call("admin", "case.get", json!({ "case": case })).await?;
            ensure!(view["status"] != "open", "{name}: {label} stays open");
        }
        anchor(&p.office).await.with_context(|| name.clone())?;
        ensure!(!config.data.exists(), "nothing is kept in the folder");
        told += 1;
    }
    ensure!(told > 0, "there are stories");
    Ok(())
}

/// There and back: the same anchor, the same lists, the same finds.
#[tokio::test(flavor = "multi_thread")]
async fn a_house_moves_to_postgresql_and_back() -> Result<()> {
    let story = story("inspection-institute.toml")?;
    let (here, there, back) = (TempDir::new()?, TempDir::new()?, TempDir::new()?);
    let mut p = Practice::bare(config(&here), PASSWORD, story.begins()?).await?;
    p.tell(&story).await?;
    let (was, list) = (anchor(&p.office).await?, list(&p).await?);
    p.office.close().await;
    drop(p);

    let database = on(&database().await?, &there);
    let moved = move_house(&config(&here), &database).await?;
    ensure!(moved.anchor == was, "{} is not {was}", moved.anchor);
    let p = Practice::open_bare(database.clone(), PASSWORD).await?;
    ensure!(list == self::list(&p).await?, "the same list");
    let now = anchor(&p.office).await?;
    ensure!(now != was, "signing in was written there");
    p.office.close().await;
    drop(p);

    move_house(&database, &config(&back)).await?;
    let p = Practice::open_bare(config(&back), PASSWORD).await?;
    ensure!(list == self::list(&p).await?, "the same list");
    p.office.verify(Some(&now), Lang::Zh).await?;
    let full = move_house(&config(&here), &database).await;
    ensure!(
        full.is_err_and(|e| e.code == "database_not_empty"),
        "a house is never written over another"
    );
    Ok(())
}

/// All cases, and those that a search finds.
async fn list(p: &Practice) -> Result<Vec<Value>> {
    let mut lists = Vec::new();
    for query in [
        json!({}),
        json!({ "text": "水" }),
        json!({ "text": "2026" }),
    ] {
        lists.push(p.call("admin", "case.list", query).await?["rows"].clone());
    }
    Ok(lists)
}

/// What one host changes in people and offices another knows with its next command; so too the first set-up.
#[tokio::test(flavor = "multi_thread")]
async fn two_hosts_are_one_house() -> Result<()> {
    let (a, b) = (TempDir::new()?, TempDir::new()?);
    let database = database().await?;
    let second = Office::open(on(&database, &b)).await?;
    let begins = story("inspection-institute.toml")?.begins()?;
    let first = Practice::bare(on(&database, &a), PASSWORD, begins).await?;
    second
        .set_clock(begins)
        .await
        .err()
        .context("not yet set up there")?;

    let person = json!({ "name": "赵敏", "login": "zhaomin", "password": PASSWORD, "account": "member", "roles": [] });
    first.call("admin", "person.add", person).await?;
    let session = Session::new();
    let sign_in = json!({ "login": "zhaomin", "password": PASSWORD });
    second
        .call(&session, "session.sign_in", sign_in, Lang::Zh)
        .await?;
    second
        .call(&session, "worklist.get", json!({}), Lang::Zh)
        .await?;

    let setup = json!({
        "organisation": { "name": "示范中心", "address": "", "phone": "" },
        "admin": { "name": "管理员", "login": "admin", "password": PASSWORD },
        "training": true,
    });
    let again = second
        .call(&Session::new(), "office.setup", setup, Lang::Zh)
        .await;
    ensure!(again.is_err_and(|e| e.code == "already_set_up"), "once");
    Ok(())
}

/// A code that one host has taken is worth nothing at the other, and the house moves with its second factors.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_taken_once_by_all_hosts_together() -> Result<()> {
    let (a, b, back) = (TempDir::new()?, TempDir::new()?, TempDir::new()?);
    let database = database().await?;
    let begins = story("inspection-institute.toml")?.begins()?;
    let first = Practice::bare(on(&database, &a), PASSWORD, begins).await?;
    let second = Office::open(on(&database, &b)).await?;
    second.set_clock(begins).await?;
    let rule = json!({ "second_factor": "optional" });
    first.call("admin", "office.set", rule).await?;
    let offer = json!({ "password": PASSWORD });
    let offer = first
        .call("admin", "session.second_factor_begin", offer)
        .await?;
    let secret = offer["secret"].as_str().context("a secret")?;
    let secret = Secret::try_from_base32(secret.replace(' ', ""))
        .ok()
        .context("a secret")?;
    let telephone = Builder::new()
        .with_secret(secret)
        .with_account_name("admin")
        .build()?;
    let now = u64::try_from(begins.timestamp())?;
    let proof = json!({ "password": PASSWORD, "code": telephone.generate(now).to_string() });
    first
        .call("admin", "session.second_factor_confirm", proof)
        .await?;
    let code = telephone.generate(now + 30).to_string();
    let sign_in = json!({ "login": "admin", "password": PASSWORD, "code": code });
    let (here, there) = (Session::from("10.0.0.7"), Session::from("10.0.0.8"));
    let (one, other) = tokio::join!(
        first
            .office
            .call(&here, "session.sign_in", sign_in.clone(), Lang::Zh),
        second.call(&there, "session.sign_in", sign_in, Lang::Zh),
    );
    ensure!(one.is_ok() != other.is_ok(), "one of them");
    let refused = one.err().or(other.err()).context("the other")?;
    ensure!(refused.code == "second_factor_used", "{refused}");
    anchor(&first.office).await?;
    second.close().await;
    first.office.close().await;
    drop((first, second));
    move_house(&on(&database, &a), &config(&back)).await?;
    let moved = Office::open(config(&back)).await?;
    anchor(&moved).await?;
    let without = json!({ "login": "admin", "password": PASSWORD });
    let asked = moved
        .call(&Session::new(), "session.sign_in", without, Lang::Zh)
        .await;
    ensure!(asked.is_err_and(|e| e.code == "second_factor_needed"));
    Ok(())
}

/// A password of an office in earnest: what the handbook prints is refused there.
const EARNEST: &str = "tofu%river7lamp";

/// Clerks at two hosts register at the same moment: everyone gets a number, and no number is left out.
#[tokio::test(flavor = "multi_thread")]
async fn clerks_at_two_hosts_register_at_once() -> Result<()> {
    let complaint = house().await?.practice.complaint();
    let (a, b) = (TempDir::new()?, TempDir::new()?);
    let database = database().await?;
    let first = Arc::new(Office::open(on(&database, &a)).await?);
    let admin = Session::new();
    let setup = json!({
        "organisation": { "name": "示范中心", "address": "", "phone": "" },
        "admin": { "name": "管理员", "login": "admin", "password": EARNEST },
        "training": false,
    });
    first.call(&admin, "office.setup", setup, Lang::Zh).await?;
    let second = Arc::new(Office::open(on(&database, &b)).await?);
    let mut signed_in = Vec::new();
    for n in 0..6 {
        let roles = json!([{ "procedure": "inspection-station", "role": "office" }]);
        let login = format!("clerk{n}");
        let person = json!({ "name": "赵敏", "login": login, "password": EARNEST, "account": "member", "roles": roles });
        first.call(&admin, "person.add", person, Lang::Zh).await?;
        let host = if n % 2 == 0 {
            first.clone()
        } else {
            second.clone()
        };
        let session = Session::new();
        let sign_in = json!({ "login": login, "password": EARNEST });
        host.call(&session, "session.sign_in", sign_in, Lang::Zh)
            .await?;
        let change = json!({ "old": EARNEST, "new": format!("{EARNEST}-{n}") });
        host.call(&session, "session.change_password", change, Lang::Zh)
            .await?;
        signed_in.push((host, session));
    }
    let mut clerks = JoinSet::new();
    for (host, session) in signed_in {
        let values = complaint.clone();
        clerks.spawn(async move {
            let mut numbers = Vec::new();
            for _ in 0..5 {
                let received = host.now().to_rfc3339();
                let opens = json!({ "procedure": "inspection-station", "channel": "visit", "received_at": received, "values": values });
                let made = host.call(&session, "case.register", opens, Lang::Zh).await?;
                numbers.push(made["number"].as_str().unwrap_or_default().to_owned());
            }
            anyhow::Ok(numbers)
        });
    }
    let mut numbers = BTreeSet::new();
    while let Some(done) = clerks.join_next().await {
        numbers.extend(done??);
    }
    ensure!(numbers.len() == 30, "each has its own: {numbers:?}");
    let last = numbers.last().cloned().unwrap_or_default();
    ensure!(last.ends_with("0030"), "none is left out: {last}");
    anchor(&second).await?;
    Ok(())
}
