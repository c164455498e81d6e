//! Whether the file's schema is exactly what this program's migrations make.
//!
//! A trigger in the file runs inside every write of the program and can make it vanish. So the expectation is made
//! anew in memory by the same migrations, up to the number that the file has, and every object is held against it.

use super::{Connection, MIGRATIONS, Pool, sql::whole::Whole};
use crate::StoreError;
use sqlx::{
    Row,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::collections::{BTreeMap, BTreeSet};

/// Where sqlx notes which migrations ran.
const MIGRATED: &str = "_sqlx_migrations";
/// What SQLite's own statistics are; they hold figures and run nothing.
const STATISTICS: [(&str, &str); 2] = [
    ("sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
    (
        "sqlite_stat4",
        "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
    ),
];
/// Tables that libraries make in words of their own, which another version may choose otherwise: these are compared
/// by their columns.
const OF_LIBRARIES: [&str; 2] = [MIGRATED, "case_search_"];

/// Connections that trust nothing that a file says about itself.
///
/// Defensive mode would need a call into SQLite that is unsafe code, and guards against SQL of others, of which the
/// program runs none; `writable_schema` is off wherever nobody switches it on.
pub fn wary(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("writable_schema", "OFF")
}

/// Type and name of an object, with the table that it belongs to and its words.
type Objects = BTreeMap<(String, String), (String, Option<String>)>;

async fn objects(c: &mut Connection) -> Result<Objects, StoreError> {
    let rows = sqlx::query("SELECT type, name, tbl_name, sql FROM main.sqlite_schema")
        .rows(&mut *c)
        .await?;
    let mut all = Objects::new();
    for r in &rows {
        let text = |n: usize| r.try_get::<String, _>(n);
        let (kind, name, of, sql) = (text(0)?, text(1)?, text(2)?, r.try_get(3)?);
        let library = OF_LIBRARIES.iter().any(|l| name.starts_with(l));
        let sql = if library && kind == "table" {
            Some(columns(&mut *c, &name).await?)
        } else {
            sql
        };
        let statistic = STATISTICS
            .iter()
            .any(|(n, s)| *n == name && sql.as_deref() == Some(*s));
        if !(statistic && kind == "table") {
            all.insert((kind, name), (of, sql));
        }
    }
    Ok(all)
}

async fn columns(c: &mut Connection, table: &str) -> Result<String, StoreError> {
    let rows = sqlx::query("SELECT name, type, hidden FROM pragma_table_xinfo($1) ORDER BY cid")
        .bind(table)
        .rows(c)
        .await?;
    let one = |r: &sqlx::sqlite::SqliteRow| -> Result<String, sqlx::Error> {
        let (name, kind, hidden) = (
            r.try_get::<String, _>(0)?,
            r.try_get::<String, _>(1)?,
            r.try_get::<i64, _>(2)?,
        );
        Ok(format!("{name} {kind} {hidden}"))
    };
    let all: Vec<String> = rows.iter().map(one).collect::<Result<_, _>>()?;
    Ok(all.join(", "))
}

/// What the migrations up to a number make.
async fn expected(upto: i64) -> Result<Objects, StoreError> {
    // A database in memory is one connection's own.
    let memory = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(SqliteConnectOptions::new().in_memory(true))
        .await?;
    let made = MIGRATIONS.run_to(upto, &memory).await;
    made.map_err(|e| StoreError::Internal(e.to_string()))?;
    let all = objects(&mut *memory.acquire().await?).await;
    memory.close().await;
    all
}

/// The number up to which the file was migrated, and numbers whose migration was another one than this program's.
async fn migrated(c: &mut Connection) -> Result<(i64, BTreeSet<String>), StoreError> {
    let mut found = BTreeSet::new();
    let there: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = $1)",
    )
    .bind(MIGRATED)
    .fetch_one(&mut *c)
    .await?;
    if !there {
        found.insert(MIGRATED.to_owned());
        return Ok((0, found));
    }
    let rows = sqlx::query(
        "SELECT version, checksum, success FROM main._sqlx_migrations ORDER BY version",
    )
    .rows(c)
    .await?;
    let mut newest = 0;
    for r in &rows {
        let version: i64 = r.try_get(0)?;
        let (checksum, success): (Vec<u8>, bool) = (r.try_get(1)?, r.try_get(2)?);
        let own = MIGRATIONS.iter().find(|m| m.version == version);
        // One that this program does not know is of a newer version, which opening says.
        let same = own.is_none_or(|m| *m.checksum == *checksum);
        if !(same && success) {
            found.insert(format!("{MIGRATED} {version}"));
        }
        newest = newest.max(version);
    }
    let wanted = MIGRATIONS.iter().filter(|m| m.version <= newest).count();
    if rows.len() < wanted {
        found.insert(MIGRATED.to_owned());
    }
    Ok((newest, found))
}

/// Names everything in the schema that the migrations did not make, made otherwise, or that is missing.
pub async fn differences(c: &mut Connection) -> Result<BTreeSet<String>, StoreError> {
    let (upto, mut found) = migrated(&mut *c).await?;
    let kept = objects(&mut *c).await?;
    let made = expected(upto).await?;
    for (key, words) in &kept {
        if made.get(key) != Some(words) {
            found.insert(format!("{} {}", key.0, key.1));
        }
    }
    for key in made.keys().filter(|k| !kept.contains_key(*k)) {
        found.insert(format!("{} {}", key.0, key.1));
    }
    let own: Vec<String> = sqlx::query(
        "SELECT type || ' temp.' || name FROM sqlite_temp_schema UNION ALL \
         SELECT 'database ' || name FROM pragma_database_list WHERE name NOT IN ('main', 'temp')",
    )
    .column(c)
    .await?;
    found.extend(own);
    Ok(found)
}

/// How a file's account of itself was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// As the program made it.
    Whole,
    /// The tables are the program's; what the file says of itself beside them is not what was written.
    Differs,
    /// The tables are the program's; what the file says of itself beside them could not be read.
    Unread,
}

/// Looks at a file's schema before anything else is read; `marked` says that the file's head names the program.
///
/// # Errors
/// `SchemaDiffers` where it is not the program's, `ForeignFolder`, `DamagedFolder` where it cannot be read.
pub async fn stands(pool: &Pool, marked: bool) -> Result<Stands, StoreError> {
    let mut c = pool.acquire().await?;
    let (found, stands) = match differences(&mut c).await {
        Ok(found) if found.is_empty() && marked => return Ok(Stands::Whole),
        Ok(found) => (found, Stands::Differs),
        Err(StoreError::DamagedFolder | StoreError::RecordDamaged { .. }) => {
            (BTreeSet::new(), Stands::Unread)
        }
        Err(e) => return Err(e),
    };
    let kept = objects(&mut c).await?;
    if !marked && !kept.keys().any(|(_, name)| name == MIGRATED) {
        return Err(StoreError::ForeignFolder);
    }
    let newest = MIGRATIONS.iter().map(|m| m.version).max();
    let ours = kept == expected(newest.unwrap_or_default()).await?;
    let of_migrations = |name: &String| name.starts_with(MIGRATED);
    // Nothing else is in doubt than which migrations ran: the objects are exactly those of this version.
    if ours && found.iter().all(of_migrations) {
        return Ok(stands);
    }
    StoreError::schema_differs(&found)?;
    Err(StoreError::DamagedFolder)
}

/// Counts every change of the schema. While it stands still, SQLite goes on with the schema that it read before.
pub async fn count(c: &mut Connection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("PRAGMA main.schema_version")
        .fetch_one(c)
        .await?)
}
