//! Cookies: which there are, and how they are guarded.

use axum::http::{HeaderValue, header::SET_COOKIE};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use leptos::prelude::*;

/// What a cookie holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The token of a session.
    Session,
    /// The token of a sign-in whose second factor is still to come.
    HalfSignIn,
    /// A trip to an identity provider.
    Trip,
}

impl Holds {
    /// For how many seconds a browser keeps it; until it is closed without this.
    const fn lasts(self) -> Option<u32> {
        match self {
            Self::Session => None,
            Self::HalfSignIn | Self::Trip => Some(600),
        }
    }
}

/// How this server names and guards its cookies.
#[derive(Debug, Clone)]
pub struct Cookies {
    /// Whether pages are served over https.
    pub secure: bool,
}

impl Cookies {
    /// A cookie's name.
    #[must_use]
    pub const fn name(&self, holds: Holds) -> &'static str {
        match (self.secure, holds) {
            (true, Holds::Session) => "__Host-caseround",
            (false, Holds::Session) => "caseround-local",
            (true, Holds::HalfSignIn) => "__Host-caseround-half",
            (false, Holds::HalfSignIn) => "caseround-half-local",
            (true, Holds::Trip) => "__Host-caseround-trip",
            (false, Holds::Trip) => "caseround-trip-local",
        }
    }

    /// The header that gives a browser a cookie. `value`: letters and digits.
    ///
    /// # Panics
    /// Where `value` holds a line break.
    #[must_use]
    pub fn giving(&self, holds: Holds, value: &str) -> HeaderValue {
        self.header(holds, value, holds.lasts())
    }

    /// The header that takes a cookie from a browser.
    #[must_use]
    pub fn taking(&self, holds: Holds) -> HeaderValue {
        self.header(holds, "", Some(0))
    }

    fn header(&self, holds: Holds, value: &str, lasts: Option<u32>) -> HeaderValue {
        let mut cookie = Cookie::new(self.name(holds), value);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_secure(self.secure);
        cookie.set_max_age(lasts.map(|seconds| Duration::seconds(seconds.into())));
        HeaderValue::from_str(&cookie.to_string()).expect("tokens are hexadecimal")
    }

    /// Gives the browser that asks a cookie.
    pub(crate) fn set(&self, holds: Holds, value: &str) {
        put(self.giving(holds, value));
    }

    /// Takes a cookie from the browser that asks.
    pub(crate) fn clear(&self, holds: Holds) {
        put(self.taking(holds));
    }
}

fn put(header: HeaderValue) {
    expect_context::<leptos_axum::ResponseOptions>().append_header(SET_COOKIE, header);
}
