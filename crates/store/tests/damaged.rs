//! A damaged folder: the check names what it can and never ends the process, what is whole is brought out, and backups
//! of it are made.

#[path = "../../../tests/src/damage.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod damage;

use redress_domain::{
    event::{Event, EventBody},
    id::{CaseId, PersonId},
    value::Values,
};
use redress_store::{
    AnyStore, Append, BackupKey, DataKey, Marker, NewEvent, NumberClaim, Opening, Place, Progress,
    Rescue, Salvaged, Seal, SqliteStore, Store, StoreError, salvage,
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use uuid::Uuid;

type Done = Result<(), StoreError>;

const CASES: u128 = 60;
const SECRET: &str = "王小明的血型不对";

fn at() -> chrono::DateTime<chrono::FixedOffset> {
    chrono::DateTime::parse_from_rfc3339("2026-09-28T08:00:00+08:00").expect("a time")
}

fn append(stream: &str, seq: i64, body: EventBody) -> Append {
    let text = format!("{SECRET}，{}", "说明".repeat(120));
    Append {
        stream: stream.to_owned(),
        expected_seq: seq,
        events: vec![NewEvent {
            event: Event {
                actor: PersonId(Uuid::from_u128(1)),
                at: at(),
                body,
                values: Values::from([("complaint.text".to_owned(), json!(text))]),
            },
            salts: vec![[7; 16]],
        }],
        ..Append::default()
    }
}

fn registered(n: u128) -> Append {
    let case = CaseId(Uuid::from_u128(n));
    let body = EventBody::Registered {
        case,
        procedure: "p".into(),
        edition: "1".into(),
        edition_hash: "x".into(),
        number: format!("P-{n}"),
        channel: "visit".into(),
        received_at: at(),
        step: "s".into(),
        training: true,
    };
    let claim = NumberClaim {
        procedure: "p".into(),
        year: 2026,
        seq: i64::try_from(n).unwrap_or_default(),
    };
    Append {
        number: Some(claim),
        ..append(&format!("case:{case}"), 0, body)
    }
}

async fn furnished(dir: &Path) -> Done {
    let genesis = append("office", 0, EventBody::Genesis { training: true });
    let store = SqliteStore::create(dir, "test", vec![genesis]).await?;
    for n in 1..=CASES {
        store.append(vec![registered(n)]).await?;
    }
    store.close().await;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<PathBuf, StoreError> {
    std::fs::create_dir_all(to)?;
    let file = to.join("redress.db");
    std::fs::copy(from.join("redress.db"), &file)?;
    Ok(file)
}

async fn brought_out(dir: &Path, into: &Path) -> Result<Salvaged, StoreError> {
    let note = |out: &Salvaged, seq: i64| {
        let (gaps, lost) = (out.gaps.clone(), out.lost.clone());
        let body = EventBody::Salvaged { gaps, lost };
        let mut one = append("office", seq, body);
        one.events[0].event.values.clear();
        Ok(one)
    };
    let rescue = Rescue {
        into,
        sealed: None,
        owner: "test",
        progress: &Progress::default(),
        editions: BTreeMap::from([("x".to_owned(), "[]".to_owned())]),
    };
    salvage(dir, None, rescue, note).await
}

/// Cases of which every byte in the tables is what it was.
async fn untouched(whole: &Path, damaged: &Path) -> BTreeMap<String, bool> {
    let mut all = BTreeMap::new();
    let (Ok(a), Ok(b)) = (
        SqliteStore::open(whole, "test").await,
        SqliteStore::open(damaged, "test").await,
    ) else {
        return all;
    };
    for n in 1..=CASES {
        let id = CaseId(Uuid::from_u128(n));
        let same = match (a.case_events(id).await, b.case_events(id).await) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        };
        all.insert(format!("case:{id}"), same);
    }
    a.close().await;
    b.close().await;
    all
}

#[tokio::test]
async fn whatever_page_is_hit_the_check_names_it_and_what_is_whole_comes_out() -> Done {
    let top = TempDir::new()?;
    let whole = top.path().join("whole");
    furnished(&whole).await?;
    let mut salvaged = 0;
    for seed in 1..=24_u64 {
        let dir = top.path().join(format!("hit-{seed}"));
        let file = copy(&whole, &dir)?;
        // Page 1 holds the schema: without it nothing can be read, and that is said.
        let hit = match seed % 6 {
            0 => {
                let page = 1 + seed % (damage::count(&file)? - 1);
                damage::zeros(&file, page)?;
                vec![page]
            }
            _ => damage::pages(&file, 1, seed)?,
        };
        let same = untouched(&whole, &dir).await;
        if let Ok(store) = SqliteStore::open(&dir, "test").await {
            let report = store.verify(&Progress::default()).await?;
            let changed = same.values().any(|s| !s);
            assert!(
                !changed || !report.problems.is_empty(),
                "seed {seed}, pages {hit:?}: something is lost, and nothing was named"
            );
            store.close().await;
        }
        let into = top.path().join(format!("out-{seed}"));
        match brought_out(&dir, &into).await {
            Ok(out) => {
                salvaged += 1;
                for (case, _) in same.iter().filter(|(_, same)| **same) {
                    assert!(
                        out.cases.contains(case),
                        "seed {seed}, {hit:?}: {case} is whole: {out:?}"
                    );
                }
                let store = SqliteStore::open(&into, "test").await?;
                let report = store.verify(&Progress::default()).await?;
                assert_eq!(
                    report.problems,
                    [],
                    "seed {seed}: gaps are named, and nothing is wrong"
                );
                assert_eq!(report.gaps.is_empty(), out.gaps.is_empty(), "seed {seed}");
                store.close().await;
            }
            Err(e) => assert!(
                matches!(e, StoreError::DamagedFolder | StoreError::Internal(_))
                    && hit.contains(&0),
                "seed {seed}, {hit:?}: {e}"
            ),
        }
    }
    assert!(salvaged > 15, "{salvaged} of 24");
    Ok(())
}

#[tokio::test]
async fn one_bad_byte_is_named_and_backed_up_and_the_rest_is_read() -> Done {
    let top = TempDir::new()?;
    let dir = top.path().join("office");
    furnished(&dir).await?;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.join("redress.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await?;
    sqlx::query("UPDATE event SET actor = CAST(x'ff00fe' AS TEXT) WHERE pos = 5")
        .execute(&pool)
        .await?;
    pool.close().await;
    let store = SqliteStore::open(&dir, "test").await?;
    let report = store.verify(&Progress::default()).await?;
    let named: Vec<(&str, &str)> = report
        .problems
        .iter()
        .map(|p| (p.code.as_str(), p.about.as_str()))
        .collect();
    assert!(named.contains(&("event_unreadable", "5")), "{named:?}");
    assert_eq!(report.events, 61, "the rest was walked");
    let bad = store.case_events(CaseId(Uuid::from_u128(4))).await;
    assert_eq!(bad.err().map(|e| e.code()), Some("record_damaged"));
    assert_eq!(
        store.case_events(CaseId(Uuid::from_u128(5))).await?.len(),
        1
    );
    let file = top.path().join("office.backup");
    let key = BackupKey::random();
    let out = Box::new(std::fs::File::create(&file)?);
    let made = store
        .backup(&Seal::Recipient(key.recipient.clone()), out)
        .await?;
    assert!(
        !made.problems.is_empty(),
        "made with what is damaged, and says so"
    );
    store.close().await;
    let other = top.path().join("other");
    let open = || std::fs::File::open(&file);
    let stranger = BackupKey::random().secret.clone();
    let mut mistyped = key.secret.to_string();
    let other_sign = if &mistyped[30..31] == "Q" { "P" } else { "Q" };
    mistyped.replace_range(30..31, other_sign);
    let wrong = [
        ("a passphrase", "backup_key_needed"),
        (&stranger, "backup_key_wrong"),
        (&mistyped, "backup_key_mistyped"),
    ];
    for (typed, code) in wrong {
        let typed = Opening::typed(typed);
        let refused = SqliteStore::restore(open()?, typed, &other, None).await;
        assert_eq!(refused.err().map(|e| e.code()), Some(code));
    }
    // As it is read off a page: in groups, in small letters.
    let secret = Opening::typed(&format!(
        " {} {}\n",
        &key.secret[..20].to_lowercase(),
        &key.secret[20..]
    ));
    let restored = SqliteStore::restore(open()?, secret, &other, None).await?;
    assert_eq!(restored.problems, made.problems);
    let store = SqliteStore::open(&other, "test").await?;
    assert_eq!(
        store.case_events(CaseId(Uuid::from_u128(5))).await?.len(),
        1
    );
    Ok(())
}

#[tokio::test]
async fn what_was_cut_off_is_removed_at_the_next_start_and_was_never_in_clear() -> Done {
    let top = TempDir::new()?;
    let dir = top.path().join("office");
    furnished(&dir).await?;
    let id = Uuid::now_v7();
    for name in [
        format!("redress-{id}.tmp"),
        format!("redress-{id}.restoring"),
        "note.tmp".into(),
    ] {
        std::fs::write(dir.join(name), "left over")?;
    }
    let store = SqliteStore::open(&dir, "test").await?;
    let names: Vec<String> = std::fs::read_dir(&dir)?
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    assert!(
        !names.iter().any(|n| n.contains(&id.to_string())),
        "{names:?}"
    );
    assert!(
        names.contains(&"note.tmp".to_owned()),
        "somebody else's stays"
    );
    let text = SECRET.as_bytes();
    assert!(
        damage::holds(&dir.join("redress.db"), text)?,
        "a plain office"
    );
    let watched = dir.clone();
    let watch = tokio::task::spawn_blocking(move || {
        let mut seen = (0, false);
        for _ in 0..2_000 {
            for entry in std::fs::read_dir(&watched).into_iter().flatten().flatten() {
                if entry.file_name().to_string_lossy().ends_with(".tmp")
                    && entry.file_name() != "note.tmp"
                {
                    seen.0 += 1;
                    seen.1 |= damage::holds(&entry.path(), SECRET.as_bytes()).unwrap_or(false);
                }
            }
            std::thread::sleep(std::time::Duration::from_micros(200));
        }
        seen
    });
    let out = Box::new(std::fs::File::create(top.path().join("x.backup"))?);
    store
        .backup(&Seal::Passphrase("a passphrase".into()), out)
        .await?;
    let (times, clear) = watch
        .await
        .map_err(|e| StoreError::Internal(e.to_string()))?;
    assert!(times > 0, "the copy was looked at");
    assert!(!clear, "and held nothing in clear");
    Ok(())
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect()
}

#[cfg(unix)]
fn mode(file: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).map_or(0, |m| m.permissions().mode() & 0o777)
}

/// A backup as the first versions made it: `RDBACK01`, and inside the envelope the database as it is.
async fn first_format(dir: &Path, words: &str) -> Result<Vec<u8>, StoreError> {
    use std::io::Write;
    let store = SqliteStore::open(dir, "test").await?;
    let (pos, hash) = store.tail().await?;
    store.close().await;
    let head = json!({ "pos": pos, "hash": hash }).to_string();
    let mut recipient = age::scrypt::Recipient::new(words.to_owned().into());
    recipient.set_work_factor(4);
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as _))
        .map_err(|e| StoreError::Internal(e.to_string()))?;
    let mut out = b"RDBACK01".to_vec();
    let mut sealed = encryptor.wrap_output(&mut out)?;
    sealed.write_all(&(head.len() as u64).to_be_bytes())?;
    sealed.write_all(head.as_bytes())?;
    sealed.write_all(&std::fs::read(dir.join("redress.db"))?)?;
    sealed.finish()?;
    Ok(out)
}

/// A reader that looks, with each piece that it gives, at what lies in the folder meanwhile.
struct Watched {
    bytes: std::io::Cursor<Vec<u8>>,
    dir: PathBuf,
    seen: std::sync::Arc<std::sync::Mutex<Vec<(String, u32)>>>,
}

impl std::io::Read for Watched {
    fn read(&mut self, piece: &mut [u8]) -> std::io::Result<usize> {
        for name in names(&self.dir) {
            #[cfg(unix)]
            let mode = mode(&self.dir.join(&name));
            #[cfg(not(unix))]
            let mode = 0o600;
            if let Ok(mut seen) = self.seen.lock() {
                seen.push((name, mode));
            }
        }
        self.bytes.read(piece)
    }
}

#[tokio::test]
async fn a_backup_of_the_first_format_is_restored_and_leaves_nothing_in_clear() -> Done {
    let top = TempDir::new()?;
    let dir = top.path().join("office");
    furnished(&dir).await?;
    let backup = first_format(&dir, "a passphrase").await?;
    let (key, other) = (DataKey::random()?, top.path().join("other"));
    let sealed = Some((key.clone(), Marker::new(&key)));
    let genesis = append("office", 0, EventBody::Genesis { training: true });
    let store = SqliteStore::create_with(&other, "test", vec![genesis], sealed).await?;
    store.close().await;
    drop(store);
    let seen = std::sync::Arc::new(std::sync::Mutex::new(vec![]));
    let watched = Watched {
        bytes: std::io::Cursor::new(backup),
        dir: other.clone(),
        seen: seen.clone(),
    };
    let words = Opening::typed("a passphrase");
    SqliteStore::restore(watched, words, &other, Some(&key)).await?;
    let seen = seen.lock().map(|s| s.clone()).unwrap_or_default();
    let clear: Vec<_> = seen
        .iter()
        .filter(|(name, _)| name.ends_with(".restoring"))
        .collect();
    assert!(!clear.is_empty(), "it was looked at");
    assert!(clear.iter().all(|(_, mode)| *mode == 0o600), "{clear:?}");
    for name in names(&other) {
        let file = other.join(&name);
        assert!(!name.contains(".restoring"), "{name} is left");
        let holds = file.is_file() && damage::holds(&file, SECRET.as_bytes())?;
        assert!(!holds, "{name} is in clear");
    }
    let store = SqliteStore::open_with(&other, "test", Some(&key)).await?;
    let report = store.verify(&Progress::default()).await?;
    assert_eq!((report.events, report.problems), (61, vec![]));
    store.close().await;
    drop(store);
    // A restore that was killed: the next start removes what lies in clear.
    let left = other.join(format!("redress-{}.restoring", Uuid::now_v7()));
    std::fs::copy(dir.join("redress.db"), &left)?;
    let store = SqliteStore::open_with(&other, "test", Some(&key)).await?;
    assert!(!left.exists(), "{left:?}");
    store.close().await;
    drop(store);
    // A database that is gone: what is restored there is encrypted as it was.
    std::fs::remove_file(other.join("redress.db"))?;
    for copy in names(&other).iter().filter(|n| n.starts_with("before-")) {
        std::fs::remove_file(other.join(copy))?;
    }
    let backup = first_format(&dir, "a passphrase").await?;
    let words = Opening::typed("a passphrase");
    let without = SqliteStore::restore(std::io::Cursor::new(backup.clone()), words, &other, None);
    assert_eq!(
        without.await.err().map(|e| e.code()),
        Some("recovery_phrase_needed")
    );
    let words = Opening::typed("a passphrase");
    SqliteStore::restore(std::io::Cursor::new(backup), words, &other, Some(&key)).await?;
    assert!(!damage::holds(
        &other.join("redress.db"),
        SECRET.as_bytes()
    )?);
    Ok(())
}

/// Takes the newest migration out of a closed folder.
async fn older(dir: &Path, key: Option<&DataKey>) -> Done {
    let mut options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.join("redress.db"));
    if let Some(key) = key {
        options = options.pragma("key", format!("\"x'{}'\"", key.to_hex().as_str()));
    }
    let pool = sqlx::SqlitePool::connect_with(options).await?;
    for sql in [
        "DROP INDEX case_row_capital",
        "DROP TABLE second_factor",
        "DELETE FROM _sqlx_migrations WHERE version > 9",
        "PRAGMA wal_checkpoint(TRUNCATE)",
    ] {
        sqlx::query(sql).execute(&pool).await?;
    }
    pool.close().await;
    Ok(())
}

#[tokio::test]
async fn every_copy_is_named_kept_as_the_office_is_and_goes_when_it_must() -> Done {
    let top = TempDir::new()?;
    let plain = top.path().join("plain");
    furnished(&plain).await?;
    older(&plain, None).await?;
    let store = SqliteStore::open(&plain, "test").await?;
    let copies = store.safety_copies();
    assert_eq!(copies.len(), 1, "{copies:?}");
    #[cfg(unix)]
    assert_eq!(mode(&plain.join(&copies[0])), 0o600);
    let id = Uuid::now_v7();
    std::fs::write(plain.join(format!("redress-{id}.restoring")), "x")?;
    std::fs::write(plain.join("before-long.db"), "somebody else's")?;
    let named = store.safety_copies();
    assert!(
        named.iter().any(|n| n.ends_with(".restoring")),
        "what is being restored: {named:?}"
    );
    assert_eq!(store.remove_safety_copies(), Vec::<String>::new());
    let left = names(&plain);
    assert!(!left.iter().any(|n| copies.contains(n)), "{left:?}");
    assert!(left.contains(&"before-long.db".to_owned()), "{left:?}");
    assert!(
        store
            .verify(&Progress::default())
            .await?
            .problems
            .is_empty()
    );
    store.close().await;
    drop(store);

    let dir = top.path().join("sealed");
    let key = DataKey::random()?;
    let sealed = Some((key.clone(), Marker::new(&key)));
    let mut genesis = append("office", 0, EventBody::Genesis { training: true });
    genesis.stream = "office".to_owned();
    let store = SqliteStore::create_with(&dir, "test", vec![genesis], sealed).await?;
    store.append(vec![registered(1)]).await?;
    store.close().await;
    drop(store);
    older(&dir, Some(&key)).await?;
    let store = SqliteStore::open_with(&dir, "test", Some(&key)).await?;
    let copies = store.safety_copies();
    assert_eq!(copies.len(), 1, "{copies:?}");
    for name in names(&dir) {
        let file = dir.join(&name);
        let holds = file.is_file() && damage::holds(&file, SECRET.as_bytes())?;
        assert!(!holds, "{name} is in clear");
    }
    let copy = std::fs::read(dir.join(&copies[0]))?;
    assert!(!copy.starts_with(b"SQLite format 3"), "the copy is plain");
    Ok(())
}

/// Opened as the program does, which looks into what seems to be damage.
async fn any(dir: &Path) -> Result<AnyStore, StoreError> {
    Place::Folder(dir.to_owned()).open("test").await
}

#[tokio::test]
async fn where_damage_was_seen_nothing_is_written_until_it_is_found_whole() -> Done {
    let top = TempDir::new()?;
    let dir = top.path().join("office");
    furnished(&dir).await?;
    let sound = std::fs::read(dir.join("redress.db"))?;
    let pages = damage::count(&dir.join("redress.db"))?;
    let mut refused = 0;
    for page in (pages / 3..pages).step_by(5) {
        std::fs::write(dir.join("redress.db"), &sound)?;
        damage::zeros(&dir.join("redress.db"), page)?;
        let Ok(store) = any(&dir).await else { continue };
        let mut seen = false;
        for n in 1..=CASES {
            let id = CaseId(Uuid::from_u128(n));
            if let Err(e) = store.case_events(id).await {
                assert!(
                    matches!(e.code(), "damaged_folder" | "record_damaged"),
                    "page {page}: {e}"
                );
                seen |= e.code() == "damaged_folder";
            }
        }
        let folder = store.in_folder().expect("a folder");
        assert_eq!(folder.read_only(), seen, "page {page}");
        let written = store.append(vec![registered(CASES + 1)]).await;
        if seen {
            refused += 1;
            assert_eq!(written.err().map(|e| e.code()), Some("damaged_read_only"));
            let draft = store
                .draft_put(PersonId(Uuid::from_u128(1)), "k", "{}", "now")
                .await;
            assert_eq!(draft.err().map(|e| e.code()), Some("damaged_read_only"));
            assert_eq!(
                store.writable().await.err().map(|e| e.code()),
                Some("damaged_read_only")
            );
            // Guesses count on in memory.
            for n in 1..4 {
                store.attempt_failed("name", n, 0).await?;
                assert_eq!(store.attempts("name").await?, (n, n));
            }
            folder.found_whole();
            assert!(!folder.read_only());
        }
        store.close().await;
    }
    assert!(refused > 2, "{refused}");
    Ok(())
}
