//! Ids: newtypes over time-ordered UUIDs (v7), made outside the domain.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    )+};
}

ids! {
    /// One case (案件).
    CaseId,
    /// One person with an account, or one who is only named.
    PersonId,
    /// One issued document (G18).
    DocumentId,
    /// One stored attachment.
    AttachmentId,
    /// One list of cases for disposal (G10).
    DisposalId,
    /// One person, organisation or product of the register (G16).
    PartyId,
}
