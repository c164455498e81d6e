//! A damaged office: it opens for reading as far as it goes, lets nobody in who could not come in before, writes
//! nothing more, and what is whole comes out of it.

use anyhow::{Context, Result, ensure};
use redress_desk::{
    ApiError, Config, Lang, Office, Session,
    demo::{PASSWORD, Practice},
    restore, salvage_house,
};
use redress_tests::{
    House, config, config_at, damage, house,
    pages::damaged,
    process::{Post, serve_if_told},
    served::{over, refused},
};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;

const ANYWHERE: ([u8; 4], u16) = ([127, 0, 0, 1], 0);
const CASES: usize = 12;

/// The killed process: this test, where it is told a folder.
#[tokio::test(flavor = "multi_thread")]
async fn victim() -> Result<()> {
    serve_if_told().await
}

/// A closed office with some cases.
async fn furnished() -> Result<(TempDir, PathBuf, Vec<String>)> {
    let House { practice, folder } = house().await?;
    let mut cases = Vec::new();
    for n in 0..CASES {
        let mut values = practice.complaint();
        values["late_entry.reason"] = json!("停电，纸上先记");
        values["complaint.description"] = json!(format!("第{n}件，含水量偏高"));
        let opens = json!({
            "procedure": "inspection-station", "channel": "visit", "received_at": "2026-09-28T08:00:00+08:00", "values": values,
        });
        let made = practice.call("zhaomin", "case.register", opens).await?;
        cases.push(made["case"].as_str().context("a case")?.to_owned());
    }
    practice.office.close().await;
    let data = folder.path().join("office");
    Ok((folder, data, cases))
}

fn database(data: &Path) -> PathBuf {
    data.join("redress.db")
}

async fn ask(
    office: &Office,
    session: &Session,
    name: &str,
    payload: Value,
) -> Result<Value, ApiError> {
    office.call(session, name, payload, Lang::En).await
}

async fn signed_in(office: &Office, login: &str) -> Result<Session, ApiError> {
    let session = Session::new();
    let who = json!({ "login": login, "password": PASSWORD });
    ask(office, &session, "session.sign_in", who).await?;
    Ok(session)
}

fn code<T>(answer: Result<T, ApiError>) -> String {
    answer.err().map_or_else(|| "done".to_owned(), |e| e.code)
}

/// The person of a login.
async fn id_of(data: &Path, login: &str) -> Result<String> {
    let office = Office::open(config_at(data)).await?;
    let admin = signed_in(&office, "admin").await?;
    let people = ask(&office, &admin, "person.list", json!({})).await?;
    office.close().await;
    let mut all = people.as_array().into_iter().flatten();
    let one = all.find(|p| p["login"] == login).context("a person")?;
    Ok(one["id"].as_str().context("an id")?.to_owned())
}

/// Makes the n-th event of a stream unreadable where it stands in the log.
fn garble(data: &Path, stream: &str, kind: &str) -> Result<()> {
    let file = database(data);
    let all = std::fs::read(&file)?;
    // In the table the kind follows the stream and the number, in the index nothing does.
    let places = all.windows(stream.len()).enumerate();
    let places = places.filter(|(_, w)| *w == stream.as_bytes());
    for (n, (at, _)) in places.enumerate() {
        let rest = &all[at + stream.len()..(at + stream.len() + 4 + kind.len()).min(all.len())];
        if let Some(before) = rest.windows(kind.len()).position(|w| w == kind.as_bytes()) {
            let after = (stream.len() + before) as u64;
            damage::garble(&file, stream.as_bytes(), after, kind.len(), n)?;
            return Ok(());
        }
    }
    anyhow::bail!("no {kind} of {stream}")
}

/// Everything that would write is refused by one code, whoever asks.
async fn refuses_writes(office: &Office, session: &Session) -> Result<()> {
    let state = ask(office, session, "session.state", json!({})).await?;
    let draft = json!({ "key": "register", "value": { "typed": 1 } });
    let pin = json!({ "password": PASSWORD, "pin": "2580" });
    let mut writes = vec![("draft.put", draft.clone()), ("session.set_pin", pin)];
    if state["user"]["account"] == "administrator" {
        let person = json!({ "name": "新人", "login": "new", "password": "Redress-2026", "account": "member" });
        writes.extend([
            ("person.add", person),
            ("office.set", json!({ "idle_minutes": 7 })),
            ("audit.anchor", json!({})),
        ]);
    }
    for (name, payload) in writes {
        let said = code(ask(office, session, name, payload).await);
        ensure!(said == "damaged_read_only", "{name}: {said}");
    }
    let words = ask(office, session, "draft.put", draft).await.err();
    let words = words.context("refused")?.message(Lang::Zh);
    ensure!(words.contains("抢救") && words.contains("复制"), "{words}");
    Ok(())
}

/// What is whole comes out, and the new office verifies and works.
async fn salvaged(data: &Path, into: &Path) -> Result<usize> {
    let report = salvage_house(&config_at(data), &config_at(into), Lang::En).await?;
    ensure!(report.problems.is_empty(), "{:?}", report.problems);
    let office = Office::open(config_at(into)).await?;
    ensure!(!office.read_only().await);
    let checked = office.verify(None, Lang::En).await?;
    ensure!(checked.ok, "{:?}", checked.problems);
    ensure!(
        checked.gaps.is_empty() == report.gaps.is_empty(),
        "the gaps are told"
    );
    office.close().await;
    Ok(report.cases)
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_account_is_damaged_stays_out_and_the_others_read() -> Result<()> {
    let (folder, data, cases) = furnished().await?;
    let practice = Practice::open(config_at(&data), PASSWORD).await?;
    practice.backup_key("luoping").await?;
    practice.office.close().await;
    drop(practice);
    let zhaomin = id_of(&data, "zhaomin").await?;
    garble(&data, &format!("person:{zhaomin}"), "password_set")?;
    let office = Office::open(config_at(&data)).await?;
    ensure!(office.read_only().await, "damage was seen");
    let nobody = Session::new();
    let state = ask(&office, &nobody, "session.state", json!({})).await?;
    ensure!(
        state["damaged"] == true && state["first_run"] == false,
        "{state}"
    );
    assert_eq!(code(signed_in(&office, "zhaomin").await), "sign_in_damaged");
    let wrong = json!({ "login": "luoping", "password": "not this one" });
    let said = code(ask(&office, &nobody, "session.sign_in", wrong).await);
    assert_eq!(
        said, "sign_in_damaged",
        "a wrong password is told from nothing"
    );
    let luoping = signed_in(&office, "luoping").await?;
    let list = ask(&office, &luoping, "case.list", json!({})).await?;
    ensure!(list["total"] == CASES && list["unreadable"] == 0, "{list}");
    for case in &cases {
        let view = ask(&office, &luoping, "case.get", json!({ "case": case })).await?;
        ensure!(view["id"] == case.as_str());
    }
    let admin = signed_in(&office, "admin").await?;
    let damage = ask(&office, &admin, "office.damage", json!({})).await?;
    let parts = damage["parts"].as_array().context("parts")?;
    ensure!(
        parts.len() == 1 && parts[0]["stream"] == format!("person:{zhaomin}"),
        "{damage}"
    );
    ensure!(damage["administrator"] == true);
    refuses_writes(&office, &admin).await?;
    ask(&office, &admin, "backup.create", json!({}))
        .await
        .context("a copy is made all the same")?;

    // The administrator brings it out in the window; whose account was damaged is looked at before it opens.
    let into = folder.path().join("new");
    let run = json!({ "into": into });
    assert_eq!(
        code(ask(&office, &luoping, "salvage.run", run.clone()).await),
        "account_may_not"
    );
    let inside = json!({ "into": data.join("new") });
    assert_eq!(
        code(ask(&office, &admin, "salvage.run", inside).await),
        "salvage_folder_unfit"
    );
    let report = ask(&office, &admin, "salvage.run", run).await?;
    ensure!(
        report["cases"] == CASES && report["problems"] == json!([]),
        "{report}"
    );
    ensure!(
        report["lost"][0]["stream"] == format!("person:{zhaomin}"),
        "{report}"
    );
    office.close().await;
    let office = Office::open(config_at(&into)).await?;
    ensure!(!office.read_only().await);
    assert_eq!(
        code(signed_in(&office, "zhaomin").await),
        "sign_in_failed",
        "nobody has looked yet"
    );
    let admin = signed_in(&office, "admin").await?;
    let people = ask(&office, &admin, "person.list", json!({})).await?;
    let mut all = people.as_array().into_iter().flatten();
    let lost = all
        .find(|p| p["id"] == zhaomin.as_str())
        .context("listed")?;
    ensure!(lost["unsure"] == true, "{lost}");
    let looked = json!({ "id": zhaomin, "password": "Redress-2027" });
    ask(&office, &admin, "person.update", looked)
        .await
        .context("looked at")?;
    let who = json!({ "login": "zhaomin", "password": "Redress-2027" });
    ask(&office, &Session::new(), "session.sign_in", who).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_can_sign_in_it_is_said_and_nobody_is_let_in() -> Result<()> {
    let (folder, data, cases) = furnished().await?;
    // In the table of the log alone a kind stands by its name.
    let file = database(&data);
    let kind = b"person_added";
    let places = std::fs::read(&file)?;
    let people = places.windows(kind.len()).filter(|w| w == kind).count();
    ensure!(people >= 10, "{people}");
    for _ in 0..people {
        damage::garble(&file, kind, 0, kind.len(), 0)?;
    }
    let office = Office::open(config_at(&data)).await?;
    ensure!(office.read_only().await && !office.first_run().await);
    assert_eq!(code(signed_in(&office, "admin").await), "sign_in_damaged");
    ensure!(
        !office.damage(Lang::En).await?.administrator,
        "nobody keeps it"
    );
    let setup = json!({ "organisation": { "name": "别人" }, "admin": { "name": "别人", "login": "other", "password": "tofu%river7lamp" } });
    assert_eq!(
        code(ask(&office, &Session::new(), "office.setup", setup).await),
        "already_set_up"
    );
    let said = ApiError::new("sign_in_damaged").message(Lang::En);
    ensure!(said.contains("redressctl salvage"), "{said}");
    office.close().await;
    drop(office);
    let cases_out = salvaged(&data, &folder.path().join("new")).await?;
    assert_eq!(cases_out, cases.len());
    Ok(())
}

/// Somebody who left is not let in again because the event that says so is lost.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_left_does_not_come_back_by_damage() -> Result<()> {
    let (folder, data, _) = furnished().await?;
    let linlan = id_of(&data, "linlan").await?;
    let office = Office::open(config_at(&data)).await?;
    let admin = signed_in(&office, "admin").await?;
    ask(
        &office,
        &admin,
        "person.update",
        json!({ "id": linlan, "closed": true }),
    )
    .await?;
    assert_eq!(code(signed_in(&office, "linlan").await), "sign_in_failed");
    office.close().await;
    drop(office);
    garble(&data, &format!("person:{linlan}"), "person_updated")?;
    let office = Office::open(config_at(&data)).await?;
    assert_eq!(code(signed_in(&office, "linlan").await), "sign_in_damaged");
    office.close().await;
    drop(office);
    let into = folder.path().join("new");
    salvaged(&data, &into).await?;
    let office = Office::open(config_at(&into)).await?;
    assert_eq!(
        code(signed_in(&office, "linlan").await),
        "sign_in_failed",
        "nor in what comes out"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_settings_are_named_and_the_office_is_read() -> Result<()> {
    let (folder, data, cases) = furnished().await?;
    garble(&data, "office", "organisation_set")?;
    let s = over(folder, config_at(&data), SocketAddr::from(ANYWHERE)).await?;
    let pc = s.signed_in("admin").await?;
    let damage = pc.call("office.damage", json!({})).await?;
    ensure!(damage["parts"][0]["stream"] == "office", "{damage}");
    let words = damage["parts"][0]["message"].as_str().unwrap_or_default();
    ensure!(words.contains("settings"), "{words}");
    pc.call("case.get", json!({ "case": cases[3] })).await?;
    let set = pc.call("office.set", json!({ "idle_minutes": 7 })).await;
    assert_eq!(refused(set), "damaged_read_only");
    let health = s
        .says(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    ensure!(
        health.starts_with("HTTP/1.1 503") && health.contains("damaged_read_only"),
        "{health}"
    );
    let into = s.folder.path().join("new");
    let report = pc.call("salvage.run", json!({ "into": into })).await?;
    ensure!(
        report["cases"] == CASES && report["problems"] == json!([]),
        "{report}"
    );
    s.host.stop().await?;
    Ok(())
}

/// A page of which nobody read anything yet goes bad while the office is open.
#[tokio::test(flavor = "multi_thread")]
async fn damage_that_is_seen_at_work_ends_all_writing_until_it_is_checked() -> Result<()> {
    let (folder, data, cases) = furnished().await?;
    // The newest case's rows of the list: nothing of it is read at opening.
    let file = database(&data);
    let sound = std::fs::read(&file)?;
    let office = Office::open(config_at(&data)).await?;
    let admin = signed_in(&office, "admin").await?;
    ask(
        &office,
        &admin,
        "draft.put",
        json!({ "key": "register", "value": {} }),
    )
    .await
    .context("written before")?;
    office.close().await;
    drop(office);
    let pages = damage::count(&file)?;
    let mut seen = 0;
    for page in (1..pages).rev().step_by(3) {
        std::fs::write(&file, &sound)?;
        damage::zeros(&file, page)?;
        let Ok(office) = Office::open(config_at(&data)).await else {
            continue;
        };
        let mut tried = signed_in(&office, "luoping").await;
        if matches!(&tried, Err(e) if e.code == "damaged_folder") {
            // It was found on the way in; whoever tries again reads what is left.
            tried = signed_in(&office, "luoping").await;
        }
        let admin = match tried {
            Ok(session) => session,
            Err(e) => {
                // Of a log without its first page nobody is known, and the message leads to the salvage.
                let known = ["sign_in_damaged", "sign_in_failed", "damaged_folder"];
                ensure!(known.contains(&e.code.as_str()), "page {page}: {e}");
                ensure!(
                    e.code == "sign_in_failed" || office.read_only().await,
                    "page {page}: {e}"
                );
                office.close().await;
                continue;
            }
        };
        let mut told = 0;
        for case in &cases {
            match ask(&office, &admin, "case.get", json!({ "case": case })).await {
                Ok(_) => told += 1,
                Err(e) => ensure!(
                    [
                        "damaged_folder",
                        "record_damaged",
                        "unknown_case",
                        "edition_unusable"
                    ]
                    .contains(&e.code.as_str()),
                    "page {page}: {e}"
                ),
            }
        }
        let list = ask(&office, &admin, "case.list", json!({})).await?;
        let rows = list["rows"].as_array().map_or(0, Vec::len);
        let unreadable = usize::try_from(list["unreadable"].as_u64().unwrap_or_default())?;
        ensure!(
            rows + unreadable >= CASES || office.damage(Lang::En).await?.unreadable > 0,
            "page {page}: {list}"
        );
        if office.read_only().await {
            seen += 1;
            let put = ask(
                &office,
                &admin,
                "draft.put",
                json!({ "key": "register", "value": {} }),
            )
            .await;
            assert_eq!(code(put), "damaged_read_only", "page {page}, {told} told");
            let report = office.verify(None, Lang::En).await?;
            ensure!(
                !report.ok && report.read_only,
                "page {page}: the check does not open it again"
            );
        }
        office.close().await;
    }
    ensure!(seen > 3, "{seen}");
    // Whole again, e.g. because the file was put back: opened anew it is written.
    std::fs::write(&file, &sound)?;
    let office = Office::open(config_at(&data)).await?;
    ensure!(!office.read_only().await);
    let admin = signed_in(&office, "admin").await?;
    ask(
        &office,
        &admin,
        "draft.put",
        json!({ "key": "register", "value": {} }),
    )
    .await?;
    drop(folder);
    Ok(())
}

/// What a folder is after its file was hurt: never one in which an office could be set up.
async fn never_empty(config: Config) -> Result<Option<Office>> {
    match Office::open(config).await {
        Err(e) => {
            ensure!(
                ["damaged_folder", "schema_differs"].contains(&e.code.as_str()),
                "{e}"
            );
            Ok(None)
        }
        Ok(office) => {
            ensure!(!office.first_run().await, "taken for an empty folder");
            Ok(Some(office))
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_empty_headless_or_gone_is_no_empty_folder() -> Result<()> {
    let (folder, data, _) = furnished().await?;
    let file = database(&data);
    let sound = std::fs::read(&file)?;
    std::fs::write(&file, "")?;
    ensure!(never_empty(config_at(&data)).await?.is_none(), "zero bytes");
    std::fs::write(&file, &sound)?;
    damage::zeros(&file, 0)?;
    ensure!(never_empty(config_at(&data)).await?.is_none(), "page 1");
    std::fs::write(&file, &sound)?;
    std::fs::copy(&file, data.join("before-migration-9.db"))?;
    std::fs::remove_file(&file)?;
    ensure!(
        never_empty(config_at(&data)).await?.is_none(),
        "gone, with a copy beside"
    );
    // With the newest backup it goes on.
    std::fs::write(&file, &sound)?;
    let practice = Practice::open(config_at(&data), PASSWORD).await?;
    let secret = practice.backup_key("luoping").await?;
    let (backup, _) = practice.office.backup(None, "x.backup").await?;
    practice.office.close().await;
    drop(practice);
    damage::zeros(&file, 0)?;
    restore(&config_at(&data), &backup, &secret).await?;
    let office = Office::open(config_at(&data)).await?;
    ensure!(office.verify(None, Lang::En).await?.ok);
    drop(folder);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_cut_off_is_read_as_far_as_it_goes() -> Result<()> {
    let (folder, data, _) = furnished().await?;
    let file = database(&data);
    let sound = std::fs::read(&file)?;
    let pages = damage::count(&file)?;
    let mut opened = 0;
    for part in 1..8 {
        std::fs::write(&file, &sound)?;
        damage::cut(&file, pages * part / 8)?;
        if let Some(office) = never_empty(config_at(&data)).await? {
            opened += 1;
            if let Ok(session) = signed_in(&office, "luoping").await {
                let list = ask(&office, &session, "case.list", json!({})).await?;
                for row in list["rows"].as_array().into_iter().flatten() {
                    let got =
                        ask(&office, &session, "case.get", json!({ "case": row["id"] })).await;
                    let said = code(got);
                    ensure!(
                        [
                            "done",
                            "damaged_folder",
                            "record_damaged",
                            "edition_unusable"
                        ]
                        .contains(&said.as_str()),
                        "{said}"
                    );
                }
                refuses_writes(&office, &session).await?;
            }
            office.close().await;
            drop(office);
        }
        let into = folder.path().join(format!("out-{part}"));
        if let Err(e) = salvaged(&data, &into).await {
            let e = e.downcast::<ApiError>()?;
            ensure!(e.code == "damaged_folder", "{part}: {e}");
        }
    }
    ensure!(opened > 3, "{opened}");
    Ok(())
}

/// What was written since the damage to the journal is gone as if the power had been cut; an anchor tells.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_journal_leaves_a_whole_office_of_an_earlier_moment() -> Result<()> {
    let (folder, data, _) = furnished().await?;
    let practice = Practice::open(config_at(&data), PASSWORD).await?;
    for minutes in 20..60 {
        practice
            .call("admin", "office.set", json!({ "idle_minutes": minutes }))
            .await?;
    }
    let report = practice.office.verify(None, Lang::En).await?;
    let anchor = format!("{}:{}", report.anchor_pos, report.anchor_hash);
    let other = folder.path().join("other");
    std::fs::create_dir_all(&other)?;
    for name in ["redress.db", "redress.db-wal"] {
        std::fs::copy(data.join(name), other.join(name))?;
    }
    practice.office.close().await;
    let journal = other.join("redress.db-wal");
    let length = journal.metadata()?.len();
    let mut bytes = std::fs::read(&journal)?;
    let middle = usize::try_from(length / 2)?;
    bytes[middle..middle + 64].fill(0xA5);
    std::fs::write(&journal, bytes)?;
    let office = Office::open(config_at(&other)).await?;
    let report = office.verify(None, Lang::En).await?;
    ensure!(report.ok && !report.read_only, "{:?}", report.problems);
    let report = office.verify(Some(&anchor), Lang::En).await?;
    ensure!(
        report.problems.iter().any(|p| p.code == "anchor_missing"),
        "{:?}",
        report.problems
    );
    Ok(())
}

/// Whatever moment it is killed at: the next start finishes the set-up, or begins it anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_that_is_killed_blocks_nothing() -> Result<()> {
    let (mut finished, mut anew) = (0, 0);
    for n in 0..16_u64 {
        let folder = TempDir::new()?;
        let data = folder.path().join("office");
        let post = Post {
            data: data.clone(),
            database: None,
            clock: None,
            args: ["--exact", "damaged::victim", "--nocapture"]
                .map(str::to_owned)
                .to_vec(),
        };
        let mut host = post.start(SocketAddr::from(ANYWHERE))?;
        let certificate = redress_host::Certificate::of(&data, &[])?;
        let client =
            redress_host::Client::new(&host.address.to_string(), &certificate.fingerprint)?;
        let setup = json!({ "organisation": { "name": "示范中心" }, "admin": { "name": "方圆", "login": "admin", "password": "tofu%river7lamp" } });
        let asked = tokio::spawn(async move {
            client
                .call("office.setup", &setup, "0123456789abcdef", Lang::En)
                .await
                .is_ok()
        });
        tokio::time::sleep(Duration::from_millis(30 * n)).await;
        host.kill();
        let acknowledged = asked.await?;
        let office = Office::open(config_at(&data)).await?;
        let first = office.first_run().await;
        ensure!(!(acknowledged && first), "acknowledged, and gone");
        ensure!(
            !data.join("redress.making").exists(),
            "half a database is left"
        );
        if first {
            anew += 1;
            let setup = json!({ "organisation": { "name": "示范中心" }, "admin": { "name": "方圆", "login": "admin", "password": "tofu%river7lamp" } });
            ask(&office, &Session::new(), "office.setup", setup).await?;
        } else {
            finished += 1;
        }
        let who = json!({ "login": "admin", "password": "tofu%river7lamp" });
        ask(&office, &Session::new(), "session.sign_in", who).await?;
        ensure!(office.verify(None, Lang::En).await?.ok);
    }
    println!("{finished} finished, {anew} begun anew");
    ensure!(anew > 0, "{finished} finished");
    Ok(())
}

/// `cargo xtask faults` does it two thousand times.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_page_is_damaged_what_reads_is_what_was_written() -> Result<()> {
    let outcome = damaged(16, 0xDA3A6E).await?;
    println!("{outcome:?}");
    ensure!(outcome.opened > 8 && outcome.salvaged > 8, "{outcome:?}");
    Ok(())
}

/// The list for disposal names what was copied, and the older copies beside the database go with the cases.
#[tokio::test(flavor = "multi_thread")]
async fn a_house_that_was_moved_or_salvaged_says_where_from() -> Result<()> {
    let (folder, data, _) = furnished().await?;
    let _ = config(&folder);
    let into = folder.path().join("new");
    salvaged(&data, &into).await?;
    let office = Office::open(config_at(&into)).await?;
    let admin = signed_in(&office, "admin").await?;
    let lines = ask(&office, &admin, "access.list", json!({ "what": "salvage" })).await?;
    ensure!(
        lines[0]["about"] == data.to_string_lossy().as_ref(),
        "{lines}"
    );
    Ok(())
}

/// The first page of the drafts is gone: who types hears that nothing is written any more, not that a table is damaged.
#[tokio::test(flavor = "multi_thread")]
async fn what_would_write_is_refused_as_that_whatever_it_reads_before() -> Result<()> {
    let (folder, data, _) = furnished().await?;
    let file = database(&data);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let pool = sqlx::SqlitePool::connect_with(options).await?;
    let page: i64 = sqlx::query_scalar("SELECT rootpage FROM sqlite_schema WHERE name = 'draft'")
        .fetch_one(&pool)
        .await?;
    pool.close().await;
    damage::zeros(&file, u64::try_from(page)? - 1)?;
    let office = Office::open(config_at(&data)).await?;
    let session = signed_in(&office, "luoping").await?;
    ensure!(office.verify(None, Lang::En).await?.read_only);
    let typed = json!({ "key": "register", "value": { "typed": 1 } });
    let said = code(ask(&office, &session, "draft.put", typed).await);
    ensure!(said == "damaged_read_only", "{said}");
    office.close().await;
    drop(folder);
    Ok(())
}
