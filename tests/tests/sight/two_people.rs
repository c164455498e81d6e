//! An administrator alone opens no confidential case (docs/decisions/0009).

use anyhow::Result;
use redress_desk::{ApiError, Lang, Session, demo::PASSWORD};
use redress_tests::{House, code, house};
use serde_json::{Value, json};

/// An office with a confidential case that waits for a group leader.
pub(super) async fn office() -> Result<(House, String), ApiError> {
    let mut h = house().await?;
    h.practice.laboratory_people().await?;
    h.practice.clock("2026-10-09T09:00")?;
    let number = register(&h, true).await?;
    Ok((h, number))
}

pub(super) async fn register(h: &House, wish: bool) -> Result<String, ApiError> {
    let values = json!({
        "complaint.source": "customer", "complainant.name": "贺兰", "complaint.nature": "service",
        "complaint.description": "等候很久。", "complaint.demand": ["apologise"], "confidential.wish": wish,
        "complaint.about_us": true, "immediate.measures": ["none"],
    });
    let request = json!({ "procedure": "clinical-laboratory", "received_at": "2026-10-09T08:50:00+08:00", "channel": "oral", "values": values });
    let made = h.practice.call("chenxia", "case.register", request).await?;
    Ok(made["number"].as_str().unwrap_or_default().to_owned())
}

pub(super) async fn opens(h: &House, who: &str, case: &str) -> String {
    let ask = json!({ "case": case, "why": "工作需要" });
    match h.practice.call(who, "case.get", ask).await {
        Ok(_) => "opened".to_owned(),
        Err(e) => e.code,
    }
}

pub(super) async fn add(
    h: &mut House,
    login: &str,
    account: &str,
    roles: &[&str],
) -> Result<(), ApiError> {
    let roles: Vec<Value> = roles
        .iter()
        .map(|r| json!({ "procedure": "clinical-laboratory", "role": r }))
        .collect();
    let person = json!({ "name": login, "login": login, "password": PASSWORD, "account": account, "roles": roles });
    h.practice.call("admin", "person.add", person).await?;
    h.practice.sign_in_as(login).await
}

/// What waits and may be confirmed by somebody.
pub(super) async fn waits(h: &House, who: &str) -> Result<Vec<(String, String)>, ApiError> {
    let all = h.practice.call(who, "grant.list", json!({})).await?;
    let all = all.as_array().cloned().unwrap_or_default();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let mine = all.iter().filter(|g| g["may"] == true);
    Ok(mine.map(|g| (text(&g["id"]), text(&g["kind"]))).collect())
}

pub(super) async fn judge(h: &House, who: &str, name: &str, id: &str) -> Result<Value, ApiError> {
    h.practice.call(who, name, json!({ "id": id })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_given_by_one_opens_nothing_until_another_confirms_it() -> Result<()> {
    let (mut h, case) = office().await?;
    let open = register(&h, false).await?;
    // To oneself, and to an account that one makes.
    let me = h.practice.ids["admin"].clone();
    let roles = json!([{ "procedure": "clinical-laboratory", "role": "group_leader" }]);
    let given = json!({ "id": me, "roles": roles });
    h.practice.call("admin", "person.update", given).await?;
    add(&mut h, "puppet", "administrator", &["quality_manager"]).await?;
    for who in ["admin", "puppet"] {
        assert_eq!(opens(&h, who, &case).await, "case_confidential", "{who}");
        assert_eq!(
            opens(&h, who, &open).await,
            "opened",
            "{who}: other work goes on"
        );
    }
    // It stands on the desks of those who answer for the procedure, with who, when and to whom; nowhere else.
    let desk = waits(&h, "fangyuan").await?;
    assert_eq!(desk.len(), 3, "two roles and an account: {desk:?}");
    for who in ["admin", "puppet", "chenxia"] {
        assert_eq!(waits(&h, who).await?, [], "{who}");
        for (id, _) in &desk {
            assert_eq!(
                code(judge(&h, who, "grant.confirm", id).await),
                "second_person_unfit",
                "{who}: {id}"
            );
        }
    }
    let list = h.practice.call("fangyuan", "grant.list", json!({})).await?;
    assert_eq!(
        (&list[0]["by"], list[0]["at"].is_string()),
        (&json!("管理员"), true)
    );
    let of = |who: &str, what: &str| {
        let id = &h.practice.ids[who];
        desk.iter()
            .map(|(g, _)| g.clone())
            .find(|g| g.starts_with(id.as_str()) && g.contains(what))
            .unwrap_or_default()
    };
    judge(&h, "fangyuan", "grant.refuse", &of("puppet", "role:")).await?;
    assert_eq!(opens(&h, "puppet", &case).await, "case_confidential");
    assert_eq!(
        code(judge(&h, "fangyuan", "grant.confirm", &of("puppet", "role:")).await),
        "unknown_grant"
    );
    judge(&h, "suqing", "grant.confirm", &of("admin", "role:")).await?;
    assert_eq!(
        opens(&h, "admin", &case).await,
        "opened",
        "confirmed by whoever answers for it"
    );
    // Saved again it does not wait again; taken away and given again it does.
    let again = json!({ "id": me, "roles": roles, "name": "总管理员" });
    h.practice.call("admin", "person.update", again).await?;
    assert_eq!(opens(&h, "admin", &case).await, "opened");
    for roles in [json!([]), roles] {
        h.practice
            .call(
                "admin",
                "person.update",
                json!({ "id": me, "roles": roles }),
            )
            .await?;
    }
    h.practice.sign_in_as("admin").await?;
    assert_eq!(opens(&h, "admin", &case).await, "case_confidential");
    assert!(h.practice.office.verify(None, Lang::Zh).await?.ok);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_and_a_deputy_are_named_by_two() -> Result<()> {
    let (mut h, case) = office().await?;
    add(&mut h, "shenji", "auditor", &[]).await?;
    assert_eq!(opens(&h, "shenji", &case).await, "case_confidential");
    let desk = waits(&h, "fangyuan").await?;
    judge(&h, "fangyuan", "grant.confirm", &desk[0].0).await?;
    assert_eq!(opens(&h, "shenji", &case).await, "opened");
    // The administrator names oneself deputy of whoever registered the case.
    let deputy = json!({ "principal": h.practice.ids["chenxia"], "deputy": h.practice.ids["admin"], "from": "2026-10-01", "until": "2026-10-31" });
    h.practice.call("admin", "delegate.set", deputy).await?;
    assert_eq!(opens(&h, "admin", &case).await, "case_confidential");
    assert_eq!(waits(&h, "admin").await?, []);
    let asked = waits(&h, "chenxia").await?;
    assert_eq!(asked.len(), 1, "the principal is asked: {asked:?}");
    let listed = h
        .practice
        .call("chenxia", "delegate.list", json!({}))
        .await?;
    assert_eq!(listed[0]["waits"], true);
    judge(&h, "chenxia", "grant.confirm", &asked[0].0).await?;
    assert_eq!(opens(&h, "admin", &case).await, "opened");
    // Ending it needs nobody else.
    let over = json!({ "principal": h.practice.ids["chenxia"], "deputy": h.practice.ids["admin"], "from": "2026-10-01", "until": "2026-10-02" });
    h.practice.call("admin", "delegate.set", over).await?;
    h.practice.sign_in_as("admin").await?;
    assert_eq!(opens(&h, "admin", &case).await, "case_confidential");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_password_opens_nothing_until_somebody_from_before_confirms_it() -> Result<()> {
    let (mut h, case) = office().await?;
    let id = h.practice.ids["suqing"].clone();
    let reset = json!({ "id": id, "password": "given-by-admin" });
    h.practice.call("admin", "person.update", reset).await?;
    let session = Session::new();
    let office = &h.practice.office;
    let sign = json!({ "login": "suqing", "password": "given-by-admin" });
    office
        .call(&session, "session.sign_in", sign, Lang::Zh)
        .await?;
    let own = json!({ "old": "given-by-admin", "new": "known-to-admin" });
    office
        .call(&session, "session.change_password", own, Lang::Zh)
        .await?;
    let ask = json!({ "case": case, "why": "工作需要" });
    let refused = office
        .call(&session, "case.get", ask.clone(), Lang::Zh)
        .await;
    assert_eq!(code(refused), "case_confidential");
    let found = office
        .call(&session, "case.list", json!({ "text": "贺兰" }), Lang::Zh)
        .await?;
    assert_eq!(found["total"], 0, "nor is it found by its words");
    // Nor does naming oneself the deputy of the person whose password one knows.
    let deputy = json!({ "principal": id, "deputy": h.practice.ids["admin"], "from": "2026-10-01", "until": "2026-10-31" });
    office
        .call(&session, "delegate.set", deputy, Lang::Zh)
        .await?;
    assert_eq!(opens(&h, "admin", &case).await, "case_confidential");
    // An account made afterwards confirms nothing.
    add(&mut h, "puppet", "administrator", &["director"]).await?;
    let confirm = json!({ "id": id });
    let puppet = h
        .practice
        .call("puppet", "person.confirm_key", confirm.clone())
        .await;
    assert_eq!(code(puppet), "confirmer_too_new");
    assert!(
        waits(&h, "chenxia")
            .await?
            .iter()
            .any(|(_, kind)| kind == "key")
    );
    h.practice
        .call("chenxia", "person.confirm_key", confirm)
        .await?;
    h.practice
        .office
        .call(&session, "case.get", ask, Lang::Zh)
        .await?;
    Ok(())
}

/// The edition that is in force.
async fn current(h: &House) -> Result<Value, ApiError> {
    let ask = json!({ "id": "clinical-laboratory" });
    Ok(h.practice.call("admin", "procedure.get", ask).await?["edition"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_under_which_somebody_sees_more_waits() -> Result<()> {
    let (h, _) = office().await?;
    let whole = include_str!("../../../procedures/clinical-laboratory/procedure.toml");
    let procedure = h
        .practice
        .call(
            "admin",
            "procedure.get",
            json!({ "id": "clinical-laboratory" }),
        )
        .await?;
    let edition = procedure["edition"].as_str().unwrap_or_default();
    let wider = whole
        .replace(&format!("edition = \"{edition}\""), "edition = \"试改\"")
        .replace(
            "id = \"reception\"\n",
            "id = \"reception\"\noversees = true\n",
        );
    assert_ne!(whole, wider);
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../procedures/clinical-laboratory/forms"
    );
    let mut files = vec![json!(["lab/procedure.toml", wider])];
    for form in std::fs::read_dir(folder)? {
        let form = form?;
        let name = form.file_name().to_string_lossy().into_owned();
        files.push(json!([
            format!("lab/forms/{name}"),
            std::fs::read_to_string(form.path())?
        ]));
    }
    let made = h
        .practice
        .call("admin", "procedure.install", json!({ "files": files }))
        .await?;
    assert_eq!(made["waits"], true);
    assert_eq!(current(&h).await?, edition, "not in force yet");
    assert_eq!(waits(&h, "admin").await?, []);
    assert_eq!(waits(&h, "chenxia").await?, [], "who would see more by it");
    let desk = waits(&h, "suqing").await?;
    judge(&h, "suqing", "grant.confirm", &desk[0].0).await?;
    assert_eq!(current(&h).await?, "试改");
    Ok(())
}

/// Whoever sets the house up, and each procedure in it, needs nobody else; nor does an office of one.
#[tokio::test(flavor = "multi_thread")]
async fn a_house_is_set_up_by_one() -> Result<()> {
    let mut h = house().await?;
    h.practice.laboratory_people().await?;
    add(&mut h, "shenji", "auditor", &["group_leader"]).await?;
    assert_eq!(waits(&h, "fangyuan").await?, []);
    h.practice.clock("2026-10-09T09:00")?;
    let number = register(&h, true).await?;
    assert_eq!(opens(&h, "shenji", &number).await, "opened");
    Ok(())
}

/// A role that opens nothing, e.g. in a procedure that has no case yet, makes nobody a second person: one administrator
/// alone would make that one too.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_let_in_by_one_alone_is_nobody_s_second_person() -> Result<()> {
    let (mut h, case) = office().await?;
    let role = json!([{ "procedure": "hospital", "role": "management" }]);
    let puppet = json!({ "name": "新来的", "login": "puppet", "password": PASSWORD, "account": "member", "roles": role });
    h.practice.call("admin", "person.add", puppet).await?;
    h.practice.sign_in_as("puppet").await?;
    add(&mut h, "shenji", "auditor", &[]).await?;
    let desk = waits(&h, "fangyuan").await?;
    let of = |kind: &str| {
        let found = desk.iter().find(|(_, k)| k == kind);
        found.map(|(id, _)| id.clone()).unwrap_or_default()
    };
    let account = of("account");
    let confirmed = judge(&h, "puppet", "grant.confirm", &account).await;
    assert_eq!(code(confirmed), "second_person_unfit");
    assert_eq!(opens(&h, "shenji", &case).await, "case_confidential");
    let reset = json!({ "id": h.practice.ids["suqing"], "password": "given-by-admin" });
    h.practice.call("admin", "person.update", reset).await?;
    let key = json!({ "id": h.practice.ids["suqing"] });
    let confirmed = h.practice.call("puppet", "person.confirm_key", key.clone());
    assert_eq!(code(confirmed.await), "second_person_unfit");
    // Once a colleague said that they know the new one, it is a colleague like the others.
    judge(&h, "fangyuan", "grant.confirm", &of("vouch")).await?;
    judge(&h, "puppet", "grant.confirm", &account).await?;
    assert_eq!(opens(&h, "shenji", &case).await, "opened");
    h.practice.call("puppet", "person.confirm_key", key).await?;
    Ok(())
}
