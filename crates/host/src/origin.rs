//! Where a request comes from, also where a reverse proxy stands before the host.
//!
//! Behind a proxy every request comes from one address. Whom the proxy names is believed where the proxy itself was
//! named to the host, and nowhere else: anybody can write such a header.

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap},
};
use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
};

/// The standard's header (RFC 7239), and the one that is older.
const FORWARDED: &str = "forwarded";
const X_FORWARDED_FOR: &str = "x-forwarded-for";
/// Headers that a proxy leaves: none of them comes from a browser on this machine.
const TRACES: [&str; 4] = [FORWARDED, X_FORWARDED_FOR, "x-real-ip", "via"];
/// Proxies behind one another that are looked through.
const HOPS: usize = 16;

/// The proxies whose word counts.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Vec<IpNet>);

impl FromIterator<IpNet> for Proxies {
    fn from_iter<I: IntoIterator<Item = IpNet>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

/// An address, or a network as `10.0.0.0/8`.
///
/// # Errors
/// Where it is neither.
pub fn network(text: &str) -> Result<IpNet, ipnet::AddrParseError> {
    IpNet::from_str(text).or_else(|e| IpAddr::from_str(text).map(IpNet::from).map_err(|_| e))
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The address that counts.
    pub(crate) address: IpAddr,
    /// It was asked for on this very machine.
    pub(crate) here: bool,
}

impl Proxies {
    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|net| net.contains(&address))
    }

    /// Of whoever is connected, or of whom a named proxy says it speaks for.
    pub(crate) fn origin(&self, extensions: &Extensions, headers: &HeaderMap) -> Origin {
        // A test without a line of its own comes from here.
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |c| c.0.ip());
        let peer = peer.to_canonical();
        let passed_on = TRACES.iter().any(|name| headers.contains_key(*name));
        if !self.trusts(peer) {
            // Whoever passes it on without being named is a proxy all the same: not somebody at this machine.
            return Origin {
                address: peer,
                here: peer.is_loopback() && !passed_on,
            };
        }
        match self.named(headers) {
            Some((address, at_home)) => Origin {
                address,
                // A proxy on another machine that says so speaks of its own.
                here: at_home && peer.is_loopback(),
            },
            None => Origin {
                address: peer,
                here: false,
            },
        }
    }

    /// The nearest address that is no proxy of ours, or the farthest of them; none where nobody is named, where a
    /// name is no address, or where the two headers do not agree: then one of them was written by a stranger. And
    /// whether it and every proxy on the way are this machine.
    fn named(&self, headers: &HeaderMap) -> Option<(IpAddr, bool)> {
        let nearest = |all: Vec<Option<IpAddr>>| {
            let mut last: Option<(IpAddr, bool)> = None;
            for address in all.into_iter().rev().take(HOPS) {
                let address = address?;
                let so_far = last.is_none_or(|(_, at_home)| at_home);
                last = Some((address, so_far && address.is_loopback()));
                if !self.trusts(address) {
                    break;
                }
            }
            last
        };
        let standard = headers
            .contains_key(FORWARDED)
            .then(|| nearest(forwarded(headers)));
        let older = headers
            .contains_key(X_FORWARDED_FOR)
            .then(|| nearest(x_forwarded_for(headers)));
        match (standard, older) {
            (Some(a), Some(b)) => a.filter(|_| a == b),
            (one, other) => one.or(other).flatten(),
        }
    }
}

/// Every header of a name, in the order in which the proxies wrote them.
fn lines<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h str> {
    let all = headers.get_all(name).iter();
    // What is no text names nobody.
    all.map(|line| line.to_str().unwrap_or("?"))
}

fn x_forwarded_for(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    lines(headers, X_FORWARDED_FOR)
        .flat_map(|line| line.split(','))
        .map(address)
        .collect()
}

fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    lines(headers, FORWARDED)
        .flat_map(|line| line.split(','))
        .map(|hop| {
            let mut pairs = hop.split(';').filter_map(|pair| pair.split_once('='));
            let named = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
            named.and_then(|(_, value)| address(value))
        })
        .collect()
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `"[2001:db8::1]:4711"`.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let address = bare.unwrap_or(text).parse::<IpAddr>();
    let address = address.or_else(|_| text.parse::<SocketAddr>().map(|a| a.ip()));
    address.ok().map(|a| a.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn proxies(all: &[&str]) -> Proxies {
        all.iter().map(|t| network(t).expect("a network")).collect()
    }

    fn origin(
        named: &[&str],
        peer: &str,
        headers: &[(&'static str, &'static str)],
    ) -> (String, bool) {
        let mut extensions = Extensions::new();
        let peer: IpAddr = peer.parse().expect("an address");
        extensions.insert(ConnectInfo(SocketAddr::new(peer, 4711)));
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("a header"));
        }
        let found = proxies(named).origin(&extensions, &map);
        (found.address.to_string(), found.here)
    }

    const X: &str = X_FORWARDED_FOR;
    const F: &str = FORWARDED;

    #[rstest]
    #[case::directly(&[], "10.0.0.7", &[], "10.0.0.7", false)]
    #[case::at_this_machine(&[], "127.0.0.1", &[], "127.0.0.1", true)]
    #[case::at_this_machine_v6(&[], "::1", &[], "::1", true)]
    #[case::mapped(&[], "::ffff:10.0.0.7", &[], "10.0.0.7", false)]
    #[case::a_stranger_names_another(&[], "10.0.0.7", &[(X, "192.0.2.9")], "10.0.0.7", false)]
    #[case::a_proxy_that_nobody_named(&[], "127.0.0.1", &[(X, "192.0.2.9")], "127.0.0.1", false)]
    #[case::a_proxy_that_names_nobody(&["127.0.0.1"], "127.0.0.1", &[], "127.0.0.1", false)]
    #[case::via(&[], "127.0.0.1", &[("via", "1.1 p")], "127.0.0.1", false)]
    #[case::real_ip(&[], "127.0.0.1", &[("x-real-ip", "127.0.0.1")], "127.0.0.1", false)]
    #[case::named(&["127.0.0.1"], "127.0.0.1", &[(X, "192.0.2.9")], "192.0.2.9", false)]
    #[case::through_the_proxy_of_this_machine(&["127.0.0.1"], "127.0.0.1", &[(X, "127.0.0.1")], "127.0.0.1", true)]
    #[case::at_the_machine_of_a_proxy_elsewhere(&["10.0.0.1"], "10.0.0.1", &[(X, "127.0.0.1")], "127.0.0.1", false)]
    #[case::at_the_machine_of_a_farther_proxy(&["127.0.0.1", "10.0.0.1"], "127.0.0.1", &[(X, "127.0.0.1, 10.0.0.1")], "127.0.0.1", false)]
    #[case::a_forger_pretends_to_be_here(&["127.0.0.1"], "127.0.0.1", &[(X, "127.0.0.1, 192.0.2.9")], "192.0.2.9", false)]
    #[case::two_proxies(&["10.0.0.0/8"], "10.0.0.1", &[(X, "192.0.2.9, 10.0.0.2")], "192.0.2.9", false)]
    #[case::in_two_headers(&["10.0.0.0/8"], "10.0.0.1", &[(X, "203.0.113.1"), (X, "192.0.2.9")], "192.0.2.9", false)]
    #[case::all_are_ours(&["10.0.0.0/8"], "10.0.0.1", &[(X, "10.0.0.3, 10.0.0.2")], "10.0.0.3", false)]
    #[case::with_a_port(&["127.0.0.1"], "127.0.0.1", &[(X, "192.0.2.9:1234")], "192.0.2.9", false)]
    #[case::the_standard(&["127.0.0.1"], "127.0.0.1", &[(F, "for=198.51.100.3;proto=https, For=\"[2001:db8::9]:47\"")], "2001:db8::9", false)]
    #[case::hidden(&["127.0.0.1"], "127.0.0.1", &[(F, "for=_hidden")], "127.0.0.1", false)]
    #[case::unknown(&["127.0.0.1"], "127.0.0.1", &[(X, "unknown")], "127.0.0.1", false)]
    #[case::both_agree(&["127.0.0.1"], "127.0.0.1", &[(F, "for=192.0.2.9"), (X, "192.0.2.9")], "192.0.2.9", false)]
    #[case::one_was_written_by_a_stranger(&["127.0.0.1"], "127.0.0.1", &[(F, "for=127.0.0.1"), (X, "192.0.2.9")], "127.0.0.1", false)]
    fn a_request_comes_from(
        #[case] named: &[&str],
        #[case] peer: &str,
        #[case] headers: &[(&'static str, &'static str)],
        #[case] address: &str,
        #[case] here: bool,
    ) {
        assert_eq!(origin(named, peer, headers), (address.to_owned(), here));
    }

    #[test]
    fn an_address_is_a_network_of_one() {
        assert_eq!(
            network("10.0.0.1").map(|n| n.to_string()).as_deref(),
            Ok("10.0.0.1/32")
        );
        assert!(network("10.0.0.0/33").is_err());
        assert!(network("proxy").is_err());
    }
}
