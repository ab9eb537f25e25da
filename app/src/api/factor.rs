//! The second factor.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::cookies::{Cookies, Holds};

/// Goes on with a sign-in whose password was right: with a code of the second factor.
#[server(prefix = "/api", endpoint = "sign-in/code")]
pub async fn sign_in_with_code(
    #[server(default)] code: String, #[server(default)] next: String, #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::people::session::Caller;
    let (address, browser) = (visit::from(), visit::browser());
    let caller = Caller { address: &address, browser: &browser };
    let cookies = expect_context::<Cookies>();
    let half = visit::cookie(cookies.name(Holds::HalfSignIn)).unwrap_or_default();
    let result = visit::service().finish_sign_in(&half, &code, caller).await;
    if matches!(result, Err(service::ServiceError::NotFound)) {
        // It waited too long: from the beginning.
        visit::go("/sign-in");
        return Ok(());
    }
    if let Ok(token) = &result {
        visit::ends_session_of_another(token).await;
        cookies.set(Holds::Session, token);
        cookies.clear(Holds::HalfSignIn);
    }
    let to = if next.is_empty() { "/meetings".to_owned() } else { next.clone() };
    let (back, to) = match back.as_str() {
        "set-up" => ("/sign-in/set-up", "/me/second-factor".to_owned()),
        _ => ("/sign-in/code", to),
    };
    visit::answer(result, |_| to, back, &[("next", &next)]).await
}

/// Sets up one's own second factor.
#[server(prefix = "/api", endpoint = "account/factor")]
pub async fn set_factor(
    #[server(default)] code: String, #[server(default)] password: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let caller = Caller::from(address.as_str());
        visit.service.set_factor(&visit.viewer, &visit.token, (&code, &password), caller).await
    };
    let words = "Your second factor is set up. Make recovery codes now, in case you lose the phone.";
    let page = "/me/second-factor";
    visit::answer(result.await, |()| done(words, page), page, &[]).await
}

/// Makes new recovery codes.
#[server(prefix = "/api", endpoint = "account/recovery-codes")]
pub async fn recovery_codes(#[server(default)] password: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        visit.service.new_recovery_codes(&visit.viewer, &password, Caller::from(address.as_str())).await
    };
    let words =
        "Print or write these down and keep them away from the phone. Each works once. They are not shown again.";
    let page = "/me/second-factor";
    visit::answer(result.await, |codes| done(words, page).shown_once(codes.join("\n")), page, &[]).await
}

/// Removes one's own second factor.
#[server(prefix = "/api", endpoint = "account/factor-off")]
pub async fn remove_my_factor(#[server(default)] password: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        visit.service.remove_my_factor(&visit.viewer, &password, Caller::from(address.as_str())).await
    };
    let words = "Your second factor is removed. You sign in with the password alone.";
    visit::answer(result.await, |()| done(words, "/me"), "/me/second-factor", &[]).await
}

/// Removes a colleague's second factor, who has lost phone and codes.
#[server(prefix = "/api", endpoint = "account/factor-remove")]
pub async fn remove_factor(#[server(default)] worker: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::people::keeping::By;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let keeper = visit.service.account_keeper(&visit.viewer, visit::id(&worker)?).await?;
        visit.service.remove_factor(By::Keeper(keeper, visit.confirmed().await?), Caller::from(address.as_str())).await
    };
    let back = format!("/workers/{worker}");
    let words = "Their second factor is removed, and they are signed out. They sign in with their password and set up a new one.";
    visit::answer(result.await, |()| done(words, back.clone()), &back, &[]).await
}
