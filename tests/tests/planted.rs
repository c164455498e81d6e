//! Marks in every free text, and a look for them where nothing typed may stand: events, file names, errors.

use redress_desk::{
    ApiError, Lang, Session,
    demo::{EndsAs, Laboratory, PASSWORD, Practice, STORIES, Story},
};
use redress_tests::{House, config, house};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tempfile::TempDir;

/// Kinds of text in which somebody could be named, by field id; a rows-field's text columns too.
fn typed(field: &Value) -> bool {
    matches!(field["kind"].as_str(), Some("text" | "long_text"))
}

/// Keys, ids, numbers and departments, which the program itself looks up again.
fn looked_up(id: &str) -> bool {
    ["correction.field", "extension.clock", "merge.into"].contains(&id)
        || id.ends_with(".department")
}

/// Puts the mark into every free text of the values that an act enters.
fn plant(values: &mut Value, fields: &[Value], mark: &mut impl FnMut() -> String) {
    let Some(map) = values.as_object_mut() else {
        return;
    };
    // Notes that a check may carry and no story writes.
    let notes: Vec<String> = map
        .keys()
        .map(|id| format!("{id}.note"))
        .filter(|note| fields.iter().any(|f| f["id"] == note.as_str()))
        .collect();
    for note in notes {
        map.insert(note, Value::from("—"));
    }
    for (id, value) in map {
        let Some(field) = fields.iter().find(|f| f["id"] == id.as_str()) else {
            continue;
        };
        if field["kind"] == "rows" {
            let columns = field["columns"].as_array().cloned().unwrap_or_default();
            for row in value.as_array_mut().into_iter().flatten() {
                plant(row, &columns, mark);
            }
        } else if typed(field) && !looked_up(id) {
            *value = Value::from(mark());
        }
    }
}

/// A deed in this office's own ids: when, who, which command, with what.
type Retold = (chrono::DateTime<chrono::FixedOffset>, String, String, Value);

/// A story of the laboratory told once more on a case of its own, up to an action.
async fn divert(
    p: &Practice,
    all: &[Retold],
    story: usize,
    before: &str,
) -> Result<String, ApiError> {
    let told = format!("BY-2026-000{}", story + 1);
    let registers = all
        .iter()
        .filter(|d| d.3["procedure"] == "clinical-laboratory")
        .collect::<Vec<_>>();
    let (at, who, command, payload) = registers[story];
    p.clock_at(*at);
    let made = p.call(who, command, payload.clone()).await?;
    let case = made["number"].as_str().unwrap_or_default().to_owned();
    let rest = all.iter().filter(|d| d.3["case"] == told.as_str());
    for (at, who, command, payload) in rest.take_while(|d| d.3["action"] != before) {
        p.clock_at(*at);
        let mut payload = payload.clone();
        payload["case"] = case.clone().into();
        p.call(who, command, payload).await?;
    }
    Ok(case)
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
    let except = json!({ "exception.person": p.ids["jinzhe"], "exception.second": p.ids["fangyuan"], "exception.reason": mark() });
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

/// Something that fits a field, with a mark where it is free text.
fn fit(field: &Value, turn: usize, people: &[String], mark: &mut impl FnMut() -> String) -> Value {
    let choices = field["choices"].as_array().map_or(1, Vec::len).max(1);
    let choice = || field["choices"][turn % choices]["id"].clone();
    match field["kind"].as_str().unwrap_or_default() {
        "text" | "long_text" => mark().into(),
        "number" => 1.into(),
        "measure" => json!({ "value": 1, "unit": "g" }),
        "date" => "2027-03-01".into(),
        "time" => "2026-11-20T09:40:00+08:00".into(),
        "choice" => choice(),
        "many" => json!([choice()]),
        "yes_no" => turn.is_multiple_of(2).into(),
        "staff" if field["multiple"] == true => json!([people[0]]),
        "staff" => people[people.len() - 1].clone().into(),
        "rows" => {
            let columns = field["columns"].as_array().cloned().unwrap_or_default();
            let cell = |c: &Value| {
                let id = c["id"].as_str().unwrap_or_default().to_owned();
                (id, fit(c, turn, people, mark))
            };
            let row: serde_json::Map<String, Value> = columns.iter().map(cell).collect();
            json!([row])
        }
        _ => Value::Null,
    }
}

/// Free texts of an action that no act has held yet.
fn fresh(action: &Value, planted: &BTreeSet<String>) -> usize {
    let fields = action["fields"].as_array().into_iter().flatten();
    let ids = fields.filter(|f| typed(f)).filter_map(|f| f["id"].as_str());
    ids.filter(|id| !planted.contains(*id)).count()
}

/// Walks where no story goes: withdrawing, transferring, declining, handing over … until nothing new can be typed.
async fn wander(p: &Practice, mark: &mut impl FnMut() -> String) -> Result<(), ApiError> {
    let people: Vec<String> = p.ids.values().cloned().collect();
    let mut planted = BTreeSet::new();
    p.clock("2026-11-20T10:00")?;
    for (who, procedure, channel) in [
        ("chenxia", "clinical-laboratory", "oral"),
        ("zhaomin", "inspection-station", "visit"),
    ] {
        for round in 0..9 {
            let asked = p
                .call(who, "procedure.get", json!({ "id": procedure }))
                .await?;
            let mut values =
                json!({ "complaint.nature": "test_result", "complaint.about_us": round % 2 == 1 });
            for f in asked["register"]["fields"].as_array().into_iter().flatten() {
                let id = f["id"].as_str().unwrap_or_default();
                let when = f["when"].as_object().cloned().unwrap_or_default();
                let held = when
                    .iter()
                    .all(|(k, want)| match (&want["unless"], &want["given"]) {
                        (Value::Bool(unless), _) => values[k] != *unless,
                        (_, Value::Bool(given)) => values[k].is_null() != *given,
                        _ => values[k] == *want,
                    });
                let staff = f["kind"] == "staff";
                if held && !staff && values[id].is_null() {
                    values[id] = fit(f, round, &people, mark);
                    planted.insert(id.to_owned());
                }
            }
            values["confidential.wish"] = false.into();
            let request = json!({ "procedure": procedure, "received_at": "2026-11-20T09:30:00+08:00", "channel": channel, "values": values });
            let made = p.call(who, "case.register", request).await?;
            let case = made["number"].clone();
            'acts: for _ in 0..12 {
                for actor in p.ids.keys() {
                    let Ok(view) = p.call(actor, "case.get", json!({ "case": case })).await else {
                        continue;
                    };
                    let all = view["actions"].as_array().cloned().unwrap_or_default();
                    let next = all
                        .iter()
                        .filter(|a| a["allowed"] == true)
                        .max_by_key(|a| (fresh(a, &planted), a["always"] == false));
                    let Some(action) =
                        next.filter(|a| fresh(a, &planted) > 0 || a["always"] == false)
                    else {
                        continue;
                    };
                    let mut values = json!({});
                    for f in action["fields"].as_array().into_iter().flatten() {
                        values[f["id"].as_str().unwrap_or_default()] = fit(f, round, &people, mark);
                    }
                    let act = json!({ "case": case, "action": action["id"], "values": values });
                    let mut done = p.call(actor, "case.act", act.clone()).await;
                    // What is not asked in this turn is left out, one after the other.
                    while let Err(e) = &done {
                        let Some(stray) = act["values"].as_object().and_then(|m| {
                            let all = action["fields"].as_array()?;
                            let title = e.params.get("title")?;
                            let f = all.iter().find(|f| &f["title"] == title)?;
                            let id = f["id"].as_str()?;
                            (e.code == "field_not_asked" && m.contains_key(id))
                                .then(|| id.to_owned())
                        }) else {
                            break;
                        };
                        if values[&stray].is_null() {
                            break;
                        }
                        values[&stray] = Value::Null;
                        let again =
                            json!({ "case": case, "action": action["id"], "values": values });
                        done = p.call(actor, "case.act", again).await;
                    }
                    for f in action["fields"].as_array().into_iter().flatten() {
                        let id = f["id"].as_str().unwrap_or_default();
                        // Done or not: it was tried, and another turn is taken.
                        if done.is_ok() && !values[id].is_null() || typed(f) {
                            planted.insert(id.to_owned());
                        }
                    }
                    if done.is_ok() {
                        continue 'acts;
                    }
                }
                break;
            }
        }
    }
    Ok(())
}

/// Does what was done in one office in another, with a mark in every free text; answers it without marks, in
/// the other's ids.
async fn retell(
    from: &Practice,
    into: &mut Practice,
    fields: &[Value],
    mark: &mut impl FnMut() -> String,
) -> anyhow::Result<Vec<Retold>> {
    // People, cases and entries of the register have other ids there.
    let mut ids: Vec<(String, String)> = from
        .ids
        .iter()
        .filter_map(|(login, id)| Some((id.clone(), into.ids.get(login)?.clone())))
        .collect();
    let mut retold = Vec::new();
    for deed in from.told() {
        let (who, command) = (deed.who, deed.command);
        let acts = [
            "case.register",
            "case.act",
            "form.issue",
            "attachment.add",
            "party.keep",
        ];
        if deed.refused || !acts.contains(&command.as_str()) {
            continue;
        }
        into.clock_at(deed.at);
        let mut text = deed.payload.to_string();
        for (theirs, ours) in &ids {
            text = text.replace(theirs, ours);
        }
        let mut payload: Value = serde_json::from_str(&text)?;
        retold.push((deed.at, who.clone(), command.clone(), payload.clone()));
        if payload["values"].is_object() {
            plant(&mut payload["values"], fields, mark);
        }
        if command == "attachment.add" {
            payload["name"] = format!("{}.txt", mark()).into();
        }
        if command == "party.keep" {
            payload["name"] = mark().into();
        }
        for copy in payload["copies"].as_array_mut().into_iter().flatten() {
            copy["holder"] = mark().into();
        }
        let answer = into.call(&who, &command, payload).await;
        let answer = answer.map_err(|e| anyhow::anyhow!("{who} {command}: {e:?}"))?;
        let new = answer["case"].as_str().or_else(|| answer["id"].as_str());
        if let (Some(made), Some(new)) = (deed.made, new) {
            ids.push((made, new.to_owned()));
        }
    }
    Ok(retold)
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
    ] {
        let case = divert(&h.practice, &retold, story, before).await?;
        for (who, action, field) in then {
            let values = match *field {
                "" => json!({ "reply.accepted": "rejected" }),
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
