//! The second factor: setting it up, signing in in two steps, recovery codes, and who may take it away.

use redress_desk::{ApiError, Lang, Office, Session, demo::PASSWORD};
use redress_tests::{House, code, house};
use serde_json::{Value, json};
use totp_rs::{Algorithm, Builder, Secret};

/// What a telephone shows at a moment of the office's clock, so many steps later.
fn shown(secret: &str, office: &Office, steps: i64) -> String {
    let now = office.now().timestamp() + 30 * steps;
    let secret = Secret::try_from_base32(secret.replace(' ', "")).expect("a secret");
    let telephone = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(secret)
        .with_account_name("x")
        .build()
        .expect("a telephone");
    let code = telephone.generate(u64::try_from(now).expect("after 1970"));
    code.to_string()
}

async fn call(office: &Office, s: &Session, name: &str, r: Value) -> Result<Value, ApiError> {
    office.call(s, name, r, Lang::Zh).await
}

async fn sign_in(
    office: &Office,
    login: &str,
    password: &str,
    code: &str,
) -> Result<Session, ApiError> {
    let session = Session::from("10.0.0.7");
    let request = json!({ "login": login, "password": password, "code": code });
    call(office, &session, "session.sign_in", request).await?;
    Ok(session)
}

/// A house whose rule lets people have one, and Qian Wei's telephone: secret and recovery codes.
async fn with_telephone(h: &mut House) -> Result<(String, Vec<String>), ApiError> {
    h.practice.laboratory_people().await?;
    let off = json!({ "password": PASSWORD });
    let refused = h
        .practice
        .call("qianwei", "session.second_factor_begin", off.clone())
        .await;
    assert_eq!(code(refused), "second_factor_rule_off");
    h.practice
        .call(
            "admin",
            "office.set",
            json!({ "second_factor": "optional" }),
        )
        .await?;
    let offer = h
        .practice
        .call("qianwei", "session.second_factor_begin", off)
        .await?;
    let secret = offer["secret"].as_str().unwrap_or_default().to_owned();
    let wrong = json!({ "password": PASSWORD, "code": "000000" });
    let refused = h
        .practice
        .call("qianwei", "session.second_factor_confirm", wrong)
        .await;
    assert_eq!(code(refused), "second_factor_wrong");
    let proof = json!({ "password": PASSWORD, "code": shown(&secret, &h.practice.office, 0) });
    let made = h
        .practice
        .call("qianwei", "session.second_factor_confirm", proof)
        .await?;
    let codes: Vec<String> = serde_json::from_value(made["codes"].clone())?;
    assert_eq!(codes.len(), 10);
    Ok((secret, codes))
}

#[tokio::test]
async fn signing_in_takes_the_password_and_then_the_code() -> Result<(), ApiError> {
    let mut h = house().await?;
    let (secret, codes) = with_telephone(&mut h).await?;
    let office = &h.practice.office;
    assert_eq!(
        code(sign_in(office, "qianwei", PASSWORD, "").await),
        "second_factor_needed"
    );
    assert_eq!(
        code(sign_in(office, "qianwei", "not this one", "").await),
        "sign_in_failed"
    );
    let same = shown(&secret, office, 0);
    assert_eq!(
        code(sign_in(office, "qianwei", PASSWORD, &same).await),
        "second_factor_used",
        "the code of the setting up"
    );
    let next = shown(&secret, office, 1);
    let session = sign_in(office, "qianwei", PASSWORD, &next).await?;
    call(office, &session, "case.list", json!({})).await?;
    assert_eq!(
        code(sign_in(office, "qianwei", PASSWORD, &next).await),
        "second_factor_used",
        "no code twice"
    );
    let refused = sign_in(office, "qianwei", PASSWORD, &shown(&secret, office, 8)).await;
    let refused = refused.expect_err("of another moment");
    assert_eq!(refused.code, "second_factor_clock");
    assert_eq!(refused.params["minutes"], -4);
    sign_in(office, "qianwei", PASSWORD, &codes[4].to_lowercase()).await?;
    assert_eq!(
        code(sign_in(office, "qianwei", PASSWORD, &codes[4]).await),
        "second_factor_wrong",
        "a recovery code is used up"
    );
    let view = h
        .practice
        .call("qianwei", "session.second_factor", json!({}))
        .await?;
    assert_eq!(
        (&view["on"], &view["codes_left"]),
        (&json!(true), &json!(9))
    );
    assert!(office.verify(None, Lang::Zh).await?.ok);
    Ok(())
}

#[tokio::test]
async fn codes_are_not_guessed_and_the_password_forgives_none() -> Result<(), ApiError> {
    let mut h = house().await?;
    let (secret, _) = with_telephone(&mut h).await?;
    let mut said = Vec::new();
    for n in 0..12 {
        h.practice.clock(&format!("2026-10-12T09:{:02}", 2 * n))?;
        // From another place each time: codes are counted for the person.
        let session = Session::from(&format!("10.0.1.{n}"));
        let request = json!({ "login": "qianwei", "password": PASSWORD, "code": "12 34-56" });
        said.push(code(
            call(&h.practice.office, &session, "session.sign_in", request).await,
        ));
    }
    assert_eq!(said[..10], ["second_factor_wrong"; 10]);
    assert_eq!(said[10..], ["try_later"; 2]);
    let right = shown(&secret, &h.practice.office, 0);
    assert_eq!(
        code(sign_in(&h.practice.office, "qianwei", PASSWORD, &right).await),
        "try_later"
    );
    h.practice.clock("2026-10-12T12:00")?;
    let right = shown(&secret, &h.practice.office, 0);
    sign_in(&h.practice.office, "qianwei", PASSWORD, &right).await?;
    Ok(())
}

/// In a folder that was once used with a clock of 2036 the last code was of then.
#[tokio::test]
async fn a_clock_that_ran_ahead_bars_no_code() -> Result<(), ApiError> {
    let mut h = house().await?;
    let (secret, _) = with_telephone(&mut h).await?;
    for day in ["2036-10-12T09:00", "2026-10-13T09:00", "2026-10-13T09:05"] {
        h.practice.clock(day)?;
        let code = shown(&secret, &h.practice.office, 0);
        let again = json!({ "password": PASSWORD, "code": code });
        h.practice
            .call("qianwei", "session.second_factor_begin", again)
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_pin_opens_only_where_both_were_given() -> Result<(), ApiError> {
    let mut h = house().await?;
    let (secret, _) = with_telephone(&mut h).await?;
    h.practice
        .call(
            "qianwei",
            "session.set_pin",
            json!({ "password": PASSWORD, "pin": "271828" }),
        )
        .await?;
    let office = &h.practice.office;
    let elsewhere = Session::from("10.0.0.9");
    let pin = json!({ "login": "qianwei", "password": "271828" });
    let refused = call(office, &elsewhere, "session.sign_in", pin.clone()).await;
    assert_eq!(code(refused), "second_factor_pin");
    sign_in(office, "qianwei", PASSWORD, &shown(&secret, office, 1)).await?;
    call(
        office,
        &Session::from("10.0.0.7"),
        "session.sign_in",
        pin.clone(),
    )
    .await?;
    // The PC that holds the folder, as before.
    call(office, &Session::new(), "session.sign_in", pin).await?;
    Ok(())
}

#[tokio::test]
async fn the_secret_follows_the_password() -> Result<(), ApiError> {
    let mut h = house().await?;
    let (secret, codes) = with_telephone(&mut h).await?;
    let change = json!({ "old": PASSWORD, "new": "only-I-know-it" });
    h.practice
        .call("qianwei", "session.change_password", change)
        .await?;
    let office = &h.practice.office;
    let next = shown(&secret, office, 1);
    sign_in(office, "qianwei", "only-I-know-it", &next).await?;
    // Whoever resets the password does not get past the second step with it.
    let id = h.practice.ids["qianwei"].clone();
    let reset = json!({ "id": id, "password": "given-by-admin" });
    h.practice.call("admin", "person.update", reset).await?;
    let office = &h.practice.office;
    assert_eq!(
        code(sign_in(office, "qianwei", "given-by-admin", "").await),
        "second_factor_needed"
    );
    let code_now = shown(&secret, office, 0);
    assert_eq!(
        code(sign_in(office, "qianwei", "given-by-admin", &code_now).await),
        "second_factor_sealed"
    );
    sign_in(office, "qianwei", "given-by-admin", &codes[0]).await?;
    assert!(office.verify(None, Lang::Zh).await?.ok);
    Ok(())
}

#[tokio::test]
async fn taking_it_away_needs_two_others_whose_accounts_are_older() -> Result<(), ApiError> {
    let mut h = house().await?;
    with_telephone(&mut h).await?;
    let id = json!({ "id": h.practice.ids["qianwei"] });
    let early = h
        .practice
        .call("suqing", "person.second_factor_reset_confirm", id.clone())
        .await;
    assert_eq!(code(early), "nothing_to_confirm");
    h.practice
        .call("admin", "person.second_factor_reset", id.clone())
        .await?;
    let own = h
        .practice
        .call("admin", "person.second_factor_reset_confirm", id.clone())
        .await;
    assert_eq!(code(own), "second_person_needed");
    let add =
        json!({ "name": "新人", "login": "newcomer", "password": PASSWORD, "account": "member" });
    h.practice.call("admin", "person.add", add).await?;
    let office = &h.practice.office;
    let newcomer = sign_in(office, "newcomer", PASSWORD, "").await?;
    let refused = call(
        office,
        &newcomer,
        "person.second_factor_reset_confirm",
        id.clone(),
    )
    .await;
    assert_eq!(code(refused), "confirmer_too_new");
    assert_eq!(
        code(sign_in(office, "qianwei", PASSWORD, "").await),
        "second_factor_needed",
        "until then it holds"
    );
    h.practice
        .call("suqing", "person.second_factor_reset_confirm", id)
        .await?;
    let office = &h.practice.office;
    sign_in(office, "qianwei", PASSWORD, "").await?;
    assert!(office.verify(None, Lang::Zh).await?.ok);
    Ok(())
}

#[tokio::test]
async fn who_must_have_one_sets_it_up_before_anything_else() -> Result<(), ApiError> {
    let mut h = house().await?;
    let (secret, codes) = with_telephone(&mut h).await?;
    let role =
        json!({ "procedure": "inspection-institute", "role": "archivist", "department": "" });
    let add = json!({ "name": "档案", "login": "archivist", "password": PASSWORD, "account": "member", "roles": [role] });
    h.practice.call("admin", "person.add", add).await?;
    h.practice
        .call(
            "admin",
            "office.set",
            json!({ "second_factor": "signatories" }),
        )
        .await?;
    let refused = h.practice.call("admin", "case.list", json!({})).await;
    assert_eq!(code(refused), "second_factor_enrol");
    let office = &h.practice.office;
    // Whoever only keeps the archive signs nothing.
    let archivist = sign_in(office, "archivist", PASSWORD, "").await?;
    call(office, &archivist, "case.list", json!({})).await?;
    let session = sign_in(office, "qianwei", PASSWORD, &codes[1]).await?;
    let state = call(office, &session, "session.state", json!({})).await?;
    assert_eq!(state["user"]["must_set_second_factor"], false);
    let proof = json!({ "password": PASSWORD, "code": shown(&secret, office, 1) });
    let refused = call(office, &session, "session.second_factor_off", proof).await;
    assert_eq!(code(refused), "second_factor_rule_needs");
    Ok(())
}

#[tokio::test]
async fn one_that_was_changed_behind_the_programs_back_is_named() -> Result<(), anyhow::Error> {
    for (sql, expected) in [
        (
            "UPDATE second_factor SET codes = '[]'",
            "second_factor_differs",
        ),
        (
            "UPDATE second_factor SET sealed = x'00'",
            "second_factor_differs",
        ),
        ("DELETE FROM second_factor", "second_factor_lost"),
    ] {
        let mut h = house().await?;
        with_telephone(&mut h).await?;
        let House { practice, folder } = h;
        practice.office.close().await;
        drop(practice);
        let file = folder.path().join("office/redress.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let pool = sqlx::SqlitePool::connect_with(options).await?;
        sqlx::query(sql).execute(&pool).await?;
        pool.close().await;
        let office = Office::open(redress_tests::config(&folder)).await?;
        let found = office.verify(None, Lang::Zh).await?;
        let codes: Vec<_> = found.problems.iter().map(|p| p.code.clone()).collect();
        assert!(
            codes.iter().any(|c| c.contains(expected)),
            "{sql}: {codes:?}"
        );
        let refused = sign_in(&office, "qianwei", PASSWORD, "123456").await;
        assert!(
            [
                "second_factor_sealed",
                "second_factor_lost",
                "second_factor_wrong"
            ]
            .contains(&code(refused).as_str())
        );
    }
    Ok(())
}

/// The only administrator, without telephone and recovery codes: the terminal at the folder is the way in.
#[tokio::test]
async fn an_office_of_one_has_a_way_in() -> Result<(), ApiError> {
    let folder = tempfile::TempDir::new().map_err(ApiError::internal)?;
    let office = Office::open(redress_tests::config(&folder)).await?;
    let session = Session::new();
    let setup = json!({
        "organisation": { "name": "一人站", "address": "", "phone": "" },
        "admin": { "name": "站长", "login": "admin", "password": "three-grey-herons" },
        "training": false, "encrypt": false,
    });
    call(&office, &session, "office.setup", setup).await?;
    let rule = json!({ "second_factor": "administrators" });
    call(&office, &session, "office.set", rule).await?;
    let own = json!({ "password": "three-grey-herons" });
    let offer = call(&office, &session, "session.second_factor_begin", own).await?;
    let shown = shown(offer["secret"].as_str().unwrap_or_default(), &office, 0);
    let proof = json!({ "password": "three-grey-herons", "code": shown });
    call(&office, &session, "session.second_factor_confirm", proof).await?;

    let wrong = office.second_factor_lost("admin", "three-grey-geese").await;
    assert_eq!(code(wrong), "signature_password_wrong");
    office
        .second_factor_lost("admin", "three-grey-herons")
        .await?;
    let again = office
        .second_factor_lost("admin", "three-grey-herons")
        .await;
    assert_eq!(code(again), "second_factor_not_on");
    let session = sign_in(&office, "admin", "three-grey-herons", "").await?;
    // The rule still asks for one: nothing else goes before it is set up anew.
    let refused = call(&office, &session, "case.list", json!({})).await;
    assert_eq!(code(refused), "second_factor_enrol");
    let office_view = call(&office, &session, "session.second_factor", json!({})).await?;
    assert_eq!(office_view["on"], json!(false));
    assert!(office.verify(None, Lang::Zh).await?.ok);
    Ok(())
}

/// Where two others can do it nobody goes round them; nor does an administrator with a password that was reset.
#[tokio::test]
async fn the_terminal_goes_round_nobody() -> Result<(), ApiError> {
    let mut h = house().await?;
    let (secret, codes) = with_telephone(&mut h).await?;
    let office = &h.practice.office;
    let refused = office.second_factor_lost("qianwei", PASSWORD).await;
    assert_eq!(code(refused), "second_factor_others_can");
    assert_eq!((secret.is_empty(), codes.len()), (false, 10));
    // Everybody but the administrator leaves, who then gives the person a password.
    let people = h.practice.call("admin", "person.list", json!({})).await?;
    let rows = people.as_array().cloned().unwrap_or_default();
    for one in &rows {
        let keep = ["admin", "qianwei", ""];
        if !keep.contains(&one["login"].as_str().unwrap_or_default()) {
            let leaves = json!({ "id": one["id"], "closed": true });
            h.practice.call("admin", "person.update", leaves).await?;
        }
    }
    let reset = json!({ "id": h.practice.ids["qianwei"], "password": "given-by-admin" });
    h.practice.call("admin", "person.update", reset).await?;
    let office = &h.practice.office;
    let refused = office.second_factor_lost("qianwei", "given-by-admin").await;
    assert_eq!(code(refused), "key_unconfirmed");
    Ok(())
}
