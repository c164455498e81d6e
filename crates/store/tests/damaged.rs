//! A damaged folder: the check names what it can and never ends the process, what is whole is brought out, and backups
//! of it are made.

#[path = "../../../tests/src/damage.rs"]
mod damage;

use redress_domain::{
    event::{Event, EventBody},
    id::{CaseId, PersonId},
    value::Values,
};
use redress_store::{
    Append, BackupKey, NewEvent, NumberClaim, Opening, Progress, Rescue, Salvaged, Seal,
    SqliteStore, Store, StoreError, salvage,
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
    let made = store.backup(&Seal::Recipient(key.recipient), out).await?;
    assert!(
        !made.problems.is_empty(),
        "made with what is damaged, and says so"
    );
    store.close().await;
    let other = top.path().join("other");
    let open = || std::fs::File::open(&file);
    let words = Opening::typed("a passphrase");
    let refused = SqliteStore::restore(open()?, words, &other, None).await;
    assert_eq!(refused.err().map(|e| e.code()), Some("backup_key_needed"));
    let secret = Opening::typed(&key.secret);
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
