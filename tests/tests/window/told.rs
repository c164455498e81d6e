//! Stories 2 to 5 and 7 to 9, each once whole through the window.

use crate::{
    hand::TOO_EARLY,
    reopened,
    screen::{NOW, Screen, built, window},
    walk_on,
};
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, TimeDelta};
use redress_desk::{
    Lang,
    demo::{DoneDeed, PASSWORD, Practice, STORIES, Story},
};
use redress_tests::config;
use serde_json::json;
use tempfile::TempDir;

/// No story waits longer.
const LONGEST: TimeDelta = TimeDelta::days(120);
/// Days off stand between a deed of the rehearsal and the same one here.
const DAYS_OFF: TimeDelta = TimeDelta::days(8);

macro_rules! told {
    ($($test:ident: $name:literal,)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() -> Result<()> {
                told($name).await
            }
        )*

        #[test]
        fn every_story_that_ships_is_walked() {
            let walked = [$($name),*];
            let ships = STORIES.iter().map(|(name, _)| *name);
            assert!(ships.eq(walked), "a story has no test here");
        }
    };
}

told! {
    a_hospital: "hospital",
    whoever_is_asked_first: "first-asked",
    a_car_dealer: "car-dealer",
    a_service_desk: "customer-service",
    a_factory: "factory",
    after_sales: "after-sales",
    an_inspection_institute: "inspection-institute",
}

/// How long after its case began a deed was done in the rehearsal.
fn waited(deeds: &[DoneDeed], deed: &DoneDeed) -> TimeDelta {
    let case = deed.payload["case"].as_str();
    let began = deeds.iter().find(|d| d.made.as_deref() == case);
    began.map_or_else(TimeDelta::zero, |began| deed.at - began.at)
}

/// Rehearses a story without the window, walks it in the window, and holds the log against itself.
async fn told(name: &str) -> Result<()> {
    let text = STORIES.iter().find(|(n, _)| *n == name);
    let story = Story::read(text.context("a story")?.1)?;
    let folder = TempDir::new()?;
    let mut practice = Practice::bare(config(&folder), PASSWORD, story.begins()?).await?;
    practice.tell(&story).await?;
    let mut deeds = practice.told();
    deeds.retain(|d| {
        let here = ["case.register", "case.act", "form.issue"].contains(&d.command.as_str());
        here && !d.refused
    });
    practice.office.close().await;
    drop(practice);
    let now = DateTime::parse_from_rfc3339(NOW)?;
    let (mut cases, mut done, mut at) = (Vec::new(), 0, now);
    let again = loop {
        let data = folder.path().join("office");
        let screen = Screen::start(&folder, &data, Some(&at.to_rfc3339()))?;
        let c = window(&screen, &built()?).await?;
        let walked = walk_on(&c, &screen, name, &deeds, &mut cases, &mut done).await;
        c.close().await?;
        drop(screen);
        let again = reopened(&folder).await?;
        match walked {
            Ok(()) => break again,
            // What waits for its day is done when the window is opened after it.
            Err(e) if format!("{e:#}").contains(TOO_EARLY) && at - now < LONGEST => {
                again.office.close().await;
                at = at.max(now + waited(&deeds, &deeds[done])) + DAYS_OFF;
            }
            Err(e) => return Err(e),
        }
    };
    for (_, number) in cases {
        let view = again
            .call("admin", "case.get", json!({ "case": number }))
            .await?;
        ensure!(view["status"] != "open", "{number} is still open");
    }
    ensure!(
        again.office.verify(None, Lang::Zh).await?.ok,
        "the log is whole"
    );
    Ok(())
}
