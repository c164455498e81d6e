//! What the store refuses, each with a stable code.

use serde_json::{Map, Value};

/// A refusal or failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Someone else appended to the stream first.
    #[error("someone else has just changed this")]
    Changed,
    /// The machine's clock stands before the newest event (T8).
    #[error("the clock stands before {newest}")]
    ClockSetBack {
        /// Time of the newest event.
        newest: String,
    },
    /// Not a Redress folder.
    #[error("not a Redress folder")]
    ForeignFolder,
    /// Something else is in the folder.
    #[error("folder is not empty")]
    FolderNotEmpty,
    /// The database cannot be read.
    #[error("the database is damaged")]
    DamagedFolder,
    /// Written by a newer version.
    #[error("written by a newer version")]
    NewerVersion,
    /// On a network share.
    #[error("on a network share ({kind})")]
    NetworkShare {
        /// File system.
        kind: String,
    },
    /// Another process has it open.
    #[error("in use by {who} since {since}")]
    FolderInUse {
        /// Who.
        who: String,
        /// Since when.
        since: String,
    },
    /// No room left on the disk.
    #[error("disk full")]
    DiskFull,
    /// The folder cannot be written.
    #[error("folder cannot be written")]
    FolderNotWritable,
    /// Not a backup of Redress.
    #[error("not a backup")]
    NotABackup,
    /// The passphrase does not open the backup.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The backup's log is not whole.
    #[error("backup is damaged at event {pos}")]
    BackupDamaged {
        /// Where.
        pos: i64,
    },
    /// The check was stopped.
    #[error("stopped")]
    Stopped,
    /// Anything else.
    #[error("{0}")]
    Internal(String),
}

impl StoreError {
    /// The code at the boundary.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::ClockSetBack { .. } => "clock_set_back",
            Self::ForeignFolder => "foreign_folder",
            Self::FolderNotEmpty => "folder_not_empty",
            Self::DamagedFolder => "damaged_folder",
            Self::NewerVersion => "newer_version",
            Self::NetworkShare { .. } => "network_share",
            Self::FolderInUse { .. } => "folder_in_use",
            Self::DiskFull => "disk_full",
            Self::FolderNotWritable => "folder_not_writable",
            Self::NotABackup => "not_a_backup",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::BackupDamaged { .. } => "backup_damaged",
            Self::Stopped => "verify_stopped",
            Self::Internal(_) => "internal",
        }
    }

    /// What the sentence needs.
    pub fn params(&self) -> Map<String, Value> {
        let pairs: Vec<(&str, Value)> = match self {
            Self::ClockSetBack { newest } => vec![("newest", newest.as_str().into())],
            Self::NetworkShare { kind } => vec![("kind", kind.as_str().into())],
            Self::FolderInUse { who, since } => vec![
                ("who", who.as_str().into()),
                ("since", since.as_str().into()),
            ],
            Self::BackupDamaged { pos } => vec![("pos", (*pos).into())],
            Self::Internal(detail) => vec![("detail", detail.as_str().into())],
            _ => vec![],
        };
        pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
    }
}

/// SQLite's primary result codes that mean something to a user.
const CODE_FULL: i32 = 13;
const CODE_CORRUPT: i32 = 11;
const CODE_NOTADB: i32 = 26;
const CODE_READONLY: i32 = 8;
const CODE_CANTOPEN: i32 = 14;

impl From<sqlx::Error> for StoreError {
    fn from(e: sqlx::Error) -> Self {
        if let sqlx::Error::Database(d) = &e {
            if d.is_unique_violation() {
                return Self::Changed;
            }
            let code = d
                .code()
                .and_then(|c| c.parse::<i32>().ok())
                .unwrap_or_default();
            // SQLite says "disk I/O error" where the write-ahead log could not grow.
            if code & 0xff == CODE_FULL || d.message().contains("disk is full") {
                return Self::DiskFull;
            }
            match code & 0xff {
                CODE_CORRUPT | CODE_NOTADB => return Self::DamagedFolder,
                CODE_READONLY | CODE_CANTOPEN => return Self::FolderNotWritable,
                _ => {}
            }
        }
        Self::Internal(e.to_string())
    }
}

impl From<std::io::Error> for StoreError {
    fn from(e: std::io::Error) -> Self {
        match e.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                Self::FolderNotWritable
            }
            _ => Self::Internal(e.to_string()),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(e: serde_json::Error) -> Self {
        Self::Internal(e.to_string())
    }
}
