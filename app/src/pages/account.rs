//! Signing in.

use leptos::prelude::*;
use leptos_meta::Meta;

use domain::sign_on::Provider;
use service::ServiceError;
use service::people::DemoPerson;
use service::people::session::Caller;
use service::people::trip::Trip;

use super::page;
use crate::cookies::{Cookies, Holds};
use crate::parts::form::{TextField, error_summary};
use crate::visit;

/// The sign-in page; in a demo with a list of people to be.
pub fn sign_in() -> impl IntoView {
    page(|| async {
        let service = visit::service();
        let draft = visit::draft().await.unwrap_or_default();
        let next = visit::query("next").unwrap_or_else(|| draft.value("next", ""));
        let people = service.demo_people().await?;
        let chosen = visit::query("chosen").is_some();
        let left = left_provider();
        let providers: Vec<Provider> = service.providers().cloned().collect();
        let several = !providers.is_empty();
        let content = view! {
            {error_summary(&draft)}
            {chosen.then(|| view! { <div class="cr-saved" role="status"><p>"Your password is set. Sign in with it."</p></div> })}
            {left.map(|(name, address)| view! {
                <div class="cr-saved" role="status"><p>"You are signed out of Caseround. On a device that others use, "<a class="govuk-link" href=address>"sign out of "{name}" too"</a>"."</p></div>
            })}
            <h1 class="govuk-heading-l">"Sign in"</h1>
            {providers.into_iter().map(|provider| with_provider(&provider, ("next", &next))).collect_view()}
            {several.then(|| view! { <h2 class="govuk-heading-m">"With a password"</h2> })}
            <form action="/api/sign-in" method="post" class="cr-narrow">
                <input type="hidden" name="next" value=next.clone()/>
                <TextField name="email" label="E-mail" kind="email" autocomplete="username" value=draft.value("email", "") error=draft.error("email")/>
                <TextField name="password" label="Password" hint="As a guest: the one-time code you were given" kind="password" autocomplete="current-password" value="" error=draft.error("password")/>
                <button type="submit" class=if several { "govuk-button govuk-button--secondary" } else { "govuk-button" }>"Sign in"</button>
            </form>
            {(!people.is_empty()).then(|| demo_list(people, next))}
        };
        Ok(("Sign in".to_owned(), content))
    })
}

/// The button that leads to an identity provider.
fn with_provider(provider: &Provider, (name, value): (&'static str, &str)) -> impl IntoView + use<> {
    view! {
        <form action="/api/sign-in/with" method="post">
            <input type="hidden" name="provider" value=provider.key.clone()/>
            <input type="hidden" name=name value=value.to_owned()/>
            <button type="submit" class="govuk-button">{format!("Sign in with {}", provider.name)}</button>
        </form>
    }
}

/// The provider that somebody came from who has signed out here: its name, and where one signs out there.
fn left_provider() -> Option<(String, String)> {
    let (key, service) = (visit::query("from")?, visit::service());
    let name = service.providers().find(|provider| provider.key == key)?.name.clone();
    let back = format!("{}/sign-in", expect_context::<visit::PublicUrl>().0);
    Some((name, service.provider_sign_out(&key, &back)?))
}

/// `/sign-in/away`: the browser goes on to the identity provider that its trip leads to. A form's own answer may not lead to
/// another site, so this page does.
pub fn away() -> impl IntoView {
    page(|| async {
        let trip = visit::cookie(expect_context::<Cookies>().name(Holds::Trip)).and_then(|trip| Trip::of_cookie(&trip));
        let Some(trip) = trip else {
            let content = view! {
                <h1 class="govuk-heading-l">"Signing in took too long"</h1>
                <p class="govuk-body"><a class="govuk-link" href="/sign-in">"Sign in"</a></p>
            };
            return Ok(("Signing in took too long".to_owned(), content.into_any()));
        };
        let service = visit::service();
        let provider =
            service.providers().find(|provider| provider.key == trip.provider).ok_or(ServiceError::NotFound)?;
        let back = trip.back(&expect_context::<visit::PublicUrl>().0);
        let title = format!("Going to {}", provider.name);
        let content = match service.provider_address(&trip, &back).await {
            Ok(address) => view! {
                <Meta http_equiv="refresh" content=format!("0;url={address}")/>
                <h1 class="govuk-heading-l">{title.clone()}</h1>
                <p class="govuk-body">"You sign in there and come back. If nothing happens, "<a class="govuk-link" href=address>{format!("go to {}", provider.name)}</a>"."</p>
            }.into_any(),
            Err(ServiceError::SignIn(message)) => view! {
                <h1 class="govuk-heading-l">{format!("{} cannot be reached", provider.name)}</h1>
                <p class="govuk-body">{message}</p>
                <p class="govuk-body"><a class="govuk-link" href="/sign-in/away">"Try again"</a>" · "<a class="govuk-link" href="/sign-in">"Sign in in another way"</a></p>
            }.into_any(),
            Err(error) => return Err(error),
        };
        Ok((title, content))
    })
}

/// `/join?code=…`: choosing a password by a one-time link. Looking at the page spends nothing.
pub fn join() -> impl IntoView {
    page(|| async {
        let code = visit::query("code").unwrap_or_default();
        let draft = visit::draft().await.unwrap_or_default();
        let from = visit::from();
        let Some(account) = visit::service().linked_account(&code, Caller::from(from.as_str())).await? else {
            let content = view! {
                <h1 class="govuk-heading-l">"This link works no more"</h1>
                <p class="govuk-body">"It was used, a newer one was made, or its time is over. Ask whoever gave it to you for a new one."</p>
                <p class="govuk-body"><a class="govuk-link" href="/sign-in">"Sign in"</a></p>
            };
            return Ok(("This link works no more".to_owned(), content.into_any()));
        };
        let name = visit::service().directory().await?.name(account.worker_id).to_owned();
        if let Some(provider) = visit::service().provider_of(&account.email) {
            let title = format!("Sign in with {}", provider.name);
            let words = format!(
                "{name}, you sign in to Caseround with your account at {} ({}). Do it once from here, and this account is linked to it. The link then works no more.",
                provider.name, account.email
            );
            let content = view! {
                {error_summary(&draft)}
                <h1 class="govuk-heading-l">{title.clone()}</h1>
                <p class="govuk-body">{words}</p>
                {with_provider(provider, ("code", &code))}
            };
            return Ok((title, content.into_any()));
        }
        let hint = "At least 12 characters. Three or four words that have nothing to do with each other are easy to remember and hard to guess.";
        let content = view! {
            {error_summary(&draft)}
            <h1 class="govuk-heading-l">"Choose your password"</h1>
            <p class="govuk-body">{format!("{name}, you sign in with {} and the password you choose here.", account.email)}</p>
            <form action="/api/account/join" method="post" class="cr-narrow">
                <input type="hidden" name="code" value=code/>
                <input type="hidden" name="email" value=account.email autocomplete="username"/>
                <TextField name="password" label="Password" hint=hint kind="password" autocomplete="new-password" value="" error=draft.error("password")/>
                <button type="submit" class="govuk-button">"Set this password"</button>
            </form>
        };
        Ok(("Choose your password".to_owned(), content.into_any()))
    })
}

fn demo_list(people: Vec<DemoPerson>, next: String) -> impl IntoView {
    let mut teams: Vec<(String, Vec<DemoPerson>)> = Vec::new();
    for person in people {
        match teams.last_mut() {
            Some((team, members)) if *team == person.team => members.push(person),
            _ => teams.push((person.team.clone(), vec![person])),
        }
    }
    view! {
        <h2 class="govuk-heading-m">"Or be somebody in the demo"</h2>
        <p class="govuk-body">"All are invented. The password of each is “"{service::people::account::DEMO_PASSWORD}"”."</p>
        <div class="cr-demo-people">
            {teams.into_iter().map(|(team, people)| view! {
                <section>
                    <h3 class="govuk-heading-s">{team}</h3>
                    {people.into_iter().map(|person| view! {
                        <form action="/api/sign-in" method="post">
                            <input type="hidden" name="next" value=next.clone()/>
                            <input type="hidden" name="email" value=person.email/>
                            <input type="hidden" name="password" value=service::people::account::DEMO_PASSWORD/>
                            <button type="submit" class="cr-link-button">{person.name}</button>
                            <span class="cr-quiet">" · "{person.discipline}</span>
                        </form>
                    }).collect_view()}
                </section>
            }).collect_view()}
        </div>
    }
}
