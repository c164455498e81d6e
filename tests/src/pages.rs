//! An office of which a page is damaged, again and again: what still reads is what was written, nothing ends in a panic,
//! nothing more is written where damage was seen, and what is whole is brought out.

use crate::{config_at, damage, dice::Dice};
use anyhow::{Context, Result, anyhow, ensure};
use redress_desk::{
    ApiError, Lang, Office, Session,
    demo::{PASSWORD, Practice},
    salvage_house,
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};
use tempfile::TempDir;

/// Cases of the office that is damaged.
const CASES: usize = 24;

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Offices that were damaged.
    pub pages: usize,
    /// Of these, offices that opened for reading.
    pub opened: usize,
    /// Of these, in which damage was seen so that nothing was written any more.
    pub read_only: usize,
    /// Of these, into which nobody could sign in.
    pub nobody: usize,
    /// Offices that did not open, by the code of the refusal.
    pub refused: BTreeMap<String, usize>,
    /// Cases that read whole, and were what was written.
    pub whole: usize,
    /// Cases that were refused, by code.
    pub lost: BTreeMap<String, usize>,
    /// Cases that read whole and were something else.
    pub wrong: usize,
    /// Panics anywhere in the process.
    pub panics: usize,
    /// Offices of which a new folder came.
    pub salvaged: usize,
    /// Cases in those.
    pub brought_out: usize,
    /// Offices of which nothing could be brought out, by code.
    pub unsalvaged: BTreeMap<String, usize>,
}

/// An office with some cases, and what each of them is to whoever looks.
struct Whole {
    folder: TempDir,
    cases: BTreeMap<&'static str, BTreeMap<String, Value>>,
}

/// Who looks: the first who can still sign in.
const LOGINS: [&str; 4] = ["luoping", "linlan", "zhaomin", "admin"];
/// What is compared of a case.
const KEYS: [&str; 14] = [
    "id",
    "number",
    "procedure",
    "edition",
    "status",
    "seq",
    "headline",
    "complainant",
    "received_at",
    "entered_at",
    "channel",
    "values",
    "documents",
    "steps",
];

/// A case as far as it depends on nothing but its own events.
fn bare(view: &Value) -> Value {
    let mut bare = json!({});
    for key in KEYS {
        bare[key] = view[key].clone();
    }
    // A colleague of whom nothing can be read is named by number.
    for value in bare["values"].as_array_mut().into_iter().flatten() {
        value["by"] = Value::Null;
        let kind = value["field"]["kind"].as_str().unwrap_or_default();
        if kind == "staff" {
            value["text"] = Value::Null;
        }
    }
    bare
}

async fn look(office: &Office, session: &Session, case: &str) -> Result<Value, ApiError> {
    let asked = json!({ "case": case });
    let view = office.call(session, "case.get", asked, Lang::En).await?;
    Ok(bare(&view))
}

async fn signed_in(office: &Office, login: &str) -> Result<Session, ApiError> {
    let session = Session::new();
    let who = json!({ "login": login, "password": PASSWORD });
    office
        .call(&session, "session.sign_in", who, Lang::En)
        .await?;
    Ok(session)
}

async fn furnished() -> Result<Whole> {
    let folder = TempDir::new()?;
    let start = chrono::DateTime::parse_from_rfc3339("2026-09-28T08:00:00+08:00")?;
    let config = config_at(&folder.path().join("office"));
    let practice = Practice::create(config.clone(), PASSWORD, start).await?;
    let mut ids = Vec::new();
    for n in 0..CASES {
        let mut values = practice.complaint();
        values["late_entry.reason"] = json!("停电，纸上先记");
        values["complaint.description"] = json!(format!(
            "第{n}件：{}",
            "报告的含水量结果偏高。".repeat(1 + n % 7)
        ));
        let opens = json!({
            "procedure": "inspection-station", "channel": "visit", "received_at": "2026-09-28T08:00:00+08:00", "values": values,
        });
        let made = practice.call("zhaomin", "case.register", opens).await?;
        ids.push(made["case"].as_str().context("a case")?.to_owned());
    }
    practice.office.close().await;
    drop(practice);
    let office = Office::open(config).await?;
    let mut cases = BTreeMap::new();
    for login in LOGINS {
        let session = signed_in(&office, login).await?;
        let mut own = BTreeMap::new();
        for id in &ids {
            own.insert(id.clone(), look(&office, &session, id).await?);
        }
        cases.insert(login, own);
    }
    office.close().await;
    Ok(Whole { folder, cases })
}

fn count(all: &mut BTreeMap<String, usize>, code: &str) {
    *all.entry(code.to_owned()).or_default() += 1;
}

/// What a damaged office may answer: that something is damaged, or what follows from that.
fn allowed(e: &ApiError) -> bool {
    const CODES: [&str; 10] = [
        "damaged_folder",
        "record_damaged",
        "damaged_read_only",
        "edition_unusable",
        "schema_differs",
        "foreign_folder",
        "unknown_case",
        "case_confidential",
        "newer_version",
        "second_factor_lost",
    ];
    CODES.contains(&e.code.as_str())
}

fn refusal(e: ApiError, all: &mut BTreeMap<String, usize>) -> Result<()> {
    ensure!(allowed(&e), "{e}");
    count(all, &e.code);
    Ok(())
}

/// Reads what can be read.
async fn read(whole: &Whole, office: &Office, outcome: &mut Outcome) -> Result<()> {
    let mut session = None;
    for login in LOGINS {
        match signed_in(office, login).await {
            Ok(s) => {
                session = Some((login, s));
                break;
            }
            Err(e) if ["sign_in_failed", "sign_in_damaged"].contains(&e.code.as_str()) => {}
            Err(e) => refusal(e, &mut outcome.lost)?,
        }
    }
    let Some((login, session)) = session else {
        outcome.nobody += 1;
        return Ok(());
    };
    let list = json!({ "limit": 200 });
    match office.call(&session, "case.list", list, Lang::En).await {
        Ok(list) => {
            let rows = list["rows"].as_array().map_or(0, Vec::len) as u64;
            let unreadable = list["unreadable"].as_u64().unwrap_or_default();
            let told = rows + unreadable;
            let damage = office.damage(Lang::En).await?;
            // A case of which not even the beginning can be read stands among the events that nobody knows.
            let all = CASES as u64;
            ensure!(
                told >= all || damage.read_only,
                "{rows} rows and {unreadable} unreadable of {all}"
            );
        }
        Err(e) => refusal(e, &mut outcome.lost)?,
    }
    for (id, written) in whole.cases.get(login).into_iter().flatten() {
        match look(office, &session, id).await {
            Ok(read) if read == *written => outcome.whole += 1,
            Ok(read) => {
                eprintln!("{id}: {read}\nis not {written}");
                outcome.wrong += 1;
            }
            Err(e) => refusal(e, &mut outcome.lost)?,
        }
    }
    let report = office.verify(None, Lang::En).await?;
    let draft = json!({ "key": "register", "value": { "typed": 1 } });
    let put = office.call(&session, "draft.put", draft, Lang::En).await;
    if report.read_only {
        outcome.read_only += 1;
        let said = put.err().map(|e| e.code);
        // Whose account turned out not to be whole is out again.
        let codes = ["damaged_read_only", "sign_in_first"];
        ensure!(
            said.as_deref().is_some_and(|s| codes.contains(&s)),
            "{said:?}"
        );
    } else if let Err(e) = put {
        refusal(e, &mut outcome.lost)?;
    }
    Ok(())
}

async fn bring_out(data: &Path, into: &Path, outcome: &mut Outcome) -> Result<()> {
    let (from, to) = (config_at(data), config_at(into));
    let report = match salvage_house(&from, &to, Lang::En).await {
        Ok(report) => report,
        Err(e) => {
            let codes = ["damaged_folder", "foreign_folder", "internal"];
            ensure!(codes.contains(&e.code.as_str()), "salvage: {e}");
            count(&mut outcome.unsalvaged, &e.code);
            return Ok(());
        }
    };
    ensure!(
        report.problems.is_empty(),
        "the new folder is not whole: {report:?}"
    );
    outcome.salvaged += 1;
    outcome.brought_out += report.cases;
    let lost: BTreeSet<&str> = report.lost.iter().map(|l| l.stream.as_str()).collect();
    let gone = CASES.saturating_sub(report.cases);
    ensure!(
        gone <= lost.len() + report.gone,
        "{gone} cases are gone unsaid: {report:?}"
    );
    Ok(())
}

async fn round(whole: &Whole, n: usize, dice: &mut Dice, outcome: &mut Outcome) -> Result<()> {
    let top = TempDir::new()?;
    let (data, into) = (top.path().join("office"), top.path().join("new"));
    std::fs::create_dir_all(&data)?;
    let file = data.join("redress.db");
    std::fs::copy(whole.folder.path().join("office/redress.db"), &file)?;
    let pages = damage::count(&file)?;
    let some = dice.below(usize::try_from(pages)?) as u64;
    match n % 8 {
        0 => damage::zeros(&file, some)?,
        1 => damage::cut(&file, some)?,
        _ => drop(damage::pages(&file, 1, 1 + dice.below(usize::MAX) as u64)?),
    }
    outcome.pages += 1;
    let copy = top.path().join("copy");
    std::fs::create_dir_all(&copy)?;
    std::fs::copy(&file, copy.join("redress.db"))?;
    match Office::open(config_at(&data)).await {
        Ok(office) => {
            outcome.opened += 1;
            ensure!(
                !office.first_run().await,
                "a damaged folder was taken for an empty one"
            );
            let done = read(whole, &office, outcome).await;
            office.close().await;
            done?;
        }
        Err(e) => refusal(e, &mut outcome.refused)?,
    }
    bring_out(&copy, &into, outcome).await
}

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Damages so many pages by the dice of a seed, each of a fresh copy of one office.
///
/// # Errors
/// Where something is answered that is neither what was written nor a refusal, or the machine refuses.
pub async fn damaged(times: usize, seed: u64) -> Result<Outcome> {
    let whole = furnished().await?;
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        before(info);
    }));
    let mut dice = Dice(seed);
    let mut outcome = Outcome::default();
    for n in 0..times {
        let done = round(&whole, n, &mut dice, &mut outcome).await;
        done.map_err(|e| anyhow!("seed {seed}, round {n}: {e:#}"))?;
    }
    outcome.panics = PANICS.load(Ordering::Relaxed);
    ensure!(outcome.panics == 0, "{outcome:?}");
    ensure!(outcome.wrong == 0, "{outcome:?}");
    Ok(outcome)
}
