//! Signing in at an identity provider, and which account is whose there.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::cookies::{Cookies, Holds};

/// Sets out for an identity provider: to sign in, by a one-time link to link its account, or signed in to link one's own.
/// A form of our own page begins it; the browser goes there from the page that it leads to.
#[server(prefix = "/api", endpoint = "sign-in/with")]
pub async fn go_to_provider(
    #[server(default)] provider: String, #[server(default)] next: String, #[server(default)] code: String,
    #[server(default)] own: String, #[server(default)] password: String, #[server(default)] again: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::ServiceError;
    use service::people::session::Caller;
    use service::people::trip::{Errand, Trip};
    let (own, again) = (visit::ticked(&own), visit::ticked(&again));
    let back = if matches!(own, Ok(true)) { "/me" } else { "/sign-in" };
    let result = async {
        if !visit::service().providers().any(|candidate| candidate.key == provider) {
            return Err(ServiceError::NotFound);
        }
        let errand = match own? {
            _ if again? => Errand::Confirmation(visit::visit()?.viewer.worker),
            true => {
                let (visit, address) = (visit::visit()?, visit::from());
                visit.service.own_errand(&visit.viewer, &password, Caller::from(address.as_str())).await?
            }
            false if code.is_empty() => Errand::SignIn,
            false => Errand::Invitation(code),
        };
        let next = if next.is_empty() { "/meetings" } else { &next };
        let trip = Trip::to(&provider, errand, visit::ours(next)).to_cookie()?;
        expect_context::<Cookies>().set(Holds::Trip, &trip);
        Ok(())
    };
    visit::answer(result.await, |()| "/sign-in/away".to_owned(), back, &[]).await
}

/// Says who a worker is at an identity provider.
#[server(prefix = "/api", endpoint = "account/identity")]
pub async fn name_identity(
    #[server(default)] worker: String, #[server(default)] provider: String, #[server(default)] subject: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let keeper = visit.service.account_keeper(&visit.viewer, visit::id(&worker)?).await?;
        visit
            .service
            .name_identity(keeper, visit.confirmed().await?, (&provider, &subject), Caller::from(address.as_str()))
            .await
    };
    let back = format!("/workers/{worker}");
    let words = "Their account is linked. They sign in there from now on, and have no password here.";
    visit::answer(result.await, |()| done(words, back.clone()), &back, &[("subject", &subject)]).await
}

/// Takes a worker's identity away.
#[server(prefix = "/api", endpoint = "account/identity-remove")]
pub async fn remove_identity(#[server(default)] worker: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let keeper = visit.service.account_keeper(&visit.viewer, visit::id(&worker)?).await?;
        visit.service.remove_identity(keeper, visit.confirmed().await?, Caller::from(address.as_str())).await
    };
    let back = format!("/workers/{worker}");
    let words =
        "Their account is linked no more, and they are signed out. Make a new link so that they can sign in again.";
    visit::answer(result.await, |()| done(words, back.clone()), &back, &[]).await
}
