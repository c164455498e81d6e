//! How much and how often: whoever is signed in by person, so that a house behind one address is not one window and
//! many windows are not many people, and everybody else by address.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use redress_desk::Session;
use std::{net::IpAddr, num::NonZeroU32};

/// Requests per second of one person, lasting, and at once: a page asks for several things.
const OWN: (NonZeroU32, NonZeroU32) = (number(30), number(200));
/// The same of the strangers of one address: they sign in, which is hard work on purpose.
const STRANGE: (NonZeroU32, NonZeroU32) = (number(10), number(100));
/// Bytes of a request from somebody who is signed in: the longest draft, or all files of a procedure. Files come by
/// themselves.
pub(crate) const SIGNED_IN: usize = 2_000_000;
/// Bytes of a request from anybody else.
pub(crate) const STRANGER: usize = 64 * 1024;

/// An address as one counts: of IPv6 every PC has more than one can count, so its network stands for it.
pub(crate) fn place(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(a) => a.to_string(),
        IpAddr::V6(a) => {
            let [a, b, c, d, ..] = a.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::")
        }
    }
}

/// Whose share a request comes out of.
#[derive(Debug)]
pub(crate) enum Whose {
    /// Somebody's who is signed in.
    Person(String),
    /// An address's.
    Address(IpAddr),
}

impl Whose {
    /// Of whoever is signed in to a session, or of the address where nobody is.
    pub(crate) fn of(session: &Session, address: IpAddr) -> Self {
        match session.person() {
            Some(person) => Self::Person(person.to_string()),
            None => Self::Address(address),
        }
    }

    /// A name for it; a person's is an id, which no address is.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Person(id) => id.clone(),
            Self::Address(address) => place(*address),
        }
    }
}

/// Who asked how often.
pub(crate) struct Rate {
    own: DefaultKeyedRateLimiter<String>,
    strange: DefaultKeyedRateLimiter<String>,
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
            Whose::Person(id) => admits(&self.own, id),
            Whose::Address(address) => admits(&self.strange, &place(*address)),
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
            rate.admits(&Whose::Person("p".into())),
            "a person behind the same address"
        );
    }

    #[test]
    fn a_network_of_ipv6_is_one_place() {
        let place = |a: &str| place(a.parse().expect("an address"));
        assert_eq!(place("2001:db8:1:2::5"), place("2001:db8:1:2:ffff::9"));
        assert_ne!(place("2001:db8:1:2::5"), place("2001:db8:1:3::5"));
        assert_eq!(place("::ffff:10.0.0.7"), "10.0.0.7");
    }
}
