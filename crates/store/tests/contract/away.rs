//! A server that goes away is said, not waited for, and found again when it is back.

use crate::{
    house::{Done, genesis, listening, more},
    server::Server,
};
use redress_store::{Address, Notice, PostgresStore, Progress, Store};
use sqlx::{Connection, PgConnection};

const AT: [&str; 1] = ["2026-09-28T11:00:00+08:00"];

#[tokio::test]
async fn a_server_that_stops_is_said_and_found_again() -> Done {
    let mut server = Server::lasting()?;
    let owner = server.url("postgres", "postgres");
    let mut raw = PgConnection::connect(&owner).await?;
    sqlx::query("CREATE ROLE host LOGIN")
        .execute(&mut raw)
        .await?;
    raw.close().await?;
    PostgresStore::prepare(&Address::new(owner), "host").await?;
    let url = Address::new(server.url("host", "postgres"));
    let store = PostgresStore::create(&url, vec![genesis(false)]).await?;
    let mut heard = listening(&store).await?;

    server.stop()?;
    let lost = store.append(vec![more(1, &AT)]).await;
    assert_eq!(lost.err().map(|e| e.code()), Some("database_away"));
    let read = store.tail().await;
    assert_eq!(read.err().map(|e| e.code()), Some("database_away"));
    let opened = PostgresStore::open(&url).await;
    assert_eq!(opened.err().map(|e| e.code()), Some("database_away"));

    server.start()?;
    assert_eq!(heard.next().await, Some(Notice::Missed), "heard again");
    store.append(vec![more(1, &AT)]).await?;
    assert!(matches!(heard.next().await, Some(Notice::Changed(_))));
    let report = store.verify(&Progress::default()).await?;
    assert_eq!((report.events, report.problems), (2, vec![]));
    Ok(())
}

/// What was acknowledged is at the standby too, which goes on with the same chain when the primary is gone.
#[tokio::test]
async fn a_standby_goes_on_where_the_primary_fell() -> Done {
    let mut primary = Server::durable()?;
    let standby = primary.standby()?;
    let owner = primary.url("postgres", "postgres");
    let mut raw = PgConnection::connect(&owner).await?;
    sqlx::query("CREATE ROLE host LOGIN")
        .execute(&mut raw)
        .await?;
    raw.close().await?;
    PostgresStore::prepare(&Address::new(owner), "host").await?;
    let at = Address::new(primary.url("host", "postgres"));
    let store = PostgresStore::create(&at, vec![genesis(false)]).await?;
    for seq in 1..20 {
        store.append(vec![more(seq, &AT)]).await?;
    }
    let acknowledged = store.tail().await?;

    let follows = Address::new(standby.url("host", "postgres"));
    let reader = PostgresStore::open(&follows).await;
    assert_eq!(
        reader.err().map(|e| e.code()),
        Some("database_away"),
        "a standby is no place to work"
    );

    primary.crash()?;
    let lost = store.append(vec![more(20, &AT)]).await;
    assert_eq!(lost.err().map(|e| e.code()), Some("database_away"));

    let mut raw = PgConnection::connect(&standby.url("postgres", "postgres")).await?;
    sqlx::query("SELECT pg_promote()").execute(&mut raw).await?;
    raw.close().await?;
    let store = PostgresStore::open(&follows).await?;
    assert_eq!(
        store.tail().await?,
        acknowledged,
        "nothing that was said to be kept is lost"
    );
    store.append(vec![more(20, &AT)]).await?;
    assert_eq!(store.verify(&Progress::default()).await?.problems, vec![]);
    Ok(())
}
