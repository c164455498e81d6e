//! One person's session at a door.

use redress_domain::id::{CaseId, PersonId};
use redress_store::BackupKey;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use uuid::Uuid;

/// One person's session at a door.
#[derive(Debug)]
pub struct Session {
    /// Tells it from the others; no secret.
    id: String,
    /// Where it comes from; empty: this PC.
    from: String,
    /// Who signed in, and how often the password had been set by then.
    person: Mutex<Option<(PersonId, u32)>>,
    /// Cases that were opened with a reason, until somebody else signs in or out.
    opened: Mutex<BTreeMap<CaseId, String>>,
    /// The secret of a second factor that is being set up.
    offered: Mutex<Option<[u8; crate::secrets::codes::SECRET]>>,
    /// The backup key that was made and is not in force yet.
    offered_key: Mutex<Option<Arc<BackupKey>>>,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            from: String::new(),
            person: Mutex::default(),
            opened: Mutex::default(),
            offered: Mutex::default(),
            offered_key: Mutex::default(),
        }
    }
}

impl Session {
    /// Nobody has signed in yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same at another PC, named by its address: wrong passwords from there are counted for there.
    pub fn from(address: &str) -> Self {
        Self {
            from: address.to_owned(),
            ..Self::default()
        }
    }

    /// A session that nobody has signed in to, at the same place.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self::from(&self.from)
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn origin(&self) -> &str {
        &self.from
    }

    /// Who signed in.
    pub fn person(&self) -> Option<PersonId> {
        self.signed_in().map(|(person, _)| person)
    }

    /// Who signed in, and how often the password had been set by then: a later one ends the session.
    pub(crate) fn signed_in(&self) -> Option<(PersonId, u32)> {
        // Nobody, where a thread that held it fell.
        self.person.lock().map(|p| *p).unwrap_or_default()
    }

    /// Goes on with the password that was changed in it.
    pub(crate) fn renew(&self, passwords: u32) {
        if let Ok(mut p) = self.person.lock() {
            *p = p.map(|(person, _)| (person, passwords));
        }
    }

    /// Signs somebody in or out.
    pub(crate) fn set(&self, person: Option<(PersonId, u32)>) {
        if let Ok(mut p) = self.person.lock() {
            *p = person;
        }
        if let Ok(mut o) = self.opened.lock() {
            o.clear();
        }
        self.offer(None);
        self.offer_key(None);
    }

    /// Keeps a backup key until it is in force, or forgets it.
    pub(crate) fn offer_key(&self, key: Option<Arc<BackupKey>>) {
        if let Ok(mut o) = self.offered_key.lock() {
            *o = key;
        }
    }

    /// The backup key that was offered last.
    pub(crate) fn offered_key(&self) -> Option<Arc<BackupKey>> {
        self.offered_key.lock().ok()?.clone()
    }

    /// Keeps the secret of a second factor that is being set up, or forgets it.
    pub(crate) fn offer(&self, secret: Option<[u8; crate::secrets::codes::SECRET]>) {
        if let Ok(mut o) = self.offered.lock() {
            *o = secret;
        }
    }

    /// The secret that was offered last.
    pub(crate) fn offered(&self) -> Option<[u8; crate::secrets::codes::SECRET]> {
        *self.offered.lock().ok()?
    }

    /// Keeps that a case was opened, and why.
    pub(crate) fn open(&self, case: CaseId, why: &str) {
        if let Ok(mut o) = self.opened.lock() {
            o.insert(case, why.to_owned());
        }
    }

    /// Why a case was opened in this session.
    pub(crate) fn opened(&self, case: CaseId) -> Option<String> {
        self.opened.lock().ok()?.get(&case).cloned()
    }
}

/// An unguessable name for a session at a host: 256 random bits.
pub fn session_id() -> String {
    let mut bytes = [0; 32];
    if getrandom::fill(&mut bytes).is_err() {
        return Uuid::now_v7().to_string();
    }
    redress_domain::chain::hex(&bytes)
}

/// Whoever looks: a person, through a session that keeps what a reason has opened.
#[derive(Clone, Copy)]
pub(crate) struct Eyes<'a> {
    pub(crate) person: PersonId,
    pub(crate) session: &'a Session,
}
