//! How much and how often: whoever is signed in by session, so that a house behind one address is not one
//! window, and everybody else by address.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::{net::IpAddr, num::NonZeroU32};

/// Requests per second, lasting, of one session or of the strangers of one address.
const LASTING: NonZeroU32 = NonZeroU32::new(30).expect("not zero");
/// Requests at once: a page asks for several things.
const BURST: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
/// Bytes of a request from somebody who is signed in: the largest attachment in base64, and room.
pub(crate) const SIGNED_IN: usize = 80_000_000;
/// Bytes of a request from anybody else.
pub(crate) const STRANGER: usize = 64 * 1024;

/// Whose share a request comes out of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Whose {
    /// A session's, by the hash of its token.
    Session(String),
    /// An address's.
    Address(IpAddr),
}

/// Who asked how often.
pub(crate) struct Rate(DefaultKeyedRateLimiter<Whose>);

impl Rate {
    pub(crate) fn new() -> Self {
        let quota = Quota::per_second(LASTING).allow_burst(BURST);
        Self(RateLimiter::keyed(quota))
    }

    /// Whether one may ask once more.
    pub(crate) fn admits(&self, whose: &Whose) -> bool {
        // Whoever has been quiet is forgotten, or the list would only grow.
        if self.0.len() > 10_000 {
            self.0.retain_recent();
        }
        self.0.check_key(whose).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn one_does_not_use_up_anothers_share() {
        let rate = Rate::new();
        let address = |n| Whose::Address(Ipv4Addr::new(10, 0, 0, n).into());
        let admitted = (0..2000).filter(|_| rate.admits(&address(1))).count();
        assert!((200..2000).contains(&admitted), "{admitted}");
        assert!(rate.admits(&address(2)), "another address");
        assert!(
            rate.admits(&Whose::Session("s".into())),
            "a session behind the same address"
        );
    }
}
