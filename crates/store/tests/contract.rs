//! What every store must keep: order, races, the chain, and what is found when somebody tampers.

use redress_domain::{
    event::{Event, EventBody},
    id::{CaseId, DisposalId, PersonId},
    value::Values,
};
use redress_store::{Append, NewEvent, Progress, SqliteStore, Store, StoreError};
use serde_json::json;
use sqlx::{Connection, SqliteConnection};
use std::path::Path;
use tempfile::TempDir;

type Done = Result<(), StoreError>;

fn events(times: &[&str], body: impl Fn(usize) -> EventBody) -> Vec<NewEvent> {
    times
        .iter()
        .enumerate()
        .map(|(n, at)| NewEvent {
            event: Event {
                actor: PersonId(uuid::Uuid::from_u128(1)),
                at: chrono::DateTime::parse_from_rfc3339(at).expect("a time"),
                body: body(n),
                values: Values::from([("name".to_owned(), json!(format!("第{n}个值")))]),
            },
            salts: vec![[7; 16]],
        })
        .collect()
}

fn genesis(training: bool) -> Append {
    Append {
        stream: "office".into(),
        expected_seq: 0,
        events: events(&["2026-09-28T08:00:00+08:00"], |_| EventBody::Genesis {
            training,
        }),
        ..Append::default()
    }
}

fn more(seq: i64, times: &[&str]) -> Append {
    Append {
        stream: "office".into(),
        expected_seq: seq,
        events: events(times, |_| EventBody::OrganisationSet {}),
        ..Append::default()
    }
}

async fn office(dir: &Path) -> Result<SqliteStore, StoreError> {
    let store = SqliteStore::create(&dir.join("office"), "test", vec![genesis(false)]).await?;
    store
        .append(vec![more(
            1,
            &["2026-09-28T09:00:00+08:00", "2026-09-28T10:00:00+08:00"],
        )])
        .await?;
    Ok(store)
}

#[tokio::test]
async fn what_goes_in_comes_out() -> Done {
    let dir = TempDir::new()?;
    let store = office(dir.path()).await?;
    let all = store.stream_events("office").await?;
    assert_eq!(all.len(), 3);
    assert_eq!(all[2].values["name"], json!("第1个值"));
    let report = store.verify(&Progress::default()).await?;
    assert_eq!((report.events, report.problems), (3, vec![]));
    Ok(())
}

#[tokio::test]
async fn the_loser_of_a_race_is_told_and_nothing_is_half_written() -> Done {
    let dir = TempDir::new()?;
    let store = office(dir.path()).await?;
    let at = ["2026-09-28T11:00:00+08:00"];
    let mut person = more(0, &at);
    person.stream = "person:x".into();
    let lost = store.append(vec![person, more(2, &at)]).await;
    assert!(matches!(lost, Err(StoreError::Changed)), "{lost:?}");
    assert_eq!(store.stream_seq("person:x").await?, 0, "one transaction");
    store.append(vec![more(3, &at)]).await
}

#[tokio::test]
async fn a_clock_set_back_is_refused() -> Done {
    let dir = TempDir::new()?;
    let store = office(dir.path()).await?;
    let back = store
        .append(vec![more(3, &["2026-09-28T09:30:00+08:00"])])
        .await;
    assert!(
        matches!(back, Err(StoreError::ClockSetBack { .. })),
        "T8: {back:?}"
    );
    Ok(())
}

#[tokio::test]
async fn tampering_is_found() -> Done {
    for (sql, code) in [
        (
            "UPDATE event SET body = replace(body, '{', '{ ') WHERE pos = 2",
            "hash_differs",
        ),
        (
            "UPDATE event SET at = '2026-09-28T09:00:01+08:00' WHERE pos = 2",
            "hash_differs",
        ),
        (
            "UPDATE value SET value = '\"别的\"' WHERE pos = 2",
            "value_differs",
        ),
        ("DELETE FROM value WHERE pos = 2", "value_lost"),
        (
            "DELETE FROM value WHERE pos = 2; DELETE FROM event WHERE pos = 2",
            "pos_gap",
        ),
        ("UPDATE event SET prev = 'x' WHERE pos = 3", "link_broken"),
    ] {
        let dir = TempDir::new()?;
        let store = office(dir.path()).await?;
        store.close().await;
        drop(store);
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(dir.path().join("office/redress.db"));
        let mut raw = SqliteConnection::connect_with(&options).await?;
        sqlx::raw_sql(sql).execute(&mut raw).await?;
        raw.close().await?;
        let store = SqliteStore::open(&dir.path().join("office"), "test").await?;
        let problems = store.verify(&Progress::default()).await?.problems;
        assert_eq!(
            problems.first().map(|p| p.code.as_str()),
            Some(code),
            "{sql}: {problems:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_strange_folder_is_refused() -> Done {
    let dir = TempDir::new()?;
    std::fs::write(dir.path().join("letter.txt"), "hello")?;
    let refused = SqliteStore::create(dir.path(), "test", vec![genesis(true)])
        .await
        .err();
    assert_eq!(refused.map(|e| e.code()), Some("folder_not_empty"));
    let none = SqliteStore::open(dir.path(), "test").await.err();
    assert_eq!(none.map(|e| e.code()), Some("foreign_folder"));
    Ok(())
}

/// A case's stream with one value, and a disposal of it that `approved_by` people approved.
async fn disposed(dir: &Path, approved_by: u128) -> Result<SqliteStore, StoreError> {
    let store = office(dir).await?;
    let case = CaseId(uuid::Uuid::from_u128(7));
    let disposal = DisposalId(uuid::Uuid::from_u128(8));
    let at = ["2026-09-28T11:00:00+08:00"];
    let stream = format!("case:{case}");
    let one = |stream: &str, seq, body: EventBody, actor: u128| {
        let mut all = events(&at, |_| body.clone());
        all[0].event.actor = PersonId(uuid::Uuid::from_u128(actor));
        Append {
            stream: stream.to_owned(),
            expected_seq: seq,
            events: all,
            ..Append::default()
        }
    };
    store
        .append(vec![one(&stream, 0, EventBody::Set {}, 1)])
        .await?;
    let listed = EventBody::DisposalListed {
        disposal,
        cases: vec![case],
    };
    store.append(vec![one("office", 3, listed, 1)]).await?;
    // Its maker's own approval counts for nothing.
    for n in 0..=approved_by {
        let body = EventBody::DisposalApproved {
            disposal,
            signs: None,
        };
        let seq = 4 + i64::try_from(n).unwrap_or_default();
        store.append(vec![one("office", seq, body, 1 + n)]).await?;
    }
    let mut gone = one(&stream, 1, EventBody::Disposed { disposal }, 1);
    gone.events[0].event.values.clear();
    gone.events[0].salts.clear();
    store.append(vec![gone]).await?;
    Ok(store)
}

#[tokio::test]
async fn a_disposal_excuses_what_is_absent_only_when_two_others_approved() -> Done {
    for (approved_by, codes) in [
        (0, &["disposed_unapproved"][..]),
        (1, &["disposed_unapproved"]),
        (2, &[]),
    ] {
        let dir = TempDir::new()?;
        let store = disposed(dir.path(), approved_by).await?;
        let left = store.case_events(CaseId(uuid::Uuid::from_u128(7))).await?;
        assert!(left.iter().all(|e| e.values.is_empty()), "values are gone");
        let problems = store.verify(&Progress::default()).await?.problems;
        let found: Vec<&str> = problems.iter().map(|p| p.code.as_str()).collect();
        assert_eq!(found, codes, "approved by {approved_by}");
    }
    Ok(())
}

#[tokio::test]
async fn what_was_disposed_of_and_is_still_there_is_found() -> Done {
    let dir = TempDir::new()?;
    let store = disposed(dir.path(), 2).await?;
    store.close().await;
    drop(store);
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(dir.path().join("office/redress.db"));
    let mut raw = SqliteConnection::connect_with(&options).await?;
    // The value as it was: somebody kept it and puts it back.
    sqlx::query("INSERT INTO value SELECT (SELECT pos FROM event WHERE kind = 'set'), field, salt, value FROM value WHERE pos = 1")
        .execute(&mut raw)
        .await?;
    raw.close().await?;
    let store = SqliteStore::open(&dir.path().join("office"), "test").await?;
    let problems = store.verify(&Progress::default()).await?.problems;
    let found: Vec<&str> = problems.iter().map(|p| p.code.as_str()).collect();
    assert!(found.contains(&"disposed_left"), "{problems:?}");
    Ok(())
}
