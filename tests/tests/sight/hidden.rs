//! For whom a confidential case is hidden it is not there (G11): no row, no count, no notice, no number in a report,
//! and asking for it is answered as for a case that does not exist.

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use redress_desk::{ApiError, Lang, Session, Told, demo::PASSWORD};
use redress_tests::{House, code, dice::Dice, house};
use serde_json::{Value, json};
use std::{collections::BTreeMap, io::Read};

/// Whom the hidden cases are about: a group leader, an auditor and an administrator.
const SUBJECTS: [&str; 3] = ["qianwei", "neishen", "zongguan"];
/// Deeds of a walk.
const DEEDS: usize = 24;
/// Walks.
const WALKS: u64 = 4;

async fn office() -> Result<House, ApiError> {
    let mut h = house().await?;
    h.practice.laboratory_people().await?;
    for (login, name, account) in [
        ("neishen", "内审员", "auditor"),
        ("zongguan", "总管", "administrator"),
    ] {
        let person = json!({ "name": name, "login": login, "password": PASSWORD, "account": account, "roles": [] });
        h.practice.call("admin", "person.add", person).await?;
        h.practice.sign_in_as(login).await?;
    }
    h.practice.clock("2026-10-09T09:00")?;
    Ok(h)
}

fn complaint(h: &House, n: usize, about: &[&str], wish: bool) -> Value {
    let named: Vec<&String> = about.iter().map(|l| &h.practice.ids[*l]).collect();
    let mut values = json!({
        "complaint.source": "customer", "complainant.name": format!("贺兰{n}"), "complaint.nature": "service",
        "complaint.description": format!("第{n}次等候很久，被训斥。"), "complaint.demand": ["apologise"],
        "complaint.about_us": true, "immediate.measures": ["none"],
    });
    if !named.is_empty() {
        values["complaint.named_staff"] = json!(named);
    }
    if wish {
        values["confidential.wish"] = json!(true);
    }
    values
}

/// A case in both offices, or in the first alone.
struct Pair {
    whole: (String, String),
    bare: Option<(String, String)>,
}

/// What a walk does to a case.
enum Deed {
    Register { n: usize, hidden: bool, wish: bool },
    Act { case: usize, what: usize },
}

async fn register(h: &House, values: Value) -> Result<(String, String)> {
    let now = h.practice.office.now().to_rfc3339();
    let request = json!({ "procedure": "clinical-laboratory", "received_at": now, "channel": "oral", "values": values });
    let made = h.practice.call("chenxia", "case.register", request).await?;
    let text = |k: &str| made[k].as_str().map(str::to_owned).context("a new case");
    Ok((text("case")?, text("number")?))
}

async fn act(h: &House, case: &str, what: usize) {
    let p = &h.practice;
    // A refusal is the same in both offices.
    let _ = match what {
        0 => {
            p.act("chenxia", case, "note", json!({ "note.text": "已转达。" }))
                .await
        }
        1 => {
            let form = json!({ "case": case, "form": "complaint-receipt", "copies": [] });
            p.call("chenxia", "form.issue", form).await
        }
        2 => {
            let file = json!({ "case": case, "name": "单子.txt", "bytes": "5YyW6aqM5Y2V" });
            p.call("chenxia", "attachment.add", file).await
        }
        3 => {
            let values = json!({ "triage.opinion": "accept", "triage.level": "larger", "triage.reason": "重复发生", "triage.major": true });
            p.act("jinzhe", case, "triage_at_once", values).await
        }
        4 => p.call("neishen", "case.get", json!({ "case": case })).await,
        _ => {
            p.act(
                "chenxia",
                case,
                "void",
                json!({ "void.reason": "登记有误。" }),
            )
            .await
        }
    };
}

/// Walks both offices: what is hidden happens in the first alone.
async fn walk(whole: &House, bare: &House, seed: u64) -> Result<Vec<Pair>> {
    let mut dice = Dice(seed);
    let mut cases: Vec<Pair> = Vec::new();
    for n in 0..DEEDS {
        let deed = if cases.len() < 3 || dice.below(3) == 0 {
            let hidden = cases.is_empty() || dice.below(2) == 0;
            Deed::Register {
                n,
                hidden,
                wish: dice.below(3) == 0,
            }
        } else {
            Deed::Act {
                case: dice.below(cases.len()),
                what: dice.below(6),
            }
        };
        match deed {
            Deed::Register { n, hidden, wish } => {
                let about: &[&str] = if hidden { &SUBJECTS } else { &[] };
                let first = register(whole, complaint(whole, n, about, wish)).await?;
                let second = match hidden {
                    true => None,
                    false => Some(register(bare, complaint(bare, n, about, wish)).await?),
                };
                cases.push(Pair {
                    whole: first,
                    bare: second,
                });
            }
            Deed::Act { case, what } => {
                act(whole, &cases[case].whole.0, what).await;
                if let Some((id, _)) = &cases[case].bare {
                    act(bare, id, what).await;
                }
            }
        }
        let then = whole.practice.office.now()
            + chrono::Duration::minutes(37 * (1 + i64::try_from(dice.below(40))?));
        for h in [whole, bare] {
            h.practice.office.set_clock(then).await?;
        }
    }
    Ok(cases)
}

/// The parts of a spreadsheet, unpacked.
fn sheet(bytes: &[u8]) -> Result<String> {
    let mut out = String::new();
    let word = |o: usize| usize::from(u16::from_le_bytes([bytes[o], bytes[o + 1]]));
    let long = |o: usize| word(o) | (word(o + 2) << 16);
    let ends = bytes.windows(4).rposition(|w| w == b"PK\x05\x06");
    let mut entry = long(ends.context("a zip")? + 16);
    while bytes.get(entry..entry + 4) == Some(b"PK\x01\x02") {
        let (method, packed, local) = (word(entry + 10), long(entry + 20), long(entry + 42));
        let name =
            String::from_utf8_lossy(&bytes[entry + 46..entry + 46 + word(entry + 28)]).into_owned();
        let data = local + 30 + word(local + 26) + word(local + 28);
        let part = &bytes[data..data + packed];
        if name.starts_with("xl/") && method == 8 {
            flate2::read::DeflateDecoder::new(part).read_to_string(&mut out)?;
        }
        entry += 46 + word(entry + 28) + word(entry + 30) + word(entry + 32);
    }
    ensure!(!out.is_empty(), "an empty spreadsheet");
    Ok(out)
}

/// Positions and hashes of the log differ, and so do ids; nothing else may.
fn levelled(value: &mut Value) -> Result<()> {
    match value {
        Value::Array(all) => all.iter_mut().try_for_each(levelled),
        Value::Object(map) => {
            let access = map.get("stream").is_some_and(|s| s == "access");
            // Each look at a case is a line of the access stream: its place there counts them.
            let keys = ["pos", "hash", "next", "seq"];
            for key in &keys[..if access { 4 } else { 3 }] {
                if map.get(*key).is_some_and(|v| !v.is_null()) {
                    map.insert((*key).to_owned(), json!("…"));
                }
            }
            if let Some(bytes) = map.get("bytes").and_then(Value::as_str) {
                let text = sheet(&STANDARD.decode(bytes)?)?;
                map.insert("bytes".to_owned(), json!(text));
            }
            map.values_mut().try_for_each(levelled)
        }
        _ => Ok(()),
    }
}

/// Puts one word for what a text says between two others of fixed form.
fn mask(text: &str, is: impl Fn(&[u8]) -> Option<usize>, word: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut from, mut at) = (String::new(), 0, 0);
    while at < bytes.len() {
        match is(&bytes[at..]) {
            Some(n) if n > 0 && text.is_char_boundary(at) && text.is_char_boundary(at + n) => {
                out.push_str(&text[from..at]);
                out.push_str(word);
                at += n;
                from = at;
            }
            _ => at += 1,
        }
    }
    out.push_str(&text[from..]);
    out
}

/// An anchor, `POS:HASH`.
fn anchor(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = bytes.get(digits..)?;
    let hash = rest.get(1..65)?.iter().all(u8::is_ascii_hexdigit);
    (digits > 0 && rest[0] == b':' && hash).then_some(digits + 65)
}

/// An id.
fn uuid(bytes: &[u8]) -> Option<usize> {
    let one = bytes.get(..36)?;
    let fits = |(i, b): (usize, &u8)| match i {
        8 | 13 | 18 | 23 => *b == b'-',
        _ => b.is_ascii_hexdigit(),
    };
    one.iter().enumerate().all(fits).then_some(36)
}

async fn answer(
    h: &House,
    who: &str,
    command: &str,
    payload: &Value,
    names: &BTreeMap<String, String>,
) -> Result<String> {
    let text = match h.practice.call(who, command, payload.clone()).await {
        Ok(mut value) => {
            levelled(&mut value)?;
            value.to_string()
        }
        Err(e) => serde_json::to_string(&e)?,
    };
    let mut text = mask(&text, anchor, "ANCHOR");
    // The longest first: a document's number begins with its case's.
    let mut all: Vec<_> = names.iter().collect();
    all.sort_by_key(|(k, _)| std::cmp::Reverse(k.len()));
    // In two turns, so that what was put in is not taken for what stood there.
    for (k, v) in all {
        text = text.replace(k, v);
    }
    Ok(mask(&text, uuid, "ID"))
}

/// Every command that lists, counts or reports.
fn questions(chenxia: &str) -> Vec<(&'static str, Value)> {
    let mut all = vec![
        ("case.list", json!({})),
        ("case.list", json!({ "limit": 2 })),
        ("case.list", json!({ "text": "贺兰" })),
        ("case.list", json!({ "text": "训斥" })),
        ("case.list", json!({ "person": chenxia })),
        ("case.list", json!({ "status": "open" })),
        ("case.list", json!({ "status": "voided" })),
        ("case.list", json!({ "clock": "late" })),
        ("case.list", json!({ "clock": "soon" })),
        (
            "case.list",
            json!({ "procedure": "clinical-laboratory", "from": "2026-10-10", "to": "2026-10-20" }),
        ),
        ("case.similar", json!({ "text": "贺兰" })),
        ("worklist.get", json!({})),
        ("report.due", json!({})),
        ("export.xlsx", json!({})),
        ("procedure.editions", json!({})),
        ("procedure.list", json!({})),
        ("person.list", json!({})),
        ("party.list", json!({})),
        ("draft.list", json!({})),
        ("delegate.list", json!({})),
        ("grant.list", json!({})),
        ("calendar.provisional", json!({})),
        ("disposal.list", json!({})),
        ("audit.list", json!({ "limit": 500 })),
        ("audit.list", json!({ "limit": 7 })),
        ("access.list", json!({ "limit": 500 })),
        ("access.list", json!({ "limit": 3 })),
        ("backup.list", json!({})),
    ];
    for kind in [
        "week",
        "month",
        "timeliness",
        "management_review",
        "handover",
    ] {
        let report = json!({ "kind": kind, "procedure": "clinical-laboratory", "from": "2026-10-05", "to": "2026-11-30", "format": "xlsx" });
        all.push(("report.period", report));
    }
    all
}

/// For the subject every answer is, byte for byte, that of an office in which the case was never registered.
#[tokio::test(flavor = "multi_thread")]
async fn the_subject_lives_in_an_office_without_the_case() -> Result<()> {
    for seed in 1..=WALKS {
        let (whole, bare) = (office().await?, office().await?);
        let cases = walk(&whole, &bare, seed * 7919).await?;
        let (mut names, mut bare_names) = (BTreeMap::new(), BTreeMap::new());
        for (n, pair) in cases.iter().filter(|c| c.bare.is_some()).enumerate() {
            let (case, number) = (format!("《案{n}》"), format!("《号{n}》"));
            names.insert(pair.whole.0.clone(), case.clone());
            names.insert(pair.whole.1.clone(), number.clone());
            if let Some((id, no)) = &pair.bare {
                bare_names.insert(id.clone(), case);
                bare_names.insert(no.clone(), number);
            }
        }
        ensure!(
            cases.iter().any(|c| c.bare.is_none()),
            "something is hidden"
        );
        for (h, names) in [(&whole, &mut names), (&bare, &mut bare_names)] {
            for (login, id) in &h.practice.ids {
                names.insert(id.clone(), login.clone());
            }
        }
        for who in SUBJECTS {
            let ours = questions(&whole.practice.ids["chenxia"]);
            let theirs = questions(&bare.practice.ids["chenxia"]);
            for ((command, a), (_, b)) in ours.iter().zip(&theirs) {
                let seen = answer(&whole, who, command, a, &names).await?;
                let without = answer(&bare, who, command, b, &bare_names).await?;
                assert_eq!(seen, without, "walk {seed}: {who} asks {command} {a}");
            }
        }
        // Whoever works on it has it in the list: the comparison compares something.
        let mine = whole
            .practice
            .call("chenxia", "case.list", json!({ "limit": 200 }))
            .await?;
        assert_eq!(mine["rows"].as_array().map(Vec::len), Some(cases.len()));
    }
    Ok(())
}

/// Asked for by id or number, it is answered as one that does not exist; so is what belongs to it.
#[tokio::test(flavor = "multi_thread")]
async fn asking_for_it_is_answered_as_for_none() -> Result<()> {
    let h = office().await?;
    let (id, number) = register(&h, complaint(&h, 1, &SUBJECTS, true)).await?;
    let form = json!({ "case": id, "form": "complaint-receipt", "copies": [] });
    let document = h.practice.call("chenxia", "form.issue", form).await?["document"].clone();
    let file = json!({ "case": id, "name": "单子.txt", "bytes": "5YyW6aqM5Y2V" });
    let file = h.practice.call("chenxia", "attachment.add", file).await?["id"].clone();
    let (_, mine) = register(&h, complaint(&h, 2, &[], false)).await?;
    let nobody = "01890000-0000-7000-8000-00000000abcd";
    let ask = |case: &str| {
        vec![
            ("case.get", json!({ "case": case })),
            ("case.get", json!({ "case": case, "why": "我要核实" })),
            ("case.file", json!({ "case": case, "why": "我要核实" })),
            ("case.present", json!({ "case": case })),
            (
                "case.act",
                json!({ "case": case, "action": "note", "values": { "note.text": "看看" } }),
            ),
            ("case.list", json!({ "text": case })),
            (
                "form.layout",
                json!({ "case": case, "form": "complaint-receipt" }),
            ),
            (
                "form.render",
                json!({ "case": case, "form": "complaint-receipt", "why": "看看" }),
            ),
            (
                "form.issue",
                json!({ "case": case, "form": "complaint-receipt", "copies": [] }),
            ),
            ("attachment.list", json!({ "case": case })),
            (
                "attachment.add",
                json!({ "case": case, "name": "a.txt", "bytes": "5YyW6aqM5Y2V" }),
            ),
            ("audit.list", json!({ "case": case })),
            ("audit.list", json!({ "stream": format!("case:{case}") })),
            (
                "disposal.propose",
                json!({ "cases": [case], "reason": "到期" }),
            ),
            (
                "case.act",
                json!({ "case": mine, "action": "merge", "values": { "merge.into": case } }),
            ),
        ]
    };
    let said = |answer: Result<Value, ApiError>, case: &str| match answer {
        Ok(v) => v.to_string().replace(case, "…"),
        Err(e) => serde_json::to_string(&e)
            .unwrap_or_default()
            .replace(case, "…"),
    };
    for who in SUBJECTS {
        for (there, gone) in [(id.as_str(), nobody), (number.as_str(), "QX-0000-9999")] {
            for ((command, a), (_, b)) in ask(there).into_iter().zip(ask(gone)) {
                let hidden = said(h.practice.call(who, command, a).await, there);
                let none = said(h.practice.call(who, command, b).await, gone);
                assert_eq!(hidden, none, "{who} asks {command} for {there}");
            }
        }
        for (command, key, id) in [
            ("document.get", "document", &document),
            ("document.reprint", "document", &document),
            ("attachment.get", "id", &file),
        ] {
            let id = id.as_str().unwrap_or_default();
            let hidden = h
                .practice
                .call(who, command, json!({ key: id, "why": "看看" }))
                .await;
            let none = h
                .practice
                .call(who, command, json!({ key: nobody, "why": "看看" }))
                .await;
            assert_eq!(said(hidden, id), said(none, nobody), "{who} {command}");
        }
    }
    Ok(())
}

/// What is covered of a confidential case is not told by a filter either.
#[tokio::test]
async fn a_filter_tells_nothing_that_is_covered() -> Result<()> {
    let h = office().await?;
    register(&h, complaint(&h, 1, &[], true)).await?;
    let by = json!({ "person": h.practice.ids["chenxia"] });
    let total = |v: &Value| v["total"].clone();
    let mine = h.practice.call("chenxia", "case.list", by.clone()).await?;
    assert_eq!(total(&mine), 1, "whoever has part finds who registered it");
    for who in ["zhaomin", "admin", "fangyuan"] {
        let found = h.practice.call(who, "case.list", by.clone()).await?;
        assert_eq!(total(&found), 0, "{who} asks who registered it");
        let all = h.practice.call(who, "case.list", json!({})).await?;
        assert_eq!(total(&all), 1, "{who} sees number and step");
    }
    // The log and the access stream tell an administrator no more; an auditor reads them.
    h.practice
        .call(
            "chenxia",
            "case.get",
            json!({ "case": mine["rows"][0]["id"] }),
        )
        .await?;
    let audit = json!({ "case": mine["rows"][0]["id"] });
    for (who, covered) in [("admin", true), ("neishen", false)] {
        let lines = h.practice.call(who, "audit.list", audit.clone()).await?;
        assert_eq!(lines[0]["actor"] == "", covered, "{who}: {lines}");
        let opened = json!({ "what": "open_confidential" });
        let lines = h.practice.call(who, "access.list", opened).await?;
        assert_eq!(lines[0]["who"] == "", covered, "{who}: {lines}");
    }
    Ok(())
}

/// Notices name a confidential case to those who have part in it, and tell its subject nothing at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_notice_tells_the_subject_nothing() -> Result<()> {
    let h = office().await?;
    let office = &h.practice.office;
    let mut sessions = BTreeMap::new();
    for login in ["chenxia", "zhaomin", "qianwei"] {
        let session = Session::new();
        let sign = json!({ "login": login, "password": PASSWORD });
        office
            .call(&session, "session.sign_in", sign, Lang::Zh)
            .await?;
        sessions.insert(login, session);
    }
    let mut told = office.told();
    let (id, _) = register(&h, complaint(&h, 1, &SUBJECTS, false)).await?;
    let present = json!({ "case": id });
    h.practice.call("chenxia", "case.present", present).await?;
    let (mut changed, mut came) = (None, None);
    while changed.is_none() || came.is_none() {
        match tokio::time::timeout(std::time::Duration::from_secs(10), told.recv()).await?? {
            Told::Changed { cases, house } if !cases.is_empty() => {
                changed = Some(Told::Changed { cases, house })
            }
            Told::Present { case } => came = Some(Told::Present { case }),
            _ => {}
        }
    }
    let (changed, came) = (changed.context("a change")?, came.context("somebody came")?);
    let bare = Told::Changed {
        cases: vec![],
        house: false,
    };
    for (who, change, comes) in [
        ("chenxia", Some(changed.clone()), Some(came.clone())),
        ("zhaomin", Some(bare), None),
        ("qianwei", None, None),
    ] {
        assert_eq!(
            office.hears(&sessions[who], changed.clone()).await,
            change,
            "{who}"
        );
        assert_eq!(
            office.hears(&sessions[who], came.clone()).await,
            comes,
            "{who}"
        );
    }
    // Through a deputy neither.
    let deputy = json!({ "principal": h.practice.ids["qianwei"], "deputy": h.practice.ids["zhaomin"], "from": "2026-10-01", "until": "2026-10-31" });
    h.practice.call("qianwei", "delegate.set", deputy).await?;
    assert_eq!(office.hears(&sessions["zhaomin"], changed).await, None);
    let refused = h
        .practice
        .call("zhaomin", "case.get", json!({ "case": id }))
        .await;
    assert_eq!(code(refused), "unknown_case");
    Ok(())
}
