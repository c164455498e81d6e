//! A house at work: many windows that read, search and register at one host, each hearing of what the others do.

use crate::dice::Dice;
use anyhow::{Context, Result, ensure};
use redress_desk::{Lang, Told, demo::PASSWORD, session_id};
use redress_host::{Certificate, Client};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// Times of one kind of request.
pub type Times = Vec<Duration>;

/// What the windows measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// The desk, a list or a case.
    pub page: Times,
    /// A search.
    pub search: Times,
    /// A registration.
    pub register: Times,
    /// The host's bare answer on the same line, with nothing behind it.
    pub bare: Times,
    /// Numbers of what was registered.
    pub numbers: Vec<String>,
    /// Notices that came.
    pub told: usize,
}

impl Measured {
    fn add(&mut self, other: Self) {
        self.page.extend(other.page);
        self.search.extend(other.search);
        self.register.extend(other.register);
        self.bare.extend(other.bare);
        self.numbers.extend(other.numbers);
        self.told += other.told;
    }
}

/// A clerk takes about so long between two clicks, in milliseconds: from, and how much more.
const THINKS: (u64, usize) = (500, 1_000);

struct Window {
    client: Arc<Client>,
    opens: Value,
    /// Something was told since the lists were read.
    news: Arc<AtomicBool>,
    /// Reception registers; the others read.
    registers: bool,
    dice: Dice,
    seen: Vec<String>,
    measured: Measured,
}

impl Window {
    async fn ask(&self, name: &str, payload: Value) -> Result<(Value, Duration)> {
        let key = session_id();
        let begun = Instant::now();
        let answer = self.client.call(name, &payload, &key, Lang::En);
        let answer = answer.await.map_err(|e| anyhow::anyhow!("{name}: {e}"))?;
        Ok((answer, begun.elapsed()))
    }

    async fn click(&mut self) -> Result<()> {
        match self.dice.below(100) {
            0..30 if self.registers => {
                let (made, took) = self.ask("case.register", self.opens.clone()).await?;
                self.measured.register.push(took);
                let number = made["number"].as_str().context("a number")?.to_owned();
                self.seen.push(number.clone());
                self.measured.numbers.push(number);
            }
            30..45 => {
                let (_, took) = self.ask("case.list", json!({ "text": "含水量" })).await?;
                self.measured.search.push(took);
            }
            45..65 if !self.seen.is_empty() => {
                let case = self.seen[self.dice.below(self.seen.len())].clone();
                let (_, took) = self.ask("case.get", json!({ "case": case })).await?;
                self.measured.page.push(took);
            }
            65..70 => {
                let begun = Instant::now();
                ensure!(self.client.reach().await.is_ok(), "the host answers");
                self.measured.bare.push(begun.elapsed());
            }
            _ => {
                let (_, took) = self.ask("worklist.get", json!({})).await?;
                self.measured.page.push(took);
            }
        }
        // What others did: the window reads its list again.
        if self.news.swap(false, Ordering::Relaxed) {
            let (list, took) = self.ask("case.list", json!({})).await?;
            self.measured.page.push(took);
            let newest = list["rows"][0]["number"].as_str();
            self.seen.extend(newest.map(str::to_owned));
        }
        Ok(())
    }
}

/// Lets so many windows work for so long; looks that every registration is there, once.
///
/// # Errors
/// Where anything is refused, lost or doubled.
pub async fn work(
    address: SocketAddr,
    certificate: &Certificate,
    opens: &Value,
    windows: u64,
    lasts: Duration,
) -> Result<Measured> {
    let admin = Client::new(&address.to_string(), &certificate.fingerprint)?;
    let ask = async |name: &str, payload: Value| {
        let answer = admin.call(name, &payload, &session_id(), Lang::En).await;
        answer.map_err(|e| anyhow::anyhow!("{name}: {e}"))
    };
    let who = json!({ "login": "admin", "password": PASSWORD });
    ask("session.sign_in", who).await?;
    let total = async || {
        let total = ask("case.list", json!({})).await?["total"].as_u64();
        usize::try_from(total.context("a total")?).context("a total")
    };
    let before = total().await?;
    let mut all = JoinSet::new();
    let end = Instant::now() + lasts;
    for n in 0..windows {
        let client = Arc::new(Client::new(&address.to_string(), &certificate.fingerprint)?);
        let login = ["zhaomin", "luoping", "zhouheng"][usize::try_from(n % 3)?];
        let mut window = Window {
            client: client.clone(),
            opens: opens.clone(),
            news: Arc::default(),
            registers: login == "zhaomin",
            dice: Dice(0x9E37_79B9 + n * 7919),
            seen: vec![],
            measured: Measured::default(),
        };
        window
            .ask(
                "session.sign_in",
                json!({ "login": login, "password": PASSWORD }),
            )
            .await?;
        let news = window.news.clone();
        let mut heard = client.listen().await?;
        let hearing = tokio::spawn(async move {
            let mut told = 0;
            while let Some(one) = heard.next().await {
                if matches!(one, Told::Changed { .. } | Told::Missed) {
                    news.store(true, Ordering::Relaxed);
                }
                told += 1;
            }
            told
        });
        all.spawn(async move {
            while Instant::now() < end {
                let thinks = Duration::from_millis(THINKS.0 + window.dice.below(THINKS.1) as u64);
                tokio::time::sleep(thinks).await;
                window.click().await?;
            }
            window.ask("session.sign_out", json!({})).await?;
            window.measured.told = hearing.await?;
            Ok::<_, anyhow::Error>(window.measured)
        });
    }
    let mut measured = Measured::default();
    while let Some(one) = all.join_next().await {
        measured.add(one??);
    }
    let distinct: BTreeSet<&String> = measured.numbers.iter().collect();
    ensure!(
        distinct.len() == measured.numbers.len(),
        "a number came twice"
    );
    let (after, registered) = (total().await?, measured.numbers.len());
    ensure!(
        after == before + registered,
        "{before} cases before, {after} after, {registered} acknowledged"
    );
    let report = ask("audit.verify", json!({})).await?;
    ensure!(report["ok"] == true, "{report}");
    Ok(measured)
}
