//! Editions that were installed.

use redress_domain::{
    clock::Moment,
    event::{Event, EventBody},
    id::PersonId,
};

/// An edition that was installed.
#[derive(Debug, Clone, PartialEq)]
pub struct Installed {
    /// Procedure id.
    pub procedure: String,
    /// Its edition.
    pub edition: String,
    /// SHA-256 over its files.
    pub hash: String,
    /// Who installed it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// Somebody sees more under it, and no second person has confirmed it yet.
    pub waits: bool,
    /// A second person refused it.
    pub refused: bool,
}

impl Installed {
    /// Whether new cases may be opened under it.
    pub fn in_force(&self) -> bool {
        !self.waits && !self.refused
    }
}

/// Takes in what was installed, confirmed or refused.
pub(crate) fn fold(all: &mut Vec<Installed>, e: &Event) {
    all.extend(installed(e));
    let judged = match &e.body {
        EventBody::EditionConfirmed { hash } => Some((hash, false)),
        EventBody::EditionRefused { hash } => Some((hash, true)),
        _ => None,
    };
    if let Some((hash, refused)) = judged
        && let Some(at) = all.iter().rposition(|i| &i.hash == hash && i.waits)
    {
        // In force from now on: after everything that was installed meanwhile.
        let mut one = all.remove(at);
        (one.waits, one.refused) = (false, refused);
        all.push(one);
    }
}

/// From its event.
fn installed(e: &Event) -> Option<Installed> {
    let EventBody::EditionInstalled {
        procedure,
        edition,
        hash,
        waits,
    } = &e.body
    else {
        return None;
    };
    Some(Installed {
        procedure: procedure.clone(),
        edition: edition.clone(),
        hash: hash.clone(),
        by: e.actor,
        at: e.at,
        waits: *waits,
        refused: false,
    })
}
