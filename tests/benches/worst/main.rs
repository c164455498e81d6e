//! `cargo xtask worst`: what others feel while one person does their worst. The host runs in a process of its own on
//! the same machine; five colleagues turn pages, first alone, then beside each attack.

use anyhow::Result;
use redress_desk::{
    Lang,
    demo::{PASSWORD, Practice},
    session_id,
};
use redress_host::{Certificate, Client};
use redress_tests::{
    config_at,
    process::{Post, serve_if_told},
};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::task::JoinSet;

const COLLEAGUES: [&str; 5] = ["zhaomin", "luoping", "hejian", "chenxia", "admin"];
const ATTACKER: &str = "zhaomin";
/// Requests of the attacker at the same time.
const AT_ONCE: usize = 64;
const LASTS: Duration = Duration::from_secs(15);
/// A colleague turns a page so often.
const PAGE: Duration = Duration::from_millis(100);
const AIM: Duration = Duration::from_millis(100);

#[derive(Clone, Copy)]
enum Attack {
    BigJson,
    DeepJson,
    SigningIn,
    Reports,
    Papers,
    Small,
    Files,
}

async fn window(to: SocketAddr, fingerprint: &str, login: &str) -> Result<Client> {
    let client = Client::new(&to.to_string(), fingerprint)?;
    let who = json!({ "login": login, "password": PASSWORD });
    let done = client.call("session.sign_in", &who, "", Lang::En).await;
    done.map_err(|e| anyhow::anyhow!("{login}: {e}"))?;
    Ok(client)
}

/// One request of an attack; how it ends is all the same.
async fn once(client: &Client, attack: Attack) {
    let call = async |name: &str, payload: Value| {
        drop(client.call(name, &payload, "", Lang::En).await);
    };
    match attack {
        Attack::BigJson => {
            call(
                "draft.put",
                json!({ "key": "x", "value": vec![0; 900_000] }),
            )
            .await
        }
        Attack::DeepJson => {
            let deep = (0..120).fold(json!(0), |inner, _| json!([inner]));
            let all = vec![deep; 4_000];
            call("draft.put", json!({ "key": "x", "value": all })).await;
        }
        Attack::SigningIn => {
            let who = json!({ "login": session_id(), "password": "wrong-password" });
            call("session.sign_in", who).await;
        }
        Attack::Reports => {
            let period = json!({ "kind": "month", "from": "2026-01-01", "to": "2026-12-31", "format": "pdf" });
            call("report.period", period).await;
        }
        Attack::Papers => {
            let blank = json!({ "procedure": "inspection-station", "form": "complaint-receipt", "variant": "blank" });
            call("form.render", blank).await;
        }
        Attack::Small => call("case.list", json!({ "text": "a" })).await,
        Attack::Files => {
            let said = json!({ "case": "none", "name": "a.pdf" });
            let file = Some(vec![0; 20_000_000].into());
            drop(
                client
                    .call_with_file("attachment.add", &said, file, "", Lang::En)
                    .await,
            );
        }
    }
}

fn p95(mut times: Vec<Duration>) -> Duration {
    times.sort();
    let at = times.len() * 95 / 100;
    times
        .get(at.min(times.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// How long a page took the colleagues, while an attack goes on or none.
async fn feel(to: SocketAddr, fingerprint: &str, attack: Option<Attack>) -> Result<Duration> {
    let mut attackers = JoinSet::new();
    if let Some(attack) = attack {
        let client = Arc::new(window(to, fingerprint, ATTACKER).await?);
        for _ in 0..AT_ONCE {
            let client = client.clone();
            attackers.spawn(async move {
                loop {
                    once(&client, attack).await;
                }
            });
        }
    }
    let mut colleagues = JoinSet::new();
    for login in COLLEAGUES.into_iter().filter(|l| *l != ATTACKER) {
        let client = window(to, fingerprint, login).await?;
        colleagues.spawn(async move {
            let (begun, mut times) = (Instant::now(), Vec::new());
            while begun.elapsed() < LASTS {
                let asked = Instant::now();
                let page = client.call("case.list", &json!({}), "", Lang::En).await;
                if page.is_ok() {
                    times.push(asked.elapsed());
                } else {
                    // Whoever is refused has waited in vain.
                    times.push(LASTS);
                }
                tokio::time::sleep(PAGE).await;
            }
            times
        });
    }
    let times = colleagues.join_all().await.into_iter().flatten().collect();
    attackers.shutdown().await;
    Ok(p95(times))
}

#[tokio::main]
async fn main() -> Result<()> {
    serve_if_told().await?;
    let folder = TempDir::new()?;
    let post = Post {
        data: folder.path().join("office"),
        database: None,
        clock: None,
        args: vec![],
    };
    let start = chrono::DateTime::parse_from_rfc3339("2026-09-28T08:00:00+08:00")?;
    let mut practice = Practice::create(config_at(&post.data), PASSWORD, start).await?;
    practice.walk().await?;
    practice.office.close().await;
    drop(practice);
    let host = post.start(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let fingerprint = Certificate::of(&post.data, &[])?.fingerprint;
    let alone = feel(host.address, &fingerprint, None).await?;
    println!(
        "{:<24} p95 of a page {:>8.2} ms",
        "nobody",
        alone.as_secs_f64() * 1000.0
    );
    for (name, attack) in [
        ("2 MB of JSON", Attack::BigJson),
        ("deep JSON", Attack::DeepJson),
        ("signing in", Attack::SigningIn),
        ("reports", Attack::Reports),
        ("papers", Attack::Papers),
        ("many small requests", Attack::Small),
        ("files of 20 MB", Attack::Files),
    ] {
        let felt = feel(host.address, &fingerprint, Some(attack)).await?;
        let word = if felt <= AIM { "" } else { "  above the aim" };
        println!(
            "{name:<24} p95 of a page {:>8.2} ms, aim 100{word}",
            felt.as_secs_f64() * 1000.0
        );
    }
    Ok(())
}
