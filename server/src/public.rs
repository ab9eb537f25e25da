//! The address people type, and whether serving it would be safe.

use crate::proxies::Proxies;
use anyhow::{Context, bail};
use axum::http::Uri;
use std::net::{IpAddr, SocketAddr};

/// The address people type: scheme, host and port, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress {
    text: String,
    https: bool,
    loopback: bool,
}

impl PublicAddress {
    /// Reads the address as it is set; without one it is the address that is listened on.
    ///
    /// # Errors
    /// Where it is no http or https address, or has a path: pages lie at the root.
    pub fn of(set: Option<&str>, listen: SocketAddr, tls: bool) -> anyhow::Result<Self> {
        let scheme = if tls { "https" } else { "http" };
        let text = set.map_or_else(|| format!("{scheme}://{listen}"), str::to_owned);
        let uri: Uri = text.parse().with_context(|| format!("--public-url {text} is no address."))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            bail!("--public-url {text} needs a scheme and a host, like https://caseround.council.example.");
        };
        if scheme != "https" && scheme != "http" {
            bail!(
                "--public-url {text} begins with {scheme}://. It begins with https://, or http:// on this machine alone."
            );
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() || authority.as_str().contains('@') {
            bail!("--public-url {text} has more than a host and a port. Give https://{}.", authority.host());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        Ok(Self { text: format!("{scheme}://{authority}"), https: scheme == "https", loopback })
    }

    /// As text, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether people reach it by https.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Refuses to serve where passwords and families would travel in the clear: plain http to people, or to whoever reaches
    /// the port beside the proxy.
    ///
    /// # Errors
    /// With the remedy.
    pub fn safe_on(&self, listen: SocketAddr, tls: bool, proxies: &Proxies) -> anyhow::Result<()> {
        let local = listen.ip().is_loopback();
        let on_this_machine = local && self.loopback;
        if !self.https && !on_this_machine {
            bail!(
                "Serving {} on {listen} would send passwords and families in the clear. Give --certificate and --key, or \
                 listen on 127.0.0.1 behind a proxy that speaks https and give --public-url https://….",
                self.text
            );
        }
        if !tls && !local && proxies.is_empty() {
            bail!(
                "Listening on {listen} without a certificate would send passwords and families in the clear to whoever \
                 reaches that port. Give --certificate and --key; or listen on 127.0.0.1; or, where the proxy with https \
                 is another machine, name it with --proxy: nobody else is then answered."
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCAL: &str = "127.0.0.1:3000";
    const OPEN: &str = "0.0.0.0:3000";

    fn served(public: Option<&str>, listen: &str, tls: bool, proxy: Option<&str>) -> anyhow::Result<String> {
        let listen = listen.parse().unwrap();
        let proxies = Proxies::from(proxy.map(|proxy| Proxies::parse(proxy).unwrap()).into_iter().collect::<Vec<_>>());
        let address = PublicAddress::of(public, listen, tls)?;
        address.safe_on(listen, tls, &proxies)?;
        Ok(address.text)
    }

    #[test]
    fn what_would_send_words_in_the_clear_is_refused_with_the_remedy() {
        for (public, listen, tls, proxy) in [
            (Some("http://127.0.0.1.evil.example"), LOCAL, false, None),
            (Some("http://localhost.evil.example"), LOCAL, false, None),
            (Some("http://caseround.example"), LOCAL, false, None),
            (Some("https://caseround.example"), OPEN, false, None),
            (Some("http://127.0.0.1:3000"), OPEN, false, Some("10.0.0.1")),
            (None, OPEN, false, None),
        ] {
            let refused = served(public, listen, tls, proxy).unwrap_err().to_string();
            assert!(
                refused.contains("--certificate") && refused.contains("in the clear"),
                "{public:?} {listen}: {refused}"
            );
        }
    }

    #[test]
    fn an_address_is_a_host_at_its_root() {
        for (public, says) in [
            ("https://x.example/path", "Give https://x.example."),
            ("https://x.example/?a=b", "more than a host"),
            ("https://user@x.example", "more than a host"),
            ("ftp://x.example", "begins with ftp://"),
            ("x.example", "needs a scheme"),
            ("https://", "--public-url https://"),
        ] {
            let refused = format!("{:#}", served(Some(public), LOCAL, false, None).unwrap_err());
            assert!(refused.contains(says), "{public}: {refused}");
        }
    }

    #[test]
    fn what_is_safe_is_served() {
        for (public, listen, tls, proxy, address) in [
            (None, LOCAL, false, None, "http://127.0.0.1:3000"),
            (Some("http://localhost:3000/"), LOCAL, false, None, "http://localhost:3000"),
            (Some("http://[::1]:3000"), "[::1]:3000", false, None, "http://[::1]:3000"),
            (Some("https://caseround.example/"), LOCAL, false, None, "https://caseround.example"),
            (Some("https://caseround.example"), OPEN, true, None, "https://caseround.example"),
            (
                Some("https://caseround.example:8443"),
                OPEN,
                false,
                Some("10.0.0.0/24"),
                "https://caseround.example:8443",
            ),
            (None, OPEN, true, None, "https://0.0.0.0:3000"),
        ] {
            assert_eq!(served(public, listen, tls, proxy).unwrap(), address);
        }
    }
}
