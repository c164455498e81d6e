//! A schema that is not the program's own: found at open, while writing, by `verify` and at restore.

use crate::house::{Base, Done, Kind, more, office};
use redress_store::{Progress, SqliteStore, Store, StoreError};

/// Something planted, and how it is named.
const IN_SQLITE: [(&str, &str); 9] = [
    (
        "CREATE TRIGGER quiet BEFORE INSERT ON event WHEN new.kind = 'closed' BEGIN SELECT RAISE(IGNORE); END",
        "trigger quiet",
    ),
    (
        "CREATE TRIGGER later AFTER INSERT ON event BEGIN DELETE FROM event WHERE pos = new.pos; END",
        "trigger later",
    ),
    ("CREATE VIEW seen AS SELECT * FROM event", "view seen"),
    (
        "CREATE INDEX lowered ON event (lower(kind))",
        "index lowered",
    ),
    ("CREATE TABLE other (a)", "table other"),
    (
        "ALTER TABLE event ADD COLUMN made TEXT GENERATED ALWAYS AS (kind) VIRTUAL",
        "table event",
    ),
    (
        "ALTER TABLE attempt ADD COLUMN more TEXT NOT NULL DEFAULT ''",
        "table attempt",
    ),
    ("DROP INDEX case_row_due", "index case_row_due"),
    (
        "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 2",
        "_sqlx_migrations 2",
    ),
];

fn about(e: &StoreError) -> String {
    match e {
        StoreError::SchemaDiffers { about } => about.clone(),
        other => format!("another refusal: {other}"),
    }
}

#[tokio::test]
async fn a_folder_with_something_planted_is_not_opened() -> Done {
    for (sql, named) in IN_SQLITE {
        let (base, store) = office(Kind::Sqlite).await?;
        store.close().await;
        drop(store);
        base.tamper(sql).await?;
        let said = base.open().await.err().map(|e| about(&e));
        assert!(
            said.as_deref().is_some_and(|s| s.contains(named)),
            "{sql}: {said:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_is_planted_under_an_open_folder_is_found_before_the_next_write_and_never_restored()
-> Done {
    for (sql, named) in &IN_SQLITE[..8] {
        let (base, store) = office(Kind::Sqlite).await?;
        base.tamper(sql).await?;
        let report = store.verify(&Progress::default()).await?;
        let found: Vec<String> = report.schema().into_iter().collect();
        assert!(found.iter().any(|f| f == named), "{sql}: {found:?}");
        let again = store
            .append(vec![more(3, &["2026-09-28T11:00:00+08:00"])])
            .await;
        assert!(again.is_err_and(|e| about(&e).contains(named)), "{sql}");
        let (bytes, _) = store.backup("correct horse").await?;
        let into = tempfile::tempdir()?;
        let done = SqliteStore::restore(&bytes, "correct horse", into.path()).await;
        assert!(done.is_err_and(|e| about(&e).contains(named)), "{sql}");
        assert!(!SqliteStore::exists(into.path()), "{sql}: nothing is left");
    }
    Ok(())
}

#[tokio::test]
async fn figures_of_sqlite_about_its_own_tables_disturb_nobody() -> Done {
    let (base, store) = office(Kind::Sqlite).await?;
    store.close().await;
    drop(store);
    base.tamper("ANALYZE").await?;
    let store = base.open().await?;
    assert!(
        store
            .verify(&Progress::default())
            .await?
            .problems
            .is_empty()
    );
    Ok(())
}

#[cfg(target_os = "linux")]
mod postgres {
    use super::*;
    use redress_store::PostgresStore;
    use sqlx::{Connection, PgConnection};

    const LISTING: &str = include_str!("../../src/postgres/schema.sql");
    const MADE: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/migrations/postgres/schema.txt"
    );

    /// Rewrites the listing where `REDRESS_LISTING` is set: after a new migration.
    #[tokio::test]
    async fn the_listing_is_what_the_migrations_make() -> Done {
        let base = Base::unprepared(Kind::Postgres).await?;
        // It refuses while the listing is an older one; the tables stand all the same.
        let prepared = PostgresStore::prepare(&base.owner_url(), &base.role()).await;
        let mut raw = PgConnection::connect(&base.raw_url("postgres")).await?;
        let all: Vec<String> = sqlx::query_scalar(LISTING).fetch_all(&mut raw).await?;
        let text = all.join("\n") + "\n";
        if std::env::var_os("REDRESS_LISTING").is_some() {
            std::fs::write(MADE, &text)?;
            return Ok(());
        }
        assert_eq!(text, std::fs::read_to_string(MADE)?);
        prepared?;
        Ok(())
    }

    #[tokio::test]
    async fn whatever_is_planted_is_named_and_no_host_works_on_it() -> Done {
        for (sql, named) in [
            (
                "CREATE RULE quiet AS ON INSERT TO event WHERE new.kind = 'closed' DO INSTEAD NOTHING",
                "rule quiet",
            ),
            (
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "function f()",
            ),
            (
                "CREATE TRIGGER t BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
                "trigger t",
            ),
            ("CREATE POLICY p ON value USING (false)", "policy p"),
            (
                "ALTER TABLE value ENABLE ROW LEVEL SECURITY",
                "table public.value",
            ),
            (
                "CREATE VIEW seen AS SELECT * FROM event",
                "view public.seen",
            ),
            ("CREATE INDEX lowered ON event (lower(kind))", "lowered"),
            ("CREATE TABLE later () INHERITS (event)", "inherits later"),
            (
                "ALTER TABLE event ADD COLUMN made TEXT GENERATED ALWAYS AS (kind) STORED",
                "event.made",
            ),
            (
                "ALTER TABLE event ALTER COLUMN kind SET DEFAULT 'x'",
                "event.kind",
            ),
            (
                "ALTER TABLE value DROP CONSTRAINT value_pos_fkey",
                "value_pos_fkey",
            ),
            (
                "UPDATE _sqlx_migrations SET checksum = '' WHERE version = 1",
                "_sqlx_migrations 1",
            ),
        ] {
            let (base, store) = office(Kind::Postgres).await?;
            base.tamper(sql).await?;
            let report = store.verify(&Progress::default()).await?;
            let found: Vec<String> = report.schema().into_iter().collect();
            assert!(found.iter().any(|f| f.contains(named)), "{sql}: {found:?}");
            store.close().await;
            let code = base.open().await.err().map(|e| e.code());
            assert_eq!(code, Some("schema_differs"), "{sql}");
            let again = PostgresStore::prepare(&base.owner_url(), &base.role()).await;
            assert!(again.is_err(), "{sql}: prepared");
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_write_that_a_rule_swallows_is_an_error() -> Done {
        let (base, store) = office(Kind::Postgres).await?;
        base.tamper("CREATE RULE quiet AS ON INSERT TO event DO INSTEAD NOTHING")
            .await?;
        let done = store
            .append(vec![more(3, &["2026-09-28T11:00:00+08:00"])])
            .await;
        assert_eq!(done.err().map(|e| e.code()), Some("write_ignored"));
        assert_eq!(store.tail().await?.0, 3, "nothing of it was kept");
        Ok(())
    }
}
