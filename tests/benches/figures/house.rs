//! A house with many cases: desk, list, search, opening, registering.

use crate::table::{Samples, Table, each};
use anyhow::{Context, Result};
use redress_desk::demo::{PASSWORD, Practice};
use redress_tests::{
    config_at,
    full::{WHAT, WISH, full, register},
};
use serde_json::json;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::path::Path;

const RUNS: usize = 300;
pub async fn measure(table: &mut Table, cases: usize) -> Result<()> {
    let folder = full(cases).await?;
    let p = Practice::open(config_at(&folder.join("office")), PASSWORD).await?;
    let start = chrono::DateTime::parse_from_rfc3339("2025-01-02T08:00:00+08:00")?;
    let now = start + chrono::Duration::minutes(8 * cases as i64);
    p.office.set_clock(now).await?;
    p.call("zhaomin", "worklist.get", json!({})).await?;

    let floor = Floor::open(&folder).await?;
    let page = floor.page().await?;
    let phrase = floor.phrase().await?;
    let insert = floor.insert().await?;

    let desk = each(RUNS, |_| p.call("zhaomin", "worklist.get", json!({}))).await?;
    table.line(
        &format!("my desk, {cases} cases"),
        desk.show(),
        "p95 2 ms",
        format!("indexed query of 50 rows: {}", page.show()),
    );
    let list = each(RUNS, |_| p.call("zhaomin", "case.list", json!({}))).await?;
    table.line("case list, first 50", list.show(), "p95 2 ms", page.show());
    let filters = [
        json!({ "status": "open" }),
        json!({ "clock": "late" }),
        json!({ "from": "2026-01-01", "to": "2026-01-31" }),
        json!({ "status": "open", "cursor": "40000" }),
    ];
    let filtered = each(RUNS, |i| {
        p.call("zhaomin", "case.list", filters[i % filters.len()].clone())
    })
    .await?;
    table.line(
        "case list, filtered",
        filtered.show(),
        "p95 2 ms",
        page.show(),
    );
    let words = ["结果", "建国", "尾气", "道歉", "叫号", "轴重"];
    let search = each(RUNS, |i| {
        p.call(
            "zhaomin",
            "case.list",
            json!({ "text": words[i % words.len()] }),
        )
    })
    .await?;
    table.line(
        "search, two characters, first 50",
        search.show(),
        "p95 3 ms",
        format!("FTS5 phrase, 50 rows: {}", phrase.show()),
    );
    let rare = each(RUNS, |i| {
        let text = format!("JC-{}-{:05}", 2020 + (i * 331) % 7, (i * 331) % 100_000);
        p.call("zhaomin", "case.list", json!({ "text": text }))
    })
    .await?;
    table.line("search, a report number", rare.show(), "", phrase.show());
    let open = each(RUNS, |i| {
        let number = format!("TS-2025-{:04}", 1 + (i * 97) % (cases / 2).max(1));
        p.call("zhaomin", "case.get", json!({ "case": number }))
    })
    .await?;
    table.line("opening a case", open.show(), "p95 2 ms", page.show());
    let registering = each(RUNS, |i| register(&p, cases + i)).await?;
    table.line(
        "registering durably",
        registering.show(),
        "p95 5 ms",
        format!("one insert with FTS and commit: {}", insert.show()),
    );
    p.office.close().await;
    Ok(())
}

/// The bare database under the same conditions.
struct Floor {
    same: SqlitePool,
    scratch: SqlitePool,
}

impl Floor {
    async fn open(folder: &Path) -> Result<Self> {
        let file = folder.join("office/redress.db");
        let same = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(SqliteConnectOptions::new().filename(file).read_only(true))
            .await
            .context("the store's database")?;
        let path = folder.join("floor.db");
        let _ = std::fs::remove_file(&path);
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let scratch = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await?;
        sqlx::query("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
            .execute(&scratch)
            .await?;
        sqlx::query("CREATE VIRTUAL TABLE words USING fts5 (grams)")
            .execute(&scratch)
            .await?;
        Ok(Self { same, scratch })
    }

    async fn page(&self) -> Result<Samples> {
        let sql = "SELECT rank, number FROM case_row WHERE rank < $1 ORDER BY rank DESC LIMIT 50";
        Ok(each(RUNS, |_| {
            sqlx::query(sql).bind(i64::MAX).fetch_all(&self.same)
        })
        .await?)
    }

    async fn phrase(&self) -> Result<Samples> {
        let sql =
            "SELECT rowid FROM case_search WHERE case_search MATCH $1 ORDER BY rowid DESC LIMIT 50";
        let words = ["结果", "建国", "尾气", "道歉", "叫号", "轴重"];
        Ok(each(RUNS, |i| {
            sqlx::query(sql)
                .bind(format!("grams:\"{}\"", words[i % words.len()]))
                .fetch_all(&self.same)
        })
        .await?)
    }

    async fn insert(&self) -> Result<Samples> {
        each(RUNS, |i| async move {
            let mut tx = self.scratch.begin().await?;
            let text = format!("{} {}", WHAT[i % 12], WISH[i % 8]);
            sqlx::query("INSERT INTO line (text) VALUES ($1)")
                .bind(&text)
                .execute(&mut *tx)
                .await?;
            sqlx::query("INSERT INTO words (grams) VALUES ($1)")
                .bind(&text)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }
}
