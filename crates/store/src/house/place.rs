//! Where a house is kept, whichever store that needs.

use crate::{Address, AnyStore, Append, DataKey, Marker, PostgresStore, SqliteStore, StoreError};
use std::path::PathBuf;

type Answer<T> = Result<T, StoreError>;

/// Where a house is kept.
#[derive(Debug, Clone)]
pub enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A folder that is encrypted, or is to be.
    Encrypted {
        /// The folder.
        dir: PathBuf,
        /// Its key.
        key: DataKey,
        /// What stands beside the database.
        marker: Marker,
    },
    /// A database on PostgreSQL.
    Database(Address),
}

impl Place {
    /// Opens the store that is there.
    ///
    /// # Errors
    /// What the stores refuse.
    pub async fn open(&self, owner: &str) -> Answer<AnyStore> {
        Ok(match self {
            Self::Folder(dir) => AnyStore::Sqlite(Box::new(SqliteStore::open(dir, owner).await?)),
            Self::Encrypted { dir, key, .. } => AnyStore::Sqlite(Box::new(
                SqliteStore::open_with(dir, owner, Some(key)).await?,
            )),
            Self::Database(at) => AnyStore::Postgres(PostgresStore::open(at).await?),
        })
    }

    /// Opens the store where there is one; a place that is still empty waits for the first events.
    ///
    /// # Errors
    /// What the stores refuse; `DamagedFolder` where the database is missing of an office that had one.
    pub async fn find(&self, owner: &str) -> Answer<Option<AnyStore>> {
        Ok(match self {
            Self::Folder(dir) | Self::Encrypted { dir, .. } if !SqliteStore::exists(dir) => {
                SqliteStore::unmade(dir, owner)?;
                None
            }
            Self::Folder(_) | Self::Encrypted { .. } => Some(self.open(owner).await?),
            Self::Database(at) => PostgresStore::find(at).await?.map(AnyStore::Postgres),
        })
    }

    /// Writes the first events.
    ///
    /// # Errors
    /// What the stores refuse.
    pub async fn create(&self, owner: &str, genesis: Vec<Append>) -> Answer<AnyStore> {
        Ok(match self {
            Self::Folder(dir) => {
                AnyStore::Sqlite(Box::new(SqliteStore::create(dir, owner, genesis).await?))
            }
            Self::Encrypted { dir, key, marker } => {
                let sealed = Some((key.clone(), marker.clone()));
                AnyStore::Sqlite(Box::new(
                    SqliteStore::create_with(dir, owner, genesis, sealed).await?,
                ))
            }
            Self::Database(at) => AnyStore::Postgres(PostgresStore::create(at, genesis).await?),
        })
    }
}
