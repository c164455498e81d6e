//! Tables, and who may do what with them.
//!
//! The host's role is not the tables' owner. It adds to the log and never changes it: the server itself refuses
//! UPDATE and DELETE on `event`. Disposal (G10) erases values, documents and files, so these may be deleted, and
//! `verify` names every one that is absent without an approved list.

use super::{Address, Pool, schema};
use crate::StoreError;
use sqlx::{
    AssertSqlSafe, Connection, PgConnection,
    migrate::{MigrateError, Migrator},
    postgres::PgPoolOptions,
};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations/postgres");

/// What the host's role may do with which tables.
const RIGHTS: [(&str, &str); 8] = [
    ("SELECT", "_sqlx_migrations"),
    ("SELECT, INSERT", "event, edition, number_claim"),
    (
        "SELECT, INSERT, DELETE",
        "value, document, attachment, sent",
    ),
    ("SELECT, INSERT, UPDATE", "credential"),
    (
        "SELECT, INSERT, UPDATE, DELETE",
        "draft, attempt, second_factor",
    ),
    ("SELECT, UPDATE", "meta"),
    ("SELECT, INSERT, UPDATE, DELETE", "case_row"),
    (
        "SELECT, INSERT, DELETE",
        "waiting, hidden_case, case_search",
    ),
];

/// Migrates as the owner and grants.
pub async fn run(owner: &Address, role: &str) -> Result<(), StoreError> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(super::PATIENCE)
        .connect_with(owner.options()?)
        .await?;
    let done = migrate_and_grant(&pool, role).await;
    pool.close().await;
    done
}

async fn migrate_and_grant(pool: &Pool, role: &str) -> Result<(), StoreError> {
    let mut c = pool.acquire().await?;
    let known: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)")
            .bind(role)
            .fetch_one(&mut *c)
            .await?;
    if !known {
        return Err(StoreError::DatabaseRoleUnknown {
            role: role.to_owned(),
        });
    }
    MIGRATIONS.run(&mut *c).await.map_err(|e| match e {
        MigrateError::VersionMissing(_) => StoreError::NewerVersion,
        MigrateError::Execute(e) => e.into(),
        other => StoreError::Internal(other.to_string()),
    })?;
    grant(&mut c, role).await?;
    drop(c);
    schema::check(pool).await
}

async fn grant(c: &mut PgConnection, role: &str) -> Result<(), StoreError> {
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    let mut tx = c.begin().await?;
    let mut all = vec![
        // Rights of an earlier version go first: what is not named here is not granted.
        format!("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}, PUBLIC"),
        format!("GRANT USAGE ON SCHEMA public TO {role}"),
    ];
    let grants = RIGHTS.map(|(what, tables)| format!("GRANT {what} ON {tables} TO {role}"));
    all.extend(grants);
    for sql in all {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await?;
    }
    Ok(tx.commit().await?)
}

/// Whether a migration that the database notes is this program's own.
pub fn made_by(version: i64, checksum: &[u8]) -> bool {
    MIGRATIONS
        .iter()
        .any(|m| m.version == version && *m.checksum == *checksum)
}

/// Whether the tables are those of this version.
pub async fn check(pool: &Pool) -> Result<(), StoreError> {
    let there: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(pool)
        .await?;
    if !there {
        return Err(StoreError::DatabaseUnprepared);
    }
    let done: i64 =
        sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success")
            .fetch_one(pool)
            .await?;
    let newest = MIGRATIONS.iter().map(|m| m.version).max();
    match done.cmp(&newest.unwrap_or_default()) {
        std::cmp::Ordering::Less => Err(StoreError::DatabaseUnprepared),
        std::cmp::Ordering::Equal => schema::check(pool).await,
        std::cmp::Ordering::Greater => Err(StoreError::NewerVersion),
    }
}
