//! The real window: story 1 from the counter to the archive, by hand as it were; and a second start on the
//! same folder.

#![cfg(target_os = "linux")]

mod hand;
mod letting;
mod screen;
mod three;
mod told;

use anyhow::{Result, bail};
use fantoccini::Client;
use hand::{LOOK, PATIENCE, act, go, issue, press, register, see, sign_in};
use redress_desk::demo::{DoneDeed, EndsAs, Laboratory, PASSWORD, Practice};
use redress_tests::{House, config, house};
use screen::{NOW, Screen, built, window};
use serde_json::json;
use std::{
    process::{Command, Stdio},
    time::Instant,
};
use tempfile::TempDir;

/// A story's deeds, walked through the window on cases of its own; answers their numbers in the order of
/// their registration.
async fn walk(c: &Client, screen: &Screen, name: &str, deeds: &[DoneDeed]) -> Result<Vec<String>> {
    let mut cases = Vec::new();
    let mut done = 0;
    walk_on(c, screen, name, deeds, &mut cases, &mut done).await?;
    Ok(cases.into_iter().map(|(_, number)| number).collect())
}

/// The deeds that are not yet done; `cases` holds the rehearsal's case id and the number of the case that stands for it
/// here.
async fn walk_on(
    c: &Client,
    screen: &Screen,
    name: &str,
    deeds: &[DoneDeed],
    cases: &mut Vec<(String, String)>,
    done: &mut usize,
) -> Result<()> {
    let mut who = "";
    let mut at = String::new();
    for deed in deeds.iter().skip(*done) {
        let (actor, command, payload) = (&deed.who, &deed.command, &deed.payload);
        if who != actor {
            if !who.is_empty() {
                press(c, "[data-action='sign-out']").await?;
            }
            sign_in(c, actor).await?;
            who = actor;
            at.clear();
        }
        if let Some(made) = &deed.made {
            go(c, "#/").await?;
            let belated = name == "inspection-institute";
            let number = register(c, screen, name, payload, belated).await?;
            screen.picture(&format!("{name}-{}-case", cases.len() + 1))?;
            at.clone_from(&number);
            cases.push((made.clone(), number));
            *done += 1;
            continue;
        }
        let told = payload["case"].as_str().unwrap_or_default();
        let number = match cases
            .iter()
            .find(|(id, number)| id == told || number == told)
        {
            Some((_, number)) => number.clone(),
            // The practice's own stories name a case by its number.
            None => cases.last().map(|(_, n)| n.clone()).unwrap_or_default(),
        };
        if at != number {
            go(c, &format!("#/case/{number}")).await?;
            see(c, &format!("[data-case='{number}']")).await?;
            at = number;
        }
        match command.as_str() {
            "case.act" => {
                let action = payload["action"].as_str().unwrap_or_default();
                act(c, action, &payload["values"]).await?;
                if action == "decide_fault" {
                    screen.picture("fault")?;
                }
            }
            // Registering has printed it already.
            "form.issue" if payload["form"] == "complaint-receipt" => {}
            "form.issue" => {
                let form = payload["form"].as_str().unwrap_or_default();
                issue(c, form, payload["task"].as_str()).await?;
            }
            other => bail!("the story runs {other}, which has no place in the window"),
        }
        *done += 1;
    }
    screen.picture(&format!("{name}-end"))?;
    Ok(())
}

/// An office whose next case will be the story's, and the deeds that walk it.
async fn rehearsed(laboratory: bool) -> Result<(House, Vec<DoneDeed>)> {
    let mut h = house().await?;
    if laboratory {
        h.practice.laboratory_people().await?;
    }
    h.practice.deeds.lock().map(|mut d| d.clear()).ok();
    if laboratory {
        h.practice.laboratory(Laboratory::Potassium).await?;
    } else {
        h.practice.story(EndsAs::Differs).await?;
    }
    let mut deeds = h.practice.told();
    deeds.retain(|d| d.who != "admin");
    Ok((h, deeds))
}

/// The driver ends the window in its own time; its folder is free when it has gone.
async fn reopened(folder: &TempDir) -> Result<Practice> {
    let start = Instant::now();
    loop {
        match Practice::open_bare(config(folder), PASSWORD).await {
            Err(e) if e.code == "folder_in_use" && start.elapsed() < PATIENCE => {
                tokio::time::sleep(LOOK).await;
            }
            opened => return Ok(opened?),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn story_6_up_to_the_president_and_the_mediation() -> Result<()> {
    let app = built()?;
    let (House { practice, folder }, deeds) = rehearsed(true).await?;
    practice.office.close().await;
    drop(practice);
    let screen = Screen::start(&folder, &folder.path().join("office"), Some(NOW))?;
    let c = window(&screen, &app).await?;
    let numbers = walk(&c, &screen, "laboratory", &deeds).await?;
    assert_eq!(numbers, ["BY-2026-0002"]);
    let number = &numbers[0];
    let status = see(&c, "[data-field='case.status']").await?;
    let status = status.prop("innerText").await?.unwrap_or_default();
    assert!(status.contains("已归档"), "{status}");
    c.close().await?;
    drop(screen);
    let again = reopened(&folder).await?;
    let form = json!({ "case": number, "form": "handling-reply", "variant": "filled" });
    let laid = again.call("admin", "form.layout", form).await?.to_string();
    assert!(
        laid.contains("批准：颜宏"),
        "the president's signature stands beside the line for ink: {laid}"
    );
    assert!(
        again.office.verify(None, redress_desk::Lang::Zh).await?.ok,
        "the log is whole"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn story_1_from_the_counter_to_the_archive() -> Result<()> {
    let app = built()?;
    let (h, deeds) = rehearsed(false).await?;
    h.practice.office.close().await;
    drop(h.practice);
    let data = h.folder.path().join("office");
    let screen = Screen::start(&h.folder, &data, Some(NOW))?;
    let c = window(&screen, &app).await?;
    see(&c, "[data-screen='signin']").await?;
    screen.picture("signin")?;

    // A second start on the same folder ends at once and leaves the first in front.
    let second = Command::new(&app)
        .envs(screen.env.iter().cloned())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    assert!(second.success(), "the second window gives way: {second}");

    let numbers = walk(&c, &screen, "station", &deeds).await?;
    assert_eq!(numbers, ["TS-2026-0002"]);
    let number = &numbers[0];
    see(&c, "[data-field='case.status']").await?;
    let status = see(&c, "[data-field='case.status']").await?;
    let status = status.prop("innerText").await?.unwrap_or_default();
    assert!(status.contains("已归档"), "{status}");
    screen.picture("archived")?;
    go(&c, "#/").await?;
    see(&c, "[data-screen='desk']").await?;
    screen.picture("desk")?;
    c.close().await?;
    drop(screen);

    let again = reopened(&h.folder).await?;
    let view = again
        .call("admin", "case.get", json!({ "case": number }))
        .await?;
    assert_eq!(view["status"], "closed");
    assert_eq!(
        view["documents"].as_array().map(Vec::len),
        Some(12),
        "every form was given out"
    );
    assert!(
        again.office.verify(None, redress_desk::Lang::Zh).await?.ok,
        "the log is whole"
    );
    Ok(())
}
