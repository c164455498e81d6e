//! What the store refuses, each with a stable code.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A refusal or failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Someone else appended to the stream first.
    #[error("someone else has just changed this")]
    Changed,
    /// Somebody else has the sign-in name.
    #[error("the sign-in name {login} is taken")]
    LoginTaken {
        /// The name.
        login: String,
    },
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
    /// Damage was seen in the database; nothing more is written to it, so that nothing is made worse.
    #[error("the database is damaged and is only read")]
    DamagedReadOnly,
    /// One record does not hold what it should; the others are read all the same.
    #[error("a record is damaged: {about}")]
    RecordDamaged {
        /// Table and column, or event and part; no value.
        about: String,
    },
    /// The folder is encrypted, and no key for it was given.
    #[error("the folder is encrypted and its key is not at hand")]
    KeyNeeded,
    /// Another folder's key.
    #[error("the key is not the one of this folder")]
    KeyUnfit,
    /// The marker beside an encrypted database cannot be read.
    #[error("the key file of the folder is damaged")]
    DamagedKeyFile,
    /// Some sign of the recovery phrase is mistyped or missing.
    #[error("the recovery phrase is mistyped")]
    PhraseMistyped,
    /// A recovery phrase, but not the one of this folder.
    #[error("the recovery phrase is not the one of this folder")]
    WrongPhrase,
    /// An older copy beside the database cannot be read, and so not be encrypted or decrypted.
    #[error("the safety copy {name} cannot be read")]
    SafetyCopyDamaged {
        /// Its file.
        name: String,
    },
    /// Tables, triggers or rules of the database are not those that the program made.
    #[error("the schema differs: {about}")]
    SchemaDiffers {
        /// Which objects.
        about: String,
    },
    /// The database ignored something that was written; nothing of it was kept.
    #[error("the database ignored a write to {about}")]
    WriteIgnored {
        /// Which table.
        about: String,
    },
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
    DiskFull {
        /// Bytes that are free there; none where nobody knows.
        free: Option<u64>,
        /// Bytes that should be free.
        needed: u64,
    },
    /// The database server has no room left on its disk.
    #[error("the database server's disk is full")]
    DatabaseFull,
    /// The disk does not read or write.
    #[error("the disk fails: {about}")]
    DiskFailed {
        /// What the system or the database says; no path and no value.
        about: String,
    },
    /// No memory left.
    #[error("out of memory")]
    OutOfMemory,
    /// Another program holds a lock on the database file.
    #[error("the database is locked by another program")]
    DatabaseLocked,
    /// The folder cannot be written.
    #[error("folder cannot be written")]
    FolderNotWritable,
    /// Not a backup of Redress.
    #[error("not a backup")]
    NotABackup,
    /// The passphrase does not open the backup.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The backup is sealed to the institution's key.
    #[error("the secret half of the backup key is needed")]
    BackupKeyNeeded,
    /// What should be the secret half of a backup key is none: a sign is missing or wrong.
    #[error("this is not the secret half of a backup key")]
    BackupKeyMistyped,
    /// It is the secret half of another backup key.
    #[error("the backup is sealed to another backup key")]
    BackupKeyWrong,
    /// The backup is sealed by a passphrase, not to a key.
    #[error("the passphrase of the backup is needed")]
    BackupPassphraseNeeded,
    /// The backup's log is not whole.
    #[error("backup is damaged at event {pos}")]
    BackupDamaged {
        /// Where.
        pos: i64,
    },
    /// The database server does not answer.
    #[error("the database does not answer")]
    DatabaseAway,
    /// The address is not one of a database on PostgreSQL.
    #[error("not the address of a PostgreSQL database")]
    DatabaseAddress,
    /// Role, password or rights do not do.
    #[error("the database refuses: {about}")]
    DatabaseRefused {
        /// The server's code.
        about: String,
    },
    /// Its tables are missing or those of an older version.
    #[error("the database is not prepared for this version")]
    DatabaseUnprepared,
    /// The host's role was not made.
    #[error("the database has no role {role}")]
    DatabaseRoleUnknown {
        /// Its name.
        role: String,
    },
    /// Something is in it already.
    #[error("the database is not empty")]
    DatabaseNotEmpty,
    /// A copy is not whole, or its source went on meanwhile.
    #[error("the copy differs: {about}")]
    CopyUnsound {
        /// Where.
        about: String,
    },
    /// The check was stopped.
    #[error("stopped")]
    Stopped,
    /// Anything else.
    #[error("{0}")]
    Internal(String),
}

/// Objects that a refusal names; `verify` names them all.
const NAMED: usize = 5;

/// Sentences count in megabytes.
const MB: u64 = 1_000_000;

impl StoreError {
    /// No room on the disk; the store that knows which disk adds the figures.
    pub(crate) const FULL: Self = Self::DiskFull {
        free: None,
        needed: 0,
    };

    /// The refusal that names what is not the program's in a schema; none where nothing is.
    pub(crate) fn schema_differs(found: &BTreeSet<String>) -> Result<(), Self> {
        if found.is_empty() {
            return Ok(());
        }
        let first: Vec<&str> = found.iter().take(NAMED).map(String::as_str).collect();
        let more = if found.len() > NAMED { " …" } else { "" };
        Err(Self::SchemaDiffers {
            about: first.join(", ") + more,
        })
    }

    /// The code at the boundary.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::LoginTaken { .. } => "login_taken",
            Self::ClockSetBack { .. } => "clock_set_back",
            Self::ForeignFolder => "foreign_folder",
            Self::FolderNotEmpty => "folder_not_empty",
            Self::DamagedFolder => "damaged_folder",
            Self::DamagedReadOnly => "damaged_read_only",
            Self::RecordDamaged { .. } => "record_damaged",
            Self::KeyNeeded => "recovery_phrase_needed",
            Self::KeyUnfit => "key_unfit",
            Self::DamagedKeyFile => "key_file_damaged",
            Self::PhraseMistyped => "recovery_phrase_mistyped",
            Self::WrongPhrase => "recovery_phrase_wrong",
            Self::SafetyCopyDamaged { .. } => "safety_copy_damaged",
            Self::SchemaDiffers { .. } => "schema_differs",
            Self::WriteIgnored { .. } => "write_ignored",
            Self::NewerVersion => "newer_version",
            Self::NetworkShare { .. } => "network_share",
            Self::FolderInUse { .. } => "folder_in_use",
            Self::DiskFull { .. } => "disk_full",
            Self::DatabaseFull => "database_full",
            Self::DiskFailed { .. } => "disk_failed",
            Self::OutOfMemory => "out_of_memory",
            Self::DatabaseLocked => "database_locked",
            Self::FolderNotWritable => "folder_not_writable",
            Self::NotABackup => "not_a_backup",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::BackupKeyNeeded => "backup_key_needed",
            Self::BackupKeyMistyped => "backup_key_mistyped",
            Self::BackupKeyWrong => "backup_key_wrong",
            Self::BackupPassphraseNeeded => "backup_passphrase_needed",
            Self::BackupDamaged { .. } => "backup_damaged",
            Self::DatabaseAway => "database_away",
            Self::DatabaseAddress => "database_address",
            Self::DatabaseRefused { .. } => "database_refused",
            Self::DatabaseUnprepared => "database_unprepared",
            Self::DatabaseRoleUnknown { .. } => "database_role_unknown",
            Self::DatabaseNotEmpty => "database_not_empty",
            Self::CopyUnsound { .. } => "copy_unsound",
            Self::Stopped => "verify_stopped",
            Self::Internal(_) => "internal",
        }
    }

    /// What the sentence needs.
    pub fn params(&self) -> Map<String, Value> {
        let pairs: Vec<(&str, Value)> = match self {
            Self::ClockSetBack { newest } => vec![("newest", newest.as_str().into())],
            Self::LoginTaken { login } => vec![("login", login.as_str().into())],
            Self::NetworkShare { kind } => vec![("kind", kind.as_str().into())],
            Self::FolderInUse { who, since } => vec![
                ("who", who.as_str().into()),
                ("since", since.as_str().into()),
            ],
            Self::DatabaseRefused { about }
            | Self::CopyUnsound { about }
            | Self::SchemaDiffers { about }
            | Self::WriteIgnored { about }
            | Self::RecordDamaged { about }
            | Self::DiskFailed { about } => vec![("about", about.as_str().into())],
            Self::DiskFull { free, needed } => vec![
                ("free", free.map_or("?".into(), |free| (free / MB).into())),
                ("needed", needed.div_ceil(MB).into()),
            ],
            Self::DatabaseRoleUnknown { role } => vec![("role", role.as_str().into())],
            Self::SafetyCopyDamaged { name } => vec![("name", name.as_str().into())],
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
const CODE_BUSY: i32 = 5;
const CODE_LOCKED: i32 = 6;
const CODE_PROTOCOL: i32 = 15;
const CODE_NOMEM: i32 = 7;
const CODE_IOERR: i32 = 10;
/// Memory that ran out while reading or writing: an extended code.
const CODE_IOERR_NOMEM: i32 = 3082;

/// PostgreSQL's states that mean something to a user; none for those that do not.
fn of_postgres(state: &str) -> Option<StoreError> {
    Some(match state {
        "53100" => StoreError::DatabaseFull,
        "53200" => StoreError::OutOfMemory,
        // Serialization failure, deadlock.
        "40001" | "40P01" => StoreError::Changed,
        // Shutting down, crashed, starting up, too many connections, a turn that did not come, a standby.
        "57P01" | "57P02" | "57P03" | "53300" | "55P03" | "25P03" | "25006" => {
            StoreError::DatabaseAway
        }
        "3D000" | "42501" => refused(state),
        _ if state.starts_with("08") => StoreError::DatabaseAway,
        // System errors of the server: input and output, files that cannot be opened.
        _ if state.starts_with("58") => StoreError::DiskFailed {
            about: state.to_owned(),
        },
        _ if state.starts_with("28") => refused(state),
        _ => return None,
    })
}

fn refused(state: &str) -> StoreError {
    StoreError::DatabaseRefused {
        about: state.to_owned(),
    }
}

/// SQLite's codes that mean something to a user.
fn of_sqlite(code: i32, message: &str) -> Option<StoreError> {
    // SQLite says "disk I/O error" where the write-ahead log could not grow.
    if code & 0xff == CODE_FULL || message.contains("disk is full") {
        return Some(StoreError::FULL);
    }
    if code == CODE_IOERR_NOMEM {
        return Some(StoreError::OutOfMemory);
    }
    match code & 0xff {
        CODE_BUSY | CODE_LOCKED | CODE_PROTOCOL => Some(StoreError::DatabaseLocked),
        CODE_NOMEM => Some(StoreError::OutOfMemory),
        CODE_IOERR => Some(StoreError::DiskFailed {
            about: format!("SQLite {code}"),
        }),
        CODE_CORRUPT | CODE_NOTADB => Some(StoreError::DamagedFolder),
        CODE_READONLY | CODE_CANTOPEN => Some(StoreError::FolderNotWritable),
        _ => None,
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(e: sqlx::Error) -> Self {
        let known = match &e {
            sqlx::Error::Database(d) if d.is_unique_violation() => Some(Self::Changed),
            sqlx::Error::Database(d) => {
                // What has no code, or one that is no number, is none of those that mean something.
                let code = d.code().unwrap_or_default();
                match d.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
                    Some(_) => of_postgres(&code),
                    None => of_sqlite(code.parse().unwrap_or_default(), d.message()),
                }
            }
            sqlx::Error::Tls(_) => Some(refused("TLS")),
            // A certificate that does not do comes as data that is not understood.
            sqlx::Error::Io(e) if e.kind() == std::io::ErrorKind::InvalidData => {
                Some(refused("TLS"))
            }
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            // The folder is being converted: what is sent again finds it open.
            | sqlx::Error::PoolClosed => Some(Self::DatabaseAway),
            // SQLite's thread ends where memory runs out amid an answer: what must have a row then has none.
            sqlx::Error::WorkerCrashed | sqlx::Error::RowNotFound => Some(Self::OutOfMemory),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                Some(Self::RecordDamaged {
                    about: "value".to_owned(),
                })
            }
            // Its text may hold the address with the password.
            sqlx::Error::Configuration(_) => Some(Self::DatabaseAddress),
            _ => None,
        };
        known.unwrap_or_else(|| Self::Internal(e.to_string()))
    }
}

impl From<std::io::Error> for StoreError {
    fn from(e: std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        match e.kind() {
            Kind::StorageFull | Kind::QuotaExceeded => Self::FULL,
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => Self::FolderNotWritable,
            Kind::OutOfMemory => Self::OutOfMemory,
            Kind::ResourceBusy => Self::DatabaseLocked,
            _ => Self::DiskFailed {
                about: e.to_string(),
            },
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(e: serde_json::Error) -> Self {
        Self::Internal(e.to_string())
    }
}
