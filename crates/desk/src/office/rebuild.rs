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
        let desk = self.desk().await?;
        for _ in 0..REBUILDS {
            match self.derive(&desk, progress).await {
                // Somebody worked on a case meanwhile.
                Err(e) if e.code == StoreError::Changed.code() => {}
                done => return done,
            }
        }
        Err(StoreError::Changed.into())
    }

    async fn derive(&self, desk: &OpenOffice, progress: &Progress) -> Result<usize, ApiError> {
        let house = desk.house().await;
        let name = |p| house.name(p);
        let ids = desk.store.all_case_ids().await?;
        let mut all = Vec::with_capacity(ids.len());
        let steps = i64::try_from(ids.len()).unwrap_or(i64::MAX / 2) * 2;
        progress.total.store(steps, Ordering::Relaxed);
        progress.done.store(0, Ordering::Relaxed);
        for id in &ids {
            progress.step(1)?;
            let events = desk.store.case_events(*id).await?;
            let case =
                Case::fold(&events).ok_or_else(|| ApiError::internal("case does not fold"))?;
            match desk.edition(&case.procedure, &case.edition_hash).await {
                Ok(edition) => all.push(project(&edition, &case, &name)),
                // Its number finds it, and says what is wrong with the edition.
                Err(e) if e.code == UNUSABLE => {}
                Err(e) => return Err(e),
            }
        }
        desk.store.replace_projections(all, progress).await?;
        Ok(ids.len())
    }
}
