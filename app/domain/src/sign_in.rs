//! How often somebody may try to sign in. Each try is counted before its password is looked at, so that tries made at once
//! count as tries made one after another; nobody is ever locked out.

use chrono::TimeDelta;
use std::net::{IpAddr, Ipv6Addr};

/// Tries are forgotten when the last one is this long ago.
pub const FORGOTTEN: TimeDelta = TimeDelta::minutes(15);
/// A network from which somebody signed in is known to be theirs for this long.
pub const KNOWN: TimeDelta = TimeDelta::days(30);

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

#[cfg(test)]
mod tests {
    use super::*;

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
