//! What encryption at rest costs: the same office encrypted, and plain beside it.

use crate::table::{Samples, Table, each};
use anyhow::Result;
use redress_desk::{
    Config, Keys, Office,
    demo::{PASSWORD, Practice},
};
use redress_tests::{
    config_at,
    full::{full, register},
};
use serde_json::json;

const RUNS: usize = 200;
/// Openings of the office.
const OPENINGS: usize = 10;
/// Cases that earlier figures registered, at most; whoever registers more begins behind them.
const BEHIND: usize = 1_000;

/// Measures both, the plain one first: the other is converted from it.
pub async fn measure(table: &mut Table, cases: usize) -> Result<()> {
    let folder = full(cases).await?;
    let plain = config_at(&folder.join("office"));
    let other = folder.join("encrypted");
    let _ = std::fs::remove_dir_all(&other);
    std::fs::create_dir_all(&other)?;
    std::fs::copy(plain.data.join("redress.db"), other.join("redress.db"))?;
    let encrypted = Config {
        keys: Keys {
            file: Some(folder.join("encrypted.key")),
            ..Keys::default()
        },
        ..config_at(&other)
    };
    let office = Office::open(encrypted.clone()).await?;
    let begun = std::time::Instant::now();
    office.encrypt(true, &|_| ()).await?;
    let took = begun.elapsed().as_secs_f64();
    office.close().await;
    drop(office);
    let title = format!("encrypting an office of {cases} cases");
    table.line(&title, format!("{took:.1} s"), "", String::new());
    let beside = figures(plain, cases).await?;
    for ((what, samples), (_, plain)) in figures(encrypted, cases).await?.iter().zip(&beside) {
        let plain = format!("plain: {}", plain.show());
        table.line(&format!("encrypted: {what}"), samples.show(), "", plain);
    }
    std::fs::remove_dir_all(&other)?;
    Ok(())
}

async fn figures(config: Config, cases: usize) -> Result<Vec<(&'static str, Samples)>> {
    let opening = each(OPENINGS, |_| async {
        let office = Office::open(config.clone()).await?;
        office.close().await;
        anyhow::Ok(())
    });
    let opening = opening.await?;
    let p = Practice::open(config, PASSWORD).await?;
    let list = each(RUNS, |_| p.call("zhaomin", "case.list", json!({}))).await?;
    let words = ["结果", "建国", "尾气", "道歉", "叫号", "轴重"];
    let search = each(RUNS, |i| {
        let text = words[i % words.len()];
        p.call("zhaomin", "case.list", json!({ "text": text }))
    });
    let search = search.await?;
    let case = each(RUNS, |i| {
        let number = format!("TS-2025-{:04}", 1 + (i * 97) % (cases / 2).max(1));
        p.call("zhaomin", "case.get", json!({ "case": number }))
    });
    let case = case.await?;
    let mut made = Vec::with_capacity(RUNS);
    let registering = each(RUNS, |i| {
        let i = cases + BEHIND + i;
        register(&p, i)
    });
    let registering = registering.await?;
    for i in 0..RUNS {
        made.push(register(&p, cases + BEHIND + RUNS + i).await?);
    }
    let act = each(RUNS, |i| {
        let reason = json!({ "void.reason": "重复登记，号码作废。" });
        p.act("luoping", &made[i], "void", reason)
    });
    let act = act.await?;
    p.office.close().await;
    Ok(vec![
        ("opening the office", opening),
        ("case list, first 50", list),
        ("search, two characters, first 50", search),
        ("opening a case", case),
        ("registering durably", registering),
        ("an act on a case", act),
    ])
}
