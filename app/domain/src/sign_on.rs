//! Single sign-on: what is taken from an identity provider, and what is not.

use crate::status::Role;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// An identity provider, as the council's settings describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its short name in addresses and logs: lower-case letters, digits, hyphens.
    pub key: String,
    /// Its name on buttons.
    pub name: String,
    /// Who it is, as its tokens say: an https address.
    pub issuer: String,
    /// The domains of e-mail addresses that it may speak for.
    pub domains: Vec<String>,
    /// One of these methods must have been used there (`amr`); empty where any is enough.
    pub amr: Vec<String>,
    /// One of these levels must have been reached there (`acr`); empty where any is enough.
    pub acr: Vec<String>,
    /// Which of its groups gives which role.
    pub groups: BTreeMap<String, Role>,
}

/// What a provider says of somebody who has signed in there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who says it.
    pub issuer: String,
    /// Who they are there; it stays the same when they marry or change their address.
    pub subject: String,
    /// Their address there.
    pub email: Option<String>,
    /// Whether the provider says that it never checked the address.
    pub email_unchecked: bool,
    /// The methods they signed in with.
    pub amr: Vec<String>,
    /// The level they signed in at.
    pub acr: Option<String>,
    /// Their groups; absent where the provider sends none.
    pub groups: Option<Vec<String>>,
    /// Their session there.
    pub session: Option<String>,
    /// When they were last asked there who they are; absent where the provider does not say.
    pub asked_at: Option<DateTime<Utc>>,
}

/// Why what a provider says is not enough to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOnRefused {
    /// The council asks for a second factor there, and the provider does not say that there was one.
    NoSecondFactor,
    /// It names an address of a domain that it may not speak for.
    ForeignAddress,
}

impl Provider {
    /// Whether it may speak for an e-mail address.
    #[must_use]
    pub fn speaks_for(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map(|(_, domain)| domain);
        domain.is_some_and(|domain| self.domains.iter().any(|own| own.eq_ignore_ascii_case(domain)))
    }

    /// Whether what it says names the holder of an account: by the account's own address, which it has checked. Without that a
    /// link could be used by anybody who signs in there.
    #[must_use]
    pub fn names(&self, identity: &Identity, address: &str) -> bool {
        let same = identity.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(address));
        self.speaks_for(address) && same && !identity.email_unchecked
    }

    /// Whether the council asks for a second factor there.
    #[must_use]
    pub const fn asks_for_second_factor(&self) -> bool {
        !self.amr.is_empty() || !self.acr.is_empty()
    }

    /// Whether what it says is enough to sign in.
    ///
    /// # Errors
    /// Why it is not.
    pub fn accepts(&self, identity: &Identity) -> Result<(), SignOnRefused> {
        let method = self.amr.is_empty() || identity.amr.iter().any(|used| self.amr.contains(used));
        let level = self.acr.is_empty() || identity.acr.as_ref().is_some_and(|reached| self.acr.contains(reached));
        if !(method && level) {
            return Err(SignOnRefused::NoSecondFactor);
        }
        match &identity.email {
            Some(email) if !self.speaks_for(email) => Err(SignOnRefused::ForeignAddress),
            _ => Ok(()),
        }
    }

    /// The roles that somebody's groups give. A provider that sends no groups gives none.
    #[must_use]
    pub fn roles(&self, identity: &Identity) -> BTreeSet<Role> {
        let groups = identity.groups.as_deref().unwrap_or_default();
        groups.iter().filter_map(|group| self.groups.get(group)).copied().collect()
    }

    /// Whether its groups are to give roles, and it sends none at all: somebody should look at its settings.
    #[must_use]
    pub fn is_silent(&self, identity: &Identity) -> bool {
        !self.groups.is_empty() && identity.groups.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider() -> Provider {
        Provider {
            key: "council".to_owned(),
            name: "Northshire Council".to_owned(),
            issuer: "https://login.northshire.example".to_owned(),
            domains: vec!["northshire.example".to_owned()],
            amr: Vec::new(),
            acr: Vec::new(),
            groups: BTreeMap::from([("caseround-admins".to_owned(), Role::Administrator)]),
        }
    }

    fn identity() -> Identity {
        Identity {
            issuer: "https://login.northshire.example".to_owned(),
            subject: "248289761001".to_owned(),
            email: None,
            email_unchecked: false,
            amr: vec!["pwd".to_owned()],
            acr: None,
            groups: None,
            session: None,
            asked_at: None,
        }
    }

    #[test]
    fn a_provider_speaks_for_whole_domains_of_its_own() {
        let provider = provider();
        for (address, speaks) in [
            ("ada@northshire.example", true),
            ("ada@NORTHSHIRE.example", true),
            ("ada@sub.northshire.example", false),
            ("ada@evilnorthshire.example", false),
            ("ada@northshire.example@evil.example", false),
            ("northshire.example", false),
            ("", false),
        ] {
            assert_eq!(provider.speaks_for(address), speaks, "{address}");
        }
    }

    #[test]
    fn an_address_of_another_domain_is_refused_and_no_address_is_not() {
        let provider = provider();
        assert_eq!(provider.accepts(&identity()), Ok(()));
        let named = |email: &str| Identity { email: Some(email.to_owned()), ..identity() };
        assert_eq!(provider.accepts(&named("ada@northshire.example")), Ok(()));
        assert_eq!(provider.accepts(&named("ada@elsewhere.example")), Err(SignOnRefused::ForeignAddress));
    }

    #[test]
    fn an_account_is_linked_by_its_own_checked_address_alone() {
        let (provider, ada) = (provider(), "ada@northshire.example");
        let named = |email: Option<&str>, email_unchecked| Identity {
            email: email.map(str::to_owned),
            email_unchecked,
            ..identity()
        };
        assert!(provider.names(&named(Some("Ada@northshire.example"), false), ada));
        for identity in [
            named(None, false),
            named(Some(ada), true),
            named(Some("eve@northshire.example"), false),
            named(Some("eve@evil.example"), true),
        ] {
            assert!(!provider.names(&identity, ada), "{identity:?}");
        }
        assert!(!provider.names(&named(Some("ada@nhs.example"), false), "ada@nhs.example"), "not its domain");
        let unchecked = named(Some("eve@evil.example"), true);
        assert_eq!(provider.accepts(&unchecked), Err(SignOnRefused::ForeignAddress));
    }

    #[test]
    fn a_second_factor_is_asked_for_where_the_council_says_so() {
        let says = |amr: &[&str], acr: Option<&str>| Identity {
            amr: amr.iter().map(|&method| method.to_owned()).collect(),
            acr: acr.map(str::to_owned),
            ..identity()
        };
        let method = Provider { amr: vec!["mfa".to_owned(), "hwk".to_owned()], ..provider() };
        for (identity, enough) in [
            (says(&["pwd", "mfa"], None), true),
            (says(&["hwk"], None), true),
            (says(&["pwd"], None), false),
            (says(&[], None), false),
        ] {
            assert_eq!(method.accepts(&identity).is_ok(), enough, "{identity:?}");
        }
        let level = Provider { acr: vec!["gold".to_owned()], ..provider() };
        for (identity, enough) in
            [(says(&[], Some("gold")), true), (says(&["mfa"], Some("silver")), false), (says(&["mfa"], None), false)]
        {
            assert_eq!(level.accepts(&identity).is_ok(), enough, "{identity:?}");
        }
        let both = Provider { acr: vec!["gold".to_owned()], ..method };
        assert!(both.accepts(&says(&["mfa"], Some("gold"))).is_ok());
        assert!(both.accepts(&says(&["pwd"], Some("gold"))).is_err());
    }

    #[test]
    fn groups_give_roles_and_silence_gives_none() {
        let provider = provider();
        let member = |groups: Option<&[&str]>| Identity {
            groups: groups.map(|groups| groups.iter().map(|&group| group.to_owned()).collect()),
            ..identity()
        };
        let admins: &[&str] = &["all-staff", "caseround-admins"];
        assert_eq!(provider.roles(&member(Some(admins))), BTreeSet::from([Role::Administrator]));
        assert_eq!(provider.roles(&member(Some(&["all-staff"]))), BTreeSet::new());
        assert_eq!(provider.roles(&member(None)), BTreeSet::new());
        assert!(provider.is_silent(&member(None)) && !provider.is_silent(&member(Some(&[]))));
        let without = Provider { groups: BTreeMap::new(), ..provider };
        assert!(!without.is_silent(&member(None)), "nobody asked for groups");
    }
}
