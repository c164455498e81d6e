//! How much and how often: per address, so that one PC that runs wild does not stop the others.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::{net::IpAddr, num::NonZeroU32};

/// Requests of one address per second, lasting.
const LASTING: NonZeroU32 = NonZeroU32::new(50).expect("not zero");
/// Requests of one address at once: a page asks for several things, and an office may stand behind one address.
const BURST: NonZeroU32 = NonZeroU32::new(300).expect("not zero");
/// Bytes of a request from somebody who is signed in: the largest attachment in base64, and room.
pub(crate) const SIGNED_IN: usize = 80_000_000;
/// Bytes of a request from anybody else.
pub(crate) const STRANGER: usize = 64 * 1024;

/// Who asked how often.
pub(crate) struct Rate(DefaultKeyedRateLimiter<IpAddr>);

impl Rate {
    pub(crate) fn new() -> Self {
        let quota = Quota::per_second(LASTING).allow_burst(BURST);
        Self(RateLimiter::keyed(quota))
    }

    /// Whether this address may ask once more.
    pub(crate) fn admits(&self, address: IpAddr) -> bool {
        // Addresses that have been quiet are forgotten, or the list would only grow.
        if self.0.len() > 10_000 {
            self.0.retain_recent();
        }
        self.0.check_key(&address).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn one_address_does_not_use_up_anothers_share() {
        let rate = Rate::new();
        let (one, two) = (Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2));
        let admitted = (0..2000).filter(|_| rate.admits(one.into())).count();
        assert!((300..2000).contains(&admitted), "{admitted}");
        assert!(rate.admits(two.into()));
    }
}
