//! A house with many cases: desk, list, search, opening, registering.

use crate::{
    table::{Samples, Table, each},
    top,
};
use anyhow::{Context, Result};
use redress_desk::{
    ApiError, Config,
    demo::{PASSWORD, Practice},
    font_dirs,
};
use serde_json::{Value, json};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Instant};

const RUNS: usize = 300;
/// Every so many cases one stays open; the others are voided.
const OPEN_EACH: usize = 20;

const FAMILY: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗",
];
const GIVEN: [&str; 20] = [
    "芳", "伟", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "涛", "明", "超",
    "秀兰", "建国", "桂英", "晓峰",
];
const WHAT: [&str; 12] = [
    "报告的含水量结果偏高",
    "制动力数值和上次差得太多",
    "灯光检测没有复核",
    "等候两个小时没有人叫号",
    "窗口态度生硬不解释",
    "收费和公示的价目不一致",
    "尾气检测结果有异议",
    "报告上的车牌号打错了",
    "电子报告迟迟没有收到",
    "轴重数据明显不对",
    "外观检查拍照漏了一张",
    "预约了时间却临时取消",
];
const WISH: [&str; 8] = [
    "要求重新检测一次",
    "希望尽快答复",
    "请说明原因",
    "要求更正报告",
    "请退还费用",
    "希望当面解释",
    "请给书面说明",
    "要求道歉",
];

fn complaint(p: &Practice, i: usize) -> Value {
    let mut v = p.complaint();
    let name = format!("{}{}", FAMILY[i % 20], GIVEN[(i / 20) % 20]);
    v["complainant.name"] = json!(name);
    v["complainant.phone"] = json!(format!("13{:09}", (i * 7919) % 1_000_000_000));
    v["complaint.description"] = json!(format!(
        "{}，{}。第{}次来站里，{}。",
        WHAT[i % 12],
        WISH[(i / 12) % 8],
        i % 5 + 1,
        WHAT[(i / 7) % 12]
    ));
    v["report.number"] = json!(format!("JC-{}-{:05}", 2020 + i % 7, i % 100_000));
    v
}

/// Registers case `i` a little after case `i - 1`.
async fn register(p: &Practice, i: usize) -> Result<String, ApiError> {
    let start = chrono::DateTime::parse_from_rfc3339("2025-01-02T08:00:00+08:00")
        .map_err(ApiError::internal)?;
    let now = start + chrono::Duration::minutes(8 * i as i64);
    p.office.set_clock(now).await?;
    let request = json!({
        "procedure": "inspection-station",
        "received_at": (now - chrono::Duration::minutes(2)).to_rfc3339(),
        "channel": "visit",
        "values": complaint(p, i),
    });
    let made = p.call("zhaomin", "case.register", request).await?;
    Ok(made["case"].as_str().unwrap_or_default().to_owned())
}

async fn fill(p: &Practice, cases: usize) -> Result<()> {
    let start = Instant::now();
    for i in 0..cases {
        let case = register(p, i).await?;
        if !i.is_multiple_of(OPEN_EACH) {
            let reason = json!({ "void.reason": "重复登记，号码作废。" });
            p.act("luoping", &case, "void", reason).await?;
        }
        if i % 10_000 == 9_999 {
            println!(
                "  {} cases after {:.0} s",
                i + 1,
                start.elapsed().as_secs_f64()
            );
        }
    }
    Ok(())
}

pub async fn measure(table: &mut Table, cases: usize) -> Result<()> {
    let folder = top().join(format!("target/bench/{cases}"));
    std::fs::create_dir_all(&folder)?;
    let config = Config {
        data: folder.join("office"),
        database: None,
        fonts: font_dirs(),
        owner: "bench".to_owned(),
        procedures: vec![],
    };
    let start = chrono::DateTime::parse_from_rfc3339("2025-01-02T08:00:00+08:00")?;
    let made = folder.join("made");
    let p = if made.exists() {
        Practice::open(config, PASSWORD).await?
    } else {
        let _ = std::fs::remove_dir_all(&config.data);
        let p = Practice::create(config, PASSWORD, start).await?;
        fill(&p, cases).await?;
        std::fs::write(made, "")?;
        p
    };
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
