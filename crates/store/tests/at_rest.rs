//! An encrypted folder: nothing of it is readable without its key, converting it loses nothing, and a process that ends
//! at any moment of that leaves one whole office.

use redress_domain::{
    event::{Event, EventBody},
    id::PersonId,
    value::Values,
};
use redress_store::{
    Append, DataKey, Marker, NewEvent, Opening, Phrase, Progress, Seal, SqliteStore, Step, Store,
    StoreError,
};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use uuid::Uuid;

type Done = Result<(), StoreError>;

/// Words that are looked for in every file.
const SECRET: &str = "王小明的血型不对";
const TIMES: [&str; 3] = [
    "2026-09-28T08:00:00+08:00",
    "2026-09-28T09:00:00+08:00",
    "2026-09-28T10:00:00+08:00",
];

fn append(seq: i64, body: EventBody) -> Append {
    let event = Event {
        actor: PersonId(Uuid::from_u128(1)),
        at: chrono::DateTime::parse_from_rfc3339(TIMES[usize::try_from(seq).unwrap_or_default()])
            .expect("a time"),
        body,
        values: Values::from([("name".to_owned(), json!(SECRET))]),
    };
    Append {
        stream: "office".into(),
        expected_seq: seq,
        events: vec![NewEvent {
            event,
            salts: vec![[7; 16]],
        }],
        ..Append::default()
    }
}

fn genesis() -> Vec<Append> {
    vec![append(0, EventBody::Genesis { training: false })]
}

fn note(seq: i64) -> Append {
    append(seq, EventBody::OrganisationSet {})
}

fn sealed() -> Result<(DataKey, Marker), StoreError> {
    let key = DataKey::random()?;
    let marker = Marker::new(&key);
    Ok((key, marker))
}

/// Whether the words stand readable in any file of the folder.
fn readable(dir: &Path) -> bool {
    let mut all = std::fs::read_dir(dir).expect("a folder").flatten();
    all.any(|e| match e.path().is_dir() {
        true => readable(&e.path()),
        false => {
            let bytes = std::fs::read(e.path()).unwrap_or_default();
            bytes.windows(SECRET.len()).any(|w| w == SECRET.as_bytes())
        }
    })
}

/// Opened again; the lock of the one before goes with it.
async fn reopened(store: SqliteStore, key: Option<&DataKey>) -> Result<SqliteStore, StoreError> {
    store.reopen(key).await
}

async fn whole(store: &SqliteStore, events: i64) -> Done {
    let report = store.verify(&Progress::default()).await?;
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    assert_eq!(report.events, events);
    Ok(())
}

#[tokio::test]
async fn an_encrypted_folder_opens_by_its_key_alone() -> Done {
    let top = tempfile::TempDir::new()?;
    let dir = top.path().join("office");
    let (key, marker) = sealed()?;
    let store =
        SqliteStore::create_with(&dir, "test", genesis(), Some((key.clone(), marker))).await?;
    assert!(!readable(&dir), "while it is open, in the journal too");
    let shown = format!("{store:?}");
    assert!(!shown.contains(&key.to_hex()[..8]), "{shown}");
    whole(&store, 1).await?;
    store.close().await;
    drop(store);
    assert!(!readable(&dir));

    let refused = |e: Result<SqliteStore, StoreError>| e.err().map(|e| e.code());
    let none = SqliteStore::open(&dir, "test").await;
    assert_eq!(refused(none), Some("recovery_phrase_needed"));
    let other = SqliteStore::open_with(&dir, "test", Some(&DataKey::random()?)).await;
    assert_eq!(refused(other), Some("key_unfit"));
    let store = SqliteStore::open_with(&dir, "test", Some(&key)).await?;
    whole(&store, 1).await?;

    let phrase = Phrase::random()?;
    assert_eq!(store.at_rest(), (true, false));
    store.reseal(&phrase)?;
    assert_eq!(store.at_rest(), (true, true));
    drop(store);
    let marker = SqliteStore::marker(&dir)?.expect("a marker");
    assert!(marker.open(&phrase)? == key);

    // Without its marker an encrypted file is a damaged one, and a damaged marker says so.
    let kept = dir.join("redress.key");
    std::fs::write(&kept, "{")?;
    let damaged = SqliteStore::open_with(&dir, "test", Some(&key)).await;
    assert_eq!(refused(damaged), Some("key_file_damaged"));
    std::fs::remove_file(&kept)?;
    let damaged = SqliteStore::open_with(&dir, "test", Some(&key)).await;
    assert_eq!(refused(damaged), Some("damaged_folder"));
    Ok(())
}

#[tokio::test]
async fn a_folder_is_encrypted_and_decrypted_with_its_safety_copies() -> Done {
    let top = tempfile::TempDir::new()?;
    let dir = top.path().join("office");
    let store = SqliteStore::create(&dir, "test", genesis()).await?;
    store.close().await;
    drop(store);
    std::fs::copy(dir.join("redress.db"), dir.join("before-migration-1.db"))?;
    assert!(readable(&dir), "a plain folder is");
    let store = SqliteStore::open(&dir, "test").await?;
    let (key, marker) = sealed()?;
    store
        .convert(Some((key.clone(), marker)), note(1), &|_| ())
        .await?;
    assert!(!readable(&dir), "not the copy either");
    let store = reopened(store, Some(&key)).await?;
    whole(&store, 2).await?;
    // A copy that was cut off from being encrypted is so at the next start.
    store.close().await;
    drop(store);
    let plain = top.path().join("plain");
    SqliteStore::create(&plain, "test", genesis())
        .await?
        .close()
        .await;
    std::fs::copy(plain.join("redress.db"), dir.join("before-restore-1.db"))?;
    let store = SqliteStore::open_with(&dir, "test", Some(&key)).await?;
    assert!(!readable(&dir));

    store.convert(None, note(2), &|_| ()).await?;
    let store = reopened(store, None).await?;
    whole(&store, 3).await?;
    assert!(readable(&dir));
    store.close().await;
    drop(store);
    let mut names: Vec<String> = std::fs::read_dir(&dir)?
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "before-migration-1.db",
            "before-restore-1.db",
            "redress.db",
            "redress.lock"
        ],
        "nothing is left over"
    );
    for name in ["before-migration-1.db", "redress.db"] {
        assert!(
            std::fs::read(dir.join(name))?.starts_with(b"SQLite format 3"),
            "{name}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_safety_copy_that_cannot_be_read_leaves_all_as_it_was() -> Done {
    let top = tempfile::TempDir::new()?;
    let dir = top.path().join("office");
    let store = SqliteStore::create(&dir, "test", genesis()).await?;
    std::fs::write(dir.join("before-restore-1.db"), "not a database at all")?;
    let refused = store.convert(Some(sealed()?), note(1), &|_| ()).await;
    let Err(e) = refused else {
        panic!("refused");
    };
    assert_eq!(e.code(), "safety_copy_damaged");
    let store = reopened(store, None).await?;
    whole(&store, 1).await?;
    store.append(vec![note(1)]).await
}

/// As the copy before a migration is made.
#[tokio::test]
async fn what_sqlite_copies_by_itself_has_the_same_key() -> Done {
    use sqlx::Connection;
    let top = tempfile::TempDir::new()?;
    let dir = top.path().join("office");
    let (key, marker) = sealed()?;
    let made = Some((key.clone(), marker));
    let store = SqliteStore::create_with(&dir, "test", genesis(), made).await?;
    store.close().await;
    drop(store);
    let keyed = |file: &Path| {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        options.pragma("key", format!("\"x'{}'\"", *key.to_hex()))
    };
    let copy = dir.join("before-migration-9.db");
    let mut c = sqlx::SqliteConnection::connect_with(&keyed(&dir.join("redress.db"))).await?;
    sqlx::query("VACUUM INTO $1")
        .bind(copy.to_string_lossy().into_owned())
        .execute(&mut c)
        .await?;
    c.close().await?;
    assert!(!readable(&dir));
    let mut c = sqlx::SqliteConnection::connect_with(&keyed(&copy)).await?;
    let events: i64 = sqlx::query_scalar("SELECT count(*) FROM event")
        .fetch_one(&mut c)
        .await?;
    assert_eq!(events, 1);
    Ok(())
}

#[tokio::test]
async fn a_backup_is_plain_inside_and_an_encrypted_folder_stays_encrypted() -> Done {
    let top = tempfile::TempDir::new()?;
    let (dir, other) = (top.path().join("office"), top.path().join("other"));
    let (key, marker) = sealed()?;
    let made = Some((key.clone(), marker));
    let store = SqliteStore::create_with(&dir, "test", genesis(), made).await?;
    let file = top.path().join("office.backup");
    let out = Box::new(std::fs::File::create(&file)?);
    let words = || Opening::Passphrase("a passphrase".into());
    store
        .backup(&Seal::Passphrase("a passphrase".into()), out)
        .await?;
    let bytes = || std::fs::File::open(&file);
    store.append(vec![note(1)]).await?;
    store.close().await;
    drop(store);
    SqliteStore::restore(bytes()?, words(), &other, None).await?;
    whole(&SqliteStore::open(&other, "test").await?, 1).await?;
    let refused = SqliteStore::restore(bytes()?, words(), &dir, None).await;
    assert_eq!(
        refused.err().map(|e| e.code()),
        Some("recovery_phrase_needed")
    );
    SqliteStore::restore(bytes()?, words(), &dir, Some(&key)).await?;
    assert!(!readable(&dir), "nor what was there before");
    let store = SqliteStore::open_with(&dir, "test", Some(&key)).await?;
    assert!(store.at_rest().0);
    whole(&store, 1).await
}

const CHILD: &str = "REDRESS_TEST_CONVERTS";
const STEPS: [Step; 8] = [
    Step::Copy,
    Step::Verify,
    Step::SafetyCopies,
    Step::Mark,
    Step::Swap,
    Step::Overwrite,
    Step::Unmark,
    Step::Clear,
];

/// Runs in a process of its own, which ends at one step: `FOLDER`, key, step, how many times the step is passed first.
#[tokio::test]
async fn child_that_converts() -> Done {
    let Ok(told) = std::env::var(CHILD) else {
        return Ok(());
    };
    let told: (PathBuf, String, bool, usize, usize) = serde_json::from_str(&told)?;
    let (dir, hex, encrypt, step, times) = told;
    let key = DataKey::from_hex(&hex).expect("a key");
    let store = SqliteStore::open_with(&dir, "child", Some(&key)).await?;
    let (seq, _) = store.tail().await?;
    let passed = std::sync::atomic::AtomicUsize::new(0);
    let end = |now: Step| {
        let here = now == STEPS[step];
        if here && passed.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == times {
            std::process::abort();
        }
    };
    let to = encrypt.then(|| (key.clone(), Marker::new(&key)));
    store.convert(to, note(seq), &end).await
}

#[tokio::test]
async fn a_process_that_ends_at_any_step_leaves_one_whole_office() -> Done {
    let (key, marker) = sealed()?;
    let mut ended = 0;
    for encrypt in [true, false] {
        for (step, named) in STEPS.iter().enumerate() {
            for times in 0..2 {
                let top = tempfile::TempDir::new()?;
                let dir = top.path().join("office");
                let made = (!encrypt).then(|| (key.clone(), marker.clone()));
                let store = SqliteStore::create_with(&dir, "test", genesis(), made).await?;
                store.close().await;
                drop(store);
                std::fs::copy(dir.join("redress.db"), dir.join("before-migration-1.db"))?;
                let told = (&dir, key.to_hex().as_str().to_owned(), encrypt, step, times);
                let child = Command::new(std::env::current_exe()?)
                    .args(["--exact", "child_that_converts"])
                    .env(CHILD, serde_json::to_string(&told)?)
                    .output()?;
                ended += usize::from(!child.status.success());
                let at = format!("encrypt {encrypt}, at {named:?}, time {times}");
                let store = SqliteStore::open_with(&dir, "test", Some(&key)).await;
                let store = store.unwrap_or_else(|e| panic!("{at}: {e}"));
                let (events, _) = store.tail().await?;
                whole(&store, events).await?;
                let encrypted = store.at_rest().0;
                // The event stands in the office from the moment on at which it is the other one.
                assert_eq!(events, if encrypted == encrypt { 2 } else { 1 }, "{at}");
                assert_eq!(readable(&dir), !encrypted, "{at}");
                assert_eq!(dir.join("redress.key").exists(), encrypted, "{at}");
                assert!(!dir.join("redress.converting").exists(), "{at}");
                let copy = std::fs::read(dir.join("before-migration-1.db"))?;
                assert_eq!(copy.starts_with(b"SQLite format 3"), !encrypted, "{at}");
            }
        }
    }
    // Encrypting has no unmarking and decrypting no marking; only the swap and the overwriting come twice.
    assert_eq!(ended, 2 * (7 + 2), "steps at which a process ended");
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn the_folder_is_nobody_elses() -> Done {
    use std::os::unix::fs::PermissionsExt;
    let top = tempfile::TempDir::new()?;
    let dir = top.path().join("office");
    let others = |dir: &Path| -> Vec<String> {
        let all = std::fs::read_dir(dir).expect("a folder").flatten();
        let open = all.filter(|e| {
            let mode = e.metadata().map(|m| m.permissions().mode());
            mode.is_ok_and(|m| m & 0o077 != 0)
        });
        open.map(|e| e.file_name().to_string_lossy().into_owned())
            .collect()
    };
    let store = SqliteStore::create(&dir, "test", genesis()).await?;
    store.append(vec![note(1)]).await?;
    assert!(dir.join("redress.db-wal").exists() && dir.join("redress.db-shm").exists());
    assert_eq!(others(&dir), Vec::<String>::new());
    assert_eq!(std::fs::metadata(&dir)?.permissions().mode() & 0o777, 0o700);
    store.close().await;
    drop(store);
    let wide = |path: &Path, mode| std::fs::set_permissions(path, PermissionsExt::from_mode(mode));
    wide(&dir, 0o755)?;
    wide(&dir.join("redress.db"), 0o644)?;
    let store = SqliteStore::open(&dir, "test").await?;
    store.append(vec![note(2)]).await?;
    assert_eq!(
        others(&dir),
        Vec::<String>::new(),
        "mended, and the journal with it"
    );
    assert_eq!(std::fs::metadata(&dir)?.permissions().mode() & 0o777, 0o700);
    Ok(())
}
