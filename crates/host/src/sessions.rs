//! Who is signed in from where. Only hashes of the tokens are kept; a session ends when nobody used it for a while,
//! after a working day, or when its token comes from another device.

use crate::limits::place;
use redress_desk::{Session, content_hash, session_id};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Unused for so long: signed out.
pub(crate) const IDLE: Duration = Duration::from_secs(30 * 60);
/// Signed in for so long: once more with the password.
pub(crate) const WHOLE: Duration = Duration::from_secs(12 * 60 * 60);

struct Kept {
    session: Arc<Session>,
    device: String,
    begun: Instant,
    seen: Instant,
}

/// Sessions of one person: whoever begins more ends the one that was unused for longest.
const OF_ONE: usize = 20;

/// The sessions of a host.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Kept>>);

/// Whose request it is.
pub(crate) struct Found {
    /// The kept session, or a new one that nobody has signed in to.
    pub(crate) session: Arc<Session>,
    /// It is a kept one.
    pub(crate) known: bool,
    /// Its token came from a device that it does not belong to: the session was ended.
    pub(crate) stolen: bool,
}

impl Sessions {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        // What a panic interrupted was one insertion or removal.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The session of a token, if it belongs to the device and has not run out.
    pub(crate) fn find(&self, token: &str, device: &str, from: IpAddr, now: Instant) -> Found {
        let mut all = self.all();
        let key = content_hash(token.as_bytes());
        let fresh = |stolen| Found {
            session: Arc::new(Session::from(&place(from))),
            known: false,
            stolen,
        };
        let Some(kept) = all.get_mut(&key) else {
            return fresh(false);
        };
        let stolen = kept.device != content_hash(device.as_bytes());
        if stolen || now - kept.seen > IDLE || now - kept.begun > WHOLE {
            all.remove(&key);
            return fresh(stolen);
        }
        kept.seen = now;
        Found {
            session: kept.session.clone(),
            known: true,
            stolen: false,
        }
    }

    /// A token's session while it lasts. Listening is no use: it keeps nobody signed in.
    pub(crate) fn lasting(&self, token: &str, now: Instant) -> Option<Arc<Session>> {
        let all = self.all();
        all.get(&content_hash(token.as_bytes()))
            .filter(|k| now - k.seen <= IDLE && now - k.begun <= WHOLE)
            .map(|k| k.session.clone())
    }

    /// Keeps a session under a new token; the earlier token, and whatever has run out, is forgotten.
    pub(crate) fn keep(
        &self,
        earlier: &str,
        device: &str,
        session: Arc<Session>,
        now: Instant,
    ) -> String {
        let mut all = self.all();
        all.remove(&content_hash(earlier.as_bytes()));
        all.retain(|_, k| now - k.seen <= IDLE && now - k.begun <= WHOLE);
        let token = session_id();
        let kept = Kept {
            session,
            device: content_hash(device.as_bytes()),
            begun: now,
            seen: now,
        };
        let person = kept.session.person();
        let mut own: Vec<_> = all
            .iter()
            .filter(|(_, k)| person.is_some() && k.session.person() == person)
            .map(|(key, k)| (k.seen, key.clone()))
            .collect();
        if own.len() >= OF_ONE {
            own.sort();
            if let Some((_, oldest)) = own.first() {
                all.remove(oldest);
            }
        }
        all.insert(content_hash(token.as_bytes()), kept);
        token
    }

    /// Ends a session.
    pub(crate) fn end(&self, token: &str) {
        self.all().remove(&content_hash(token.as_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[rstest]
    #[case::at_once("pc", 0, 0, true)]
    #[case::before_the_idle_end("pc", 30 * 60, 0, true)]
    #[case::after_it("pc", 30 * 60 + 1, 0, false)]
    #[case::used_all_day("pc", 0, 12 * 60 * 60 - 1, true)]
    #[case::longer_than_a_day("pc", 0, 12 * 60 * 60 + 1, false)]
    #[case::from_another_device("other", 0, 0, false)]
    fn a_session_ends(
        #[case] device: &str,
        #[case] unused: u64,
        #[case] used: u64,
        #[case] known: bool,
    ) {
        let sessions = Sessions::default();
        let begin = Instant::now();
        let token = sessions.keep("", "pc", Arc::default(), begin);
        let mut now = begin;
        // Used every twenty minutes.
        while now + IDLE < begin + Duration::from_secs(used) {
            now += Duration::from_secs(20 * 60);
            assert!(sessions.find(&token, "pc", HERE, now).known);
        }
        now = now.max(begin + Duration::from_secs(used)) + Duration::from_secs(unused);
        let found = sessions.find(&token, device, HERE, now);
        assert_eq!(found.known, known);
        assert_eq!(found.stolen, device != "pc");
        if !known {
            assert!(
                !sessions.find(&token, "pc", HERE, begin).known,
                "what ended stays ended"
            );
        }
    }

    #[test]
    fn a_new_token_replaces_the_earlier_one() {
        let sessions = Sessions::default();
        let now = Instant::now();
        let one = sessions.keep("", "pc", Arc::default(), now);
        let two = sessions.keep(&one, "pc", Arc::default(), now);
        assert!(!sessions.find(&one, "pc", HERE, now).known);
        assert!(sessions.find(&two, "pc", HERE, now).known);
        sessions.end(&two);
        assert!(!sessions.find(&two, "pc", HERE, now).known);
    }
}
