//! How often somebody may try to sign in. Each try is counted before its password is looked at, so that tries made at once
//! count as tries made one after another; nobody is ever locked out.

use chrono::TimeDelta;
use std::net::{IpAddr, Ipv6Addr};

/// Tries are forgotten when the last one is this long ago.
pub const FORGOTTEN: TimeDelta = TimeDelta::minutes(15);
/// A network from which somebody signed in counts as theirs for this long.
pub const OWN_NETWORK: TimeDelta = TimeDelta::days(30);

/// What tries are counted for. One try counts for all of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedFor {
    /// One account, from one network.
    AccountHere,
    /// One account, from all networks from which its person has not signed in lately.
    Account,
    /// One network, for all accounts: an office has many people behind one address.
    Network,
}

impl CountedFor {
    /// Tries after which nobody waits.
    const fn free(self) -> u32 {
        match self {
            Self::AccountHere => 1,
            Self::Account => 10,
            Self::Network => 50,
        }
    }

    /// How long the next try waits after this many wrong ones: a second, then twice as long each time, a minute at most.
    #[must_use]
    pub fn wait(self, tries: u32) -> TimeDelta {
        const LONGEST: i64 = 60;
        match tries.saturating_sub(self.free()) {
            0 => TimeDelta::zero(),
            more => TimeDelta::seconds(2_i64.saturating_pow(more - 1).min(LONGEST)),
        }
    }
}

/// The network that tries from an address count for: an IPv4 address, or the first 64 bits of an IPv6 address, which is what
/// one customer is given.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(long) => IpAddr::V6(Ipv6Addr::from_bits(long.to_bits() & (u128::MAX << 64))),
        short @ IpAddr::V4(_) => short,
    }
}

/// A browser in words, "Firefox on Linux", from what it says of itself.
#[must_use]
pub fn browser_in_words(agent: &str) -> String {
    let named =
        |names: &[(&str, &'static str)]| names.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name);
    // Each pretends to be those below it.
    let browser = named(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = named(&[
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "a browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_its_own_name() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0";
        assert_eq!(browser_in_words(windows), "Edge on Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/17.5 Mobile Safari/604.1";
        assert_eq!(browser_in_words(phone), "Safari on iPhone");
        assert_eq!(
            browser_in_words("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"),
            "Firefox on Linux"
        );
        assert_eq!(browser_in_words("curl/8.5"), "a browser");
    }

    #[test]
    fn the_first_try_costs_nothing_and_no_wait_is_longer_than_a_minute() {
        let waits: Vec<i64> = (0..10).map(|tries| CountedFor::AccountHere.wait(tries).num_seconds()).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(CountedFor::Account.wait(10), TimeDelta::zero());
        assert_eq!(CountedFor::Account.wait(11), TimeDelta::seconds(1));
        assert_eq!(CountedFor::Network.wait(51), TimeDelta::seconds(1));
        assert_eq!(CountedFor::Network.wait(u32::MAX), TimeDelta::seconds(60));
    }

    #[test]
    fn one_customers_addresses_are_one_network() {
        let of = |address: &str| network(address.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:2:ffff::1"), of("2001:db8:1:2::"));
        assert_ne!(of("2001:db8:1:3::"), of("2001:db8:1:2::"));
        assert_eq!(of("203.0.113.5"), "203.0.113.5");
        assert_eq!(of("::ffff:203.0.113.5"), "203.0.113.5");
    }
}
