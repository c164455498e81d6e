//! Windows that register at a host which is killed again and again: what was acknowledged is there, once.

use crate::{dice::Dice, process::Post};
use anyhow::{Context, Result, ensure};
use redress_desk::{Lang, demo::PASSWORD, session_id};
use redress_host::{Certificate, Client};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, task::JoinSet};

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Times the host was killed.
    pub kills: usize,
    /// Registrations that were acknowledged.
    pub acknowledged: usize,
    /// Those that had to be sent more than once.
    pub again: usize,
}

/// One window: registers, and sends again what was not answered.
struct Window {
    client: Client,
    login: &'static str,
    opens: Value,
    done: Arc<AtomicU64>,
    up: watch::Receiver<u64>,
}

fn code(e: &Value) -> &str {
    e["code"].as_str().unwrap_or_default()
}

impl Window {
    async fn sign_in(&self) -> Result<(), Value> {
        let who = json!({ "login": self.login, "password": PASSWORD });
        let key = session_id();
        let answer = self.client.call("session.sign_in", &who, &key, Lang::En);
        answer.await.map(|_| ())
    }

    async fn ask(&self, name: &str) -> Result<Value> {
        let (nothing, key) = (json!({}), session_id());
        let answer = self.client.call(name, &nothing, &key, Lang::En);
        answer.await.map_err(|e| anyhow::anyhow!("{e}"))
    }

    /// Cases that the house has.
    async fn total(&self) -> Result<usize> {
        // The host may have been started again since.
        self.sign_in().await.map_err(|e| anyhow::anyhow!("{e}"))?;
        let total = self.ask("case.list").await?["total"].as_u64();
        Ok(usize::try_from(total.context("a total")?)?)
    }

    /// Registers once, however often that has to be sent; the case's number and how often it was sent.
    async fn register(&mut self) -> Result<(String, usize)> {
        let key = session_id();
        let mut sent = 0;
        loop {
            let starts = *self.up.borrow_and_update();
            sent += 1;
            let call = self
                .client
                .call("case.register", &self.opens, &key, Lang::En);
            let refusal = match call.await {
                Ok(made) => {
                    let number = made["number"].as_str().context("a number")?;
                    return Ok((number.to_owned(), sent));
                }
                Err(e) if code(&e) == "sign_in_first" => match self.sign_in().await {
                    Ok(()) => continue,
                    Err(e) => e,
                },
                Err(e) => e,
            };
            ensure!(code(&refusal) == "host_away", "{refusal}");
            // It is started again after every kill.
            self.up.wait_for(|now| *now > starts).await?;
        }
    }
}

/// Kills a host so many times, at moments that the dice of a seed choose, while windows register, and looks whether everything is there once.
///
/// # Errors
/// Where something acknowledged is lost or doubled, the log is not whole, or the machine refuses.
pub async fn kill_again_and_again(
    post: &Post,
    opens: &Value,
    kills: usize,
    windows: usize,
    seed: u64,
) -> Result<Outcome> {
    let mut host = post.start(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = host.address;
    let certificate = Certificate::of(&post.data, &[])?;
    let client = || Client::new(&address.to_string(), &certificate.fingerprint);
    let admin = Window {
        client: client()?,
        login: "admin",
        opens: Value::Null,
        done: Arc::default(),
        up: watch::channel(0).1,
    };
    let before = admin.total().await?;
    let (up, _) = watch::channel(0_u64);
    let done = Arc::new(AtomicU64::new(0));
    let mut all = JoinSet::new();
    for _ in 0..windows {
        let mut window = Window {
            client: client()?,
            login: "zhaomin",
            opens: opens.clone(),
            done: done.clone(),
            up: up.subscribe(),
        };
        // The last start ends the work.
        let last = kills as u64 + 1;
        all.spawn(async move {
            let mut registered = Vec::new();
            while *window.up.borrow() < last {
                registered.push(window.register().await?);
                window.done.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<_, anyhow::Error>(registered)
        });
    }
    let mut dice = Dice(seed);
    for n in 1..=kills {
        // Some work gets done between two kills, and the kill falls anywhere into it.
        let before = done.load(Ordering::Relaxed);
        let some = dice.below(4) as u64;
        while done.load(Ordering::Relaxed) < before + some {
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(Duration::from_micros(dice.below(60_000) as u64)).await;
        host.kill();
        host = post.start(address)?;
        up.send_replace(n as u64);
    }
    up.send_replace(kills as u64 + 1);
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut outcome = Outcome {
        kills,
        ..Outcome::default()
    };
    while let Some(registered) = all.join_next().await {
        for (number, sent) in registered?? {
            outcome.acknowledged += 1;
            outcome.again += usize::from(sent > 1);
            let times = numbers.entry(number).or_default();
            *times += 1;
            ensure!(*times == 1, "one number for two registrations");
        }
    }
    let total = admin.total().await? - before;
    ensure!(
        total == outcome.acknowledged,
        "{total} cases for {outcome:?}"
    );
    let report = admin.ask("audit.verify").await?;
    ensure!(report["ok"] == true, "{report}");
    Ok(outcome)
}
