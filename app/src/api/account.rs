//! Signing in and out.

use leptos::prelude::*;

/// Signs in. `next` is the page that was asked for.
#[server(prefix = "/api", endpoint = "sign-in")]
pub async fn sign_in(email: String, password: String, #[server(default)] next: String) -> Result<(), ServerFnError> {
    use crate::visit;
    /// The longest that is worth giving back to somebody who mistyped it.
    const LONGEST: usize = 254;
    let result = visit::service().sign_in(&email, &password, &visit::from()).await;
    let (email, next) = [email, next].map(|text| if text.len() > LONGEST { String::new() } else { text }).into();
    if let Ok(token) = &result {
        expect_context::<crate::api::account::Cookies>().set(token);
    }
    let to = if next.is_empty() { "/meetings".to_owned() } else { next.clone() };
    visit::answer(result, |_| to, "/sign-in", &[("email", &email), ("next", &next)]).await
}

/// Signs out.
#[server(prefix = "/api", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), ServerFnError> {
    use crate::visit;
    let result = match visit::visit() {
        Ok(visit) => visit.service.sign_out(&visit.token).await,
        Err(error) => Err(error),
    };
    expect_context::<Cookies>().clear();
    visit::answer(result, |()| "/sign-in".to_owned(), "/sign-in", &[]).await
}

/// How this server names and guards its session cookie.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone)]
pub struct Cookies {
    /// Whether pages are served over https.
    pub secure: bool,
}

#[cfg(feature = "ssr")]
impl Cookies {
    /// The cookie's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        if self.secure { "__Host-caseround" } else { "caseround-local" }
    }

    fn set(&self, token: &str) {
        self.put(&format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{}", self.name(), self.tail()));
    }

    fn clear(&self) {
        self.put(&format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}", self.name(), self.tail()));
    }

    const fn tail(&self) -> &'static str {
        if self.secure { "; Secure" } else { "" }
    }

    fn put(&self, cookie: &str) {
        use axum::http::{HeaderValue, header::SET_COOKIE};
        if let Ok(value) = HeaderValue::from_str(cookie) {
            expect_context::<leptos_axum::ResponseOptions>().append_header(SET_COOKIE, value);
        }
    }
}
