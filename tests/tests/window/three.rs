//! Story 6 at three PCs at once: reception and the quality office in browsers, the president in the real window,
//! which has joined the host. What one does is waited for at the next one's screen; nobody reloads.

use crate::{
    hand::{LOOK, act, fill, go, issue, press, register, see, sign_in},
    screen::{NOW, Screen, built, top, window},
};
use anyhow::{Context, Result, bail, ensure};
use fantoccini::{Client, ClientBuilder, Locator};
use redress_desk::{
    Config, Office,
    demo::{DoneDeed, Laboratory, PASSWORD, Practice},
};
use redress_host::{Certificate, Pages, Plan, code, serve};
use redress_tests::{config, database::database};
use serde_json::json;
use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Drives Chromium; ends with this value.
struct Browsers {
    driver: Child,
    url: String,
}

impl Browsers {
    fn start() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("chromedriver")?;
        let browsers = Self {
            driver,
            url: format!("http://127.0.0.1:{port}"),
        };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            ensure!(
                start.elapsed() < Duration::from_secs(20),
                "chromedriver did not start"
            );
            std::thread::sleep(LOOK);
        }
        Ok(browsers)
    }

    async fn open(&self, at: &str) -> Result<Client> {
        let args = "--headless=new --no-sandbox --disable-gpu --window-size=1366,768 --lang=zh-CN";
        let args: Vec<&str> = args.split(' ').collect();
        let wanted = json!({
            "browserName": "chrome", "acceptInsecureCerts": true,
            "goog:chromeOptions": { "binary": "/usr/bin/chromium", "args": args },
        });
        let c = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(wanted.as_object().cloned().unwrap_or_default())
            .connect(&self.url)
            .await?;
        c.goto(at).await?;
        Ok(c)
    }
}

impl Drop for Browsers {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// One PC: who sits there, and which case is open.
struct Seat {
    c: Client,
    who: String,
    at: String,
}

impl Seat {
    fn new(c: Client) -> Self {
        Self {
            c,
            who: String::new(),
            at: String::new(),
        }
    }

    async fn sits(&mut self, who: &str) -> Result<()> {
        if self.who == who {
            return Ok(());
        }
        if !self.who.is_empty() {
            press(&self.c, "[data-action='sign-out']").await?;
        }
        sign_in(&self.c, who).await?;
        who.clone_into(&mut self.who);
        self.at.clear();
        Ok(())
    }

    /// Has the case open as it stands now, whoever did the last thing on it.
    async fn looks_at(&mut self, number: &str, seq: &str) -> Result<()> {
        if self.at != number {
            go(&self.c, &format!("#/case/{number}")).await?;
            number.clone_into(&mut self.at);
        }
        let shown = format!("[data-case='{number}'][data-seq='{seq}']");
        see(&self.c, &shown).await.map(|_| ())
    }

    async fn seq(&self) -> Result<String> {
        let seq = see(&self.c, "[data-screen='case'] [data-seq]").await?;
        seq.attr("data-seq").await?.context("how far the case is")
    }
}

/// The real window joins: by address, after the codes were compared.
async fn join(c: &Client, screen: &Screen, address: SocketAddr, code: &str) -> Result<()> {
    see(c, "[data-screen='firstrun']").await?;
    press(c, "[data-choice='join']").await?;
    let part = "[data-part='join']";
    fill(c, part, &json!({ "host": address.to_string() })).await?;
    press(c, "[data-action='show-host']").await?;
    let shown = see(c, &format!("{part} [data-code]")).await?;
    let shown = shown.prop("innerText").await?.unwrap_or_default();
    ensure!(shown == code, "{shown} is not the host's {code}");
    screen.picture("join")?;
    press(c, "[data-action='join']").await?;
    see(c, "[data-joined]").await?;
    screen.picture("joined")
}

async fn together(seats: &mut [Seat; 3], screen: &Screen, deeds: &[DoneDeed]) -> Result<String> {
    let (mut number, mut seq) = (String::new(), String::new());
    for deed in deeds {
        let seat = &mut seats[match deed.who.as_str() {
            "chenxia" => 0,
            "yanhong" => 2,
            _ => 1,
        }];
        seat.sits(&deed.who).await?;
        if deed.made.is_some() {
            number = register(&seat.c, screen, "three", &deed.payload, false).await?;
            number.clone_into(&mut seat.at);
            seq = seat.seq().await?;
            continue;
        }
        seat.looks_at(&number, &seq).await?;
        match deed.command.as_str() {
            "case.act" => {
                let action = deed.payload["action"].as_str().unwrap_or_default();
                act(&seat.c, action, &deed.payload["values"]).await?;
                if deed.who == "yanhong" {
                    screen.picture("president")?;
                }
            }
            // Registering has printed it already.
            "form.issue" if deed.payload["form"] == "complaint-receipt" => {}
            "form.issue" => {
                let form = deed.payload["form"].as_str().unwrap_or_default();
                issue(&seat.c, form, deed.payload["task"].as_str()).await?;
            }
            // A file comes from a PC's disk: the command list does it for the seat.
            "attachment.add" => {}
            other => bail!("the story runs {other}, which has no place in a window"),
        }
        seq = seat.seq().await?;
    }
    Ok(number)
}

async fn walked(kept: Config, folder: &TempDir) -> Result<()> {
    let app = built()?;
    let start = chrono::DateTime::parse_from_rfc3339("2026-05-08T08:00:00+08:00")?;
    let mut practice = Practice::create(kept.clone(), PASSWORD, start).await?;
    practice.laboratory_people().await?;
    practice.deeds.lock().map(|mut d| d.clear()).ok();
    practice.laboratory(Laboratory::Potassium).await?;
    let mut deeds = practice.told();
    deeds.retain(|d| d.who != "admin");
    practice.office.close().await;
    drop(practice);

    let office = Arc::new(Office::open(kept.clone()).await?);
    office.set_clock(NOW.parse()?).await?;
    let certificate = Certificate::of(folder.path(), &["localhost".to_owned()])?;
    let shown = code(&certificate.fingerprint);
    let host = serve(Plan {
        office: office.clone(),
        ui: Some(Pages::Folder(top().join("ui/dist"))),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        certificate,
        proxies: redress_host::Proxies::default(),
    })
    .await?;
    let browsers = Browsers::start()?;
    let at = format!("https://{}", host.address);
    let own = folder.path().join("president");
    let screen = Screen::start(folder, &own, None)?;
    let mut seats = [
        Seat::new(browsers.open(&at).await?),
        Seat::new(browsers.open(&at).await?),
        Seat::new(window(&screen, &app).await?),
    ];
    join(&seats[2].c, &screen, host.address, &shown).await?;
    let number = together(&mut seats, &screen, &deeds).await?;
    // The others' screens say so by themselves.
    for seat in &mut seats {
        if seat.at == number {
            let archived = Locator::XPath("//*[@data-field='case.status'][contains(., '已归档')]");
            let wait = seat.c.wait().at_most(Duration::from_secs(30));
            wait.for_element(archived).await.context(seat.who.clone())?;
        }
    }
    ensure!(
        !own.join("redress.db").exists(),
        "the president's PC keeps no cases"
    );
    for seat in seats {
        seat.c.close().await?;
    }
    host.stop().await?;
    let report = office.verify(None, redress_desk::Lang::Zh).await?;
    ensure!(report.ok, "{:?}", report.first_bad);
    office.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn three_windows_walk_story_6_on_one_folder() -> Result<()> {
    let folder = TempDir::new()?;
    walked(config(&folder), &folder).await
}

#[tokio::test(flavor = "multi_thread")]
async fn three_windows_walk_story_6_on_postgresql() -> Result<()> {
    let folder = TempDir::new()?;
    let kept = Config {
        database: Some(database().await?),
        ..config(&folder)
    };
    walked(kept, &folder).await
}
