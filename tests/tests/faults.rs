//! Everything that a network, a power cut or a stranger does to a host.

use anyhow::Result;
use redress_tests::{
    House, house,
    killed::kill_again_and_again,
    process::{Post, serve_if_told},
};
use serde_json::{Value, json};

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
        args: ["--exact", "victim", "--nocapture"]
            .map(str::to_owned)
            .to_vec(),
    };
    let outcome = kill_again_and_again(&post, &opens, 12, 4).await?;
    assert!(outcome.acknowledged > 12, "{outcome:?}");
    println!("{outcome:?}");
    Ok(())
}
