//! A place for a store of either kind, and small events to put there.

use redress_domain::{
    event::{Event, EventBody},
    id::{CaseId, PersonId},
    value::Values,
};
#[cfg(target_os = "linux")]
use redress_store::PostgresStore;
use redress_store::{
    Address, AnyStore, Append, CaseProjection, CaseRow, DataKey, Listener, Marker, NewEvent,
    Notice, Place, Store, StoreError,
};
use serde_json::json;
use sqlx::Connection;
use tempfile::TempDir;
use uuid::Uuid;

pub type Done = Result<(), StoreError>;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    /// In a folder that is encrypted.
    Encrypted,
    #[cfg(target_os = "linux")]
    Postgres,
}

impl Kind {
    /// Servers are started on Linux only.
    #[cfg(target_os = "linux")]
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Encrypted, Self::Postgres];
    #[cfg(not(target_os = "linux"))]
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Encrypted];
}

/// An empty place for a store.
pub struct Base {
    pub kind: Kind,
    dir: TempDir,
    key: DataKey,
    #[cfg(target_os = "linux")]
    database: String,
}

impl Base {
    pub async fn new(kind: Kind) -> Result<Self, StoreError> {
        let base = Self::unprepared(kind).await?;
        #[cfg(target_os = "linux")]
        if kind == Kind::Postgres {
            PostgresStore::prepare(&base.owner_url(), &base.role()).await?;
        }
        Ok(base)
    }

    /// A database without tables.
    pub async fn unprepared(kind: Kind) -> Result<Self, StoreError> {
        let base = Self {
            kind,
            dir: TempDir::new()?,
            key: DataKey::random()?,
            #[cfg(target_os = "linux")]
            database: crate::server::Server::shared().name(),
        };
        #[cfg(target_os = "linux")]
        if kind == Kind::Postgres {
            base.make_database().await?;
        }
        Ok(base)
    }

    pub fn place(&self) -> Place {
        match self.kind {
            Kind::Sqlite => Place::Folder(self.dir.path().join("office")),
            Kind::Encrypted => Place::Encrypted {
                dir: self.dir.path().join("office"),
                key: self.key.clone(),
                marker: Marker::new(&self.key),
            },
            #[cfg(target_os = "linux")]
            Kind::Postgres => Place::Database(self.url()),
        }
    }

    pub async fn create(&self, genesis: Vec<Append>) -> Result<AnyStore, StoreError> {
        self.place().create("test", genesis).await
    }

    pub async fn open(&self) -> Result<AnyStore, StoreError> {
        self.place().open("test").await
    }

    /// Changes the database as somebody with every right can.
    pub async fn tamper(&self, sql: &'static str) -> Done {
        match self.kind {
            Kind::Sqlite | Kind::Encrypted => {
                let mut options = sqlx::sqlite::SqliteConnectOptions::new()
                    .filename(self.dir.path().join("office/redress.db"));
                if self.kind == Kind::Encrypted {
                    options = options.pragma("key", format!("\"x'{}'\"", *self.key.to_hex()));
                }
                let mut raw = sqlx::SqliteConnection::connect_with(&options).await?;
                sqlx::raw_sql(sql).execute(&mut raw).await?;
                Ok(raw.close().await?)
            }
            #[cfg(target_os = "linux")]
            Kind::Postgres => {
                let mut raw = sqlx::PgConnection::connect(&self.raw_url("postgres")).await?;
                sqlx::raw_sql(sql).execute(&mut raw).await?;
                Ok(raw.close().await?)
            }
        }
    }
}

#[cfg(target_os = "linux")]
impl Base {
    /// As the host's role.
    pub fn url(&self) -> Address {
        Address::new(self.raw_url(&self.role()))
    }

    /// As the owner, who here may do everything.
    pub fn owner_url(&self) -> Address {
        Address::new(self.raw_url("postgres"))
    }

    pub fn raw_url(&self, role: &str) -> String {
        crate::server::Server::shared().url(role, &self.database)
    }

    pub fn role(&self) -> String {
        format!("host_{}", self.database)
    }

    async fn make_database(&self) -> Done {
        let url = crate::server::Server::shared().url("postgres", "postgres");
        let mut raw = sqlx::PgConnection::connect(&url).await?;
        for sql in [
            format!("CREATE DATABASE {}", self.database),
            format!("CREATE ROLE {} LOGIN", self.role()),
        ] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
                .execute(&mut raw)
                .await?;
        }
        Ok(raw.close().await?)
    }
}

pub fn events(times: &[&str], body: impl Fn(usize) -> EventBody) -> Vec<NewEvent> {
    times
        .iter()
        .enumerate()
        .map(|(n, at)| NewEvent {
            event: Event {
                actor: PersonId(Uuid::from_u128(1)),
                at: chrono::DateTime::parse_from_rfc3339(at).expect("a time"),
                body: body(n),
                values: Values::from([("name".to_owned(), json!(format!("第{n}个值")))]),
            },
            salts: vec![[7; 16]],
        })
        .collect()
}

pub fn genesis(training: bool) -> Append {
    Append {
        stream: "office".into(),
        expected_seq: 0,
        events: events(&["2026-09-28T08:00:00+08:00"], |_| EventBody::Genesis {
            training,
        }),
        ..Append::default()
    }
}

pub fn more(seq: i64, times: &[&str]) -> Append {
    Append {
        stream: "office".into(),
        expected_seq: seq,
        events: events(times, |_| EventBody::OrganisationSet {}),
        ..Append::default()
    }
}

/// One event for any stream, by somebody.
pub fn one(stream: &str, seq: i64, body: EventBody, actor: u128, at: &[&str]) -> Append {
    let mut all = events(at, |_| body.clone());
    all[0].event.actor = PersonId(Uuid::from_u128(actor));
    Append {
        stream: stream.to_owned(),
        expected_seq: seq,
        events: all,
        ..Append::default()
    }
}

/// A store with three events in it.
pub async fn office_in(base: &Base) -> Result<AnyStore, StoreError> {
    let store = base.create(vec![genesis(false)]).await?;
    let times = ["2026-09-28T09:00:00+08:00", "2026-09-28T10:00:00+08:00"];
    store.append(vec![more(1, &times)]).await?;
    Ok(store)
}

pub async fn office(kind: Kind) -> Result<(Base, AnyStore), StoreError> {
    let base = Base::new(kind).await?;
    let store = office_in(&base).await?;
    Ok((base, store))
}

/// Puts a case with words into a store.
pub async fn with_case(store: &AnyStore, n: u128, words: &str, own_words: &str) -> Done {
    with_projection(store, projection(n, words, own_words)).await
}

/// Puts a case into a store.
pub async fn with_projection(store: &AnyStore, p: CaseProjection) -> Done {
    let at = ["2026-09-28T11:00:00+08:00"];
    let mut append = one(&format!("case:{}", p.row.id), 0, EventBody::Set {}, 1, &at);
    append.projection = Some(p);
    store.append(vec![append]).await
}

/// What lists know of that case.
pub fn projection(n: u128, words: &str, own_words: &str) -> CaseProjection {
    CaseProjection {
        row: row(CaseId(Uuid::from_u128(n))),
        clocks: vec![],
        tasks: vec![],
        words: words.to_owned(),
        own_words: own_words.to_owned(),
        names: own_words.lines().take(1).map(str::to_owned).collect(),
    }
}

fn row(case: CaseId) -> CaseRow {
    CaseRow {
        id: case,
        number: format!("JC-{case}"),
        procedure: "p-1".into(),
        edition: "1".into(),
        status: "open".into(),
        archived: false,
        step: "s".into(),
        step_title: "s".into(),
        headline: String::new(),
        complainant: String::new(),
        masked: String::new(),
        open_headline: String::new(),
        circle: None,
        channel: String::new(),
        received_at: "2026-09-28T10:00:00+08:00".into(),
        entered_at: "2026-09-28T11:00:00+08:00".into(),
        last_at: "2026-09-28T11:00:00+08:00".into(),
        ended_at: None,
        keep_until: None,
        disposed: false,
        next_due: None,
        seq: 1,
        registered_by: PersonId(Uuid::from_u128(1)),
        people: vec![],
    }
}

/// A listener that has heard everything that was appended so far.
pub async fn listening(store: &impl Store) -> Result<Listener, StoreError> {
    let mut listener = store.changes();
    caught_up(store, &mut listener).await?;
    Ok(listener)
}

/// Waits until a listener has heard everything that was appended so far.
pub async fn caught_up(store: &impl Store, listener: &mut Listener) -> Done {
    let mark = Uuid::now_v7().to_string();
    store.announce(&mark).await?;
    loop {
        match listener.next().await {
            Some(Notice::Said(said)) if said == mark => return Ok(()),
            Some(_) => {}
            None => return Err(StoreError::Internal("closed".to_owned())),
        }
    }
}
