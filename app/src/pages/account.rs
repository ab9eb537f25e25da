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
        let content = view! {
            {error_summary(&draft)}
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
