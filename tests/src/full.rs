//! A house with many cases, made by the real commands, once, and kept below `target/bench`: deleting that folder
//! begins anew.

use crate::config_at;
use anyhow::Result;
use redress_desk::{
    ApiError,
    demo::{PASSWORD, Practice},
};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

type Moment = chrono::DateTime<chrono::FixedOffset>;

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
/// What people complain of.
pub const WHAT: [&str; 12] = [
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
/// What they want.
pub const WISH: [&str; 8] = [
    "要求重新检测一次",
    "希望尽快答复",
    "请说明原因",
    "要求更正报告",
    "请退还费用",
    "希望当面解释",
    "请给书面说明",
    "要求道歉",
];

fn complaint(p: &Practice, i: usize, now: Moment) -> Value {
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
    let reported = now.date_naive() - chrono::Days::new(5);
    v["report.date"] = json!(reported.to_string());
    v["report.number"] = json!(format!("JC-{}-{:05}", 2020 + i % 7, i % 100_000));
    v
}

/// Registers case `i` a little after case `i - 1`.
///
/// # Errors
/// What the command refuses.
pub async fn register(p: &Practice, i: usize) -> Result<String, ApiError> {
    let start = chrono::DateTime::parse_from_rfc3339("2025-01-02T08:00:00+08:00")
        .map_err(ApiError::internal)?;
    let now = start + chrono::Duration::minutes(8 * i as i64);
    p.office.set_clock(now).await?;
    let request = json!({
        "procedure": "inspection-station",
        "received_at": (now - chrono::Duration::minutes(2)).to_rfc3339(),
        "channel": "visit",
        "values": complaint(p, i, now),
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

/// The folder of a house with so many cases; its office is in `office` below it.
///
/// # Errors
/// What the commands refuse, or the disk.
pub async fn full(cases: usize) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../target/bench/{cases}"));
    let made = folder.join("made");
    if !made.exists() {
        let data = folder.join("office");
        let _ = std::fs::remove_dir_all(&data);
        std::fs::create_dir_all(&folder)?;
        let start = chrono::DateTime::parse_from_rfc3339("2025-01-02T08:00:00+08:00")?;
        let p = Practice::create(config_at(&data), PASSWORD, start).await?;
        fill(&p, cases).await?;
        p.office.close().await;
        std::fs::write(made, "")?;
    }
    Ok(folder)
}
