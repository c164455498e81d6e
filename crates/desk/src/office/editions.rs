//! Every procedure in the edition that is needed: the newest for new cases, its own for each case.

use crate::{
    office::{damage::of_damage, handle::OpenOffice},
    text::error::ApiError,
};
use std::{collections::BTreeSet, sync::Arc};

/// An edition was installed that this version does not take, e.g. because it goes beyond a limit. What does not need
/// it goes on.
pub(crate) const UNUSABLE: &str = "edition_unusable";

impl OpenOffice {
    /// Every procedure in its newest edition: what was installed, else what ships with the product.
    pub(crate) async fn read_current(&self) -> Result<(), ApiError> {
        self.read_editions(|_| false).await.map(drop)
    }

    /// The same past editions that are damaged; answers whether none is.
    pub(crate) async fn read_current_past(&self) -> Result<bool, ApiError> {
        self.read_editions(of_damage).await
    }

    async fn read_editions(&self, passes: fn(&ApiError) -> bool) -> Result<bool, ApiError> {
        let mut current = self.shipped.clone();
        let state = self.state().await;
        let mut done = BTreeSet::new();
        let mut whole = true;
        for installed in state.installed.iter().rev().filter(|i| i.in_force()) {
            let id = &installed.procedure;
            if done.contains(id) {
                continue;
            }
            match self.edition(id, &installed.hash).await {
                Ok(edition) => {
                    current.insert(id.clone(), edition);
                    done.insert(id);
                }
                // The edition before it stands; the list of editions says which one is unusable, and why.
                Err(e) if e.code == UNUSABLE => {}
                Err(e) if passes(&e) => whole = false,
                Err(e) => return Err(e),
            }
        }
        if let Ok(mut slot) = self.current.write() {
            *slot = Arc::new(current);
        }
        Ok(whole)
    }
}

pub(crate) fn procedure_title(open: &OpenOffice, procedure: &str) -> String {
    let current = open.current();
    let edition = current.get(procedure);
    edition.map_or_else(|| procedure.to_owned(), |e| e.procedure.head.title.clone())
}
