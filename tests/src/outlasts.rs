//! A host at work while what lies below SQLite fails again and again: the same process goes on, nothing that was
//! acknowledged is lost, and what was refused is done once when it is sent again.

use crate::{
    dice::Dice,
    injected::{Faults, Kind, Order},
    process::{Post, Process},
};
use anyhow::{Context, Result, anyhow, ensure};
use redress_desk::{ApiError, Lang, demo::PASSWORD, session_id};
use redress_host::{Certificate, Client};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    time::{Duration, Instant},
};

/// What came of it.
#[derive(Debug, Default)]
pub struct Outlasted {
    /// Rounds in which something failed, by kind.
    pub rounds: BTreeMap<Kind, usize>,
    /// Calls that failed in all.
    pub calls: u64,
    /// Refusals by code.
    pub refused: BTreeMap<String, usize>,
    /// Cases that were acknowledged.
    pub acknowledged: usize,
}

impl Outlasted {
    /// Rounds in which something failed.
    pub fn faults(&self) -> usize {
        self.rounds.values().sum()
    }
}

/// Every so many rounds the log is checked.
const CHECKED: usize = 100;
/// So long a host may take to say that it works again.
const RECOVERS: Duration = Duration::from_secs(10);

type Answer = Result<Value, ApiError>;

struct Window {
    client: Client,
    login: &'static str,
}

impl Window {
    async fn send(&self, name: &str, payload: &Value, key: &str) -> Result<Answer> {
        loop {
            let e = match self.client.call(name, payload, key, Lang::En).await {
                Ok(answer) => return Ok(Ok(answer)),
                Err(e) => serde_json::from_value::<ApiError>(e).context("an error")?,
            };
            // On a fast machine three windows ask for more than a person could.
            if e.code != "too_many_requests" {
                return Ok(Err(e));
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    async fn must(&self, name: &str, payload: &Value, key: &str) -> Result<Value> {
        let answer = self.send(name, payload, key).await?;
        answer.map_err(|e| anyhow!("{name} when nothing fails any more: {e}"))
    }

    async fn sign_in(&self) -> Result<Answer> {
        let who = json!({ "login": self.login, "password": PASSWORD });
        self.send("session.sign_in", &who, &session_id()).await
    }
}

struct Work<'a> {
    reception: Window,
    office: Window,
    opens: &'a Value,
    /// Numbers that were acknowledged.
    numbers: BTreeSet<String>,
    drafts: usize,
    outcome: Outlasted,
}

impl Work<'_> {
    /// Only what is said to be a failure below the program may be refused.
    fn note(&mut self, name: &str, answer: &Answer, order: &Order) -> Result<()> {
        if let Err(e) = answer {
            // What passes is never taken for damage, which stays.
            ensure!(e.passes(), "{name} under {order:?}: {e}");
            *self.outcome.refused.entry(e.code.clone()).or_default() += 1;
        }
        Ok(())
    }

    /// One round: three people at work while something fails, and the same once more when nothing does.
    async fn round(&mut self, n: usize, faults: &Faults, order: &Order) -> Result<()> {
        let (first, second, third) = (session_id(), session_id(), session_id());
        let draft = json!({ "key": format!("round-{}", n % 3), "value": { "typed": n } });
        let nothing = json!({});
        // A backup reads and writes everything.
        let (more, asked) = match n / 2 % 7 {
            0 => ("backup.create", nothing.clone()),
            1 => ("audit.verify", nothing.clone()),
            2 => (
                "session.sign_in",
                json!({ "login": "admin", "password": PASSWORD }),
            ),
            _ => ("case.list", json!({ "text": "含水量" })),
        };
        faults.order(order)?;
        let (made, kept, read) = tokio::join!(
            self.reception.send("case.register", self.opens, &first),
            self.reception.send("draft.put", &draft, &second),
            self.office.send(more, &asked, &third),
        );
        let failed = faults.stop()?;
        let (made, kept, read) = (made?, kept?, read?);
        for (name, answer) in [
            ("case.register", &made),
            ("draft.put", &kept),
            (more, &read),
        ] {
            self.note(name, answer, order)?;
        }
        if failed > 0 {
            *self.outcome.rounds.entry(order.kind).or_default() += 1;
            self.outcome.calls += failed;
        }
        // A session that ended, because nobody could look whether it lasts, begins anew.
        for window in [&self.reception, &self.office] {
            window
                .sign_in()
                .await?
                .map_err(|e| anyhow!("{order:?}: {e}"))?;
        }
        let again = self
            .reception
            .must("case.register", self.opens, &first)
            .await?;
        if let Ok(made) = made {
            ensure!(made["number"] == again["number"], "{made} and then {again}");
        }
        let number = again["number"].as_str().context("a number")?;
        ensure!(self.numbers.insert(number.to_owned()), "{number} twice");
        self.reception.must("draft.put", &draft, &second).await?;
        self.drafts = self.drafts.max(n % 3 + 1);
        let begun = Instant::now();
        while let Err(e) = self.office.client.reach().await {
            ensure!(begun.elapsed() < RECOVERS, "{order:?}: {e}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// The administrator asks for a backup key, and the reception keeps it.
    async fn backup_key(&self) -> Result<()> {
        let (office, keeper) = (&self.office, &self.reception);
        office
            .must("backup_key.ask", &json!({}), &session_id())
            .await?;
        let password = json!({ "password": PASSWORD });
        let made = keeper
            .must("backup_key.make", &password, &session_id())
            .await?;
        let last = made["groups"].as_array().and_then(|g| g.last());
        let last = json!({ "last": last });
        keeper
            .must("backup_key.confirm", &last, &session_id())
            .await?;
        Ok(())
    }

    /// Everything acknowledged is there, once, and the log is whole.
    async fn check(&self, before: usize) -> Result<()> {
        let list = self
            .office
            .must("case.list", &json!({}), &session_id())
            .await?;
        let expected = before + self.numbers.len();
        ensure!(
            list["total"] == expected,
            "{} cases for {expected}",
            list["total"]
        );
        let drafts = self
            .reception
            .must("draft.list", &json!({}), &session_id())
            .await?;
        let drafts = drafts.as_array().map_or(0, Vec::len);
        ensure!(drafts == self.drafts, "{drafts} drafts for {}", self.drafts);
        let report = self
            .office
            .must("audit.verify", &json!({}), &session_id())
            .await?;
        ensure!(report["ok"] == true, "{report}");
        Ok(())
    }
}

/// Fails so many rounds of a host's work, by the dice of a seed; the host is one process from beginning to end.
///
/// # Errors
/// Where it ends, refuses as an internal failure, stays broken, or loses something.
pub async fn outlast(
    post: &Post,
    faults: &Faults,
    opens: &Value,
    times: usize,
    seed: u64,
) -> Result<Outlasted> {
    let mut host: Process = faults.start(post, SocketAddr::from(([127, 0, 0, 1], 0)))?;
    faults.reach_memory()?;
    let certificate = Certificate::of(&post.data, &[])?;
    let window = |login| -> Result<Window> {
        let client = Client::new(&host.address.to_string(), &certificate.fingerprint)?;
        Ok(Window { client, login })
    };
    let mut work = Work {
        reception: window("zhaomin")?,
        office: window("admin")?,
        opens,
        numbers: BTreeSet::new(),
        drafts: 0,
        outcome: Outlasted::default(),
    };
    for window in [&work.reception, &work.office] {
        window.sign_in().await?.map_err(|e| anyhow!("{e}"))?;
    }
    work.backup_key().await?;
    let list = work
        .office
        .must("case.list", &json!({}), &session_id())
        .await?;
    let before = usize::try_from(list["total"].as_u64().context("a total")?)?;
    let mut dice = Dice(seed);
    let mut n = 0;
    while work.outcome.faults() < times {
        let order = Order::any(n, &mut dice);
        let round = work.round(n, faults, &order).await;
        if round.is_err() {
            let ended = if host.runs() { "" } else { "the host ended; " };
            return Err(round
                .err()
                .unwrap_or_else(|| anyhow!("?"))
                .context(format!("{ended}round {n}, {order:?}")));
        }
        n += 1;
        ensure!(n < 20 * times.max(10), "most orders meet no call");
        if n % CHECKED == 0 {
            work.check(before).await?;
        }
    }
    work.check(before).await?;
    ensure!(host.runs(), "it is the same process");
    work.outcome.acknowledged = work.numbers.len();
    for entry in std::fs::read_dir(&post.data)? {
        let name = entry?.file_name();
        ensure!(
            !name.to_string_lossy().ends_with(".tmp"),
            "{name:?} is left"
        );
    }
    host.kill();
    Ok(work.outcome)
}
