//! A practice office that is told a story once; what is thrown at it is thrown at a copy.

use chrono::DateTime;
use redress_desk::{
    Config, Lang, Office, Session,
    demo::{DoneDeed, PASSWORD, Practice, STORIES, Story},
    font_dirs,
};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The only thread pool of the process.
///
/// # Panics
/// Where no thread can be started.
pub fn runtime() -> &'static Runtime {
    static ONE: OnceLock<Runtime> = OnceLock::new();
    ONE.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime")
    })
}

/// An office on a folder, as it was left.
pub struct Told {
    /// Its folder.
    pub folder: TempDir,
    /// When the last deed was done.
    pub now: DateTime<chrono::FixedOffset>,
    /// What was done.
    pub deeds: Vec<DoneDeed>,
    /// Who can sign in.
    pub logins: Vec<String>,
}

/// How an office in a folder is opened.
pub fn config(data: &Path) -> Config {
    Config {
        data: data.to_owned(),
        database: None,
        fonts: font_dirs(),
        owner: "fuzz".to_owned(),
        procedures: vec![],
        keys: redress_desk::Keys::default(),
    }
}

/// In memory where the machine has such a folder: an office of an hour would otherwise wear the disk.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() {
        TempDir::new_in(memory)
    } else {
        TempDir::new()
    };
    made.expect("a folder")
}

/// Tells a story in a new office.
///
/// # Panics
/// Where the story goes astray.
pub fn told() -> Told {
    let folder = folder();
    runtime().block_on(async {
        let story = Story::read(STORIES[0].1).unwrap_or_else(|_| panic!("the first story"));
        let start = story.begins().unwrap_or_else(|_| panic!("its beginning"));
        let mut office = Practice::bare(config(&folder.path().join("office")), PASSWORD, start)
            .await
            .expect("an office");
        assert!(office.tell(&story).await.is_ok(), "the story goes astray");
        let (now, deeds) = (office.office.now(), office.told());
        let logins = office.ids.keys().cloned().collect();
        office.office.close().await;
        Told {
            folder,
            now,
            deeds,
            logins,
        }
    })
}

/// A copy of an office that is open, with everybody signed in.
pub struct Open {
    /// The office.
    pub office: Office,
    /// Everybody, and nobody at the end.
    pub sessions: Vec<Session>,
    /// Its folder; it goes with this value.
    pub folder: TempDir,
}

/// The database in an office's folder.
pub fn database(office: &Path) -> PathBuf {
    office.join("redress.db")
}

/// A copy of the folder.
///
/// # Panics
/// Where the disk is full.
pub fn copy(told: &Told) -> TempDir {
    let fresh = folder();
    let (from, to) = (
        told.folder.path().join("office"),
        fresh.path().join("office"),
    );
    std::fs::create_dir_all(&to).expect("a folder");
    std::fs::copy(database(&from), database(&to)).expect("a copy");
    fresh
}

/// Opens a copy; nothing where the office refuses to open it.
pub async fn open(folder: &TempDir, now: DateTime<chrono::FixedOffset>) -> Option<Office> {
    let office = Office::open(config(&folder.path().join("office")))
        .await
        .ok()?;
    office.set_clock(now).await.ok()?;
    Some(office)
}

/// Opens a copy and signs everybody in.
///
/// # Panics
/// Where it does not open.
pub async fn signed_in(told: &Told) -> Open {
    let folder = copy(told);
    let office = open(&folder, told.now).await.expect("an office");
    let mut sessions = vec![];
    for login in &told.logins {
        let session = Session::new();
        let request = json!({ "login": login, "password": PASSWORD });
        let signed = office.call(&session, "session.sign_in", request, Lang::Zh);
        signed.await.expect("signed in");
        sessions.push(session);
    }
    sessions.push(Session::new());
    Open {
        office,
        sessions,
        folder,
    }
}

/// Ids of the office, by the word that stands for them in an input: other ids are made in every run.
pub async fn ids(open: &Open) -> Vec<(&'static str, String)> {
    let mut all = vec![];
    let admin = &open.sessions[0];
    for (word, command, list, id) in [
        ("$case", "case.list", "rows", "id"),
        ("$person", "person.list", "", "id"),
        ("$party", "party.list", "rows", "id"),
    ] {
        let answer = open.office.call(admin, command, json!({}), Lang::En).await;
        let answer = answer.unwrap_or_default();
        let found = answer.get(list).unwrap_or(&answer);
        if let Some(one) = found[0][id].as_str() {
            all.push((word, one.to_owned()));
        }
    }
    all
}

/// Puts ids in the place of the words that stand for them.
pub fn put_ids(value: &mut Value, ids: &[(&'static str, String)]) {
    match value {
        Value::String(text) => {
            if let Some((_, id)) = ids.iter().find(|(word, _)| word == text) {
                text.clone_from(id);
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|v| put_ids(v, ids)),
        Value::Object(all) => all.values_mut().for_each(|v| put_ids(v, ids)),
        _ => {}
    }
}
