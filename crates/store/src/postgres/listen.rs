//! Notices between hosts: sent with the transaction that they tell of, heard in the database's order.

use super::{Connection, PATIENCE, Pool};
use crate::{
    StoreError,
    notice::{Notice, Teller},
};
use sqlx::{
    Executor,
    postgres::{PgListener, PgNotification},
};
use std::time::Duration;
use tokio::{task::JoinHandle, time::timeout};

const CHANNEL: &str = "redress";
/// PostgreSQL takes less than 8000 bytes at once.
const MOST: usize = 7900;
/// Between two tries while the server is away.
const PAUSE: Duration = Duration::from_secs(1);
/// After so long without a notice the server is asked whether it is there.
const QUIET: Duration = Duration::from_secs(30);

/// Sends a notice when the transaction commits; one that is too long says only that there is something.
pub async fn notify(c: &mut Connection, notice: &Notice) -> Result<(), StoreError> {
    let mut text = serde_json::to_string(notice)?;
    if text.len() > MOST {
        text = serde_json::to_string(&Notice::Missed)?;
    }
    sqlx::query("SELECT pg_notify($1, $2)")
        .bind(CHANNEL)
        .bind(text)
        .execute(c)
        .await?;
    Ok(())
}

/// Hands on what any host says, for as long as the store is open.
pub async fn start(pool: &Pool, teller: Teller) -> Result<JoinHandle<()>, StoreError> {
    let first = open(pool).await?;
    Ok(tokio::spawn(run(pool.clone(), first, teller)))
}

async fn open(pool: &Pool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    // A connection that is lost is seen here, not mended in silence.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

async fn run(pool: Pool, mut listener: PgListener, teller: Teller) {
    loop {
        match hear(&mut listener).await {
            Ok(Some(notice)) => {
                // What a newer host says in words of its own is still a reason to look.
                let heard = serde_json::from_str(notice.payload());
                teller.tell(heard.unwrap_or(Notice::Missed));
            }
            Err(sqlx::Error::PoolClosed) => return,
            Ok(None) | Err(_) => {
                listener = loop {
                    match open(&pool).await {
                        Ok(again) => break again,
                        Err(sqlx::Error::PoolClosed) => return,
                        Err(_) => tokio::time::sleep(PAUSE).await,
                    }
                };
                teller.tell(Notice::Missed);
            }
        }
    }
}

/// The next notice. A server that vanished without a word would be listened to for ever: in the quiet it is asked.
async fn hear(listener: &mut PgListener) -> Result<Option<PgNotification>, sqlx::Error> {
    loop {
        if let Ok(heard) = timeout(QUIET, listener.try_recv()).await {
            return heard;
        }
        match timeout(PATIENCE, listener.execute("SELECT 1")).await {
            Ok(done) => done?,
            Err(_) => return Err(sqlx::Error::PoolTimedOut),
        };
    }
}
