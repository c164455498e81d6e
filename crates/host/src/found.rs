//! Hosts on the local network find each other's windows by mDNS: a host says where it is and whose, a window looks.
//!
//! What is said here is a hint: whether it is true is told by the code that both sides show.

use crate::code;
use mdns_sd::{ServiceDaemon, ServiceEvent, ServiceInfo};
use serde::Serialize;
use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

const SERVICE: &str = "_redress._tcp.local.";
/// A window looks for so long.
const LOOKING: Duration = Duration::from_secs(3);

/// A host that said it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Whose it is, as the host says.
    pub organisation: String,
    /// `ADDRESS:PORT`.
    pub address: String,
    /// The code that the host shows.
    pub code: String,
}

/// Says that this host is there, until it is dropped.
pub struct Beacon(ServiceDaemon);

impl Drop for Beacon {
    fn drop(&mut self) {
        // Others forget it by themselves soon after.
        let _ = self.0.shutdown();
    }
}

fn daemon() -> Result<ServiceDaemon, mdns_sd::Error> {
    let daemon = ServiceDaemon::new()?;
    // A machine without a network finds itself all the same.
    #[cfg(test)]
    daemon.enable_interface(mdns_sd::IfKind::LoopbackV4)?;
    Ok(daemon)
}

/// Says on the local network that a host is there. A host that listens on this machine alone says nothing, and opens
/// nothing to say it with.
///
/// # Errors
/// Where this machine's network takes no mDNS; a window then joins by address.
pub fn beacon(
    organisation: &str,
    listens: SocketAddr,
    fingerprint: &str,
) -> Result<Option<Beacon>, mdns_sd::Error> {
    if listens.ip().to_canonical().is_loopback() {
        return Ok(None);
    }
    let port = listens.port();
    let daemon = daemon()?;
    let name = fingerprint.get(..12).unwrap_or("redress");
    let says = [
        ("organisation", short(organisation)),
        ("code", code(fingerprint)),
    ];
    let info = ServiceInfo::new(
        SERVICE,
        name,
        &format!("{name}.local."),
        "",
        port,
        &says[..],
    )?;
    daemon.register(info.enable_addr_auto())?;
    Ok(Some(Beacon(daemon)))
}

/// A text record holds 255 bytes with its name.
fn short(text: &str) -> String {
    text[..text.floor_char_boundary(200)].to_owned()
}

/// Looks for hosts on the local network.
///
/// # Errors
/// Where this machine's network takes no mDNS.
pub async fn look() -> Result<Vec<Found>, mdns_sd::Error> {
    let daemon = daemon()?;
    let events = daemon.browse(SERVICE)?;
    let mut found = BTreeMap::new();
    let looking = async {
        while let Ok(event) = events.recv_async().await {
            if let ServiceEvent::ServiceResolved(s) = event {
                let says = |k: &str| s.get_property_val_str(k).unwrap_or_default().to_owned();
                let v4 = s.get_addresses_v4().into_iter().next();
                if let Some(ip) = v4 {
                    let one = Found {
                        organisation: says("organisation"),
                        address: format!("{ip}:{}", s.get_port()),
                        code: says("code"),
                    };
                    found.insert(s.get_fullname().to_owned(), one);
                }
            }
        }
    };
    // Whoever has not said so by then is joined by address.
    let _ = tokio::time::timeout(LOOKING, looking).await;
    daemon.shutdown()?;
    Ok(found.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_host_is_found_by_who_looks() -> Result<(), mdns_sd::Error> {
        let fingerprint = redress_desk::content_hash(b"one");
        let _beacon = beacon("市机动车检测站", ([0, 0, 0, 0], 8443).into(), &fingerprint)?;
        let found = look().await?;
        let mine = found.iter().find(|f| f.code == code(&fingerprint));
        let mine = mine.unwrap_or_else(|| panic!("it said so: {found:?}"));
        assert_eq!(mine.organisation, "市机动车检测站");
        assert!(mine.address.ends_with(":8443"), "{mine:?}");
        Ok(())
    }

    #[test]
    fn a_host_of_this_machine_alone_says_nothing() -> Result<(), mdns_sd::Error> {
        for listens in [
            "127.0.0.1:8443",
            "127.1.2.3:8443",
            "[::1]:8443",
            "[::ffff:127.0.0.1]:8443",
        ] {
            let listens = listens.parse().unwrap_or_else(|e| panic!("{listens}: {e}"));
            assert!(beacon("市机动车检测站", listens, &"0".repeat(64))?.is_none());
        }
        Ok(())
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(short(&"检".repeat(100)).chars().count(), 66);
    }
}
