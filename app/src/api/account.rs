//! Signing in and out, and accounts.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::cookies::{Cookies, Holds};

/// Signs in. `next` is the page that was asked for.
#[server(prefix = "/api", endpoint = "sign-in")]
pub async fn sign_in(email: String, password: String, #[server(default)] next: String) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::people::session::Caller;
    use service::people::sign_in::SignIn;
    /// The longest that is worth giving back to somebody who mistyped it.
    const LONGEST: usize = 254;
    let (address, browser) = (visit::from(), visit::browser());
    let caller = Caller { address: &address, browser: &browser };
    let result = visit::service().sign_in(&email, &password, caller).await;
    let (email, next) = [email, next].map(|text| if text.len() > LONGEST { String::new() } else { text }).into();
    let cookies = expect_context::<Cookies>();
    let page = match &result {
        Ok(SignIn::Done(token)) => {
            visit::ends_session_of_another(token).await;
            cookies.set(Holds::Session, token);
            None
        }
        Ok(SignIn::NeedsCode(half)) => {
            cookies.set(Holds::HalfSignIn, half);
            Some("/sign-in/code")
        }
        Ok(SignIn::NeedsSetUp(half)) => {
            cookies.set(Holds::HalfSignIn, half);
            Some("/sign-in/set-up")
        }
        Err(_) => None,
    };
    let to = match page {
        Some(page) if next.is_empty() => page.to_owned(),
        Some(page) => {
            format!("{page}?{}", form_urlencoded::Serializer::new(String::new()).append_pair("next", &next).finish())
        }
        None if next.is_empty() => "/meetings".to_owned(),
        None => next.clone(),
    };
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
    expect_context::<Cookies>().clear(Holds::Session);
    // Where one signed in elsewhere, one may sign out there too.
    let to = |provider: &Option<String>| match provider {
        Some(key) => format!("/sign-in?from={key}"),
        None => "/sign-in".to_owned(),
    };
    visit::answer(result, to, "/sign-in", &[]).await
}

/// Gives a worker an account, with a link to choose its password.
#[server(prefix = "/api", endpoint = "account/invite")]
pub async fn invite(#[server(default)] worker: String, #[server(default)] email: String) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::people::keeping::By;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let keeper = visit.service.account_keeper(&visit.viewer, visit::id(&worker)?).await?;
        visit.service.invite(By::Keeper(keeper, visit.confirmed().await?), &email, Caller::from(address.as_str())).await
    };
    let back = format!("/workers/{worker}");
    visit::answer(result.await, |link| linked(link, &back), &back, &[("email", &email)]).await
}

/// Makes a new link to choose a password.
#[server(prefix = "/api", endpoint = "account/link")]
pub async fn new_link(#[server(default)] worker: String) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::people::keeping::By;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let keeper = visit.service.account_keeper(&visit.viewer, visit::id(&worker)?).await?;
        visit.service.new_link(By::Keeper(keeper, visit.confirmed().await?), Caller::from(address.as_str())).await
    };
    let back = format!("/workers/{worker}");
    visit::answer(result.await, |link| linked(link, &back), &back, &[]).await
}

/// Where a new link leads whoever made it: it is shown there once.
#[cfg(feature = "ssr")]
fn linked(link: &service::people::keeping::Link, back: &str) -> crate::parts::notice::FormDone {
    use crate::parts::notice::done;
    let address = format!("{}/join?code={}", expect_context::<crate::visit::PublicUrl>().0, link.code);
    let until = domain::dates::plain_date(link.until.date_naive());
    let words = format!("Pass this link on to them. It works once, until {until}, and is not shown again.");
    done(words, back).shown_once(address)
}

/// Ends an account with every session of it.
#[server(prefix = "/api", endpoint = "account/end")]
pub async fn end_account(#[server(default)] worker: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::people::keeping::By;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let keeper = visit.service.account_keeper(&visit.viewer, visit::id(&worker)?).await?;
        visit.service.end_account(By::Keeper(keeper, visit.confirmed().await?), Caller::from(address.as_str())).await
    };
    let back = format!("/workers/{worker}");
    let ended = |(): &()| {
        done("The account has ended. They are signed out everywhere.", back.clone())
            .undone_by("/api/account/reopen", &[("worker", &worker)])
    };
    visit::answer(result.await, ended, &back, &[]).await
}

/// Takes back that an account has ended.
#[server(prefix = "/api", endpoint = "account/reopen")]
pub async fn reopen_account(
    #[server(default)] worker: String, #[server(default)] notice: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::{done, forget};
    use crate::visit;
    use service::people::keeping::By;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let keeper = visit.service.account_keeper(&visit.viewer, visit::id(&worker)?).await?;
        visit.service.reopen_account(By::Keeper(keeper, visit.confirmed().await?), Caller::from(address.as_str())).await
    };
    let back = format!("/workers/{worker}");
    let result = result.await;
    if result.is_ok() {
        forget(&notice).await;
    }
    let words = "The account is open again. They sign in as they did before.";
    visit::answer(result, |()| done(words, back.clone()), &back, &[]).await
}

/// Chooses a password by a one-time link.
#[server(prefix = "/api", endpoint = "account/join")]
pub async fn join(#[server(default)] code: String, #[server(default)] password: String) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::people::session::Caller;
    let address = visit::from();
    let result = visit::service().choose_password(&code, &password, Caller::from(address.as_str())).await;
    let code: String = code.chars().filter(char::is_ascii_hexdigit).take(64).collect();
    let back = format!("/join?code={code}");
    visit::answer(result, |()| "/sign-in?chosen=yes".to_owned(), &back, &[]).await
}

/// Changes one's own password.
#[server(prefix = "/api", endpoint = "account/password")]
pub async fn change_password(
    #[server(default)] old: String, #[server(default)] new: String,
) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        let caller = Caller::from(address.as_str());
        visit.service.change_password(&visit.viewer, &visit.token, (&old, &new), caller).await
    };
    let words = "Your password is changed. Everywhere else you are signed out.";
    visit::answer(result.await, |()| done(words, "/me"), "/me", &[]).await
}

/// Whoever is signed in shows by their password that it is still them, and goes on to `next`.
#[server(prefix = "/api", endpoint = "account/confirm")]
pub async fn confirm_identity(
    #[server(default)] password: String, #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use crate::visit;
    use service::people::session::Caller;
    let result = async {
        let (visit, address) = (visit::visit()?, visit::from());
        visit.service.confirm_identity(&visit.viewer, &visit.token, &password, Caller::from(address.as_str())).await
    };
    let next = visit::ours(&next);
    visit::answer(result.await, |()| next.to_owned(), &visit::confirmation_before(next), &[]).await
}

/// Signs out one of one's own browsers.
#[server(prefix = "/api", endpoint = "account/session-end")]
pub async fn end_session(#[server(default)] session: String) -> Result<(), ServerFnError> {
    use crate::parts::notice::done;
    use crate::visit;
    let result = async {
        let visit = visit::visit()?;
        visit.service.end_my_session(&visit.viewer, visit.confirmed().await.ok(), visit::id(&session)?).await
    };
    visit::answer(result.await, |()| done("That browser is signed out.", "/me"), "/me", &[]).await
}
