//! A folder that the version before wrote is opened, kept as a copy, and derived anew.

use redress_desk::{
    Lang,
    demo::{Laboratory, PASSWORD, Practice},
};
use redress_tests::{House, config, house};
use serde_json::json;

/// What the third migration left: no index of personal words, no retention in the rows, no hash of passwords.
const BEFORE: [&str; 11] = [
    "DROP TABLE case_search",
    "CREATE VIRTUAL TABLE case_search USING fts5 (grams, singles, content = '', contentless_delete = 1)",
    "DROP INDEX case_row_keep",
    "ALTER TABLE case_row DROP COLUMN keep_until",
    "UPDATE case_row SET projection = json_remove(projection, '$.row.masked', '$.row.open_headline', '$.row.circle', '$.row.disposed')",
    "UPDATE case_row SET projection = json_remove(json_set(projection, '$.tasks[0].roles', json_array()), '$.tasks[0].doors')",
    "DROP TABLE sent",
    "DELETE FROM _sqlx_migrations WHERE version > 3",
    "PRAGMA user_version = 2",
    "DELETE FROM waiting",
    "PRAGMA wal_checkpoint(TRUNCATE)",
];

#[tokio::test]
async fn an_older_folder_is_kept_as_a_copy_and_derived_anew() -> anyhow::Result<()> {
    let mut h = house().await?;
    let case = h.practice.laboratory(Laboratory::Minor).await?;
    let House { practice, folder } = h;
    practice.office.close().await;
    drop(practice);
    let file = folder.path().join("office/redress.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let pool = sqlx::SqlitePool::connect_with(options).await?;
    for sql in BEFORE {
        sqlx::query(sql).execute(&pool).await?;
    }
    pool.close().await;

    let mut again = Practice::open(config(&folder), PASSWORD).await?;
    again.sign_in_as("chenxia").await?;
    for text in ["罗丽", "ll", "抽血窗口"] {
        let found = again
            .call("chenxia", "case.list", json!({ "text": text }))
            .await?;
        assert_eq!(found["rows"][0]["number"], case.as_str(), "{text}");
    }
    let r = again.office.verify(None, Lang::Zh).await?;
    assert!(r.ok, "{:?}", r.first_bad);
    let copy = folder.path().join("office/before-migration-6.db");
    assert!(copy.exists(), "a copy is kept before a migration");
    Ok(())
}
