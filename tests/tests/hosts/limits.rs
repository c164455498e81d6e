//! What no form would send is refused before a command looks at it, and never ends in `internal`.

use base64::{Engine, engine::general_purpose::STANDARD};
use redress_desk::{ApiError, Lang, Session, commands, demo::PASSWORD};
use redress_tests::{code, house};
use serde_json::{Value, json};

/// Nested so many levels.
fn deep(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

#[tokio::test]
async fn every_command_refuses_what_is_too_much() -> Result<(), ApiError> {
    let h = house().await?;
    let office = &h.practice.office;
    let (nobody, admin) = (Session::new(), Session::new());
    let sign_in = json!({ "login": "admin", "password": PASSWORD });
    office
        .call(&admin, "session.sign_in", sign_in, Lang::Zh)
        .await?;
    let payloads = [
        ("request_too_large", json!({ "x": "长".repeat(300_000) })),
        ("request_too_large", json!({ "x": ["长".repeat(300_000)] })),
        ("request_too_large", json!("长".repeat(300_000))),
        ("request_too_large", json!({ "x": deep(100) })),
        ("request_too_large", deep(17)),
        ("request_too_large", json!({ "x": vec![0; 5_001] })),
        ("request_too_large", json!({ "x": { "k".repeat(201): 1 } })),
    ];
    for line in commands::list() {
        for (expected, payload) in &payloads {
            let name = line.name;
            let unknown = office.call(&nobody, name, payload.clone(), Lang::Zh);
            assert_eq!(code(unknown.await), *expected, "{name}, not signed in");
            let known = office.call(&admin, name, payload.clone(), Lang::Zh).await;
            let refused = known.expect_err(name);
            assert_eq!(refused.code, *expected, "{name}");
            let said = refused.to_door(Lang::Zh).to_string();
            assert!(
                !said.contains("长长") && said.len() < 1_000,
                "{name}: {said}"
            );
            assert!(
                !said.contains("{what}") && !said.contains("{max}"),
                "{said}"
            );
        }
    }
    Ok(())
}

/// A command whose fields are all as long as the guard lets through is refused by name, or finds nothing.
#[tokio::test]
async fn what_the_guard_lets_through_ends_in_no_failure() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let long = "长".repeat(200_000);
    let texts = |names: &[&str]| -> Value {
        let fields = names.iter().map(|n| ((*n).to_owned(), json!(long)));
        Value::Object(fields.collect())
    };
    let payload = texts(&[
        "id",
        "case",
        "name",
        "login",
        "old",
        "new",
        "password",
        "pin",
        "principal",
        "deputy",
        "from",
        "until",
        "account",
        "key",
        "document",
        "form",
        "anchor",
        "procedure",
        "channel",
        "action",
        "text",
        "start",
        "bytes",
        "kind",
        "passphrase",
        "phone",
    ]);
    for line in commands::list() {
        // Signing out takes no field, and would end what the next line needs.
        if line.name != "session.sign_out"
            && let Err(e) = p.call("admin", line.name, payload.clone()).await
        {
            assert_ne!(e.code, "internal", "{}: {e}", line.name);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_name_or_password_that_nobody_can_have_fails_like_any_other() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    for (login, password) in [
        ("x".repeat(65), PASSWORD.to_owned()),
        ("zhaomin".to_owned(), "x".repeat(257)),
        ("zhaomin".to_owned(), String::new()),
        (String::new(), PASSWORD.to_owned()),
    ] {
        let request = json!({ "login": login, "password": password });
        let answer = p
            .office
            .call(&Session::new(), "session.sign_in", request, Lang::Zh)
            .await;
        let refused = answer.expect_err("nobody has it");
        assert_eq!(refused, ApiError::new("sign_in_failed"));
    }
    let long = "x".repeat(257);
    let change = json!({ "old": long, "new": "Another-2026" });
    let refused = p.call("luoping", "session.change_password", change).await;
    assert_eq!(code(refused), "signature_password_wrong");
    let pin = json!({ "password": long, "pin": "2468" });
    let refused = p.call("luoping", "session.set_pin", pin).await;
    assert_eq!(code(refused), "signature_password_wrong");
    let change = json!({ "old": PASSWORD, "new": long });
    let refused = p.call("luoping", "session.change_password", change).await;
    assert_eq!(code(refused), "password_too_long");
    Ok(())
}

#[tokio::test]
async fn a_person_has_room_and_no_more() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let person = json!({ "name": "江雨", "login": "jiangyu", "password": "Jiangyu-2026", "account": "member", "roles": [] });
    let role = json!({ "procedure": "inspection-station", "role": "office" });
    let named = |department: String| {
        let mut role = role.clone();
        role["department"] = json!(department);
        json!([role])
    };
    for (expected, field, value) in [
        ("person_unnamed", "name", json!("长".repeat(51))),
        ("value_too_long", "login", json!("x".repeat(65))),
        ("password_too_long", "password", json!("x".repeat(257))),
        ("roles_too_many", "roles", json!(vec![role.clone(); 101])),
        ("value_too_long", "roles", named("长".repeat(101))),
    ] {
        let mut request = person.clone();
        request[field] = value.clone();
        let refused = p.call("admin", "person.add", request).await;
        assert_eq!(code(refused), expected, "{field} on adding");
    }
    let id = p.call("admin", "person.add", person).await?["id"].clone();
    for (expected, field, value) in [
        ("person_unnamed", "name", json!("长".repeat(51))),
        ("password_too_long", "password", json!("x".repeat(257))),
        ("roles_too_many", "roles", json!(vec![role.clone(); 101])),
        ("value_too_long", "roles", named("长".repeat(101))),
    ] {
        let refused = p
            .call("admin", "person.update", json!({ "id": id, field: value }))
            .await;
        assert_eq!(code(refused), expected, "{field} on changing");
    }
    let fits = json!({ "id": id, "name": "长".repeat(50), "roles": named("长".repeat(100)) });
    p.call("admin", "person.update", fits).await?;
    Ok(())
}

#[tokio::test]
async fn drafts_have_room_and_no_more() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let put = |key: String, value: Value| {
        p.call(
            "zhaomin",
            "draft.put",
            json!({ "key": key, "value": value }),
        )
    };
    // Longer than any other text may be, as a whole.
    put("big".into(), json!({ "x": "x".repeat(500_000) })).await?;
    let refused = put("big".into(), json!({ "x": "长".repeat(500_000) })).await;
    assert_eq!(code(refused), "value_too_long");
    let refused = put("k".repeat(401), json!(1)).await;
    assert_eq!(code(refused), "value_too_long");
    for n in 1..200 {
        put(format!("draft-{n}"), json!(n)).await?;
    }
    assert_eq!(
        code(put("one-more".into(), json!(1)).await),
        "drafts_too_many"
    );
    put("draft-7".into(), json!("changed")).await?;
    Ok(())
}

#[tokio::test]
async fn a_year_is_one_that_has_a_calendar() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    for year in [i32::MIN, -1, 1899, 2201, 262_142, i32::MAX] {
        let refused = p
            .call("admin", "calendar.get", json!({ "year": year }))
            .await;
        assert_eq!(code(refused), "year_unknown", "{year}");
    }
    for start in ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"] {
        let due = json!({ "unit": "working_days", "amount": 3660, "start": start });
        assert_eq!(
            code(p.call("admin", "calendar.due", due).await),
            "year_unknown"
        );
    }
    let day = |name: &str| json!({ "name": name, "date": "2027-01-01", "isOffDay": true });
    let file = |papers: Value, days: Value| json!({ "file": { "year": 2027, "papers": papers, "days": days } });
    for request in [
        file(json!(vec!["x"; 21]), json!([day("元旦")])),
        file(json!(["x".repeat(201)]), json!([day("元旦")])),
        file(json!([]), json!([day(&"长".repeat(51))])),
        file(json!([]), json!(vec![day("元旦"); 367])),
        file(json!([]), json!([])),
    ] {
        let refused = p.call("admin", "calendar.import", request).await;
        assert_eq!(code(refused), "calendar_unsound");
    }
    Ok(())
}

#[tokio::test]
async fn a_first_run_has_room_and_no_more() -> Result<(), ApiError> {
    let folder = tempfile::TempDir::new().map_err(ApiError::internal)?;
    let office = redress_desk::Office::open(redress_tests::config(&folder)).await?;
    for (expected, field, value) in [
        ("person_unnamed", "name", "长".repeat(51)),
        ("value_too_long", "login", "x".repeat(65)),
        ("password_too_long", "password", "x".repeat(257)),
    ] {
        let mut request = json!({
            "organisation": { "name": "东湖检测站", "address": "", "phone": "" },
            "admin": { "name": "站长", "login": "admin", "password": "Zhanzhang-1" },
        });
        request["admin"][field] = json!(value);
        let refused = office
            .call(&Session::new(), "office.setup", request, Lang::Zh)
            .await;
        assert_eq!(code(refused), expected, "{field}");
    }
    Ok(())
}

#[tokio::test]
async fn a_file_is_kept_under_what_it_is() -> Result<(), ApiError> {
    let mut h = house().await?;
    let p = &mut h.practice;
    let cases = p.walk().await?;
    p.clock("2026-11-16 09:40")?;
    let mut open = None;
    for case in &cases {
        let view = p
            .call("zhaomin", "case.get", json!({ "case": case }))
            .await?;
        if view["status"] == "open" {
            open = Some(view["id"].clone());
        }
    }
    let case = open.expect("an open case");
    let add = |name: &str, kind: &str, bytes: &[u8]| {
        let bytes = STANDARD.encode(bytes);
        let file = json!({ "case": case, "name": name, "kind": kind, "bytes": bytes });
        p.call("zhaomin", "attachment.add", file)
    };
    let refused = add("photo.jpg", "", b"MZ\x90\0\x03\0\0\0").await;
    assert_eq!(code(refused), "attachment_type");
    let refused = add("note.txt", "", b"<!DOCTYPE html><script>1</script>").await;
    assert_eq!(code(refused), "attachment_type");
    let refused = add("a.pdf", &"长".repeat(51), b"%PDF-1.7").await;
    assert_eq!(code(refused), "value_too_long");
    let kept = add("rechnung.pdf.exe", "", b"%PDF-1.7").await?;
    assert_eq!(kept["name"], "rechnung.pdf.exe.pdf");
    assert_eq!(kept["content_type"], "application/pdf");
    let got = p
        .call("zhaomin", "attachment.get", json!({ "id": kept["id"] }))
        .await?;
    assert_eq!(got["content_type"], "application/pdf");
    let list = p
        .call("zhaomin", "attachment.list", json!({ "case": case }))
        .await?;
    assert_eq!(list[0]["content_type"], "application/pdf");
    let film = json!({ "case": case, "name": "film.mp4", "bytes": "A".repeat(80_000_000) });
    let refused = p.call("zhaomin", "attachment.add", film).await;
    assert_eq!(code(refused), "attachment_size");
    // What is larger than a text comes as a file, beside the JSON.
    let mut large = b"%PDF-1.7\n".to_vec();
    large.resize(3_000_000, b' ');
    assert_eq!(code(add("large.pdf", "", &large).await), "file_beside");
    let session = Session::new();
    let who = json!({ "login": "zhaomin", "password": PASSWORD });
    let office = &p.office;
    office
        .call(&session, "session.sign_in", who, Lang::Zh)
        .await?;
    let said = json!({ "case": case, "name": "large.pdf" });
    let file = Some(large.clone().into());
    let kept = office
        .call_with_file(&session, "", "attachment.add", said, file, Lang::Zh)
        .await?;
    let got = json!({ "id": kept.value["id"] });
    let got = office
        .call_with_file(&session, "", "attachment.get", got, None, Lang::Zh)
        .await?;
    assert_eq!(got.file.as_deref(), Some(&large[..]));
    assert_eq!(got.value["bytes"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn the_idle_minutes_have_their_bounds_and_every_window_is_told() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let told = |who: &'static str| p.call(who, "session.state", json!({}));
    assert_eq!(
        told("zhaomin").await?["idle_minutes"],
        10,
        "the product's default"
    );
    for minutes in [0, 121] {
        let set = p
            .call("admin", "office.set", json!({ "idle_minutes": minutes }))
            .await;
        assert_eq!(code(set), "idle_minutes_unfit", "{minutes}");
    }
    p.call("admin", "office.set", json!({ "idle_minutes": 3 }))
        .await?;
    assert_eq!(told("zhaomin").await?["idle_minutes"], 3);
    assert_eq!(
        code(
            p.call("zhaomin", "office.set", json!({ "idle_minutes": 60 }))
                .await
        ),
        "account_may_not"
    );
    Ok(())
}
