//! An administrator alone reads no confidential case by a backup (docs/decisions/0011).

use super::two_people::{add, judge, office, opens, waits};
use anyhow::{Context, Result};
use redress_desk::{
    ApiError, BackupKey, Lang, Office, Session,
    demo::{PASSWORD, Practice},
    restore_from,
};
use redress_tests::{House, code, config, config_at, house};
use serde_json::{Value, json};
use std::{fs::File, path::Path};

async fn call(h: &House, who: &str, name: &str, given: Value) -> Result<Value, ApiError> {
    h.practice.call(who, name, given).await
}

async fn make(h: &House, who: &str) -> Result<Value, ApiError> {
    call(h, who, "backup_key.make", json!({ "password": PASSWORD })).await
}

/// A backup in a file, as the terminal writes it.
async fn to_file(office: &Office, own: Option<&str>, file: &Path) -> Result<String, ApiError> {
    let out = Box::new(File::create(file).map_err(ApiError::internal)?);
    let made = office.backup_to(own, "office.backup", out).await?;
    Ok(made.sealed_to)
}

/// Every way to a backup without the institution's key is refused with the same code.
async fn nothing_is_backed_up(h: &House, refused: &str) -> Result<()> {
    let file = h.folder.path().join("mine.backup");
    let own = BackupKey::random().recipient.clone();
    for given in [
        json!({}),
        json!({ "passphrase": "my own words" }),
        json!({ "passphrase": own }),
    ] {
        let made = call(h, "admin", "backup.create", given.clone()).await;
        assert_eq!(code(made), refused, "{given}");
    }
    for given in [None, Some("my own words"), Some(own.as_str())] {
        let made = to_file(&h.practice.office, given, &file).await;
        assert_eq!(code(made), refused, "{given:?} at the terminal");
        assert_eq!(std::fs::metadata(&file)?.len(), 0, "nothing was written");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_alone_gets_no_backup_that_they_can_open() -> Result<()> {
    let (mut h, case) = office().await?;
    assert_eq!(opens(&h, "admin", &case).await, "case_confidential");
    nothing_is_backed_up(&h, "backup_key_missing").await?;
    assert_eq!(code(make(&h, "admin").await), "backup_key_not_asked");
    // Accounts that the administrator makes beforehand: with a role that opens nothing, as another administrator; and
    // a colleague's, whose password the administrator sets and signs in with.
    let role = json!([{ "procedure": "hospital", "role": "management" }]);
    let puppet = json!({ "name": "新来的", "login": "puppet", "password": PASSWORD, "account": "member", "roles": role });
    call(&h, "admin", "person.add", puppet).await?;
    h.practice.sign_in_as("puppet").await?;
    add(&mut h, "second_admin", "administrator", &[]).await?;
    let reset = json!({ "id": h.practice.ids["suqing"], "password": "given-by-admin" });
    call(&h, "admin", "person.update", reset).await?;
    let borrowed = Session::new();
    let suqing = &h.practice.office;
    for (name, given) in [
        (
            "session.sign_in",
            json!({ "login": "suqing", "password": "given-by-admin" }),
        ),
        (
            "session.change_password",
            json!({ "old": "given-by-admin", "new": "known-to-admin" }),
        ),
    ] {
        suqing.call(&borrowed, name, given, Lang::Zh).await?;
    }
    for _ in 0..2 {
        // Taking it back and asking anew makes none of them any older.
        let asked = call(&h, "admin", "backup_key.ask", json!({})).await?;
        assert_eq!(
            (&asked["sealing"], &asked["asked"]["may"]),
            (&json!("missing"), &json!(false))
        );
        assert_eq!(
            code(call(&h, "admin", "backup_key.ask", json!({})).await),
            "backup_key_asked"
        );
        assert_eq!(code(make(&h, "admin").await), "backup_key_other");
        let confirmed = call(&h, "admin", "backup_key.confirm", json!({ "last": "" })).await;
        assert_eq!(code(confirmed), "backup_key_make_first");
        for who in ["admin", "puppet", "second_admin"] {
            assert!(waits(&h, who).await?.is_empty(), "{who}");
            let confirmed = judge(&h, who, "grant.confirm", "backup_key").await;
            assert_eq!(code(confirmed), "second_person_unfit", "{who}");
        }
        for who in ["puppet", "second_admin"] {
            assert_eq!(code(make(&h, who).await), "second_person_unfit", "{who}");
        }
        let password = json!({ "password": "known-to-admin" });
        let made = suqing.call(&borrowed, "backup_key.make", password, Lang::Zh);
        assert_eq!(
            code(made.await),
            "second_person_unfit",
            "a password that another set"
        );
        nothing_is_backed_up(&h, "backup_key_missing").await?;
        judge(&h, "admin", "grant.refuse", "backup_key").await?;
    }
    // A colleague who was there before may; their unlocked desk is not enough.
    call(&h, "admin", "backup_key.ask", json!({})).await?;
    assert_eq!(
        waits(&h, "fangyuan").await?.last().map(|g| g.1.as_str()),
        Some("backup_key")
    );
    let guessed = call(
        &h,
        "fangyuan",
        "backup_key.make",
        json!({ "password": "guessed-it" }),
    )
    .await;
    assert_eq!(code(guessed), "signature_password_wrong");
    judge(&h, "fangyuan", "grant.refuse", "backup_key").await?;
    assert_eq!(code(make(&h, "fangyuan").await), "backup_key_not_asked");
    // With a key in force there is nothing of one's own either.
    let _secret = h.practice.backup_key("fangyuan").await?;
    let own = BackupKey::random().recipient.clone();
    let file = h.folder.path().join("mine.backup");
    for given in ["my own words", own.as_str()] {
        let made = call(&h, "admin", "backup.create", json!({ "passphrase": given })).await;
        assert_eq!(code(made), "backup_sealed_to_key", "{given}");
        let made = to_file(&h.practice.office, Some(given), &file).await;
        assert_eq!(code(made), "backup_sealed_to_key", "{given}");
    }
    assert!(h.practice.office.verify(None, Lang::Zh).await?.ok);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_opened_by_what_the_second_person_keeps() -> Result<()> {
    let (h, case) = office().await?;
    call(&h, "admin", "backup_key.ask", json!({})).await?;
    let offer = make(&h, "suqing").await?;
    let groups = offer["groups"].as_array().context("groups")?;
    let groups: Vec<&str> = groups.iter().filter_map(Value::as_str).collect();
    let secret = groups.concat();
    // Made, and not in force before it is on paper.
    let wrong = call(
        &h,
        "suqing",
        "backup_key.confirm",
        json!({ "last": "QQQQQQ" }),
    )
    .await;
    assert_eq!(code(wrong), "backup_key_last_wrong");
    nothing_is_backed_up(&h, "backup_key_missing").await?;
    let last = groups.last().context("a last group")?.to_lowercase();
    let stands = call(&h, "suqing", "backup_key.confirm", json!({ "last": last })).await?;
    let recipient = stands["key"]["recipient"].as_str().context("a key")?;
    assert_eq!(offer["recipient"], recipient);
    assert_eq!(stands["key"]["alone"], false);

    let file = h.folder.path().join("office.backup");
    let sealed_to = to_file(&h.practice.office, None, &file).await?;
    assert_eq!(sealed_to, recipient);
    let again = h.folder.path().join("again.backup");
    to_file(&h.practice.office, Some(recipient), &again).await?;
    let list = call(&h, "admin", "backup.list", json!({})).await?;
    let keeper = h
        .practice
        .call("admin", "backup_key.get", json!({}))
        .await?["key"]["keeper"]
        .clone();
    assert_eq!(
        (&list[0]["sealed"], &list[0]["keeper"]),
        (&json!("key"), &keeper)
    );

    // What opens it stands nowhere in the folder.
    let data = h.folder.path().join("office");
    for entry in std::fs::read_dir(&data)? {
        let path = entry?.path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        let half = secret.as_bytes().get(16..40).context("a secret")?;
        assert!(!bytes.windows(half.len()).any(|w| w == half), "{path:?}");
    }

    let other = tempfile::TempDir::new()?;
    let target = config(&other);
    let stranger = BackupKey::random().secret.clone();
    let mistyped = secret.replacen(&secret[20..22], &secret[21..23], 1);
    for (typed, refused) in [
        ("my own words", "backup_key_needed"),
        (stranger.as_str(), "backup_key_wrong"),
        (mistyped.as_str(), "backup_key_mistyped"),
    ] {
        let restored = restore_from(&target, File::open(&file)?, typed).await;
        assert_eq!(code(restored), refused);
    }
    restore_from(&target, File::open(&file)?, &groups.join(" ")).await?;
    let restored = Practice::open(target, PASSWORD).await?;
    assert!(restored.office.verify(None, Lang::Zh).await?.ok);
    let stands = restored.call("admin", "backup_key.get", json!({})).await?;
    assert_eq!(
        stands["key"]["recipient"], recipient,
        "restored with the office"
    );
    let mine = restored
        .call(
            "admin",
            "case.get",
            json!({ "case": case, "why": "工作需要" }),
        )
        .await;
    assert_eq!(code(mine), "case_confidential");

    // Another key: the same way again; the list says who keeps what opens the older ones.
    let newer = h.practice.backup_key("fangyuan").await?;
    to_file(&h.practice.office, None, &again).await?;
    let third = config_at(&other.path().join("third"));
    let old = restore_from(&third, File::open(&again)?, &secret).await;
    assert_eq!(code(old), "backup_key_wrong");
    restore_from(&third, File::open(&again)?, &newer).await?;
    let list = call(&h, "admin", "backup.list", json!({})).await?;
    assert_eq!(list[2]["keeper"], keeper);
    assert_ne!(list[0]["keeper"], keeper);
    Ok(())
}

/// Where nobody else has an account, one person makes and keeps the key; that is said wherever it counts.
#[tokio::test(flavor = "multi_thread")]
async fn an_office_of_one_keeps_its_key_alone_until_there_are_others() -> Result<()> {
    let folder = tempfile::TempDir::new()?;
    let start = chrono::DateTime::parse_from_rfc3339("2026-09-28T08:00:00+08:00")?;
    let mut practice = Practice::bare(config(&folder), PASSWORD, start).await?;
    practice.sign_in_as("admin").await?;
    let secret = practice.backup_key("admin").await?;
    let key = practice.call("admin", "backup_key.get", json!({})).await?;
    assert_eq!(
        (&key["sealing"], &key["key"]["alone"]),
        (&json!("key"), &json!(true))
    );
    let log = practice
        .call("admin", "audit.list", json!({ "stream": "office" }))
        .await?;
    assert!(log.to_string().contains("backup_key_made"), "{log}");
    let file = folder.path().join("alone.backup");
    to_file(&practice.office, None, &file).await?;
    let list = practice.call("admin", "backup.list", json!({})).await?;
    assert_eq!(list[0]["alone"], true);
    restore_from(
        &config_at(&folder.path().join("other")),
        File::open(&file)?,
        &secret,
    )
    .await?;

    // A colleague, and their first complaint.
    let role = json!([{ "procedure": "inspection-station", "role": "office" }]);
    let person = json!({ "name": "赵敏", "login": "zhaomin", "password": PASSWORD, "account": "member", "roles": role });
    practice.call("admin", "person.add", person).await?;
    practice.sign_in_as("zhaomin").await?;
    to_file(&practice.office, None, &file).await?;
    let mut h = House { practice, folder };
    let mut complaint = house().await?.practice.complaint();
    for who in ["report.operator", "report.reviewer", "report.signatory"] {
        complaint[who] = h.practice.ids["admin"].clone().into();
    }
    h.practice.register(complaint).await?;
    nothing_is_backed_up(&h, "backup_key_alone").await?;
    // And the administrator who was alone is not alone any more.
    call(&h, "admin", "backup_key.ask", json!({})).await?;
    assert_eq!(code(make(&h, "admin").await), "backup_key_other");
    judge(&h, "admin", "grant.refuse", "backup_key").await?;
    h.practice.backup_key("zhaomin").await?;
    let sealed_to = to_file(&h.practice.office, None, &file).await?;
    assert!(sealed_to.starts_with("age1"));
    Ok(())
}

/// While an office is set up, nobody's cases could be read: a passphrase does.
#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_case_a_passphrase_does() -> Result<()> {
    let mut h = house().await?;
    let file = h.folder.path().join("early.backup");
    assert_eq!(
        code(to_file(&h.practice.office, Some("short"), &file).await),
        "password_too_short"
    );
    assert_eq!(
        code(to_file(&h.practice.office, Some("age1short"), &file).await),
        "backup_recipient_unfit"
    );
    to_file(&h.practice.office, Some("eight or more"), &file).await?;
    let list = call(&h, "admin", "backup.list", json!({})).await?;
    assert_eq!(list[0]["sealed"], "passphrase");
    let key = BackupKey::random();
    let target = config_at(&h.folder.path().join("other"));
    let opened = restore_from(&target, File::open(&file)?, &key.secret).await;
    assert_eq!(code(opened), "backup_passphrase_needed");
    restore_from(&target, File::open(&file)?, "eight or more").await?;
    let complaint = h.practice.complaint();
    h.practice.register(complaint).await?;
    nothing_is_backed_up(&h, "backup_key_missing").await
}
