//! How much and how often: whoever is signed in by session, so that a house behind one address is not one
//! window, and everybody else by address.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::{net::IpAddr, num::NonZeroU32};

/// Requests per second of one session, lasting, and at once: a page asks for several things.
const OWN: (NonZeroU32, NonZeroU32) = (number(30), number(200));
/// The same of the strangers of one address: they sign in, which is hard work on purpose.
const STRANGE: (NonZeroU32, NonZeroU32) = (number(10), number(100));
/// Bytes of a request from somebody who is signed in: the largest attachment in base64, and room.
pub(crate) const SIGNED_IN: usize = 80_000_000;
/// Bytes of a request from anybody else.
pub(crate) const STRANGER: usize = 64 * 1024;

/// Whose share a request comes out of.
#[derive(Debug)]
pub(crate) enum Whose {
    /// A session's, by the hash of its token.
    Session(String),
    /// An address's.
    Address(IpAddr),
}

/// Who asked how often.
pub(crate) struct Rate {
    own: DefaultKeyedRateLimiter<String>,
    strange: DefaultKeyedRateLimiter<IpAddr>,
}

const fn number(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).expect("not zero")
}

/// Whether one may ask once more; whoever has been quiet is forgotten, or the list would only grow.
fn admits<K: Clone + Eq + std::hash::Hash>(rate: &DefaultKeyedRateLimiter<K>, key: &K) -> bool {
    if rate.len() > 10_000 {
        rate.retain_recent();
    }
    rate.check_key(key).is_ok()
}

impl Rate {
    pub(crate) fn new() -> Self {
        let quota = |(lasting, burst)| Quota::per_second(lasting).allow_burst(burst);
        Self {
            own: RateLimiter::keyed(quota(OWN)),
            strange: RateLimiter::keyed(quota(STRANGE)),
        }
    }

    /// Whether one may ask once more.
    pub(crate) fn admits(&self, whose: &Whose) -> bool {
        match whose {
            Whose::Session(token) => admits(&self.own, token),
            Whose::Address(address) => admits(&self.strange, address),
        }
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
        assert!((100..2000).contains(&admitted), "{admitted}");
        assert!(rate.admits(&address(2)), "another address");
        assert!(
            rate.admits(&Whose::Session("s".into())),
            "a session behind the same address"
        );
    }
}
