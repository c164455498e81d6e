//! What lists and searches read, derived anew from the log.

use crate::{
    index::case_row::project,
    office::{
        editions::UNUSABLE,
        handle::{Office, OpenOffice},
    },
    text::error::ApiError,
};
use redress_domain::case::Case;
use redress_store::{Progress, Store, StoreError};
use std::sync::atomic::Ordering;

/// Times that a rebuild is tried while people work.
const REBUILDS: usize = 5;

impl Office {
    /// Drops what lists and searches read, and derives it again from the log.
    ///
    /// # Errors
    /// The store's.
    pub async fn rebuild(&self) -> Result<usize, ApiError> {
        self.rebuild_with(&Progress::default()).await
    }

    /// The same; two steps for each case.
    ///
    /// # Errors
    /// The store's, `verify_stopped`.
    pub async fn rebuild_with(&self, progress: &Progress) -> Result<usize, ApiError> {
        let open = self.open_office().await?;
        for _ in 0..REBUILDS {
            match self.derive(&open, progress).await {
                // Somebody worked on a case meanwhile.
                Err(e) if e.code == StoreError::Changed.code() => {}
                done => return done,
            }
        }
        Err(StoreError::Changed.into())
    }

    async fn derive(&self, open: &OpenOffice, progress: &Progress) -> Result<usize, ApiError> {
        let state = open.state().await;
        let name = |p| state.name(p);
        let ids = open.store.all_case_ids().await?;
        let mut all = Vec::with_capacity(ids.len());
        let steps = i64::try_from(ids.len()).unwrap_or(i64::MAX / 2) * 2;
        progress.total.store(steps, Ordering::Relaxed);
        progress.done.store(0, Ordering::Relaxed);
        for id in &ids {
            progress.step(1)?;
            let events = open.store.case_events(*id).await?;
            let case =
                Case::fold(&events).ok_or_else(|| ApiError::internal("case does not fold"))?;
            match open.edition(&case.procedure, &case.edition_hash).await {
                Ok(edition) => all.push(project(&edition, &case, &name)),
                // Its number finds it, and says what is wrong with the edition.
                Err(e) if e.code == UNUSABLE => {}
                Err(e) => return Err(e),
            }
        }
        open.store.replace_projections(all, progress).await?;
        Ok(ids.len())
    }
}
