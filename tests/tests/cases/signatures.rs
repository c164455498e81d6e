//! Signatures (G17): whose password, whose key, what a reset does, and what waiting does.

use redress_desk::{
    ApiError, Lang, Session,
    demo::{Laboratory, PASSWORD, Practice},
};
use redress_tests::{House, code, config, house};
use serde_json::{Value, json};

/// A minor complaint at the step where the group leader signs.
async fn at_the_signature(h: &mut House) -> Result<String, ApiError> {
    h.practice.laboratory_people().await?;
    let case = h.practice.laboratory_register(Laboratory::Minor).await?;
    let reported = json!({ "reported.to": [h.practice.ids["qianwei"]] });
    h.practice
        .act("chenxia", &case, "report_up", reported)
        .await?;
    let level =
        json!({ "triage.opinion": "accept", "triage.level": "minor", "triage.reason": "等候时间" });
    h.practice.act("qianwei", &case, "triage", level).await?;
    Ok(case)
}

fn handling(case: &str, signature: Value) -> Value {
    json!({ "case": case, "action": "handle_minor", "values": { "minor.handling": "加开窗口。" }, "signature": signature })
}

#[tokio::test]
async fn a_signature_asks_for_the_password_and_says_what_it_means() -> Result<(), ApiError> {
    let mut h = house().await?;
    let case = at_the_signature(&mut h).await?;
    for (signature, refusal) in [
        (json!(null), "signature_needed"),
        (json!({ "meaning": "签字" }), "signature_needed"),
        (
            json!({ "meaning": "批准", "password": PASSWORD }),
            "signature_meaning",
        ),
        (
            json!({ "meaning": "签字", "password": "redress-2026" }),
            "signature_password_wrong",
        ),
    ] {
        let sent = handling(&case, signature.clone());
        // Null is what a door sends that asked for nothing.
        let answer = h.practice.call("qianwei", "case.act", sent).await;
        assert_eq!(code(answer), refusal, "{signature}");
    }
    let right = handling(&case, json!({ "meaning": "签字", "password": PASSWORD }));
    h.practice.call("qianwei", "case.act", right).await?;
    assert!(
        h.practice
            .office
            .verify(None, redress_desk::Lang::Zh)
            .await?
            .ok
    );
    Ok(())
}

#[tokio::test]
async fn after_a_reset_one_changes_the_password_and_waits_for_a_third_person()
-> Result<(), ApiError> {
    let mut h = house().await?;
    let case = at_the_signature(&mut h).await?;
    let id = h.practice.ids["qianwei"].clone();
    let reset = json!({ "id": id, "password": "given-by-admin" });
    h.practice.call("admin", "person.update", reset).await?;
    let office = &h.practice.office;
    let session = Session::new();
    let sign_in = json!({ "login": "qianwei", "password": "given-by-admin" });
    let state = office
        .call(&session, "session.sign_in", sign_in, Lang::Zh)
        .await?;
    assert_eq!(state["user"]["must_change_password"], true);
    let list = office
        .call(&session, "case.list", json!({}), Lang::Zh)
        .await;
    assert_eq!(code(list), "password_change_needed");
    let change = json!({ "old": "given-by-admin", "new": "only-I-know-it" });
    office
        .call(&session, "session.change_password", change, Lang::Zh)
        .await?;

    let signed = handling(&case, json!({ "password": "only-I-know-it" }));
    let refused = office
        .call(&session, "case.act", signed.clone(), Lang::Zh)
        .await;
    assert_eq!(code(refused), "key_unconfirmed");
    let confirm = json!({ "id": id });
    let own = office
        .call(&session, "person.confirm_key", confirm.clone(), Lang::Zh)
        .await;
    assert_eq!(code(own), "second_person_needed");
    let resetter = h
        .practice
        .call("admin", "person.confirm_key", confirm.clone())
        .await;
    assert_eq!(code(resetter), "second_person_needed");
    h.practice
        .call("suqing", "person.confirm_key", confirm)
        .await?;
    h.practice
        .office
        .call(&session, "case.act", signed, Lang::Zh)
        .await?;
    assert!(
        h.practice
            .office
            .verify(None, redress_desk::Lang::Zh)
            .await?
            .ok,
        "old and new signatures verify"
    );
    Ok(())
}

#[tokio::test]
async fn ten_wrong_passwords_lock_a_name_whether_anyone_has_it_or_not() -> Result<(), ApiError> {
    let h = house().await?;
    let session = Session::new();
    for login in ["zhaomin", "nobody-has-this"] {
        let mut said = Vec::new();
        for n in 0..12 {
            // An hour's wait begins with the tenth; until then a minute and a half is enough.
            h.practice.clock(&format!("2026-10-12T09:{:02}", 2 * n))?;
            let wrong = json!({ "login": login, "password": "not this one" });
            let answer = h
                .practice
                .office
                .call(&session, "session.sign_in", wrong, Lang::Zh)
                .await;
            said.push(code(answer));
        }
        assert_eq!(said[..10], ["sign_in_failed"; 10], "{login}");
        assert_eq!(said[10..], ["try_later"; 2], "{login}");
    }
    let right = json!({ "login": "zhaomin", "password": PASSWORD });
    let locked = h
        .practice
        .office
        .call(&session, "session.sign_in", right.clone(), Lang::Zh)
        .await;
    assert_eq!(
        code(locked),
        "try_later",
        "the right password waits as well"
    );
    h.practice.clock("2026-10-12T12:00")?;
    h.practice
        .office
        .call(&session, "session.sign_in", right, Lang::Zh)
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_pin_opens_the_desk_and_never_a_signing_key() -> Result<(), ApiError> {
    let mut h = house().await?;
    let case = at_the_signature(&mut h).await?;
    let p = &h.practice;
    let wrong = json!({ "password": "not this one", "pin": "4711" });
    assert_eq!(
        code(p.call("qianwei", "session.set_pin", wrong).await),
        "signature_password_wrong"
    );
    let letters = json!({ "password": PASSWORD, "pin": "four" });
    assert_eq!(
        code(p.call("qianwei", "session.set_pin", letters).await),
        "pin_unfit"
    );
    let pin = json!({ "password": PASSWORD, "pin": "4711" });
    p.call("qianwei", "session.set_pin", pin).await?;
    let session = Session::new();
    let sign_in = json!({ "login": "qianwei", "password": "4711" });
    p.office
        .call(&session, "session.sign_in", sign_in.clone(), Lang::Zh)
        .await?;
    let signed = handling(&case, json!({ "password": "4711" }));
    let refused = p.office.call(&session, "case.act", signed, Lang::Zh).await;
    assert_eq!(code(refused), "signature_password_wrong");
    let signed = handling(&case, json!({ "password": PASSWORD }));
    p.office
        .call(&session, "case.act", signed, Lang::Zh)
        .await?;
    // A new password takes the PIN away.
    let reset = json!({ "id": p.ids["qianwei"], "password": "given-by-admin" });
    p.call("admin", "person.update", reset).await?;
    let gone = p
        .office
        .call(&session, "session.sign_in", sign_in, Lang::Zh)
        .await;
    assert_eq!(code(gone), "sign_in_failed");
    Ok(())
}

/// Changes a copy of the log as somebody with the data folder could, and says what is found.
async fn tampered(sql: &str) -> Result<Vec<String>, anyhow::Error> {
    let mut h = house().await?;
    h.practice.laboratory(Laboratory::Minor).await?;
    let House { practice, folder } = h;
    practice.office.close().await;
    drop(practice);
    let file = folder.path().join("office/redress.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let pool = sqlx::SqlitePool::connect_with(options).await?;
    let done = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&pool).await?;
    assert!(done.rows_affected() > 0, "{sql} touched nothing");
    pool.close().await;
    let again = Practice::open(config(&folder), PASSWORD).await?;
    let found = again
        .office
        .verify(None, redress_desk::Lang::Zh)
        .await?
        .problems;
    Ok(found.into_iter().map(|p| p.code).collect())
}

#[tokio::test]
async fn a_forged_or_altered_signature_is_named() -> Result<(), anyhow::Error> {
    for (sql, named) in [
        (
            "UPDATE event SET signature = substr(signature, 3) || '00' WHERE signature IS NOT NULL",
            "signature_differs",
        ),
        (
            "UPDATE event SET signature = NULL, key_id = NULL WHERE signature IS NOT NULL",
            "signature_missing",
        ),
        (
            "UPDATE event SET key_id = 'ffffffffffffffff' WHERE key_id IS NOT NULL",
            "signature_differs",
        ),
        (
            "UPDATE event SET actor = (SELECT actor FROM event ORDER BY pos LIMIT 1) WHERE signature IS NOT NULL",
            "signature_differs",
        ),
    ] {
        let found = tampered(sql).await?;
        assert!(found.iter().any(|c| c == named), "{sql}: {found:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_stranger_elsewhere_locks_nobody_out() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let try_from = async |session: &Session, login: &str, password: &str| {
        let sign_in = json!({ "login": login, "password": password });
        p.office
            .call(session, "session.sign_in", sign_in, Lang::Zh)
            .await
    };
    let stranger = Session::from("10.0.0.66");
    for n in 0..10 {
        p.clock(&format!("2026-10-12T09:{:02}", 2 * n))?;
        let answer = try_from(&stranger, "luoping", "not this one").await;
        assert_eq!(code(answer), "sign_in_failed");
    }
    assert_eq!(
        code(try_from(&stranger, "luoping", PASSWORD).await),
        "try_later"
    );
    try_from(&Session::from("10.0.0.7"), "luoping", PASSWORD).await?;
    // Whoever has signed in goes on signing.
    let pin = json!({ "password": PASSWORD, "pin": "4711" });
    p.call("luoping", "session.set_pin", pin).await?;
    // One place that tries many names is told to wait for any of them.
    for n in 0..100 {
        let _ = try_from(&stranger, &format!("somebody-{n}"), "not this one").await;
    }
    assert_eq!(
        code(try_from(&stranger, "zhaomin", PASSWORD).await),
        "try_later"
    );
    Ok(())
}

#[tokio::test]
async fn a_pin_sleeps_after_five_wrong_ones_wherever_they_came_from() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let pin = json!({ "password": PASSWORD, "pin": "4711" });
    p.call("luoping", "session.set_pin", pin).await?;
    let try_from = async |from: &str, login: &str, password: &str| {
        let sign_in = json!({ "login": login, "password": password });
        let session = Session::from(from);
        p.office
            .call(&session, "session.sign_in", sign_in, Lang::Zh)
            .await
    };
    for login in ["luoping", "nobody-has-this"] {
        for n in 0..5 {
            let answer = try_from(&format!("10.0.0.{n}"), login, "1234").await;
            assert_eq!(code(answer), "sign_in_failed", "{login}");
        }
        let sixth = try_from("10.0.0.9", login, "4711").await;
        assert_eq!(code(sixth), "pin_asleep", "{login}");
    }
    try_from("", "luoping", PASSWORD).await?;
    try_from("", "luoping", "4711").await?;
    Ok(())
}

#[tokio::test]
async fn a_password_that_was_set_ends_every_session_with_the_one_before() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let change = json!({ "old": PASSWORD, "new": "only-I-know-it" });
    let elsewhere = Session::from("10.0.0.7");
    let sign_in = json!({ "login": "zhaomin", "password": PASSWORD });
    p.office
        .call(&elsewhere, "session.sign_in", sign_in, Lang::Zh)
        .await?;
    p.call("zhaomin", "session.change_password", change).await?;
    let list = p
        .office
        .call(&elsewhere, "case.list", json!({}), Lang::Zh)
        .await;
    assert_eq!(code(list), "sign_in_first");
    let state = p
        .office
        .call(&elsewhere, "session.state", json!({}), Lang::Zh)
        .await?;
    assert!(state["user"].is_null(), "{state}");
    p.call("zhaomin", "case.list", json!({})).await?;
    Ok(())
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_changed_back() -> Result<(), ApiError> {
    let h = house().await?;
    let p = &h.practice;
    let people = p.call("admin", "person.list", json!({})).await?;
    let mut people = people.as_array().into_iter().flatten();
    let seen = people.find(|x| x["login"] == "zhaomin").cloned();
    let seen = seen.unwrap_or_default();
    let takes = json!({ "id": seen["id"], "roles": [], "seq": seen["seq"] });
    p.call("admin", "person.update", takes).await?;
    let renames =
        json!({ "id": seen["id"], "name": "赵敏敏", "roles": seen["roles"], "seq": seen["seq"] });
    let refused = p.call("admin", "person.update", renames).await;
    assert_eq!(code(refused), "changed_by_others");
    let office = p.call("admin", "office.get", json!({})).await?;
    let minutes = |n: u32| json!({ "idle_minutes": n, "seq": office["seq"] });
    p.call("admin", "office.set", minutes(15)).await?;
    let refused = p.call("admin", "office.set", minutes(20)).await;
    assert_eq!(code(refused), "changed_by_others");
    Ok(())
}

/// One administrator makes, opens or resets a second account and tries to confirm with it.
#[tokio::test]
async fn no_account_that_is_younger_than_a_reset_confirms_it() -> Result<(), ApiError> {
    let mut h = house().await?;
    at_the_signature(&mut h).await?;
    let ids = |h: &House, login: &str| json!({ "id": h.practice.ids[login] });
    let close =
        |h: &House, closed: bool| json!({ "id": h.practice.ids["luoping"], "closed": closed });
    let reset = json!({ "id": h.practice.ids["qianwei"], "password": "given-by-admin" });
    h.practice
        .call("admin", "person.update", close(&h, true))
        .await?;
    h.practice
        .call("admin", "person.update", reset.clone())
        .await?;
    let add =
        json!({ "name": "新人", "login": "newcomer", "password": PASSWORD, "account": "member" });
    h.practice.call("admin", "person.add", add).await?;
    h.practice
        .call("admin", "person.update", close(&h, false))
        .await?;
    // Asked a second time: the newcomer is older than that.
    h.practice.call("admin", "person.update", reset).await?;
    let confirm = ids(&h, "qianwei");
    for login in ["newcomer", "luoping"] {
        let session = Session::new();
        let sign_in = json!({ "login": login, "password": PASSWORD });
        let office = &h.practice.office;
        office
            .call(&session, "session.sign_in", sign_in, Lang::Zh)
            .await?;
        let refused = office
            .call(&session, "person.confirm_key", confirm.clone(), Lang::Zh)
            .await;
        assert_eq!(code(refused), "confirmer_too_new", "{login}");
    }
    let given = json!({ "id": h.practice.ids["suqing"], "password": "also-given" });
    h.practice.call("admin", "person.update", given).await?;
    let session = Session::new();
    let office = &h.practice.office;
    let sign_in = json!({ "login": "suqing", "password": "also-given" });
    office
        .call(&session, "session.sign_in", sign_in, Lang::Zh)
        .await?;
    let change = json!({ "old": "also-given", "new": "only-I-know-it" });
    office
        .call(&session, "session.change_password", change, Lang::Zh)
        .await?;
    let refused = office
        .call(&session, "person.confirm_key", confirm.clone(), Lang::Zh)
        .await;
    assert_eq!(code(refused), "confirmer_unconfirmed");
    h.practice
        .call("chenxia", "person.confirm_key", confirm)
        .await?;
    assert!(h.practice.office.verify(None, Lang::Zh).await?.ok);
    Ok(())
}

/// A folder that was once used with a clock of 2036 (C4).
#[tokio::test]
async fn what_a_clock_that_ran_ahead_counted_counts_as_now() -> Result<(), ApiError> {
    let h = house().await?;
    let session = Session::new();
    let office = &h.practice.office;
    let with = |password: &str| json!({ "login": "zhaomin", "password": password });
    h.practice.clock("2036-10-12T09:00")?;
    for _ in 0..4 {
        let _ = office
            .call(&session, "session.sign_in", with("not this one"), Lang::Zh)
            .await;
        h.practice.clock("2036-10-12T09:01")?;
    }
    let draft = json!({ "key": "register", "value": { "a": 1 } });
    h.practice.call("admin", "draft.put", draft).await?;
    h.practice.clock("2026-10-12T09:00")?;
    let waits = office
        .call(&session, "session.sign_in", with(PASSWORD), Lang::Zh)
        .await;
    assert_eq!(code(waits), "try_later", "as after any four wrong ones");
    let drafts = h.practice.call("admin", "draft.list", json!({})).await?;
    let at = drafts[0]["at"].as_str().unwrap_or_default();
    assert!(at.starts_with("2026-10-12"), "{at}");
    h.practice.clock("2026-10-12T09:01")?;
    office
        .call(&session, "session.sign_in", with(PASSWORD), Lang::Zh)
        .await?;
    Ok(())
}
