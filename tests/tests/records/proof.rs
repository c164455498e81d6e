//! What `verify` finds in copies that somebody with the data folder changed, and what only an anchor finds.

use base64::{Engine, engine::general_purpose::STANDARD};
use redress_desk::{
    Lang,
    demo::{Laboratory, PASSWORD, Practice},
};
use redress_tests::{House, code, config, house, tampering::change};
use serde_json::json;
use sqlx::{Row, SqlitePool, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

/// A folder with a walked case and nobody in it; the anchor of that moment.
async fn left() -> anyhow::Result<(TempDir, String)> {
    let mut h = house().await?;
    h.practice.laboratory(Laboratory::Minor).await?;
    leave(h).await
}

/// The same with a row in every table: a case that is hidden from somebody, and a second factor.
async fn left_with_all() -> anyhow::Result<(TempDir, String)> {
    let mut h = house().await?;
    h.practice.laboratory(Laboratory::Minor).await?;
    let p = &h.practice;
    let complaint = json!({
        "procedure": "clinical-laboratory", "received_at": p.office.now().to_rfc3339(), "channel": "oral",
        "values": {
            "complaint.source": "customer", "complainant.name": "贺兰", "complaint.nature": "service",
            "complaint.description": "等候很久，被训斥。", "complaint.demand": ["apologise"], "complaint.about_us": true,
            "immediate.measures": ["none"], "complaint.named_staff": [p.ids["qianwei"]], "confidential.wish": true,
        },
    });
    p.call("chenxia", "case.register", complaint).await?;
    p.call(
        "admin",
        "office.set",
        json!({ "second_factor": "optional" }),
    )
    .await?;
    let begin = json!({ "password": PASSWORD });
    let offer = p
        .call("qianwei", "session.second_factor_begin", begin)
        .await?;
    let secret = offer["secret"]
        .as_str()
        .unwrap_or_default()
        .replace(' ', "");
    let telephone = totp_rs::Builder::new()
        .with_secret(totp_rs::Secret::try_from_base32(secret).map_err(|e| anyhow::anyhow!("{e}"))?)
        .with_account_name("qianwei")
        .build()?;
    let now = u64::try_from(p.office.now().timestamp())?;
    let proof = json!({ "password": PASSWORD, "code": telephone.generate(now).to_string() });
    p.call("qianwei", "session.second_factor_confirm", proof)
        .await?;
    leave(h).await
}

async fn leave(h: House) -> anyhow::Result<(TempDir, String)> {
    let r = h.practice.office.verify(None, Lang::Zh).await?;
    let anchor = format!("{}:{}", r.anchor_pos, r.anchor_hash);
    let House { practice, folder } = h;
    practice.office.close().await;
    drop(practice);
    Ok((folder, anchor))
}

async fn copy(folder: &TempDir) -> anyhow::Result<TempDir> {
    let other = TempDir::new()?;
    let to = other.path().join("office");
    std::fs::create_dir_all(&to)?;
    for entry in std::fs::read_dir(folder.path().join("office"))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(other)
}

#[tokio::test]
async fn every_change_that_does_not_recompute_the_chain_is_named() -> anyhow::Result<()> {
    let (folder, anchor) = left().await?;
    let table: &[(&str, &[&str])] = &[
        (
            "hash_differs",
            &["UPDATE event SET at = replace(at, '2026', '2025') WHERE kind = 'acted'"],
        ),
        (
            "hash_differs",
            &[
                "UPDATE event SET body = replace(body, 'handle_minor', 'give_result') WHERE body LIKE '%handle_minor%'",
            ],
        ),
        ("pos_gap", &["DELETE FROM event WHERE pos = 20"]),
        (
            "link_broken",
            &["UPDATE event SET prev = hash WHERE pos = 20"],
        ),
        (
            "hash_differs",
            &[
                "UPDATE event SET pos = -1 WHERE pos = 20",
                "UPDATE event SET pos = 20 WHERE pos = 21",
                "UPDATE event SET pos = 21 WHERE pos = -1",
            ],
        ),
        (
            "seq_gap",
            &["UPDATE event SET seq = seq + 100 WHERE pos = (SELECT max(pos) FROM event)"],
        ),
        (
            "link_broken",
            &[
                "INSERT INTO event SELECT (SELECT max(pos) FROM event) + 1, stream, (SELECT max(seq) FROM event e WHERE e.stream = event.stream) + 1, kind, version, actor, at, at_us, body, prev, alg, hash, key_id, signature FROM event WHERE kind = 'acted' ORDER BY pos LIMIT 1",
            ],
        ),
        (
            "value_differs",
            &["UPDATE value SET value = '\"别的话\"' WHERE field = 'minor.handling'"],
        ),
        (
            "value_differs",
            &["UPDATE value SET salt = zeroblob(16) WHERE field = 'minor.handling'"],
        ),
        (
            "value_lost",
            &["DELETE FROM value WHERE field = 'minor.handling'"],
        ),
        (
            "value_differs",
            &[
                "INSERT INTO value (pos, field, salt, value) SELECT pos, 'minor.other', salt, value FROM value WHERE field = 'minor.handling'",
            ],
        ),
        (
            "value_stray",
            &["UPDATE value SET pos = 99999 WHERE field = 'minor.handling'"],
        ),
        (
            "document_differs",
            &["UPDATE document SET pdf = zeroblob(100)"],
        ),
        ("document_differs", &["DELETE FROM document"]),
        (
            "document_stray",
            &["INSERT INTO document SELECT 'x', case_id, pdf FROM document LIMIT 1"],
        ),
        (
            "document_differs",
            &["UPDATE document SET case_id = 'x' WHERE rowid = (SELECT min(rowid) FROM document)"],
        ),
        (
            "attachment_differs",
            &["UPDATE attachment SET bytes = zeroblob(10)"],
        ),
        (
            "attachment_differs",
            &["UPDATE attachment SET name = '别的.pdf'"],
        ),
        ("attachment_differs", &["DELETE FROM attachment"]),
        (
            "attachment_stray",
            &[
                "INSERT INTO attachment SELECT 'x', case_id, name, kind, size, at, bytes FROM attachment",
            ],
        ),
        (
            "edition_differs",
            &["UPDATE edition SET files = replace(files, '综合管理组', '综合小组')"],
        ),
        ("edition_differs", &["DELETE FROM edition"]),
        (
            "edition_stray",
            &["INSERT INTO edition SELECT 'x', files FROM edition"],
        ),
        ("number_differs", &["DELETE FROM number_claim"]),
        ("number_differs", &["UPDATE number_claim SET seq = seq + 1"]),
        (
            "number_differs",
            &["INSERT INTO number_claim VALUES ('clinical-laboratory', 2026, 9)"],
        ),
        (
            "credential_differs",
            &[
                "UPDATE credential SET password_hash = (SELECT password_hash FROM credential c WHERE c.login = 'chenxia') WHERE login = 'fangyuan'",
            ],
        ),
        (
            "credential_differs",
            &[
                "UPDATE credential SET sealed_key = (SELECT sealed_key FROM credential c WHERE c.login = 'chenxia') WHERE login = 'fangyuan'",
            ],
        ),
        (
            "credential_differs",
            &["UPDATE credential SET pin_hash = password_hash WHERE login = 'fangyuan'"],
        ),
        (
            "credential_differs",
            &["UPDATE credential SET login = 'fang' WHERE login = 'fangyuan'"],
        ),
        (
            "credential_lost",
            &["DELETE FROM credential WHERE login = 'fangyuan'"],
        ),
        (
            "credential_stray",
            &[
                "INSERT INTO credential (login, person, password_hash) SELECT 'second', 'x', password_hash FROM credential LIMIT 1",
            ],
        ),
        (
            "projection_differs",
            &["UPDATE case_row SET due_order = due_order - 1"],
        ),
        (
            "projection_differs",
            &["UPDATE case_row SET projection = replace(projection, '罗丽', '罗力')"],
        ),
        (
            "projection_differs",
            &["UPDATE case_row SET keep_until = '2020-01-01'"],
        ),
        ("projection_differs", &["DELETE FROM case_row"]),
        (
            "projection_stray",
            &[
                "INSERT INTO case_row SELECT 99999, 'x', 'X-1', procedure, status, received, due_order, keep_until, projection FROM case_row",
            ],
        ),
        (
            "projection_differs",
            &["INSERT INTO waiting SELECT procedure, 'president', 1, rank FROM case_row"],
        ),
        (
            "projection_stray",
            &["INSERT INTO waiting VALUES ('clinical-laboratory', 'president', 1, 99999)"],
        ),
        ("projection_differs", &["DELETE FROM case_search"]),
        (
            "projection_differs",
            &[
                "INSERT OR REPLACE INTO case_search (rowid, grams, singles, own_grams, own_singles, procedure) SELECT rank, '别的', '别', '', '', procedure FROM case_row",
            ],
        ),
        (
            "projection_stray",
            &[
                "INSERT INTO case_search (rowid, grams, singles, own_grams, own_singles, procedure) VALUES (99999, '别的', '别', '', '', 'x')",
            ],
        ),
        (
            "hash_differs",
            &[
                "UPDATE event SET kind = 'disposed' WHERE pos = (SELECT max(pos) FROM event WHERE stream LIKE 'case:%')",
            ],
        ),
        (
            "signature_missing",
            &["UPDATE event SET key_id = NULL, signature = NULL WHERE signature IS NOT NULL"],
        ),
    ];
    for (named, sql) in table {
        let copy = copy(&folder).await?;
        change(&copy, sql).await?;
        let again = Practice::open(config(&copy), PASSWORD).await;
        // A folder that does not even open has been found out as well.
        let Ok(again) = again else { continue };
        let r = match again.office.verify(Some(&anchor), Lang::Zh).await {
            Ok(r) => r,
            Err(e) => panic!("{sql:?}: {e}"),
        };
        let all: Vec<&str> = r.problems.iter().map(|p| p.code.as_str()).collect();
        assert!(!r.ok && all.contains(named), "{sql:?}: {all:?}");
        for p in &r.problems {
            assert!(
                !p.message.contains('{') && !p.message.is_empty(),
                "{}: {}",
                p.code,
                p.message
            );
        }
    }
    Ok(())
}

/// No record, and why (docs/database.md says the same).
const NO_RECORD: [(&str, &str); 6] = [
    ("draft", "what is being typed"),
    (
        "second_factor.last_step",
        "which code was used last: it moves with every signing in, and the code is dead within two minutes anyway",
    ),
    ("attempt", "wrong passwords in a row"),
    ("sent", "requests that may come twice"),
    ("_sqlx_migrations.installed_on", "a note of sqlx"),
    ("_sqlx_migrations.execution_time", "a note of sqlx"),
];

/// The smallest change of each kind of value.
fn smallest(column: &str, kind: &str) -> String {
    match kind {
        "BIGINT" | "INTEGER" => format!("{column} + 1"),
        "BLOB" => format!("CAST(x'01' || substr({column}, 2) AS BLOB)"),
        "BOOLEAN" => format!("NOT {column}"),
        // A space means nothing in JSON, and still somebody put it there.
        _ => format!("coalesce({column}, '') || ' '"),
    }
}

/// Every column of every table that the migrations make, with the smallest change of it. A search table's own
/// tables are its index, whose entries `verify` compares.
async fn columns(folder: &TempDir) -> anyhow::Result<Vec<(String, String)>> {
    let file = folder.path().join("office/redress.db");
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(file)).await?;
    let rows = sqlx::query(
        "SELECT t.name, c.name, c.type FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c \
         WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1, c.cid",
    )
    .fetch_all(&pool)
    .await?;
    pool.close().await;
    let mut all = Vec::new();
    for r in &rows {
        let (table, column, kind): (String, String, String) = (r.get(0), r.get(1), r.get(2));
        let place = format!("{table}.{column}");
        let no_record = |(what, _): &(&str, &str)| *what == table || *what == place;
        if NO_RECORD.iter().any(no_record) || place == "_sqlx_migrations.description" {
            continue;
        }
        let to = smallest(&column, &kind);
        let sql = format!(
            "UPDATE {table} SET {column} = {to} WHERE rowid = (SELECT max(rowid) FROM {table} WHERE {column} IS NOT NULL)"
        );
        let whole = format!(
            "UPDATE {table} SET {column} = {to} WHERE rowid = (SELECT max(rowid) FROM {table})"
        );
        let optional = matches!(column.as_str(), "pin_hash" | "keep_until");
        all.push((place, if optional { whole } else { sql }));
    }
    Ok(all)
}

#[tokio::test]
async fn the_smallest_change_of_any_column_is_named() -> anyhow::Result<()> {
    let (folder, anchor) = left_with_all().await?;
    let all = columns(&folder).await?;
    assert!(all.len() > 50, "{} columns", all.len());
    let mut unnoticed = Vec::new();
    for (place, sql) in all {
        let copy = copy(&folder).await?;
        let file = copy.path().join("office/redress.db");
        let options = SqliteConnectOptions::new()
            .filename(file)
            .foreign_keys(false);
        let pool = SqlitePool::connect_with(options).await?;
        let done = sqlx::query(sqlx::AssertSqlSafe(sql.clone()))
            .execute(&pool)
            .await?;
        pool.close().await;
        anyhow::ensure!(done.rows_affected() == 1, "{sql} touched nothing");
        // A folder that does not even open has been found out as well.
        let Ok(again) = redress_desk::Office::open(config(&copy)).await else {
            continue;
        };
        if again
            .verify(Some(&anchor), Lang::Zh)
            .await
            .is_ok_and(|r| r.ok)
        {
            unnoticed.push(place);
        }
        again.close().await;
    }
    assert!(
        unnoticed.is_empty(),
        "nothing holds {unnoticed:?} against the log"
    );
    Ok(())
}

#[tokio::test]
async fn the_time_by_which_records_are_ordered_is_that_of_the_record() -> anyhow::Result<()> {
    let (folder, _) = left().await?;
    change(
        &folder,
        &["UPDATE event SET at_us = at_us + 1 WHERE pos = 20"],
    )
    .await?;
    let again = Practice::open(config(&folder), PASSWORD).await?;
    let r = again.office.verify(None, Lang::Zh).await?;
    assert_eq!(r.first_bad.map(|p| p.code).as_deref(), Some("time_differs"));
    Ok(())
}

#[tokio::test]
async fn an_office_with_a_trigger_is_not_opened_and_says_which() -> anyhow::Result<()> {
    let (folder, _) = left().await?;
    let file = folder.path().join("office/redress.db");
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(file)).await?;
    sqlx::query("CREATE TRIGGER quiet BEFORE INSERT ON event WHEN new.kind = 'acted' BEGIN SELECT RAISE(IGNORE); END")
        .execute(&pool)
        .await?;
    pool.close().await;
    let said = redress_desk::Office::open(config(&folder)).await.err();
    let said = said.map(|e| (e.code.clone(), e.message(Lang::En)));
    assert!(
        said.as_ref()
            .is_some_and(|(c, m)| c == "schema_differs" && m.contains("trigger quiet")),
        "{said:?}"
    );
    Ok(())
}

#[tokio::test]
async fn the_first_bad_case_record_and_field_are_said_in_words() -> anyhow::Result<()> {
    let (folder, _) = left().await?;
    change(
        &folder,
        &["UPDATE value SET value = '\"别的话\"' WHERE field = 'minor.handling'"],
    )
    .await?;
    let again = Practice::open(config(&folder), PASSWORD).await?;
    let r = again.office.verify(None, Lang::Zh).await?;
    let said = r.first_bad.map(|p| p.message).unwrap_or_default();
    assert!(
        said.contains("BY-2026-0001") && said.contains("处理情况"),
        "{said}"
    );
    Ok(())
}

#[tokio::test]
async fn only_an_anchor_tells_of_a_log_that_was_cut_off() -> anyhow::Result<()> {
    let (folder, anchor) = left().await?;
    let whole = Practice::open(config(&folder), PASSWORD).await?;
    let r = whole.office.verify(Some(&anchor), Lang::Zh).await?;
    assert!(r.ok && r.checked_anchor.as_deref() == Some(anchor.as_str()));
    let later = whole.office.verify(None, Lang::Zh).await?;
    let later = format!("{}:{}", later.anchor_pos, later.anchor_hash);
    whole.office.close().await;
    drop(whole);
    // The signings-in that came last go, and nothing inside the log tells of them.
    change(
        &folder,
        &["DELETE FROM event WHERE pos = (SELECT max(pos) FROM event)"],
    )
    .await?;
    let cut = redress_desk::Office::open(config(&folder)).await?;
    assert!(
        cut.verify(None, Lang::Zh).await?.ok,
        "by itself it looks whole"
    );
    let found = cut.verify(Some(&later), Lang::Zh).await?;
    assert_eq!(
        found.first_bad.map(|p| p.code).as_deref(),
        Some("anchor_missing")
    );
    assert!(
        cut.verify(Some(&anchor), Lang::Zh).await?.ok,
        "up to the older anchor nothing changed"
    );
    let other = format!("3:{}", "0".repeat(64));
    let found = cut.verify(Some(&other), Lang::Zh).await?;
    assert_eq!(
        found.first_bad.map(|p| p.code).as_deref(),
        Some("anchor_differs")
    );
    assert_eq!(
        code(cut.verify(Some("abc"), Lang::Zh).await),
        "anchor_not_understood"
    );
    Ok(())
}

#[tokio::test]
async fn a_restored_backup_fits_its_anchor_and_a_changed_one_does_not() -> anyhow::Result<()> {
    let mut h = house().await?;
    h.practice.laboratory(Laboratory::Minor).await?;
    let secret = h.practice.backup_key("luoping").await?;
    let request = serde_json::json!({});
    let made = h.practice.call("admin", "backup.create", request).await?;
    let exported = h
        .practice
        .call("admin", "audit.anchor", serde_json::json!({}))
        .await?;
    let bytes = STANDARD.decode(made["bytes"].as_str().unwrap_or_default())?;
    let anchor = made["anchor"].as_str().unwrap_or_default().to_owned();
    let text = String::from_utf8(STANDARD.decode(exported["bytes"].as_str().unwrap_or_default())?)?;
    let office = &h.practice.office;
    for given in [&anchor, &text] {
        let r = office.verify(Some(given), Lang::Zh).await?;
        assert!(
            r.ok && r.checked_anchor.is_some(),
            "{given}: {:?}",
            r.first_bad
        );
    }
    let other = TempDir::new()?;
    redress_desk::restore(&config(&other), &bytes, &secret).await?;
    let restored = redress_desk::Office::open(config(&other)).await?;
    let r = restored.verify(Some(&anchor), Lang::Zh).await?;
    assert!(r.ok, "nothing before the anchor changed: {:?}", r.first_bad);
    // The exported anchor came after the backup: where that event stood, the log now says that it was restored.
    let r = restored.verify(Some(&text), Lang::Zh).await?;
    assert_eq!(
        r.first_bad.map(|p| p.code).as_deref(),
        Some("anchor_differs")
    );
    Ok(())
}

#[tokio::test]
async fn a_check_says_how_far_it_is_and_can_be_stopped() -> anyhow::Result<()> {
    let mut h = house().await?;
    h.practice.laboratory(Laboratory::Minor).await?;
    let office = &h.practice.office;
    assert!(!office.verify_progress().running);
    let stop = async {
        let second = code(office.verify(None, Lang::Zh).await);
        (
            office.verify_progress().running,
            second,
            office.verify_stop(),
        )
    };
    let (first, (running, second, _)) = tokio::join!(office.verify(None, Lang::Zh), stop);
    assert!(running, "seen from outside while it runs");
    assert_eq!(second, "verify_running", "one at a time");
    assert_eq!(code(first), "verify_stopped");
    assert!(!office.verify_progress().running);
    assert!(
        office.verify(None, Lang::Zh).await?.ok,
        "and again to the end"
    );
    Ok(())
}
