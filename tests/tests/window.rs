//! The real window: story 1 from the counter to the archive, by hand as it were; and a second start on the
//! same folder.

#![cfg(target_os = "linux")]

use anyhow::{Context, Result, bail, ensure};
use fantoccini::{Client, ClientBuilder, Locator};
use redress_desk::demo::{DoneDeed, EndsAs, Laboratory, PASSWORD, Practice, Story};
use redress_tests::{House, config, display::Display, house};
use serde_json::{Value, json};
use std::{
    ffi::OsString,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A display, and a driver in a process group of its own; dropping it ends both.
struct Screen {
    driver: Child,
    _display: Display,
    url: String,
    /// What a program needs to start beside the window.
    env: Vec<(&'static str, OsString)>,
}

/// The moment at which the window stands still: after every date in the story.
const NOW: &str = "2026-12-30T09:40:00+08:00";

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl Screen {
    /// A display, a session bus and a driver of their own.
    fn start(folder: &TempDir, data: &Path) -> Result<Self> {
        let display = Display::start()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let below = |name: &str| folder.path().join(name);
        for name in ["run", "share", "config", "cache"] {
            std::fs::create_dir_all(below(name))?;
        }
        let mut env: Vec<(&str, OsString)> = vec![
            ("TAURI_AUTOMATION", "true".into()),
            ("TAURI_WEBVIEW_AUTOMATION", "true".into()),
            ("XDG_RUNTIME_DIR", below("run").into()),
            ("XDG_DATA_HOME", below("share").into()),
            ("XDG_CONFIG_HOME", below("config").into()),
            ("XDG_CACHE_HOME", below("cache").into()),
            ("WEBKIT_DISABLE_COMPOSITING_MODE", "1".into()),
            ("REDRESS_DATA", data.into()),
            ("REDRESS_AT", NOW.into()),
            ("DISPLAY", display.name.as_str().into()),
            ("LANG", "C.UTF-8".into()),
        ];
        let start = format!(
            "echo $DBUS_SESSION_BUS_ADDRESS; exec WebKitWebDriver --port={port} --host=127.0.0.1"
        );
        let mut driver = Command::new("dbus-run-session")
            .args(["--", "sh", "-c", &start])
            .envs(env.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("dbus-run-session")?;
        let mut bus = String::new();
        BufReader::new(driver.stdout.take().context("the bus")?).read_line(&mut bus)?;
        env.push(("DBUS_SESSION_BUS_ADDRESS", bus.trim().into()));
        let screen = Self {
            driver,
            _display: display,
            url: format!("http://127.0.0.1:{port}"),
            env,
        };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            anyhow::ensure!(
                start.elapsed() < Duration::from_secs(20),
                "WebKitWebDriver did not start"
            );
            std::thread::yield_now();
        }
        Ok(screen)
    }

    /// A picture of the whole display, kept below `target/pictures`.
    fn picture(&self, name: &str) -> Result<()> {
        let folder = top().join("target/pictures");
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("window-{name}.png"));
        Command::new("import")
            .args(["-window", "root"])
            .arg(path)
            .envs(self.env.iter().cloned())
            .status()?;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill")
            .args(["--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = self.driver.wait();
    }
}

const PATIENCE: Duration = Duration::from_secs(30);

async fn see(c: &Client, css: &str) -> Result<fantoccini::elements::Element> {
    let found = c
        .wait()
        .at_most(PATIENCE)
        .for_element(Locator::Css(css))
        .await;
    found.with_context(|| css.to_owned())
}

async fn type_in(c: &Client, field: &str, text: &str) -> Result<()> {
    Ok(see(c, &format!("[data-field='{field}']"))
        .await?
        .send_keys(text)
        .await?)
}

/// Fills whatever fields stand on the page, in the order in which they appear; rows are added as needed.
const FILL: &str = r##"
const [values, scope, done] = arguments
const turn = () => new Promise((r) => setTimeout(r))
// What the page still fetches (choices, people) is waited for, as a hand would.
const until = async (what, find) => {
  const end = Date.now() + 30000
  for (;;) {
    const el = find()
    if (el) return el
    if (Date.now() > end) throw new Error(`never seen: ${what}`)
    await turn()
  }
}
const put = (el, v) => {
  el.value = String(v)
  el.dispatchEvent(new Event('input', { bubbles: true }))
  el.dispatchEvent(new Event('change', { bubbles: true }))
}
const fill = async (el, v) => {
  if (el.matches('.rows')) {
    for (const [n, row] of v.entries()) {
      el.querySelector('[data-action="add-row"]').click()
      await turn()
      for (const [column, cell] of Object.entries(row)) {
        const inner = el.querySelectorAll('tbody tr')[n].querySelector(`[data-field="${column}"]`)
        await fill(inner, cell)
        await turn()
      }
    }
  } else if (el.matches('.seg')) {
    const all = typeof v === 'boolean' ? [v ? 'yes' : 'no'] : [v].flat()
    for (const choice of all) (await until(choice, () => el.querySelector(`[data-choice="${choice}"]`))).click()
  } else if (el.matches('.pair')) {
    const [value, unit] = el.querySelectorAll('input')
    put(value, v.value)
    await turn()
    put(unit, v.unit)
  } else {
    if (el.type === 'datetime-local') v = String(v).slice(0, 16)
    if (el.matches('select')) await until(v, () => [...el.options].some((o) => o.value === String(v)))
    put(el, v)
  }
}
const run = async () => {
  const left = new Map(Object.entries(values))
  while (left.size) {
    const seen = (id) => document.querySelector(scope)?.querySelector(`[data-field="${id}"]`)
    const id = await until([...left.keys()].join(), () => [...left.keys()].find(seen))
    await fill(seen(id), left.get(id))
    left.delete(id)
    await turn()
  }
  return ''
}
run().then(done, (e) => done(String(e)))
"##;

async fn fill(c: &Client, scope: &str, values: &Value) -> Result<()> {
    see(c, scope).await?;
    let said = c
        .execute_async(FILL, vec![values.clone(), scope.into()])
        .await?;
    ensure!(said == "", "{scope}: {said}");
    Ok(())
}

async fn sign_in(c: &Client, login: &str) -> Result<()> {
    see(c, "[data-screen='signin']").await?;
    type_in(c, "login", login).await?;
    type_in(c, "password", "Redress-2026").await?;
    see(c, "[data-action='sign-in']").await?.click().await?;
    see(c, "[data-screen='desk']").await?;
    Ok(())
}

/// Clicks by script: what a menu hides, or another thing covers for a moment, is clicked all the same.
async fn press(c: &Client, css: &str) -> Result<()> {
    see(c, css).await?;
    let click = "document.querySelector(arguments[0]).click()";
    c.execute(click, vec![css.into()]).await?;
    Ok(())
}

async fn go(c: &Client, hash: &str) -> Result<()> {
    c.execute("location.hash = arguments[0]", vec![hash.into()])
        .await?;
    Ok(())
}

/// Registers as the story does; answers the new number.
async fn register(c: &Client, screen: &Screen, told: &Value, belated: bool) -> Result<String> {
    press(c, "[data-action='register']").await?;
    let channel = json!({ "channel": told["channel"] });
    fill(c, "[data-screen='register']", &channel).await?;
    fill(c, "[data-screen='register']", &told["values"]).await?;
    if belated {
        // The window's today is after the story: its complaints are entered late, with the reason (T1).
        let page = "[data-screen='register']";
        let received = json!({ "received_at": told["received_at"] });
        fill(c, page, &received).await?;
        fill(c, page, &json!({ "late_entry.reason": "年底补录" })).await?;
    }
    screen.picture("register")?;
    press(c, "[data-action='register-and-print']").await?;
    see(c, "[data-screen='case'] svg.page").await?;
    see(c, "[data-document$='-HZ-01']").await?;
    screen.picture("case")?;
    let number = see(c, "[data-field='case.number']").await?;
    number
        .prop("innerText")
        .await?
        .context("the new case's number")
}

async fn act(c: &Client, action: &str, values: &Value) -> Result<()> {
    let seq = see(c, "[data-screen='case'] [data-seq]")
        .await?
        .attr("data-seq")
        .await?
        .unwrap_or_default();
    press(c, &format!("[data-action='{action}']")).await?;
    let form = format!("[data-form='{action}']");
    fill(c, &form, values).await?;
    let password = format!("{form} [data-field='signature.password']");
    if let Ok(field) = c.find(Locator::Css(&password)).await {
        field.send_keys(PASSWORD).await?;
    }
    press(c, &format!("{form} [data-action='send']")).await?;
    let after = format!("[data-seq]:not([data-seq='{seq}']), {form} [role='alert']");
    see(c, &after).await?;
    if let Ok(alert) = c
        .find(Locator::Css(&format!("{form} [role='alert']")))
        .await
    {
        bail!("{action}: {:?}", alert.prop("innerText").await?);
    }
    Ok(())
}

async fn issue(c: &Client, form: &str, task: Option<&str>) -> Result<()> {
    let seq = see(c, "[data-screen='case'] [data-seq]")
        .await?
        .attr("data-seq")
        .await?
        .unwrap_or_default();
    let choice = json!({ "document.form": format!("{form}@{}", task.unwrap_or_default()) });
    fill(c, ".docs", &choice).await?;
    press(c, ".docs [data-action='document-issue']").await?;
    see(
        c,
        &format!("[data-seq]:not([data-seq='{seq}']), .docs [role='alert']"),
    )
    .await?;
    if let Ok(alert) = c.find(Locator::Css(".docs [role='alert']")).await {
        let said = alert.prop("innerText").await?.unwrap_or_default();
        // There is no viewer on a bare display: the document is given out all the same.
        eprintln!("{form}: {said}");
    }
    Ok(())
}

/// A story's deeds, walked through the window on cases of its own; answers their numbers in the order of
/// their registration.
async fn walk(c: &Client, screen: &Screen, name: &str, deeds: &[DoneDeed]) -> Result<Vec<String>> {
    let mut who = "";
    let mut at = String::new();
    // The rehearsal's case id, and the number of the case that stands for it here.
    let mut cases: Vec<(String, String)> = Vec::new();
    for deed in deeds {
        let (actor, command, payload) = (&deed.who, &deed.command, &deed.payload);
        if who != actor {
            if !who.is_empty() {
                press(c, "[data-action='sign-out']").await?;
            }
            sign_in(c, actor).await?;
            who = actor;
            at.clear();
        }
        if let Some(made) = &deed.made {
            go(c, "#/").await?;
            let belated = name == "inspection-institute";
            let number = register(c, screen, payload, belated).await?;
            screen.picture(&format!("{name}-{}-case", cases.len() + 1))?;
            at.clone_from(&number);
            cases.push((made.clone(), number));
            continue;
        }
        let told = payload["case"].as_str().unwrap_or_default();
        let number = match cases
            .iter()
            .find(|(id, number)| id == told || number == told)
        {
            Some((_, number)) => number.clone(),
            // The practice's own stories name a case by its number.
            None => cases.last().map(|(_, n)| n.clone()).unwrap_or_default(),
        };
        if at != number {
            go(c, &format!("#/case/{number}")).await?;
            see(c, &format!("[data-case='{number}']")).await?;
            at = number;
        }
        match command.as_str() {
            "case.act" => {
                let action = payload["action"].as_str().unwrap_or_default();
                act(c, action, &payload["values"]).await?;
                if action == "decide_fault" {
                    screen.picture("fault")?;
                }
            }
            // Registering has printed it already.
            "form.issue" if payload["form"] == "complaint-receipt" => {}
            "form.issue" => {
                let form = payload["form"].as_str().unwrap_or_default();
                issue(c, form, payload["task"].as_str()).await?;
            }
            other => bail!("the story runs {other}, which has no place in the window"),
        }
    }
    screen.picture(&format!("{name}-end"))?;
    Ok(cases.into_iter().map(|(_, number)| number).collect())
}

async fn window(screen: &Screen, app: &Path) -> Result<Client> {
    let wanted = json!({ "webkitgtk:browserOptions": { "binary": app, "args": [] } });
    let c = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
        .capabilities(wanted.as_object().cloned().unwrap_or_default())
        .connect(&screen.url)
        .await?;
    Ok(c)
}

/// An office whose next case will be the story's, and the deeds that walk it.
async fn rehearsed(laboratory: bool) -> Result<(House, Vec<DoneDeed>)> {
    let mut h = house().await?;
    if laboratory {
        h.practice.laboratory_people().await?;
    }
    h.practice.deeds.lock().map(|mut d| d.clear()).ok();
    if laboratory {
        h.practice.laboratory(Laboratory::Potassium).await?;
    } else {
        h.practice.story(EndsAs::Differs).await?;
    }
    let mut deeds = h.practice.told();
    deeds.retain(|d| d.who != "admin");
    Ok((h, deeds))
}

fn built() -> Result<PathBuf> {
    top()
        .join("target/debug/redress")
        .canonicalize()
        .context("build the window first: cargo xtask test")
}

/// The driver ends the window in its own time; its folder is free when it has gone.
async fn reopened(folder: &TempDir) -> Result<Practice> {
    let start = Instant::now();
    loop {
        match Practice::open_bare(config(folder), PASSWORD).await {
            Err(e) if e.code == "folder_in_use" && start.elapsed() < PATIENCE => {
                std::thread::yield_now();
            }
            opened => return Ok(opened?),
        }
    }
}

/// Opens an office in the window, walks a rehearsed story there, and holds the log against itself.
async fn walked(name: &str, practice: Practice, folder: TempDir) -> Result<()> {
    let mut deeds = practice.told();
    deeds.retain(|d| {
        let here = ["case.register", "case.act", "form.issue"].contains(&d.command.as_str());
        here && !d.refused
    });
    practice.office.close().await;
    drop(practice);
    let screen = Screen::start(&folder, &folder.path().join("office"))?;
    let c = window(&screen, &built()?).await?;
    let numbers = walk(&c, &screen, name, &deeds).await?;
    c.close().await?;
    drop(screen);
    let again = reopened(&folder).await?;
    for number in numbers {
        let view = again
            .call("admin", "case.get", json!({ "case": number }))
            .await?;
        ensure!(view["status"] != "open", "{number} is still open");
    }
    ensure!(
        again.office.verify(None, redress_desk::Lang::Zh).await?.ok,
        "the log is whole"
    );
    Ok(())
}

/// Stories 2 to 5 and 7 to 9, each once whole.
#[tokio::test(flavor = "multi_thread")]
async fn the_told_stories_go_through_the_window() -> Result<()> {
    for (name, text) in redress_desk::demo::STORIES {
        let story = Story::read(text)?;
        let folder = TempDir::new()?;
        let mut practice = Practice::bare(config(&folder), PASSWORD, story.begins()?).await?;
        practice.tell(&story).await?;
        walked(name, practice, folder)
            .await
            .with_context(|| (*name).to_owned())?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn story_6_up_to_the_president_and_the_mediation() -> Result<()> {
    let app = built()?;
    let (House { practice, folder }, deeds) = rehearsed(true).await?;
    practice.office.close().await;
    drop(practice);
    let screen = Screen::start(&folder, &folder.path().join("office"))?;
    let c = window(&screen, &app).await?;
    let numbers = walk(&c, &screen, "laboratory", &deeds).await?;
    assert_eq!(numbers, ["BY-2026-0002"]);
    let number = &numbers[0];
    let status = see(&c, "[data-field='case.status']").await?;
    let status = status.prop("innerText").await?.unwrap_or_default();
    assert!(status.contains("已归档"), "{status}");
    c.close().await?;
    drop(screen);
    let again = reopened(&folder).await?;
    let form = json!({ "case": number, "form": "handling-reply", "variant": "filled" });
    let laid = again.call("admin", "form.layout", form).await?.to_string();
    assert!(
        laid.contains("批准：颜宏"),
        "the president's signature stands beside the line for ink: {laid}"
    );
    assert!(
        again.office.verify(None, redress_desk::Lang::Zh).await?.ok,
        "the log is whole"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn story_1_from_the_counter_to_the_archive() -> Result<()> {
    let app = built()?;
    let (h, deeds) = rehearsed(false).await?;
    h.practice.office.close().await;
    drop(h.practice);
    let data = h.folder.path().join("office");
    let screen = Screen::start(&h.folder, &data)?;
    let c = window(&screen, &app).await?;
    see(&c, "[data-screen='signin']").await?;
    screen.picture("signin")?;

    // A second start on the same folder ends at once and leaves the first in front.
    let second = Command::new(&app)
        .envs(screen.env.iter().cloned())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    assert!(second.success(), "the second window gives way: {second}");

    let numbers = walk(&c, &screen, "station", &deeds).await?;
    assert_eq!(numbers, ["TS-2026-0002"]);
    let number = &numbers[0];
    see(&c, "[data-field='case.status']").await?;
    let status = see(&c, "[data-field='case.status']").await?;
    let status = status.prop("innerText").await?.unwrap_or_default();
    assert!(status.contains("已归档"), "{status}");
    screen.picture("archived")?;
    go(&c, "#/").await?;
    see(&c, "[data-screen='desk']").await?;
    screen.picture("desk")?;
    c.close().await?;
    drop(screen);

    let again = reopened(&h.folder).await?;
    let view = again
        .call("admin", "case.get", json!({ "case": number }))
        .await?;
    assert_eq!(view["status"], "closed");
    assert_eq!(
        view["documents"].as_array().map(Vec::len),
        Some(9),
        "every form was given out"
    );
    assert!(
        again.office.verify(None, redress_desk::Lang::Zh).await?.ok,
        "the log is whole"
    );
    Ok(())
}
