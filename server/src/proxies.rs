//! The proxies in front, and whose request it is that one of them hands on.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

/// The addresses of the proxies in front; only these are believed about who asks.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Arc<[IpNet]>);

impl From<Vec<IpNet>> for Proxies {
    fn from(ranges: Vec<IpNet>) -> Self {
        Self(ranges.into())
    }
}

impl Proxies {
    /// Reads one proxy as a setting names it: "10.0.0.1", or a range, "10.0.0.0/24".
    ///
    /// # Errors
    /// Where it is neither.
    pub fn parse(text: &str) -> Result<IpNet, String> {
        IpNet::from_str(text)
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map_err(|_| format!("\"{text}\" is neither an address like 10.0.0.1 nor a range like 10.0.0.0/24."))
    }

    /// Whether no proxy is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an address is a proxy's.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|range| range.contains(&address))
    }

    /// Who asks: the connection's other end or, where that is a proxy, the last address in X-Forwarded-For that is not a
    /// proxy's itself. What stands before it is the caller's own claim.
    #[must_use]
    pub fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.contain(peer) {
            return peer;
        }
        let mut caller = peer;
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
        for address in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            // Beyond a word that is no address nothing is believed.
            let Some(address) = forwarded(address.trim()) else { break };
            caller = address;
            if !self.contain(address) {
                break;
            }
        }
        caller
    }
}

/// An address as proxies write it: with or without a port, an IPv6 address with or without brackets.
fn forwarded(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))?;
    Some(IpAddr::to_canonical(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let name = axum::http::HeaderName::from_static("x-forwarded-for");
        lines.iter().map(|line| (name.clone(), line.parse().unwrap())).collect()
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_proxies_are_believed_and_only_up_to_the_first_address_that_is_none() {
        let proxies = Proxies::from(vec![Proxies::parse("10.0.0.1").unwrap(), Proxies::parse("10.9.0.0/16").unwrap()]);
        let of = |peer: &str, lines: &[&str]| proxies.caller(address(peer), &headers(lines)).to_string();
        assert_eq!(of("10.0.0.1", &["198.51.100.7, 203.0.113.5"]), "203.0.113.5");
        assert_eq!(of("10.0.0.9", &["198.51.100.7, 203.0.113.5"]), "10.0.0.9", "no proxy");
        assert_eq!(of("10.0.0.1", &["198.51.100.7, 203.0.113.5, 10.9.3.4"]), "203.0.113.5", "two proxies");
        assert_eq!(of("10.0.0.1", &["198.51.100.7", "203.0.113.5, 10.9.3.4"]), "203.0.113.5", "two lines");
        assert_eq!(of("::ffff:10.0.0.1", &["203.0.113.5"]), "203.0.113.5");
        assert_eq!(of("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &["198.51.100.7, nonsense, 10.9.3.4"]), "10.9.3.4");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(Proxies::default().caller(address("10.0.0.1"), &headers(&["203.0.113.5"])).to_string(), "10.0.0.1");
    }

    #[test]
    fn ports_and_brackets_are_part_of_how_proxies_write_addresses() {
        for (written, read) in [
            ("203.0.113.5:54321", "203.0.113.5"),
            ("203.0.113.5", "203.0.113.5"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("::ffff:203.0.113.5", "203.0.113.5"),
        ] {
            assert_eq!(forwarded(written), Some(address(read)), "{written}");
        }
        for wrong in ["", "203.0.113", "203.0.113.5:", "[2001:db8::1", "unknown", "_hidden"] {
            assert_eq!(forwarded(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_setting_is_an_address_or_a_range() {
        assert!(Proxies::parse("10.0.0.0/24").is_ok() && Proxies::parse("2001:db8::/32").is_ok());
        assert!(Proxies::parse("10.0.0.0/240").unwrap_err().contains("10.0.0.0/240"));
        assert!(Proxies::parse("proxy.example").is_err());
    }
}
