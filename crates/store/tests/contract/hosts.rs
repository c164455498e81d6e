//! Several hosts side by side on one database behave as one.

use crate::house::{Done, Kind, caught_up, listening, more, office, one};
use redress_domain::{event::EventBody, id::CaseId};
use redress_store::{Append, Change, Notice, NumberClaim, Progress, Store, StoreError};
use std::sync::Arc;
use tokio::task::JoinSet;
use uuid::Uuid;

const AT: [&str; 1] = ["2026-09-28T11:00:00+08:00"];

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hosts_that_append_to_one_stream_one_wins() -> Done {
    let (base, first) = office(Kind::Postgres).await?;
    let second = base.open().await?;
    for seq in 3..20 {
        let (a, b) = tokio::join!(
            first.append(vec![more(seq, &AT)]),
            second.append(vec![more(seq, &AT)]),
        );
        let won = [&a, &b].iter().filter(|r| r.is_ok()).count();
        assert_eq!(won, 1, "{a:?} {b:?}");
        let lost = [a, b].into_iter().find_map(Result::err);
        assert!(matches!(lost, Some(StoreError::Changed)), "{lost:?}");
    }
    assert_eq!(first.verify(&Progress::default()).await?.problems, vec![]);
    Ok(())
}

/// Takes the next number until nobody else has taken it.
async fn numbered(store: &impl Store, stream: String) -> Done {
    loop {
        let seq = store.last_number("p", 2026).await? + 1;
        let append = Append {
            number: Some(NumberClaim {
                procedure: "p".into(),
                year: 2026,
                seq,
            }),
            ..one(&stream, 0, registered(), 1, &AT)
        };
        match store.append(vec![append]).await {
            Err(StoreError::Changed) => {}
            done => return done,
        }
    }
}

fn registered() -> EventBody {
    EventBody::Registered {
        case: CaseId(Uuid::from_u128(1)),
        procedure: "p".into(),
        edition: "1".into(),
        edition_hash: String::new(),
        number: String::new(),
        channel: String::new(),
        received_at: chrono::DateTime::parse_from_rfc3339(AT[0]).expect("a time"),
        step: String::new(),
        training: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gaps_and_the_chain_one_order() -> Done {
    let (base, first) = office(Kind::Postgres).await?;
    let hosts = Arc::new([first, base.open().await?]);
    let mut clerks = JoinSet::new();
    for clerk in 0..8 {
        let hosts = hosts.clone();
        clerks.spawn(async move {
            for n in 0..25 {
                numbered(&hosts[clerk % 2], format!("case:{clerk}-{n}")).await?;
            }
            Ok::<_, StoreError>(())
        });
    }
    while let Some(done) = clerks.join_next().await {
        done.map_err(|e| StoreError::Internal(e.to_string()))??;
    }
    let report = hosts[1].verify(&Progress::default()).await?;
    // Numbers from 1 without a gap are part of what is verified.
    assert_eq!((report.events, report.problems), (203, vec![]));
    assert_eq!(hosts[0].last_number("p", 2026).await?, 200);
    Ok(())
}

#[tokio::test]
async fn every_host_hears_what_another_appends_and_says() -> Done {
    let (base, first) = office(Kind::Postgres).await?;
    let second = base.open().await?;
    let mut other = second.changes();
    let mut own = listening(&first).await?;
    caught_up(&first, &mut other).await?;
    // The mark that was said for the other.
    own.next().await;
    let before = second.house_version().await?;
    first
        .append(vec![
            more(3, &AT),
            one("case:a", 0, EventBody::Set {}, 1, &AT),
        ])
        .await?;
    first.announce("关机").await?;
    let lost = first.append(vec![more(3, &AT)]).await;
    assert!(lost.is_err(), "what is taken back is not told");
    second
        .append(vec![one("case:a", 1, EventBody::Set {}, 1, &AT)])
        .await?;
    for listener in [&mut own, &mut other] {
        assert_eq!(
            listener.next().await,
            Some(Notice::Changed(Change {
                streams: vec!["office".into(), "case:a".into()],
                pos: 5
            }))
        );
        assert_eq!(listener.next().await, Some(Notice::Said("关机".into())));
        assert_eq!(
            listener.next().await,
            Some(Notice::Changed(Change {
                streams: vec!["case:a".into()],
                pos: 6
            }))
        );
    }
    assert_eq!(
        second.house_version().await?,
        before + 1,
        "one of them was the house's"
    );
    Ok(())
}

#[tokio::test]
async fn a_notice_that_is_too_long_tells_to_read_everything() -> Done {
    let (_base, store) = office(Kind::Postgres).await?;
    let mut heard = listening(&store).await?;
    let many = (0..300).map(|n| {
        let stream = format!("case:{n:036}");
        one(&stream, 0, EventBody::Set {}, 1, &AT)
    });
    store.append(many.collect()).await?;
    assert_eq!(heard.next().await, Some(Notice::Missed));
    Ok(())
}
