//! Marks in every free text, and a look for them where nothing typed may stand: events, file names, errors.

mod retelling;
mod wander;

use redress_desk::{
    ApiError, Lang, Session,
    demo::{EndsAs, Laboratory, PASSWORD, Practice, STORIES, Story},
};
use redress_tests::{House, config, house};
use retelling::{divert, retell};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tempfile::TempDir;
use wander::wander;

/// Kinds of text in which somebody could be named, by field id; a rows-field's text columns too.
fn typed(field: &Value) -> bool {
    matches!(field["kind"].as_str(), Some("text" | "long_text"))
}

/// Keys, ids, numbers and departments, which the program itself looks up again.
fn looked_up(id: &str) -> bool {
    [
        "correction.field",
        "extension.clock",
        "exception.bar",
        "merge.into",
    ]
    .contains(&id)
        || id.ends_with(".department")
}

/// What can be done at every step and asks for reasons.
async fn beside_the_way(
    p: &Practice,
    case: &str,
    mark: &mut impl FnMut() -> String,
) -> Result<(), ApiError> {
    let view = p
        .call("suqing", "case.get", json!({ "case": case }))
        .await?;
    let clocks = view["clocks"].as_array().into_iter().flatten();
    let mut running = clocks.filter(|c| c["stopped_at"].is_null() && !c["due"].is_null());
    let clock = running.next().map(|c| c["id"].clone());
    let extend = json!({ "extension.clock": clock, "extension.until": "2026-12-31", "extension.reason": mark(), "extension.allowed_by": p.ids["fangyuan"] });
    p.act("suqing", case, "extend", extend).await?;
    // Somebody whom the case bars, by one of the bars.
    let barred = view["excluded"].as_array().into_iter().flatten();
    let others = [&p.ids["suqing"], &p.ids["fangyuan"]];
    let mut barred = barred.filter(|x| !others.iter().any(|o| x["id"] == o.as_str()));
    let barred = barred.next().cloned().unwrap_or_default();
    let except = json!({ "exception.person": barred["id"], "exception.bar": barred["relation"], "exception.second": p.ids["fangyuan"], "exception.reason": mark() });
    p.act("suqing", case, "except", except).await?;
    let correct = json!({ "correction.field": "complainant.name", "correction.new": mark(), "correction.reason": mark() });
    p.act("suqing", case, "correct", correct).await?;
    let late = json!({
        "procedure": "clinical-laboratory", "received_at": "2026-05-01T09:00:00+08:00", "channel": "oral",
        "values": {
            "complaint.source": "customer", "complainant.name": mark(), "complaint.nature": "service", "complaint.description": mark(),
            "complaint.demand": ["explain"], "complaint.about_us": true, "immediate.measures": ["none"], "late_entry.reason": mark(),
        },
    });
    p.call("suqing", "case.register", late).await?;
    Ok(())
}

/// Events, kinds and streams that hold a mark; files of the folder whose names do.
async fn marked(folder: &std::path::Path) -> anyhow::Result<(i64, Vec<String>)> {
    let database = folder.join("redress.db");
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}", database.display())).await?;
    let sql = "SELECT count(*) FROM event WHERE body LIKE '%密记%' OR kind LIKE '%密记%' OR stream LIKE '%密记%'";
    let events = sqlx::query_scalar(sql).fetch_one(&pool).await?;
    pool.close().await;
    let names: Result<Vec<String>, std::io::Error> = std::fs::read_dir(folder)?
        .map(|e| Ok(e?.file_name().to_string_lossy().into_owned()))
        .collect();
    let bad = |n: &String| n.contains('密');
    Ok((events, names?.into_iter().filter(bad).collect()))
}

/// The told stories of the other seven procedures, with a mark in every free text.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_told_stories_type_stands_in_no_event_body() -> anyhow::Result<()> {
    for (name, text) in STORIES {
        let story = Story::read(text)?;
        let (one, two) = (TempDir::new()?, TempDir::new()?);
        let mut told = Practice::bare(config(&one), PASSWORD, story.begins()?).await?;
        told.tell(&story).await?;
        let mut p = Practice::bare(config(&two), PASSWORD, story.begins()?).await?;
        p.cast(&story).await?;
        let get = json!({ "id": story.procedure });
        let procedure = p.call("admin", "procedure.get", get).await?;
        let fields = procedure["fields"].as_array().cloned().unwrap_or_default();
        let mut count = 0;
        let mut mark = || {
            count += 1;
            format!("密记{count}号")
        };
        retell(&told, &mut p, &fields, &mut mark).await?;
        assert!(count > 20, "{name}: {count} marks");
        let whole = p.office.verify(None, Lang::Zh).await?;
        assert!(whole.ok, "{name}: {:?}", whole.first_bad);
        assert!(p.papers.keys().all(|n| !n.contains('密')), "{name}");
        p.office.close().await;
        let (events, names) = marked(&two.path().join("office")).await?;
        assert_eq!(events, 0, "{name}: events hold ids, kinds and times");
        assert!(names.is_empty(), "{name}: {names:?}");
    }
    Ok(())
}

/// All three stories of the laboratory and the station's longest, told again with a mark in every free text.
#[tokio::test]
async fn what_is_typed_stands_in_no_event_body_file_name_or_error() -> anyhow::Result<()> {
    let mut told = house().await?;
    for story in Laboratory::ALL {
        told.practice.laboratory(story).await?;
    }
    for ends in [EndsAs::Differs, EndsAs::Agrees, EndsAs::UsedUp] {
        told.practice.story(ends).await?;
    }
    let mut h = house().await?;
    h.practice.laboratory_people().await?;
    let mut fields = Vec::new();
    for procedure in ["clinical-laboratory", "inspection-station"] {
        let p = h
            .practice
            .call("admin", "procedure.get", json!({ "id": procedure }))
            .await?;
        fields.extend(p["fields"].as_array().cloned().unwrap_or_default());
    }
    let mut count = 0;
    let mut mark = || {
        count += 1;
        format!("密记{count}号")
    };
    let retold = retell(&told.practice, &mut h.practice, &fields, &mut mark).await?;
    let planted = retold.iter().filter(|d| d.3["values"].is_object()).count();
    assert!(planted > 80, "{planted} acts were planted");
    let case = "BY-2026-0001";
    wander(&h.practice, &mut mark).await?;
    for (story, before, then) in [
        (
            0,
            "organise_reverification@reverification-1",
            &[(
                "mengfan",
                "reverify_impossible@reverification-1",
                "reverify.impossible",
            )][..],
        ),
        (
            2,
            "file@filing-1",
            &[("suqing", "file@filing-1", "filing.opinion")],
        ),
        (
            2,
            "give_result",
            &[("suqing", "reply_impossible", "reply.impossible")],
        ),
        (
            2,
            "record_response",
            &[
                ("suqing", "record_response", ""),
                ("suqing", "another_round", "round.reason"),
            ],
        ),
        (
            2,
            "record_response",
            &[
                ("suqing", "record_response", ""),
                ("suqing", "appeal", "appeal.reason"),
                ("yanhong", "decide_appeal", "appeal.text"),
            ],
        ),
        (
            2,
            "record_response",
            &[
                ("suqing", "record_response", ""),
                ("suqing", "appeal", "appeal.reason"),
                ("suqing", "decide_appeal_elsewhere", "appeal.body"),
            ],
        ),
    ] {
        let case = divert(&h.practice, &retold, story, before).await?;
        for (who, action, field) in then {
            let values = match *field {
                "" => json!({ "reply.accepted": "rejected" }),
                "appeal.reason" => json!({ "appeal.reason": mark(), "appeal.date": "2026-05-14" }),
                "appeal.text" => json!({ "appeal.text": mark(), "appeal.outcome": "maintained" }),
                "appeal.body" => {
                    json!({ "appeal.body": mark(), "appeal.body_reason": mark(), "appeal.text": mark(), "appeal.outcome": "maintained" })
                }
                field => json!({ field: mark() }),
            };
            h.practice.act(who, &case, action, values).await?;
        }
        if story == 0 {
            beside_the_way(&h.practice, &case, &mut mark).await?;
        }
    }

    // Error messages: every free text in the wrong shape, too long, with a bad character, in the wrong place.
    let mut errors = Vec::new();
    let open = json!({ "procedure": "clinical-laboratory", "received_at": "2026-10-09T08:50:00+08:00", "channel": "oral" });
    for field in &fields {
        for bad in [
            json!({ "密": "密记错误" }),
            json!("密记错误\u{7}"),
            json!("密记错误".repeat(20_000)),
            json!(["密记错误"]),
            json!(7),
        ] {
            let id = field["id"].as_str().unwrap_or_default();
            let mut request = open.clone();
            request["values"] = json!({ id: bad });
            for (command, payload) in [
                ("case.register", request.clone()),
                ("case.preview_clocks", request),
                (
                    "case.act",
                    json!({ "case": case, "action": "note", "values": { id: bad } }),
                ),
            ] {
                if let Err(e) = h.practice.call("chenxia", command, payload).await {
                    errors.push(e.to_door(Lang::Zh).to_string());
                }
            }
        }
    }
    let nobody = Session::new();
    for (command, payload) in [
        (
            "session.sign_in",
            json!({ "login": "密记", "password": "密记密记密记" }),
        ),
        ("case.list", json!({ "text": "密记", "from": "密记" })),
        (
            "draft.put",
            json!({ "key": "register", "value": { "密记": "密记" }, "more": "密记" }),
        ),
        (
            "case.register",
            json!({ "procedure": "clinical-laboratory", "received_at": "密记", "channel": "oral", "values": {} }),
        ),
        ("case.register", json!({ "values": "密记" })),
    ] {
        if let Err(e) = h
            .practice
            .office
            .call(&nobody, command, payload.clone(), Lang::Zh)
            .await
        {
            errors.push(e.to_door(Lang::Zh).to_string());
        }
        if let Err(e) = h.practice.call("chenxia", command, payload).await {
            errors.push(e.to_door(Lang::Zh).to_string());
        }
    }
    assert!(errors.len() > 500, "{} errors", errors.len());
    for e in &errors {
        assert!(!e.contains("密记"), "an error repeats what was typed: {e}");
    }

    // Names of papers, and the log itself.
    for name in h.practice.papers.keys() {
        assert!(!name.contains('密'), "{name}");
    }
    let verified = h.practice.office.verify(None, Lang::Zh).await?;
    assert!(verified.ok, "{:?}", verified.first_bad);
    let House { practice, folder } = h;
    practice.office.close().await;
    drop(practice);
    let office = folder.path().join("office");
    let (events, names) = marked(&office).await?;
    assert_eq!(events, 0, "events hold ids, kinds and times");
    assert!(names.is_empty(), "{names:?}");
    let pool =
        sqlx::SqlitePool::connect(&format!("sqlite://{}", office.join("redress.db").display()))
            .await?;
    let beside: i64 =
        sqlx::query_scalar("SELECT count(DISTINCT field) FROM value WHERE value LIKE '%密记%'")
            .fetch_one(&pool)
            .await?;
    let held: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT field FROM value WHERE value LIKE '%密记%'")
            .fetch_all(&pool)
            .await?;
    let bare = |key: &String| key.rsplit('/').next().unwrap_or_default().to_owned();
    let held: BTreeSet<String> = held.iter().map(bare).collect();
    let free = fields
        .iter()
        .filter(|f| typed(f) || f["columns"].as_array().into_iter().flatten().any(typed));
    let missing: Vec<&str> = free
        .filter_map(|f| f["id"].as_str())
        .filter(|id| !held.contains(*id))
        .collect();
    let missing: Vec<&&str> = missing.iter().filter(|f| !looked_up(f)).collect();
    assert!(missing.is_empty(), "no mark was planted in {missing:?}");
    assert!(beside > 100, "{beside} fields were planted");
    // What a process says when it ends badly: the same folder, damaged.
    pool.close().await;
    let bytes = std::fs::read(office.join("redress.db"))?;
    std::fs::write(office.join("redress.db"), &bytes[..bytes.len() / 2])?;
    let config = redress_tests::config(&folder);
    let said = match redress_desk::Office::open(config).await {
        Ok(broken) => match broken.verify(None, Lang::Zh).await {
            Ok(r) => serde_json::to_string(&r)?,
            Err(e) => e.to_door(Lang::Zh).to_string(),
        },
        Err(e) => e.to_door(Lang::Zh).to_string(),
    };
    assert!(!said.contains("密记"), "{said}");
    Ok(())
}
