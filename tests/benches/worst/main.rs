//! `cargo xtask worst`: what others feel while one person does their worst. Host and attacker run each in a process of
//! its own on the same machine; colleagues turn pages, first alone, then beside each attack.

use anyhow::{Context, Result};
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
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::task::JoinSet;

const COLLEAGUES: [&str; 4] = ["luoping", "hejing", "chenxia", "admin"];
const ATTACKER: &str = "zhaomin";
/// Requests of the attacker at the same time.
const AT_ONCE: usize = 64;
const LASTS: Duration = Duration::from_secs(15);
/// A colleague turns a page so often.
const PAGE: Duration = Duration::from_millis(100);
const AIM: Duration = Duration::from_millis(100);

/// In the attacker's process: where the host is, its fingerprint, and which of [`ATTACKS`].
const HOST: &str = "REDRESS_WORST_HOST";
const FINGERPRINT: &str = "REDRESS_WORST_FINGERPRINT";
const WHICH: &str = "REDRESS_WORST_ATTACK";

/// What an attacker does. Wrong passwords lock their place, which is everybody's here: they come last.
const ATTACKS: [&str; 7] = [
    "2 MB of JSON",
    "deep JSON",
    "reports",
    "papers",
    "many small requests",
    "files of 20 MB",
    "signing in",
];

/// The request of an attack, made once: what it costs to make is the attacker's affair.
fn request(attack: &str) -> (&'static str, Value) {
    match attack {
        "2 MB of JSON" => (
            "draft.put",
            json!({ "key": "x", "value": vec![0; 900_000] }),
        ),
        "deep JSON" => {
            let deep = (0..120).fold(json!(0), |inner, _| json!([inner]));
            (
                "draft.put",
                json!({ "key": "x", "value": vec![deep; 4_000] }),
            )
        }
        "reports" => (
            "report.period",
            json!({ "kind": "month", "from": "2026-01-01", "to": "2026-12-31", "format": "pdf" }),
        ),
        "papers" => (
            "form.render",
            json!({ "procedure": "inspection-station", "form": "complaint-receipt", "variant": "blank" }),
        ),
        "files of 20 MB" => ("attachment.add", json!({ "case": "none", "name": "a.pdf" })),
        "signing in" => (
            "session.sign_in",
            json!({ "login": session_id(), "password": "wrong-password" }),
        ),
        _ => ("case.list", json!({ "text": "a" })),
    }
}

/// In the started process: attacks until it is killed. In any other there is nothing to do.
async fn attack_if_told() -> Result<()> {
    let Ok(which) = std::env::var(WHICH) else {
        return Ok(());
    };
    let (to, fingerprint) = (std::env::var(HOST)?.parse()?, std::env::var(FINGERPRINT)?);
    let client = Arc::new(window(to, &fingerprint, ATTACKER).await?);
    let made = Arc::new(request(&which));
    let file: Option<Vec<u8>> = which.starts_with("files").then(|| vec![0; 20_000_000]);
    let mut all = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (client, made, file) = (client.clone(), made.clone(), file.clone());
        all.spawn(async move {
            let (name, payload) = (made.0, &made.1);
            loop {
                // How it ends is all the same.
                match &file {
                    None => drop(client.call(name, payload, "", Lang::En).await),
                    Some(file) => {
                        let file = Some(file.clone().into());
                        let sent = client.call_with_file(name, payload, file, "", Lang::En);
                        drop(sent.await);
                    }
                }
            }
        });
    }
    println!("attacking");
    all.join_all().await;
    Ok(())
}

/// An attacker's process, which ends with it.
struct Attacker(Child);

impl Attacker {
    fn start(to: SocketAddr, fingerprint: &str, attack: &str) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .env(HOST, to.to_string())
            .env(FINGERPRINT, fingerprint)
            .env(WHICH, attack)
            .stdout(Stdio::piped())
            .spawn()?;
        let said = child.stdout.take().context("output")?;
        let first = BufReader::new(said).lines().next();
        let this = Self(child);
        first.context("the attacker did not come in")??;
        Ok(this)
    }
}

impl Drop for Attacker {
    fn drop(&mut self) {
        // One that has ended already is as dead.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn window(to: SocketAddr, fingerprint: &str, login: &str) -> Result<Client> {
    let client = Client::new(&to.to_string(), fingerprint)?;
    let who = json!({ "login": login, "password": PASSWORD });
    let done = client.call("session.sign_in", &who, "", Lang::En).await;
    done.map_err(|e| anyhow::anyhow!("{login}: {e}"))?;
    Ok(client)
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
async fn feel(to: SocketAddr, fingerprint: &str, attack: Option<&str>) -> Result<Duration> {
    let mut windows = Vec::new();
    for login in COLLEAGUES {
        windows.push(window(to, fingerprint, login).await?);
    }
    let attacker = attack.map(|attack| Attacker::start(to, fingerprint, attack));
    let _attacker = attacker.transpose()?;
    let mut colleagues = JoinSet::new();
    for client in windows {
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
    Ok(p95(times))
}

#[tokio::main]
async fn main() -> Result<()> {
    serve_if_told().await?;
    attack_if_told().await?;
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
    for name in ATTACKS {
        let felt = feel(host.address, &fingerprint, Some(name)).await?;
        let word = if felt <= AIM { "" } else { "  above the aim" };
        println!(
            "{name:<24} p95 of a page {:>8.2} ms, aim 100{word}",
            felt.as_secs_f64() * 1000.0
        );
    }
    Ok(())
}
