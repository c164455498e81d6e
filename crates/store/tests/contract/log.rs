//! Order, races, the chain, and what is found when somebody tampers.

use crate::house::{Base, Done, Kind, listening, more, office, office_in, one};
use redress_domain::{
    event::EventBody,
    id::{CaseId, DisposalId, PersonId},
};
use redress_store::{
    AccessRow, AnyStore, Append, Change, Notice, Progress, SentKey, SqliteStore, Store, StoreError,
};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

#[tokio::test]
async fn what_goes_in_comes_out() -> Done {
    for kind in Kind::ALL {
        let (_base, store) = office(kind).await?;
        let all = store.stream_events("office").await?;
        assert_eq!(all.len(), 3);
        assert_eq!(all[2].values["name"], json!("第1个值"));
        let report = store.verify(&Progress::default()).await?;
        assert_eq!((report.events, report.problems), (3, vec![]), "{kind:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_loser_of_a_race_is_told_and_nothing_is_half_written() -> Done {
    for kind in Kind::ALL {
        let (_base, store) = office(kind).await?;
        let at = ["2026-09-28T11:00:00+08:00"];
        let mut person = more(0, &at);
        person.stream = "person:x".into();
        let lost = store.append(vec![person, more(2, &at)]).await;
        assert!(matches!(lost, Err(StoreError::Changed)), "{lost:?}");
        assert_eq!(store.stream_seq("person:x").await?, 0, "one transaction");
        store.append(vec![more(3, &at)]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_clock_set_back_is_refused_and_one_that_waited_for_its_turn_is_not() -> Done {
    for kind in Kind::ALL {
        let (_base, store) = office(kind).await?;
        let back = store
            .append(vec![more(3, &["2026-09-28T09:30:00+08:00"])])
            .await;
        assert!(
            matches!(back, Err(StoreError::ClockSetBack { .. })),
            "T8: {back:?}"
        );
        let waited = ["2026-09-28T09:59:45+08:00"];
        store.append(vec![more(3, &waited)]).await?;
        let step = store
            .append(vec![more(4, &["2026-09-28T09:59:30+08:00"])])
            .await;
        assert!(
            matches!(step, Err(StoreError::ClockSetBack { .. })),
            "small steps do not add up: {step:?}"
        );
    }
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
        for kind in Kind::ALL {
            let (base, store) = office(kind).await?;
            store.close().await;
            drop(store);
            base.tamper(sql).await?;
            let store = base.open().await?;
            let problems = store.verify(&Progress::default()).await?.problems;
            assert_eq!(
                problems.first().map(|p| p.code.as_str()),
                Some(code),
                "{kind:?} {sql}: {problems:?}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_strange_folder_is_refused() -> Done {
    let dir = TempDir::new()?;
    std::fs::write(dir.path().join("letter.txt"), "hello")?;
    let refused = SqliteStore::create(dir.path(), "test", vec![crate::house::genesis(true)])
        .await
        .err();
    assert_eq!(refused.map(|e| e.code()), Some("folder_not_empty"));
    let none = SqliteStore::open(dir.path(), "test").await.err();
    assert_eq!(none.map(|e| e.code()), Some("foreign_folder"));
    Ok(())
}

/// A case's stream with one value, and a disposal of it that `approved_by` people approved.
async fn disposed(base: &Base, approved_by: u128) -> Result<AnyStore, StoreError> {
    let store = office_in(base).await?;
    let case = CaseId(Uuid::from_u128(7));
    let disposal = DisposalId(Uuid::from_u128(8));
    let at = ["2026-09-28T11:00:00+08:00"];
    let stream = format!("case:{case}");
    store
        .append(vec![one(&stream, 0, EventBody::Set {}, 1, &at)])
        .await?;
    let listed = EventBody::DisposalListed {
        disposal,
        cases: vec![case],
    };
    store.append(vec![one("office", 3, listed, 1, &at)]).await?;
    // Its maker's own approval counts for nothing.
    for n in 0..=approved_by {
        let body = EventBody::DisposalApproved {
            disposal,
            signs: None,
        };
        let seq = 4 + i64::try_from(n).unwrap_or_default();
        store
            .append(vec![one("office", seq, body, 1 + n, &at)])
            .await?;
    }
    let mut gone = one(&stream, 1, EventBody::Disposed { disposal }, 1, &at);
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
        for kind in Kind::ALL {
            let base = Base::new(kind).await?;
            let store = disposed(&base, approved_by).await?;
            let left = store.case_events(CaseId(Uuid::from_u128(7))).await?;
            assert!(left.iter().all(|e| e.values.is_empty()), "values are gone");
            let problems = store.verify(&Progress::default()).await?.problems;
            let found: Vec<&str> = problems.iter().map(|p| p.code.as_str()).collect();
            assert_eq!(found, codes, "{kind:?}: approved by {approved_by}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_was_disposed_of_and_is_still_there_is_found() -> Done {
    for kind in Kind::ALL {
        let base = Base::new(kind).await?;
        let store = disposed(&base, 2).await?;
        store.close().await;
        drop(store);
        // The value as it was: somebody kept it and puts it back.
        base.tamper(
            "INSERT INTO value SELECT (SELECT pos FROM event WHERE kind = 'set'), field, salt, value FROM value WHERE pos = 1",
        )
        .await?;
        let store = base.open().await?;
        let problems = store.verify(&Progress::default()).await?.problems;
        let found: Vec<&str> = problems.iter().map(|p| p.code.as_str()).collect();
        assert!(found.contains(&"disposed_left"), "{kind:?}: {problems:?}");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_listens_hears_what_is_appended_and_said() -> Done {
    for kind in Kind::ALL {
        let (_base, store) = office(kind).await?;
        let mut heard = listening(&store).await?;
        let before = store.house_version().await?;
        let at = ["2026-09-28T11:00:00+08:00"];
        store.append(vec![more(3, &at)]).await?;
        store.announce("关机").await?;
        let changed = Change {
            streams: vec!["office".into()],
            pos: 4,
        };
        assert_eq!(heard.next().await, Some(Notice::Changed(changed)));
        assert_eq!(heard.next().await, Some(Notice::Said("关机".into())));
        assert_ne!(store.house_version().await?, before, "{kind:?}");
        let long = store.announce(&"长".repeat(2000)).await;
        assert!(long.is_err(), "{kind:?}: more than is handed on");
    }
    Ok(())
}

/// Who looked at what is read by kind, and why somebody looked goes with the case (G10).
#[tokio::test]
async fn looks_are_listed_by_kind_and_forgotten_with_the_case() -> Done {
    for kind in Kind::ALL {
        let (_base, store) = office(kind).await?;
        let case = CaseId(Uuid::from_u128(7));
        let at = ["2026-09-28T11:00:00+08:00"];
        let looks = [("open", Some(case)), ("backup", None), ("open", None)];
        for (seq, (what, case)) in (0..).zip(looks) {
            let look = EventBody::Accessed {
                what: what.to_owned(),
                case,
                about: None,
                sealed_to: None,
            };
            store.append(vec![one("access", seq, look, 1, &at)]).await?;
        }
        let places = |rows: Vec<AccessRow>| rows.iter().map(|r| r.pos).collect::<Vec<_>>();
        let opened = places(store.accesses(None, Some("open"), 10).await?);
        assert_eq!(opened, [6, 4], "{kind:?}: the newest first");
        let before = places(store.accesses(Some(6), None, 1).await?);
        assert_eq!(before, [5], "{kind:?}");

        let person = PersonId(Uuid::from_u128(1));
        let stream = format!("case:{case}");
        store.draft_put(person, &stream, "{}", "").await?;
        store.draft_put(person, "new", "{}", "").await?;
        store
            .append(vec![one(&stream, 0, EventBody::Set {}, 1, &at)])
            .await?;
        let disposal = DisposalId(Uuid::from_u128(8));
        let mut gone = one(&stream, 1, EventBody::Disposed { disposal }, 1, &at);
        gone.events[0].event.values.clear();
        gone.events[0].salts.clear();
        store.append(vec![gone]).await?;
        let kept: Vec<(i64, bool)> = store
            .accesses(None, None, 10)
            .await?
            .iter()
            .map(|r| (r.pos, !r.event.values.is_empty()))
            .collect();
        assert_eq!(kept, [(6, true), (5, true), (4, false)], "{kind:?}");
        let drafts = store.draft_list(person).await?;
        assert_eq!(drafts.len(), 1, "{kind:?}: what was being typed about it");
    }
    Ok(())
}

/// A request that comes twice does once what it does, at whichever host.
#[tokio::test]
async fn a_request_that_is_sent_again_is_known() -> Done {
    for kind in Kind::ALL {
        let (_base, store) = office(kind).await?;
        let at = ["2026-09-28T11:00:00+08:00"];
        let keyed = |seq| Append {
            sent: Some(SentKey {
                key: "k".to_owned(),
                content: format!("c{seq}"),
            }),
            ..more(seq, &at)
        };
        assert_eq!(store.sent("k").await?, None, "{kind:?}");
        store.append(vec![keyed(3)]).await?;
        let again = store.append(vec![keyed(4)]).await;
        assert!(
            matches!(again, Err(StoreError::Changed)),
            "{kind:?}: {again:?}"
        );
        let sent = store.sent("k").await?.expect("it was sent");
        let (stream, content) = (sent.stream.as_str(), sent.content.as_str());
        assert_eq!(
            (stream, sent.first, sent.last, content),
            ("office", 4, 4, "c3"),
            "{kind:?}"
        );
        assert_eq!(store.stream_seq("office").await?, 4, "{kind:?}: once");
    }
    Ok(())
}
