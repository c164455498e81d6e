//! A one-page form: whole process, in a batch, and its size.

use crate::{
    table::{Samples, Table},
    top,
};
use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use redress_desk::demo::{EndsAs, PASSWORD};
use redress_tests::house;
use serde_json::json;
use std::{
    process::{Command, Stdio},
    time::Instant,
};

const PROCESSES: usize = 30;
const BATCH: u32 = 100;

pub async fn measure(table: &mut Table) -> Result<()> {
    let mut h = house().await?;
    let case = h.practice.story(EndsAs::Differs).await?;
    let request =
        json!({ "case": case, "form": "retraction-notice", "task": null, "variant": "filled" });
    let mut bytes = 0;
    let start = Instant::now();
    for _ in 0..BATCH {
        let made = h
            .practice
            .call("zhaomin", "form.render", request.clone())
            .await?;
        bytes = STANDARD
            .decode(made["pdf"].as_str().unwrap_or_default())?
            .len();
    }
    let each = start.elapsed() / BATCH;
    h.practice.office.close().await;
    // The folder stays; its lock goes with the office.
    drop(h.practice);
    let data = h.folder.path().join("office");
    let ctl = top()
        .join("target/release/redressctl")
        .canonicalize()
        .context("build redressctl first: cargo xtask bench")?;
    let run = |args: &[&str]| -> Result<Samples> {
        let mut all = Vec::new();
        for _ in 0..PROCESSES {
            let start = Instant::now();
            let done = Command::new(&ctl)
                .args(args)
                .env("REDRESS_PASSWORD", PASSWORD)
                .stdout(Stdio::null())
                .status()?;
            all.push(start.elapsed());
            ensure!(done.success(), "redressctl {args:?} failed");
        }
        Ok(Samples::new(all))
    };
    let data = data.to_string_lossy().into_owned();
    let text = request.to_string();
    let whole = run(&[
        "--data",
        &data,
        "--as",
        "zhaomin",
        "call",
        "form.render",
        &text,
    ])?;
    let sign_in = run(&["--data", &data, "--as", "zhaomin", "call", "session.state"])?;
    let nothing = run(&["commands"])?;
    table.line(
        "one-page form, whole redressctl process",
        whole.show(),
        "40 ms",
        format!(
            "same without a form: {}; program alone: {}",
            sign_in.show(),
            nothing.show()
        ),
    );
    table.line(
        "one-page form, in a batch of 100",
        format!("{:.2} ms", each.as_secs_f64() * 1000.0),
        "6 ms",
        String::new(),
    );
    table.line(
        "one-page form, size",
        format!("{} kB", bytes / 1000),
        "110 kB",
        String::new(),
    );
    Ok(())
}
