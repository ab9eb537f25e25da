//! Signing in.

use leptos::prelude::*;

use service::people::DemoPerson;

use super::page;
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
        let content = view! {
            {error_summary(&draft)}
            {chosen.then(|| view! { <div class="cr-saved" role="status"><p>"Your password is set. Sign in with it."</p></div> })}
            <h1 class="govuk-heading-l">"Sign in"</h1>
            <form action="/api/sign-in" method="post" class="cr-narrow">
                <input type="hidden" name="next" value=next.clone()/>
                <TextField name="email" label="E-mail" kind="email" autocomplete="username" value=draft.value("email", "") error=draft.error("email")/>
                <TextField name="password" label="Password" kind="password" autocomplete="current-password" value="" error=draft.error("password")/>
                <button type="submit" class="govuk-button">"Sign in"</button>
            </form>
            {(!people.is_empty()).then(|| demo_list(people, next))}
        };
        Ok(("Sign in".to_owned(), content))
    })
}

/// `/join?code=…`: choosing a password by a one-time link. Looking at the page spends nothing.
pub fn join() -> impl IntoView {
    page(|| async {
        let code = visit::query("code").unwrap_or_default();
        let draft = visit::draft().await.unwrap_or_default();
        let Some(account) = visit::service().linked_account(&code).await? else {
            let content = view! {
                <h1 class="govuk-heading-l">"This link works no more"</h1>
                <p class="govuk-body">"It was used, a newer one was made, or its time is over. Ask whoever gave it to you for a new one."</p>
                <p class="govuk-body"><a class="govuk-link" href="/sign-in">"Sign in"</a></p>
            };
            return Ok(("This link works no more".to_owned(), content.into_any()));
        };
        let name = visit::service().directory().await?.name(account.worker_id).to_owned();
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
