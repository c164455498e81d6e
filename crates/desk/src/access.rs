//! The access stream: sign-ins, reprints, exports, backups.

use crate::{
    error::ApiError,
    open::{Desk, Office, append, event},
};
use redress_domain::{event::EventBody, id::PersonId, value::Values};
use redress_store::{Store, StoreError};

impl Office {
    /// Writes into the access stream; another writer's race is simply tried again.
    pub(crate) async fn note_access(
        &self,
        desk: &Desk,
        person: PersonId,
        body: EventBody,
        values: Values,
    ) -> Result<(), ApiError> {
        for _ in 0..16 {
            let seq = desk.store.stream_seq("access").await?;
            let one = append(
                "access",
                seq,
                vec![event(person, self.now(), body.clone(), values.clone())],
            )?;
            match desk.store.append(vec![one]).await {
                Err(StoreError::Changed) => {}
                other => return Ok(other?),
            }
        }
        Err(ApiError::new("changed"))
    }
}
