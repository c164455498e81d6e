//! One append with all that belongs to it, and which request made it.

use crate::office::handle::OpenOffice;
use redress_store::{Append, SentKey, Store, StoreError};
use std::cell::RefCell;

tokio::task_local! {
    /// The key of the request that is being carried out, until an append has kept it.
    static KEY: RefCell<Option<SentKey>>;
}

impl OpenOffice {
    /// Appends, and keeps with it which request did so.
    pub(crate) async fn keep(&self, mut all: Vec<Append>) -> Result<(), StoreError> {
        let key = KEY.try_with(|k| k.borrow().clone()).ok().flatten();
        let acts = all.iter_mut().find(|a| a.stream != "access");
        let keyed = match (acts, key) {
            (Some(act), Some(key)) => {
                act.sent = Some(key);
                true
            }
            _ => false,
        };
        self.store.append(all).await?;
        if keyed {
            // What else the command appends belongs to the same request.
            let _ = KEY.try_with(RefCell::take);
        }
        Ok(())
    }
}

/// Runs a request whose first append keeps its key.
pub(crate) async fn keyed<F: Future>(key: SentKey, request: F) -> F::Output {
    KEY.scope(RefCell::new(Some(key)), request).await
}
