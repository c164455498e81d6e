//! What the host's role may not do is refused by the server itself.

use crate::house::{Base, Done, Kind, office};
use redress_store::{Address, PostgresStore, Store};
use sqlx::{Connection, PgConnection};

async fn refusal(base: &Base, sql: &'static str) -> Result<Option<String>, sqlx::Error> {
    let mut raw = PgConnection::connect(&base.raw_url(&base.role())).await?;
    let done = sqlx::query(sql).execute(&mut raw).await;
    raw.close().await?;
    let code = done
        .err()
        .and_then(|e| Some(e.as_database_error()?.code()?.into_owned()));
    Ok(code)
}

#[tokio::test]
async fn the_host_adds_to_the_log_and_never_changes_it() -> Done {
    let (base, store) = office(Kind::Postgres).await?;
    for sql in [
        "UPDATE event SET body = '{}'",
        "DELETE FROM event",
        "TRUNCATE event CASCADE",
        "DROP TABLE event CASCADE",
        "ALTER TABLE event DISABLE TRIGGER ALL",
        "CREATE TABLE other (a BIGINT)",
        "UPDATE value SET value = '1'",
        "UPDATE document SET pdf = ''",
        "UPDATE attachment SET bytes = ''",
        "UPDATE number_claim SET seq = 2",
        "DELETE FROM number_claim",
        "UPDATE edition SET files = ''",
        "DELETE FROM edition",
        "DELETE FROM credential",
        "INSERT INTO meta (key, value) VALUES ('x', 1)",
        "DELETE FROM meta",
        "DELETE FROM _sqlx_migrations",
        "GRANT UPDATE ON event TO PUBLIC",
    ] {
        let code = refusal(&base, sql).await?;
        // A GRANT that grants nothing is a warning and changes nothing.
        if code.is_none() {
            assert!(sql.starts_with("GRANT"), "{sql} was allowed");
        } else {
            assert_eq!(code.as_deref(), Some("42501"), "{sql}");
        }
    }
    assert_eq!(
        refusal(&base, "UPDATE event SET body = '{}'")
            .await?
            .as_deref(),
        Some("42501"),
        "the grant had no effect"
    );
    assert_eq!(store.tail().await?.0, 3);
    Ok(())
}

#[tokio::test]
async fn a_database_that_is_not_of_this_version_is_refused() -> Done {
    let base = Base::new(Kind::Postgres).await?;
    PostgresStore::prepare(&base.owner_url(), &base.role()).await?;
    base.tamper("INSERT INTO _sqlx_migrations VALUES (9999, 'later', now(), true, '', 0)")
        .await?;
    let code = |r: Result<PostgresStore, redress_store::StoreError>| r.err().map(|e| e.code());
    assert_eq!(
        code(PostgresStore::open(&base.url()).await),
        Some("newer_version")
    );
    let again = PostgresStore::prepare(&base.owner_url(), &base.role()).await;
    assert_eq!(again.err().map(|e| e.code()), Some("newer_version"));
    base.tamper("DELETE FROM _sqlx_migrations").await?;
    assert_eq!(
        code(PostgresStore::open(&base.url()).await),
        Some("database_unprepared")
    );
    base.tamper("DROP TABLE _sqlx_migrations").await?;
    assert_eq!(
        code(PostgresStore::open(&base.url()).await),
        Some("database_unprepared")
    );
    let unknown = PostgresStore::prepare(&base.owner_url(), "nobody").await;
    assert_eq!(
        unknown.err().map(|e| e.code()),
        Some("database_role_unknown")
    );
    Ok(())
}

#[tokio::test]
async fn an_address_never_shows_its_password() -> Done {
    for url in [
        "postgres://host:geheim@localhost/office?host=/nowhere",
        "postgres://host:geheim@[/office",
        "mysql://host:geheim@127.0.0.1/office",
        "postgres://host:geheim@localhost/office?sslmode=nonsense",
    ] {
        let refused = PostgresStore::open(&Address::new(url)).await.err();
        let said = format!(
            "{refused:?} {}",
            refused
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default()
        );
        assert!(refused.is_some() && !said.contains("geheim"), "{said}");
        let shown = format!("{0} {0:?}", Address::new(url));
        assert!(!shown.contains("geheim"), "{shown}");
    }
    Ok(())
}
