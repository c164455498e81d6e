//! One person's worst, and a stranger's: files on the wire, proxies, editions beyond every limit.

use anyhow::{Context, Result, ensure};
use redress_desk::{ApiError, Lang, Office, Session, demo::PASSWORD, session_id};
use redress_host::{Proxies, network};
use redress_tests::{
    House, code, config, house,
    served::{Served, behind, over, refused, served},
};
use serde_json::{Value, json};
use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};
use std::{net::SocketAddr, time::Instant};
use tempfile::TempDir;

const INTAKE: &str =
    include_str!("../../../procedures/inspection-station/forms/intake-pretreatment.toml");
const RECEIPT: &str =
    include_str!("../../../procedures/inspection-station/forms/complaint-receipt.toml");
const NOTICE: &str =
    include_str!("../../../procedures/inspection-station/forms/closing-notice.toml");
const ANYWHERE: ([u8; 4], u16) = ([127, 0, 0, 1], 0);

async fn opened(s: &Served) -> Result<Value> {
    let reception = s.signed_in("zhaomin").await?;
    let mut values = house().await?.practice.complaint();
    values["late_entry.reason"] = json!("停电，纸上先记");
    let opens = json!({ "procedure": "inspection-station", "channel": "visit", "received_at": "2026-09-28T08:00:00+08:00", "values": values });
    Ok(reception.call("case.register", opens).await?["case"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_crosses_the_wire_as_it_is_and_once() -> Result<()> {
    let s = served().await?;
    let case = opened(&s).await?;
    let pc = s.signed_in("zhaomin").await?;
    let mut file = b"%PDF-1.7\n".to_vec();
    file.resize(3_000_000, b'x');
    let said = json!({ "case": case, "name": "检测报告.pdf" });
    let key = session_id();
    let send = async |bytes: &[u8], key: &str| {
        let bytes = Some(bytes.to_vec().into());
        let client = &pc.client;
        let sent = client.call_with_file("attachment.add", &said, bytes, key, Lang::Zh);
        sent.await
            .map(|(value, _)| value)
            .map_err(|e| e["code"].as_str().unwrap_or_default().to_owned())
    };
    let kept = send(&file, &key).await.map_err(anyhow::Error::msg)?;
    assert_eq!(kept["size"], 3_000_000);
    assert_eq!(send(&file, &key).await, Err("already_done".to_owned()));
    assert_eq!(
        send(b"%PDF-1.7\nother", &key).await,
        Err("done_otherwise".to_owned())
    );
    assert_eq!(
        send(b"MZ\x90\0\x03\0\0\0", &session_id()).await,
        Err("attachment_type".to_owned())
    );
    let asked = json!({ "id": kept["id"] });
    let got = pc
        .client
        .call_with_file("attachment.get", &asked, None, "", Lang::Zh)
        .await;
    let (answer, bytes) = got.map_err(|e| anyhow::anyhow!("{e}"))?;
    assert_eq!(answer["name"], "检测报告.pdf");
    ensure!(
        bytes.as_deref() == Some(&file[..]),
        "the bytes as they were"
    );
    let list = pc.call("attachment.list", json!({ "case": case })).await?;
    assert_eq!(list.as_array().map(Vec::len), Some(1), "kept once");
    let other = pc
        .client
        .call_with_file("case.get", &asked, Some(file.into()), "", Lang::Zh)
        .await;
    assert_eq!(
        other.err().context("refused")?["code"],
        "command_takes_no_file"
    );
    // As text inside JSON nothing of the kind is taken any more.
    let text = json!({ "case": case, "name": "a.pdf", "bytes": "A".repeat(3_000_000) });
    assert_eq!(
        refused(pc.call("attachment.add", text).await),
        "upload_too_large"
    );
    s.host.stop().await?;
    Ok(())
}

/// A bare browser that has signed in: its cookies.
async fn cookies(s: &Served, login: &str) -> Result<String> {
    let body = json!({ "login": login, "password": PASSWORD }).to_string();
    let text = s
        .says(
            post(
                "/call/session.sign_in",
                &[("content-type", "application/json")],
                &body,
            )
            .as_bytes(),
        )
        .await?;
    let set = text.lines().filter_map(|l| l.strip_prefix("set-cookie: "));
    let pairs: Vec<&str> = set.filter_map(|c| c.split(';').next()).collect();
    ensure!(pairs.len() == 2, "{text}");
    Ok(pairs.join("; "))
}

fn post(path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let more: String = headers
        .iter()
        .map(|(k, v)| format!("{k}: {v}\r\n"))
        .collect();
    let length = if headers.iter().any(|(k, _)| *k == "content-length") {
        String::new()
    } else {
        format!("content-length: {}\r\n", body.len())
    };
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{length}{more}\r\n{body}"
    )
}

/// What is refused before its bytes are read is refused although none ever come.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_and_how_much_is_asked_before_a_file_is_read() -> Result<()> {
    let s = served().await?;
    let case = opened(&s).await?;
    let said = json!({ "case": case, "name": "a.pdf" }).to_string();
    let said: String = said.bytes().map(|b| format!("%{b:02X}")).collect();
    let try_ = async |cookies: &str, path: &str, length: &str, said: &str| -> Result<String> {
        let headers = [
            ("content-type", "application/octet-stream"),
            ("cookie", cookies),
            ("content-length", length),
            ("redress-request", said),
        ];
        let begun = Instant::now();
        let text = s.says(post(path, &headers, "").as_bytes()).await?;
        ensure!(begun.elapsed().as_secs() < 15, "it waited for the bytes");
        let body = text.split_once("\r\n\r\n").map_or("", |(_, b)| b);
        let body: Value = serde_json::from_str(body).with_context(|| text.clone())?;
        Ok(body["code"].as_str().unwrap_or_default().to_owned())
    };
    let mine = cookies(&s, "zhaomin").await?;
    let admin = cookies(&s, "admin").await?;
    let add = "/file/attachment.add";
    assert_eq!(try_("", add, "1000", &said).await?, "sign_in_first");
    assert_eq!(try_(&admin, add, "1000", &said).await?, "role_missing");
    assert_eq!(
        try_(&mine, add, "60000000", &said).await?,
        "attachment_size"
    );
    assert_eq!(
        try_(&mine, "/file/case.get", "1000", &said).await?,
        "command_takes_no_file"
    );
    assert_eq!(
        try_(&mine, add, "1000", "%7B%7D").await?,
        "request_not_understood"
    );
    assert_eq!(
        try_(&mine, add, "1000", &"x".repeat(9000)).await?,
        "request_too_large"
    );
    s.host.stop().await?;
    Ok(())
}

/// Salvaging writes to a folder of the machine that keeps the data: only somebody who sits there does it.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_salvages_through_a_proxy() -> Result<()> {
    let s = served().await?;
    let body = json!({ "into": s.folder.path().join("new") }).to_string();
    let json = ("content-type", "application/json");
    let request = post(
        "/call/salvage.run",
        &[json, ("x-forwarded-for", "192.0.2.9")],
        &body,
    );
    let text = s.says(request.as_bytes()).await?;
    // Who may is asked first; from elsewhere nobody may.
    ensure!(
        text.contains("sign_in_first") || text.contains("salvage_only_here"),
        "{text}"
    );
    let pc = s.signed_in("admin").await?;
    let done = pc
        .call(
            "salvage.run",
            json!({ "into": s.folder.path().join("new") }),
        )
        .await?;
    ensure!(done["problems"] == json!([]), "{done}");
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_run_is_not_made_through_a_proxy() -> Result<()> {
    let folder = TempDir::new()?;
    let config = config(&folder);
    let s = over(folder, config, SocketAddr::from(ANYWHERE)).await?;
    let body = json!({
        "organisation": { "name": "东湖检测站", "address": "", "phone": "" },
        "admin": { "name": "站长", "login": "admin", "password": "Songbai-47-changqing" },
    })
    .to_string();
    let json = ("content-type", "application/json");
    for forwarded in ["x-forwarded-for", "forwarded", "x-real-ip", "via"] {
        let request = post(
            "/call/office.setup",
            &[json, (forwarded, "192.0.2.9")],
            &body,
        );
        let text = s.says(request.as_bytes()).await?;
        ensure!(text.contains("setup_only_here"), "{forwarded}: {text}");
    }
    let text = s
        .says(post("/call/office.setup", &[json], &body).as_bytes())
        .await?;
    ensure!(text.starts_with("HTTP/1.1 200"), "{text}");
    s.host.stop().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_a_guesser_locks_nobody_else_out() -> Result<()> {
    let before = served().await?;
    before.host.stop().await?;
    before.office.close().await;
    drop(before.office);
    let config = config(&before.folder);
    let proxies: Proxies = [network("127.0.0.1")?].into_iter().collect();
    let s = behind(before.folder, config, SocketAddr::from(ANYWHERE), proxies).await?;
    let sign_in = async |from: &str, password: &str| -> Result<String> {
        let body = json!({ "login": "zhaomin", "password": password }).to_string();
        let headers = [
            ("content-type", "application/json"),
            ("x-forwarded-for", from),
        ];
        s.says(post("/call/session.sign_in", &headers, &body).as_bytes())
            .await
    };
    for n in 0..5 {
        // Whatever a guesser writes in front of what the proxy adds.
        sign_in(&format!("10.9.9.{n}, 192.0.2.1"), "wrong-password").await?;
    }
    let guesser = sign_in("192.0.2.1", PASSWORD).await?;
    ensure!(guesser.contains("try_later"), "{guesser}");
    let other = sign_in("192.0.2.2", PASSWORD).await?;
    ensure!(other.starts_with("HTTP/1.1 200"), "{other}");
    s.host.stop().await?;
    Ok(())
}

/// An edition that an earlier version installed and that goes beyond every limit: it is named, and the rest works.
#[tokio::test(flavor = "multi_thread")]
async fn an_edition_beyond_the_limits_does_not_stop_the_house() -> Result<()> {
    const OURS: &str = include_str!("../../../procedures/inspection-station/procedure.toml");
    let mut h = house().await?;
    let complaint = h.practice.complaint();
    let newer = OURS.replace("edition = \"第B版\"", "edition = \"第C版\"");
    let files = |text: &str| {
        json!({ "files": [
            ["procedure.toml", text], ["forms/intake-pretreatment.toml", INTAKE],
            ["forms/complaint-receipt.toml", RECEIPT], ["forms/closing-notice.toml", NOTICE],
        ] })
    };
    let endless = newer.replace(
        "within = { working_days = 3 }",
        "within = { working_days = 1000000000 }",
    );
    ensure!(endless != newer, "a limit was changed");
    let p = &h.practice;
    let begun = Instant::now();
    let told = p.call("admin", "procedure.check", files(&endless)).await?;
    assert_eq!(told[0]["code"], "number_out_of_range");
    assert_eq!(
        code(p.call("admin", "procedure.install", files(&endless)).await),
        "procedure_unsound"
    );
    ensure!(begun.elapsed().as_secs() < 30, "refused before any work");
    p.call("admin", "procedure.install", files(&newer)).await?;
    let case = h.practice.register(complaint.clone()).await?;
    h.practice.office.close().await;
    let House { practice, folder } = h;
    drop(practice);
    let path = folder.path().join("office/redress.db");
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(path)).await?;
    let done = sqlx::query("UPDATE edition SET files = replace(files, 'working_days = 3', 'working_days = 1000000000')")
        .execute(&pool)
        .await?;
    ensure!(done.rows_affected() > 0, "an edition is kept");
    pool.close().await;
    let office = Office::open(config(&folder)).await?;
    let session = Session::new();
    let call =
        async |name: &str, payload: Value| office.call(&session, name, payload, Lang::En).await;
    let who = |login: &str| json!({ "login": login, "password": PASSWORD });
    call("session.sign_in", who("admin")).await?;
    let editions = call("procedure.editions", json!({})).await?;
    let unusable = editions.as_array().context("a list")?.iter();
    let unusable: Vec<_> = unusable.filter(|e| e["unusable"].is_string()).collect();
    assert_eq!(unusable.len(), 1, "{editions}");
    assert_eq!(unusable[0]["edition"], "第C版");
    let said = unusable[0]["unusable"].as_str().unwrap_or_default();
    ensure!(said.contains("1000000000"), "{said}");
    let refused: Result<Value, ApiError> = call("case.get", json!({ "case": case })).await;
    assert_eq!(code(refused), "edition_unusable");
    call("case.list", json!({})).await?;
    call("calendar.provisional", json!({})).await?;
    call("session.sign_in", who("zhaomin")).await?;
    call("worklist.get", json!({})).await?;
    let mut values = complaint;
    values["late_entry.reason"] = json!("停电，纸上先记");
    let opens = json!({ "procedure": "inspection-station", "channel": "visit", "received_at": "2026-09-28T08:00:00+08:00", "values": values });
    call("case.register", opens).await?;
    Ok(())
}
